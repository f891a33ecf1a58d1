//! The `countersign` command: `send` authenticates a request by any scheme, `run` those of a collection, `serve` demands
//! one, `token` looks after tokens.

mod args;
mod collection;
mod connect;
mod credentials;
mod exit;
mod hints;
mod interrupt;
mod output;
mod redact;
mod run;
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
    let code = runtime.block_on(async {
        let code = run(args).await;
        tokens::rest().await;
        code
    });
    // Standard input may still be read from, which nothing can interrupt.
    runtime.shutdown_background();
    code
}

async fn run(args: Args) -> ExitCode {
    match args.command {
        Command::Send(args) => until_interrupted(send::run(args)).await.into(),
        Command::Run(args) => run::run(args).await.into(),
        Command::Collection(command) => collection::run(command).into(),
        Command::Token(args) => until_interrupted(tokens::run(args)).await.into(),
        Command::Serve(args) => match serve::run(args).await {
            Ok(()) => Exit::Accepted.into(),
            Err(failure) => failed(&failure),
        },
    }
}

/// In a task of its own, as reading a pipe blocks it.
async fn until_interrupted(command: impl Future<Output = Exit> + Send + 'static) -> Exit {
    let interrupted = interrupt::interrupted();
    tokio::select! {
        done = tokio::spawn(command) => done.unwrap_or(Exit::Scheme),
        () = interrupted => {
            eprintln!("error: interrupted");
            Exit::Interrupted
        }
    }
}

fn failed(failure: &Failure) -> ExitCode {
    eprintln!("error: {failure}");
    failure.exit.into()
}
