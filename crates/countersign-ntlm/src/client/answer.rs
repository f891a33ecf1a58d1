//! The third message.

use crate::binding::ChannelBinding;
use crate::calculation::Key;
use crate::credentials::Credentials;
use crate::message::{
    ANSWER_HEAD, Challenge, Flags, MIC, MIC_PROVIDED, MessageError, Parts, av_id, utf16,
};

/// What an answer is made of beside the credentials and the challenge.
pub(crate) struct Terms<'a> {
    /// The first message, and what it offered.
    pub(crate) negotiate: &'a [u8],
    pub(crate) offered: Flags,
    pub(crate) service_name: &'a str,
    pub(crate) binding: Option<ChannelBinding>,
    pub(crate) client_challenge: [u8; 8],
    /// The session key to choose, where the client may.
    pub(crate) session_key: [u8; 16],
    /// In 100 ns since 1601.
    pub(crate) now: u64,
    #[cfg(feature = "v1")]
    pub(crate) allow_v1: bool,
}

/// The third message, and what the two sides have in common after it.
pub(crate) struct Answer {
    pub(crate) message: Vec<u8>,
    pub(crate) flags: Flags,
    pub(crate) session_key: Key,
}

/// A response, and the key that comes with it.
struct Response {
    lm: [u8; 24],
    nt: Vec<u8>,
    key: Key,
    has_mic: bool,
}

/// Answers the challenge in `bytes`: MS-NLMP, section 3.1.5.1.2.
pub(crate) fn answer(
    credentials: &Credentials,
    bytes: &[u8],
    terms: &Terms<'_>,
) -> Result<Answer, MessageError> {
    let challenge = Challenge::read(bytes)?;
    #[cfg(feature = "v1")]
    if terms.allow_v1 && !speaks_v2(&challenge) {
        return v1(credentials, &challenge, terms);
    }
    let flags = agreed(challenge.flags(), terms.offered) | Flags::EXTENDED_SESSION_SECURITY;
    let response = v2(credentials, &challenge, terms);
    let (session_key, sent) = exported(flags, response.key, terms.session_key);
    let mut message = Parts {
        flags,
        lm_response: response.lm,
        nt_response: &response.nt,
        domain: &credentials.domain,
        user: &credentials.user,
        workstation: &credentials.workstation,
        session_key: sent.as_ref().map_or(&[], <[u8; 16]>::as_slice),
    }
    .to_bytes()?;
    if response.has_mic {
        let mic = session_key.mic([terms.negotiate, bytes, &message]);
        message[MIC].copy_from_slice(&mic);
    }
    Ok(Answer {
        message,
        flags,
        session_key,
    })
}

/// ExportedSessionKey, and what is sent of it where the client chooses it.
fn exported(flags: Flags, exchange: Key, chosen: [u8; 16]) -> (Key, Option<[u8; 16]>) {
    match flags.exchanges_key() {
        true => (Key::new(chosen), Some(exchange.wrap(chosen))),
        false => (exchange, None),
    }
}

/// What the server chose of what was offered, and what it says of itself; never two character sets.
fn agreed(chosen: Flags, offered: Flags) -> Flags {
    const OF_THE_SERVER: Flags = Flags::TARGET_INFO
        .union(Flags::TARGET_TYPE_DOMAIN)
        .union(Flags::TARGET_TYPE_SERVER);
    (chosen & (offered | OF_THE_SERVER)).with_one_charset()
}

/// Section 3.3.2. A server that names its time is sent a MIC, and nothing in the place of the older response.
fn v2(credentials: &Credentials, challenge: &Challenge<'_>, terms: &Terms<'_>) -> Response {
    let (server, client) = (challenge.server_challenge(), terms.client_challenge);
    let time = challenge.target_info().timestamp();
    let mut nt = Vec::with_capacity(room(challenge, terms));
    nt.resize(16, 0);
    temp(challenge, terms, time.unwrap_or(terms.now), &mut nt);
    let proof = credentials.key.proof(server, &nt[16..]);
    nt[..16].copy_from_slice(&proof);
    Response {
        lm: match time {
            Some(_) => [0; 24],
            None => credentials.key.lm_response(server, client),
        },
        nt,
        key: credentials.key.key_exchange_key(proof),
        has_mic: time.is_some(),
    }
}

/// Enough for the proof and all that it covers: the attributes of the server, and three more.
fn room(challenge: &Challenge<'_>, terms: &Terms<'_>) -> usize {
    const MORE: usize = (4 + 16) + (4 + 4) + 4;
    let service = 4 + 2 * terms.service_name.len();
    16 + ANSWER_HEAD + challenge.target_info().size() + service + MORE + 4
}

/// What the proof covers: the time, the client's challenge, and who is meant over which channel.
fn temp(challenge: &Challenge<'_>, terms: &Terms<'_>, time: u64, out: &mut Vec<u8>) {
    let info = challenge.target_info();
    let mic = match info.timestamp() {
        Some(_) => MIC_PROVIDED,
        None => 0,
    };
    let flags = info.flags() & !MIC_PROVIDED | mic;
    let flags_field = (flags != 0).then(|| flags.to_le_bytes());
    let mut service = Vec::with_capacity(2 * terms.service_name.len());
    utf16(terms.service_name, &mut service);
    let start = out.len();
    out.extend_from_slice(&[1, 1, 0, 0, 0, 0, 0, 0]);
    out.extend_from_slice(&time.to_le_bytes());
    out.extend_from_slice(&terms.client_challenge);
    out.resize(start + ANSWER_HEAD, 0);
    let changes = [
        (
            av_id::CHANNEL_BINDINGS,
            terms.binding.as_ref().map(|binding| &binding.bytes()[..]),
        ),
        (av_id::TARGET_NAME, Some(&*service)),
        (av_id::FLAGS, flags_field.as_ref().map(|flags| &flags[..])),
    ];
    info.write_with(&changes, out);
    out.extend_from_slice(&[0; 4]);
}

/// Whether NTLMv2 makes sense to the server.
#[cfg(feature = "v1")]
fn speaks_v2(challenge: &Challenge<'_>) -> bool {
    let is_extended = challenge.flags().contains(Flags::EXTENDED_SESSION_SECURITY);
    is_extended && !challenge.target_info().is_empty()
}

/// Section 3.3.1. It signs nothing, so there is no key to speak of, and inside of `Negotiate` no signature.
#[cfg(feature = "v1")]
fn v1(
    credentials: &Credentials,
    challenge: &Challenge<'_>,
    terms: &Terms<'_>,
) -> Result<Answer, MessageError> {
    use crate::calculation::{ntlm_response, ntlm2_session_response};
    const KEYS: Flags = Flags::SIGN.union(Flags::KEY_EXCHANGE);
    let flags = agreed(challenge.flags(), terms.offered) & !KEYS;
    let (server, client) = (challenge.server_challenge(), terms.client_challenge);
    let mut lm_response = [0; 24];
    let nt_response = if flags.contains(Flags::EXTENDED_SESSION_SECURITY) {
        lm_response[..8].copy_from_slice(&client);
        ntlm2_session_response(&credentials.hash, server, client)
    } else {
        lm_response = ntlm_response(&credentials.hash, server);
        lm_response
    };
    let message = Parts {
        flags,
        lm_response,
        nt_response: &nt_response,
        domain: &credentials.domain,
        user: &credentials.user,
        workstation: &credentials.workstation,
        session_key: &[],
    };
    Ok(Answer {
        message: message.to_bytes()?,
        flags,
        session_key: Key::new([0; 16]),
    })
}
