"""edgegrid-python as the server: what it would have signed is compared with what came. Times are good for 30 seconds.

usage: server.py PORT CLIENT_TOKEN CLIENT_SECRET ACCESS_TOKEN MAX_BODY [HEADER...]
The headers are those that are signed.
"""

import hmac
import re
import sys
from calendar import timegm
from time import strptime
from types import SimpleNamespace

import peer
from akamai.edgegrid.edgegrid import EdgeGridAuthHeaders

CLIENT_TOKEN, CLIENT_SECRET, ACCESS_TOKEN, MAX_BODY, *SIGNED = sys.argv[2:]
AUTHORIZATION = re.compile(
    "EG1-HMAC-SHA256 client_token=[^;]+;access_token=[^;]+;timestamp=([^;]+);nonce=([^;]+);signature=[^;]+"
)

signer = EdgeGridAuthHeaders(
    CLIENT_TOKEN, CLIENT_SECRET, ACCESS_TOKEN, headers_to_sign=SIGNED, max_body=int(MAX_BODY)
)
nonces = peer.Nonces(30)


def judge(request):
    authorization = request.headers.get("Authorization", "")
    found = AUTHORIZATION.fullmatch(authorization)
    if found is None:
        raise peer.Refused(401, "no EdgeGrid credentials")
    timestamp, nonce = found.groups()
    seen = SimpleNamespace(
        method=request.command, url=request.url, headers=request.headers, body=request.body
    )
    wanted = signer.make_auth_header(seen, timestamp, nonce)
    if not hmac.compare_digest(wanted, authorization):
        raise peer.Refused(401, "another signature")
    if not nonces.spend(timegm(strptime(timestamp, "%Y%m%dT%H:%M:%S+0000")), nonce):
        raise peer.Refused(401, "an old time, or a nonce that was used")
    return CLIENT_TOKEN


peer.serve(judge)
