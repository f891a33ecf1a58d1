//! A scheme whose credential is awaited: fetched once for all, and again when the server refuses it. It stands in for
//! OAuth 2.0.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use countersign_core::{
    Begin, Cx, Error, ErrorKind, Exchange, Fetch, Flight, Leg, Next, Payload, Result, Scheme,
    add_header,
};
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, StatusCode, request, response};

/// Fetches a ticket from an endpoint and sends it with every request.
#[derive(Clone)]
pub struct Ticket(Arc<Shared>);

struct Shared {
    fetch: Arc<dyn Fetch>,
    endpoint: String,
    held: Mutex<Option<HeaderValue>>,
    flight: Flight<HeaderValue>,
}

impl Ticket {
    /// Tickets from `endpoint`, which answers with the value of the header.
    pub fn new(fetch: impl Fetch, endpoint: impl Into<String>) -> Self {
        let fetch = Arc::new(fetch);
        let (held, flight) = (Mutex::default(), Flight::new(Duration::from_secs(1)));
        Self(Arc::new(Shared {
            fetch,
            endpoint: endpoint.into(),
            held,
            flight,
        }))
    }

    fn held(&self) -> Option<HeaderValue> {
        self.0.held.lock().unwrap().clone()
    }

    /// Gives a refused ticket up; not one that took its place meanwhile.
    fn invalidate(&self, refused: &HeaderValue) {
        let mut held = self.0.held.lock().unwrap();
        if held.as_ref() == Some(refused) {
            *held = None;
        }
    }

    async fn fetch(self) -> Result<HeaderValue> {
        let request = Request::get(&self.0.endpoint)
            .body(Bytes::new())
            .map_err(|_| unfit())?;
        let response = self.0.fetch.fetch(request).await?;
        if response.status() != StatusCode::OK {
            return Err(unfit());
        }
        let ticket = HeaderValue::from_bytes(response.body()).map_err(|_| unfit())?;
        *self.0.held.lock().unwrap() = Some(ticket.clone());
        Ok(ticket)
    }
}

fn unfit() -> Error {
    Error::new(ErrorKind::Fetch, "the endpoint gave no ticket")
}

impl Scheme for Ticket {
    type Exchange = TicketExchange;

    fn begin(&self, cx: Cx<'_>) -> Begin<TicketExchange> {
        let (this, restarted) = (self.clone(), cx.refused.is_some());
        match self.held() {
            Some(ticket) => Begin::ready(TicketExchange {
                scheme: this,
                ticket,
                restarted,
            }),
            None => Begin::wait(async move {
                let ticket = this.0.flight.join(|| this.clone().fetch()).await?;
                Ok(TicketExchange {
                    scheme: this,
                    ticket,
                    restarted,
                })
            }),
        }
    }
}

/// The exchange of [`Ticket`].
#[derive(Debug)]
pub struct TicketExchange {
    scheme: Ticket,
    ticket: HeaderValue,
    restarted: bool,
}

impl Exchange for TicketExchange {
    fn name(&self) -> &'static str {
        "ticket"
    }

    fn plan(&self) -> Leg {
        if self.restarted {
            Leg::Last
        } else {
            Leg::Tentative
        }
    }

    fn prepare(&mut self, request: &mut request::Parts, _: &mut Payload) -> Result<()> {
        add_header(request, AUTHORIZATION, self.ticket.clone(), self.name());
        Ok(())
    }

    fn receive(&mut self, response: &response::Parts) -> Result<Next> {
        if response.status != StatusCode::UNAUTHORIZED {
            return Ok(Next::Done);
        }
        self.scheme.invalidate(&self.ticket);
        Ok(if self.restarted {
            Next::Done
        } else {
            Next::Restart
        })
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket")
    }
}
