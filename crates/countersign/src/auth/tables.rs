//! The keys of each type, as Postman's collection format names them, and those that are added to them here.

use super::keys::Holds::{self, Interface, Open, Secret, Verifier};

/// A key and what it holds.
pub(super) type Key = (&'static str, Holds);

pub(super) const API_KEY: &[Key] = &[("key", Open), ("value", Secret), ("in", Open)];

pub(super) const BEARER: &[Key] = &[("token", Secret)];

pub(super) const BASIC: &[Key] = &[
    ("username", Open),
    ("password", Secret),
    ("showPassword", Interface),
    ("saveHelperData", Interface),
];

pub(super) const DIGEST: &[Key] = &[
    ("username", Open),
    ("password", Secret),
    ("realm", Open),
    ("nonce", Open),
    ("algorithm", Open),
    ("qop", Open),
    ("nonceCount", Open),
    ("clientNonce", Open),
    ("opaque", Open),
    ("disableRetryRequest", Open),
    ("showPassword", Interface),
    ("saveHelperData", Interface),
];

pub(super) const NTLM: &[Key] = &[
    ("username", Open),
    ("password", Secret),
    ("ntHash", Secret),
    ("domain", Open),
    ("workstation", Open),
    ("negotiate", Open),
    ("serviceName", Open),
    ("certificate", Open),
    ("disableRetryRequest", Open),
    ("state", Interface),
    ("ntlmHeader", Interface),
    ("showPassword", Interface),
    ("saveHelperData", Interface),
    ("requireMic", Verifier),
];

pub(super) const AWS_V4: &[Key] = &[
    ("accessKey", Open),
    ("secretKey", Secret),
    ("sessionToken", Secret),
    ("region", Open),
    ("service", Open),
    ("addAuthDataToQuery", Open),
    ("expires", Open),
    ("unsignedPayload", Open),
    ("chunked", Open),
    ("checksum", Open),
    ("profile", Open),
    ("inferScope", Open),
    ("pathStyle", Open),
    ("serviceName", Interface),
    ("time", Interface),
    ("auto", Interface),
    ("saveHelper", Interface),
    ("id", Interface),
];

pub(super) const HAWK: &[Key] = &[
    ("authId", Open),
    ("authKey", Secret),
    ("algorithm", Open),
    ("nonce", Open),
    ("timestamp", Open),
    ("extraData", Open),
    ("app", Open),
    ("delegation", Open),
    ("includePayloadHash", Open),
    ("requireProof", Open),
    ("bewit", Open),
    ("ttl", Open),
    ("user", Interface),
    ("saveHelperData", Interface),
    ("allowBewit", Verifier),
];

pub(super) const EDGEGRID: &[Key] = &[
    ("accessToken", Secret),
    ("clientToken", Open),
    ("clientSecret", Secret),
    ("baseURL", Open),
    ("nonce", Open),
    ("timestamp", Open),
    ("headersToSign", Open),
    ("maxBodySize", Open),
    ("edgerc", Open),
    ("section", Open),
    ("accountSwitchKey", Open),
];

pub(super) const OAUTH1: &[Key] = &[
    ("consumerKey", Open),
    ("consumerSecret", Secret),
    ("token", Secret),
    ("tokenSecret", Secret),
    ("signatureMethod", Open),
    ("privateKey", Secret),
    ("privateKeyPassword", Secret),
    ("callback", Open),
    ("verifier", Secret),
    ("nonce", Open),
    ("timestamp", Open),
    ("version", Open),
    ("realm", Open),
    ("addParamsToHeader", Open),
    ("addEmptyParamsToSign", Open),
    ("disableHeaderEncoding", Open),
    ("includeBodyHash", Open),
    ("autoAddParam", Interface),
    ("encodeOAuthSign", Interface),
    ("publicKey", Verifier),
];

pub(super) const JWT: &[Key] = &[
    ("algorithm", Open),
    ("secret", Secret),
    ("isSecretBase64Encoded", Open),
    ("privateKey", Secret),
    ("payload", Open),
    ("header", Open),
    ("addTokenTo", Open),
    ("queryParamKey", Open),
    ("headerPrefix", Open),
    ("issuedAt", Open),
    ("notBefore", Open),
    ("expiresIn", Open),
    ("randomId", Open),
    ("publicKey", Verifier),
    ("jwks", Verifier),
];

pub(super) const ASAP: &[Key] = &[
    ("alg", Open),
    ("kid", Open),
    ("iss", Open),
    ("aud", Open),
    ("sub", Open),
    ("exp", Open),
    ("privateKey", Secret),
    ("claims", Open),
    ("publicKey", Verifier),
    ("jwks", Verifier),
];

pub(super) const OAUTH2: &[Key] = &[
    ("accessToken", Secret),
    ("addTokenTo", Open),
    ("headerPrefix", Open),
    ("tokenType", Open),
    ("tokenName", Open),
    ("grant_type", Open),
    ("authUrl", Open),
    ("accessTokenUrl", Open),
    ("refreshTokenUrl", Open),
    ("redirect_uri", Open),
    ("clientId", Open),
    ("clientSecret", Secret),
    ("client_authentication", Open),
    ("scope", Open),
    ("state", Secret),
    ("username", Open),
    ("password", Secret),
    ("challengeAlgorithm", Open),
    ("code_verifier", Secret),
    ("audience", Open),
    ("resource", Open),
    ("authRequestParams", Secret),
    ("tokenRequestParams", Secret),
    ("refreshRequestParams", Secret),
    ("deviceAuthorizationUrl", Open),
    ("revocationUrl", Open),
    ("refreshToken", Secret),
    ("issuer", Open),
    ("requireIssuer", Open),
    ("nonce", Secret),
    ("useIdToken", Open),
    ("subject", Open),
    ("environment", Open),
    ("strict", Open),
    ("acceptTokenType", Open),
    ("callBackUrl", Open),
    ("redirectUri", Open),
    ("grantType", Open),
    ("clientAuth", Open),
    ("useBrowser", Interface),
    ("id", Interface),
];
