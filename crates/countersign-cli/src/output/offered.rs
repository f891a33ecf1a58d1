//! The challenges of a refusal that was not to be answered.

use std::fmt;

use countersign::canonical::hex;
use countersign::challenge::{Challenge, Offered};
use countersign::ntlm::message::{self, MessageError, av_id};
use countersign::ntlm::offered_message;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::redact::Redactor;

/// The attributes of NTLM's target info that are names.
const NAMES: [(&str, u16); 5] = [
    ("netbiosDomain", av_id::NB_DOMAIN_NAME),
    ("netbiosComputer", av_id::NB_COMPUTER_NAME),
    ("dnsDomain", av_id::DNS_DOMAIN_NAME),
    ("dnsComputer", av_id::DNS_COMPUTER_NAME),
    ("dnsTree", av_id::DNS_TREE_NAME),
];

/// From 1601 to 1970, in the 100 ns that NTLM counts.
const EPOCH: i128 = 116_444_736_000_000_000;

/// One challenge, parsed.
#[derive(Serialize)]
pub(super) struct OfferedObject {
    scheme: String,
    parameters: Map<String, Value>,
}

/// Each challenge in order, without the secrets that `redactor` knows.
pub(super) fn objects(offered: &Offered, redactor: &Redactor) -> Vec<OfferedObject> {
    let challenges = offered.challenges();
    challenges.iter().map(|one| object(one, redactor)).collect()
}

fn object(challenge: &Challenge<'_>, redactor: &Redactor) -> OfferedObject {
    let pairs = match offered_message(challenge) {
        Ok(Some(message)) => of_ntlm(&message).unwrap_or_else(broken),
        Ok(None) => parameters(challenge),
        Err(error) => broken(error),
    };
    let shown = |(name, value): (String, String)| (name, Value::from(redactor.text(&value)));
    OfferedObject {
        scheme: challenge.scheme().to_owned(),
        parameters: pairs.into_iter().map(shown).collect(),
    }
}

fn parameters(challenge: &Challenge<'_>) -> Vec<(String, String)> {
    let pairs = challenge.params().iter().map(|param| {
        let value = String::from_utf8_lossy(param.value());
        (param.name().to_owned(), value.into_owned())
    });
    let token = challenge.token68();
    let token = token.map(|token| ("token".to_owned(), token.to_owned()));
    pairs.chain(token).collect()
}

/// What the second message says: MS-NLMP, section 2.2.1.2.
fn of_ntlm(message: &[u8]) -> Result<Vec<(String, String)>, MessageError> {
    let message = message::Challenge::read(message)?;
    let info = message.target_info();
    let names = NAMES.iter();
    let names = names.filter_map(|(name, id)| Some(((*name).to_owned(), info.text(*id)?)));
    let mut pairs = vec![
        ("target".to_owned(), message.target_name()?),
        (
            "serverChallenge".to_owned(),
            hex::text(&message.server_challenge()),
        ),
        (
            "flags".to_owned(),
            format!("{:#010x}", message.flags().bits()),
        ),
    ];
    pairs.extend(names);
    pairs.extend(info.get(av_id::TIMESTAMP).and_then(time));
    Ok(pairs)
}

fn time(ticks: &[u8]) -> Option<(String, String)> {
    let ticks = i128::from(u64::from_le_bytes(ticks.try_into().ok()?));
    let time = Timestamp::from_nanosecond((ticks - EPOCH) * 100).ok()?;
    Some(("time".to_owned(), time.to_string()))
}

fn broken(error: MessageError) -> Vec<(String, String)> {
    vec![("error".to_owned(), error.to_string())]
}

impl fmt::Display for OfferedObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.scheme)?;
        for (index, (name, value)) in self.parameters.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma} {name}={value}")?;
        }
        Ok(())
    }
}
