//! A choice of schemes, and user information in a URL.

use countersign::basic::Basic;
use countersign::digest::Digest;
use countersign::{Auth, Cx, ErrorKind, Exchange, Scheme};
use http::{Request, Response, request, response};

use super::{header, now, signed};

fn both() -> Auth {
    let digest = Digest::new("u", "p").unwrap();
    Auth::any_of([Basic::new("u", "p").unwrap().into(), digest.into()])
}

fn heads(challenges: &[&str]) -> (request::Parts, response::Parts) {
    let mut response = Response::builder().status(401);
    for challenge in challenges {
        response = response.header("www-authenticate", *challenge);
    }
    let request = Request::get("https://example.com/").body(()).unwrap();
    (
        request.into_parts().0,
        response.body(()).unwrap().into_parts().0,
    )
}

/// The name of the scheme that answers, or none.
fn answers(auth: &Auth, challenges: &[&str]) -> Option<&'static str> {
    let (request, response) = heads(challenges);
    match now(auth.begin(Cx::new(&request, None).refused(&response))) {
        Ok(exchange) => Some(exchange.name()),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Challenge);
            None
        }
    }
}

const DIGEST: &str = r#"Digest realm="r", nonce="n", qop="auth""#;

#[test]
fn it_starts_without_credentials_and_answers_the_strongest_challenge() {
    assert!(signed(&both()).added.is_empty());
    assert_eq!(
        answers(&both(), &[r#"Basic realm="r""#, DIGEST]),
        Some("digest")
    );
    assert_eq!(answers(&both(), &[r#"Basic realm="r""#]), Some("basic"));
    assert_eq!(answers(&both(), &["Negotiate"]), None);
}

#[test]
fn a_scheme_keeps_its_nature_in_auth() {
    let pinned = Digest::new("u", "p").unwrap().require_qop(true);
    let (strength, pins) = (pinned.strength(), pinned.pins());
    let auth = Auth::from(pinned);
    assert_eq!((auth.strength(), auth.pins()), (strength, pins));
    assert!(pins && !Auth::none().pins());
    // So it is not undercut in a choice either.
    let choice = Auth::any_of([auth, Basic::new("u", "p").unwrap().into()]);
    assert_eq!(answers(&choice, &[r#"Basic realm="r""#]), None);
}

#[test]
fn user_information_becomes_basic() {
    let (url, auth) = Auth::from_url("https://u:p%3A@example.com/a?b=c@d").unwrap();
    assert_eq!(url, "https://example.com/a?b=c@d");
    // base64 of u:p:
    assert_eq!(header(&auth.unwrap(), "authorization"), "Basic dTpwOg==");
    assert!(Auth::from_url("https://example.com/").unwrap().1.is_none());
    assert_eq!(
        Auth::from_url("https://a b/").unwrap_err().kind(),
        ErrorKind::Configuration
    );
}
