//! Every law of the test kit, for every scheme; and the one that needs real drivers: all of them send the same bytes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use conformance::{Driver, Setup, cases};
use countersign_core::verify::{AnyVerifier, Verdict};
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

/// Schemes whose proof is worth something on its own connection alone. A case is a client and a server that judge each
/// request by itself, and one of the drivers cannot hold a connection, so these have their laws where there are some.
const ON_A_CONNECTION: [(&str, &str); 1] = [("ntlm", "../tests/lanes/main.rs")];

/// The scheme that a crate is, if it is one: it has the rooms that `ARCHITECTURE.md` lists. The server's side of one can be
/// another's.
fn scheme_in(folder: &Path) -> Option<String> {
    let has = |room: &&str| {
        let file = folder.join("src").join(format!("{room}.rs"));
        file.exists() || folder.join("src").join(room).join("mod.rs").exists()
    };
    let name = folder.file_name()?.to_str()?;
    let is_scheme = ["client", "credentials"].iter().all(has);
    is_scheme.then(|| name.replace("countersign-", ""))
}

#[test]
fn no_scheme_is_left_out() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let folders = crates.read_dir().unwrap();
    let schemes: BTreeSet<String> = folders
        .filter_map(|entry| scheme_in(&entry.unwrap().path()))
        .collect();
    let mut covered: BTreeSet<String> = cases::all()
        .iter()
        .map(|case| case.scheme.to_owned())
        .collect();
    assert!(schemes.len() >= 4, "found only {schemes:?}");
    for (scheme, tests) in ON_A_CONNECTION {
        assert!(crates.join(tests).exists(), "{tests}");
        covered.insert(scheme.to_owned());
    }
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

/// What each driver sends to one server, as its address may be signed; each with a verifier that knows no nonce yet.
async fn by_each_driver(case: &Case, method: &Method) -> Vec<Vec<Vec<u8>>> {
    let mut sent = Vec::new();
    let keys = Keys {
        secret: Canary::token().as_str().to_owned(),
        sources: pinned(1_700_000_000),
    };
    let verifier = Arc::new(Mutex::new((case.server)(&keys)));
    let server = judging(&verifier).await;
    for driver in Driver::ALL {
        let keys = Keys {
            sources: pinned(1_700_000_000),
            secret: keys.secret.clone(),
        };
        *verifier.lock().unwrap() = (case.server)(&keys);
        let before = server.seen().len();
        send(case, driver, method, &keys, &server.url("/a/b?c=%20d")).await;
        sent.push(legs(&server, before));
    }
    sent
}

async fn judging(verifier: &Arc<Mutex<AnyVerifier<String>>>) -> RawServer {
    let verifier = Arc::clone(verifier);
    RawServer::start(move |seen| {
        let (parts, body) = seen.request.to_http().into_parts();
        match judge(&*verifier.lock().unwrap(), &parts, &body) {
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
    .await
}

async fn send(case: &Case, driver: Driver, method: &Method, keys: &Keys, uri: &str) {
    let keys = Keys {
        sources: pinned(1_700_000_000),
        secret: keys.secret.clone(),
    };
    let client = driver.client((case.client)(&keys), &Setup::default());
    let mut request = case.request(uri);
    if *method == Method::GET && case.placement != countersign_testkit::Placement::Body {
        let own = Request::get(uri).header("x-own", "1");
        request = own.body(Bytes::new()).unwrap();
    }
    let status = client.send(request).await.unwrap().status();
    assert_eq!(status, 200, "{} by {driver:?}", case.name);
}

/// Each leg as bytes, without what the HTTP client below adds: `Accept` (reqwest).
fn legs(server: &RawServer, before: usize) -> Vec<Vec<u8>> {
    let seen = server.seen();
    let texts = seen[before..]
        .iter()
        .map(|seen| String::from_utf8_lossy(&seen.request.bytes));
    texts
        .map(|text| text.replace("accept: */*\r\n", "").into_bytes())
        .collect()
}
