//! The client: with every request, or when asked.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countersign_core::{
    Begin, Cx, Error, Exchange, Leg, Next, Origin, Payload, Result, Scheme, Sign, add_header,
};
use http::header::AUTHORIZATION;
use http::{HeaderValue, StatusCode, request, response};

use crate::credentials::Basic;
use crate::message::{self, Charset};

const NAME: &str = "basic";

/// How many origins a client remembers; past it, it starts anew.
const MAX_ORIGINS: usize = 1024;

impl Sign for Basic {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reveals(&self) -> bool {
        true
    }

    fn sign(&self, request: &mut request::Parts, _: &mut Payload) -> Result<()> {
        add_header(request, AUTHORIZATION, self.header(None), NAME);
        Ok(())
    }
}

/// Basic that waits to be asked: the first request to an origin starts without credentials, a `Basic` challenge is
/// answered once, and from then on that origin gets them at once. It takes part in a choice of schemes.
#[derive(Clone, Debug)]
pub struct Reactive {
    basic: Basic,
    known: Arc<Known>,
}

/// The origins that asked, and the charset in which they did.
#[derive(Debug, Default)]
struct Known(Mutex<HashMap<Option<Origin>, Option<Charset>>>);

impl Known {
    fn map(&self) -> MutexGuard<'_, HashMap<Option<Origin>, Option<Charset>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, origin: Option<Origin>, charset: Option<Charset>) {
        let mut map = self.map();
        if map.len() >= MAX_ORIGINS {
            map.clear();
        }
        map.insert(origin, charset);
    }
}

impl Reactive {
    pub(crate) fn new(basic: Basic) -> Self {
        Self {
            basic,
            known: Arc::default(),
        }
    }

    fn exchange(
        &self,
        charset: Option<Option<Charset>>,
        origin: Option<Origin>,
    ) -> Begin<ReactiveExchange> {
        let header = charset.map(|charset| self.basic.header(charset));
        Begin::ready(ReactiveExchange {
            header,
            origin,
            known: Arc::clone(&self.known),
        })
    }

    fn answer(&self, refused: &response::Parts, origin: Option<Origin>) -> Begin<ReactiveExchange> {
        let Some(charset) = message::offered(refused) else {
            return Begin::failed(Error::challenge("the server does not offer Basic"));
        };
        self.known.remember(origin.clone(), charset);
        self.exchange(Some(charset), origin)
    }
}

impl Scheme for Reactive {
    type Exchange = ReactiveExchange;

    fn begin(&self, cx: Cx<'_>) -> Begin<ReactiveExchange> {
        let origin = cx.origin();
        if let Some(refused) = cx.refused {
            return self.answer(refused, origin);
        }
        let charset = self.known.map().get(&origin).copied();
        self.exchange(charset, origin)
    }
}

/// The exchange of [`Reactive`].
pub struct ReactiveExchange {
    header: Option<HeaderValue>,
    origin: Option<Origin>,
    known: Arc<Known>,
}

impl fmt::Debug for ReactiveExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReactiveExchange")
            .field("answers", &self.header.is_some())
            .finish_non_exhaustive()
    }
}

impl Exchange for ReactiveExchange {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reveals(&self) -> bool {
        self.header.is_some()
    }

    fn plan(&self) -> Leg {
        match self.header {
            None => Leg::Doubtful,
            Some(_) => Leg::Last,
        }
    }

    fn prepare(&mut self, request: &mut request::Parts, _: &mut Payload) -> Result<()> {
        if let Some(value) = &self.header {
            add_header(request, AUTHORIZATION, value.clone(), NAME);
        }
        Ok(())
    }

    fn receive(&mut self, response: &response::Parts) -> Result<Next> {
        if response.status != StatusCode::UNAUTHORIZED {
            return Ok(Next::Done);
        }
        if self.header.is_none() {
            return Ok(Next::Restart);
        }
        // What is refused there is not sent unasked again.
        self.known.map().remove(&self.origin);
        Ok(Next::Done)
    }
}
