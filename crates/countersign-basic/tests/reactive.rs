//! Basic that waits to be asked, alone and in a choice.
#![allow(clippy::unwrap_used)]

countersign_testkit::watched!();

use countersign_basic::{Basic, Reactive};
use countersign_core::{Any, AnyOf, Cx, ErrorKind, Exchange, Leg, Next, Payload, Scheme};
use http::{HeaderValue, Request, Response, request, response};

const CHALLENGE: &str = r#"Digest realm="d", nonce="n", basic realm="b""#;
const ALICE: &str = "Basic YWxpY2U6eA==";

fn alice() -> Reactive {
    Basic::new("alice", "x").unwrap().reactive()
}

fn request(url: &str) -> request::Parts {
    Request::get(url).body(()).unwrap().into_parts().0
}

fn answer(status: u16, challenge: &'static str) -> response::Parts {
    let answer = Response::builder()
        .status(status)
        .header("www-authenticate", challenge);
    answer.body(()).unwrap().into_parts().0
}

fn sent(exchange: &mut impl Exchange, head: &request::Parts) -> Option<HeaderValue> {
    let mut head = head.clone();
    exchange
        .prepare(&mut head, &mut Payload::default())
        .unwrap();
    head.headers.remove("authorization")
}

#[tokio::test]
async fn it_waits_answers_once_and_then_needs_no_asking() {
    let (basic, head) = (alice(), request("https://h/a"));
    let cx = Cx::new(&head, None);
    let mut first = basic.begin(cx).await.unwrap();
    assert_eq!((first.plan(), first.reveals()), (Leg::Doubtful, false));
    assert_eq!(sent(&mut first, &head), None);
    let refused = answer(401, CHALLENGE);
    assert_eq!(first.receive(&refused).unwrap(), Next::Restart);

    let mut second = basic.begin(cx.refused(&refused)).await.unwrap();
    assert_eq!((second.plan(), second.reveals()), (Leg::Last, true));
    assert_eq!(sent(&mut second, &head).unwrap(), ALICE);

    let mut later = basic
        .begin(Cx::new(&request("https://H:443/b"), None))
        .await
        .unwrap();
    assert_eq!(sent(&mut later, &head).unwrap(), ALICE);
    assert_eq!(later.receive(&answer(200, "")).unwrap(), Next::Done);
}

#[tokio::test]
async fn another_origin_is_not_sent_what_this_one_asked_for() {
    let (basic, head) = (alice(), request("https://h/"));
    let refused = answer(401, CHALLENGE);
    basic
        .begin(Cx::new(&head, None).refused(&refused))
        .await
        .unwrap();
    for url in ["https://h:444/", "http://h/", "https://i/", "/relative"] {
        let mut exchange = basic.begin(Cx::new(&request(url), None)).await.unwrap();
        assert_eq!(sent(&mut exchange, &head), None, "{url}");
    }
}

#[tokio::test]
async fn wrong_credentials_are_sent_once_and_forgotten() {
    let (basic, head) = (alice(), request("https://h/"));
    let (cx, refused) = (Cx::new(&head, None), answer(401, CHALLENGE));
    let mut exchange = basic.begin(cx.refused(&refused)).await.unwrap();
    assert_eq!(exchange.receive(&refused).unwrap(), Next::Done);
    assert_eq!(sent(&mut basic.begin(cx).await.unwrap(), &head), None);
}

#[tokio::test]
async fn a_challenge_without_basic_is_the_callers() {
    let (basic, head) = (alice(), request("https://h/"));
    for challenge in [
        r#"Digest realm="Basic", nonce="n""#,
        "BasicAuth realm=x",
        "",
    ] {
        let refused = answer(401, challenge);
        let begun = basic.begin(Cx::new(&head, None).refused(&refused)).await;
        assert_eq!(
            begun.unwrap_err().kind(),
            ErrorKind::Challenge,
            "{challenge}"
        );
    }
}

#[tokio::test]
async fn other_answers_are_the_callers() {
    let head = request("https://h/");
    let mut exchange = alice().begin(Cx::new(&head, None)).await.unwrap();
    for status in [200, 403, 500] {
        assert_eq!(
            exchange.receive(&answer(status, CHALLENGE)).unwrap(),
            Next::Done
        );
    }
}

#[tokio::test]
async fn it_takes_part_in_a_choice() {
    let (choice, head) = (AnyOf::new([Any::new(alice())]), request("https://h/"));
    let (cx, refused) = (Cx::new(&head, None), answer(401, CHALLENGE));
    let mut first = choice.begin(cx).await.unwrap();
    assert_eq!(sent(&mut first, &head), None);
    assert_eq!(first.receive(&refused).unwrap(), Next::Restart);
    let mut second = choice.begin(cx.refused(&refused)).await.unwrap();
    assert_eq!(sent(&mut second, &head).unwrap(), ALICE);
    let mut third = choice.begin(cx).await.unwrap();
    assert_eq!(sent(&mut third, &head).unwrap(), ALICE);
}

#[tokio::test]
async fn memory_is_bounded() {
    let (basic, refused) = (alice(), answer(401, CHALLENGE));
    for number in 0..3000 {
        let head = request(&format!("https://h{number}/"));
        basic
            .begin(Cx::new(&head, None).refused(&refused))
            .await
            .unwrap();
    }
    let forgotten = request("https://h0/");
    let mut exchange = basic.begin(Cx::new(&forgotten, None)).await.unwrap();
    assert_eq!(sent(&mut exchange, &forgotten), None);
}
