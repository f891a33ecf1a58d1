"""boto3 as a client of S3 for objects with awkward names: PUT, GET, a list by the name as its prefix, a presigned GET.

usage: objects.py URL KEY SECRET
prints the answers as JSON: [{"status": 200, "body": "..."}]
"""

import http.client
import json
import sys
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

NAMES = [
    "a b", "a+b", "a//b", "a/../b", "./x", "a%20b", "100%", "\u00fc\u20ac\U0001f600", "!$&'()*,;=:@", "?#[]", "~-._",
    "a\\b", "\"<>^`{|}", "/lead", "trail/", "bare+/!$&'()*,;=:@",
]


def main(url, key, secret):
    client = boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, signature_version="s3v4"),
    )
    answers = []

    def send(request, **_):
        answer = client._endpoint.http_session.send(request)
        answers.append({"status": answer.status_code, "body": answer.content.decode()})
        return answer

    client.meta.events.register("before-send.s3", send)
    for name in NAMES:
        for call in (
            lambda: client.put_object(Bucket="rock", Key=name, Body=name.encode()),
            lambda: client.get_object(Bucket="rock", Key=name),
            lambda: client.list_objects_v2(Bucket="rock", Prefix=name),
        ):
            try:
                call()
            except (ClientError, ResponseParserError):
                # The answer is none that S3 would give; it counts as it came.
                pass
        presigned = client.generate_presigned_url("get_object", Params={"Bucket": "rock", "Key": name}, ExpiresIn=60)
        place = urlsplit(presigned)
        connection = http.client.HTTPConnection(place.netloc, timeout=20)
        connection.request("GET", f"{place.path}?{place.query}")
        answer = connection.getresponse()
        answers.append({"status": answer.status, "body": answer.read().decode()})
    print(json.dumps(answers))


main(*sys.argv[1:])
