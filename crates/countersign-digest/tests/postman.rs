//! The fixed values of Postman's own tests, where its collection of vectors lies beside the repository.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::Arc;

use bytes::Bytes;
use countersign_digest::{Algorithm, Digest, Preset, Qop};
use countersign_testkit::postman_vectors;
use http::{HeaderValue, Request};
use http_body_util::Full;
use serde_json::Value;
use support::{Wire, parsed, status};

/// `None` where no such client can be made, as Postman itself finds.
fn client(params: &Value) -> Option<Digest> {
    let text = |name: &str| params[name].as_str().filter(|text| !text.is_empty());
    let mut preset = Preset::new().realm(text("realm")?).nonce(text("nonce")?);
    preset = preset
        .client_nonce(text("clientNonce")?)
        .opaque(text("opaque")?);
    preset = preset.nonce_count(u32::from_str_radix(text("nonceCount")?, 16).ok()?);
    preset = preset.algorithm(Algorithm::of(text("algorithm").unwrap_or("MD5"))?);
    if let Some(list) = text("qop") {
        preset = preset.qop(list.split(',').find_map(Qop::of)?);
    }
    Digest::new(text("username")?, text("password")?)
        .unwrap()
        .preset(preset)
        .ok()
}

fn body(vector: &Value) -> Bytes {
    let written = &vector["request"]["body"];
    let texts = [
        &vector["expect"]["body"],
        &written["raw"],
        &written["content"],
    ];
    let text = texts
        .into_iter()
        .find_map(Value::as_str)
        .unwrap_or_default();
    Bytes::copy_from_slice(text.as_bytes())
}

async fn sent(digest: Digest, vector: &Value, target: &str) -> HeaderValue {
    let method = vector["request"]["method"].as_str().unwrap();
    let request = Request::builder()
        .method(method)
        .uri("http://www.example.org".to_owned() + target);
    let request = request.body(Full::new(body(vector))).unwrap();
    let wire = Wire::new(|_, _| status(200));
    wire.send(&Arc::new(digest), request).await.unwrap();
    wire.credentials(0).unwrap()
}

/// Ours has every parameter of Postman's with the same value; a session without `qop` has the client nonce besides,
/// and no count, which would stand for nothing.
fn agree(ours: &HeaderValue, theirs: &HeaderValue) {
    let (ours, theirs) = (parsed(ours), parsed(theirs));
    let counted = theirs.param("qop").is_some();
    for theirs in theirs
        .params()
        .iter()
        .filter(|param| counted || param.name() != "nc")
    {
        assert_eq!(
            ours.param(theirs.name()),
            Some(theirs.value()),
            "{}",
            theirs.name()
        );
    }
}

async fn check(vector: &Value) {
    let theirs = vector["expect"]["headers"][0][1].as_str();
    let theirs = theirs.map(|header| HeaderValue::from_str(header).unwrap());
    let judged_wrong = vector["do_not_match"].is_string();
    let target = |header| support::param(header, "uri").unwrap();
    match (client(&vector["params"]), theirs) {
        (Some(digest), Some(theirs)) if judged_wrong => {
            assert_ne!(sent(digest, vector, "/").await, theirs, "{}", vector["id"]);
        }
        (Some(digest), Some(theirs)) => {
            agree(&sent(digest, vector, &target(&theirs)).await, &theirs);
        }
        (Some(digest), None) => {
            let beyond = sent(digest, vector, "/").await;
            let known = ["SHA-512", "SHA-512-sess", "SHA-256"];
            assert!(known.contains(&support::param(&beyond, "algorithm").unwrap().as_str()));
        }
        (None, theirs) => assert!(theirs.is_none(), "{}", vector["id"]),
    }
}

#[tokio::test]
async fn they_come_out_the_same() {
    let Some(mut vectors) = postman_vectors("digest") else {
        return;
    };
    vectors.retain(|vector| vector["params"].is_object());
    assert!(vectors.len() > 30, "{}", vectors.len());
    for vector in &vectors {
        check(vector).await;
    }
}
