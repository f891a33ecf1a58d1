//! `countersign run`: the requests of a collection, one after the other, and a report of how each ended.

mod clock;
mod data;
mod engine;
mod offline;
mod one;
mod outcome;
mod plan;
mod profile;
mod report;
mod sender;
mod unused;

use std::path::Path;

use countersign::Options;
use countersign::cookies::Jar;

use crate::args::RunArgs;
use crate::collection::Source;
use crate::connect::{self, Offline};
use crate::exit::{Exit, Failure};
use crate::send;
use crate::tokens::{self, Person};
use clock::Clock;
use engine::Engine;
use outcome::Summary;
use plan::Plan;
use report::Reports;

/// Runs it, reports and says how it ended.
pub(crate) async fn run(args: Box<RunArgs>) -> Exit {
    let person = Person::default();
    let done = match open(&args, &person) {
        Ok(source) => perform(&args, &source, &person).await,
        Err(failure) => Err(failure),
    };
    match done {
        Ok(summary) => summary.exit(),
        Err(failure) => {
            eprintln!("error: {failure}");
            failure.exit
        }
    }
}

/// The collection, with what its schemes need.
fn open(args: &RunArgs, person: &Person) -> Result<Source, Failure> {
    let mut source = Source::open(&args.file)?;
    if let Some(path) = &args.vault {
        source = source.vault(path)?;
    }
    source.hide(connect::check_proxy(&args.http.proxy)?);
    let options = options(args, person)?;
    source.collection = source.collection.options(options).files(files(args));
    Ok(source)
}

/// The folder of files in bodies.
fn files(args: &RunArgs) -> &Path {
    let beside = args.file.collection.parent();
    let beside = beside.filter(|folder| !folder.as_os_str().is_empty());
    args.files.as_deref().or(beside).unwrap_or(Path::new("."))
}

fn options(args: &RunArgs, person: &Person) -> Result<Options, Failure> {
    let options = person.lead(Options::new().diagnose(true), args.no_browser);
    let options = match &args.store {
        Some(folder) => tokens::kept_in(folder, options),
        None => options,
    };
    Ok(match args.offline {
        true => options.fetch(Offline),
        false => options.fetch(connect::fetch(&args.http)?),
    })
}

/// The cookies of the run.
fn jar(args: &RunArgs) -> Result<Jar, Failure> {
    match &args.cookie_jar {
        Some(path) => send::jar::load(path),
        None => Ok(Jar::new()),
    }
}

async fn perform(args: &RunArgs, source: &Source, person: &Person) -> Result<Summary, Failure> {
    let plan = Plan::new(args, source)?;
    let jar = jar(args)?;
    let mut reports = Reports::open(args, source)?;
    reports.begin(&plan);
    let mut engine = Engine {
        args,
        source,
        plan: &plan,
        person,
        clock: Clock::start(&args.http),
        reports: &mut reports,
    };
    let summary = match args.offline {
        true => engine.run(&mut offline::Signer(jar.clone())).await,
        false => engine.run(&mut sender::new(args, jar.clone())?).await,
    };
    reports.end(&summary)?;
    if args.cookie_jar.is_some() && !args.offline {
        send::jar::write_back(&jar)?;
    }
    Ok(summary)
}
