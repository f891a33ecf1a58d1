"""oauthlib as the provider of OAuth 1.0a: a protected resource, and the three endpoints by which a token is got.

usage: provider.py PORT CONSUMER SECRET TOKEN TOKEN_SECRET RSA_KEY
RSA_KEY is the file with the consumer's public key. The resource owner agrees to everything, at once.
"""

import base64
import hashlib
import sys

import peer
from oauthlib.oauth1 import (
    AccessTokenEndpoint,
    AuthorizationEndpoint,
    RequestTokenEndpoint,
    RequestValidator,
    ResourceEndpoint,
)
from oauthlib.oauth1.rfc5849.errors import OAuth1Error

CONSUMER, SECRET, TOKEN, TOKEN_SECRET, RSA_KEY = sys.argv[2:]
ANY_LENGTH = (1, 100)


class Provider(RequestValidator):
    """One consumer, and the tokens it was given."""

    enforce_ssl = False
    client_key_length = request_token_length = access_token_length = ANY_LENGTH
    nonce_length = verifier_length = ANY_LENGTH
    safe_characters = RequestValidator.safe_characters.fget(None) | set("-_.~")
    dummy_client = dummy_request_token = dummy_access_token = "dummy"

    def __init__(self):
        self.nonces = peer.Nonces(300)
        self.temporary = {}
        self.tokens = {TOKEN: TOKEN_SECRET}

    def validate_timestamp_and_nonce(self, client_key, timestamp, nonce, *_, **__):
        return self.nonces.spend(int(timestamp), nonce)

    def validate_client_key(self, client_key, request):
        return client_key == CONSUMER

    def get_client_secret(self, client_key, request):
        return SECRET if client_key == CONSUMER else "dummy"

    def get_rsa_key(self, client_key, request):
        with open(RSA_KEY) as key:
            return key.read()

    def validate_realms(self, *_, **__):
        return True

    validate_requested_realms = validate_realms

    def get_default_realms(self, *_):
        return []

    get_realms = get_default_realms

    def save_request_token(self, token, request):
        self.temporary[token["oauth_token"]] = {
            "secret": token["oauth_token_secret"], "callback": request.redirect_uri, "verifier": None
        }

    def validate_redirect_uri(self, client_key, redirect_uri, request):
        return redirect_uri.startswith("http://127.0.0.1:")

    def verify_request_token(self, token, request):
        return token in self.temporary

    def get_redirect_uri(self, token, request):
        return self.temporary[token]["callback"]

    def save_verifier(self, token, verifier, request):
        self.temporary[token]["verifier"] = verifier["oauth_verifier"]

    def validate_request_token(self, client_key, token, request):
        return token in self.temporary

    def get_request_token_secret(self, client_key, token, request):
        return self.temporary.get(token, {"secret": "dummy"})["secret"]

    def validate_verifier(self, client_key, token, verifier, request):
        return self.temporary.get(token, {}).get("verifier") == verifier

    def invalidate_request_token(self, client_key, token, request):
        del self.temporary[token]

    def save_access_token(self, token, request):
        self.tokens[token["oauth_token"]] = token["oauth_token_secret"]

    def validate_access_token(self, client_key, token, request):
        return token in self.tokens

    def get_access_token_secret(self, client_key, token, request):
        return self.tokens.get(token, "dummy")


PROVIDER = Provider()


def asked(endpoint):
    """A page that is an endpoint of oauthlib."""

    def page(request):
        try:
            headers, text, status = endpoint(*parts(request))
        except OAuth1Error as error:
            raise peer.Refused(error.status_code, error.description)
        return status, headers, text or ""

    return page


def parts(request):
    return request.url, request.command, request.body.decode(), dict(request.headers)


def resource(request):
    endpoint = ResourceEndpoint(PROVIDER)
    try:
        valid, seen = endpoint.validate_protected_resource_request(*parts(request), realms=[])
    except OAuth1Error as error:
        raise peer.Refused(error.status_code, error.description)
    if not valid:
        raise peer.Refused(401, str(seen and seen.validator_log), WWW_Authenticate='OAuth realm="peers"')
    check_body_hash(seen, request.body)
    return seen.client_key


def check_body_hash(seen, body):
    """oauthlib signs the body hash and compares it with nothing."""
    claimed = seen.oauth_params.get("oauth_body_hash")
    if claimed is None:
        return
    algorithm = seen.signature_method.split("-")[-1].lower()
    if claimed != base64.b64encode(hashlib.new(algorithm, body).digest()).decode():
        raise peer.Refused(401, "another body hash")


peer.serve(
    resource,
    initiate=asked(RequestTokenEndpoint(PROVIDER).create_request_token_response),
    authorize=asked(AuthorizationEndpoint(PROVIDER).create_authorization_response),
    token=asked(AccessTokenEndpoint(PROVIDER).create_access_token_response),
)
