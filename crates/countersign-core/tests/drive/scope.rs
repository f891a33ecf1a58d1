//! Which requests get credentials, and which ones.

use countersign_core::{ErrorKind, Origin, Override, Settings};

use crate::support::*;

#[tokio::test]
async fn a_revealing_credential_does_not_go_in_the_clear() {
    let acts = || {
        Acting(Acts {
            reveals: true,
            ..Acts::default()
        })
    };
    for (uri, goes) in [
        ("https://a.test/", true),
        ("http://127.0.0.1:1/", true),
        ("http://localhost/", true),
        ("http://[::1]/", true),
        ("http://a.test/", false),
        ("http://localhost.a.test/", false),
        ("/relative", false),
    ] {
        let script = Script::new([answer(200)]);
        let driven = drive(acts(), Settings::default(), get(uri), &script).await;
        assert_eq!(script.sent().len(), usize::from(goes), "{uri}");
        if !goes {
            assert_eq!(kind(driven), ErrorKind::Cleartext);
            let allowed = Settings::default().allow_cleartext(true);
            drive(acts(), allowed, get(uri), &script).await.unwrap();
        }
    }
    let based = Settings::default().base("https://a.test".parse().unwrap());
    drive(acts(), based, get("/relative"), &Script::new([answer(200)]))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_request_outside_of_only_passes_without_credentials() {
    let only: Origin = "https://a.test".parse().unwrap();
    for (uri, signed) in [
        ("https://A.test:443/x", true),
        ("https://b.test/", false),
        ("http://a.test/", false),
    ] {
        let script = Script::new([answer(200)]);
        let settings = Settings::default().only([only.clone()]);
        drive(Acting(Acts::default()), settings, get(uri), &script)
            .await
            .unwrap();
        assert_eq!(
            script.sent()[0].headers.contains_key("authorization"),
            signed,
            "{uri}"
        );
    }
}

#[tokio::test]
async fn one_request_can_be_sent_otherwise_or_without() {
    let other = any(Acts {
        word: "other",
        ..Acts::default()
    });
    for (chosen, expected) in [
        (Override::none(), None),
        (Override::with(other), Some("other")),
    ] {
        let script = Script::new([answer(200)]);
        let mut request = get("https://a.test/");
        request.extensions_mut().insert(chosen);
        drive(
            Acting(Acts::default()),
            Settings::default(),
            request,
            &script,
        )
        .await
        .unwrap();
        let sent = &script.sent()[0];
        assert_eq!(
            sent.headers
                .get("authorization")
                .map(|value| value.to_str().unwrap()),
            expected
        );
    }
}

#[tokio::test]
async fn what_takes_the_place_of_one_layer_takes_that_of_those_below() {
    let other = any(Acts {
        word: "other",
        ..Acts::default()
    });
    for (chosen, expected) in [
        (Override::none(), None),
        (Override::with(other), Some("other")),
    ] {
        let mut request = get("https://a.test/");
        request.extensions_mut().insert(chosen);
        for _ in 0..2 {
            let script = Script::new([answer(200)]);
            let own = Acting(Acts::default());
            drive(own, Settings::default(), request, &script)
                .await
                .unwrap();
            request = get("https://a.test/");
            let sent = &script.sent()[0];
            *request.extensions_mut() = sent.extensions.clone();
            *request.headers_mut() = sent.headers.clone();
        }
        let sent = request.headers().get("authorization");
        assert_eq!(sent.map(|value| value.to_str().unwrap()), expected);
    }
}
