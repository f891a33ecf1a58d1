//! Hawk: a GET without a body's hash, with a nonce and a time of its own.

use countersign_core::Payload;
use countersign_hawk::{Algorithm, Credentials, Hawk};
use countersign_oracles::sign;
use hawk::{Key, RequestBuilder, SHA256};
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, request};

use super::{Work, limit};

const ID: &str = "dh37fgj492je";
const KEY: &str = "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn";
const HOST: &str = "example.com";
const TARGET: &str = "/resource/1?b=1&a=2";
const SIGNED: &str =
    "hawk.1.header\n1353832234\nj4h3g2j4h3g2\nGET\n/resource/1?b=1&a=2\nexample.com\n443\n\n\n";

pub(crate) fn work() -> Work {
    Work::new("Hawk, GET", limit::hmac_sha256(SIGNED.len()))
        .with("countersign", countersign())
        .with("hawk", theirs())
}

fn head() -> request::Parts {
    let request = Request::get(format!("https://{HOST}{TARGET}"));
    let mut head = request.body(()).unwrap().into_parts().0;
    head.headers.reserve(8);
    head
}

fn countersign() -> impl FnMut() {
    let hawk = Hawk::new(Credentials::new(ID, KEY, Algorithm::Sha256).unwrap());
    let mut head = head();
    move || {
        sign(&hawk, &mut head, &mut Payload::whole(Default::default())).unwrap();
        head.headers.remove(AUTHORIZATION);
    }
}

fn theirs() -> impl FnMut() {
    let key = Key::new(KEY, SHA256).unwrap();
    let id = ID.to_owned();
    let credentials = hawk::Credentials { id, key };
    let mut head = head();
    move || {
        let (host, port) = (head.uri.host().unwrap(), head.uri.port_u16().unwrap_or(443));
        let target = head.uri.path_and_query().unwrap().as_str();
        let request = RequestBuilder::new(head.method.as_str(), host, port, target).request();
        let header = request.make_header(&credentials).unwrap();
        let value = HeaderValue::try_from(format!("Hawk {header}")).unwrap();
        head.headers.insert(AUTHORIZATION, value);
        head.headers.remove(AUTHORIZATION);
    }
}
