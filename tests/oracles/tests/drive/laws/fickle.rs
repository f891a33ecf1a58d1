//! [`Fickle`], a scheme that reacts in any way.

use countersign_core::{
    Begin, Cx, Error, ErrorKind, Exchange, Leg, Next, Payload, Result, Scheme, Touch,
};
use http::header::{AUTHORIZATION, COOKIE, HeaderName};
use http::{HeaderValue, request, response};

use super::draw::Draw;

/// What is in everything that it adds, and nowhere else.
pub(crate) const CANARY: &str = "canary";
/// What is in what it adds where it says that this could be used again.
pub(crate) const REVEALING: &str = "canary-revealing";
/// What it sends in place of a body.
const REPLACEMENT: &str = "canary in place of the body";
/// How many places there are for what it adds.
const PLACES: usize = 5;

/// Whether it reveals is the same for every request, as it is for any scheme; what it adds and where is not.
pub(crate) struct Fickle {
    reveals: bool,
    draw: Draw,
}

impl Fickle {
    pub(crate) fn new(draw: &Draw) -> Self {
        Self {
            reveals: draw.once_in(4),
            draw: draw.clone(),
        }
    }
}

impl Scheme for Fickle {
    type Exchange = Whim;

    fn begin(&self, cx: Cx<'_>) -> Begin<Whim> {
        if cx.refused.is_some() && self.draw.once_in(3) {
            return Begin::failed(Error::challenge("it does not answer"));
        }
        if self.draw.once_in(16) {
            return Begin::failed(Error::new(ErrorKind::Random, "it has no randomness"));
        }
        let whim = Whim {
            plan: plan(&self.draw),
            place: self.draw.below(PLACES),
            reveals: self.reveals,
            reads_body: self.draw.once_in(4),
            draw: self.draw.clone(),
        };
        match self.draw.once_in(4) {
            true => Begin::wait(async { Ok(whim) }),
            false => Begin::ready(whim),
        }
    }
}

fn plan(draw: &Draw) -> Leg {
    draw.one_of(&[Leg::Tentative, Leg::Doubtful, Leg::Last, Leg::Probe])
}

pub(crate) struct Whim {
    plan: Leg,
    place: usize,
    reveals: bool,
    reads_body: bool,
    draw: Draw,
}

impl Exchange for Whim {
    fn name(&self) -> &'static str {
        "fickle"
    }

    fn reveals(&self) -> bool {
        self.reveals
    }

    fn plan(&self) -> Leg {
        self.plan
    }

    fn reads_body(&self, _: &request::Parts) -> bool {
        self.reads_body
    }

    fn touches(&self, _: Touch<'_>) -> bool {
        true
    }

    fn prepare(&mut self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        if self.draw.once_in(12) {
            return Err(Error::configuration("it does not sign"));
        }
        let word = if self.reveals { REVEALING } else { CANARY };
        let word = format!("{word}-{}", self.draw.below(4));
        let value = HeaderValue::try_from(&word).unwrap();
        let headers = &mut request.headers;
        match self.place {
            0 => drop(headers.insert(AUTHORIZATION, value)),
            1 => drop(headers.insert(HeaderName::from_static("x-key"), value)),
            2 => drop(headers.append(COOKIE, value)),
            3 => {
                let uri = format!("{}?key={word}", request.uri);
                request.uri = uri.parse().unwrap_or_default();
            }
            _ => {}
        }
        if self.draw.once_in(8) {
            body.replace(REPLACEMENT);
        }
        Ok(())
    }

    fn receive(&mut self, _: &response::Parts) -> Result<Next> {
        self.plan = plan(&self.draw);
        let choices = [Next::Again, Next::Restart, Next::Done, Next::Read];
        match self.draw.once_in(12) {
            true => Err(Error::challenge("it does not like the answer")),
            false => Ok(self.draw.one_of(&choices)),
        }
    }

    fn receive_body(&mut self, _: &[u8]) -> Result<()> {
        match self.draw.once_in(3) {
            true => Err(Error::challenge("it does not like the answer's body")),
            false => Ok(()),
        }
    }
}
