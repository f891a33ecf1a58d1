//! Several verifiers on one route.

use std::fmt;
use std::sync::Arc;

use http::request;

use super::{Reason, Refusal, Verdict, Verify};
use crate::begin::Begin;
use crate::payload::Payload;

/// Any verifier with this principal, chosen at run time.
pub struct AnyVerifier<P>(Arc<dyn Erased<P>>);

trait Erased<P>: Send + Sync {
    fn reads(&self, request: &request::Parts) -> bool;
    fn judge(&self, request: &request::Parts, body: &Payload) -> Begin<Verdict<P>>;
}

impl<V: Verify> Erased<V::Principal> for V {
    fn reads(&self, request: &request::Parts) -> bool {
        self.reads_body(request)
    }

    fn judge(&self, request: &request::Parts, body: &Payload) -> Begin<Verdict<V::Principal>> {
        self.verify(request, body)
    }
}

impl<P: Clone + Send + Sync + 'static> AnyVerifier<P> {
    /// Forgets which verifier it is.
    pub fn new(verifier: impl Verify<Principal = P>) -> Self {
        Self(Arc::new(verifier))
    }
}

impl<P> Clone for AnyVerifier<P> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<P> fmt::Debug for AnyVerifier<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyVerifier(..)")
    }
}

impl<P: Clone + Send + Sync + 'static> Verify for AnyVerifier<P> {
    type Principal = P;

    fn reads_body(&self, request: &request::Parts) -> bool {
        self.0.reads(request)
    }

    fn verify(&self, request: &request::Parts, body: &Payload) -> Begin<Verdict<P>> {
        self.0.judge(request, body)
    }
}

/// Lets a request through that one of `verifiers` accepts; a refusal carries the challenges of all, in their order.
///
/// The first that accepts counts. Unlike principals are made alike by [`Verify::map`]:
///
/// ```
/// use countersign_core::verify::{AnyVerifier, Verdict, Verify, any_of};
/// # use countersign_core::{Begin, Payload};
/// # use http::request;
/// #
/// # /// Takes one word, and says whose it is.
/// # struct Word<P>(&'static str, P);
/// #
/// # impl<P: Clone + Send + Sync + 'static> Verify for Word<P> {
/// #     type Principal = P;
/// #     fn verify(&self, request: &request::Parts, _: &Payload) -> Begin<Verdict<P>> {
/// #         let is_right = request.headers.get("authorization").is_some_and(|value| value == self.0);
/// #         Begin::ready(match is_right {
/// #             true => Verdict::accept("word", self.1.clone()),
/// #             false => Verdict::refuse(countersign_core::verify::Reason::Missing),
/// #         })
/// #     }
/// # }
///
/// #[derive(Clone, Debug, PartialEq)]
/// enum User {
///     Number(u32),
///     Named(String),
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let (by_number, by_name) = (Word("open", 7_u32), Word("sesame", "Aladdin"));
/// // The principal of one is a `u32`, that of the other a `&str`.
/// let verifier = any_of([
///     AnyVerifier::new(by_number.map(User::Number)),
///     AnyVerifier::new(by_name.map(|name| User::Named(name.to_owned()))),
/// ]);
///
/// let (head, ()) = http::Request::get("/").header("authorization", "sesame").body(())?.into_parts();
/// let verdict = verifier.verify(&head, &Payload::default()).await?;
/// assert!(matches!(verdict, Verdict::Accept(found) if found.principal == User::Named("Aladdin".into())));
/// # Ok(())
/// # }
/// ```
pub fn any_of<P>(verifiers: impl IntoIterator<Item = AnyVerifier<P>>) -> AnyOfVerifiers<P> {
    AnyOfVerifiers(verifiers.into_iter().collect())
}

/// See [`any_of`].
#[derive(Debug)]
pub struct AnyOfVerifiers<P>(Arc<[AnyVerifier<P>]>);

impl<P> Clone for AnyOfVerifiers<P> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<P: Clone + Send + Sync + 'static> Verify for AnyOfVerifiers<P> {
    type Principal = P;

    fn reads_body(&self, request: &request::Parts) -> bool {
        self.0.iter().any(|verifier| verifier.reads_body(request))
    }

    fn verify(&self, request: &request::Parts, body: &Payload) -> Begin<Verdict<P>> {
        let begun: Vec<_> = self.0.iter().map(|one| one.verify(request, body)).collect();
        Begin::wait(async move {
            let mut refused = Refusal {
                reason: Reason::Missing,
                challenges: Vec::new(),
                close: false,
                advice: None,
            };
            for verdict in begun {
                match verdict.await? {
                    Verdict::Accept(accepted) => return Ok(Verdict::Accept(accepted)),
                    Verdict::Refuse(refusal) => refused = refused.merge(refusal),
                }
            }
            Ok(Verdict::Refuse(refused))
        })
    }
}

/// See [`Verify::map`].
#[derive(Clone, Debug)]
pub struct Map<V, F> {
    verifier: V,
    change: F,
}

impl<V, F> Map<V, F> {
    pub(super) fn new(verifier: V, change: F) -> Self {
        Self { verifier, change }
    }
}

impl<V, F, Q> Verify for Map<V, F>
where
    V: Verify,
    Q: Clone + Send + Sync + 'static,
    F: Fn(V::Principal) -> Q + Clone + Send + Sync + 'static,
{
    type Principal = Q;

    fn reads_body(&self, request: &request::Parts) -> bool {
        self.verifier.reads_body(request)
    }

    fn verify(&self, request: &request::Parts, body: &Payload) -> Begin<Verdict<Q>> {
        let change = self.change.clone();
        self.verifier
            .verify(request, body)
            .map(move |verdict| verdict.map(change))
    }
}
