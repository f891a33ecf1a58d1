//! Collections of Postman, run by newman, by postman-runtime alone and by `countersign run`: what a server receives of each.

mod differences;
mod received;
mod verified;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::checks::Checks;
use super::keys::KeyPairs;
use super::program::{run, serve};
use super::send::program;
use super::server::{Folder, Server};
use super::{PASSWORD, USER, file};
use crate::Result;
use crate::shell::{bounded, capture};
use received::{Received, of_each};

/// Who sends a collection. postman-runtime alone reads no file of format 1.
const NEWMAN: &str = "newman";
const RUNTIME: &str = "postman-runtime";

const COLLECTIONS: &[(&str, &[&str])] = &[
    ("compared", &[NEWMAN, RUNTIME]),
    ("format-2.0", &[NEWMAN, RUNTIME]),
    ("format-1", &[NEWMAN]),
];

/// All of it.
pub(super) fn check(checks: &mut Checks) -> Result {
    let keys = KeyPairs::new()?;
    let server = serve("postman/record.js", &[])?;
    for (name, runners) in COLLECTIONS {
        let scopes = Scopes::recorded(&server, &keys)?;
        let ours = of_each(&server, || ours(&scopes, name).map(drop))?;
        for runner in *runners {
            let theirs = of_each(&server, || theirs(&scopes, name, runner).map(drop))?;
            compare(checks, &format!("{name}, {runner}"), &theirs, &ours);
        }
    }
    verified::check(checks, &keys)
}

/// What each request was, by its name.
type All = Vec<(String, Vec<Received>)>;

fn compare(checks: &mut Checks, name: &str, theirs: &All, ours: &All) {
    for (item, theirs) in theirs {
        let ours = ours.iter().find(|(name, _)| name == item);
        let ours = ours.map_or(&[][..], |(_, ours)| ours);
        match differences::why(item) {
            None => checks.check(&format!("{name}: {item}"), || same(theirs, ours)),
            Some(why) => checks.check(&format!("{name}: {item} differs, as {why}"), || match same(
                theirs, ours,
            ) {
                Ok(()) => Err("it does not: take it off the list".into()),
                Err(_) => Ok(()),
            }),
        }
    }
    checks.check(&format!("{name}: nothing else is sent"), || {
        let known = |item: &str| theirs.iter().any(|(name, _)| name == item);
        match ours.iter().find(|(item, _)| !known(item)) {
            None => Ok(()),
            Some((item, _)) => Err(format!("{item} is ours alone").into()),
        }
    });
}

fn same(theirs: &[Received], ours: &[Received]) -> Result {
    match theirs == ours {
        true => Ok(()),
        false => Err(format!("they send {theirs:?}, we send {ours:?}").into()),
    }
}

/// The files of variables that a run takes.
struct Scopes(Folder);

impl Scopes {
    fn new(environment: &[(&str, &str)]) -> Result<Self> {
        let folder = Folder::new()?;
        let mut values: Vec<_> = environment
            .iter()
            .map(|(key, value)| json!({"key": key, "value": value, "enabled": true}))
            .collect();
        values.push(json!({"key": "local", "value": "off", "enabled": false}));
        write(&folder, "environment.json", &values)?;
        let globals = [("everywhere", "globals"), ("global", "of-globals")];
        let globals = globals.map(|(key, value)| json!({"key": key, "value": value}));
        write(&folder, "globals.json", &globals)?;
        Ok(Self(folder))
    }

    fn recorded(server: &Server, keys: &KeyPairs) -> Result<Self> {
        let base = server.url("");
        let authority = base.trim_start_matches("http://");
        Self::new(&[
            ("base", base.trim_end_matches('/')),
            ("authority", authority.trim_end_matches('/')),
            ("user", USER),
            ("password", PASSWORD),
            ("rsa", &keys.text("rsa.pem")?),
            ("everywhere", "environment"),
            ("twice", "1"),
            ("twice", "2"),
        ])
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }
}

fn write(folder: &Folder, name: &str, values: &[Value]) -> Result {
    let scope = json!({"name": name, "values": values});
    Ok(fs::write(folder.path().join(name), scope.to_string())?)
}

fn collection(name: &str) -> String {
    let path = file("postman").join(format!("{name}.json"));
    path.display().to_string()
}

/// What another runner says of each request.
fn theirs(scopes: &Scopes, name: &str, runner: &str) -> Result<Value> {
    let order = json!({
        "runner": runner,
        "collection": collection(name),
        "environment": scopes.path("environment.json"),
        "globals": scopes.path("globals.json"),
        "files": file("postman/files"),
    });
    let told = run("postman/run.js", &[&order.to_string()])?;
    Ok(serde_json::from_str(&told)?)
}

/// Our own report. A request that cannot be made is one of its rows.
fn ours(scopes: &Scopes, name: &str) -> Result<Value> {
    let mut command = bounded(90, program());
    command.args(["run", &collection(name), "--report", "json", "--files"]);
    command.arg(Path::new(&file("postman/files")));
    for (flag, scope) in [("-e", "environment.json"), ("-g", "globals.json")] {
        command.args([flag, &scopes.path(scope)]);
    }
    let output = capture(&mut command)?;
    serde_json::from_slice(&output.stdout)
        .map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned().into())
}
