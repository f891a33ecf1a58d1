//! Hostile inputs for the loop, the redirects and the server's layer, each by its number in `data/bad-inputs.json`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::{Duration, Instant};

use base64::Engine;
use bytes::Bytes;
use conformance::{App, Driver, Setup, cases, net};
use countersign_basic::Basic;
use countersign_core::verify::VerifiedBody;
use countersign_core::{Any, AnyOf};
use countersign_digest::Digest;
use countersign_testkit::{
    Answer, Canary, Keys, Placement, RawServer, Seen, Then, exchange, find_mark, logs,
};
use countersign_tower::VerifyLayer;
use http::{Method, Request, Response};
use http_body_util::Full;
use hyper_util::client::legacy;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tower::{Layer, ServiceExt, service_fn};

/// Rows that are tried elsewhere, and why.
const ELSEWHERE: &[(&str, &str)] = &[(
    "B029",
    "1.1 MB does not pass a client's own limit on fields; the parser's own tests feed it",
)];

/// What becomes of a challenge.
#[derive(Clone, Copy, Debug)]
enum Expect {
    /// The answer is the caller's after one request without credentials.
    Ignored,
    /// It is answered, and the field holds this.
    Answered(&'static str),
}

use Expect::{Answered, Ignored};

type Scheme = fn(&str) -> Any;

fn digest(secret: &str) -> Any {
    Any::new(Digest::new("bob", secret.to_owned()).unwrap())
}

fn basic(secret: &str) -> Any {
    Any::new(Basic::new("bob", secret).unwrap().reactive())
}

fn both(secret: &str) -> Any {
    Any::new(AnyOf::new([basic(secret), digest(secret)]))
}

/// Each challenge on a 401, for the schemes that may be tempted.
const CHALLENGES: &[(&str, Scheme, Expect)] = &[
    ("B004", digest, Ignored),
    ("B005", basic, Ignored),
    ("B007", digest, Ignored),
    ("B008", digest, Answered(r#"realm="a\"b\\c""#)),
    ("B009", digest, Answered(r#"realm="a""#)),
    ("B012", digest, Ignored),
    ("B013", digest, Ignored),
    ("B014", digest, Answered(r#"nonce="n""#)),
    ("B016", both, Answered("Digest ")),
    ("B017", basic, Answered("Basic ")),
    ("B017", digest, Ignored),
    ("B021", both, Ignored),
    ("B025", digest, Answered("Digest ")),
    ("B026", digest, Answered("Digest ")),
    ("B031", both, Ignored),
    ("B032", digest, Ignored),
];

/// Whole answers.
const ANSWERS: &[(&str, &str, u16)] = &[
    (
        "B033",
        "HTTP/1.1 200 x\r\nwww-authenticate: Basic realm=\"r\"\r\ncontent-length: 0\r\n\r\n",
        200,
    ),
    (
        "B034",
        "HTTP/1.1 403 x\r\nwww-authenticate: Basic realm=\"r\"\r\ncontent-length: 0\r\n\r\n",
        403,
    ),
    ("B035", "HTTP/1.1 401 x\r\ncontent-length: 0\r\n\r\n", 401),
    (
        "B036",
        "HTTP/1.1 401 x\r\nproxy-authenticate: Basic realm=\"p\"\r\ncontent-length: 0\r\n\r\n",
        401,
    ),
    (
        "B037",
        "HTTP/1.1 407 x\r\nproxy-authenticate: Basic realm=\"phish\"\r\ncontent-length: 0\r\n\r\n",
        407,
    ),
    (
        "B038",
        "HTTP/1.1 103 x\r\nwww-authenticate: Basic realm=\"x\"\r\n\r\nHTTP/1.1 200 x\r\ncontent-length: 0\r\n\r\n",
        200,
    ),
    (
        "B039",
        "HTTP/1.1 401 x\r\ntransfer-encoding: chunked\r\ntrailer: www-authenticate\r\n\r\n0\r\n\
         www-authenticate: Basic realm=\"x\"\r\n\r\n",
        401,
    ),
];

/// Where a redirect leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leads {
    /// Followed without anything that was added.
    Stripped,
    /// Followed and signed anew.
    Signed,
    /// Nowhere.
    Nowhere,
}

/// From which origin, with its port left out; the target is the row's own.
const REDIRECTS: &[(&str, &str, Leads)] = &[
    ("B445", "https://a.test", Leads::Stripped),
    ("B446", "http://a.test", Leads::Stripped),
    ("B448", "https://a.test", Leads::Stripped),
    ("B450", "https://a.test", Leads::Stripped),
    ("B453", "https://a.test", Leads::Stripped),
    ("B455", "https://a.test", Leads::Signed),
    ("B456", "https://a.test", Leads::Nowhere),
    ("B458", "https://127.0.0.1", Leads::Stripped),
    ("B459", "https://[::1]", Leads::Signed),
];

/// Rows with a test of their own below.
const ALONE: &[&str] = &["B028", "B481", "B483", "B484"];

fn rows() -> BTreeMap<String, Value> {
    let rows: Vec<Value> = serde_json::from_str(include_str!("data/bad-inputs.json")).unwrap();
    rows.into_iter()
        .map(|row| (row["id"].as_str().unwrap().to_owned(), row))
        .collect()
}

fn input(row: &Value) -> Vec<u8> {
    match (row["enc"].as_str().unwrap(), &row["input"]) {
        ("text", Value::String(text)) => text.clone().into_bytes(),
        ("base64", Value::String(text)) => base64::engine::general_purpose::STANDARD
            .decode(text)
            .unwrap(),
        ("rle", Value::Array(runs)) => runs.iter().flat_map(run).collect(),
        other => panic!("{other:?} is not an input"),
    }
}

fn run(run: &Value) -> Vec<u8> {
    let count = usize::try_from(run[1].as_u64().unwrap()).unwrap();
    run[0].as_str().unwrap().repeat(count).into_bytes()
}

#[test]
fn every_row_is_handled_and_every_handler_has_its_row() {
    let mut handled: Vec<&str> = CHALLENGES.iter().map(|(id, ..)| *id).collect();
    handled.extend(ANSWERS.iter().map(|(id, ..)| *id));
    handled.extend(REDIRECTS.iter().map(|(id, ..)| *id));
    handled.extend(ELSEWHERE.iter().map(|(id, _)| *id));
    handled.extend(ALONE);
    handled.sort_unstable();
    handled.dedup();
    assert_eq!(handled, rows().keys().collect::<Vec<_>>());
}

#[tokio::test]
async fn challenges_on_the_wire() {
    let (rows, watch) = (rows(), logs::watch());
    for (id, scheme, expect) in CHALLENGES {
        let challenge = [b"www-authenticate: ", &input(&rows[*id])[..], b"\r\n"].concat();
        for driver in Driver::ALL {
            challenged(id, driver, *scheme, &challenge, *expect).await;
        }
    }
    drop(watch);
}

#[tokio::test]
async fn b028_as_many_fields_as_a_client_lets_through() {
    let challenges: String = (0..90)
        .map(|n| format!("www-authenticate: S{n} a=b\r\n"))
        .collect();
    for driver in Driver::ALL {
        challenged("B028", driver, both, challenges.as_bytes(), Ignored).await;
    }
}

async fn challenged(id: &str, driver: Driver, scheme: Scheme, fields: &[u8], expect: Expect) {
    let refusal = [b"HTTP/1.1 401 x\r\n", fields, b"content-length: 0\r\n\r\n"].concat();
    let server = RawServer::start(move |seen| match authorization(seen) {
        None => Answer::raw(refusal.clone()).then(Then::Keep),
        Some(_) => Answer::new(200),
    })
    .await;
    let client = driver.client(scheme(Canary::token().as_str()), &Setup::default());
    let start = Instant::now();
    let status = client.status(&server.url("/")).await;
    assert!(
        start.elapsed() < Duration::from_secs(1),
        "{id} by {driver:?}: {:?}",
        start.elapsed()
    );
    let sent: Vec<_> = server.seen().iter().map(authorization).collect();
    match expect {
        Ignored => assert_eq!((status, sent), (401, vec![None]), "{id} by {driver:?}"),
        Answered(part) => {
            assert_eq!(
                (status, sent.len()),
                (200, 2),
                "{id} by {driver:?}: {sent:?}"
            );
            let sent = sent[1].clone().unwrap();
            assert!(sent.contains(part), "{id} by {driver:?}: {sent}");
        }
    }
}

fn authorization(seen: &Seen) -> Option<String> {
    let mut fields = seen.request.headers.iter();
    let (_, value) = fields.find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
    Some(String::from_utf8_lossy(value).into_owned())
}

#[tokio::test]
async fn answers_that_are_no_challenge() {
    for (id, answer, status) in ANSWERS {
        for driver in Driver::ALL {
            let server = RawServer::start(move |_| Answer::raw(*answer).then(Then::Keep)).await;
            let client = driver.client(basic("secret"), &Setup::default());
            assert_eq!(
                client.status(&server.url("/")).await,
                *status,
                "{id} by {driver:?}"
            );
            let sent: Vec<_> = server.seen().iter().map(authorization).collect();
            assert_eq!(sent, [None], "{id} by {driver:?}");
            assert!(
                server.seen()[0]
                    .request
                    .header("proxy-authorization")
                    .is_none(),
                "{id} by {driver:?}"
            );
        }
    }
}

#[tokio::test]
async fn redirects_on_the_wire() {
    let rows = rows();
    for (id, from, leads) in REDIRECTS {
        let location = String::from_utf8(input(&rows[*id])).unwrap();
        let location = location.strip_prefix("Location: ").unwrap();
        for driver in Driver::ALL {
            for case in cases::all()
                .iter()
                .filter(|case| ["basic", "apikey in the query"].contains(&case.name))
            {
                redirected(id, driver, case, from, location, *leads).await;
            }
        }
    }
}

async fn redirected(
    id: &str,
    driver: Driver,
    case: &countersign_testkit::Case,
    from: &str,
    location: &str,
    leads: Leads,
) {
    let keys = Keys::new(Canary::token().as_str());
    let location = location.to_owned();
    let address = if from.contains("::") {
        Ipv6Addr::LOCALHOST.into()
    } else {
        Ipv4Addr::LOCALHOST.into()
    };
    let script = move |seen: &Seen| match seen.request.target.starts_with("/from") {
        true => Answer::new(307).header(
            "location",
            &with_port(&location, seen.request.header("host").unwrap()),
        ),
        false => Answer::new(200),
    };
    let server = RawServer::start_on(address, Some(net::certificates()), script).await;
    let client = driver.client((case.client)(&keys), &Setup::following());
    let url = format!("{from}:{}/from", server.address().port());
    let status = client
        .send(case.request(&url))
        .await
        .unwrap_or_else(|error| panic!("{id}: {}", error.text))
        .status();
    let (seen, what) = (server.seen(), format!("{id} by {driver:?}, {}", case.name));
    match leads {
        Leads::Nowhere => assert_eq!((status.as_u16(), seen.len()), (307, 1), "{what}"),
        _ => assert_eq!((status.as_u16(), seen.len()), (200, 2), "{what}"),
    }
    let signed = |seen: &Seen| find_mark(&seen.request.bytes);
    assert!(signed(&seen[0]), "{what}");
    let last = seen.last().unwrap();
    assert_eq!(signed(last), leads != Leads::Stripped, "{what}");
    let adopted = base64::engine::general_purpose::STANDARD.encode("user:pw");
    assert!(
        !String::from_utf8_lossy(&last.request.bytes).contains(&adopted),
        "{what}"
    );
}

/// The row's target with the port that this server happens to have.
fn with_port(location: &str, host: &str) -> String {
    let port = host.rsplit(':').next().unwrap();
    let location = location.replace(":8443", "");
    let Some((start, path)) = location
        .rsplit_once('/')
        .filter(|_| !location.starts_with("file"))
    else {
        return location;
    };
    format!("{start}:{port}/{path}")
}

#[tokio::test]
async fn b481_credentials_over_the_limit() {
    let field = input(&rows()["B481"]);
    let shorter = &field[..field.len() - 1];
    for case in cases::all() {
        if case.placement != Placement::Header || case.scheme == "apikey" {
            continue;
        }
        let app = App::start((case.server)(&Keys::new("secret"))).await;
        for (field, expected) in [(&field[..], 431), (shorter, 401)] {
            let request = [b"GET / HTTP/1.1\r\nhost: x\r\n", field, b"\r\n\r\n"].concat();
            let answer = exchange(app.address(), &request).await.unwrap();
            assert_eq!(answer.status.as_u16(), expected, "{}", case.name);
        }
    }
}

#[tokio::test]
async fn b483_two_fields_over_http_2() {
    for case in cases::all()
        .iter()
        .filter(|case| ["basic", "bearer", "digest SHA-256"].contains(&case.name))
    {
        let app = App::start((case.server)(&Keys::new("secret"))).await;
        let client = legacy::Client::builder(TokioExecutor::new())
            .http2_only(true)
            .build_http();
        let value = format!("{} c2VjcmV0", case.scheme);
        let request = Request::get(app.url("/"))
            .header("authorization", &value)
            .header("authorization", &value);
        let answer = client
            .request(request.body(Full::<Bytes>::default()).unwrap())
            .await
            .unwrap();
        assert_eq!(
            (answer.version(), answer.status().as_u16()),
            (http::Version::HTTP_2, 400),
            "{}",
            case.name
        );
    }
}

#[tokio::test]
async fn b484_preflights() {
    for case in cases::all() {
        for (allow, with_credentials) in [(false, false), (true, false), (true, true)] {
            let layer =
                VerifyLayer::new((case.server)(&Keys::new("secret"))).allow_preflight(allow);
            let ok = service_fn(|_: Request<VerifiedBody<Full<Bytes>>>| async {
                Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
            });
            let mut request = Request::builder()
                .method(Method::OPTIONS)
                .header("origin", "https://app.test")
                .header("access-control-request-method", "PUT");
            if with_credentials {
                request = request.header("authorization", "Basic eDp5");
            }
            let request = request.body(Full::<Bytes>::default()).unwrap();
            let passes = layer.layer(ok).oneshot(request).await.unwrap().status() == 200;
            assert_eq!(passes, allow && !with_credentials, "{}", case.name);
        }
    }
}
