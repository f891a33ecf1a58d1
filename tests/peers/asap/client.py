"""atlassian-jwt-auth as the client: `asap` in the order has `issuer`, `kid`, `key`, `audience` and `algorithm`."""

import peer
import requests
from atlassian_jwt_auth import create_signer

order = peer.order()
asap = order["asap"]
signer = create_signer(asap["issuer"], asap["kid"], asap["key"], algorithm=asap["algorithm"])
token = signer.generate_jwt(asap["audience"]).decode()
request = requests.Request(
    order["method"], order["url"], {"Authorization": f"Bearer {token}"}, data=order["body"]
)
peer.deliver(order, request.prepare())
