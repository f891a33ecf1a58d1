//! What is shown of tokens.

use std::time::SystemTime;

use countersign::Secret;
use countersign::token::Entry;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::redact::REDACTED;

/// A token as JSON.
pub(super) fn json(entry: &Entry, selected: bool, raw: bool) -> Value {
    let (about, token) = (entry.key.about(), &entry.token);
    let secret = |secret: &Secret| shown(secret, raw);
    json!({
        "id": entry.id().hex(),
        "name": entry.name,
        "selected": selected,
        "about": about,
        "access_token": secret(&token.access),
        "token_type": token.token_type,
        "refresh_token": token.refresh.as_ref().map(secret),
        "id_token": token.id_token.as_ref().map(secret),
        "scopes": token.scopes,
        "issued_at": unix(token.issued_at),
        "expires_at": token.expires_at.map(unix),
        "expired": entry.is_expired(SystemTime::now()),
        "refreshable": entry.is_refreshable(),
        "configuration": entry.configuration.as_ref().map(|kept| &kept.open),
    })
}

/// A token in one line.
pub(super) fn line(entry: &Entry, selected: bool) -> String {
    let about = entry.key.about();
    let mark = if selected { '*' } else { ' ' };
    let name = entry.name.as_deref().unwrap_or("(no name)");
    format!(
        "{mark} {} {name}: {} of {} by {}, {}",
        entry.key,
        about.client_id,
        about.server,
        about.grant,
        end(entry)
    )
}

/// A token in a paragraph.
pub(super) fn paragraph(entry: &Entry, selected: bool, raw: bool) -> String {
    let (about, token) = (entry.key.about(), &entry.token);
    let secret = |secret: &Secret| shown(secret, raw);
    let pairs = [
        ("  token_type", token.token_type.clone()),
        (
            "  scope",
            token.scopes.as_ref().map(|scopes| scopes.join(" ")),
        ),
        ("  subject", about.subject.clone()),
        ("  audience", about.audience.clone()),
        ("  environment", about.environment.clone()),
        ("  access_token", Some(secret(&token.access))),
        ("  refresh_token", token.refresh.as_ref().map(secret)),
        ("  id_token", token.id_token.as_ref().map(secret)),
    ];
    let pairs = pairs.into_iter();
    let lines = pairs.filter_map(|(name, value)| Some(format!("{name}: {}", value?)));
    let first = std::iter::once(line(entry, selected));
    first.chain(lines).collect::<Vec<_>>().join("\n")
}

fn end(entry: &Entry) -> String {
    let renewal = if entry.is_refreshable() {
        ", refreshable"
    } else {
        ""
    };
    match entry.token.expires_at {
        None => format!("no end known{renewal}"),
        Some(at) if entry.is_expired(SystemTime::now()) => format!("ended {}{renewal}", time(at)),
        Some(at) => format!("ends {}{renewal}", time(at)),
    }
}

fn time(at: SystemTime) -> String {
    Timestamp::try_from(at).map_or_else(|_| "beyond all calendars".to_owned(), |at| at.to_string())
}

fn unix(at: SystemTime) -> u64 {
    at.duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

fn shown(secret: &Secret, raw: bool) -> String {
    match secret.expose_str().filter(|_| raw) {
        Some(text) => text.to_owned(),
        None => REDACTED.to_owned(),
    }
}
