//! Every stage of every vector.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../tests/support/mod.rs"]
mod support;

use self::support::{Vector, generated, published};
use crate::calculation::{Covered, Kind, Rest, payload_hash, timestamp_mac};
use crate::credentials::App;
use crate::host::Host;
use crate::message::ServerAuthorization;
use crate::{Algorithm, Credentials};

const KEY: &str = "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn";

fn credentials(vector: &Vector) -> Credentials {
    let algorithm = vector.credential("algorithm").parse().unwrap();
    Credentials::new(vector.credential("id"), vector.credential("key"), algorithm).unwrap()
}

fn host(vector: &Vector) -> Host<'_> {
    Host {
        name: vector.signed("host").into(),
        port: vector.signed("port").parse().unwrap(),
    }
}

fn covered(vector: &Vector, ts: u64, nonce: &str, method: &str) -> Covered {
    Covered::new(ts, nonce, method, vector.signed("resource"), &host(vector))
}

fn app(vector: &Vector) -> Option<App> {
    Some(App {
        id: vector.text("app")?.into(),
        dlg: vector.text("dlg").map(Into::into),
    })
}

fn check_header(vector: &Vector, credentials: &Credentials) {
    let name = &vector.name;
    let nonce = vector.text("nonce").unwrap();
    let covered = covered(
        vector,
        vector.number("ts"),
        nonce,
        vector.text("method").unwrap(),
    );
    let app = app(vector);
    let rest = Rest {
        hash: vector
            .text("payload_hash")
            .filter(|_| vector.is("payload_signed")),
        ext: vector.ext(),
        app: app.as_ref(),
    };
    let normalized = covered.normalized(Kind::Header, &rest);
    assert_eq!(
        str::from_utf8(&normalized).unwrap(),
        vector.text("normalized").unwrap(),
        "{name}"
    );
    let mac = covered.mac(credentials.keyed(), Kind::Header, &rest);
    assert_eq!(mac.as_str(), vector.text("mac").unwrap(), "{name}");

    let line = vector
        .text("server_authorization")
        .unwrap()
        .parse()
        .unwrap();
    let proof = ServerAuthorization::read(&line).unwrap();
    let rest = Rest {
        hash: proof.hash,
        ext: proof.ext.as_deref(),
        ..rest
    };
    let mac = covered.mac(credentials.keyed(), Kind::Response, &rest);
    assert_eq!(mac.as_str(), proof.mac, "{name}");
    assert_eq!(proof.write().unwrap(), line, "{name}");
}

#[test]
fn generated_vectors() {
    let vectors = generated();
    assert_eq!(vectors.len(), 143);
    for vector in &vectors {
        let credentials = credentials(vector);
        check_header(vector, &credentials);
        let tsm = timestamp_mac(credentials.keyed(), vector.number("ts"));
        assert_eq!(tsm.as_str(), vector.text("tsm").unwrap(), "{}", vector.name);
        if let Some(expected) = vector.text("payload_hash") {
            let body = vector.body.as_deref().unwrap();
            let hash = payload_hash(
                credentials.algorithm(),
                vector.content_type().as_bytes(),
                body,
            );
            assert_eq!(hash.as_str(), expected, "{}", vector.name);
        }
    }
}

#[test]
fn published_vectors() {
    let credentials = Credentials::new("dh37fgj492je", KEY, Algorithm::Sha256).unwrap();
    for vector in published() {
        let text = |name: &str| vector[name].as_str();
        let hash = text("payload").map(|payload| {
            let content_type = text("content_type").unwrap().as_bytes();
            payload_hash(Algorithm::Sha256, content_type, payload.as_bytes())
        });
        let hash = hash.as_ref().map(|hash| hash.as_str());
        assert_eq!(hash, text("hash"));
        let host = Host {
            name: "example.com".into(),
            port: 8000,
        };
        let method = text("method").unwrap();
        let covered = Covered::new(
            1_353_832_234,
            "j4h3g2",
            method,
            "/resource/1?b=1&a=2",
            &host,
        );
        let rest = Rest {
            hash,
            ext: Some("some-app-ext-data"),
            app: None,
        };
        let normalized = covered.normalized(Kind::Header, &rest);
        assert_eq!(
            str::from_utf8(&normalized).unwrap(),
            text("normalized").unwrap()
        );
        let mac = covered.mac(credentials.keyed(), Kind::Header, &rest);
        assert_eq!(mac.as_str(), text("mac").unwrap());
    }
}
