//! [`Any`], a scheme chosen at run time.

use std::fmt;
use std::sync::Arc;

use http::{request, response};

use crate::begin::Begin;
use crate::error::Result;
use crate::lanes::Connection;
use crate::payload::Payload;
use crate::scheme::{Binding, Cx, Exchange, Leg, Next, Scheme, Strength};
use crate::touch::Touch;

/// Any scheme, chosen at run time. Cloning it shares the scheme's state; beginning an exchange costs one allocation.
#[derive(Clone)]
pub struct Any(Arc<dyn Erased>);

trait Erased: Send + Sync {
    fn begin_boxed(&self, cx: Cx<'_>) -> Begin<Box<dyn Exchange>>;
    fn its_strength(&self) -> Strength;
    fn has_pin(&self) -> bool;
}

impl<S: Scheme> Erased for S {
    fn begin_boxed(&self, cx: Cx<'_>) -> Begin<Box<dyn Exchange>> {
        self.begin(cx)
            .map(|exchange| Box::new(exchange) as Box<dyn Exchange>)
    }

    fn its_strength(&self) -> Strength {
        self.strength()
    }

    fn has_pin(&self) -> bool {
        self.pins()
    }
}

impl Any {
    /// Forgets which scheme it is.
    pub fn new(scheme: impl Scheme) -> Self {
        Self(Arc::new(scheme))
    }
}

impl Scheme for Any {
    type Exchange = Box<dyn Exchange>;

    fn begin(&self, cx: Cx<'_>) -> Begin<Box<dyn Exchange>> {
        self.0.begin_boxed(cx)
    }

    fn strength(&self) -> Strength {
        self.0.its_strength()
    }

    fn pins(&self) -> bool {
        self.0.has_pin()
    }
}

impl fmt::Debug for Any {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Any(..)")
    }
}

// Every method is forwarded by hand: a default one left out would silently change the scheme.
impl Exchange for Box<dyn Exchange> {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    fn reveals(&self) -> bool {
        (**self).reveals()
    }

    fn binding(&self) -> Binding {
        (**self).binding()
    }

    fn bound(&mut self, connection: &Connection) {
        (**self).bound(connection);
    }

    fn plan(&self) -> Leg {
        (**self).plan()
    }

    fn reads_body(&self, request: &request::Parts) -> bool {
        (**self).reads_body(request)
    }

    fn body_advice(&self) -> Option<&'static str> {
        (**self).body_advice()
    }

    fn touches(&self, part: Touch<'_>) -> bool {
        (**self).touches(part)
    }

    fn prepare(&mut self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        (**self).prepare(request, body)
    }

    fn receive(&mut self, response: &response::Parts) -> Result<Next> {
        (**self).receive(response)
    }

    fn receive_body(&mut self, body: &[u8]) -> Result<()> {
        (**self).receive_body(body)
    }

    fn conclude(&mut self, response: &mut response::Parts) {
        (**self).conclude(response);
    }
}
