//! Every binary of integration tests stands under the watch of the log.

use serde_json::Value;

use crate::Result;
use crate::shell::{capture, cargo};

/// What stands at the root of each.
const LINE: &str = "countersign_testkit::watched!();";

/// Those that do not, by a part of their path, and why not.
const WITHOUT: &[(&str, &str)] = &[
    (
        "/tests/allocations.rs",
        "counts heap calls, and a log has its own",
    ),
    (
        "/countersign-cli/tests/",
        "runs the command as a process of its own, and looks at all that it prints",
    ),
    (
        "/countersign-testkit/tests/",
        "tests the watch itself, with canaries that are logged on purpose",
    ),
];

/// Fails if a test target of the workspace stands outside of the watch.
pub(crate) fn lint() -> Result {
    let output = capture(&mut cargo("metadata --no-deps --format-version 1"))?;
    let mut outside = Vec::new();
    for file in roots(&serde_json::from_slice(&output.stdout)?) {
        if is_outside(&file, &std::fs::read_to_string(&file)?) {
            outside.push(format!("{file} lacks `{LINE}`"));
        }
    }
    if outside.is_empty() {
        return Ok(());
    }
    Err(outside.join("\n").into())
}

fn is_outside(file: &str, source: &str) -> bool {
    let excused = WITHOUT.iter().any(|(part, _)| file.contains(part));
    !excused && !source.lines().any(|line| line == LINE)
}

/// The file at the root of each target of integration tests.
fn roots(metadata: &Value) -> Vec<String> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let packages = list(&metadata["packages"]).into_iter();
    let targets = packages.flat_map(|package| list(&package["targets"]));
    targets
        .filter(|target| target["kind"][0] == "test")
        .filter_map(|target| Some(target["src_path"].as_str()?.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_new_binary_cannot_be_left_out() {
        assert!(is_outside("/a/tests/new.rs", "#[test]\nfn a() {}\n"));
        assert!(is_outside("/a/tests/new.rs", &format!("// {LINE}\n")));
        assert!(!is_outside(
            "/a/tests/new.rs",
            &format!("#![allow(x)]\n\n{LINE}\n")
        ));
        assert!(!is_outside("/a/tests/allocations.rs", ""));
    }

    #[test]
    fn only_integration_tests_are_asked() {
        let target = |kind: &str| json!({"kind": [kind], "src_path": format!("{kind}.rs")});
        let metadata = json!({"packages": [{"targets": [target("lib"), target("test")]}]});
        assert_eq!(roots(&metadata), ["test.rs"]);
    }
}
