//! The `countersign` command: `send` authenticates a request by any scheme, `serve` demands one, `token` looks after tokens.

mod args;
mod connect;
mod credentials;
mod exit;
mod output;
mod redact;
mod send;
mod serve;
mod tokens;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use exit::{Exit, Failure};

fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&Failure::usage(format!("no runtime: {error}"))),
    };
    let code = runtime.block_on(run(args));
    // Standard input may still be read from, which nothing can interrupt.
    runtime.shutdown_background();
    code
}

async fn run(args: Args) -> ExitCode {
    match args.command {
        Command::Send(args) => send::run(args).await.into(),
        Command::Token(args) => tokens::run(args).await.into(),
        Command::Serve(args) => match serve::run(args).await {
            Ok(()) => Exit::Accepted.into(),
            Err(failure) => failed(&failure),
        },
    }
}

fn failed(failure: &Failure) -> ExitCode {
    eprintln!("error: {failure}");
    failure.exit.into()
}
