//! `run`: the requests of a collection.

mod cookies;
mod data;
mod ends;
mod folders;
mod offline;
mod proxy;
mod reports;
mod scripts;
mod signed;
mod tokens;
mod tour;
mod variables;
mod vault;

use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Run, command, run};

/// A folder with a collection in it, and what belongs to it.
pub(crate) struct Files(TempDir);

impl Files {
    /// With this collection.
    pub(crate) fn with(collection: &Value) -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        files.write("collection.json", &collection.to_string());
        files
    }

    /// The path of a file.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file and returns its path.
    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Reads a file.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs the collection.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        let mut all = command(&["run", "--timeout", "20"]);
        run(all.arg(self.path("collection.json")).args(args), b"")
    }

    /// Runs it, and reads its report.
    pub(crate) fn report(&self, args: &[&str]) -> (i32, Value) {
        let run = self.run(&[&["--report", "json"], args].concat());
        (run.code, run.json())
    }
}

/// A collection of these requests, and of more at its top.
pub(crate) fn collection(items: &[Value], more: &Value) -> Value {
    let mut collection = json!({"info": {"name": "Pride"}, "item": items});
    let members = more.as_object().unwrap().clone();
    collection.as_object_mut().unwrap().extend(members);
    collection
}

/// A request of this name to a URL.
pub(crate) fn get(name: &str, url: &str) -> Value {
    json!({"name": name, "request": {"method": "GET", "url": url}})
}

/// An `auth` object.
pub(crate) fn auth(kind: &str, parameters: &Value) -> Value {
    json!({"type": kind, kind: parameters})
}

/// The names of the requests in a report, each with its outcome.
pub(crate) fn outcomes(report: &Value) -> Vec<(&str, &str)> {
    let requests = report["requests"].as_array().unwrap().iter();
    requests
        .map(|one| {
            (
                one["name"].as_str().unwrap(),
                one["outcome"].as_str().unwrap(),
            )
        })
        .collect()
}
