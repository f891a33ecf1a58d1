//! What goes over the wire, and what comes back.

pub(crate) mod answer;
pub(crate) mod claims;
pub(crate) mod clean;
mod error;
pub(crate) mod form;
pub(crate) mod lenient;
pub(crate) mod pairs;
pub(crate) mod pkce;
mod problem;
pub(crate) mod read;
mod retry_after;
mod strict;
mod unusable;

pub(crate) use answer::Answer;
pub use error::TokenError;
pub(crate) use error::needs_person;
pub(crate) use form::Form;
pub(crate) use read::read;
pub(crate) use strict::check as check_strictly;
pub use unusable::AnswerError;
