//! [`Verified`].

use countersign_core::verify::Accepted;

/// Who a request comes from, in the extensions of every request that was let through.
///
/// Only the layer can make one, so a handler that asks for it cannot be reached around the layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified<P> {
    principal: P,
    scheme: &'static str,
}

impl<P> Verified<P> {
    pub(crate) fn new(accepted: &Accepted<P>) -> Self
    where
        P: Clone,
    {
        Self {
            principal: accepted.principal.clone(),
            scheme: accepted.scheme,
        }
    }

    /// Who the request comes from.
    pub fn principal(&self) -> &P {
        &self.principal
    }

    /// The name of the scheme that accepted it: `"basic"`.
    pub fn scheme(&self) -> &'static str {
        self.scheme
    }

    /// Takes the principal out.
    pub fn into_principal(self) -> P {
        self.principal
    }
}
