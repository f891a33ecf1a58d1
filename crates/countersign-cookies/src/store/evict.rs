//! The bounds of a store (RFC 6265bis section 5.7): what it forgets when a server sets more.

use std::time::Duration;

use super::Store;
use crate::cookie::Cookie;

/// The most cookies that all hosts of one site have together.
pub(crate) const MAX_OF_SITE: usize = 180;

/// The most cookies of all sites.
pub(crate) const MAX_COOKIES: usize = 4000;

impl Store {
    /// Forgets what has expired, and beyond the bounds what was sent least recently; of one site what is not secure first,
    /// as anybody on the way can set that.
    pub(super) fn evict(&mut self, site: &str, now: Duration) {
        if let Some(cookies) = self.sites.get_mut(site) {
            shrink(cookies, now);
            if cookies.is_empty() {
                self.sites.remove(site);
            }
        }
        while self.len() > MAX_COOKIES {
            self.forget_one(now);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.sites.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.sites.values().map(Vec::len).sum()
    }

    fn forget_one(&mut self, now: Duration) {
        let before = self.len();
        self.retain(|cookie| !cookie.has_expired(now));
        if self.len() < before {
            return;
        }
        let oldest = self.sites.values_mut().filter_map(|cookies| {
            let place = first_to_go(cookies, |cookie| (false, cookie.used))?;
            Some((cookies[place].used, place, cookies))
        });
        if let Some((_, place, cookies)) = oldest.min_by_key(|(used, ..)| *used) {
            cookies.remove(place);
        }
    }
}

fn shrink(cookies: &mut Vec<Cookie>, now: Duration) {
    cookies.retain(|cookie| !cookie.has_expired(now));
    while cookies.len() > MAX_OF_SITE {
        match first_to_go(cookies, |cookie| (cookie.secure, cookie.used)) {
            Some(place) => drop(cookies.remove(place)),
            None => return,
        }
    }
}

fn first_to_go(cookies: &[Cookie], key: impl Fn(&Cookie) -> (bool, Duration)) -> Option<usize> {
    let places = cookies.iter().enumerate();
    places
        .min_by_key(|(_, cookie)| key(cookie))
        .map(|(place, _)| place)
}
