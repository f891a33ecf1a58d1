//! The second message.

use std::time::Duration;

use countersign_core::Result;
use countersign_core::verify::{Reason, Verdict};

use super::seat::{Handshake, Seat};
use super::token::{First, unwritten};
use super::{NtlmUser, Server};
use crate::carrier::Carrier;
use crate::message::{Flags, Negotiate, Offer, av_id, utf16};
use crate::spnego::{self, State};
use crate::time::file_time;

/// What the server can do of what a client offers.
const KNOWN: Flags = Flags::UNICODE
    .union(Flags::OEM)
    .union(Flags::REQUEST_TARGET)
    .union(Flags::SIGN)
    .union(Flags::NTLM)
    .union(Flags::ALWAYS_SIGN)
    .union(Flags::EXTENDED_SESSION_SECURITY)
    .union(Flags::VERSION)
    .union(Flags::KEY_128)
    .union(Flags::KEY_EXCHANGE)
    .union(Flags::KEY_56);

/// What it adds of its own (MS-NLMP, section 3.2.5.1.1).
const OWN: Flags = Flags::NTLM
    .union(Flags::TARGET_INFO)
    .union(Flags::TARGET_TYPE_DOMAIN);

impl Server {
    /// Answers the first message by a challenge. A client that cannot do NTLMv2 gets none.
    pub(super) fn challenge(&self, seat: &Seat, first: First) -> Result<Verdict<NtlmUser>> {
        const NEEDED: Flags = Flags::EXTENDED_SESSION_SECURITY;
        let offered = Negotiate::read(&first.message).map(|message| message.flags());
        let Some(flags) = offered.ok().filter(|flags| flags.contains(NEEDED)) else {
            seat.reset();
            return Ok(self.refuse(Reason::Rejected));
        };
        if !seat.admits_challenge() {
            seat.reset();
            return Ok(closing(self.refuse(Reason::Rejected)));
        }
        let server_challenge = self.sources.bytes()?;
        let message = self.message((flags & KNOWN | OWN).with_one_charset(), server_challenge)?;
        let field = first.carrier.field(&wrap(&first, &message)?)?;
        seat.give(Handshake {
            wrapping: first.wrapping,
            negotiate: first.message,
            challenge: message,
            server_challenge,
        });
        Ok(Verdict::challenge(Reason::Rejected, [field]))
    }

    /// The target info has it in UTF-16 in any case.
    fn target_name(&self, flags: Flags) -> &str {
        match flags.contains(Flags::UNICODE) || self.domain.is_ascii() {
            true => &self.domain,
            false => "",
        }
    }

    fn message(&self, flags: Flags, server_challenge: [u8; 8]) -> Result<Vec<u8>> {
        let [domain, computer] = [&self.domain, &self.computer].map(|name| {
            let mut text = Vec::new();
            utf16(name, &mut text);
            text
        });
        let now: Duration = self.sources.clock.now();
        let offer = Offer {
            flags,
            server_challenge,
            target_name: self.target_name(flags),
            target_info: &[
                (av_id::NB_DOMAIN_NAME, Some(&domain)),
                (av_id::NB_COMPUTER_NAME, Some(&computer)),
                (av_id::TIMESTAMP, Some(&file_time(now).to_le_bytes())),
            ],
        };
        offer.to_bytes().map_err(unwritten)
    }
}

/// A connection on which nothing but challenges is asked for has cost enough.
fn closing(verdict: Verdict<NtlmUser>) -> Verdict<NtlmUser> {
    match verdict {
        Verdict::Refuse(refusal) => Verdict::Refuse(refusal.closing()),
        accepted => accepted,
    }
}

fn wrap(first: &First, message: &[u8]) -> Result<Vec<u8>> {
    match (first.carrier, &first.wrapping) {
        (Carrier::Negotiate, Some(_)) => {
            spnego::response(Some(State::Incomplete), Some(message.to_vec()), None)
                .map_err(unwritten)
        }
        _ => Ok(message.to_vec()),
    }
}
