"""A Python library as the client: sends one request several times in one session.

usage: client.py requests|httpx METHOD URL BODY TIMES [basic|digest USER PASSWORD]
prints the answers as JSON: [{"status": 200, "body": "..."}, ...]
"""

import json
import sys


def use_requests(scheme=None, user="", password=""):
    import requests
    from requests.auth import HTTPBasicAuth, HTTPDigestAuth

    auth = {"basic": HTTPBasicAuth, "digest": HTTPDigestAuth}.get(scheme)
    session = requests.Session()
    session.trust_env = False
    session.auth = auth and auth(user, password)
    return lambda method, url, body: session.request(method, url, data=body, timeout=20)


def use_httpx(scheme=None, user="", password=""):
    import httpx

    auth = {"basic": httpx.BasicAuth, "digest": httpx.DigestAuth}.get(scheme)
    session = httpx.Client(auth=auth and auth(user, password), trust_env=False, timeout=20)
    return lambda method, url, body: session.request(method, url, content=body)


def main(library, method, url, body, times, *auth):
    send = {"requests": use_requests, "httpx": use_httpx}[library](*auth)
    answers = [send(method, url, body.encode()) for _ in range(int(times))]
    print(json.dumps([{"status": answer.status_code, "body": answer.text} for answer in answers]))


main(*sys.argv[1:])
