//! A server on loopback that is protected by every scheme, and a client of each through each driver.
//!
//! `cargo run --example tour`
//!
//! With `-- --serve FILE` it only serves, until it is interrupted, and writes into FILE what the collection beside it
//! needs to know, as an environment of Postman:
//!
//! `countersign run examples/collection.json -e FILE`

mod clients;
mod table;

use clients::Driver;
use examples::tour::entries::Entry;
use examples::tour::server::Server;
use examples::tour::{Failed, Tour};
use table::{Refusal, Row};

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let tour = Tour::start().await?;
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => visit_all(&tour).await,
        ["--serve", file] => serve(&tour, file).await,
        _ => Err("usage: tour [--serve FILE]".into()),
    }
}

async fn serve(tour: &Tour, file: &str) -> Result<(), Failed> {
    std::fs::write(file, format!("{:#}\n", tour.environment()))?;
    println!("listening on {}", tour.server.url(""));
    Ok(tokio::signal::ctrl_c().await?)
}

async fn visit_all(tour: &Tour) -> Result<(), Failed> {
    let Tour {
        server, entries, ..
    } = tour;
    println!(
        "every scheme, through every driver, against {}\n",
        server.url("")
    );
    table::print_head();
    let mut failed = 0;
    for entry in entries {
        for driver in Driver::ALL {
            let row = visit(server, entry, driver).await?;
            failed += usize::from(!row.is_right());
            row.print();
        }
    }
    println!(
        "\nBoth drivers share each scheme, so the second finds the challenge already known: one leg. A token of \
         oauth2-refresh is good once, so the second finds it refused and has it renewed: two legs. NTLM authenticates \
         a connection, and each driver has its own: two legs."
    );
    println!(
        "{} rows, {failed} not as they should be",
        entries.len() * Driver::ALL.len()
    );
    if failed > 0 {
        Err("a scheme did not do what it should".into())
    } else {
        Ok(())
    }
}

/// Asks once with the right secret and once with a wrong one.
async fn visit(server: &Server, entry: &Entry, driver: Driver) -> Result<Row, Failed> {
    let url = server.url(entry.name);
    let accepted = driver.put(&entry.right, &url).await?;
    let legs = server.take_legs();
    let refused = Refusal::of(driver.put(&entry.wrong, &url).await)?;
    server.take_legs();
    Ok(Row {
        entry: entry.name,
        driver: driver.name(),
        legs,
        accepted,
        refused,
        open: entry.open,
    })
}
