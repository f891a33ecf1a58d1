"""Authlib on Flask as the authorization server, with a resource of its own: what oidc-provider does not have.

usage: server.py PORT CLIENT SECRET LIFETIME
CLIENT authenticates by Basic, whose name and secret it takes as they are, or in the body; `CLIENT-public` not at all. The
user is `mufasa` with the password `circle of life`. Grants: password, client credentials, refresh, code with PKCE (also
`plain`), and implicit. /authorize shows a form; /token; /revoke, which leaves an access token's refresh token alone;
/resource wants a token in the header.
"""

import hashlib
import json
import os
import sys
import time
from dataclasses import dataclass, field

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin, grants
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from flask import Flask, request

PORT, CLIENT, SECRET, LIFETIME = sys.argv[1:]
USER, PASSWORD = "mufasa", "circle of life"
LOOPBACK = ("http://127.0.0.1:", "http://[::1]:", "http://localhost:")
METHODS = ["client_secret_basic", "client_secret_post", "none"]

PAGE = """<!doctype html><title>Log in</title><h1>Log in and allow it?</h1><form method="post">
<input name="login" placeholder="user"><input name="password" type="password" placeholder="password">
<button type="submit">Allow</button></form><form method="post"><button name="deny" value="1">Cancel</button></form>"""


@dataclass
class Client(ClientMixin):
    client_id: str
    secret: str

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return None

    def get_allowed_scope(self, scope):
        return scope or ""

    def check_redirect_uri(self, uri):
        return uri.startswith(LOOPBACK)

    def check_client_secret(self, secret):
        return bool(self.secret) and secret == self.secret

    def check_endpoint_auth_method(self, method, endpoint):
        return (method == "none") != bool(self.secret) or (method == "none" and endpoint != "token")

    def check_response_type(self, response_type):
        return True

    def check_grant_type(self, grant_type):
        return True


@dataclass
class Token(TokenMixin):
    client: Client
    user: str
    access_token: str
    expires_in: int
    scope: str = ""
    refresh_token: str = ""
    revoked: bool = False
    spent: bool = False
    made: float = field(default_factory=time.time)

    def check_client(self, client):
        return self.client == client

    def get_scope(self):
        return self.scope

    def get_expires_in(self):
        return self.expires_in

    def is_expired(self):
        return time.time() > self.made + self.expires_in

    def is_revoked(self):
        return self.revoked

    def get_user(self):
        return self.user

    def get_client(self):
        return self.client


@dataclass
class Code:
    code: str
    client: Client
    user: str
    redirect_uri: str
    scope: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope


CLIENTS = {client.client_id: client for client in (Client(CLIENT, SECRET), Client(f"{CLIENT}-public", ""))}
TOKENS, CODES = [], {}


def find(*names):
    def by(value):
        return next((token for token in TOKENS if value in [getattr(token, name) for name in names]), None)

    return by


class PasswordGrant(grants.ResourceOwnerPasswordCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def authenticate_user(self, username, password):
        return USER if (username, password) == (USER, PASSWORD) else None


class ClientGrant(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS[:2]


class CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def save_authorization_code(self, code, request):
        data = request.payload.data
        CODES[code] = Code(
            code, request.client, request.user, request.payload.redirect_uri, request.payload.scope,
            data.get("code_challenge"), data.get("code_challenge_method"),
        )

    def query_authorization_code(self, code, client):
        found = CODES.get(code)
        return found if found and found.client == client else None

    def delete_authorization_code(self, code):
        del CODES[code.code]

    def authenticate_user(self, code):
        return code.user


class RefreshGrant(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token):
        token = find("refresh_token")(refresh_token)
        return token if token and not token.spent else None

    def authenticate_user(self, token):
        return token.user

    def revoke_old_credential(self, token):
        token.revoked = token.spent = True


class Revocation(RevocationEndpoint):
    CLIENT_AUTH_METHODS = METHODS

    def query_token(self, value, hint):
        return find("access_token", "refresh_token")(value)

    def revoke_token(self, token, request):
        token.revoked = True
        token.spent = token.spent or request.form["token"] == token.refresh_token


class Validator(BearerTokenValidator):
    def authenticate_token(self, value):
        return find("access_token")(value)


def save(token, request):
    kept = {name: token[name] for name in ("access_token", "expires_in", "scope", "refresh_token") if name in token}
    TOKENS.append(Token(request.client, request.user, **kept))


# Nobody else listens on loopback.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
app = Flask(__name__)
app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
names = ["authorization_code", "implicit", "password", "client_credentials", "refresh_token"]
app.config["OAUTH2_TOKEN_EXPIRES_IN"] = dict.fromkeys(names, int(LIFETIME))
server = AuthorizationServer(app, CLIENTS.get, save)
for grant in (PasswordGrant, RefreshGrant, ClientGrant, grants.ImplicitGrant):
    server.register_grant(grant)
server.register_grant(CodeGrant, [CodeChallenge()])
server.register_endpoint(Revocation)
protector = ResourceProtector()
protector.register_token_validator(Validator())


@app.get("/authorize")
def ask():
    try:
        server.get_consent_grant(end_user=None)
    except OAuth2Error as error:
        return error.description or error.error, 400
    return PAGE


@app.post("/authorize")
def decide():
    agreed = (request.form.get("login"), request.form.get("password")) == (USER, PASSWORD)
    if not agreed and "deny" not in request.form:
        return PAGE
    grant = server.get_consent_grant(end_user=None)
    return server.create_authorization_response(grant_user=USER if agreed else None, grant=grant)


@app.post("/token")
def token():
    return server.create_token_response()


@app.post("/revoke")
def revoke():
    return server.create_endpoint_response("revocation")


@app.route("/resource", methods=["GET", "POST"])
@protector()
def resource():
    report = {
        "scheme": "oauth2",
        "principal": current_token.user or current_token.client.client_id,
        "method": request.method,
        "target": request.full_path.rstrip("?"),
        "body_sha256": hashlib.sha256(request.get_data()).hexdigest(),
    }
    return json.dumps(report)


app.run("127.0.0.1", int(PORT), threaded=True)
