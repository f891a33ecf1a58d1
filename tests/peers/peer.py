"""What the peers written in Python share: a server that asks a function, and a client that sends what it was ordered.

A server is started as `server.py PORT ...`. It reports whom it let in as `countersign serve` does.
A client is started as `client.py ORDER`, JSON with `url`, `method` and `body`, which are signed, with `tamper`, which
names for some of them a text and what is sent in its place, with how many `times` all of it is sent, and with the file of
an authority for TLS, `ca`. It prints the answers as JSON.
"""

import hashlib
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Refused(Exception):
    """Why a request is not let in: the answer's status, and what it says."""

    def __init__(self, status, why, **headers):
        super().__init__(why)
        self.status = status
        self.headers = headers


class Nonces:
    """Each pair of a time and a nonce is good once, within this many seconds."""

    def __init__(self, window):
        self.window = window
        self.seen = set()

    def spend(self, moment, nonce):
        if abs(time.time() - moment) > self.window or (moment, nonce) in self.seen:
            return False
        self.seen.add((moment, nonce))
        return True


def serve(judge, tls=None, **pages):
    """Asks `judge` for the principal of a request, or one of `pages` for the answer at its first path segment.

    `judge` is given the handler, of which there is one for each connection; `tls` is a context of ssl.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self):
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.url = f"http://{self.headers['Host']}{self.path}"
            try:
                page = pages.get(self.path.split("?")[0].split("/")[1])
                answer = page(self) if page else (200, {}, self.seen(judge(self)))
            except Refused as refused:
                answer = (refused.status, refused.headers, f"{refused}\n")
            self.answer(*answer)

        def seen(self, principal):
            report = {
                "scheme": sys.argv[0].split("/")[-2],
                "principal": principal,
                "method": self.command,
                "target": self.path,
                "body_sha256": hashlib.sha256(self.body).hexdigest(),
            }
            return json.dumps(report)

        def answer(self, status, headers, text):
            content = text.encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.serve_forever()


def order():
    return json.loads(sys.argv[1])


def deliver(order, prepared):
    """Sends a request that requests prepared, as the order wants it, and prints the answers; returns them too."""
    import requests

    for part, (signed, sent) in order.get("tamper", {}).items():
        setattr(prepared, part, text(getattr(prepared, part)).replace(signed, sent, 1))
    prepared.prepare_content_length(prepared.body)
    session = requests.Session()
    session.trust_env = False
    session.verify = order.get("ca", True)
    answers = [session.send(prepared, timeout=20) for _ in range(order.get("times", 1))]
    show(answers)
    return answers


def text(part):
    return part.decode() if isinstance(part, bytes) else part


def show(answers):
    print(json.dumps([{"status": answer.status_code, "body": answer.text} for answer in answers]))
