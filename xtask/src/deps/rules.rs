//! Which of the workspace's crates may need which.

use super::graph::Graph;

/// The crates that are no scheme, and what each may need of the others.
const ROLES: &[(&str, Needs)] = &[
    ("countersign-core", Needs::Only(&[])),
    ("countersign-tower", Needs::Only(&["core"])),
    ("countersign-reqwest", Needs::Only(&["core"])),
    ("countersign-token", Needs::Only(&["core"])),
    ("countersign-cookies", Needs::Only(&["core"])),
    ("countersign-postman", Needs::Facade),
    ("countersign-cli", Needs::Collections),
    ("countersign-testkit", Needs::Anything),
    ("countersign", Needs::Libraries),
];

/// Schemes that may need more than the core.
const EXCEPTIONS: &[(&str, Needs)] = &[
    ("countersign-oauth2", Needs::Only(&["core", "token", "jwt"])),
    ("countersign-bearer", Needs::Only(&["core", "jwt"])),
];

const SCHEME: Needs = Needs::Only(&["core"]);

/// The core stays free of these and of all that belongs to them.
const NOT_IN_CORE: &[&str] = &["tokio", "tower", "reqwest", "hyper"];

#[derive(Clone, Copy)]
enum Needs {
    Only(&'static [&'static str]),
    Facade,
    Collections,
    Libraries,
    Anything,
}

impl Needs {
    fn allow(self, need: &str) -> bool {
        let short = need.strip_prefix("countersign-").unwrap_or_default();
        match self {
            Self::Only(names) => names.contains(&short),
            Self::Facade => need == "countersign",
            Self::Collections => ["countersign", "countersign-postman"].contains(&need),
            Self::Libraries => !["cli", "postman", "testkit"].contains(&short),
            Self::Anything => true,
        }
    }
}

/// Whether a crate of the workspace is a scheme: every one that has no other role.
pub(crate) fn is_scheme(name: &str) -> bool {
    name.starts_with("countersign") && ROLES.iter().all(|(role, _)| *role != name)
}

/// Every rule that the graph breaks, as one sentence each.
pub(crate) fn broken(graph: &Graph) -> Vec<String> {
    let edges = graph
        .ours()
        .into_iter()
        .flat_map(|name| sideways(graph, name));
    edges.chain(core(graph)).collect()
}

fn sideways<'a>(graph: &'a Graph, name: &'a str) -> impl Iterator<Item = String> + use<'a> {
    let needs = graph
        .direct(name)
        .filter(|need| need.starts_with("countersign"));
    let forbidden = needs.filter(move |need| !needs_of(name).allow(need));
    forbidden.map(move |need| format!("{name} must not depend on {need}"))
}

fn needs_of(name: &str) -> Needs {
    let known = ROLES
        .iter()
        .chain(EXCEPTIONS)
        .find(|(role, _)| *role == name);
    known.map_or(SCHEME, |(_, needs)| *needs)
}

fn core(graph: &Graph) -> Vec<String> {
    let all = graph.all("countersign-core").into_iter();
    let forbidden = all.filter(|need| NOT_IN_CORE.iter().any(|family| belongs(need, family)));
    forbidden
        .map(|need| format!("countersign-core must not need {need}"))
        .collect()
}

fn belongs(name: &str, family: &str) -> bool {
    name.strip_prefix(family)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::super::graph::tests::graph;
    use super::*;

    #[test]
    fn the_layers_as_designed_break_nothing() {
        let graph = graph(&[
            ("countersign-core", &["dev:tokio"]),
            (
                "countersign-basic",
                &["countersign-core", "dev:countersign-testkit"],
            ),
            ("countersign-testkit", &["countersign-basic"]),
            ("countersign", &["countersign-basic", "countersign-core"]),
            ("countersign-cli", &["countersign"]),
            ("tokio", &[]),
        ]);
        assert_eq!(broken(&graph), [""; 0]);
    }

    #[test]
    fn a_scheme_that_needs_another_is_told() {
        let graph = graph(&[
            ("countersign-hawk", &["countersign-basic"]),
            ("countersign-basic", &[]),
        ]);
        assert_eq!(
            broken(&graph),
            ["countersign-hawk must not depend on countersign-basic"]
        );
    }

    #[test]
    fn the_exceptions_hold_for_their_crate_alone() {
        assert!(needs_of("countersign-bearer").allow("countersign-jwt"));
        assert!(!needs_of("countersign-basic").allow("countersign-jwt"));
        assert!(!needs_of("countersign-cli").allow("countersign-core"));
    }

    #[test]
    fn what_the_core_needs_through_others_counts() {
        let graph = graph(&[
            ("countersign-core", &["http"]),
            ("http", &["tower-service"]),
            ("tower-service", &[]),
        ]);
        assert_eq!(
            broken(&graph),
            ["countersign-core must not need tower-service"]
        );
    }
}
