//! The vectors that oauthlib made.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use countersign_core::{ErrorKind, Payload};
use countersign_oauth1::{Credentials, OAuth1, OAuth1Builder, Placement, SignatureMethod};
use http::{HeaderValue, Request, Uri, request};
use serde_json::Value;

use crate::support::{in_header, in_pairs, json, parameter, sign};

/// Vectors whose URI holds what no URI may hold; their base strings are checked beside the function that writes them.
const UNSENDABLE: [&str; 8] = [
    "path-004",
    "path-043",
    "path-044",
    "query-015",
    "mix-073",
    "mix-078",
    "mix-090",
    "mix-104",
];

/// Where a second signer says otherwise. The one that made the vectors is followed each time, as RFC 5849 is on its side.
const DISPUTED: [(&str, &str); 28] = [
    (
        "path-004",
        "a space is no part of a URI: it is never signed as it stands",
    ),
    (
        "query-013",
        "a query is a form, so + is a space (3.4.1.3.1)",
    ),
    ("query-031", "what is empty before & is no parameter"),
    (
        "query-036",
        "+ is a space in a name too, and names are sorted encoded (3.4.1.3.2)",
    ),
    ("mix-005", "what is empty between && is no parameter"),
    (
        "mix-009",
        "a form is signed with PATCH too (3.4.1.3.1); dot segments stay as they are sent",
    ),
    (
        "mix-018",
        "a query is a form, so + is a space; brackets in a path are signed as they are sent",
    ),
    (
        "mix-024",
        "%c3 in a query is decoded and encoded anew, so in upper case",
    ),
    (
        "mix-025",
        "a path is not decoded: %zz is signed as it is sent",
    ),
    ("mix-027", "braces in a path are signed as they are sent"),
    ("mix-033", "%2E%2E in a path is signed as it is sent"),
    (
        "mix-035",
        "a path beyond ASCII is signed as it is sent; + in a query is a space",
    ),
    (
        "mix-036",
        "pairs of query and form that are equal are all signed",
    ),
    ("mix-058", "a pair without a name is a parameter"),
    (
        "mix-070",
        "form and query are signed with the parameters in the query too",
    ),
    (
        "mix-081",
        "a form that is not encoded as one is not signed (3.4.1.3.1)",
    ),
    ("mix-089", "a path beyond ASCII is signed as it is sent"),
    (
        "mix-090",
        "a space is no part of a URI: it is never signed as it stands",
    ),
    (
        "mix-094",
        "a backslash in a path is signed as it is sent; %3D in a name stays part of it",
    ),
    (
        "mix-095",
        "%7e in a path is signed as it is sent; + in a query is a space",
    ),
    ("mix-099", "a query is a form, so + is a space"),
    (
        "mix-104",
        "< and > are no part of a URI: they are never signed as they stand",
    ),
    (
        "mix-106",
        "a form is signed with PATCH too; %3D in a name stays part of it",
    ),
    ("mix-112", "what is empty between && is no parameter"),
    (
        "mix-115",
        "braces in a path are signed as they are sent; %7E in a query is decoded",
    ),
    ("mix-125", "braces in a path are signed as they are sent"),
    ("mix-130", "dot segments are signed as they are sent"),
    ("mix-135", "%00 is a byte like any other"),
];

/// What the signer of the vectors refuses to sign because its query holds more than a form may; it is encoded here.
const BEYOND_A_FORM: [&str; 13] = [
    "query-042",
    "query-050",
    "query-051",
    "mix-011",
    "mix-026",
    "mix-050",
    "mix-060",
    "mix-074",
    "mix-079",
    "mix-087",
    "mix-103",
    "mix-126",
    "mix-128",
];

fn vectors() -> Vec<Value> {
    let vectors = json("generated.json")["vectors"].take();
    let vectors = vectors.as_array().unwrap().clone();
    assert_eq!(vectors.len(), 171);
    vectors
}

fn text<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().unwrap_or_default()
}

fn body(vector: &Value) -> Bytes {
    let body = &vector["body"];
    match (body["b64"].as_str(), body["fill"].as_str()) {
        (Some(encoded), _) => STANDARD.decode(encoded).unwrap().into(),
        (_, Some(fill)) => fill.repeat(body["len"].as_u64().unwrap() as usize).into(),
        _ => Bytes::new(),
    }
}

/// `None` if its URI cannot be sent.
fn request(vector: &Value) -> Option<http::request::Builder> {
    let uri: Uri = text(vector, "url").parse().ok()?;
    let request = Request::builder().method(text(vector, "method")).uri(uri);
    let headers = vector["headers"].as_array().unwrap().iter();
    Some(headers.fold(request, |request, header| {
        let value = HeaderValue::from_bytes(header[1].as_str().unwrap().as_bytes()).unwrap();
        request.header(header[0].as_str().unwrap(), value)
    }))
}

/// `None` where the method is not built in.
fn credentials(vector: &Value, method: SignatureMethod) -> Option<Credentials> {
    let key = text(vector, "consumer_key");
    let credentials = match method.is_rsa() {
        true => rsa(key)?,
        false => Credentials::new(key, text(vector, "consumer_secret")).unwrap(),
    };
    Some(match vector["token"].as_str() {
        None => credentials,
        Some(token) => credentials
            .token(token, text(vector, "token_secret"))
            .unwrap(),
    })
}

#[cfg(feature = "rsa")]
fn rsa(consumer_key: &str) -> Option<Credentials> {
    use countersign_oauth1::{KeyReader, PrivateKey};
    use std::sync::LazyLock;
    static KEY: LazyLock<PrivateKey> = LazyLock::new(|| {
        KeyReader::new()
            .private(&crate::support::pem("2048-pkcs8.pem"))
            .unwrap()
    });
    Credentials::rsa(consumer_key, KEY.clone()).ok()
}

#[cfg(not(feature = "rsa"))]
fn rsa(_: &str) -> Option<Credentials> {
    None
}

fn client(vector: &Value, method: SignatureMethod) -> Option<OAuth1Builder> {
    let place = match text(vector, "location") {
        "QUERY" => Placement::Query,
        "BODY" => Placement::Form,
        _ => Placement::Header,
    };
    let extra = |name: &str| vector["extra"][name].as_str().unwrap_or_default();
    let client = OAuth1::builder(credentials(vector, method)?)
        .method(method)
        .placement(place)
        .realm(extra("realm"))
        .callback(extra("callback_uri"))
        .verifier(extra("verifier"))
        .nonce(text(vector, "nonce"))
        .timestamp(text(vector, "timestamp").parse().unwrap());
    Some(client)
}

fn base_string(vector: &Value, oauth: &OAuth1) -> String {
    let (head, ()) = request(vector).unwrap().body(()).unwrap().into_parts();
    oauth
        .explain(&head, &Payload::whole(body(vector)))
        .unwrap()
        .base_string
}

/// The signature in whatever place it is.
fn signature(head: &request::Parts, body: &[u8], place: &str) -> String {
    let pairs = match place {
        "QUERY" => in_pairs(head.uri.query().unwrap()),
        "BODY" => in_pairs(str::from_utf8(body).unwrap()),
        _ => return parameter(head, "oauth_signature").unwrap(),
    };
    pairs
        .into_iter()
        .find(|(name, _)| name == "oauth_signature")
        .unwrap()
        .1
}

fn check_method(vector: &Value, method: SignatureMethod) {
    let id = format!("{} {}", text(vector, "id"), method.name());
    let Some(client) = client(vector, method) else {
        return;
    };
    let oauth = client.build().unwrap();
    let named = text(vector, "base_string").replace("HMAC-SHA1", method.name());
    assert_eq!(base_string(vector, &oauth), named, "{id}");
    let (head, sent) = sign(&oauth, request(vector).unwrap(), &body(vector)).unwrap();
    let signature = signature(&head, &sent, text(vector, "location"));
    assert_eq!(signature, vector["signatures"][method.name()], "{id}");
}

/// What is sent, apart from the order of the parameters and how the caller's own query is written.
fn check_sent(vector: &Value) {
    let id = id_of(vector);
    let oauth = client(vector, SignatureMethod::HmacSha1)
        .unwrap()
        .build()
        .unwrap();
    let (head, sent) = sign(&oauth, request(vector).unwrap(), &body(vector)).unwrap();
    let theirs = &vector["signed_hmac_sha1"];
    let unsigned = |mut pairs: Vec<(String, String)>| {
        pairs.retain(|(name, _)| name != "oauth_signature");
        pairs.sort();
        pairs
    };
    match text(vector, "location") {
        "QUERY" => {
            let uri = theirs["uri"].as_str().unwrap().split('#').next().unwrap();
            let (_, query) = uri.split_once('?').unwrap();
            let ours = head.uri.query().unwrap();
            assert_eq!(unsigned(in_pairs(ours)), unsigned(in_pairs(query)), "{id}");
        }
        "BODY" => {
            let ours = in_pairs(str::from_utf8(&sent).unwrap());
            let theirs = in_pairs(theirs["body"].as_str().unwrap());
            assert_eq!(unsigned(ours), unsigned(theirs), "{id}");
        }
        _ => {
            let line = HeaderValue::from_str(theirs["authorization"].as_str().unwrap()).unwrap();
            let ours = in_header(&head.headers["authorization"]);
            assert_eq!(ours, in_header(&line), "{id}");
            assert_eq!(sent, body(vector), "{id}");
        }
    }
}

fn check_body_hash(vector: &Value) {
    let methods = [
        ("sha1", SignatureMethod::HmacSha1),
        ("sha256", SignatureMethod::HmacSha256),
        ("sha512", SignatureMethod::HmacSha512),
    ];
    for (hash, method) in methods {
        let client = client(vector, method).unwrap().placement(Placement::Header);
        let oauth = client
            .callback("")
            .verifier("")
            .body_hash(true)
            .build()
            .unwrap();
        let (head, _) = sign(&oauth, request(vector).unwrap(), &body(vector)).unwrap();
        let ours = parameter(&head, "oauth_body_hash");
        assert_eq!(
            ours.as_deref(),
            vector["body_hash"][hash].as_str(),
            "{}",
            id_of(vector)
        );
    }
}

fn check_vector(vector: &Value) {
    for method in SignatureMethod::ALL {
        check_method(vector, method);
    }
    check_sent(vector);
    if vector["body_hash"].is_object() {
        check_body_hash(vector);
    }
}

fn is_refused(vector: &Value) -> bool {
    vector["error"].is_string()
}

fn id_of(vector: &Value) -> &str {
    text(vector, "id")
}

fn is_sendable(vector: &Value) -> bool {
    let sendable = request(vector).is_some();
    assert_eq!(
        sendable,
        !UNSENDABLE.contains(&id_of(vector)),
        "{}",
        id_of(vector)
    );
    sendable
}

pub(crate) fn check() {
    let agreed = |vector: &&Value| vector["disputed"] != true && !is_refused(vector);
    let vectors = vectors();
    let agreed: Vec<_> = vectors
        .iter()
        .filter(agreed)
        .filter(|one| is_sendable(one))
        .collect();
    assert_eq!(agreed.len(), 124);
    agreed.into_iter().for_each(check_vector);
}

pub(crate) fn check_disputed() {
    let vectors = vectors();
    let disputed = vectors.iter().filter(|vector| vector["disputed"] == true);
    let disputed: Vec<_> = disputed.collect();
    let ids: Vec<_> = disputed.iter().copied().map(id_of).collect();
    assert_eq!(ids, DISPUTED.map(|(id, _)| id));
    disputed
        .into_iter()
        .filter(|one| is_sendable(one))
        .for_each(check_vector);
}

pub(crate) fn check_refused() {
    let vectors = vectors();
    for vector in vectors
        .iter()
        .filter(|one| is_refused(one) && is_sendable(one))
    {
        let client = client(vector, SignatureMethod::HmacSha1).unwrap();
        let signed = sign(
            &client.build().unwrap(),
            request(vector).unwrap(),
            &body(vector),
        );
        match id_of(vector) {
            "body-013" => assert_eq!(signed.unwrap_err().kind(), ErrorKind::Configuration),
            id => {
                assert!(BEYOND_A_FORM.contains(&id), "{id}");
                signed.unwrap();
            }
        }
    }
}
