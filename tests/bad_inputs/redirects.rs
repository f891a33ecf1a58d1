//! Redirects, and what goes along with them.

use std::net::{Ipv4Addr, Ipv6Addr};

use base64::Engine;
use conformance::{Driver, Setup, cases, net};
use countersign_testkit::{Answer, Canary, Keys, RawServer, Seen, find_mark};

use crate::{input, rows};

/// Where a redirect leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leads {
    /// Followed without anything that was added.
    Stripped,
    /// Followed and signed anew.
    Signed,
    /// Nowhere.
    Nowhere,
}

/// From which origin, with its port left out; the target is the row's own.
pub(crate) const REDIRECTS: &[(&str, &str, Leads)] = &[
    ("B445", "https://a.test", Leads::Stripped),
    ("B446", "http://a.test", Leads::Stripped),
    ("B448", "https://a.test", Leads::Stripped),
    ("B450", "https://a.test", Leads::Stripped),
    ("B453", "https://a.test", Leads::Stripped),
    ("B455", "https://a.test", Leads::Signed),
    ("B456", "https://a.test", Leads::Nowhere),
    ("B458", "https://127.0.0.1", Leads::Stripped),
    ("B459", "https://[::1]", Leads::Signed),
];

#[tokio::test]
async fn redirects_on_the_wire() {
    let rows = rows();
    for (id, from, leads) in REDIRECTS {
        let location = String::from_utf8(input(&rows[*id])).unwrap();
        let location = location.strip_prefix("Location: ").unwrap();
        for driver in Driver::ALL {
            for case in cases::all()
                .iter()
                .filter(|case| ["basic", "apikey in the query"].contains(&case.name))
            {
                redirected(id, driver, case, from, location, *leads).await;
            }
        }
    }
}

async fn redirected(
    id: &str,
    driver: Driver,
    case: &countersign_testkit::Case,
    from: &str,
    location: &str,
    leads: Leads,
) {
    let keys = Keys::new(Canary::token().as_str());
    let location = location.to_owned();
    let address = if from.contains("::") {
        Ipv6Addr::LOCALHOST.into()
    } else {
        Ipv4Addr::LOCALHOST.into()
    };
    let script = move |seen: &Seen| match seen.request.target.starts_with("/from") {
        true => Answer::new(307).header(
            "location",
            &with_port(&location, seen.request.header("host").unwrap()),
        ),
        false => Answer::new(200),
    };
    let server = RawServer::start_on(address, Some(net::certificates()), script).await;
    let client = driver.client((case.client)(&keys), &Setup::following());
    let url = format!("{from}:{}/from", server.address().port());
    let status = client
        .send(case.request(&url))
        .await
        .unwrap_or_else(|error| panic!("{id}: {}", error.text))
        .status();
    let (seen, what) = (server.seen(), format!("{id} by {driver:?}, {}", case.name));
    match leads {
        Leads::Nowhere => assert_eq!((status.as_u16(), seen.len()), (307, 1), "{what}"),
        _ => assert_eq!((status.as_u16(), seen.len()), (200, 2), "{what}"),
    }
    let signed = |seen: &Seen| find_mark(&seen.request.bytes);
    assert!(signed(&seen[0]), "{what}");
    let last = seen.last().unwrap();
    assert_eq!(signed(last), leads != Leads::Stripped, "{what}");
    let adopted = base64::engine::general_purpose::STANDARD.encode("user:pw");
    assert!(
        !String::from_utf8_lossy(&last.request.bytes).contains(&adopted),
        "{what}"
    );
}

/// The row's target with the port that this server happens to have.
fn with_port(location: &str, host: &str) -> String {
    let port = host.rsplit(':').next().unwrap();
    let location = location.replace(":8443", "");
    let Some((start, path)) = location
        .rsplit_once('/')
        .filter(|_| !location.starts_with("file"))
    else {
        return location;
    };
    format!("{start}:{port}/{path}")
}
