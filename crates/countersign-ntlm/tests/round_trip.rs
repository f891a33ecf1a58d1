//! Our client before our verifier.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use countersign_core::{Connection, PeerCertificate};
use countersign_ntlm::{ChannelBinding, NtHash, Ntlm, NtlmVerifier};
use http::{Method, StatusCode};
use support::{PASSWORD, Wire, builder, client, head, post, send, verifier};

async fn status(client: &Ntlm, verifier: &NtlmVerifier) -> StatusCode {
    let lane = Connection::default();
    post(client, &lane, &Wire::new(verifier))
        .await
        .unwrap()
        .last
        .status()
}

async fn is_let_in(client: &Ntlm, verifier: &NtlmVerifier) -> bool {
    status(client, verifier).await == 200
}

#[tokio::test]
async fn three_legs_for_a_connection_and_one_for_each_request_on_it() {
    let (client, lane, wire) = (client(), Connection::default(), Wire::new(&verifier()));
    let first = send(&client, &lane, &wire, head()).await.unwrap();
    let [None, Some(greeting), Some(proof)] = &first.fields[..] else {
        panic!("{:?}", first.fields.len())
    };
    assert!(greeting.starts_with("NTLM TlRMTVNTUAABAAAA") && greeting.len() == 5 + 56);
    assert!(proof.starts_with("NTLM TlRMTVNTUAADAAAA"));
    assert_eq!(first.last.user.unwrap().to_string(), "User");
    for _ in 0..3 {
        let later = send(&client, &lane, &wire, head()).await.unwrap();
        assert_eq!(
            (later.fields, later.last.status()),
            (vec![None], StatusCode::OK)
        );
    }
}

#[tokio::test]
async fn a_known_origin_is_greeted_at_once() {
    let (client, verifier) = (client(), verifier());
    for legs in [3, 2, 2] {
        let (lane, wire) = (Connection::default(), Wire::new(&verifier));
        let sent = send(&client, &lane, &wire, head()).await.unwrap();
        assert_eq!(
            (sent.fields.len(), sent.last.status()),
            (legs, StatusCode::OK)
        );
    }
}

#[tokio::test]
async fn a_request_that_changes_something_is_not_sent_bare() {
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
        let (client, lane, wire) = (client(), Connection::default(), Wire::new(&verifier()));
        let mut head = head();
        head.method = method;
        let sent = send(&client, &lane, &wire, head).await.unwrap();
        assert_eq!((sent.fields.len(), sent.last.status()), (2, StatusCode::OK));
    }
}

#[tokio::test]
async fn names_are_taken_as_they_are_meant() {
    let verifier = verifier();
    let (wrong, right) = (StatusCode::UNAUTHORIZED, StatusCode::OK);
    for (username, domain, expected) in [
        ("alice", "LAB", right),
        ("ALICE", "lab", right),
        ("LAB\\alice", "", right),
        ("alice@LAB", "", right),
        ("alice", "", wrong),
        ("alice", "OTHER", wrong),
        ("LAB\\alice", "LAB", wrong),
        ("alice@LAB", "LAB", wrong),
    ] {
        let client = Ntlm::new(username, "sesame")
            .unwrap()
            .domain(domain)
            .unwrap();
        assert_eq!(
            status(&client, &verifier).await,
            expected,
            "{username} {domain}"
        );
    }
    let kept = Ntlm::new("alice@LAB", "sesame")
        .unwrap()
        .keep_username(true)
        .unwrap();
    assert_eq!(
        status(&kept, &verifier).await,
        wrong,
        "the whole name, without a domain"
    );
}

#[tokio::test]
async fn the_user_is_told() {
    let client = Ntlm::new("alice@lab", "sesame")
        .unwrap()
        .workstation("wörk")
        .unwrap();
    let sent = post(&client, &Connection::default(), &Wire::new(&verifier()))
        .await
        .unwrap();
    let user = sent.last.user.unwrap();
    assert_eq!(
        (&*user.name, &*user.domain, &*user.workstation),
        ("alice", "LAB", "wörk")
    );
    assert_eq!(user.to_string(), "LAB\\alice");
}

#[tokio::test]
async fn a_hash_is_as_good_as_its_password() {
    let hash = NtHash::of(&PASSWORD.into()).unwrap();
    let client = Ntlm::with_hash("User", hash).unwrap();
    assert!(is_let_in(&client, &verifier()).await);
    let client = Ntlm::with_hash("User", NtHash::new([7; 16])).unwrap();
    assert!(!is_let_in(&client, &verifier()).await);
}

#[tokio::test]
async fn a_wrong_password_ends_after_the_third_message() {
    for name in ["User", "nobody"] {
        let client = Ntlm::new(name, "wrong").unwrap();
        let sent = post(&client, &Connection::default(), &Wire::new(&verifier()))
            .await
            .unwrap();
        assert_eq!(
            (sent.fields.len(), sent.last.status()),
            (2, StatusCode::UNAUTHORIZED)
        );
        assert_eq!(sent.last.challenges(), ["NTLM"]);
    }
}

#[tokio::test]
async fn inside_of_negotiate() {
    let verifier = builder().negotiate(true).build().unwrap();
    let wire = Wire::new(&verifier);
    assert_eq!(wire.bare().await.challenges(), ["Negotiate", "NTLM"]);
    let refusal = support::refusal(&["Negotiate"]);
    let lane = Connection::default();
    let client = client().negotiate(true);
    let mut exchange = support::resume(&client, &refusal).await.unwrap();
    let sent = support::run(&mut exchange, &lane, &wire, head())
        .await
        .unwrap();
    let [Some(greeting), Some(proof)] = &sent.fields[..] else {
        panic!("{}", sent.fields.len())
    };
    assert!(greeting.starts_with("Negotiate YE") && proof.starts_with("Negotiate oY"));
    assert_eq!(sent.last.status(), 200);
    assert!(
        sent.last.challenges()[0].starts_with("Negotiate oR"),
        "the server signs as well"
    );
    assert_eq!(wire.bare().await.status(), 200);
}

#[tokio::test]
async fn negotiate_is_left_alone_unless_it_is_enabled() {
    let refusal = support::refusal(&["Negotiate TlRMTVNTUAACAAAA", "Negotiate"]);
    let error = support::resume(&client(), &refusal).await.unwrap_err();
    assert_eq!(error.kind(), countersign_core::ErrorKind::Challenge);
    let wire = Wire::new(&verifier());
    assert_eq!(
        wire.with("Negotiate TlRMTVNTUAABAAAAB4IIogAAAAAAAAAAAAAAAAAAAAA=")
            .await
            .challenges(),
        ["NTLM"]
    );
}

#[tokio::test]
async fn a_server_of_negotiate_alone_is_found_out() {
    let (client, verifier) = (
        client().negotiate(true),
        builder().negotiate(true).build().unwrap(),
    );
    let (lane, wire) = (Connection::default(), Wire::new(&verifier));
    let mut exchange = support::begin(&client).await;
    exchange.bind(&lane);
    assert!(exchange.leg().starts_with("NTLM "));
    exchange.again(&support::refusal(&["Negotiate"]));
    let first = wire.with(&exchange.leg()).await;
    exchange.again(&first.response);
    assert_eq!(wire.with(&exchange.leg()).await.status(), 200);
}

#[tokio::test]
async fn a_mic_is_sent_and_can_be_demanded() {
    let verifier = builder().require_mic(true).build().unwrap();
    assert!(is_let_in(&client(), &verifier).await);
}

#[tokio::test]
async fn a_channel_binding_can_be_demanded() {
    let [right, wrong] =
        [&b"tls-server-end-point:a"[..], b"tls-server-end-point:b"].map(ChannelBinding::of);
    let demanding = builder().channel_bindings([right]).build().unwrap();
    assert!(is_let_in(&client().channel_binding(right), &demanding).await);
    assert!(!is_let_in(&client().channel_binding(wrong), &demanding).await);
    assert!(!is_let_in(&client(), &demanding).await, "none");
    let lenient = builder()
        .channel_bindings([right])
        .allow_unbound(true)
        .build()
        .unwrap();
    assert!(is_let_in(&client(), &lenient).await);
    assert!(!is_let_in(&client().channel_binding(wrong), &lenient).await);
    assert!(
        is_let_in(&client().channel_binding(wrong), &verifier()).await,
        "not looked at"
    );
}

#[tokio::test]
async fn the_connections_certificate_is_bound() {
    let [certificate, other] = ["a.test", "b.test"].map(support::certificate);
    let binding = ChannelBinding::server_end_point(&certificate).unwrap();
    let demanding = builder().channel_bindings([binding]).build().unwrap();
    for (certificate, expected) in [(certificate, 200), (other, 401)] {
        let lane = Connection::default();
        lane.remember(PeerCertificate::new(certificate));
        let sent = post(&client(), &lane, &Wire::new(&demanding))
            .await
            .unwrap();
        assert_eq!(sent.last.status(), expected);
    }
}

#[tokio::test]
async fn the_service_can_be_demanded() {
    let verifier = builder()
        .service_names(["http/WWW.example.org"])
        .build()
        .unwrap();
    assert!(is_let_in(&client(), &verifier).await);
    assert!(!is_let_in(&client().service_name("HTTP/elsewhere"), &verifier).await);
}

#[tokio::test]
async fn each_request_can_be_made_to_shake_hands() {
    let verifier = builder().each_request(true).build().unwrap();
    let wire = Wire::new(&verifier);
    assert_eq!(
        post(&client(), &Connection::default(), &wire)
            .await
            .unwrap()
            .last
            .status(),
        200
    );
    assert_eq!(wire.bare().await.status(), 401);
}

#[tokio::test]
async fn a_connection_that_the_server_forgot_is_authenticated_anew() {
    let (client, lane, verifier) = (client(), Connection::default(), verifier());
    post(&client, &lane, &Wire::new(&verifier)).await.unwrap();
    let sent = post(&client, &lane, &Wire::new(&verifier)).await.unwrap();
    assert_eq!((sent.fields.len(), sent.last.status()), (3, StatusCode::OK));
    assert!(sent.fields[0].is_none() && sent.fields[1].is_some());
}

#[test]
fn identities_are_told_apart() {
    use countersign_core::{Cx, Exchange, Scheme};
    let refused = support::refusal(&["NTLM"]);
    let binding = |client: Ntlm| {
        let head = head();
        let begin = client.begin(Cx::new(&head, None).refused(&refused));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(begin).unwrap().binding()
    };
    assert_eq!(binding(client()), binding(client().negotiate(true)));
    let others = [
        Ntlm::new("user", "other").unwrap(),
        Ntlm::new("other", PASSWORD).unwrap(),
        client().domain("d").unwrap(),
        client().workstation("w").unwrap(),
    ];
    for other in others {
        assert_ne!(binding(client()), binding(other));
    }
}
