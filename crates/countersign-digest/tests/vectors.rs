//! What the client sends and accepts, byte for byte, against reference signers and the examples of the RFCs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use countersign_core::{Cx, ErrorKind, Exchange, Next, Payload, Scheme};
use countersign_digest::{Algorithm, Digest, DigestExchange, Preset};
use http::{HeaderValue, Method, Request, request, response};
use serde_json::Value;
use support::{challenged, informed, param, parsed};

struct Sent {
    header: HeaderValue,
    exchange: DigestExchange,
}

fn body(vector: &Value) -> Bytes {
    let body = &vector["body"];
    match (body["b64"].as_str(), body["fill"].as_str()) {
        (Some(text), _) => STANDARD.decode(text).unwrap().into(),
        (None, Some(fill)) => fill.repeat(body["len"].as_u64().unwrap() as usize).into(),
        (None, None) => Bytes::new(),
    }
}

fn refused(challenge: &str) -> response::Parts {
    challenged(challenge).into_parts().0
}

/// One request, sent until its count is that of the vector.
async fn sent(digest: &Arc<Digest>, head: &request::Parts, body: &Bytes, challenge: &str) -> Sent {
    let mut exchange = digest.begin(Cx::new(head, None)).await.unwrap();
    let (mut signed, mut payload) = (head.clone(), Payload::whole(body.clone()));
    exchange.prepare(&mut signed, &mut payload).unwrap();
    if !signed.headers.contains_key("authorization") {
        assert_eq!(exchange.receive(&refused(challenge)).unwrap(), Next::Again);
        exchange.prepare(&mut signed, &mut payload).unwrap();
    }
    Sent {
        header: signed.headers["authorization"].clone(),
        exchange,
    }
}

async fn sent_for(vector: &Value, verify: bool) -> Sent {
    let text = |name: &str| vector[name].as_str().unwrap_or_default();
    let preset = vector["cnonce"]
        .as_str()
        .map_or(Preset::new(), |c| Preset::new().client_nonce(c));
    let digest = Digest::new(text("user"), text("password")).unwrap();
    let digest = Arc::new(digest.preset(preset).unwrap().verify_rspauth(verify));
    let (mut head, ()) = Request::get(text("url")).body(()).unwrap().into_parts();
    head.method = Method::from_bytes(text("method").as_bytes()).unwrap();
    let times = u32::from_str_radix(text("nc"), 16).unwrap_or(1);
    for _ in 1..times {
        sent(&digest, &head, &body(vector), text("challenge")).await;
    }
    sent(&digest, &head, &body(vector), text("challenge")).await
}

fn vectors() -> Vec<Value> {
    let mut file: Value = serde_json::from_str(include_str!("vectors/digest.json")).unwrap();
    let vectors = std::mem::take(file["vectors"].as_array_mut().unwrap());
    assert_eq!(vectors.len(), 136);
    vectors
}

#[tokio::test]
async fn every_header_is_that_of_the_reference() {
    for vector in vectors() {
        let id = vector["id"].as_str().unwrap();
        let header = sent_for(&vector, false).await.header;
        for (ours, name) in [
            ("response", "response"),
            ("nonce", "nonce"),
            ("realm", "realm"),
            ("uri", "target"),
            ("algorithm", "algorithm"),
            ("qop", "qop"),
            ("nc", "nc"),
            ("opaque", "opaque"),
        ] {
            assert_eq!(
                param(&header, ours).as_deref(),
                vector[name].as_str(),
                "{id}: {ours}"
            );
        }
        let sessions = vector["algorithm"].as_str().unwrap().ends_with("-sess");
        if sessions || vector["qop"].is_string() {
            assert_eq!(
                param(&header, "cnonce").as_deref(),
                vector["cnonce"].as_str(),
                "{id}"
            );
        }
        check_user(&vector, &header);
    }
}

fn check_user(vector: &Value, header: &HeaderValue) {
    let user = vector["user"].as_str().unwrap();
    let given = param(header, "username");
    match vector["userhash"].as_str() {
        Some(hash) => {
            assert_eq!(given.as_deref(), Some(hash));
            assert_eq!(param(header, "userhash").as_deref(), Some("true"));
        }
        None if user.is_ascii() || !vector["challenge"].as_str().unwrap().contains("charset") => {
            assert_eq!(given.as_deref(), Some(user));
        }
        None => assert_eq!(
            param(header, "username*").unwrap(),
            "UTF-8''J%C3%A4s%C3%B8n%20Doe"
        ),
    }
}

#[tokio::test]
async fn every_rspauth_is_that_of_the_reference() {
    let mut checked = 0;
    for vector in vectors() {
        let Some(rspauth) = vector["rspauth"].as_str() else {
            continue;
        };
        if vector["qop"] == "auth-int" {
            continue; // The answer's body, which it protects, is not recorded.
        }
        proves(&vector, rspauth, true).await;
        let wrong = rspauth.replacen(
            &rspauth[..1],
            if rspauth.starts_with('0') { "1" } else { "0" },
            1,
        );
        proves(&vector, &wrong, false).await;
        checked += 1;
    }
    assert_eq!(checked, 48);
}

async fn proves(vector: &Value, rspauth: &str, right: bool) {
    let mut sent = sent_for(vector, true).await;
    let (answer, _) = informed(&format!("rspauth=\"{rspauth}\"")).into_parts();
    let outcome = match sent.exchange.receive(&answer) {
        Ok(Next::Read) => sent.exchange.receive_body(b""),
        other => other.map(|next| assert_eq!(next, Next::Done)),
    };
    let id = &vector["id"];
    match right {
        true => assert!(outcome.is_ok(), "{id}: {outcome:?}"),
        false => assert_eq!(
            outcome.unwrap_err().kind(),
            ErrorKind::ServerAuthentication,
            "{id}"
        ),
    }
}

async fn example(user: &str, password: &str, cnonce: &str, challenge: &str) -> HeaderValue {
    let digest = Digest::new(user, password).unwrap();
    let digest = digest.preset(Preset::new().client_nonce(cnonce)).unwrap();
    let request = Request::get("http://www.example.org/dir/index.html")
        .body(())
        .unwrap();
    let (head, ()) = request.into_parts();
    sent(&Arc::new(digest), &head, &Bytes::new(), challenge)
        .await
        .header
}

#[tokio::test]
async fn examples_of_rfc_7616_section_3_9_1() {
    for (algorithm, response) in [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        (
            "SHA-256",
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        ),
    ] {
        let challenge = format!(
            "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, \
             nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", \
             opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
        );
        let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        let header = example("Mufasa", "Circle of Life", cnonce, &challenge).await;
        assert_eq!(param(&header, "response").unwrap(), response);
        assert_eq!(
            param(&header, "opaque").unwrap(),
            "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"
        );
        assert_eq!(param(&header, "nc").unwrap(), "00000001");
    }
}

/// Section 3.9.2 prints SHA-512 cut to 64 digits where it says SHA-512-256; so this takes its user from there, and
/// shows the cut.
#[tokio::test]
async fn example_of_rfc_7616_section_3_9_2() {
    let printed = "488869477bf257147b804c45308cd62ac4e25eb717b12b298c79e62dcea254ec";
    let (user, realm) = ("J\u{e4}s\u{f8}n Doe", "api@example.org");
    assert_eq!(&Algorithm::Sha512.userhash(user, realm)[..64], printed);
    let challenge = "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, \
                     nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", \
                     opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", charset=UTF-8, userhash=true";
    let header = example(
        user,
        "Secret, or not?",
        "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm",
        challenge,
    )
    .await;
    assert_eq!(
        param(&header, "username").unwrap(),
        Algorithm::Sha512_256.userhash(user, realm)
    );
    assert!(parsed(&header).param("username*").is_none());
}

#[tokio::test]
async fn example_of_rfc_2617_section_3_5() {
    let challenge = "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", \
                     nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", \
                     opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"";
    let header = example("Mufasa", "Circle Of Life", "0a4f113b", challenge).await;
    assert_eq!(
        param(&header, "response").unwrap(),
        "6629fae49393a05397450978507c4ef1"
    );
    assert!(parsed(&header).param("algorithm").is_none());
}

/// The response that the erratum of RFC 2069 gives for the example of its section 2.4.
#[tokio::test]
async fn example_of_rfc_2069_section_2_4() {
    let challenge = "Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", \
                     opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"";
    let header = example("Mufasa", "CircleOfLife", "unused", challenge).await;
    assert_eq!(
        param(&header, "response").unwrap(),
        "1949323746fe6a43ef61f9606e7febea"
    );
    for absent in ["qop", "nc", "cnonce"] {
        assert!(parsed(&header).param(absent).is_none(), "{absent}");
    }
}
