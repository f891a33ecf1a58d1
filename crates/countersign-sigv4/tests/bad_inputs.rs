//! Rows of the catalogue of bad inputs that belong to SigV4.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{Cx, ErrorKind, Exchange, Leg, Next, Payload, Result, Scheme, Sign};
use countersign_sigv4::{
    Credentials, MemoryKeys, PathStyle, SigV4, SigV4Verifier, SigV4VerifierBuilder,
};
use http::{HeaderValue, Request, Response, request};
use serde_json::Value;
use support::{ID, SECRET, TIME, at};

const TEMPLATE: &str = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256\
    &X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request\
    &X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host&X-Amz-Signature=00&X-Amz-Expires=";

fn credentials() -> Credentials {
    Credentials::new(ID, SECRET).unwrap()
}

fn verifier() -> SigV4VerifierBuilder {
    SigV4Verifier::builder("us-east-1", "service", MemoryKeys::new([credentials()]))
}

/// The row's request, with its `Authorization`.
fn request(method: &str, target: &str, authorization: &str) -> request::Parts {
    let request = Request::builder()
        .method(method)
        .uri(target)
        .header("host", "example.amazonaws.com")
        .header("x-amz-date", "20150830T123600Z")
        .header("authorization", authorization);
    request.body(()).unwrap().into_parts().0
}

async fn judge(
    verifier: SigV4VerifierBuilder,
    clock: u64,
    head: &request::Parts,
    body: &'static str,
) -> Result<String, Reason> {
    let verifier = verifier.sources(at(clock)).build().unwrap();
    match verifier
        .verify(head, &Payload::whole(body.into()))
        .await
        .unwrap()
    {
        Verdict::Accept(accepted) => Ok(accepted.principal),
        Verdict::Refuse(refusal) => Err(refusal.reason),
    }
}

/// Whether nothing but the signature may still be wrong: only then is the body read.
fn asks_for_the_body(clock: u64, head: &request::Parts) -> bool {
    verifier()
        .sources(at(clock))
        .build()
        .unwrap()
        .reads_body(head)
}

async fn as_sent(line: &str, clock: u64, target: &str, others: [&str; 2]) {
    let style = |style| verifier().path_style(style);
    let head = request("GET", target, line);
    let verdict = judge(style(PathStyle::AsSent), clock, &head, "").await;
    assert_eq!(verdict, Ok(ID.to_owned()));
    for wrong in [PathStyle::Normalized, PathStyle::Encoded] {
        assert_eq!(
            judge(style(wrong), clock, &head, "").await,
            Err(Reason::Forbidden)
        );
    }
    for other in others {
        let head = request("GET", other, line);
        let verdict = judge(style(PathStyle::AsSent), clock, &head, "").await;
        assert_eq!(verdict, Err(Reason::Forbidden), "{other}");
    }
}

async fn server(id: &str, line: &str, clock: u64) {
    let head = request("GET", "/", line);
    let verdict = judge(verifier(), clock, &head, "").await;
    let accepted = Ok(ID.to_owned());
    let forbidden = Err(Reason::Forbidden);
    let malformed = Err(Reason::Malformed);
    match id {
        "B346" => {
            assert_eq!(verdict, forbidden);
            assert!(!asks_for_the_body(clock, &head));
            for near in [TIME + 899, TIME + 900] {
                assert_eq!(judge(verifier(), near, &head, "").await, accepted);
            }
        }
        "B347" => {
            assert_eq!(verdict, forbidden);
            assert!(!asks_for_the_body(clock, &head));
            for near in [TIME - 899, TIME - 900] {
                assert_eq!(judge(verifier(), near, &head, "").await, accepted);
            }
        }
        "B350" => {
            let mut spliced = head.clone();
            spliced
                .headers
                .insert("x-amz-security-token", HeaderValue::from_static("stolen"));
            assert_eq!(verdict, accepted);
            assert_eq!(judge(verifier(), clock, &spliced, "").await, forbidden);
            assert!(!asks_for_the_body(clock, &spliced));
        }
        "B352" => {
            let post = request("POST", "/", line);
            assert_eq!(judge(verifier(), clock, &post, "evil").await, forbidden);
            assert_eq!(judge(verifier(), clock, &head, "evil").await, forbidden);
        }
        "B348" | "B355" | "B356" | "B357" | "B358" | "B359" | "B360" | "B363" => {
            assert_eq!(verdict, forbidden);
            assert!(
                !asks_for_the_body(clock, &head),
                "a rule refuses it, not its signature"
            );
        }
        "B353" | "B354" | "B365" => {
            assert_eq!(verdict, forbidden);
            assert!(asks_for_the_body(clock, &head), "its signature refuses it");
        }
        "B369" | "B370" | "B373" | "B374" => assert_eq!(verdict, malformed),
        // Signed over the path as sent, which is right for S3 and wrong for any other service.
        "B376" => as_sent(line, clock, "/%2e%2e/admin", ["/../admin", "/admin"]).await,
        "B377" => as_sent(line, clock, "/a%2Fb", ["/a/b", "/a%2fb"]).await,
        "B379" => {
            let plus = request("GET", "/?a=1+2", line);
            assert_eq!(judge(verifier(), clock, &plus, "").await, forbidden);
            let space = request("GET", "/?a=1%202", line);
            assert_eq!(judge(verifier(), clock, &space, "").await, accepted);
        }
        "B380" => {
            assert!(HeaderValue::from_bytes(b"a\nx-amz-date:20150830T123600Z").is_err());
            assert_eq!(verdict, forbidden);
        }
        _ => panic!("{id}: a row that nothing here expects"),
    }
}

async fn presigned(id: &str, clock: u64) {
    let presigned = |expires: u32| format!("{TEMPLATE}{expires}").parse().unwrap();
    let mut head = request("GET", "/", "x");
    let verifier = || verifier().allow_presigned(true);
    match id {
        "B381" => {
            head.headers.remove("authorization");
            let allowing = verifier().sources(at(clock)).build().unwrap();
            // The body is asked for only if nothing but the signature may still be wrong.
            for (expires, in_bounds) in [(604_800, true), (604_801, false), (1, true), (0, false)] {
                head.uri = presigned(expires);
                head.headers.remove("x-amz-date");
                assert_eq!(allowing.reads_body(&head), in_bounds, "{expires}");
                assert_eq!(
                    judge(verifier(), clock, &head, "").await,
                    Err(Reason::Forbidden)
                );
            }
        }
        "B384" => {
            head.uri = presigned(60);
            for line in ["AWS4-HMAC-SHA256 Credential=a", "Basic YTpi", "x"] {
                head.headers
                    .insert("authorization", HeaderValue::from_static(line));
                assert_eq!(
                    judge(verifier(), clock, &head, "").await,
                    Err(Reason::Malformed)
                );
            }
        }
        _ => panic!("{id}: a row that nothing here expects"),
    }
}

fn sign(request: http::request::Builder) -> Result<request::Parts> {
    let sigv4 = SigV4::new(credentials(), "us-east-1", "service").unwrap();
    let (mut head, ()) = request.body(()).unwrap().into_parts();
    sigv4.sign(&mut head, &mut Payload::whole(Default::default()))?;
    Ok(head)
}

async fn client(id: &str) {
    let get = || Request::get("https://h/");
    match id {
        "B387" => {
            let requests = [
                get().header("x-amz-date", "2015"),
                get().header("authorization", "x"),
                get().header("x-amz-security-token", "x"),
                Request::get("https://h/?a=1&X-Amz-Signature=x"),
                Request::get("https://h/?X-Amz%2dSignature"),
            ];
            for request in requests {
                let error = sign(request).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Configuration);
                assert!(error.to_string().contains("signed already"));
            }
        }
        "B388" => {
            let error = Credentials::new("user\r\n", "CANARY").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(!format!("{error:?}{error}").contains("CANARY"));
            assert!(!format!("{error:?}{error}").contains("user"));
        }
        "B391" => {
            let never = [
                "x-amzn-trace-id",
                "user-agent",
                "transfer-encoding",
                "connection",
            ];
            let request = never
                .iter()
                .fold(get(), |request, name| request.header(*name, "x"));
            let head = sign(request).unwrap();
            let line = head.headers["authorization"].to_str().unwrap();
            assert!(line.contains("SignedHeaders=host;x-amz-date, "), "{line}");
        }
        "B392" => a_wrong_clock_is_corrected_once().await,
        _ => panic!("{id}: a row that nothing here expects"),
    }
}

fn refusal(date: &str) -> http::response::Parts {
    let response = Response::builder().status(403).header("date", date);
    response.body(()).unwrap().into_parts().0
}

async fn a_wrong_clock_is_corrected_once() {
    let sigv4 = SigV4::builder("us-east-1", "service").sources(at(TIME));
    let sigv4 = sigv4.credentials(credentials()).unwrap().correct_clock();
    let begin = async |uri: &str| {
        let (head, ()) = Request::get(uri).body(()).unwrap().into_parts();
        let exchange = sigv4.begin(Cx::new(&head, None)).await.unwrap();
        (head, exchange)
    };
    let date_of = |head: &request::Parts, exchange: &mut dyn Exchange| {
        let mut head = head.clone();
        let mut body = Payload::whole(Default::default());
        exchange.prepare(&mut head, &mut body).unwrap();
        head.headers["x-amz-date"].to_str().unwrap().to_owned()
    };

    let (head, mut exchange) = begin("https://h/").await;
    assert_eq!(exchange.plan(), Leg::Tentative);
    assert_eq!(date_of(&head, &mut exchange), "20150830T123600Z");
    let six_hours = refusal("Sun, 30 Aug 2015 18:36:00 GMT");
    assert_eq!(exchange.receive(&six_hours).unwrap(), Next::Again);
    assert_eq!(exchange.plan(), Leg::Last);
    assert_eq!(date_of(&head, &mut exchange), "20150830T183600Z");
    let again = refusal("Sun, 30 Aug 2015 20:36:00 GMT");
    assert_eq!(exchange.receive(&again).unwrap(), Next::Done, "once");

    let (head, mut exchange) = begin("https://h/").await;
    assert_eq!(
        date_of(&head, &mut exchange),
        "20150830T183600Z",
        "the origin is remembered"
    );
    assert_eq!(
        exchange.receive(&six_hours).unwrap(),
        Next::Done,
        "the clock is right now"
    );
    let (head, mut exchange) = begin("https://other/").await;
    assert_eq!(
        date_of(&head, &mut exchange),
        "20150830T123600Z",
        "and no other"
    );
    let near = refusal("Sun, 30 Aug 2015 12:41:00 GMT");
    assert_eq!(
        exchange.receive(&near).unwrap(),
        Next::Done,
        "that is not why"
    );
    let far = refusal("Mon, 31 Aug 2015 12:36:01 GMT");
    assert_eq!(
        exchange.receive(&far).unwrap(),
        Next::Done,
        "more than 24 hours"
    );
    let day = refusal("Sat, 29 Aug 2015 12:36:00 GMT");
    assert_eq!(exchange.receive(&day).unwrap(), Next::Again, "24 hours");
    assert_eq!(date_of(&head, &mut exchange), "20150829T123600Z");

    let (_, mut exchange) = begin("http://h/").await;
    assert_eq!(
        exchange.plan(),
        Leg::Last,
        "an answer in clear text proves nothing"
    );
    assert_eq!(exchange.receive(&six_hours).unwrap(), Next::Done);
}

#[tokio::test]
async fn every_row_ends_as_it_says() {
    let rows = include_str!("data/bad-inputs-sigv4.json");
    let rows: Vec<Value> = serde_json::from_str(rows).unwrap();
    assert_eq!(rows.len(), 29);
    for row in rows {
        let text = |name: &str| row[name].as_str().unwrap();
        let clock = row["clock"].as_u64().unwrap_or(TIME);
        match (text("side"), text("enc")) {
            ("client", _) => client(text("id")).await,
            (_, "template") => presigned(text("id"), clock).await,
            _ => server(text("id"), text("input"), clock).await,
        }
    }
}
