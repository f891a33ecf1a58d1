//! The rows of the client.

use std::sync::Arc;

use bytes::Bytes;
use countersign_core::{Begin, ErrorKind, Fetch};
use countersign_oauth1::{Credentials, Endpoints, Flow, OAuth1};
use http::{Request, Response};

use crate::support::{now, parameter, sign};

/// Answers every request with the same form.
struct Answers(Arc<str>);

impl Fetch for Answers {
    fn fetch(&self, _: Request<Bytes>) -> Begin<Response<Bytes>> {
        let body = Bytes::copy_from_slice(self.0.as_bytes());
        Begin::ready(Response::new(body))
    }
}

fn client() -> OAuth1 {
    OAuth1::new(Credentials::new("consumer", "secret").unwrap()).unwrap()
}

fn first_leg(answer: &str) -> countersign_core::Result<()> {
    let client = OAuth1::builder(Credentials::new("consumer", "secret").unwrap());
    let endpoints = Endpoints {
        temporary: "https://server.example/request".parse().unwrap(),
        authorization: "https://server.example/authorize".parse().unwrap(),
        token: "https://server.example/token".parse().unwrap(),
    };
    let fetch = Answers(answer.into());
    now(Flow::new(client, endpoints).temporary_credentials(&fetch, "oob")).map(|_| ())
}

pub(crate) fn check(id: &str, input: &str) {
    match id {
        "B422" => {
            let form = input.split(' ').next().unwrap();
            let error = first_leg(form).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Fetch);
            assert!(
                error.to_string().contains("oauth_callback_confirmed"),
                "{error}"
            );
            assert!(first_leg(&format!("{form}&oauth_callback_confirmed=false")).is_err());
            first_leg(&format!("{form}&oauth_callback_confirmed=true")).unwrap();
        }
        "B423" => {
            let confirmed = format!("{input}&oauth_callback_confirmed=true");
            let error = first_leg(&confirmed).unwrap_err();
            assert!(error.to_string().contains("oauth_token"), "{error}");
        }
        "B425" => {
            let (first, _) = sign(&client(), Request::get("https://h/a"), b"").unwrap();
            let mut hop = Request::get("https://h/b");
            *hop.headers_mut().unwrap() = first.headers.clone();
            let (second, _) = sign(&client(), hop, b"").unwrap();
            assert_eq!(second.headers.get_all("authorization").iter().count(), 1);
            for name in ["oauth_nonce", "oauth_signature"] {
                assert_ne!(parameter(&first, name), parameter(&second, name), "{name}");
            }
        }
        "B426" => keys(),
        _ => panic!("{id}: a row that nothing here expects"),
    }
}

#[cfg(feature = "rsa")]
fn keys() {
    use crate::support::pem;
    let whole = pem("2048-pkcs1.pem");
    let refused = [
        pem("512-pkcs1.pem"),
        pem("legacy-encrypted.pem"),
        pem("2048-encrypted-pbkdf2.pem"),
        whole[..whole.len() / 2].to_owned(),
        whole.repeat(600),
    ];
    for pem in refused {
        let error = countersign_oauth1::KeyReader::new()
            .private(&pem)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        let shown = format!("{error} {error:?}");
        let lines = pem.lines().filter(|line| line.len() > 40);
        assert!(
            lines.into_iter().all(|line| !shown.contains(line)),
            "{shown}"
        );
    }
}

#[cfg(not(feature = "rsa"))]
fn keys() {}
