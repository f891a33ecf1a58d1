//! Where a token stands in a request: RFC 6750 section 2.
//!
//! A client says by a [`Placement`] where its token goes, and puts it there as [`Placed`]; a server says by [`Places`]
//! where it looks, and finds the one token.
//!
//! ```
//! use countersign_core::Payload;
//! use countersign_core::placement::{Placement, Places};
//!
//! let placed = Placement::Query("access_token".into()).place("mF_9.B5f-4.1JqM")?;
//! let (mut head, ()) = http::Request::get("/a?b=c").body(())?.into_parts();
//! placed.put(&mut head, &mut Payload::default(), "bearer")?;
//! assert_eq!(head.uri, "/a?b=c&access_token=mF_9.B5f-4.1JqM");
//!
//! let places = Places::new("Bearer").query("access_token");
//! let found = places.find(&head, &Payload::default());
//! assert_eq!(found, Ok("mF_9.B5f-4.1JqM".into()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod client;
mod server;

use http::{Method, request};

pub use client::{Placed, Placement};
pub use server::Places;

use crate::canonical::form;

/// Whether the body of a request may carry a token: RFC 6750 section 2.2.
fn is_form(request: &request::Parts) -> bool {
    let bodiless = [Method::GET, Method::HEAD, Method::CONNECT, Method::TRACE];
    !bodiless.contains(&request.method) && form::is_readable(request)
}
