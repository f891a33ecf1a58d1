//! [`Sign`], what most schemes are.

use http::uri::Parts;
use http::{Uri, request};

use crate::begin::Begin;
use crate::error::{Error, Result};
use crate::origin::Origin;
use crate::payload::Payload;
use crate::scheme::{Cx, Exchange, Scheme, Strength};
use crate::touch::Touch;

/// A scheme of one leg and no waiting. Every `Sign` is a [`Scheme`].
pub trait Sign: Clone + Send + Sync + 'static {
    /// See [`Exchange::name`].
    fn name(&self) -> &'static str;

    /// See [`Exchange::reveals`].
    fn reveals(&self) -> bool {
        false
    }

    /// See [`Exchange::reads_body`].
    fn reads_body(&self, request: &request::Parts) -> bool {
        let _ = request;
        false
    }

    /// See [`Exchange::body_advice`].
    fn body_advice(&self) -> Option<&'static str> {
        None
    }

    /// See [`Exchange::touches`].
    fn touches(&self, part: Touch<'_>) -> bool {
        part.is_authorization()
    }

    /// See [`Exchange::prepare`]. A relative target is absolute here if the driver was told the origin of such.
    ///
    /// # Errors
    ///
    /// Then nothing is sent, and the error is the caller's.
    fn sign(&self, request: &mut request::Parts, body: &mut Payload) -> Result<()>;
}

/// The exchange of a [`Sign`].
#[derive(Clone, Debug)]
pub struct Signing<T> {
    scheme: T,
    /// The origin of the request's target, if that is relative.
    base: Option<Origin>,
}

impl<T: Sign> Scheme for T {
    type Exchange = Signing<T>;

    fn begin(&self, cx: Cx<'_>) -> Begin<Signing<T>> {
        if cx.refused.is_some() {
            return Begin::failed(Error::challenge("this scheme answers no challenge"));
        }
        let base = cx.base().filter(|_| is_relative(&cx.request.uri));
        Begin::ready(Signing {
            scheme: self.clone(),
            base: base.cloned(),
        })
    }

    fn strength(&self) -> Strength {
        if self.reveals() {
            Strength::Revealing
        } else {
            Strength::Request
        }
    }
}

impl<T: Sign> Exchange for Signing<T> {
    fn name(&self) -> &'static str {
        self.scheme.name()
    }

    fn reveals(&self) -> bool {
        self.scheme.reveals()
    }

    fn reads_body(&self, request: &request::Parts) -> bool {
        self.scheme.reads_body(request)
    }

    fn body_advice(&self) -> Option<&'static str> {
        self.scheme.body_advice()
    }

    fn touches(&self, part: Touch<'_>) -> bool {
        self.scheme.touches(part)
    }

    fn prepare(&mut self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        let Some(base) = &self.base else {
            return self.scheme.sign(request, body);
        };
        request.uri = absolute(&request.uri, base)?;
        self.scheme.sign(request, body)?;
        request.uri = relative(&request.uri)?;
        Ok(())
    }
}

/// A path; `*` is not one.
fn is_relative(uri: &Uri) -> bool {
    uri.authority().is_none() && uri.path().starts_with('/')
}

fn absolute(uri: &Uri, base: &Origin) -> Result<Uri> {
    let mut parts = uri.clone().into_parts();
    parts.scheme = Some(base.scheme().parse().map_err(|_| no_target())?);
    parts.authority = Some(base.authority().parse().map_err(|_| no_target())?);
    Uri::from_parts(parts).map_err(|_| no_target())
}

fn relative(uri: &Uri) -> Result<Uri> {
    let mut parts = Parts::default();
    parts.path_and_query = uri.path_and_query().cloned();
    Uri::from_parts(parts).map_err(|_| no_target())
}

fn no_target() -> Error {
    Error::configuration("the target cannot be joined with the base origin")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use http::{HeaderValue, Request};

    use super::*;

    /// Says what it saw, and adds to the query.
    #[derive(Clone)]
    struct Witness;

    impl Sign for Witness {
        fn name(&self) -> &'static str {
            "witness"
        }

        fn sign(&self, request: &mut request::Parts, _: &mut Payload) -> Result<()> {
            let seen = request.uri.to_string();
            let seen = HeaderValue::try_from(seen).map_err(|_| no_target())?;
            request.headers.insert("seen", seen);
            request.uri = crate::canonical::query::append(&request.uri, "by", "w")
                .map_err(|_| no_target())?;
            Ok(())
        }
    }

    async fn signed(uri: &str, base: Option<&str>) -> Result<(String, String)> {
        let (mut head, ()) = Request::get(uri).body(()).unwrap().into_parts();
        let base: Option<Origin> = base.map(|base| base.parse().unwrap());
        let mut exchange = Witness.begin(Cx::new(&head, base.as_ref())).await.unwrap();
        exchange.prepare(&mut head, &mut Payload::default())?;
        let seen = head.headers["seen"].to_str().unwrap().to_owned();
        Ok((seen, head.uri.to_string()))
    }

    #[tokio::test]
    async fn a_relative_target_is_absolute_while_it_is_signed() {
        let rows = [
            ("/a?b", None, "/a?b", "/a?b&by=w"),
            (
                "/a?b",
                Some("https://h:444"),
                "https://h:444/a?b",
                "/a?b&by=w",
            ),
            ("/", Some("https://h:443"), "https://h/", "/?by=w"),
            (
                "http://i/a",
                Some("https://h"),
                "http://i/a",
                "http://i/a?by=w",
            ),
        ];
        for (uri, base, seen, sent) in rows {
            let expected = (seen.to_owned(), sent.to_owned());
            assert_eq!(signed(uri, base).await.unwrap(), expected, "{uri}");
        }
        assert!(signed("*", Some("https://h")).await.is_err());
    }
}
