//! Each feature of the facade stands alone.

use serde_json::Value;

use crate::Result;
use crate::shell::{capture, cargo, run};

const FACADE: &str = "countersign";

/// Tests the facade without any feature, and builds it with each one by itself.
pub(crate) fn check() -> Result {
    let output = capture(&mut cargo("metadata --no-deps --format-version 1"))?;
    let metadata = serde_json::from_slice(&output.stdout)?;
    run(cargo("test --quiet --no-default-features --lib --package").arg(FACADE))?;
    for feature in features(&metadata) {
        run(&mut with(&feature))?;
    }
    Ok(())
}

fn with(feature: &str) -> std::process::Command {
    let mut check = cargo("check --quiet --no-default-features --package");
    check.args([FACADE, "--features", feature]);
    check
}

/// The features of the facade, without those that only gather others.
fn features(metadata: &Value) -> Vec<String> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let features = packages
        .filter(|package| package["name"] == FACADE)
        .filter_map(|package| package["features"].as_object());
    features
        .flat_map(|features| features.keys().cloned())
        .filter(|feature| !["default", "full"].contains(&feature.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_facades_own_features_are_found() {
        let features_of = json!({"packages": [
            {"name": "countersign", "features": {"default": [], "full": ["basic"], "basic": []}},
            {"name": "other", "features": {"more": []}},
        ]});
        assert_eq!(features(&features_of), ["basic"]);
    }
}
