//! [`Shape`], a scheme that does what a test says.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use countersign_core::{
    Begin, Binding, Cx, Error, Exchange, Leg, Next, Payload, Result, Scheme, Touch,
};
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri, request, response};

/// The fields with the numbers of the leg and the exchange.
const NUMBERS: [HeaderName; 2] = [
    HeaderName::from_static("x-leg"),
    HeaderName::from_static("x-exchange"),
];

/// A scheme that does what a test says; by default it sends one leg, `x-leg: 1`, and is content.
///
/// The legs of one exchange are numbered in the field `x-leg`, the exchanges in `x-exchange`.
#[derive(Clone, Debug)]
pub struct Shape {
    /// What it says of each next leg.
    pub plan: Leg,
    /// What it says to a refusal (401), leg by leg; the last one is repeated.
    pub refused: Vec<Next>,
    /// What it says to any other answer.
    pub otherwise: Next,
    /// Whether the legs share a connection.
    pub binding: Binding,
    /// Whether it needs the request's body.
    pub reads_body: bool,
    /// Whether what it sends must not be read on the way.
    pub reveals: bool,
    /// What takes the body's place.
    pub replaces: Option<Bytes>,
    /// What takes the place of the path and query.
    pub readdresses: Option<&'static str>,
    /// What it changes beside what it declares.
    pub lies: Lie,
    /// How often `begin` waits for another turn.
    pub waits: usize,
    /// Whether it finds fault with a body of the answer.
    pub distrusts: bool,
    /// The bodies of answers that it was shown.
    pub read: Arc<Mutex<Vec<Vec<u8>>>>,
    /// How often it began.
    pub begun: Arc<AtomicUsize>,
}

/// What a [`Shape`] changes without a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// Nothing.
    None,
    /// It sets the header `x-lie`.
    Adds,
    /// It takes out the header `x-own`.
    Removes,
    /// It sends another value of `x-own`.
    Changes,
    /// It adds a parameter to the query.
    Queries,
    /// It sends to another path.
    Readdresses,
    /// It sends another method.
    Renames,
    /// It sends another body.
    Replaces,
}

impl Lie {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::Adds,
        Self::Removes,
        Self::Changes,
        Self::Queries,
        Self::Readdresses,
        Self::Renames,
        Self::Replaces,
    ];

    fn tell(self, request: &mut request::Parts, body: &mut Payload) {
        let target = |request: &request::Parts, suffix: &str| {
            let target = format!("{}{suffix}", request.uri);
            target.parse::<Uri>().unwrap()
        };
        match self {
            Self::None => {}
            Self::Adds => {
                let value = HeaderValue::from_static("1");
                request.headers.insert("x-lie", value);
            }
            Self::Removes => drop(request.headers.remove("x-own")),
            Self::Changes => {
                let value = HeaderValue::from_static("other");
                request.headers.insert("x-own", value);
            }
            Self::Queries => request.uri = target(request, "?lie=1"),
            Self::Readdresses => request.uri = target(request, "lie"),
            Self::Renames => request.method = Method::DELETE,
            Self::Replaces => body.replace("lie"),
        }
    }
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            plan: Leg::Last,
            refused: vec![Next::Done],
            otherwise: Next::Done,
            binding: Binding::Request,
            reads_body: false,
            reveals: false,
            replaces: None,
            readdresses: None,
            lies: Lie::None,
            waits: 0,
            distrusts: false,
            read: Arc::default(),
            begun: Arc::default(),
        }
    }
}

impl Shape {
    /// Answers every refusal with `next`, for ever.
    pub fn always(next: Next) -> Self {
        Self {
            plan: Leg::Tentative,
            refused: vec![next],
            ..Self::default()
        }
    }

    /// Is refused once, then content.
    pub fn once(plan: Leg, next: Next) -> Self {
        Self {
            plan,
            refused: vec![next, Next::Done],
            ..Self::default()
        }
    }
}

impl Scheme for Shape {
    type Exchange = ShapeExchange;

    fn begin(&self, _: Cx<'_>) -> Begin<ShapeExchange> {
        let number = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let exchange = ShapeExchange {
            refused: self.refused.clone().into(),
            shape: self.clone(),
            number,
            legs: 0,
        };
        if self.waits == 0 {
            return Begin::ready(exchange);
        }
        let waits = self.waits;
        Begin::wait(async move {
            for _ in 0..waits {
                tokio::task::yield_now().await;
            }
            Ok(exchange)
        })
    }
}

/// The exchange of [`Shape`].
#[derive(Debug)]
pub struct ShapeExchange {
    shape: Shape,
    refused: VecDeque<Next>,
    number: usize,
    legs: usize,
}

impl Exchange for ShapeExchange {
    fn name(&self) -> &'static str {
        "shape"
    }

    fn reveals(&self) -> bool {
        self.shape.reveals
    }

    fn binding(&self) -> Binding {
        self.shape.binding.clone()
    }

    fn plan(&self) -> Leg {
        match self.legs {
            0 => self.shape.plan,
            _ if self.refused.iter().all(|next| *next == Next::Done) => Leg::Last,
            _ => Leg::Tentative,
        }
    }

    fn reads_body(&self, _: &request::Parts) -> bool {
        self.shape.reads_body
    }

    fn touches(&self, part: Touch<'_>) -> bool {
        match part {
            Touch::Header(name) => NUMBERS.contains(name),
            Touch::Path | Touch::Parameter(_) => self.shape.readdresses.is_some(),
            Touch::Body => self.shape.replaces.is_some(),
            _ => false,
        }
    }

    fn prepare(&mut self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        self.legs += 1;
        for (name, number) in NUMBERS.into_iter().zip([self.legs, self.number]) {
            request.headers.insert(name, HeaderValue::from(number));
        }
        self.shape.lies.tell(request, body);
        if let Some(bytes) = &self.shape.replaces {
            body.replace(bytes.clone());
        }
        if let Some(target) = self.shape.readdresses {
            let mut parts = std::mem::take(&mut request.uri).into_parts();
            parts.path_and_query = Some(target.parse().unwrap());
            request.uri = Uri::from_parts(parts).unwrap();
        }
        Ok(())
    }

    fn receive(&mut self, response: &response::Parts) -> Result<Next> {
        if response.status != StatusCode::UNAUTHORIZED {
            return Ok(self.shape.otherwise);
        }
        let next = *self.refused.front().unwrap();
        if self.refused.len() > 1 {
            self.refused.pop_front();
        }
        Ok(next)
    }

    fn receive_body(&mut self, body: &[u8]) -> Result<()> {
        self.shape.read.lock().unwrap().push(body.to_vec());
        match self.shape.distrusts {
            true => Err(Error::new(
                countersign_core::ErrorKind::ServerAuthentication,
                "not what was signed",
            )),
            false => Ok(()),
        }
    }
}
