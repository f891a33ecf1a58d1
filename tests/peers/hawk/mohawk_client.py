"""mohawk as the client; it demands that the answer is proved where the order says so with `proof`."""

import peer
import requests
from mohawk import Sender

TYPE = "text/plain; charset=utf-8"

order = peer.order()
names = {key: order[key] for key in ("ext", "app", "dlg") if key in order}
sender = Sender(
    order["credentials"], order["url"], order["method"], content=order["body"], content_type=TYPE, **names
)
headers = {"Authorization": sender.request_header, "Content-Type": TYPE}
request = requests.Request(order["method"], order["url"], headers, data=order["body"])
for answer in peer.deliver(order, request.prepare()):
    if answer.status_code == 200 and order.get("proof"):
        sender.accept_response(
            answer.headers["Server-Authorization"], answer.content, answer.headers["Content-Type"]
        )
