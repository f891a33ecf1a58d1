"""pyspnego as the server: NTLM, and under /negotiate NTLM inside of Negotiate.

usage: server.py PORT DOMAIN USER PASSWORD [CERTIFICATE KEY]
It demands a MIC, no body beside the first message, and over TLS a channel binding, which may not be of zeros.
"""

import base64
import hashlib
import os
import ssl
import sys

import spnego
from peer import Refused, serve
from spnego._ntlm_raw.messages import Authenticate, AvFlags, AvId, NTClientChallengeV2
from spnego.channel_bindings import GssChannelBindings
from spnego.exceptions import SpnegoError

DOMAIN, USER, PASSWORD, *TLS = sys.argv[2:]


def binding():
    if not TLS:
        return None
    with open(TLS[0]) as certificate:
        der = ssl.PEM_cert_to_DER_cert(certificate.read())
    return GssChannelBindings(application_data=b"tls-server-end-point:" + hashlib.sha256(der).digest())


def tls():
    if not TLS:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*TLS)
    return context


def check(token):
    """What pyspnego itself lets pass."""
    answered = NTClientChallengeV2.unpack(Authenticate.unpack(token).nt_challenge_response[16:]).av_pairs
    if not answered.get(AvId.flags, 0) & AvFlags.mic:
        raise Refused(403, "no MIC")
    if answered.get(AvId.target_name) != "HTTP/127.0.0.1":
        raise Refused(403, "another service is meant")
    if BINDING and answered.get(AvId.channel_bindings) != hashlib.md5(BINDING.pack()).digest():
        raise Refused(403, "the binding is of zeros")


def judge(request):
    """The handler lives as long as its connection, so it keeps the handshake and then the user."""
    offer = "Negotiate" if request.path.startswith("/negotiate") else "NTLM"
    known = vars(request)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != offer:
        if not scheme and "user" in known:
            return known["user"]
        raise Refused(401, "log in", WWW_Authenticate=offer)
    token = base64.b64decode(token)
    if "handshake" not in known:
        if request.body:
            raise Refused(400, "a body beside the first message")
        known.pop("user", None)
        known["handshake"] = spnego.server(protocol=offer.lower(), channel_bindings=BINDING)
    handshake = known["handshake"]
    try:
        answer = handshake.step(token)
    except SpnegoError as error:
        del known["handshake"]
        raise Refused(401, str(error), WWW_Authenticate=offer) from error
    if not handshake.complete:
        challenge = f"{offer} {base64.b64encode(answer).decode()}"
        raise Refused(401, "go on", WWW_Authenticate=challenge)
    del known["handshake"]
    if offer == "NTLM":
        check(token)
    known["user"] = handshake.client_principal.split("\\")[-1]
    return known["user"]


with open("users", "w") as users:
    users.write(f"{DOMAIN}:{USER}:{PASSWORD}\n")
os.environ["NTLM_USER_FILE"] = os.path.abspath("users")
BINDING = binding()
serve(judge, tls())
