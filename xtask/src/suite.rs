//! The steps of `cargo xtask test`, in order; the first that fails ends the run.

use crate::shell::{cargo, run};
use crate::{Result, apart, deps, features, peers, watch};

/// Every test of the workspace, those against real peers last.
pub(crate) fn test() -> Result {
    workspace()?;
    peers::install()?;
    deps::install()?;
    deps::check()?;
    tour()?;
    peers::check(&[])
}

/// The same without what must be installed; says what was left out.
pub(crate) fn test_without_peers() -> Result {
    workspace()?;
    deps::check()?;
    tour()?;
    peers::skip("--no-peers was given");
    Ok(())
}

/// Format and lints.
pub(crate) fn lint() -> Result {
    watch::lint()?;
    run(&mut cargo("fmt --all --check"))?;
    run(&mut cargo(
        "clippy --workspace --all-targets --all-features -- -D warnings",
    ))?;
    apart::lint()
}

/// The benchmarks: each crate's own, then those beside other crates.
pub(crate) fn bench() -> Result {
    run(&mut cargo("bench --workspace --bench *"))?;
    apart::bench()
}

/// What the tests run in a short form, in full: lanes under load; 1 GiB streamed by each driver; 30 seconds of two
/// processes on one store of tokens, 1,000 processes killed while they write to it.
pub(crate) fn soak() -> Result {
    soak_lanes()?;
    soak_streams()?;
    soak_tokens()
}

/// 100,000 requests over lanes by each driver, for each way in which a server closes them; then their throughput.
pub(crate) fn soak_lanes() -> Result {
    let mut load =
        cargo("test --release -p conformance --test lanes -- load:: --nocapture --test-threads 1");
    run(load.env("COUNTERSIGN_LANES_REQUESTS", "100000"))?;
    run(&mut cargo("bench -p conformance --bench lanes"))
}

fn soak_streams() -> Result {
    let mut soak =
        cargo("test -p conformance --test streams --test awaited -- --nocapture --test-threads 1");
    run(soak.env("COUNTERSIGN_STREAM_MIB", "1024"))
}

fn soak_tokens() -> Result {
    let mut soak = cargo("test -p countersign-token --test processes -- --nocapture");
    soak.env("COUNTERSIGN_TOKEN_TEST_SECONDS", "30");
    run(soak.env("COUNTERSIGN_TOKEN_TEST_ROUNDS", "1000"))
}

fn workspace() -> Result {
    lint()?;
    // One test after the other, so that the first and the last of a binary see all that is logged between them.
    let mut tests = cargo("test --workspace --all-features");
    run(tests.env("RUST_TEST_THREADS", "1"))?;
    apart::test()?;
    features::check()?;
    let mut doc = cargo("doc --workspace --no-deps --all-features");
    run(doc.env("RUSTDOCFLAGS", "-D warnings"))
}

fn tour() -> Result {
    run(&mut cargo("run --example tour"))
}
