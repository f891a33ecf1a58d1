//! Everything a contributor runs, behind `cargo xtask`.
//!
//! `cargo xtask test` passes every test of the workspace and installs the peers that it needs.

mod apart;
mod deps;
mod features;
mod fuzz;
mod peers;
mod shell;
mod suite;
mod watch;

use std::process::ExitCode;

/// A failure is told to a person and ends the run, so it needs no kinds.
type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

const HELP: &str = "\
cargo xtask test [--no-peers]   format, lints, tests, documentation, dependency rules, tour, peers
cargo xtask lint                format and lints
cargo xtask deps                dependency rules, licences, advisories
cargo xtask peers [NAME...]     the checks against real peers, all or those named
cargo xtask soak [lanes]        lanes, streams and awaited credentials in full, or lanes alone
cargo xtask bench               benchmarks, and the table beside other crates
cargo xtask fuzz [TARGET]       each fuzz target for a minute, or the one that is named";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[&str]) -> Result {
    match args {
        ["test"] => suite::test(),
        ["test", "--no-peers"] => suite::test_without_peers(),
        ["lint"] => suite::lint(),
        ["deps"] => deps::check(),
        ["peers", names @ ..] => peers::install_and_check(names),
        ["soak"] => suite::soak(),
        ["soak", "lanes"] => suite::soak_lanes(),
        ["bench"] => suite::bench(),
        ["fuzz"] => fuzz::all(),
        ["fuzz", target] => fuzz::run(target),
        ["help" | "--help"] => help(),
        _ => Err(format!("unknown arguments: {}\n\n{HELP}", args.join(" ")).into()),
    }
}

fn help() -> Result {
    println!("{HELP}");
    Ok(())
}
