//! [`Stack`], the client as a user builds it: redirects above auth above what sends.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use countersign_basic::Basic;
use countersign_core::redirect::Policy;
use countersign_core::{
    Any, AnyOf, AuthBody, Failure, FixedClock, Once, Origin, Random, Settings, Sources, Target,
};
use countersign_digest::Digest;
use countersign_tower::{AuthLayer, RedirectLayer};
use http::{HeaderValue, Method, Request, Response};
use tower::{Layer, Service, ServiceExt};

use super::body::Strange;
use super::draw::Draw;
use super::fickle::Fickle;
use super::server::{Hop, Lost, ORIGINS, Server};

/// How often a request is polled until it counts as one that never ends.
const POLLS: usize = 1 << 20;

pub(crate) struct Stack {
    pub(crate) server: Server,
    pub(crate) allows_cleartext: bool,
    pub(crate) only: Option<Origin>,
    /// Whether every leg comes from a scheme that changes no body.
    pub(crate) is_real: bool,
    scheme: Any,
    settings: Settings,
    requests: usize,
}

/// A request as the caller makes it.
pub(crate) struct Asked {
    pub(crate) origin: Origin,
    pub(crate) method: Method,
    pub(crate) body: Strange,
    uri: String,
    headers: Vec<(&'static str, &'static str)>,
}

pub(crate) type Outcome = Result<Response<AuthBody<Strange>>, Failure<Lost>>;

/// The same input makes the same requests.
#[derive(Debug, Default)]
struct Counter(AtomicU64);

impl Random for Counter {
    fn fill(&self, out: &mut [u8]) -> countersign_core::Result<()> {
        let count = self.0.fetch_add(1, Ordering::Relaxed);
        out.fill(0);
        out.iter_mut()
            .zip(count.to_be_bytes())
            .for_each(|(to, from)| *to = from);
        Ok(())
    }
}

fn digest(draw: &Draw) -> Digest {
    let sources = Sources {
        clock: Arc::new(FixedClock(Duration::from_secs(1))),
        random: Arc::new(Counter::default()),
    };
    let digest = Digest::new("user", "canary-password")
        .unwrap()
        .sources(sources);
    let digest = digest.prefer_auth_int(draw.once_in(2));
    digest.verify_rspauth(draw.once_in(8))
}

impl Stack {
    pub(crate) fn new(draw: &Draw) -> Self {
        let digest = digest(draw);
        let basic = Basic::new("user", "canary-password").unwrap();
        let fickle = Fickle::new(draw);
        let (scheme, is_real) = match draw.below(5) {
            0 => (Any::new(digest), true),
            1 => (choice([Any::new(digest), Any::new(basic.reactive())]), true),
            2 => (Any::new(fickle), false),
            3 => (choice([Any::new(digest), Any::new(fickle)]), false),
            _ => (Any::new(Once(digest)), true),
        };
        let allows_cleartext = draw.once_in(4);
        let only = draw.once_in(4).then(|| origin(draw));
        let mut settings = Settings::default()
            .allow_cleartext(allows_cleartext)
            .probe_with_head(draw.once_in(3))
            .max_body(draw.one_of(&[1 << 20, 4, 50]))
            .target(draw.one_of(&[Target::Origin, Target::Origin, Target::Proxy]));
        if let Some(only) = &only {
            settings = settings.only([only.clone()]);
        }
        Self {
            server: Server::new(draw),
            allows_cleartext,
            only,
            is_real,
            scheme,
            settings,
            requests: 0,
        }
    }

    /// Which request was sent last.
    pub(crate) fn last(&self) -> usize {
        self.requests
    }

    pub(crate) fn send(&mut self, asked: &Asked) -> Outcome {
        self.requests += 1;
        let (request, hops) = (self.requests, AtomicUsize::new(0));
        let hops = Arc::new(hops);
        let auth = AuthLayer::new(self.scheme.clone()).settings(self.settings.clone());
        let numbered = auth.layer(self.server.clone()).map_request(
            move |mut hop: Request<AuthBody<Strange>>| {
                let count = hops.fetch_add(1, Ordering::Relaxed);
                hop.extensions_mut().insert(Hop {
                    request,
                    hop: count,
                });
                hop
            },
        );
        let mut client = RedirectLayer::new(Policy::default()).layer(numbered);
        finish(client.call(asked.request()))
    }
}

fn choice<const N: usize>(schemes: [Any; N]) -> Any {
    Any::new(AnyOf::new(schemes))
}

fn origin(draw: &Draw) -> Origin {
    draw.one_of(&ORIGINS).parse().unwrap()
}

/// Nothing here waits for anything but itself.
fn finish<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    for _ in 0..POLLS {
        let polled = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        if let Poll::Ready(outcome) = polled {
            return outcome;
        }
    }
    panic!("it does not end")
}

impl Asked {
    pub(crate) fn new(draw: &Draw) -> Self {
        let base = draw.one_of(&ORIGINS);
        let headers = [
            ("accept", "*/*"),
            ("content-length", "5"),
            ("authorization", "the caller's own"),
            ("cookie", "the caller's own"),
            ("expect", "100-continue"),
        ];
        Self {
            origin: base.parse().unwrap(),
            method: draw
                .one_of(&[Method::POST, Method::GET, Method::PUT].each_ref())
                .clone(),
            body: Strange::of_request(draw),
            uri: format!("{base}{}", draw.one_of(&["/", "/x?a=b", ""])),
            headers: (0..draw.below(3)).map(|_| draw.one_of(&headers)).collect(),
        }
    }

    fn request(&self) -> Request<Strange> {
        let mut request = Request::new(self.body.clone());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.parse().unwrap();
        for (name, value) in &self.headers {
            let value = HeaderValue::from_static(value);
            request.headers_mut().append(*name, value);
        }
        request
    }
}
