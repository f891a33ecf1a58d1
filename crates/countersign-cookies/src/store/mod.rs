//! [`Store`], the cookies of a jar: which are kept, and which are sent where (RFC 6265bis sections 5.7 and 5.8).

mod admit;
mod evict;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

pub(crate) use self::admit::admit;
pub(crate) use self::evict::{MAX_COOKIES, MAX_OF_SITE};
use crate::cookie::Cookie;
use crate::host::{Target, path_matches, site};
use crate::partition::Partition;

/// Cookies by the site of their host, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Store {
    sites: BTreeMap<String, Vec<Cookie>>,
}

impl Store {
    /// Keeps a cookie in the place of the one it replaces, whose time of creation it takes over. One that has expired
    /// only removes it.
    pub(crate) fn put(&mut self, mut cookie: Cookie, now: Duration) {
        let site = site(&cookie.domain).to_owned();
        let cookies = self.sites.entry(site.clone()).or_default();
        let place = cookies.iter().position(|old| old.is_same(&cookie));
        match (place, cookie.has_expired(now)) {
            (Some(place), true) => drop(cookies.remove(place)),
            (Some(place), false) => {
                cookie.created = cookies[place].created;
                cookies[place] = cookie;
            }
            (None, true) => {}
            (None, false) => cookies.push(cookie),
        }
        self.evict(&site, now);
    }

    /// What a request takes along: longer paths first, then those that were created first.
    pub(crate) fn take_along(
        &mut self,
        target: &Target<'_>,
        partition: &Partition,
        now: Duration,
    ) -> Vec<&Cookie> {
        let Some(cookies) = self.sites.get_mut(site(&target.host)) else {
            return Vec::new();
        };
        cookies.retain(|cookie| !cookie.has_expired(now));
        let fit = cookies
            .iter_mut()
            .filter(|cookie| goes(cookie, target, partition));
        let mut fit: Vec<&mut Cookie> = fit.collect();
        fit.iter_mut().for_each(|cookie| cookie.used = now);
        fit.sort_by_key(|cookie| (Reverse(cookie.path.len()), cookie.created));
        fit.into_iter().map(|cookie| &*cookie).collect()
    }

    /// Whether a cookie that anybody on the way can set would hide a secure one.
    fn hides_a_secure_one(&self, cookie: &Cookie) -> bool {
        let others = self.sites.get(site(&cookie.domain)).into_iter().flatten();
        let hides = |old: &Cookie| {
            old.secure
                && old.name == cookie.name
                && (covers(old, &cookie.domain) || covers(cookie, &old.domain))
                && path_matches(&cookie.path, &old.path)
        };
        others.into_iter().any(hides)
    }

    /// All that have not expired, in the order in which they came.
    pub(crate) fn all(&self, now: Duration) -> Vec<&Cookie> {
        let cookies = self.sites.values().flatten();
        let mut live: Vec<_> = cookies.filter(|cookie| !cookie.has_expired(now)).collect();
        live.sort_by_key(|cookie| cookie.created);
        live
    }

    pub(crate) fn retain(&mut self, mut keeps: impl FnMut(&Cookie) -> bool) {
        self.sites
            .values_mut()
            .for_each(|cookies| cookies.retain(&mut keeps));
        self.sites.retain(|_, cookies| !cookies.is_empty());
    }
}

fn covers(cookie: &Cookie, host: &str) -> bool {
    crate::host::domain_matches(host, &cookie.domain)
}

fn goes(cookie: &Cookie, target: &Target<'_>, partition: &Partition) -> bool {
    cookie.is_for(&target.host, target.path)
        && (target.is_secure || !cookie.secure)
        && cookie.partition.as_ref().is_none_or(|own| own == partition)
}
