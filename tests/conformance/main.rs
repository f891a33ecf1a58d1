//! Each scheme through each driver against wiremock, which knows nothing of this project.
//!
//! A scheme joins by one [`Entry`]: a client whose clock and randomness stand still, what goes over the wire then, leg by
//! leg, and what the server says to that. What is expected is published, or was computed by other means, never by this
//! project. Anything else on the wire, a changed body or a leg too many, is refused by the server and fails the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod apikey;
mod asap;
mod basic;
mod bearer;
mod digest;
mod edgegrid;
mod entry;
mod hawk;
mod jwt;
mod noauth;
mod ntlm;
mod oauth1;
mod oauth2;
mod server;
mod sigv4;
mod wire;

use conformance::{Driver, Setup};
use countersign::AuthType;

use entry::Entry;
use server::Server;

/// Every scheme by the name that Postman gives it. One that is left out fails the tests.
fn entries(kind: AuthType) -> Vec<Entry> {
    match kind {
        AuthType::NoAuth => noauth::entries(),
        AuthType::ApiKey => apikey::entries(),
        AuthType::Bearer => bearer::entries(),
        AuthType::Basic => basic::entries(),
        AuthType::Digest => digest::entries(),
        AuthType::OAuth1 => oauth1::entries(),
        AuthType::OAuth2 => oauth2::entries(),
        AuthType::Hawk => hawk::entries(),
        AuthType::AwsV4 => sigv4::entries(),
        AuthType::Ntlm => ntlm::entries(),
        AuthType::EdgeGrid => edgegrid::entries(),
        AuthType::Jwt => jwt::entries(),
        AuthType::Asap => asap::entries(),
        other => panic!("{other} has no entry"),
    }
}

/// Runs `check` for so many entries of each scheme and every driver, and names the pair that fails.
async fn every_pair(at_most: usize, check: impl AsyncFn(&Entry, Driver)) {
    for kind in AuthType::ALL {
        let entries = entries(kind);
        assert!(!entries.is_empty(), "{kind} has no entry");
        for entry in entries.iter().take(at_most) {
            for driver in entry.drivers() {
                println!("{kind}: {} by {driver:?}", entry.name);
                check(entry, *driver).await;
            }
        }
    }
}

/// Sends the entry's request with this secret; the status, or the kind of the failure, and what came over the wire.
async fn run(entry: &Entry, driver: Driver, secret: &str) -> (entry::End, Vec<wire::Wire>) {
    let server = Server::start(entry).await;
    let setup = Setup {
        certificates: server.certificates(),
        port: server.port(),
        lanes: entry.on_a_connection.then_some(1),
        ..Setup::following()
    };
    let scheme = (entry.client)(secret, driver.fetch(&setup));
    let client = driver.client(scheme, &setup);
    let end = match client.send(entry.request.clone()).await {
        Ok(answer) => Ok(answer.status().as_u16()),
        Err(failed) => Err(failed.kind.unwrap_or_else(|| panic!("{}", failed.text))),
    };
    (end, server.received().await)
}

#[tokio::test]
async fn what_is_sent_is_what_others_send() {
    every_pair(usize::MAX, async |entry, driver| {
        let (end, received) = run(entry, driver, entry.secrets[0]).await;
        assert_eq!(received, entry.expected());
        assert_eq!(end, entry.end);
    })
    .await;
}

#[tokio::test]
async fn with_another_secret_it_is_refused() {
    every_pair(usize::MAX, async |entry, driver| {
        let [right, wrong] = entry.secrets;
        if right != wrong {
            let (end, _) = run(entry, driver, wrong).await;
            assert_ne!(end, Ok(200));
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_of_it_goes_to_another_origin() {
    every_pair(1, async |entry, driver| {
        let entry = entry.clone().redirected();
        let (end, received) = run(&entry, driver, entry.secrets[0]).await;
        assert_eq!(received, entry.expected());
        assert_eq!(end, Ok(200));
    })
    .await;
}
