//! `cookies.txt`: one cookie a line, seven fields between tabs.

use std::time::Duration;

use super::error::{FormatError, Place};
use super::{is_partitioned, plain, put_domain, put_path};
use crate::cookie::Cookie;
use crate::partition::Partition;

/// Readers insist on a first line like this.
const HEADER: &str = "# Netscape HTTP Cookie File\n\n";

/// What comes before the domain of a cookie that scripts may not see; every other `#` begins a comment.
const HTTP_ONLY: &str = "#HttpOnly_";

/// A comment to others: the cookie in the next line is partitioned by its own site.
const PARTITIONED: &str = "#Partitioned";

const FIELDS: [&str; 7] = [
    "domain",
    "include subdomains",
    "path",
    "secure",
    "expires",
    "name",
    "value",
];

pub(super) fn read(text: &str, now: Duration) -> Result<Vec<Cookie>, FormatError> {
    let mut cookies = Vec::new();
    let mut is_partitioned = false;
    for (line, number) in text.lines().zip(1..) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let is_comment = line.starts_with('#') && !line.starts_with(HTTP_ONLY);
        if is_comment || line.trim().is_empty() {
            is_partitioned = line == PARTITIONED;
            continue;
        }
        let place = Place::Line(number);
        cookies.push(cookie(line, is_partitioned, place, now)?);
        is_partitioned = false;
    }
    Ok(cookies)
}

fn cookie(
    line: &str,
    is_partitioned: bool,
    place: Place,
    now: Duration,
) -> Result<Cookie, FormatError> {
    let rest = line.strip_prefix(HTTP_ONLY);
    let fields: Vec<&str> = rest.unwrap_or(line).splitn(FIELDS.len(), '\t').collect();
    // A writer may leave out the tab before an empty value.
    let value = fields.get(6).copied().unwrap_or_default();
    let [domain, below, path, secure, expires, name, ..] = fields[..] else {
        return Err(FormatError::at(place, "not seven fields between tabs"));
    };
    let wrong = |field: usize| move |what| FormatError::in_field(place, FIELDS[field], what);
    let mut cookie = plain(name, value, now);
    let below = flag(below).map_err(wrong(1))?;
    put_domain(&mut cookie, domain, !below).map_err(wrong(0))?;
    put_path(&mut cookie, path).map_err(wrong(2))?;
    cookie.secure = flag(secure).map_err(wrong(3))?;
    cookie.expires = time(expires).map_err(wrong(4))?;
    cookie.http_only = rest.is_some();
    cookie.partition = is_partitioned.then(|| Partition::of_host(&cookie.domain));
    let checked = cookie.check();
    checked.map_err(|refusal| FormatError::at(place, refusal.to_string()))?;
    Ok(cookie)
}

fn flag(text: &str) -> Result<bool, &'static str> {
    match () {
        () if text.eq_ignore_ascii_case("TRUE") => Ok(true),
        () if text.eq_ignore_ascii_case("FALSE") => Ok(false),
        () => Err("neither TRUE nor FALSE"),
    }
}

/// Seconds since the Unix epoch; 0 or nothing for a cookie that ends with its session.
fn time(text: &str) -> Result<Option<Duration>, &'static str> {
    const WRONG: &str = "not a number of seconds since 1970";
    if ["", "0"].contains(&text) {
        return Ok(None);
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = [whole, fraction]
        .iter()
        .all(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    let seconds = whole.parse().ok().filter(|_| is_number);
    seconds
        .map(|seconds| Some(Duration::from_secs(seconds)))
        .ok_or(WRONG)
}

pub(super) fn write(cookies: &[Cookie]) -> Result<String, FormatError> {
    let mut text = HEADER.to_owned();
    for (cookie, number) in cookies.iter().zip(1..) {
        let marked = is_partitioned(cookie);
        if marked.map_err(|what| FormatError::at(Place::Cookie(number), what))? {
            text.extend([PARTITIONED, "\n"]);
        }
        line(&mut text, cookie);
    }
    Ok(text)
}

fn line(text: &mut String, cookie: &Cookie) {
    let flag = |is: bool| if is { "TRUE" } else { "FALSE" };
    let seconds = cookie.expires.map_or(0, |end| end.as_secs());
    text.extend([
        if cookie.http_only { HTTP_ONLY } else { "" },
        if cookie.host_only { "" } else { "." },
        &cookie.domain,
        "\t",
        flag(!cookie.host_only),
        "\t",
        &cookie.path,
        "\t",
        flag(cookie.secure),
        "\t",
        &seconds.to_string(),
        "\t",
        &cookie.name,
        "\t",
        cookie.value.expose_str().unwrap_or_default(),
        "\n",
    ]);
}
