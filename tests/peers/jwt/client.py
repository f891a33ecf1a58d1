"""PyJWT as the client.

In the order, `claims` are the token's, with times relative to now, and without those that are null; `algorithm`, `key` and `headers` are PyJWT's; where
`forge` names an algorithm, the token gets a header with it and keeps its signature, and where it is `sign`, the token
is signed as HS256 with the text of the key. Without `claims`, the public key of each of `keys` is printed as a set.
"""

import base64
import hashlib
import hmac
import json
import time

import jwt
import peer
import requests
from jwt.algorithms import get_default_algorithms

TIMES = ("iat", "nbf", "exp")


def key_set(keys):
    algorithms = get_default_algorithms()
    for name, pem in keys.items():
        algorithm = algorithms[name]
        public = json.loads(algorithm.to_jwk(algorithm.prepare_key(pem)))
        yield {**public, "kid": name, "alg": name, "use": "sig"}


def encoded(part):
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def confused(claims, key):
    """Signed with a public key as if that were a secret, which PyJWT refuses to do."""
    header, payload = encoded(b'{"alg":"HS256","typ":"JWT"}'), encoded(json.dumps(claims).encode())
    signature = hmac.digest(key.encode(), f"{header}.{payload}".encode(), hashlib.sha256)
    return f"{header}.{payload}.{encoded(signature)}"


def token(order):
    now = int(time.time())
    claims = {name: value + now if name in TIMES else value for name, value in order["claims"].items() if value is not None}
    forge = order.get("forge")
    if forge == "sign":
        return confused(claims, order["key"])
    made = jwt.encode(claims, order["key"], order["algorithm"], order.get("headers"))
    if forge:
        _, payload, signature = made.split(".")
        return ".".join([encoded(json.dumps({"alg": forge}).encode()), payload, signature])
    return made


order = peer.order()
if "claims" in order:
    headers = {"Authorization": f"Bearer {token(order)}"}
    peer.deliver(order, requests.Request(order["method"], order["url"], headers).prepare())
else:
    print(json.dumps({"keys": list(key_set(order["keys"]))}))
