//! What is computed: MS-NLMP, sections 3.3 and 3.4.

mod hash;
mod session;
#[cfg(feature = "v1")]
mod v1;
mod v2;

pub(crate) use hash::{md4, md5};
pub(crate) use session::{Key, Side, Signer};
#[cfg(feature = "v1")]
pub(crate) use v1::{ntlm_response, ntlm2_session_response};
pub(crate) use v2::Ntowf;
