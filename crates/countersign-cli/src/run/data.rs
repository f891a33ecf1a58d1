//! The rows of a data file, one for each iteration.

use std::path::Path;

use countersign_postman::Scope;
use csv::{ReaderBuilder, StringRecord, Trim};
use serde_json::Value;

use crate::exit::Failure;

/// How large the file may be, in bytes: it is held in memory.
const MAX_FILE: u64 = 64 << 20;

/// The rows of the file: of JSON if it begins as a list, else of CSV.
pub(super) fn rows(path: &Path) -> Result<Vec<Scope>, Failure> {
    let rows = text(path).and_then(|text| match text.trim_start().starts_with('[') {
        true => json(&text),
        false => csv(&text),
    });
    let rows = rows.and_then(|rows| match rows.is_empty() {
        true => Err("there is no row in it".to_owned()),
        false => Ok(rows),
    });
    rows.map_err(|why| Failure::usage(format!("--data {}: {why}", path.display())))
}

fn text(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?;
    if size.len() > MAX_FILE {
        return Err("the file is larger than 64 MiB".to_owned());
    }
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

fn json(text: &str) -> Result<Vec<Scope>, String> {
    let wrong = |error: serde_json::Error| {
        let (line, column) = (error.line(), error.column());
        format!("no JSON: it is wrong at line {line}, column {column}")
    };
    let rows: Vec<Value> = serde_json::from_str(text).map_err(wrong)?;
    let row = |(index, row): (usize, &Value)| {
        let row = row.as_object();
        row.map(Scope::from)
            .ok_or_else(|| format!("row {} is no JSON object", index + 1))
    };
    rows.iter().enumerate().map(row).collect()
}

fn csv(text: &str) -> Result<Vec<Scope>, String> {
    let mut reader = ReaderBuilder::new()
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let names = reader.headers().map_err(|error| wrong(&error))?.clone();
    let rows = reader.records().map(|row| {
        let row = row.map_err(|error| wrong(&error))?;
        Ok(scope(&names, &row))
    });
    rows.collect()
}

fn scope(names: &StringRecord, row: &StringRecord) -> Scope {
    names.iter().zip(row).collect()
}

/// Where it is wrong, and not what stands there.
fn wrong(error: &csv::Error) -> String {
    let line = error.position().map_or(0, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("line {line} has {len} fields, and there are {expected_len} names"),
        _ => format!("no CSV: it is wrong at line {line}"),
    }
}
