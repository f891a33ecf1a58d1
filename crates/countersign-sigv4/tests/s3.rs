//! The examples of the documentation of Amazon S3: "Authenticating Requests", header and query.
#![allow(clippy::unwrap_used)]

countersign_testkit::watched!();

mod support;

use countersign_core::{Payload, Sign};
use countersign_sigv4::{Credentials, PathStyle, SigV4, SigV4Builder};
use http::{Request, request};

/// 2013-05-24T00:00:00Z.
const TIME: u64 = 1_369_353_600;
const HOST: &str = "https://examplebucket.s3.amazonaws.com";
const ID: &str = "AKIAIOSFODNN7EXAMPLE";

fn client() -> SigV4Builder {
    SigV4::builder("us-east-1", "s3").sources(support::at(TIME))
}

fn signed(
    builder: SigV4Builder,
    request: http::request::Builder,
    body: &'static str,
) -> (request::Parts, String) {
    let key = Credentials::new(ID, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY").unwrap();
    let sigv4 = builder.credentials(key).unwrap();
    let (mut head, ()) = request.body(()).unwrap().into_parts();
    let mut body = Payload::whole(body.into());
    let explained = sigv4.explain(&head, &body).unwrap();
    sigv4.sign(&mut head, &mut body).unwrap();
    let hash = explained.string_to_sign.lines().last().unwrap().to_owned();
    (head, hash)
}

fn check(
    request: http::request::Builder,
    body: &'static str,
    names: &str,
    hash: &str,
    signature: &str,
) {
    let (head, canonical) = signed(client(), request, body);
    assert_eq!(canonical, hash);
    let line = format!(
        "AWS4-HMAC-SHA256 Credential={ID}/20130524/us-east-1/s3/aws4_request, \
         SignedHeaders={names}, Signature={signature}"
    );
    assert_eq!(head.headers["authorization"], line);
}

fn get(target: &str) -> http::request::Builder {
    Request::get(format!("{HOST}{target}"))
}

#[test]
fn get_object() {
    check(
        get("/test.txt").header("range", "bytes=0-9"),
        "",
        "host;range;x-amz-content-sha256;x-amz-date",
        "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972",
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    );
}

#[test]
fn put_object() {
    check(
        Request::put(format!("{HOST}/test%24file.text"))
            .header("date", "Fri, 24 May 2013 00:00:00 GMT")
            .header("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        "Welcome to Amazon S3.",
        "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
        "9e0e90d9c76de8fa5b200d8c849cd5b8dc7a3be3951ddb7f6a76b4158342019d",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    );
}

#[test]
fn get_bucket_lifecycle() {
    check(
        get("/?lifecycle"),
        "",
        "host;x-amz-content-sha256;x-amz-date",
        "9766c798316ff2757b517bc739a67f6213b4ab36dd5da2f94eaebf79c77395ca",
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    );
}

#[test]
fn list_objects() {
    check(
        get("/?max-keys=2&prefix=J"),
        "",
        "host;x-amz-content-sha256;x-amz-date",
        "df57d21db20da04d7fa30298dd4488ba3a2b47ca3a489c74750e0f1e7df1b9b7",
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    );
}

#[test]
fn presigned_get_object() {
    let (head, canonical) = signed(client().presigned(86_400), get("/test.txt"), "");
    assert_eq!(
        canonical,
        "3bfa292879f6447bbcda7001decf97f4a54dc650c8942174ae0a9121cf58ad04"
    );
    assert_eq!(
        head.uri,
        "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
         &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
         &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
         &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    );
}

/// S3 verifies over the key, encoded by its own rule: what the client left bare or escaped in its own way signs alike.
#[test]
fn a_path_is_signed_with_every_character_encoded_once() {
    let client = || client().path_style(PathStyle::EncodedOnce);
    let signed_for = |target: &str| signed(client(), get(target), "").1;
    let canonical = signed_for("/a%3Db%2Bc%20d/%C3%BC%40%24.txt");
    for sent in [
        "/a=b+c%20d/%C3%BC@$.txt",
        "/a%3db%2bc%20d/%c3%bc%40%24%2Etxt",
        "/%61=b+c%20d/\u{fc}@$.txt",
    ] {
        assert_eq!(signed_for(sent), canonical, "{sent}");
    }
    for other in [
        "/a=b%20c%20d/%C3%BC@$.txt",
        "/a%253Db%2Bc%20d/%C3%BC%40%24.txt",
    ] {
        assert_ne!(signed_for(other), canonical, "{other}");
    }
    assert_ne!(signed_for("/a//b"), signed_for("/a/b"));
    assert_ne!(signed_for("/a/../b"), signed_for("/b"));
}
