//! `countersign collection auth`: what each request is authenticated by.

use countersign_postman::Item;
use serde::Serialize;
use serde_json::json;

use super::place::{path_of, printable};
use super::{Source, Supplied};
use crate::args::CollectionAuthArgs;
use crate::exit::{Exit, Failure};
use crate::output;

#[derive(Serialize)]
struct Row {
    name: String,
    auth: Supplied,
    unresolved: Vec<String>,
    error: Option<String>,
}

/// Prints it.
pub(super) fn run(args: &CollectionAuthArgs) -> Result<Exit, Failure> {
    let source = Source::open(&args.file)?;
    let rows = source.collection.requests();
    let rows: Vec<_> = rows.map(|item| row(&source, item)).collect();
    match args.json {
        true => output::to_stdout(format!("{}\n", json!({"requests": rows})).as_bytes()),
        false => output::to_stdout(table(&rows).as_bytes()),
    }
    Ok(match rows.iter().any(|row| row.error.is_some()) {
        true => Exit::Usage,
        false => Exit::Accepted,
    })
}

fn row(source: &Source, item: Item<'_>) -> Row {
    let unresolved = source.collection.unresolved(item, &source.variables);
    let (auth, error) = match Supplied::to(item) {
        Ok(auth) => (auth, None),
        Err(error) => (Supplied::default(), Some(error.to_string())),
    };
    Row {
        name: path_of(item),
        auth,
        unresolved,
        error,
    }
}

const HEAD: [&str; 4] = ["request", "scheme", "from", "without a value"];

fn table(rows: &[Row]) -> String {
    let cells = rows.iter().map(cells);
    let lines: Vec<_> = [HEAD.map(str::to_owned)].into_iter().chain(cells).collect();
    let width = |column: usize| {
        let widths = lines.iter().map(|line| line[column].chars().count());
        widths.max().unwrap_or_default()
    };
    let (first, second, third) = (width(0), width(1), width(2));
    let line = |[name, scheme, level, rest]: &[String; 4]| {
        let line = format!("{name:first$}  {scheme:second$}  {level:third$}  {rest}");
        line.trim_end().to_owned() + "\n"
    };
    lines.iter().map(line).collect()
}

fn cells(row: &Row) -> [String; 4] {
    let last = match &row.error {
        Some(error) => format!("error: {error}"),
        None => row.unresolved.join(", "),
    };
    [
        row.name.clone(),
        row.auth.scheme().to_owned(),
        row.auth.level(),
        last,
    ]
    .map(|cell| printable(&cell))
}
