//! Every law of the test kit, for every scheme; and the one that needs real drivers: all of them send the same bytes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use bytes::Bytes;
use conformance::{Driver, Setup, cases};
use countersign_core::verify::Verdict;
use countersign_testkit::laws::LAWS;
use countersign_testkit::{Answer, Canary, Case, Keys, RawServer, judge, logs, pinned};
use http::{Method, Request};
use tokio::runtime::Builder;

#[test]
fn every_scheme_obeys_every_law() {
    let (mut broken, watch) = (Vec::new(), logs::watch());
    for case in cases::all() {
        for (name, law) in LAWS {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            let obeys = std::panic::AssertUnwindSafe(|| runtime.block_on(law(&case)));
            if std::panic::catch_unwind(obeys).is_err() {
                broken.push(format!("{} breaks `{name}`", case.name));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    drop(watch);
}

#[test]
fn no_scheme_is_left_out() {
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let is_scheme = |folder: &std::path::Path| {
        ["client", "server"].iter().all(|room| {
            let file = folder.join("src").join(format!("{room}.rs"));
            file.exists() || folder.join("src").join(room).join("mod.rs").exists()
        }) && folder.join("src/credentials.rs").exists()
    };
    let folders = crates
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let schemes: BTreeSet<String> = folders
        .filter(|folder| is_scheme(folder) && !folder.ends_with("countersign-cli"))
        .map(|folder| {
            folder
                .file_name()
                .unwrap()
                .to_string_lossy()
                .replace("countersign-", "")
        })
        .collect();
    let covered: BTreeSet<String> = cases::all()
        .iter()
        .map(|case| case.scheme.to_owned())
        .collect();
    assert!(schemes.len() >= 4, "found only {schemes:?}");
    assert_eq!(
        schemes, covered,
        "each scheme crate has a case in tests/support/cases.rs"
    );
}

#[tokio::test]
async fn all_drivers_send_the_same_bytes() {
    for case in cases::all() {
        for method in [Method::GET, Method::POST] {
            let sent: Vec<_> = by_each_driver(&case, &method).await;
            assert!(!sent[0].is_empty(), "{} sent nothing", case.name);
            for (driver, other) in Driver::ALL.iter().zip(&sent) {
                assert_eq!(
                    other,
                    &sent[0],
                    "{} by {driver:?} and {:?}",
                    case.name,
                    Driver::ALL[0]
                );
            }
        }
    }
}

async fn by_each_driver(case: &Case, method: &Method) -> Vec<Vec<Vec<u8>>> {
    let mut sent = Vec::new();
    let secret = Canary::token().as_str().to_owned();
    for driver in Driver::ALL {
        sent.push(legs(case, driver, method, &secret).await);
    }
    sent
}

/// Each leg as bytes, without what the HTTP client below adds: `Accept` (reqwest) and the port of `Host`.
async fn legs(case: &Case, driver: Driver, method: &Method, secret: &str) -> Vec<Vec<u8>> {
    let keys = Keys {
        secret: secret.to_owned(),
        sources: pinned(1_700_000_000),
    };
    let verifier = (case.server)(&keys);
    let server = RawServer::start(move |seen| {
        let (parts, body) = seen.request.to_http().into_parts();
        match judge(&verifier, &parts, &body) {
            Verdict::Accept(_) => Answer::new(200),
            Verdict::Refuse(refusal) => {
                let answer = Answer::new(refusal.reason.status().as_u16());
                let add = |answer: Answer, value: &http::HeaderValue| {
                    answer.header("www-authenticate", value.to_str().unwrap())
                };
                refusal.challenges.iter().fold(answer, add)
            }
        }
    })
    .await;
    let client_keys = Keys {
        secret: secret.to_owned(),
        sources: pinned(1_700_000_000),
    };
    let client = driver.client((case.client)(&client_keys), &Setup::default());
    let uri = server.url("/a/b?c=%20d");
    let mut request = case.request(&uri);
    if *method == Method::GET && case.placement != countersign_testkit::Placement::Body {
        request = Request::get(&uri)
            .header("x-own", "1")
            .body(Bytes::new())
            .unwrap();
    }
    let status = client.send(request).await.unwrap().status();
    assert_eq!(status, 200, "{} by {driver:?}", case.name);
    let address = server.address().to_string();
    server
        .seen()
        .iter()
        .map(|seen| without_the_clients_own(&seen.request.bytes, &address))
        .collect()
}

fn without_the_clients_own(bytes: &[u8], address: &str) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    text.replace(address, "HOST")
        .replace("accept: */*\r\n", "")
        .into_bytes()
}
