//! Redirects, followed above authentication: the head that is kept here has never had credentials, so each hop is
//! authenticated anew, or not at all once another origin was reached.

mod added;
mod follow;
mod rules;

pub use follow::Follow;
pub use rules::Policy;
