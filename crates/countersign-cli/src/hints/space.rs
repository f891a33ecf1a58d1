//! A secret was copied with something around it.

use super::Evidence;

/// A secret parameter has white space around it. Keys in PEM end with a newline, and JSON may have it anywhere.
pub(super) fn around(evidence: &Evidence<'_>) -> Option<String> {
    let (kind, parameters) = (evidence.kind, evidence.parameters?);
    let secret = parameters.keys().filter(|key| kind.is_secret(key));
    let mut padded = secret.filter(|key| parameters.get(key).is_some_and(is_padded));
    let key = padded.next()?;
    Some(format!("the {key} of {kind} has white space around it"))
}

fn is_padded(text: &str) -> bool {
    let trimmed = text.trim();
    trimmed != text && !trimmed.is_empty() && !trimmed.starts_with(['-', '{', '['])
}
