//! `countersign token`: gets tokens of OAuth 2.0, and looks after those that are stored.

mod busy;
mod export;
mod person;
mod place;
mod server;
mod session;
mod settings;
mod shown;

use countersign::token::{Entry, Tokens};
use serde_json::json;

use crate::args::{TokenArgs, TokenCommand};
use crate::exit::{Exit, Failure};
use crate::output;
use crate::redact::Redactor;
pub(crate) use busy::{PATIENCE, rest};
pub(crate) use person::Person;
pub(crate) use session::{Session, kept_in, warn_of_cleartext};
pub(crate) use settings::secrets;

/// Does it, prints the tokens that it was about and says how it ended.
pub(crate) async fn run(args: Box<TokenArgs>) -> Exit {
    let mut redactor = Redactor::new(args.raw);
    let done = perform(&args, &mut redactor).await;
    let printed = match done {
        Ok(entries) => print(&args, entries).await,
        Err(failure) => Err(failure),
    };
    let Err(failure) = printed else {
        return Exit::Accepted;
    };
    let message = redactor.text(&failure.to_string());
    match args.json {
        true => {
            let error = json!({"kind": failure.kind, "message": message});
            object(json!({"tokens": [], "error": error}));
        }
        false => eprintln!("error: {message}"),
    }
    failure.exit
}

async fn perform(args: &TokenArgs, redactor: &mut Redactor) -> Result<Vec<Entry>, Failure> {
    let tokens = Tokens::new(place::store(args.store.as_deref())?);
    let one = |entry| vec![entry];
    let result = match &args.command {
        TokenCommand::Get(get) => return server::get(args, get, redactor).await.map(one),
        TokenCommand::Refresh(renew) => {
            return server::refresh(args, renew, redactor).await.map(one);
        }
        TokenCommand::Revoke(renew) => return server::revoke(args, renew, redactor).await.map(one),
        TokenCommand::Show(which) => {
            return session::find(&tokens, which.which.as_deref())
                .await
                .map(one);
        }
        TokenCommand::Export(export) => return export::export(&tokens, export, args.raw).await,
        TokenCommand::Import { file, replace } => {
            return export::import(&tokens, file, *replace).await;
        }
        TokenCommand::List => tokens.list().await,
        TokenCommand::Select { which } => tokens.select(which).await.map(one),
        TokenCommand::Rename { which, name } => tokens.rename(which, name).await.map(one),
        TokenCommand::Delete { which } => tokens.delete(which).await.map(one),
        TokenCommand::Prune => tokens.prune().await,
    };
    result.map_err(|error| Failure::store(&error))
}

async fn print(args: &TokenArgs, entries: Vec<Entry>) -> Result<(), Failure> {
    if matches!(&args.command, TokenCommand::Export(export) if export.output.is_none()) {
        return Ok(());
    }
    let tokens = Tokens::new(place::store(args.store.as_deref())?);
    let selected = tokens
        .selected()
        .await
        .map_err(|error| Failure::store(&error))?;
    let is_selected = |entry: &Entry| selected.as_ref().is_some_and(|one| one.key == entry.key);
    if args.json {
        let shown = entries.iter();
        let shown = shown.map(|entry| shown::json(entry, is_selected(entry), args.raw));
        let shown: Vec<_> = shown.collect();
        object(json!({"tokens": shown, "error": null}));
        return Ok(());
    }
    if matches!(args.command, TokenCommand::List) && entries.is_empty() {
        eprintln!("no token is stored");
    }
    if let Some(done) = done(&args.command) {
        eprintln!("{done} {}", count(entries.len()));
    }
    for entry in &entries {
        let text = match args.command {
            TokenCommand::Show(_) | TokenCommand::Get(_) => {
                shown::paragraph(entry, is_selected(entry), args.raw)
            }
            _ => shown::line(entry, is_selected(entry)),
        };
        output::to_stdout(format!("{text}\n").as_bytes());
    }
    Ok(())
}

fn done(command: &TokenCommand) -> Option<&'static str> {
    Some(match command {
        TokenCommand::Refresh(_) => "renewed",
        TokenCommand::Revoke(_) => "revoked and deleted",
        TokenCommand::Delete { .. } | TokenCommand::Prune => "deleted",
        TokenCommand::Export(_) => "exported",
        TokenCommand::Import { .. } => "imported",
        _ => return None,
    })
}

fn count(tokens: usize) -> String {
    match tokens {
        1 => "1 token".to_owned(),
        tokens => format!("{tokens} tokens"),
    }
}

fn object(value: serde_json::Value) {
    output::to_stdout(format!("{value}\n").as_bytes());
}
