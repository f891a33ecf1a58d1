//! Challenges on a 401.

use std::time::{Duration, Instant};

use conformance::{Driver, Setup};
use countersign_basic::Basic;
use countersign_core::{Any, AnyOf};
use countersign_digest::Digest;
use countersign_testkit::{Answer, Canary, RawServer, Then, logs};

use crate::{authorization, input, rows};

/// What becomes of a challenge.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expect {
    /// The answer is the caller's after one request without credentials.
    Ignored,
    /// It is answered, and the field holds this.
    Answered(&'static str),
}

use Expect::{Answered, Ignored};

type Scheme = fn(&str) -> Any;

fn digest(secret: &str) -> Any {
    Any::new(Digest::new("bob", secret.to_owned()).unwrap())
}

pub(crate) fn basic(secret: &str) -> Any {
    Any::new(Basic::new("bob", secret).unwrap().reactive())
}

fn both(secret: &str) -> Any {
    Any::new(AnyOf::new([basic(secret), digest(secret)]))
}

/// Each challenge on a 401, for the schemes that may be tempted.
pub(crate) const CHALLENGES: &[(&str, Scheme, Expect)] = &[
    ("B004", digest, Ignored),
    ("B005", basic, Ignored),
    ("B007", digest, Ignored),
    ("B008", digest, Answered(r#"realm="a\"b\\c""#)),
    ("B009", digest, Answered(r#"realm="a""#)),
    ("B012", digest, Ignored),
    ("B013", digest, Ignored),
    ("B014", digest, Answered(r#"nonce="n""#)),
    ("B016", both, Answered("Digest ")),
    ("B017", basic, Answered("Basic ")),
    ("B017", digest, Ignored),
    ("B021", both, Ignored),
    ("B025", digest, Answered("Digest ")),
    ("B026", digest, Answered("Digest ")),
    ("B031", both, Ignored),
    ("B032", digest, Ignored),
];

#[tokio::test]
async fn challenges_on_the_wire() {
    let (rows, watch) = (rows(), logs::watch());
    for (id, scheme, expect) in CHALLENGES {
        let challenge = [b"www-authenticate: ", &input(&rows[*id])[..], b"\r\n"].concat();
        for driver in Driver::ALL {
            challenged(id, driver, *scheme, &challenge, *expect).await;
        }
    }
    drop(watch);
}

#[tokio::test]
async fn b028_as_many_fields_as_a_client_lets_through() {
    let challenges: String = (0..90)
        .map(|n| format!("www-authenticate: S{n} a=b\r\n"))
        .collect();
    for driver in Driver::ALL {
        challenged("B028", driver, both, challenges.as_bytes(), Ignored).await;
    }
}

async fn challenged(id: &str, driver: Driver, scheme: Scheme, fields: &[u8], expect: Expect) {
    let refusal = [b"HTTP/1.1 401 x\r\n", fields, b"content-length: 0\r\n\r\n"].concat();
    let server = RawServer::start(move |seen| match authorization(seen) {
        None => Answer::raw(refusal.clone()).then(Then::Keep),
        Some(_) => Answer::new(200),
    })
    .await;
    let client = driver.client(scheme(Canary::token().as_str()), &Setup::default());
    let start = Instant::now();
    let status = client.status(&server.url("/")).await;
    assert!(
        start.elapsed() < Duration::from_secs(1),
        "{id} by {driver:?}: {:?}",
        start.elapsed()
    );
    let sent: Vec<_> = server.seen().iter().map(authorization).collect();
    match expect {
        Ignored => assert_eq!((status, sent), (401, vec![None]), "{id} by {driver:?}"),
        Answered(part) => {
            assert_eq!(
                (status, sent.len()),
                (200, 2),
                "{id} by {driver:?}: {sent:?}"
            );
            let sent = sent[1].clone().unwrap();
            assert!(sent.contains(part), "{id} by {driver:?}: {sent}");
        }
    }
}
