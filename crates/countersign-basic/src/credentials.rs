//! [`Basic`], what the user configures.

use std::fmt;
use std::sync::Arc;

use countersign_core::{Error, Result};
use http::HeaderValue;

use crate::client::Reactive;
use crate::message::{self, Charset};

/// A user name and a password, encoded once, so that a request costs no allocation.
///
/// As a scheme it sends them with every request; [`reactive`](Self::reactive) waits to be asked. `Debug` shows
/// neither.
#[derive(Clone)]
pub struct Basic(Arc<Headers>);

struct Headers {
    sent: HeaderValue,
    utf8: HeaderValue,
}

impl Basic {
    /// Credentials in UTF-8 (RFC 7617 section 2.1). Both may be empty.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a colon in the user name, which
    /// would end it on the wire, and for a control character other than a tab in either (RFC 7617 section 2).
    pub fn new(username: &str, password: &str) -> Result<Self> {
        let utf8 = utf8(username, password)?;
        let sent = utf8.clone();
        Ok(Self(Arc::new(Headers { sent, utf8 })))
    }

    /// Credentials in Latin-1, for servers from before RFC 7617. A server whose challenge says `charset="UTF-8"`
    /// is answered in UTF-8 all the same, where [`reactive`](Self::reactive) sees the challenge.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new), and a character that Latin-1 does not have.
    pub fn latin1(username: &str, password: &str) -> Result<Self> {
        let utf8 = utf8(username, password)?;
        let sent = message::write(username, password, Charset::Latin1)?;
        Ok(Self(Arc::new(Headers { sent, utf8 })))
    }

    /// Sends nothing until a server asks for Basic, and then answers there at once.
    pub fn reactive(self) -> Reactive {
        Reactive::new(self)
    }

    /// The header's value; `charset` is what the server asked for, if it did.
    pub(crate) fn header(&self, charset: Option<Charset>) -> HeaderValue {
        match charset {
            Some(Charset::Utf8) => self.0.utf8.clone(),
            _ => self.0.sent.clone(),
        }
    }
}

impl fmt::Debug for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Basic([redacted])")
    }
}

fn utf8(username: &str, password: &str) -> Result<HeaderValue> {
    check(username, password)?;
    message::write(username, password, Charset::Utf8)
}

fn check(username: &str, password: &str) -> Result<()> {
    let refuse = |why| Err(Error::configuration(why));
    if username.contains(':') {
        return refuse("the user name holds a colon, which would end it on the wire: use another");
    }
    if message::has_control(username) {
        return refuse("the user name holds a control character: take it out");
    }
    if message::has_control(password) {
        return refuse("the password holds a control character: take it out");
    }
    Ok(())
}
