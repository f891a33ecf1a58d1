"""PyJWT as the server. The first segment of the path is the only algorithm that is allowed there.

usage: server.py PORT SECRET KEYS ISSUER AUDIENCE
KEYS is a folder with the public keys of RS and PS, `rsa.pub`, and of ES, `ES256.pub` and so on. The token is in the
header, or in the parameter `token` of the query.
"""

import sys
from urllib.parse import parse_qs, urlsplit

import jwt
import peer

SECRET, KEYS, ISSUER, AUDIENCE = sys.argv[2:]
REQUIRED = {"require": ["exp", "iat", "nbf", "jti", "sub"]}


def key(algorithm):
    if algorithm.startswith("HS"):
        return SECRET
    with open(f"{KEYS}/{algorithm if algorithm.startswith('ES') else 'rsa'}.pub") as file:
        return file.read()


def token(request):
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    in_query = parse_qs(urlsplit(request.path).query).get("token", [""])
    return credentials if scheme == "Bearer" else in_query[0]


def judge(request):
    algorithm = urlsplit(request.path).path.split("/")[1]
    try:
        claims = jwt.decode(
            token(request), key(algorithm), [algorithm], REQUIRED, issuer=ISSUER, audience=AUDIENCE
        )
    except jwt.PyJWTError as error:
        raise peer.Refused(401, repr(error))
    return claims["sub"]


peer.serve(judge)
