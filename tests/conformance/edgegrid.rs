//! Akamai EdgeGrid: cases that Akamai publishes with its own clients.

use countersign_core::Any;
use countersign_edgegrid::{Credentials, EdgeGrid};
use http::Request;

use crate::entry::{Entry, post};

const SECRETS: [&str; 2] = [
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=",
    "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy=",
];
const HOST: &str = "https://akaa-baseurl-xxxxxxxxxxx-xxxxxxxxxxxxx.luna.akamaiapis.net";

fn edgegrid(secret: &str) -> EdgeGrid {
    let (client, access) = (
        "akab-client-token-xxx-xxxxxxxxxxxxxxxx",
        "akab-access-token-xxx-xxxxxxxxxxxxxxxx",
    );
    EdgeGrid::new(Credentials::new(client, secret, access).unwrap())
        .headers_to_sign(["X-Test1", "X-Test2", "X-Test3"])
        .unwrap()
        .max_body(2048)
        .nonce("nonce-xx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")
        .unwrap()
        .timestamp("20140321T19:34:21+0000")
        .unwrap()
}

fn signed(signature: &str) -> String {
    format!(
        "EG1-HMAC-SHA256 client_token=akab-client-token-xxx-xxxxxxxxxxxxxxxx;\
         access_token=akab-access-token-xxx-xxxxxxxxxxxxxxxx;timestamp=20140321T19:34:21+0000;\
         nonce=nonce-xx-xxxx-xxxx-xxxx-xxxxxxxxxxxx;signature={signature}"
    )
}

fn entry(name: &'static str, request: Request<bytes::Bytes>, signature: &str) -> Entry {
    Entry::new(name, SECRETS, request, |secret, _| {
        Any::new(edgegrid(secret))
    })
    .accepted("authorization", &signed(signature))
}

pub(crate) fn entries() -> Vec<Entry> {
    let at = |path: &str| format!("{HOST}{path}");
    let mut inside = post(
        &at("/testapi/v1/t3"),
        "x",
        "datadatadatadatadatadatadatadata",
    );
    inside.headers_mut().clear();
    let mut above = inside.clone();
    *above.body_mut() = "d".repeat(2049).into();
    let header = Request::get(at("/testapi/v1/t4")).header("X-Test1", "test-simple-header");
    vec![
        entry(
            "GET with querystring",
            crate::entry::get(&at("/testapi/v1/t1?p1=1&p2=2")),
            "hKDH1UlnQySSHjvIcZpDMbQHihTQ0XyVAKZaApabdeA=",
        ),
        entry(
            "POST inside limit",
            inside,
            "hXm4iCxtpN22m4cbZb4lVLW5rhX8Ca82vCFqXzSTPe4=",
        ),
        entry(
            "POST too large",
            above,
            "6Q6PiTipLae6n4GsSIDTCJ54bEbHUBp+4MUXrbQCBoY=",
        ),
        entry(
            "Simple header signing with GET",
            header.body(bytes::Bytes::new()).unwrap(),
            "8F9AybcRw+PLxnvT+H0JRkjROrrUgsxJTnRXMzqvcwY=",
        ),
    ]
}
