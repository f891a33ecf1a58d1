//! The server, or a proxy, asks for something else.

use countersign::AuthType;
use countersign::challenge::{Challenge, Challenges, parse};
use http::header::{PROXY_AUTHENTICATE, WWW_AUTHENTICATE};

use super::{Evidence, authorization, values};
use crate::send::Received;

/// Names that servers give to a type in their challenges.
fn names(kind: AuthType) -> &'static [&'static str] {
    match kind {
        AuthType::Basic => &["Basic"],
        AuthType::Bearer | AuthType::OAuth2 | AuthType::Jwt | AuthType::Asap => &["Bearer"],
        AuthType::ApiKey => &["ApiKey"],
        AuthType::Digest => &["Digest"],
        AuthType::OAuth1 => &["OAuth"],
        AuthType::Hawk => &["Hawk"],
        AuthType::AwsV4 => &["AWS4-HMAC-SHA256"],
        AuthType::Ntlm => &["NTLM", "Negotiate"],
        AuthType::EdgeGrid => &["EG1-HMAC-SHA256"],
        _ => &[],
    }
}

/// The schemes of these challenges, each once.
fn offered(challenges: &Challenges<'_>) -> String {
    let mut names: Vec<&str> = Vec::new();
    for challenge in challenges.iter() {
        let name = challenge.scheme();
        if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            names.push(name);
        }
    }
    names.join(", ")
}

/// The scheme is not among those that the server offers.
pub(super) fn missing(evidence: &Evidence<'_>) -> Option<String> {
    let (sent, answer) = evidence.last()?;
    let challenges = parse(values(answer, &WWW_AUTHENTICATE));
    if challenges.is_empty() {
        return None;
    }
    let kind = evidence.kind;
    let word = authorization(sent).map(|(word, _)| word);
    let known = names(kind).iter().copied().chain(word);
    let mut known = known.filter(|name| challenges.iter().any(|one| one.is(name)));
    match (known.next(), kind) {
        (Some(_), _) => None,
        (None, AuthType::NoAuth) => Some(format!(
            "no credentials are configured, and the server asks for {}",
            offered(&challenges)
        )),
        (None, kind) => Some(format!(
            "the server offers {}, which {kind} is none of",
            offered(&challenges)
        )),
    }
}

/// The server offers the scheme, and in no form that could be answered.
pub(super) fn unanswered(evidence: &Evidence<'_>) -> Option<String> {
    let (_, answer) = evidence.last()?;
    if evidence.kind != AuthType::Digest || evidence.signed().next().is_some() {
        return None;
    }
    let challenges = parse(values(answer, &WWW_AUTHENTICATE));
    let digests = challenges.iter().filter(|one| one.is("Digest"));
    let forms: Vec<_> = digests.map(form).collect();
    let wanted = evidence.parameters.and_then(|all| all.given("algorithm"));
    let wanted = wanted.map(|name| format!("; configured is algorithm {name}"));
    (!forms.is_empty()).then(|| {
        format!(
            "the server offers Digest with {}, which cannot be answered{}",
            forms.join(", or "),
            wanted.unwrap_or_default()
        )
    })
}

fn form(challenge: &Challenge<'_>) -> String {
    let algorithm = challenge.text("algorithm").unwrap_or("MD5");
    let missing = match challenge.param("nonce") {
        None => " and without a nonce",
        Some(_) => "",
    };
    match challenge.text("qop") {
        Some(qop) => format!("algorithm {algorithm} and qop {qop}{missing}"),
        None => format!("algorithm {algorithm}{missing}"),
    }
}

/// It is not the server that refuses.
pub(super) fn of_proxy(answer: &Received) -> Option<String> {
    let challenges = parse(values(answer, &PROXY_AUTHENTICATE));
    Some(match challenges.is_empty() {
        true => "the answer, 407, is that of a proxy, and names no scheme".to_owned(),
        false => format!(
            "the answer, 407, is that of a proxy, which asks for {}",
            offered(&challenges)
        ),
    })
}
