//! The proof is bound to the certificate of the connection.

use conformance::serving::{PASSWORD, Serving, user};
use conformance::{Driver, net};
use countersign_core::Any;
use countersign_ntlm::{ChannelBinding, Ntlm};
use http::StatusCode;
use reqwest::tls::TlsInfo;

use crate::{answer, client, get, put, served};

/// What binds to the servers' own certificate, as a client sees it.
async fn own() -> ChannelBinding {
    let server = Serving::named().await;
    let client = net::reqwest(net::certificates()).tls_info(true);
    let sent = client.build().unwrap().get(server.tls_url()).send();
    let response = sent.await.unwrap();
    let info = response.extensions().get::<TlsInfo>().unwrap();
    ChannelBinding::server_end_point(info.peer_certificate().unwrap()).unwrap()
}

fn other() -> ChannelBinding {
    ChannelBinding::of(b"tls-server-end-point:other")
}

#[tokio::test]
async fn a_server_that_demands_its_own_binding_is_satisfied() {
    let binding = own().await;
    for driver in Driver::WITH_LANES {
        let server = Serving::bound(binding).await;
        let (client, url) = (client(driver, user(0)), server.tls_url());
        for sent in [get(&url), put(&url), get(&url)] {
            assert_eq!(answer(&client, sent).await, served(), "{driver:?}");
        }
        assert!(server.raw.seen().iter().all(|seen| seen.tls));
        let counted = server.counted();
        assert_eq!((counted.handshakes, counted.split), (1, 0));
    }
}

#[tokio::test]
async fn a_proof_for_another_channel_is_refused() {
    let binding = own().await;
    for driver in Driver::WITH_LANES {
        let forwarded = Ntlm::new("user0", PASSWORD).unwrap();
        let forwarded = Any::new(forwarded.channel_binding(other()));
        for (demanded, scheme) in [(other(), user(0)), (binding, forwarded)] {
            let server = Serving::bound(demanded).await;
            let (status, _) = answer(&client(driver, scheme), put(&server.tls_url())).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{driver:?}");
            assert_eq!(server.counted().split, 1);
        }
    }
}

/// In clear text there is no channel to be bound to.
#[tokio::test]
async fn a_connection_without_tls_has_no_binding() {
    let binding = own().await;
    for driver in Driver::WITH_LANES {
        let server = Serving::bound(binding).await;
        let (status, _) = answer(&client(driver, user(0)), put(&server.url())).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert_eq!(server.counted().split, 1);
    }
}
