//! What a hostile proxy can do, and what cannot be used.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use conformance::proxy::Kind;
use conformance::tunnels::{Reply, Tunnels, refusal};
use countersign_core::ErrorKind;
use countersign_testkit::Canary;
use countersign_tower::{Proxy, ProxyError, ProxyErrorKind};
use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use tower::Service;

use super::{DIGEST, NOWHERE, USER, open, proxy_of, scripted};

#[tokio::test]
async fn what_no_tunnel_is_opened_by_is_typed() {
    for status in [302, 403, 407, 502, 503] {
        let tunnels =
            scripted(move |_| Reply::Say(refusal(status, &[("location", "http://evil.test/")])))
                .await;
        let refused = open(&proxy_of(&tunnels, Kind::Basic.client(USER, "x")))
            .await
            .unwrap_err();
        assert_eq!(refused.kind(), ProxyErrorKind::Refused, "{status}");
        assert_eq!(refused.status().unwrap(), status);
        assert_eq!(
            (tunnels.asked().len(), refused.challenges().len()),
            (1, 0),
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_refusal_for_ever_is_asked_three_times() {
    let count = AtomicUsize::new(0);
    let tunnels = scripted(move |_| {
        let nonce = count.fetch_add(1, Ordering::Relaxed);
        let challenge = format!("{DIGEST}, stale=true").replace("\"n\"", &format!("\"{nonce}\""));
        Reply::Say(refusal(407, &[("proxy-authenticate", &challenge)]))
    })
    .await;
    for kind in [Kind::Digest, Kind::Ntlm] {
        let refused = open(&proxy_of(&tunnels, kind.client(USER, "x")))
            .await
            .unwrap_err();
        assert_eq!(refused.status().unwrap(), 407, "{kind:?}");
    }
    assert!(tunnels.asked().len() <= 6, "{}", tunnels.asked().len());
}

#[tokio::test]
async fn a_broken_answer_is_no_tunnel() {
    let giant = format!("HTTP/1.1 200 open\r\nx: {}\r\n\r\n", "x".repeat(256 << 10));
    let many = format!("HTTP/1.1 200 open\r\n{}\r\n", "x: y\r\n".repeat(10_000));
    let rows = [
        Reply::Last(giant),
        Reply::Last(many),
        Reply::Last("HTTP/1.1 200 op".into()),
        Reply::Last(String::new()),
        Reply::Last("SSH-2.0-OpenSSH_9.2\r\n".into()),
        Reply::Last("HTTP/1.1 101 Switching\r\nupgrade: tls\r\nconnection: upgrade\r\n\r\n".into()),
        Reply::Open(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"),
    ];
    for reply in rows {
        let shown = format!("{reply:?}").chars().take(60).collect::<String>();
        let tunnels = scripted(move |_| reply.clone()).await;
        let error = open(&proxy_of(&tunnels, Kind::Basic.client(USER, "x")))
            .await
            .unwrap_err();
        let kinds = [ProxyErrorKind::Broken, ProxyErrorKind::Refused];
        assert!(kinds.contains(&error.kind()), "{shown}: {error:?}");
        assert_eq!(tunnels.asked().len(), 1, "{shown}");
    }
}

#[tokio::test]
async fn a_handshake_that_is_broken_off_starts_anew_once() {
    let secret = Canary::new();
    let verifier = Kind::Ntlm.verifier(USER, secret.as_str());
    let genuine = Tunnels::demanding(verifier, NOWHERE.parse().unwrap()).await;
    // The second message, as a proxy gives it.
    let challenge = challenge_of(&genuine).await;
    let tunnels = scripted(move |asked| {
        let sent = asked.request.header("proxy-authorization").unwrap_or("");
        match sent.starts_with("NTLM TlRMTVNTUAABAAAA") {
            true => Reply::Last(refusal(407, &[("proxy-authenticate", &challenge)])),
            false => Reply::Last(String::new()),
        }
    })
    .await;
    let error = open(&proxy_of(
        &tunnels,
        Kind::Ntlm.client(USER, secret.as_str()),
    ))
    .await
    .unwrap_err();
    assert_eq!(error.kind(), ProxyErrorKind::Broken, "{error:?}");
    let asked = tunnels.asked();
    assert!(asked.len() <= 4, "{}", asked.len());
    for (index, asked) in asked.iter().enumerate() {
        let first = asked
            .request
            .header("proxy-authorization")
            .unwrap()
            .starts_with("NTLM TlRMTVNTUAABAAAA");
        assert!(first, "{index}: the third message on another connection");
    }
}

async fn challenge_of(tunnels: &Tunnels) -> String {
    let greeting = "NTLM TlRMTVNTUAABAAAAB4IIogAAAAAoAAAAAAAAACgAAAAKAGNFAAAADw==";
    let ask = format!("CONNECT a.test:443 HTTP/1.1\r\nproxy-authorization: {greeting}\r\n\r\n");
    let address = tunnels
        .url()
        .strip_prefix("http://")
        .unwrap()
        .parse()
        .unwrap();
    let answer = countersign_testkit::exchange(address, ask.as_bytes())
        .await
        .unwrap();
    answer.headers["proxy-authenticate"]
        .to_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn who_is_too_slow_or_not_there_is_told_apart() {
    let tunnels = scripted(|_| Reply::Hang).await;
    let slow = Proxy::new(&tunnels.url())
        .unwrap()
        .timeout(Duration::from_millis(100));
    assert_eq!(
        open(&slow).await.unwrap_err().kind(),
        ProxyErrorKind::Timeout
    );
    let dead = Proxy::new(&format!("http://{NOWHERE}")).unwrap();
    let error = open(&dead).await.unwrap_err();
    assert_eq!(error.kind(), ProxyErrorKind::Unreachable);
    assert!(error.to_string().contains(NOWHERE), "{error}");
    let mut plain = dead.connector(HttpConnector::new());
    let error = plain
        .call(Uri::from_static("http://a.test/"))
        .await
        .unwrap_err();
    assert!(error.is::<ProxyError>());
}

#[tokio::test]
async fn a_readable_credential_needs_leave_on_the_way_to_a_proxy() {
    let basic = || Kind::Basic.client(USER, "x");
    let tunnels =
        scripted(|_| Reply::Say(refusal(407, &[("proxy-authenticate", "Basic realm=\"p\"")])))
            .await;
    // A name of this machine that does not look like one.
    let url = tunnels.url().replace("127.0.0.1", "proxy.test");
    let here =
        |_: Name| async { Ok::<_, std::io::Error>(std::iter::once(([127, 0, 0, 1], 0).into())) };
    let http = HttpConnector::new_with_resolver(tower::service_fn(here));
    let far = Proxy::new(&url).unwrap().auth(basic());
    let https = Uri::from_static("https://a.test/");
    let error = far
        .connector(http.clone())
        .call(https.clone())
        .await
        .unwrap_err();
    let error = error.downcast::<ProxyError>().unwrap();
    assert_eq!(error.auth().unwrap().kind(), ErrorKind::Cleartext);
    let leave = far.allow_cleartext(true);
    let error = leave.connector(http).call(https).await.unwrap_err();
    assert_eq!(
        error.downcast::<ProxyError>().unwrap().status().unwrap(),
        407
    );
    assert_eq!(tunnels.asked().len(), 2, "asked, and answered");
}

#[tokio::test]
async fn a_proxys_url_is_its_origin_and_no_more() {
    let wrong = [
        "proxy:3128",
        "socks5://127.0.0.1:1080",
        "http://bob:secret@127.0.0.1:3128",
        "http://127.0.0.1:3128/path",
        "http://127.0.0.1:99999",
        "",
        "http://127.0.0.1:3128/?a",
    ];
    for url in wrong {
        let error = Proxy::new(url).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{url}");
        assert!(!format!("{error:?} {error}").contains("secret"), "{url}");
    }
    for url in [
        "http://proxy.test",
        "https://proxy.test/",
        "HTTP://[::1]:3128",
    ] {
        Proxy::new(url).unwrap();
    }
}
