//! EdgeGrid beside edgerc: the same header for the same request, to the byte.
//!
//! The peer takes no time and no nonce, so ours are told those that it took. It hashes the body that it is given for any
//! method, where Akamai has POST alone, and never a body over the limit otherwise than cut.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bytes::Bytes;
use countersign_core::{Payload, Sign};
use countersign_edgegrid::{Credentials, EdgeGrid};
use edgerc::{EdgeRCHttpMethods, EdgeRCRequest, EdgeRCSigner};
use http::{Method, Request};
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct Case {
    client_token: String,
    client_secret: String,
    access_token: String,
    host: String,
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    body: String,
}

fn case() -> impl Strategy<Value = Case> {
    let token = || "[a-zA-Z0-9-]{1,40}";
    let methods = vec![
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    ];
    (
        (token(), "[a-zA-Z0-9+/]{1,60}=", token()),
        "[a-z][a-z0-9-]{0,30}\\.luna\\.akamaiapis\\.net",
        prop::sample::select(methods),
        "/[a-zA-Z0-9/._~!$'()*,;:@%-]{0,30}",
        prop::collection::vec(("[a-z0-9%]{1,8}", "[a-zA-Z0-9%+/-]{0,12}"), 0..5),
        prop_oneof![
            Just(String::new()),
            "[ -~é]{1,200}",
            Just("x".repeat(131_073))
        ],
    )
        .prop_map(
            |((client_token, client_secret, access_token), host, method, path, query, body)| Case {
                client_token,
                client_secret,
                access_token,
                host,
                method,
                path,
                query,
                body,
            },
        )
}

impl Case {
    fn theirs(&self) -> String {
        let file = format!(
            "[default]\nclient_secret = {}\nhost = {}\naccess_token = {}\nclient_token = {}\n",
            self.client_secret, self.host, self.access_token, self.client_token
        );
        let signer = edgerc::Credentials::build_signer(file);
        let signer = signer.get_by_section("default".to_owned()).unwrap();
        let body = match self.method {
            Method::POST => self.body.clone(),
            _ => String::new(),
        };
        signer.get_authorization_header_value(&EdgeRCRequest {
            method: EdgeRCHttpMethods::from(self.method.to_string()),
            path: self.path.clone(),
            query_strings: Some(self.query.clone()),
            canonical_headers: None,
            body_hash: EdgeRCSigner::encode_body(body, None),
        })
    }

    /// Signed with the time and the nonce of another header.
    fn ours(&self, other: &str) -> String {
        let of = |name: &str| {
            let mut fields = other.split(';');
            fields.find_map(|field| field.strip_prefix(name)).unwrap()
        };
        let credentials = Credentials::new(
            &self.client_token,
            self.client_secret.as_str(),
            &self.access_token,
        );
        let client = EdgeGrid::new(credentials.unwrap());
        let client = client
            .timestamp(of("timestamp="))
            .unwrap()
            .nonce(of("nonce="))
            .unwrap();
        let pairs: Vec<_> = self
            .query
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let query = if pairs.is_empty() {
            String::new()
        } else {
            format!("?{}", pairs.join("&"))
        };
        let uri = format!("https://{}{}{query}", self.host, self.path);
        let request = Request::builder()
            .method(self.method.clone())
            .uri(uri)
            .body(());
        let (mut head, ()) = request.unwrap().into_parts();
        let mut body = Payload::whole(Bytes::from(self.body.clone()));
        client.sign(&mut head, &mut body).unwrap();
        head.headers["authorization"].to_str().unwrap().to_owned()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_header_is_the_same(case in case()) {
        let theirs = case.theirs();
        prop_assert_eq!(case.ours(&theirs), theirs);
    }
}
