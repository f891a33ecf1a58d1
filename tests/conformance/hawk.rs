//! Hawk: a request as @hapi/hawk signs it. What a slow clock makes of it, and the proof in the answer, were computed with
//! Python's `hmac` from the texts that Hawk's documentation gives.

use bytes::Bytes;
use countersign_core::{Any, ErrorKind};
use countersign_hawk::{Algorithm, AnswerProof, Credentials, Hawk, PayloadHash};
use countersign_testkit::pinned;
use http::Request;
use wiremock::ResponseTemplate;

use crate::entry::{End, Entry, ok, post, refusal};

/// `hawk.1.header`, 1353832479, j4h3g245, POST, /a/b/?a=1&b=2, example.com, 443, the hash of the form, e=1&f=2, my-app
const RIGHT: &str = "Hawk id=\"x\", ts=\"1353832479\", nonce=\"j4h3g245\", \
    hash=\"MqHj8o9z9f3jnWdeFEmQhcxCEjDbcu0mJ5UPJp8RbN4=\", ext=\"e=1&f=2\", \
    mac=\"DL9q9+6vGvz4V4+Ws0vQvQ6PT7NyVIjdydnuGWp5bYo=\", app=\"my-app\"";
/// The same, 1000 seconds earlier.
const SLOW: &str = "Hawk id=\"x\", ts=\"1353831479\", nonce=\"j4h3g245\", \
    hash=\"MqHj8o9z9f3jnWdeFEmQhcxCEjDbcu0mJ5UPJp8RbN4=\", ext=\"e=1&f=2\", \
    mac=\"iGjgGu1819nVnd4dIU3BC7HhFIrh1lVnxOb7VXaXiYE=\", app=\"my-app\"";
const TIME: &str = "Hawk ts=\"1353832479\", tsm=\"k0w5TBlwd5QgCzNNHvKzvPGamTUOXoh1SkDJ6Snb4G0=\", \
    error=\"Stale timestamp\"";
const FORGED_TIME: &str = "Hawk ts=\"1353832479\", tsm=\"l0w5TBlwd5QgCzNNHvKzvPGamTUOXoh1SkDJ6Snb4G0=\", \
    error=\"Stale timestamp\"";
/// Over `some reply` as `text/plain`.
const PROOF: &str = "Hawk mac=\"UgAMOj3dFADl6WrGewYH4oERvhuCGSei+eK3e3Q2a6o=\", \
    hash=\"f9cDF/TDm7TkYRLnGwRMfeDzT6LixQVLvrIKhh0vgmM=\", ext=\"srv\"";
const FORGED_PROOF: &str = "Hawk mac=\"VgAMOj3dFADl6WrGewYH4oERvhuCGSei+eK3e3Q2a6o=\", \
    hash=\"f9cDF/TDm7TkYRLnGwRMfeDzT6LixQVLvrIKhh0vgmM=\", ext=\"srv\"";

/// A client whose clock shows this time.
fn hawk(key: &str, time: u64) -> Hawk {
    let credentials = Credentials::new("x", key, Algorithm::Sha256).unwrap();
    Hawk::new(credentials.app("my-app", None).unwrap())
        .payload_hash(PayloadHash::Always)
        .ext("e=1&f=2")
        .unwrap()
        .nonce("j4h3g245")
        .unwrap()
        .sources(pinned(time))
}

fn request() -> Request<Bytes> {
    let form = "application/x-www-form-urlencoded";
    post("https://example.com/a/b/?a=1&b=2", form, "a=1&b=2")
}

fn in_time(name: &'static str) -> Entry {
    Entry::new(name, ["k", "other"], request(), |key, _| {
        Any::new(hawk(key, 1_353_832_479))
    })
}

fn late(name: &'static str) -> Entry {
    Entry::new(name, ["k", "other"], request(), |key, _| {
        Any::new(hawk(key, 1_353_831_479))
    })
}

fn proving(name: &'static str, proof: &str, body: &str, end: End) -> Entry {
    let answer = ok().set_body_raw(body, "text/plain");
    let answer = answer.insert_header("server-authorization", proof);
    Entry {
        client: |key, _| Any::new(hawk(key, 1_353_832_479).require_proof(AnswerProof::Body)),
        ..in_time(name)
    }
    .leg(&[("authorization", RIGHT)], answer)
    .ends(end)
}

fn stale(challenge: &str) -> ResponseTemplate {
    refusal().insert_header("www-authenticate", challenge)
}

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        in_time("with its payload").accepted("authorization", RIGHT),
        late("a slow clock is set once")
            .leg(&[("authorization", SLOW)], stale(TIME))
            .accepted("authorization", RIGHT),
        late("a clock is not set by anybody")
            .leg(&[("authorization", SLOW)], stale(FORGED_TIME))
            .ends(Ok(401)),
        proving("the answer's proof", PROOF, "some reply", Ok(200)),
        proving(
            "a proof of another body",
            PROOF,
            "some other",
            Err(ErrorKind::ServerAuthentication),
        ),
        proving(
            "a forged proof",
            FORGED_PROOF,
            "some reply",
            Err(ErrorKind::ServerAuthentication),
        ),
        in_time("a forged proof that nobody demanded")
            .leg(
                &[("authorization", RIGHT)],
                ok().insert_header("server-authorization", FORGED_PROOF),
            )
            .ends(Err(ErrorKind::ServerAuthentication)),
    ]
}
