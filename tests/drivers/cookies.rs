//! Cookies stand below authentication, so that each leg takes along what the one before was given.

use std::sync::Arc;

use conformance::driver::through_reqwest;
use conformance::net;
use countersign_apikey::ApiKey;
use countersign_core::Any;
use countersign_digest::Digest;
use countersign_reqwest::AuthMiddleware;
use countersign_testkit::{Answer, RawServer};
use http::header::{COOKIE, SET_COOKIE};
use http::{Extensions, HeaderValue};
use reqwest::cookie::{CookieStore, Jar};
use reqwest_middleware::{ClientBuilder, Middleware, Next, Result};

use crate::get;

/// What stands below authentication in a stack.
enum Below {
    /// The jar in reqwest's client.
    ReqwestsOwn,
    /// A middleware with a jar.
    Beside,
}

/// Adds the jar's cookies to those that are there, as the documentation of `countersign-reqwest` shows it.
struct Cookies(Arc<Jar>);

#[async_trait::async_trait]
impl Middleware for Cookies {
    async fn handle(
        &self,
        mut request: reqwest::Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<reqwest::Response> {
        let url = request.url().clone();
        let kept = self.0.cookies(&url);
        let set = request.headers().get_all(COOKIE).iter();
        let all: Vec<_> = set.chain(&kept).map(HeaderValue::as_bytes).collect();
        if !all.is_empty() {
            let all = HeaderValue::from_bytes(&all.join(&b"; "[..])).unwrap();
            request.headers_mut().insert(COOKIE, all);
        }
        let response = next.run(request, extensions).await?;
        self.0
            .set_cookies(&mut response.headers().get_all(SET_COOKIE).iter(), &url);
        Ok(response)
    }
}

fn stack(scheme: Any, below: Below) -> conformance::Client {
    let jar = Arc::new(Jar::default());
    let inner = net::reqwest(net::certificates());
    let auth = AuthMiddleware::new(scheme);
    through_reqwest(match below {
        Below::ReqwestsOwn => {
            let inner = inner.cookie_provider(jar).build().unwrap();
            ClientBuilder::new(inner).with(auth).build()
        }
        Below::Beside => {
            let stack = ClientBuilder::new(inner.build().unwrap()).with(auth);
            stack.with(Cookies(jar)).build()
        }
    })
}

/// Sends a request for each path and says what cookies each leg had.
async fn cookies(scheme: Any, below: Below, paths: &[&str]) -> Vec<Option<String>> {
    let server = RawServer::start(|seen| {
        let asks = seen.request.header("authorization").is_none();
        let asks = asks && seen.request.target == "/digest";
        let answer = Answer::new(if asks { 401 } else { 200 }).header("set-cookie", "session=1");
        match asks {
            true => answer.header(
                "www-authenticate",
                "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256",
            ),
            false => answer,
        }
    })
    .await;
    let client = stack(scheme, below);
    for path in paths {
        let answer = client.send(get(&server.url(path))).await.unwrap();
        assert_eq!(answer.status(), 200);
    }
    let sent = |seen: &countersign_testkit::Seen| seen.request.header("cookie").map(str::to_owned);
    server.seen().iter().map(sent).collect()
}

#[tokio::test]
async fn a_cookie_that_came_with_the_challenge_goes_with_its_answer() {
    for below in [Below::ReqwestsOwn, Below::Beside] {
        let digest = Any::new(Digest::new("bob", "secret").unwrap());
        let session = || Some("session=1".to_owned());
        assert_eq!(
            cookies(digest, below, &["/digest"]).await,
            [None, session()]
        );
    }
}

#[tokio::test]
async fn a_key_in_a_cookie_and_a_jars_cookies_are_both_sent() {
    let key = Any::new(ApiKey::cookie("key", "s3cret").unwrap());
    let both = ["key=s3cret", "key=s3cret; session=1"].map(|sent| Some(sent.to_owned()));
    assert_eq!(cookies(key, Below::Beside, &["/", "/"]).await, both);
}

/// Why the documentation has a middleware for that: reqwest's own jar asks only whether there is a `Cookie`.
#[tokio::test]
async fn reqwests_own_jar_gives_nothing_to_a_request_with_a_cookie() {
    let key = Any::new(ApiKey::cookie("key", "s3cret").unwrap());
    let alone = ["key=s3cret"; 2].map(|sent| Some(sent.to_owned()));
    assert_eq!(cookies(key, Below::ReqwestsOwn, &["/", "/"]).await, alone);
}
