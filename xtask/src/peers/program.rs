//! The programs of `tests/peers` in Python and JavaScript, with the packages that they need.

use std::path::Path;

use serde_json::Value;

use super::answer::Answer;
use super::server::{Folder, Server, free_port};
use super::{file, installed, venv};
use crate::Result;
use crate::shell::{bounded, capture};

/// What `env` runs for the program of this name.
pub(super) fn words(name: &str) -> Vec<String> {
    let (packages, shared) = (installed("node/node_modules"), file(""));
    let (packages, shared) = (packages.display(), shared.display());
    let (setting, interpreter) = if name.ends_with(".py") {
        (format!("PYTHONPATH={shared}"), venv().join("bin/python"))
    } else {
        (format!("NODE_PATH={packages}:{shared}"), "node".into())
    };
    let words = [interpreter, file(name)].map(|path| path.display().to_string());
    let quiet = "PYTHONDONTWRITEBYTECODE=1".to_owned();
    [quiet, setting].into_iter().chain(words).collect()
}

/// Starts one that serves on the port that is its first argument.
pub(super) fn serve(name: &str, args: &[&str]) -> Result<Server> {
    serve_in(Folder::new()?, name, args)
}

/// The same in a folder that has files for it.
pub(super) fn serve_in(folder: Folder, name: &str, args: &[&str]) -> Result<Server> {
    let (port, mut words) = (free_port()?, words(name));
    words.push(port.to_string());
    let args: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .chain(args.iter().copied())
        .collect();
    Server::start(folder, port, Path::new("env"), &args)
}

/// Runs one that prints something.
pub(super) fn run(name: &str, args: &[&str]) -> Result<String> {
    let mut command = bounded(90, "env");
    let output = capture(command.args(words(name)).args(args))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Runs one that prints the answers it got.
pub(super) fn script(name: &str, args: &[&str]) -> Result<Vec<Answer>> {
    let answers: Value = serde_json::from_str(&run(name, args)?)?;
    let answers = answers.as_array().into_iter().flatten();
    Ok(answers.filter_map(answer).collect())
}

/// Runs one that takes an order.
pub(super) fn deliver(name: &str, order: &Value) -> Result<Vec<Answer>> {
    script(name, &[&order.to_string()])
}

/// Puts what `more` has into an order, in place of what is there.
pub(super) fn merge(order: &mut Value, more: Value) {
    match (order, more) {
        (Value::Object(order), Value::Object(more)) => {
            for (key, value) in more {
                merge(order.entry(key).or_insert(Value::Null), value);
            }
        }
        (order, more) => *order = more,
    }
}

fn answer(json: &Value) -> Option<Answer> {
    let status = u16::try_from(json["status"].as_u64()?).ok()?;
    let body = json["body"].as_str()?.to_owned();
    Some(Answer::new(status, body))
}
