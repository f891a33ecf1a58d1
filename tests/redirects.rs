//! The redirect matrix: pairs of origins x status codes x schemes x drivers, and every byte that the second origin sees.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use conformance::{Driver, Failed, Setup, cases, net};
use countersign_core::ErrorKind;
use countersign_core::verify::{AnyVerifier, Verdict};
use countersign_testkit::{
    Answer, Canary, Case, Keys, Placement, RawServer, Seen, find_mark, judge, logs,
};
use http::{HeaderValue, Request, Response};

const CODES: [u16; 5] = [301, 302, 303, 307, 308];
const DRIVERS: [Driver; 2] = [Driver::Reqwest, Driver::Hyper];

/// Where a redirect leads from and to. `{a}` and `{b}` are ports on `127.0.0.1`, `{six}` one on `[::1]`; each of them
/// speaks TLS and clear text. `*.test` and `localhost` are `127.0.0.1`.
struct Pair(&'static str, &'static str, &'static str);

/// Two origins: nothing may cross.
const CROSSING: [Pair; 15] = [
    Pair(
        "another port",
        "http://127.0.0.1:{a}/first",
        "http://127.0.0.1:{b}/second",
    ),
    Pair(
        "an address to its name",
        "http://127.0.0.1:{a}/first",
        "http://localhost:{a}/second",
    ),
    Pair(
        "a name to its address",
        "http://localhost:{a}/first",
        "http://127.0.0.1:{a}/second",
    ),
    Pair(
        "IPv4 to IPv6",
        "http://127.0.0.1:{a}/first",
        "http://[::1]:{six}/second",
    ),
    Pair(
        "IPv6 to IPv4",
        "http://[::1]:{six}/first",
        "http://127.0.0.1:{a}/second",
    ),
    Pair(
        "clear text to TLS on one port",
        "http://a.test:{a}/first",
        "https://a.test:{a}/second",
    ),
    Pair(
        "TLS to clear text on one port",
        "https://a.test:{a}/first",
        "http://a.test:{a}/second",
    ),
    Pair(
        "TLS on another port",
        "https://a.test:{a}/first",
        "https://a.test:{b}/second",
    ),
    Pair(
        "another host on one port",
        "https://a.test:{a}/first",
        "https://b.test:{a}/second",
    ),
    Pair(
        "a host to its subdomain",
        "https://a.test:{a}/first",
        "https://sub.a.test:{a}/second",
    ),
    Pair(
        "a subdomain to its parent",
        "https://sub.a.test:{a}/first",
        "https://a.test:{a}/second",
    ),
    Pair(
        "a trailing dot",
        "http://a.test:{a}/first",
        "http://a.test.:{a}/second",
    ),
    Pair(
        "without a scheme",
        "https://a.test:{a}/first",
        "//b.test:{a}/second",
    ),
    Pair(
        "there and back",
        "http://a.test:{a}/first",
        "http://b.test:{b}/back",
    ),
    Pair(
        "onward on the other side",
        "http://a.test:{a}/first",
        "http://b.test:{b}/onward",
    ),
];

/// One origin, written in several ways: signed anew and accepted.
const STAYING: [Pair; 4] = [
    Pair("a path", "http://a.test:{a}/first", "/second"),
    Pair(
        "in capitals",
        "http://a.test:{a}/first",
        "HTTP://A.TEST:{a}/second",
    ),
    Pair(
        "with user information",
        "https://a.test:{a}/first",
        "https://eavesdropper:pw@a.test:{a}/second",
    ),
    Pair(
        "a longer address",
        "http://[::1]:{six}/first",
        "http://[0:0:0:0:0:0:0:1]:{six}/second",
    ),
];

/// What one run came to.
struct Run {
    what: String,
    answer: Result<Response<Bytes>, Failed>,
    /// Whether the credential's place is gone after the redirect.
    loses_its_form: bool,
    /// Every request but those to `/first`.
    later: Vec<Seen>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_crosses_to_another_origin() {
    let watch = logs::watch();
    let runs = matrix(&CROSSING, |run| {
        let expected = if ["there and back", "onward"]
            .iter()
            .any(|name| run.what.contains(name))
        {
            2
        } else {
            1
        };
        assert_eq!(
            run.later.len(),
            expected,
            "{}: requests after the redirect",
            run.what
        );
        let status = run
            .answer
            .as_ref()
            .unwrap_or_else(|error| panic!("{}: {}", run.what, error.text))
            .status();
        assert!(
            matches!(status.as_u16(), 401 | 403),
            "{}: {status}",
            run.what
        );
        for seen in &run.later {
            let shown = String::from_utf8_lossy(&seen.request.bytes);
            assert!(
                !find_mark(&seen.request.bytes),
                "{}: a secret crossed: {shown}",
                run.what
            );
            assert!(
                seen.request.header("referer").is_none(),
                "{}: {shown}",
                run.what
            );
        }
    })
    .await;
    assert_eq!(
        runs,
        CROSSING.len() * CODES.len() * cases().len() * DRIVERS.len()
    );
    drop(watch);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_origin_is_signed_anew() {
    let runs = matrix(&STAYING, |run| match &run.answer {
        Err(error) => {
            assert!(run.loses_its_form, "{}: {}", run.what, error.text);
            assert_eq!(
                error.kind,
                Some(ErrorKind::Configuration),
                "{}: {}",
                run.what,
                error.text
            );
            assert!(
                run.later.is_empty(),
                "{}: sent without its credential",
                run.what
            );
        }
        Ok(answer) => {
            assert_eq!(answer.status(), 200, "{}", run.what);
            assert!(!run.later.is_empty(), "{}: nothing arrived", run.what);
            let adopted = run
                .later
                .iter()
                .map(|seen| String::from_utf8_lossy(&seen.request.bytes))
                // As it stands, and as Basic would send it.
                .any(|text| text.contains("eavesdropper") || text.contains("ZWF2ZXNkcm9wcGVy"));
            assert!(
                !adopted,
                "{}: the user information was taken over",
                run.what
            );
        }
    })
    .await;
    assert_eq!(
        runs,
        STAYING.len() * CODES.len() * cases().len() * DRIVERS.len()
    );
}

/// One case for each scheme and placement; what differs only in its hash is left to the laws.
fn cases() -> Vec<Case> {
    let others = ["digest MD5", "digest MD5-sess", "digest SHA-512-256"];
    cases::all()
        .into_iter()
        .filter(|case| !others.contains(&case.name))
        .collect()
}

async fn matrix(
    pairs: &'static [Pair],
    check: impl Fn(&Run) + Clone + Send + Sync + 'static,
) -> usize {
    let mut tasks = tokio::task::JoinSet::new();
    for case in cases() {
        for driver in DRIVERS {
            let (case, check) = (case.clone(), check.clone());
            tasks.spawn(async move {
                for (pair, code) in pairs.iter().flat_map(|pair| CODES.map(|code| (pair, code))) {
                    check(&run(&case, driver, pair, code).await);
                }
                pairs.len() * CODES.len()
            });
        }
    }
    tasks.join_all().await.into_iter().sum()
}

async fn run(case: &Case, driver: Driver, Pair(name, from, to): &Pair, code: u16) -> Run {
    let keys = Keys::new(Canary::token().as_str());
    let origins = Origins::start(&(case.server)(&keys), code).await;
    origins.lead_to(to);
    let client = driver.client((case.client)(&keys), &Setup::following());
    let answer = client.send(request(case, &origins.fill(from))).await;
    let what = format!("{} by {driver:?}, {name}, by {code}", case.name);
    let loses_its_form = case.placement == Placement::Body && code < 307;
    Run {
        what,
        answer,
        loses_its_form,
        later: origins.later(),
    }
}

/// A request in which the caller has secrets of its own.
fn request(case: &Case, url: &str) -> Request<Bytes> {
    let mut request = case.request(&format!("{url}?own=1"));
    let mut secret = HeaderValue::from_str(Canary::token().as_str()).unwrap();
    secret.set_sensitive(true);
    request.headers_mut().insert("x-own", secret);
    let own = HeaderValue::from_str(&format!("own={}", Canary::token().as_str())).unwrap();
    if case.placement != Placement::Cookie {
        request.headers_mut().insert("cookie", own);
    }
    request
}

/// Three ports, each of them two origins or more.
struct Origins {
    servers: [RawServer; 3],
    there: Arc<OnceLock<String>>,
    back: Arc<OnceLock<String>>,
}

impl Origins {
    async fn start(verifier: &AnyVerifier<String>, code: u16) -> Self {
        let (there, back) = (Arc::new(OnceLock::new()), Arc::new(OnceLock::new()));
        let start = async |address: IpAddr| {
            let (verifier, there, back) = (verifier.clone(), Arc::clone(&there), Arc::clone(&back));
            let script = move |seen: &Seen| match seen.request.target.split('?').next() {
                Some("/back") => redirect(code, filled(&back), seen),
                Some("/onward") => redirect(code, "/second", seen),
                Some("/first") => guarded(&verifier, seen, || redirect(code, filled(&there), seen)),
                _ => guarded(&verifier, seen, || Answer::new(200)),
            };
            RawServer::start_on(address, Some(net::certificates()), script).await
        };
        let (four, six) = (
            IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(Ipv6Addr::LOCALHOST),
        );
        Self {
            servers: [start(four).await, start(four).await, start(six).await],
            there,
            back,
        }
    }

    fn lead_to(&self, location: &str) {
        self.there.set(self.fill(location)).unwrap();
        self.back
            .set(self.fill("http://a.test:{a}/second"))
            .unwrap();
    }

    fn fill(&self, template: &str) -> String {
        let ports = self
            .servers
            .each_ref()
            .map(|server| server.address().port().to_string());
        template
            .replace("{a}", &ports[0])
            .replace("{b}", &ports[1])
            .replace("{six}", &ports[2])
    }

    fn later(&self) -> Vec<Seen> {
        let seen = self.servers.iter().flat_map(RawServer::seen);
        seen.filter(|seen| !seen.request.target.starts_with("/first"))
            .collect()
    }
}

fn filled(location: &OnceLock<String>) -> &str {
    location.get().unwrap()
}

/// Redirects, and echoes the query as servers do.
fn redirect(code: u16, location: &str, seen: &Seen) -> Answer {
    let query = seen
        .request
        .target
        .split_once('?')
        .map_or("", |(_, query)| query);
    Answer::new(code).header("location", &format!("{location}?{query}"))
}

fn guarded(verifier: &AnyVerifier<String>, seen: &Seen, answer: impl FnOnce() -> Answer) -> Answer {
    let (parts, body) = seen.request.to_http().into_parts();
    match judge(verifier, &parts, &body) {
        Verdict::Accept(_) => answer(),
        Verdict::Refuse(refusal) => {
            let challenges = refusal
                .challenges
                .iter()
                .map(|challenge| challenge.to_str().unwrap());
            let refused = Answer::new(refusal.reason.status().as_u16());
            challenges.fold(refused, |answer, challenge| {
                answer.header("www-authenticate", challenge)
            })
        }
    }
}
