//! A server on loopback that is protected by every scheme, and a client of each through each driver.
//!
//! `cargo run --example tour`

mod clients;
mod entries;
mod issuer;
mod server;
mod signers;
mod table;

use clients::Driver;
use entries::Entry;
use issuer::Issuer;
use server::Server;
use table::{Refusal, Row};

type Failed = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let issuer = Issuer::start().await?;
    let entries = entries::all(&issuer)?;
    let server = Server::start(&entries).await?;
    println!(
        "every scheme, through every driver, against {}\n",
        server.url("")
    );
    table::print_head();
    let mut failed = 0;
    for entry in &entries {
        for driver in Driver::ALL {
            let row = visit(&server, entry, driver).await?;
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
