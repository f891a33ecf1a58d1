"""requests-oauthlib as the client. `oauth` in the order are the arguments of its `OAuth1`."""

import peer
import requests
from requests_oauthlib import OAuth1

order = peer.order()
headers = {"Content-Type": order["type"]} if order["body"] else {}
request = requests.Request(
    order["method"], order["url"], headers, data=order["body"], auth=OAuth1(**order["oauth"])
)
peer.deliver(order, request.prepare())
