//! `cargo xtask deps`: what may depend on what, licences and advisories.

mod audit;
mod graph;
mod lock;
mod rules;
mod words;

use graph::Graph;

use crate::Result;
use crate::shell::root;

/// Checks every rule; the error lists all that is broken.
pub(crate) fn check() -> Result {
    println!("\n$ cargo xtask deps");
    let graph = Graph::load()?;
    let mut broken = rules::broken(&graph);
    broken.extend(words::broken(&root(), &graph.schemes())?);
    broken.extend(lock::broken(&std::fs::read_to_string(
        root().join("Cargo.lock"),
    )?));
    if !broken.is_empty() {
        return Err(format!("dependency rules broken:\n{}", broken.join("\n")).into());
    }
    println!("dependency rules hold for {}", graph.ours().join(", "));
    audit::check()
}

/// Installs what [`check`] can do more with: cargo-deny.
pub(crate) fn install() -> Result {
    audit::install()
}
