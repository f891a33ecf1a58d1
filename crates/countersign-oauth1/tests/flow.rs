//! The three legs, against a server that verifies them.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::Mutex;

use bytes::Bytes;
use countersign_core::{Begin, Error, ErrorKind, Fetch};
use countersign_oauth1::{
    Consumer, Credentials, Endpoints, Flow, MemoryConsumers, OAuth1, OAuth1Verifier, Placement,
    SignatureMethod, TemporaryCredentials, TokenCredentials,
};
use http::{Method, Request, Response, StatusCode, Uri};
use support::{judge, now, received, sign};

/// A server that gives out one temporary and one lasting token.
struct Server {
    verifier: OAuth1Verifier,
    seen: Mutex<Vec<Request<Bytes>>>,
}

impl Server {
    fn new() -> Self {
        let consumer = Consumer::new(SignatureMethod::HmacSha1, "cs").unwrap();
        let consumers = MemoryConsumers::new().consumer("ck", consumer);
        let consumers = consumers.token("ck", "temporary", "t&s").unwrap();
        let consumers = consumers.token("ck", "lasting", "l+s").unwrap();
        Self {
            verifier: OAuth1Verifier::builder("r", consumers).build().unwrap(),
            seen: Mutex::default(),
        }
    }

    fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        assert_eq!(request.method(), Method::POST);
        let (head, body) = request.clone().into_parts();
        self.seen.lock().unwrap().push(request);
        let head = received(head);
        let signer = judge(&self.verifier, &head, &body).unwrap();
        let form = match (
            head.uri.path(),
            signer.token.as_deref(),
            signer.verifier.as_deref(),
        ) {
            ("/request", None, None) => {
                assert_eq!(
                    signer.callback.as_deref(),
                    Some("http://127.0.0.1:8080/ready?a=b")
                );
                "oauth_token=temporary&oauth_token_secret=t%26s&oauth_callback_confirmed=true\n"
            }
            ("/token", Some("temporary"), Some("v+1")) => {
                assert_eq!(signer.callback, None);
                "oauth_token=lasting&oauth_token_secret=l%2Bs&user_id=7&screen_name=a+b"
            }
            other => panic!("{other:?}"),
        };
        Response::new(Bytes::from_static(form.as_bytes()))
    }
}

impl Fetch for Server {
    fn fetch(&self, request: Request<Bytes>) -> Begin<Response<Bytes>> {
        Begin::ready(self.answer(request))
    }
}

fn endpoints() -> Endpoints {
    let uri = |path: &str| format!("https://server.example{path}").parse().unwrap();
    Endpoints {
        temporary: uri("/request"),
        authorization: uri("/authorize?lang=en"),
        token: uri("/token"),
    }
}

fn flow(place: Placement) -> Flow {
    let client = OAuth1::builder(Credentials::new("ck", "cs").unwrap()).placement(place);
    Flow::new(client, endpoints())
}

#[test]
fn three_legs_lead_to_a_token_that_signs() {
    let places = [
        Placement::Header,
        Placement::Query,
        Placement::Form,
        Placement::FormOrQuery,
    ];
    for place in places {
        let (server, flow) = (Server::new(), flow(place));
        let callback = "http://127.0.0.1:8080/ready?a=b";
        let temporary = now(flow.temporary_credentials(&server, callback)).unwrap();
        assert_eq!(temporary.secret().expose(), b"t&s");
        let url = flow.authorization_url(&temporary).unwrap();
        assert_eq!(
            url,
            "https://server.example/authorize?lang=en&oauth_token=temporary"
        );

        let back = Uri::from_static(
            "http://127.0.0.1:8080/ready?a=b&oauth_token=temporary&oauth_verifier=v%2B1",
        );
        let verifier = temporary.verifier(&back).unwrap();
        let token = now(flow.token_credentials(&server, temporary, &verifier)).unwrap();
        assert_eq!(
            (token.token(), token.secret().expose()),
            ("lasting", &b"l+s"[..])
        );
        assert_eq!(token.parameter("screen_name"), Some("a b"));
        assert_eq!(token.parameter("oauth_token_secret"), None);
        assert_eq!(server.seen.lock().unwrap().len(), 2);

        let oauth = flow
            .client(&token)
            .unwrap()
            .placement(Placement::Header)
            .build()
            .unwrap();
        let (head, _) = sign(&oauth, Request::get("https://server.example/photos"), b"").unwrap();
        let signer = judge(&server.verifier, &received(head), b"").unwrap();
        assert_eq!(signer.token.as_deref(), Some("lasting"));
    }
}

/// Answers anything with this.
struct Fixed(StatusCode, &'static str);

impl Fetch for Fixed {
    fn fetch(&self, _: Request<Bytes>) -> Begin<Response<Bytes>> {
        let mut response = Response::new(Bytes::from_static(self.1.as_bytes()));
        *response.status_mut() = self.0;
        Begin::ready(response)
    }
}

fn first(fetch: &impl Fetch) -> Error {
    now(flow(Placement::Header).temporary_credentials(fetch, "oob")).unwrap_err()
}

#[test]
fn answers_that_give_nothing_are_errors_without_secrets() {
    let answers = [
        (StatusCode::UNAUTHORIZED, "oauth_problem=CANARY"),
        (StatusCode::FOUND, "CANARY"),
        (StatusCode::OK, "<html>CANARY</html>"),
        (StatusCode::OK, "oauth_token=CANARY%zz"),
        (
            StatusCode::OK,
            "oauth_token=a&oauth_token=CANARY&oauth_token_secret=c&oauth_callback_confirmed=true",
        ),
        (
            StatusCode::OK,
            "oauth_token=CANARY&oauth_callback_confirmed=true",
        ),
        (
            StatusCode::OK,
            "oauth_token=t&oauth_token_secret=CANARY&oauth_callback_confirmed=TRUE",
        ),
        (StatusCode::OK, ""),
    ];
    for (status, body) in answers {
        let error = first(&Fixed(status, body));
        assert_eq!(error.kind(), ErrorKind::Fetch, "{body}");
        assert!(
            !format!("{error} {error:?}").contains("CANARY"),
            "{error:?}"
        );
    }
    let refused = first(&Fixed(StatusCode::UNAUTHORIZED, ""));
    assert!(refused.to_string().contains("401"), "{refused}");
}

#[test]
fn a_failing_fetch_is_handed_on() {
    struct Down;
    impl Fetch for Down {
        fn fetch(&self, _: Request<Bytes>) -> Begin<Response<Bytes>> {
            Begin::failed(Error::new(ErrorKind::Fetch, "down"))
        }
    }
    assert_eq!(first(&Down).to_string(), "down");
}

#[test]
fn secrets_are_not_fetched_in_clear_text() {
    let mut endpoints = endpoints();
    endpoints.temporary = Uri::from_static("http://server.example/request");
    let client = OAuth1::builder(Credentials::new("ck", "cs").unwrap());
    let flow = Flow::new(client, endpoints);
    let never = Fixed(
        StatusCode::OK,
        "oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true",
    );
    let error = now(flow.temporary_credentials(&never, "oob")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cleartext);
    let allowed = flow.allow_cleartext(true);
    now(allowed.temporary_credentials(&never, "oob")).unwrap();
}

#[test]
fn a_callback_is_an_absolute_uri_or_oob() {
    let fetch = Fixed(
        StatusCode::OK,
        "oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true",
    );
    for callback in ["", "/ready", "ready", "1x:y", "x:", "OOB"] {
        let error = now(flow(Placement::Header).temporary_credentials(&fetch, callback));
        assert_eq!(
            error.unwrap_err().kind(),
            ErrorKind::Configuration,
            "{callback}"
        );
    }
    for callback in ["oob", "https://c.example/ready", "com.example.app:/ready"] {
        now(flow(Placement::Header).temporary_credentials(&fetch, callback)).unwrap();
    }
}

#[test]
fn a_callback_about_anything_else_has_no_verifier() {
    let temporary = TemporaryCredentials::new("temporary", "s");
    let targets = [
        "/ready",
        "/ready?oauth_verifier=v",
        "/ready?oauth_token=other&oauth_verifier=v",
        "/ready?oauth_token=temporary",
        "/ready?oauth_token=temporary&oauth_verifier=",
        "/ready?oauth_token=temporary&oauth_verifier=v&oauth_verifier=w",
        "/ready?oauth_token=temporary&oauth_verifier=%zz",
    ];
    for target in targets {
        let error = temporary.verifier(&target.parse().unwrap()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{target}");
    }
}

#[test]
fn an_empty_verifier_is_refused_before_anything_is_sent() {
    let temporary = TemporaryCredentials::new("temporary", "s");
    let error = now(flow(Placement::Header).token_credentials(&Server::new(), temporary, ""));
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Configuration);
}

#[test]
fn nothing_of_it_shows_a_secret() {
    let shown = format!(
        "{:?} {:?} {:?}",
        TemporaryCredentials::new("t", "CANARY"),
        TokenCredentials::new("t", "CANARY"),
        Flow::new(
            OAuth1::builder(Credentials::new("ck", "CANARY").unwrap()),
            endpoints()
        ),
    );
    assert!(!shown.contains("CANARY"), "{shown}");
}
