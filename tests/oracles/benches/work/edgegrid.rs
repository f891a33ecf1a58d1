//! EdgeGrid: a GET. The limit has the key of the second at hand.

use countersign_core::{Payload, Sign};
use countersign_edgegrid::{Credentials, EdgeGrid};
use edgerc::{EdgeRCHttpMethods, EdgeRCRequest, EdgeRCSigner};
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, request};

use super::{Work, limit};

const HOST: &str = "akaa-baseurl-xxxxxxxxxxx-xxxxxxxxxxxxx.luna.akamaiapis.net";
const CLIENT: &str = "akab-client-token-xxx-xxxxxxxxxxxxxxxx";
const ACCESS: &str = "akab-access-token-xxx-xxxxxxxxxxxxxxxx";
const SECRET: &str = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=";
const SIGNED: &str = "GET\thttps\takaa-baseurl-xxxxxxxxxxx-xxxxxxxxxxxxx.luna.akamaiapis.net\t/billing/v1?from=2026-01\t\t\t\
    EG1-HMAC-SHA256 client_token=akab-client-token-xxx-xxxxxxxxxxxxxxxx;\
    access_token=akab-access-token-xxx-xxxxxxxxxxxxxxxx;timestamp=20260101T00:00:00+0000;\
    nonce=00000000-0000-4000-8000-000000000000;";

pub(crate) fn work() -> Work {
    Work::new("EdgeGrid, GET", limit::hmac_sha256(SIGNED.len()))
        .with("countersign", countersign())
        .with("edgerc", theirs())
}

fn head() -> request::Parts {
    let request = Request::get(format!("https://{HOST}/billing/v1?from=2026-01"));
    let mut head = request.body(()).unwrap().into_parts().0;
    head.headers.reserve(8);
    head
}

fn countersign() -> impl FnMut() {
    let client = EdgeGrid::new(Credentials::new(CLIENT, SECRET, ACCESS).unwrap());
    let mut head = head();
    move || {
        client.sign(&mut head, &mut Payload::default()).unwrap();
        head.headers.remove(AUTHORIZATION);
    }
}

fn theirs() -> impl FnMut() {
    let file = format!(
        "[default]\nclient_secret = {SECRET}\nhost = {HOST}\naccess_token = {ACCESS}\nclient_token = {CLIENT}\n"
    );
    let signer = edgerc::Credentials::build_signer(file);
    let signer: EdgeRCSigner = signer.get_by_section("default".to_owned()).unwrap();
    let mut head = head();
    move || {
        let query = head.uri.query().unwrap_or_default().as_bytes();
        let request = EdgeRCRequest {
            method: EdgeRCHttpMethods::GET,
            path: head.uri.path().to_owned(),
            query_strings: Some(form_urlencoded::parse(query).into_owned().collect()),
            canonical_headers: None,
            body_hash: String::new(),
        };
        let value = signer.get_authorization_header_value(&request);
        head.headers
            .insert(AUTHORIZATION, HeaderValue::try_from(value).unwrap());
        head.headers.remove(AUTHORIZATION);
    }
}
