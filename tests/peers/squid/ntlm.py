"""What squid asks its helper for NTLM, on pyspnego: a line for each message, and one for what becomes of it.

usage: ntlm.py PORT DOMAIN USER PASSWORD. squid runs helpers as another user, so they only pass the lines on to here.
"""

import base64
import os
import socketserver
import sys

import spnego
from spnego.exceptions import SpnegoError


def answer(handshake, token):
    """The challenge, or the user."""
    try:
        out = handshake.step(base64.b64decode(token))
    except (SpnegoError, ValueError) as error:
        return f"NA {type(error).__name__}"
    if handshake.complete:
        return "AF " + handshake.client_principal.split("\\")[-1]
    return "TT " + base64.b64encode(out).decode()


class Helper(socketserver.StreamRequestHandler):
    def handle(self):
        handshake = None
        for line in self.rfile:
            kind, _, token = line.decode().strip().partition(" ")
            if kind == "YR":
                handshake = spnego.server(protocol="ntlm")
            if handshake is None or kind not in ("YR", "KK"):
                said = "BH there is no handshake"
            else:
                said = answer(handshake, token)
            self.wfile.write(f"{said}\n".encode())
            if kind == "KK":
                handshake = None


PORT, DOMAIN, USER, PASSWORD = sys.argv[1:]
with open("users", "w") as users:
    users.write(f"{DOMAIN}:{USER}:{PASSWORD}\n")
os.environ["NTLM_USER_FILE"] = os.path.abspath("users")
socketserver.ThreadingTCPServer.daemon_threads = True
with socketserver.ThreadingTCPServer(("127.0.0.1", int(PORT)), Helper) as server:
    server.serve_forever()
