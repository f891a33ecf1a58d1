//! [`Profile`], how a request wants to be sent.

use countersign_postman::{Collection, Item};
use serde_json::Value;

use crate::collection::place;

/// How many redirects are followed, unless a request says otherwise.
const HOPS: usize = 10;

/// What `protocolProfileBehavior` says, the nearest level first.
pub(super) struct Profile {
    /// How many redirects are followed.
    pub(super) hops: usize,
    /// Whether cookies are sent and kept.
    pub(super) cookies: bool,
}

impl Profile {
    /// That of a request.
    pub(super) fn of(collection: &Collection, item: Item<'_>) -> Self {
        let levels = place::levels(collection, &item.path());
        let setting = |name: &str| {
            let profiles = levels.iter().rev();
            let mut found =
                profiles.filter_map(|level| level.get("protocolProfileBehavior")?.get(name));
            found.find(|value| !value.is_null())
        };
        let follows = setting("followRedirects").and_then(Value::as_bool);
        let most = setting("maxRedirects").and_then(Value::as_u64);
        let most = most.and_then(|most| usize::try_from(most).ok());
        Self {
            hops: match follows {
                Some(false) => 0,
                _ => most.unwrap_or(HOPS),
            },
            cookies: setting("disableCookies") != Some(&Value::Bool(true)),
        }
    }
}
