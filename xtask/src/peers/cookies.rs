//! One file of cookies that goes back and forth between the command and others that keep cookies, against httpbin.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::checks::Checks;
use super::httpbin;
use super::program;
use super::send::{ACCEPTED, Send};
use super::server::{Folder, Server};
use crate::Result;
use crate::shell::{bounded, capture};

/// Visits a URL with a file, writes the file again, and returns the answer's body.
type Visit = fn(file: &str, url: &str) -> Result<String>;

const OTHERS: [(&str, &str, Visit); 4] = [
    ("curl", "jar.txt", curl),
    ("http.cookiejar", "jar.txt", |file, url| {
        program::run("cookies/visit.py", &[file, url])
    }),
    ("tough-cookie", "jar.json", |file, url| {
        program::run("cookies/visit.js", &[file, url])
    }),
    ("newman", "jar.json", |file, url| {
        program::run("cookies/newman.js", &[file, url])
    }),
];

/// What the command sets: a cookie that ends with its session, and one that stays.
const OURS: [&str; 2] = [
    "/cookies/set?session=ours",
    "/response-headers?Set-Cookie=kept%3Dyes%3B%20Path%3D%2F%3B%20Max-Age%3D3600%3B%20HttpOnly%3B%20SameSite%3DLax",
];

/// Everybody, one after the other.
pub(super) fn check(checks: &mut Checks) -> Result {
    let httpbin = httpbin::start()?;
    for (name, file, visit) in OTHERS {
        let folder = Folder::new()?;
        let file = folder.path().join(file);
        both_ways(checks, name, &httpbin, &file, visit);
    }
    Ok(())
}

fn both_ways(checks: &mut Checks, name: &str, httpbin: &Server, file: &Path, visit: Visit) {
    let file = &file.display().to_string();
    let url = |path: &str| httpbin.url(path);
    checks.check(&format!("{name} sends what the command kept"), || {
        for path in OURS {
            ours(file, &url(path))?;
        }
        same(
            &visit(file, &url("/cookies"))?,
            &["kept=yes", "session=ours"],
        )
    });
    checks.check(&format!("the command sends what {name} kept"), || {
        visit(file, &url("/cookies/set?theirs=2"))?;
        let all = ["kept=yes", "session=ours", "theirs=2"];
        same(&ours(file, &url("/cookies"))?, &all)
    });
    checks.check(&format!("what {name} removes is gone"), || {
        visit(file, &url("/cookies/delete?session"))?;
        same(&ours(file, &url("/cookies"))?, &["kept=yes", "theirs=2"])
    });
    checks.check(
        &format!("what the command removes is gone for {name}"),
        || {
            ours(file, &url("/cookies/delete?theirs"))?;
            same(&visit(file, &url("/cookies"))?, &["kept=yes"])
        },
    );
}

fn ours(file: &str, url: &str) -> Result<String> {
    let send = Send::new("GET", url).args(&["-L", "--raw", "--cookie-jar", file]);
    send.exits(ACCEPTED)?.text()
}

/// Without following: curl reads the file again for each hop, and so takes in again what the one before removed.
fn curl(file: &str, url: &str) -> Result<String> {
    let mut command = bounded(30, "curl");
    let args = ["-sS", "--noproxy", "*", "-b", file, "-c", file, url];
    let output = capture(command.args(args))?;
    match output.status.success() {
        true => Ok(String::from_utf8(output.stdout)?),
        false => Err(String::from_utf8_lossy(&output.stderr).into()),
    }
}

/// httpbin tells the cookies that it received.
fn same(body: &str, wanted: &[&str]) -> Result {
    let body: Value = serde_json::from_str(body)?;
    let received = body["cookies"].as_object().into_iter().flatten();
    let pair =
        |(name, value): (&String, &Value)| format!("{name}={}", value.as_str().unwrap_or_default());
    let received: BTreeSet<String> = received.map(pair).collect();
    match received.iter().eq(wanted) {
        true => Ok(()),
        false => Err(format!("{received:?} in place of {wanted:?}").into()),
    }
}
