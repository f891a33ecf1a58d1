//! A person, and an authorization under way.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use countersign_oauth2::browser::{Browser, Console};
use countersign_oauth2::{Builder, OAuth2};
use countersign_testkit::{RawResponse, exchange};
use countersign_token::{BoxFuture, Refused, Source, Token};
use http::StatusCode;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use url::Url;

use crate::support::{AUTHORIZATION_URL, Server, TOKEN_URL, access, source};

/// A person at a terminal, as far as a test needs one.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) said: Arc<Mutex<Vec<String>>>,
    lines: Arc<tokio::sync::Mutex<mpsc::UnboundedReceiver<String>>>,
    is_there: bool,
}

impl Person {
    pub(crate) fn new(is_there: bool) -> (Self, mpsc::UnboundedSender<String>) {
        let (paste, lines) = mpsc::unbounded_channel();
        let lines = Arc::new(tokio::sync::Mutex::new(lines));
        let said = Arc::default();
        (
            Self {
                said,
                lines,
                is_there,
            },
            paste,
        )
    }

    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap().join("\n")
    }
}

impl Console for Person {
    fn show(&self, text: &str) {
        self.said.lock().unwrap().push(text.to_owned());
    }

    fn is_interactive(&self) -> bool {
        self.is_there
    }

    fn line(&self) -> BoxFuture<'static, Option<String>> {
        let lines = Arc::clone(&self.lines);
        Box::pin(async move { lines.lock().await.recv().await })
    }
}

/// An authorization under way: the URL that was opened, and what comes of it.
pub(crate) struct Flow {
    pub(crate) url: Url,
    pub(crate) outcome: JoinHandle<Result<Token, Refused>>,
    pub(crate) server: Server,
    pub(crate) person: Person,
}

impl Flow {
    pub(crate) async fn start(builder: Builder) -> Self {
        Self::within(builder, Duration::from_secs(20)).await
    }

    pub(crate) async fn within(builder: Builder, deadline: Duration) -> Self {
        let (opened, mut urls) = mpsc::unbounded_channel();
        let (person, _) = Person::new(false);
        let open = move |url: &str| opened.send(url.to_owned()).map_err(std::io::Error::other);
        let browser = Browser::new()
            .open(open)
            .console(person.clone())
            .deadline(deadline);
        let server = Server::giving("t");
        let obtain = source(builder.user_agent(browser), &server).obtain(None);
        let outcome = tokio::spawn(obtain);
        let url = urls.recv().await.expect("the browser was opened");
        let url = Url::parse(&url).unwrap();
        Self {
            url,
            outcome,
            server,
            person,
        }
    }

    pub(crate) fn parameter(&self, name: &str) -> String {
        let mut pairs = self.url.query_pairs().filter(|(known, _)| known == name);
        pairs.next().unwrap().1.into_owned()
    }

    pub(crate) fn redirect(&self) -> Url {
        Url::parse(&self.parameter("redirect_uri")).unwrap()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        let redirect = self.redirect();
        redirect.socket_addrs(|| None).unwrap()[0]
    }

    /// Sends a request as a browser would.
    pub(crate) async fn send(
        &self,
        method: &str,
        target: &str,
        more: &str,
        body: &str,
    ) -> RawResponse {
        let redirect = self.redirect();
        let host = redirect.authority();
        let length = body.len();
        let request = format!(
            "{method} {target} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}\r\n{more}\r\n{body}"
        );
        exchange(self.address(), request.as_bytes()).await.unwrap()
    }

    pub(crate) async fn get(&self, target: &str) -> RawResponse {
        self.send("GET", target, "", "").await
    }

    pub(crate) async fn post(&self, form: &str) -> RawResponse {
        let kind = "content-type: application/x-www-form-urlencoded\r\n";
        self.send("POST", self.redirect().path(), kind, form).await
    }

    /// The answer of a server that grants it.
    pub(crate) fn granted(&self) -> String {
        format!(
            "{}?code=c&state={}",
            self.redirect().path(),
            self.parameter("state")
        )
    }

    pub(crate) async fn end(self) -> Result<Token, Refused> {
        tokio::time::timeout(Duration::from_secs(10), self.outcome)
            .await
            .expect("it ends")
            .unwrap()
    }

    pub(crate) async fn grant(self) {
        let page = self.get(&self.granted()).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(access(&self.end().await.unwrap()), "t");
    }
}

pub(crate) fn code() -> Builder {
    OAuth2::authorization_code(AUTHORIZATION_URL, TOKEN_URL, "id")
}

pub(crate) fn text(page: &RawResponse) -> String {
    String::from_utf8(page.body.clone()).unwrap()
}
