//! [`Jar`], the cookies that clients share.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use countersign_core::{Added, Clock, Preview, SystemClock};
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue, Uri};

use crate::cookie::Cookie;
use crate::format::Format;
use crate::header;
use crate::host::Target;
use crate::partition::Partition;
use crate::refusal::Refusal;
use crate::set_cookie::SetCookie;
use crate::store::{Store, admit};

/// Who adds the cookies, where that is told.
const NAME: &str = "cookies";

/// Cookies that clients share. Clones share them too, between tasks and between drivers.
///
/// At most 180 cookies are kept of one site and 4000 of all; beyond that, those that were sent least recently go. One
/// cookie has at most 4096 bytes, and a server may have it kept for at most 400 days.
#[derive(Clone)]
pub struct Jar {
    shared: Arc<Shared>,
    partition: Option<Partition>,
}

struct Shared {
    store: Mutex<Store>,
    clock: Arc<dyn Clock>,
    file: Option<(PathBuf, Format)>,
}

impl Default for Jar {
    fn default() -> Self {
        Self::new()
    }
}

impl Jar {
    /// An empty jar.
    pub fn new() -> Self {
        Self::with_clock(Arc::new(SystemClock))
    }

    /// An empty jar that takes the time from `clock`.
    pub fn with_clock(clock: Arc<dyn Clock>) -> Self {
        Self::of(clock, None)
    }

    pub(crate) fn of(clock: Arc<dyn Clock>, file: Option<(PathBuf, Format)>) -> Self {
        Self {
            shared: Arc::new(Shared {
                store: Mutex::default(),
                clock,
                file,
            }),
            partition: None,
        }
    }

    /// The same cookies, as under a page of another site: what is partitioned is kept and sent for `partition`, and not
    /// for the site of each request.
    #[must_use]
    pub fn in_partition(&self, partition: Partition) -> Self {
        Self {
            partition: Some(partition),
            ..self.clone()
        }
    }

    /// Keeps the cookie that a `Set-Cookie` field of an answer from `uri` sets.
    ///
    /// ```
    /// use countersign_cookies::{Jar, Refusal};
    /// use http::Uri;
    ///
    /// let jar = Jar::new();
    /// let shop = Uri::from_static("https://shop.example.co.uk/");
    /// assert_eq!(jar.set(&shop, "session=31d4; Secure"), Ok(()));
    /// assert_eq!(jar.set(&shop, "session=31d4; Domain=co.uk"), Err(Refusal::PublicSuffix));
    /// ```
    ///
    /// # Errors
    ///
    /// A [`Refusal`] that says why it is not kept. One that only removes a cookie is none.
    pub fn set(&self, uri: &Uri, set_cookie: &str) -> Result<(), Refusal> {
        self.keep(uri, set_cookie.as_bytes())
    }

    /// Keeps what the `Set-Cookie` fields of an answer from `uri` set. One that is refused is reported to the log, without
    /// its value.
    pub fn learn(&self, uri: &Uri, answer: &HeaderMap) {
        answer
            .get_all(SET_COOKIE)
            .iter()
            .for_each(|field| self.keep_or_report(uri, field));
    }

    pub(crate) fn keep_or_report(&self, uri: &Uri, field: &HeaderValue) {
        if let Err(refusal) = self.keep(uri, field.as_bytes()) {
            tracing::debug!(host = uri.host(), %refusal, "a cookie is not kept");
        }
    }

    fn keep(&self, uri: &Uri, field: &[u8]) -> Result<(), Refusal> {
        let target = Target::of(uri).ok_or(Refusal::NoHost)?;
        let set = SetCookie::parse(field)?;
        let (partition, now) = (self.partition_of(&target), self.now());
        let mut store = self.store();
        let cookie = admit(&store, &set, &target, &partition, now)?;
        store.put(cookie, now);
        Ok(())
    }

    /// Adds to the `Cookie` field of a request to `uri` what this jar has for it.
    ///
    /// Cookies that are there already stay, before the jar's, and win over those of the same name. All of them are then in
    /// one field, marked as sensitive. A request that the jar has nothing for stays as it is.
    pub fn apply(&self, uri: &Uri, request: &mut HeaderMap) {
        let added = header::added(request, &self.pairs(uri));
        if let Some(field) = added.and_then(|added| header::joined(request, &added)) {
            request.insert(COOKIE, field);
        }
    }

    /// Adds to a previewed request what this jar has for it, listed as added by `"cookies"`.
    ///
    /// ```
    /// use countersign_cookies::Jar;
    /// use countersign_core::{Payload, Result, Settings, Sign, preview};
    /// # #[derive(Clone)]
    /// # struct Scheme;
    /// # impl Sign for Scheme {
    /// #     fn name(&self) -> &'static str { "none" }
    /// #     fn sign(&self, _: &mut http::request::Parts, _: &mut Payload) -> Result<()> { Ok(()) }
    /// # }
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let jar = Jar::new();
    /// let request = http::Request::get("https://example.com/").body(Default::default())?;
    /// jar.set(request.uri(), "session=31d4")?;
    /// let mut preview = preview(&Scheme, &Settings::default(), request).await?;
    /// jar.show(&mut preview);
    /// assert_eq!(preview.request.headers()["cookie"], "session=31d4");
    /// assert_eq!(preview.added[0].by, "cookies");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn show(&self, preview: &mut Preview) {
        let own = self.pairs(preview.request.uri());
        let request = preview.request.headers_mut();
        let Some(added) = header::added(request, &own) else {
            return;
        };
        if let Some(field) = header::joined(request, &added) {
            request.insert(COOKIE, field);
            preview.added.push(Added::header(&COOKIE, added, NAME));
        }
    }

    /// What it would send to `uri`, each as its name and as it stands in the field.
    pub(crate) fn pairs(&self, uri: &Uri) -> Vec<(String, Vec<u8>)> {
        let is_empty = self.store().is_empty();
        let Some(target) = Target::of(uri).filter(|_| !is_empty) else {
            return Vec::new();
        };
        let (partition, now) = (self.partition_of(&target), self.now());
        let mut store = self.store();
        let cookies = store.take_along(&target, &partition, now).into_iter();
        cookies
            .map(|cookie| (cookie.name.clone(), cookie.pair()))
            .collect()
    }

    /// All cookies that have not expired, in the order in which they were created.
    pub fn cookies(&self) -> Vec<Cookie> {
        self.store().all(self.now()).into_iter().cloned().collect()
    }

    /// Forgets every cookie for which `keeps` says no.
    pub fn retain(&self, keeps: impl FnMut(&Cookie) -> bool) {
        self.store().retain(keeps);
    }

    fn partition_of(&self, target: &Target<'_>) -> Partition {
        let given = self.partition.clone();
        given.unwrap_or_else(|| Partition::own(target))
    }

    /// In whole milliseconds, as files have it.
    pub(crate) fn now(&self) -> Duration {
        let now = self.shared.clock.now();
        now - Duration::from_nanos(u64::from(now.subsec_nanos() % 1_000_000))
    }

    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        let store = self.shared.store.lock();
        store.unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn file(&self) -> Option<&(PathBuf, Format)> {
        self.shared.file.as_ref()
    }
}

impl fmt::Debug for Jar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jar")
            .field("cookies", &self.store().len())
            .field("partition", &self.partition)
            .finish_non_exhaustive()
    }
}
