//! The proof is bound to the certificate of the connection.

use countersign_core::Any;
use countersign_ntlm::{ChannelBinding, Ntlm};
use http::StatusCode;

use super::net::Driver;
use super::serving::{Serving, certificates};
use super::{PASSWORD, get, put, user};

/// The server's own certificate, as a client sees it.
async fn certificate() -> Vec<u8> {
    let server = Serving::tls(ChannelBinding::of(b"any")).await;
    let tls = certificates().client();
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_backend_preconfigured(tls)
        .tls_info(true);
    let response = client
        .build()
        .unwrap()
        .get(server.tls_url())
        .send()
        .await
        .unwrap();
    let info = response
        .extensions()
        .get::<reqwest::tls::TlsInfo>()
        .unwrap();
    info.peer_certificate().unwrap().to_vec()
}

#[tokio::test]
async fn a_server_that_demands_its_own_binding_is_satisfied() {
    let binding = ChannelBinding::server_end_point(&certificate().await).unwrap();
    for driver in Driver::BOTH {
        let server = Serving::tls(binding).await;
        let client = driver.client(user(0), certificates());
        for sent in [get("user0"), put("user0"), get("user0")] {
            let answer = client.send(&server.tls_url(), sent).await.unwrap();
            assert_eq!(answer, (StatusCode::OK, "user0".into()), "{driver:?}");
        }
        assert!(server.raw.seen().iter().all(|seen| seen.tls));
        assert_eq!((server.handshakes(), server.split()), (1, 0));
    }
}

#[tokio::test]
async fn a_proof_for_another_channel_is_refused() {
    let binding = ChannelBinding::server_end_point(&certificate().await).unwrap();
    for driver in Driver::BOTH {
        let elsewhere = Serving::tls(ChannelBinding::of(b"tls-server-end-point:other")).await;
        let client = driver.client(user(0), certificates());
        let (status, _) = client
            .send(&elsewhere.tls_url(), put("user0"))
            .await
            .unwrap();
        assert_eq!((status, elsewhere.split()), (StatusCode::UNAUTHORIZED, 1));
        let server = Serving::tls(binding).await;
        let forwarded = Ntlm::new("user0", PASSWORD).unwrap();
        let forwarded =
            forwarded.channel_binding(ChannelBinding::of(b"tls-server-end-point:other"));
        let client = driver.client(Any::new(forwarded), certificates());
        let (status, _) = client.send(&server.tls_url(), put("user0")).await.unwrap();
        assert_eq!(
            (status, server.split()),
            (StatusCode::UNAUTHORIZED, 1),
            "{driver:?}"
        );
    }
}

/// In clear text there is no channel to be bound to.
#[tokio::test]
async fn a_connection_without_tls_has_no_binding() {
    let binding = ChannelBinding::server_end_point(&certificate().await).unwrap();
    for driver in Driver::BOTH {
        let server = Serving::tls(binding).await;
        let client = driver.client(user(0), certificates());
        let (status, _) = client.send(&server.url(), put("user0")).await.unwrap();
        assert_eq!((status, server.split()), (StatusCode::UNAUTHORIZED, 1));
    }
}
