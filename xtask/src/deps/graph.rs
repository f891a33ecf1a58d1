//! The dependency graph as `cargo metadata` prints it, without dev-dependencies.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::Result;
use crate::shell::{capture, cargo};

/// What every package needs to be built, by name.
pub(crate) struct Graph {
    members: BTreeSet<String>,
    needs: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    /// Asks cargo, with all features on.
    pub(crate) fn load() -> Result<Self> {
        let output = capture(&mut cargo("metadata --format-version 1 --all-features"))?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        Ok(Self::parse(&serde_json::from_slice(&output.stdout)?))
    }

    fn parse(metadata: &Value) -> Self {
        let name_of: BTreeMap<&str, &str> = list(&metadata["packages"])
            .map(|package| (text(&package["id"]), text(&package["name"])))
            .collect();
        let mut needs = BTreeMap::<String, BTreeSet<String>>::new();
        for node in list(&metadata["resolve"]["nodes"]) {
            let names = list(&node["deps"]).filter(|dep| is_built(dep));
            let names = names.map(|dep| name_of[text(&dep["pkg"])].to_owned());
            needs
                .entry(name_of[text(&node["id"])].to_owned())
                .or_default()
                .extend(names);
        }
        let members = list(&metadata["workspace_members"]);
        let members = members.map(|id| name_of[text(id)].to_owned()).collect();
        Self { members, needs }
    }

    /// The workspace's own library and command crates: those that carry the project's name.
    pub(crate) fn ours(&self) -> Vec<&str> {
        let names = self.members.iter().map(String::as_str);
        names
            .filter(|name| name.starts_with("countersign"))
            .collect()
    }

    /// The last part of each scheme crate's name: `basic` for `countersign-basic`.
    pub(crate) fn schemes(&self) -> Vec<&str> {
        let names = self
            .ours()
            .into_iter()
            .filter(|name| super::rules::is_scheme(name));
        names
            .filter_map(|name| name.strip_prefix("countersign-"))
            .collect()
    }

    /// What `name` needs directly.
    pub(crate) fn direct(&self, name: &str) -> impl Iterator<Item = &str> {
        self.needs
            .get(name)
            .into_iter()
            .flatten()
            .map(String::as_str)
    }

    /// What `name` needs, directly or through others.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let mut open = vec![name];
        while let Some(next) = open.pop() {
            open.extend(self.direct(next).filter(|need| found.insert(*need)));
        }
        found
    }
}

fn is_built(dep: &Value) -> bool {
    list(&dep["dep_kinds"]).any(|kind| kind["kind"] != "dev")
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    /// A graph of workspace members, from pairs of a name and what it needs.
    pub(crate) fn graph(edges: &[(&str, &[&str])]) -> Graph {
        let packages: Vec<_> = edges
            .iter()
            .map(|(name, _)| json!({"id": name, "name": name}))
            .collect();
        let nodes = edges
            .iter()
            .map(|(name, needs)| json!({"id": name, "deps": deps(needs)}));
        let members = edges.iter().map(|(name, _)| name);
        Graph::parse(&json!({
            "packages": packages,
            "workspace_members": members.collect::<Vec<_>>(),
            "resolve": {"nodes": nodes.collect::<Vec<_>>()},
        }))
    }

    fn deps(names: &[&str]) -> Vec<Value> {
        let dep = |name: &&str| match name.strip_prefix("dev:") {
            Some(name) => json!({"pkg": name, "dep_kinds": [{"kind": "dev"}]}),
            None => json!({"pkg": name, "dep_kinds": [{"kind": null}]}),
        };
        names.iter().map(dep).collect()
    }

    #[test]
    fn dev_dependencies_do_not_count() {
        let graph = graph(&[
            ("a", &["b", "dev:c"]),
            ("b", &["d"]),
            ("c", &[]),
            ("d", &[]),
        ]);
        assert_eq!(graph.all("a"), BTreeSet::from(["b", "d"]));
    }

    #[test]
    fn schemes_are_known_by_their_crates() {
        let graph = graph(&[
            ("countersign-core", &[]),
            ("countersign-basic", &[]),
            ("xtask", &[]),
        ]);
        assert_eq!(graph.schemes(), ["basic"]);
    }
}
