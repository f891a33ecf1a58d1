"""requests_ntlm as the client. Its order names also `user` and `password`; without them nobody logs in."""

import requests
from peer import order, show
from requests_ntlm import HttpNtlmAuth

order = order()
session = requests.Session()
session.trust_env = False
session.verify = order.get("ca", True)
if order.get("user"):
    session.auth = HttpNtlmAuth(order["user"], order["password"])
send = lambda: session.request(order["method"], order["url"], data=order["body"].encode(), timeout=20)
show([send() for _ in range(order.get("times", 1))])
