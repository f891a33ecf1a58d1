"""edgegrid-python on requests as the client. `edgegrid` in the order are the arguments of its `EdgeGridAuth`."""

import peer
import requests
from akamai.edgegrid import EdgeGridAuth

order = peer.order()
auth = EdgeGridAuth(**order["edgegrid"])
request = requests.Request(order["method"], order["url"], order["headers"], data=order["body"], auth=auth)
peer.deliver(order, request.prepare())
