//! Whole answers that are no challenge.

use conformance::{Driver, Setup};
use countersign_testkit::{Answer, RawServer, Then};

use crate::authorization;
use crate::challenges::basic;

/// Whole answers.
pub(crate) const ANSWERS: &[(&str, &str, u16)] = &[
    (
        "B033",
        "HTTP/1.1 200 x\r\nwww-authenticate: Basic realm=\"r\"\r\ncontent-length: 0\r\n\r\n",
        200,
    ),
    (
        "B034",
        "HTTP/1.1 403 x\r\nwww-authenticate: Basic realm=\"r\"\r\ncontent-length: 0\r\n\r\n",
        403,
    ),
    ("B035", "HTTP/1.1 401 x\r\ncontent-length: 0\r\n\r\n", 401),
    (
        "B036",
        "HTTP/1.1 401 x\r\nproxy-authenticate: Basic realm=\"p\"\r\ncontent-length: 0\r\n\r\n",
        401,
    ),
    (
        "B037",
        "HTTP/1.1 407 x\r\nproxy-authenticate: Basic realm=\"phish\"\r\ncontent-length: 0\r\n\r\n",
        407,
    ),
    (
        "B038",
        "HTTP/1.1 103 x\r\nwww-authenticate: Basic realm=\"x\"\r\n\r\nHTTP/1.1 200 x\r\ncontent-length: 0\r\n\r\n",
        200,
    ),
    (
        "B039",
        "HTTP/1.1 401 x\r\ntransfer-encoding: chunked\r\ntrailer: www-authenticate\r\n\r\n0\r\n\
         www-authenticate: Basic realm=\"x\"\r\n\r\n",
        401,
    ),
];

#[tokio::test]
async fn answers_that_are_no_challenge() {
    for (id, answer, status) in ANSWERS {
        for driver in Driver::ALL {
            let server = RawServer::start(move |_| Answer::raw(*answer).then(Then::Keep)).await;
            let client = driver.client(basic("secret"), &Setup::default());
            assert_eq!(
                client.status(&server.url("/")).await,
                *status,
                "{id} by {driver:?}"
            );
            let sent: Vec<_> = server.seen().iter().map(authorization).collect();
            assert_eq!(sent, [None], "{id} by {driver:?}");
            assert!(
                server.seen()[0]
                    .request
                    .header("proxy-authorization")
                    .is_none(),
                "{id} by {driver:?}"
            );
        }
    }
}
