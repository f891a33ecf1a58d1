"""atlassian-jwt-auth as the server, which takes each token once.

usage: server.py PORT KID AUDIENCE KEY
KEY is the file with the public key of that name.
"""

import sys

import jwt
import peer
from atlassian_jwt_auth.exceptions import ASAPAuthenticationException, PublicKeyRetrieverException
from atlassian_jwt_auth.verifier import JWTAuthVerifier

KID, AUDIENCE, KEY = sys.argv[2:]


class Keys:
    def retrieve(self, identifier, **_):
        if identifier.key_id != KID:
            raise PublicKeyRetrieverException(f"no key {identifier.key_id}")
        with open(KEY) as key:
            return key.read()


verifier = JWTAuthVerifier(Keys(), check_jti_uniqueness=True)


def judge(request):
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer":
        raise peer.Refused(401, "no token")
    try:
        return verifier.verify_jwt(token, AUDIENCE)["iss"]
    except (ASAPAuthenticationException, jwt.PyJWTError, ValueError, KeyError) as error:
        raise peer.Refused(401, repr(error))


peer.serve(judge)
