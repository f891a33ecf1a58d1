//! Schemes whose credentials never change: the limit is to insert a value made beforehand.

use std::hint::black_box;

use countersign_apikey::ApiKey;
use countersign_basic::Basic;
use countersign_bearer::Bearer;
use countersign_core::{Cx, Exchange, Payload, Scheme};
use countersign_oracles::ready;
use http::header::{AUTHORIZATION, HeaderName};
use http::{HeaderValue, Request, request};

use super::Work;

const KEY: HeaderName = HeaderName::from_static("x-api-key");

pub(crate) fn works() -> [Work; 3] {
    let basic = Basic::new("Aladdin", "open sesame").unwrap();
    let bearer = Bearer::new("mF_9.B5f-4.1JqM").unwrap();
    let key = ApiKey::header("X-Api-Key", "s3cret").unwrap();
    [
        work("Basic, header", AUTHORIZATION, basic).with("http-auth", http_auth()),
        work("Bearer, header", AUTHORIZATION, bearer),
        work("API key, header", KEY, key),
    ]
}

fn work(name: &'static str, header: HeaderName, scheme: impl Scheme) -> Work {
    let (mut head, value) = (head(), value());
    let limit_header = header.clone();
    let limit = move || {
        head.headers.insert(&limit_header, value.clone());
        black_box(&mut head).headers.remove(&limit_header);
    };
    let (mut head, mut body) = (self::head(), Payload::default());
    Work::new(name, limit).with("countersign", move || {
        let mut exchange = ready(scheme.begin(Cx::new(&head, None))).unwrap();
        exchange.prepare(&mut head, &mut body).unwrap();
        black_box(&mut head).headers.remove(&header);
    })
}

/// A head with room for one more header.
fn head() -> request::Parts {
    let request = Request::get("https://www.example.org/").header("accept", "*/*");
    let (mut head, ()) = request.body(()).unwrap().into_parts();
    head.headers.insert(AUTHORIZATION, value());
    head.headers.remove(AUTHORIZATION);
    head
}

/// Made at run time and shared, as a client has it.
fn value() -> HeaderValue {
    let value = HeaderValue::try_from("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==".to_owned()).unwrap();
    value.clone()
}

fn http_auth() -> impl FnMut() {
    let mut head = head();
    move || {
        let value = http_auth::basic::encode_credentials("Aladdin", "open sesame");
        head.headers
            .insert(AUTHORIZATION, value.try_into().unwrap());
        black_box(&mut head).headers.remove(AUTHORIZATION);
    }
}
