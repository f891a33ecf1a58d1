//! Where credentials may go, and how one request is treated otherwise.

use conformance::{Driver, net};
use countersign_core::{Any, ErrorKind, Origin, Override, Settings};
use countersign_digest::Digest;
use countersign_testkit::{Answer, RawServer, Seen, Shape};
use http::Request;

use crate::{client, get, settings};

async fn server() -> RawServer {
    let address = std::net::Ipv4Addr::LOCALHOST.into();
    RawServer::start_on(address, Some(net::certificates()), |_| Answer::new(200)).await
}

fn revealing() -> Shape {
    Shape {
        reveals: true,
        ..Shape::default()
    }
}

/// Whether the last request came with credentials.
fn signed(server: &RawServer) -> bool {
    server
        .seen()
        .last()
        .unwrap()
        .request
        .header("x-leg")
        .is_some()
}

#[tokio::test]
async fn what_can_be_read_on_the_way_is_not_sent() {
    for driver in Driver::ALL {
        let server = server().await;
        let port = server.address().port();
        let strict = client(driver, revealing(), settings());
        let error = strict
            .send(get(&format!("http://a.test:{port}/")))
            .await
            .unwrap_err();
        assert_eq!(
            error.kind,
            Some(ErrorKind::Cleartext),
            "{driver:?}: {}",
            error.text
        );
        assert!(error.text.contains("allow_cleartext"), "{}", error.text);
        assert_eq!(server.connections(), 0, "{driver:?}");
        for url in [
            format!("https://a.test:{port}/"),
            server.url("/"),
            format!("http://localhost:{port}/"),
        ] {
            assert_eq!(strict.status(&url).await, 200);
            assert!(signed(&server), "{driver:?} {url}");
        }
        let allowed = client(driver, revealing(), settings().allow_cleartext(true));
        assert_eq!(allowed.status(&format!("http://a.test:{port}/")).await, 200);
        assert!(signed(&server), "{driver:?}");
    }
}

#[tokio::test]
async fn an_override_is_held_to_the_same_rules() {
    for driver in Driver::ALL {
        let server = server().await;
        let client = client(driver, Shape::default(), settings());
        let mut request = get(&format!("http://a.test:{}/", server.address().port()));
        request
            .extensions_mut()
            .insert(Override::with(Any::new(revealing())));
        let error = client.send(request).await.unwrap_err();
        assert_eq!(
            error.kind,
            Some(ErrorKind::Cleartext),
            "{driver:?}: {}",
            error.text
        );
    }
}

#[tokio::test]
async fn one_request_is_sent_otherwise_or_without_credentials() {
    for driver in Driver::ALL {
        let server = server().await;
        let client = client(driver, Shape::default(), settings());
        let mut request = get(&server.url("/"));
        request.extensions_mut().insert(Override::none());
        client.send(request).await.unwrap();
        assert!(!signed(&server), "{driver:?}");
        let other = Shape {
            readdresses: Some("/other"),
            ..Shape::default()
        };
        let mut request = get(&server.url("/"));
        request
            .extensions_mut()
            .insert(Override::with(Any::new(other)));
        client.send(request).await.unwrap();
        assert_eq!(
            server.seen().last().unwrap().request.target,
            "/other",
            "{driver:?}"
        );
        client.send(get(&server.url("/"))).await.unwrap();
        assert_eq!(
            server.seen().last().unwrap().request.target,
            "/",
            "{driver:?}"
        );
    }
}

#[tokio::test]
async fn outside_of_only_a_request_passes_without_credentials() {
    for driver in Driver::ALL {
        let (inside, outside) = (server().await, server().await);
        let origin: Origin = inside.url("").parse().unwrap();
        let client = client(driver, Shape::default(), Settings::default().only([origin]));
        assert_eq!(client.status(&inside.url("/")).await, 200);
        assert_eq!(client.status(&outside.url("/")).await, 200);
        assert!(signed(&inside) && !signed(&outside), "{driver:?}");
    }
}

#[tokio::test]
async fn the_callers_own_field_of_that_name_is_replaced() {
    for driver in Driver::ALL {
        let server = server().await;
        let request = Request::get(server.url("/"))
            .header("x-leg", "mine")
            .body("")
            .unwrap();
        client(driver, Shape::default(), settings())
            .send(request)
            .await
            .unwrap();
        let fields = server.seen()[0].request.headers.clone();
        let legs: Vec<_> = fields
            .iter()
            .filter(|(name, _)| name == "x-leg")
            .map(|(_, value)| value.clone())
            .collect();
        assert_eq!(legs, [b"1"], "{driver:?}");
    }
}

#[tokio::test]
async fn a_domain_or_a_link_opens_no_other_origin() {
    for driver in Driver::ALL {
        let other = server().await;
        let (domain, link) = (other.url("/"), format!("<{}>; rel=next", other.url("/")));
        let named = RawServer::start(move |seen| {
            let challenge =
                format!("Digest realm=\"r\", nonce=\"n\", qop=\"auth\", domain=\"/ {domain}\"");
            match seen.request.header("authorization") {
                None => Answer::new(401).header("www-authenticate", &challenge),
                Some(_) => Answer::new(200)
                    .header("link", &link)
                    .header("content-location", &domain),
            }
        })
        .await;
        let client = client(driver, Digest::new("bob", "secret").unwrap(), settings());
        assert_eq!(client.status(&named.url("/")).await, 200);
        assert_eq!(client.status(&other.url("/")).await, 200);
        assert_eq!(client.status(&named.url("/")).await, 200);
        assert_eq!(named.seen().len(), 3, "{driver:?}: at home the nonce holds");
        let bare = |seen: &Seen| seen.request.header("authorization").is_none();
        assert!(other.seen().iter().all(bare), "{driver:?}");
    }
}
