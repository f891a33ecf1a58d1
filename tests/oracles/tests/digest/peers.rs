//! The peers, each behind one function.

use std::borrow::Cow;

use digest_auth::{AuthContext, HttpMethod, WwwAuthenticateHeader};
use diqwest::{DigestAuthCredentials, DigestAuthSession};
use http::HeaderMap;
use http_auth::{DigestClient, PasswordParams, parse_challenges};

use crate::case::Case;

/// What digest_auth answers to the challenge, and then with the same nonce.
///
/// It always has a body: without one it answers an `auth-int` challenge with `auth`, which the server did not offer.
pub(crate) fn digest_auth(case: &Case) -> [String; 2] {
    let mut prompt = WwwAuthenticateHeader::parse(&case.challenge()).unwrap();
    let mut context = AuthContext::new_with_method(
        &case.username,
        &case.password,
        &case.target,
        Some(Cow::Borrowed(&case.body[..])),
        HttpMethod::from(case.method),
    );
    context.set_custom_cnonce(&case.cnonce);
    [(); 2].map(|()| prompt.respond(&context).unwrap().to_string())
}

/// What http-auth answers to the challenge, and then with the same nonce.
///
/// It never has a body: it hashes the body itself into `auth-int`'s A2, where RFC 7616, section 3.4.3, has the body's
/// hash.
pub(crate) fn http_auth(case: &Case) -> [String; 2] {
    let challenge = case.challenge();
    let challenges = parse_challenges(&challenge).unwrap();
    let mut client = DigestClient::try_from(&challenges[0]).unwrap();
    let request = PasswordParams {
        username: &case.username,
        password: &case.password,
        uri: &case.target,
        method: case.method,
        body: None,
    };
    [(); 2].map(|()| {
        client
            .respond_with_testing_cnonce(&request, &case.cnonce)
            .unwrap()
    })
}

/// What a session of diqwest sends once it knows the challenge.
pub(crate) fn diqwest(case: &Case) -> String {
    let session = &DigestAuthSession::new(&case.username, &case.password);
    session.store_context("host", &case.challenge()).unwrap();
    let method = HttpMethod::from(case.method);
    let answer =
        session.calculate_authorization("host", &case.target, method, None, &HeaderMap::new());
    answer.unwrap().to_string()
}
