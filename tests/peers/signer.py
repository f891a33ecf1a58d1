"""botocore as the signer of one request, sent without a change by http.client.

usage: signer.py CLASS SERVICE METHOD URL BODY SENT KEY SECRET [TOKEN]
CLASS is one of botocore.auth; BODY is signed and SENT is sent in its place
prints the answers as JSON: [{"status": 200, "body": "..."}]
"""

import http.client
import json
import sys
from urllib.parse import urlsplit

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

HEADERS = {"Content-Type": "text/plain", "X-Amz-Meta-Pride": " rock   of  ages "}


def main(name, service, method, url, body, sent, key, secret, token=None):
    request = AWSRequest(method=method, url=url, data=body.encode(), headers=dict(HEADERS))
    signer = getattr(botocore.auth, name)
    signer(Credentials(key, secret, token), service, "us-east-1").add_auth(request)
    place = urlsplit(request.url)
    connection = http.client.HTTPConnection(place.netloc, timeout=20)
    target = place.path + (place.query and "?" + place.query)
    connection.request(method, target, sent.encode(), dict(request.headers.items()))
    answer = connection.getresponse()
    print(json.dumps([{"status": answer.status, "body": answer.read().decode()}]))


main(*sys.argv[1:])
