//! [`AnyOf`], a choice of several schemes.

use std::fmt;
use std::sync::Arc;

use http::header::WWW_AUTHENTICATE;
use http::{StatusCode, request, response};

use super::Any;
use super::memory::{Known, Lead, Led, Memory};
use crate::begin::Begin;
use crate::error::{Error, ErrorKind, Result};
use crate::lanes::Connection;
use crate::origin::Origin;
use crate::payload::Payload;
use crate::scheme::{Binding, Cx, Exchange, Leg, Next, Scheme, Strength};
use crate::touch::Touch;

/// A choice of schemes: the first request starts without credentials, and the strongest challenge that one of them
/// can answer is answered. The choice is remembered per origin, so later requests start with it.
///
/// A scheme with a pinned minimum ([`Scheme::pins`]) removes every weaker one from the choice, whatever a server
/// offers. Where no scheme can answer, the refusal is the caller's.
#[derive(Clone, Debug)]
pub struct AnyOf(Arc<Choice>);

#[derive(Debug)]
struct Choice {
    schemes: Vec<Any>,
    memory: Memory,
}

impl AnyOf {
    /// A choice of `schemes`; of two that are equally strong, the one that comes first is preferred.
    pub fn new(schemes: impl IntoIterator<Item = Any>) -> Self {
        let mut schemes: Vec<Any> = schemes.into_iter().collect();
        let pinned = schemes
            .iter()
            .filter(|scheme| scheme.pins())
            .map(Any::strength)
            .max();
        schemes.retain(|scheme| pinned.is_none_or(|minimum| scheme.strength() >= minimum));
        schemes.sort_by_key(|scheme| std::cmp::Reverse(scheme.strength()));
        Self(Arc::new(Choice {
            schemes,
            memory: Memory::default(),
        }))
    }

    /// Drops every scheme weaker than `minimum` from the choice.
    #[must_use]
    pub fn at_least(self, minimum: Strength) -> Self {
        let schemes = self
            .0
            .schemes
            .iter()
            .filter(|scheme| scheme.strength() >= minimum);
        Self::new(schemes.cloned())
    }

    fn choosing(&self, inner: Option<Box<dyn Exchange>>, origin: Option<Origin>) -> Choosing {
        let choice = Arc::clone(&self.0);
        Choosing {
            inner,
            answers: false,
            origin,
            choice,
            _lead: None,
        }
    }

    /// Begins with what is known of the origin; where nothing is, one request finds out and the others wait for it.
    fn start(&self, cx: Cx<'_>) -> Begin<Choosing> {
        let origin = cx.origin();
        match self.0.memory.enter(&origin) {
            Err(lead) => {
                let choosing = self.choosing(None, origin);
                Begin::ready(Choosing {
                    _lead: Some(lead),
                    ..choosing
                })
            }
            Ok(Known::Led(led)) => self.wait(led, cx),
            Ok(known) => self.go_on(Some(known), cx),
        }
    }

    /// One that has waited in vain does not wait again.
    fn wait(&self, led: Led, cx: Cx<'_>) -> Begin<Choosing> {
        let (choice, request) = (self.clone(), cx.request.clone());
        let (base, proxy) = (cx.base().cloned(), cx.proxy().cloned());
        Begin::wait(async move {
            let _ = led.await;
            let begin = {
                let cx = Cx::new(&request, base.as_ref()).to_proxy(proxy.as_ref());
                choice.go_on(choice.0.memory.recall(&cx.origin()), cx)
            };
            begin.await
        })
    }

    fn go_on(&self, known: Option<Known>, cx: Cx<'_>) -> Begin<Choosing> {
        let choosing = self.choosing(None, cx.origin());
        let chosen = match known {
            Some(Known::Chosen(index)) => self.0.schemes.get(index),
            _ => None,
        };
        match chosen {
            None => Begin::ready(choosing),
            Some(scheme) => scheme.begin(cx).map(move |inner| Choosing {
                inner: Some(inner),
                ..choosing
            }),
        }
    }

    fn answer(&self, cx: Cx<'_>) -> Begin<Choosing> {
        let origin = cx.origin();
        for (index, scheme) in self.0.schemes.iter().enumerate() {
            let begin = scheme.begin(cx);
            if begin.failed_with() == Some(ErrorKind::Challenge) {
                continue;
            }
            self.0.memory.remember(&origin, Known::Chosen(index));
            let choosing = self.choosing(None, origin);
            return begin.map(move |inner| Choosing {
                inner: Some(inner),
                answers: true,
                ..choosing
            });
        }
        Begin::failed(Error::challenge(
            "the server offers no scheme that this client may use",
        ))
    }
}

impl Scheme for AnyOf {
    type Exchange = Choosing;

    fn begin(&self, cx: Cx<'_>) -> Begin<Choosing> {
        match cx.refused {
            Some(_) => self.answer(cx),
            None => self.start(cx),
        }
    }

    fn strength(&self) -> Strength {
        let strengths = self.0.schemes.iter().map(Any::strength);
        strengths.min().unwrap_or(Strength::Revealing)
    }

    fn pins(&self) -> bool {
        self.0.schemes.iter().any(Any::pins)
    }
}

/// The exchange of [`AnyOf`]: that of the scheme it chose, or a first leg without credentials.
pub struct Choosing {
    inner: Option<Box<dyn Exchange>>,
    answers: bool,
    origin: Option<Origin>,
    choice: Arc<Choice>,
    /// Others wait for the challenge as long as this is held.
    _lead: Option<Lead>,
}

impl fmt::Debug for Choosing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Choosing").field(&self.name()).finish()
    }
}

impl Exchange for Choosing {
    fn name(&self) -> &'static str {
        self.inner.as_ref().map_or("choice", |inner| inner.name())
    }

    fn reveals(&self) -> bool {
        self.inner.as_ref().is_some_and(|inner| inner.reveals())
    }

    fn binding(&self) -> Binding {
        self.inner
            .as_ref()
            .map_or(Binding::Request, |inner| inner.binding())
    }

    fn bound(&mut self, connection: &Connection) {
        if let Some(inner) = &mut self.inner {
            inner.bound(connection);
        }
    }

    fn plan(&self) -> Leg {
        match self.inner.as_ref().map(|inner| inner.plan()) {
            None => Leg::Doubtful,
            Some(Leg::Last) if !self.answers => Leg::Tentative,
            Some(plan) => plan,
        }
    }

    fn reads_body(&self, request: &request::Parts) -> bool {
        self.inner
            .as_ref()
            .is_some_and(|inner| inner.reads_body(request))
    }

    fn body_advice(&self) -> Option<&'static str> {
        self.inner.as_ref().and_then(|inner| inner.body_advice())
    }

    fn touches(&self, part: Touch<'_>) -> bool {
        self.inner.as_ref().is_some_and(|inner| inner.touches(part))
    }

    fn prepare(&mut self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        self.inner
            .as_mut()
            .map_or(Ok(()), |inner| inner.prepare(request, body))
    }

    fn receive(&mut self, response: &response::Parts) -> Result<Next> {
        let next = self
            .inner
            .as_mut()
            .map_or(Ok(Next::Done), |inner| inner.receive(response))?;
        if self.inner.is_none() && !is_refusal(response) {
            self.choice.memory.remember(&self.origin, Known::Open);
        }
        let over = matches!(next, Next::Done | Next::Look);
        if !over || self.answers || !is_refusal(response) {
            return Ok(next);
        }
        if self.inner.is_some() {
            self.choice.memory.forget(&self.origin);
        }
        Ok(Next::Restart)
    }

    fn receive_body(&mut self, body: &[u8]) -> Result<()> {
        self.inner
            .as_mut()
            .map_or(Ok(()), |inner| inner.receive_body(body))
    }

    fn conclude(&mut self, response: &mut response::Parts) {
        if let Some(inner) = &mut self.inner {
            inner.conclude(response);
        }
    }
}

fn is_refusal(response: &response::Parts) -> bool {
    matches!(
        response.status,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
    ) && response.headers.contains_key(WWW_AUTHENTICATE)
}
