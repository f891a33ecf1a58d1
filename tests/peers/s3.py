"""boto3 as a client of S3 that uploads one object, its body in chunks of aws-chunked with a checksum in the trailer.

usage: s3.py URL CA CHECKSUM SENT KEY SECRET [TOKEN]
the body is BODY, streamed; SENT takes its place behind the checksum, so that another one is a body that was changed
prints the answers as JSON: [{"status": 200, "body": "..."}]
"""

import io
import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

BODY = b"hello countersign"


class Changed:
    """What is read, with the bytes of the body replaced."""

    def __init__(self, inner, sent):
        self.inner, self.sent = inner, sent

    def read(self, size=-1):
        return self.inner.read(size).replace(BODY, self.sent)

    def __iter__(self):
        return iter(lambda: self.read(65536), b"")


def main(url, authority, checksum, sent, key, secret, token=None):
    client = boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url=url,
        verify=authority,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )
    answers = []

    def send(request, **_):
        assert request.headers["Content-Encoding"] == b"aws-chunked", request.headers
        assert request.headers["X-Amz-Content-SHA256"] == b"STREAMING-UNSIGNED-PAYLOAD-TRAILER"
        request.body = Changed(request.body, sent.encode())
        # By boto3's own session; what it makes of an answer that S3 would not give does not matter.
        answer = client._endpoint.http_session.send(request)
        answers.append({"status": answer.status_code, "body": answer.content.decode()})
        return answer

    client.meta.events.register("before-send.s3.PutObject", send)
    try:
        client.put_object(Bucket="rock", Key="of ages/a+b", Body=io.BytesIO(BODY), ChecksumAlgorithm=checksum)
    except ClientError:
        pass
    print(json.dumps(answers))


main(*sys.argv[1:])
