//! The tools themselves: canaries, the log watch, the raw server.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use countersign_testkit::{Answer, Canary, RawServer, Then, exchange, find_mark, logs};

#[test]
fn a_canary_is_found_in_every_encoding() {
    for canary in [Canary::new(), Canary::token()] {
        let secret = canary.as_str();
        let hex: String = secret.bytes().map(|byte| format!("{byte:02X}")).collect();
        let percent: String = secret.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let mut shown = vec![
            secret.to_owned(),
            hex.to_lowercase(),
            hex,
            percent.replace('%', "%25"),
            percent,
        ];
        for before in ["", "u", "us", "user:"] {
            shown.push(STANDARD.encode(format!("{before}{secret}@")));
            shown.push(URL_SAFE.encode(format!("{before}{secret}@")));
        }
        for text in shown {
            let text = format!("x: {text}\r\n");
            assert!(canary.is_in(text.as_bytes()), "{text}");
            assert!(find_mark(text.as_bytes()), "{text}");
        }
        assert!(!find_mark(
            b"authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        ));
        assert!(!canary.is_in(Canary::token().as_str().as_bytes()));
    }
}

#[test]
fn canaries_are_told_apart_in_every_encoding() {
    let (one, other) = (Canary::new(), Canary::new());
    for before in ["", "u", "us"] {
        let shown = STANDARD.encode(format!("{before}{}", other.as_str()));
        assert!(!one.is_in(shown.as_bytes()) && other.is_in(shown.as_bytes()));
    }
}

#[test]
fn the_watch_sees_events_spans_records_and_panics() {
    let watch = logs::watch();
    let canary = Canary::token();
    let before = logs::lines();
    tracing::trace!(secret = canary.as_str(), "an event");
    tracing::trace!("{}", canary.as_str());
    let _span = tracing::trace_span!("span", secret = canary.as_str()).entered();
    log::trace!("{}", canary.as_str());
    let _ = std::panic::catch_unwind(|| panic!("{}", canary.as_str()));
    assert!(logs::lines() >= before + 5);
    assert_eq!(logs::take_leaks().len(), 5);
    drop(watch);
}

#[tokio::test]
async fn the_raw_server_keeps_what_it_sees() {
    let server = RawServer::start(|seen| Answer::new(200).body(seen.request.body.clone())).await;
    let request = b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    let response = exchange(server.address(), request).await.unwrap();
    assert_eq!(
        (response.status.as_u16(), &*response.body),
        (200, &b"abc"[..])
    );
    assert_eq!(server.seen()[0].request.bytes, request);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn the_raw_server_stops_when_dropped() {
    let server = RawServer::start(|_| Answer::new(200).then(Then::Hang)).await;
    let address = server.address();
    drop(server);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(exchange(address, b"GET / HTTP/1.1\r\n\r\n").await.is_err());
}
