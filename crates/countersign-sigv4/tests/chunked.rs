//! Bodies in signed chunks: what the documentation of Amazon S3 publishes, and what client and server make of it.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;
mod support;
#[path = "support/wire.rs"]
mod wire;

use bytes::Bytes;
use countersign_core::ErrorKind;
use countersign_sigv4::{
    Checksum, Chunked, Credentials, MemoryKeys, SigV4, SigV4Builder, SigV4Verifier,
};
use http::{HeaderValue, Request, request};
use http_body_util::{Full, StreamBody};
use parties::{client, credentials, fixed, server};
use support::at;
use wire::{Seen, asked, sent};

/// 2013-05-24T00:00:00Z.
const TIME: u64 = 1_369_353_600;

/// The credentials of the documentation.
fn example() -> Credentials {
    let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    Credentials::new("AKIAIOSFODNN7EXAMPLE", secret).unwrap()
}

fn put() -> request::Builder {
    Request::put("https://s3.amazonaws.com/examplebucket/chunkObject.txt")
        .header("x-amz-storage-class", "REDUCED_REDUNDANCY")
}

async fn upload(chunked: Chunked, request: request::Builder) -> (request::Parts, String) {
    let sigv4 = SigV4::builder("us-east-1", "s3")
        .chunked(chunked)
        .sources(at(TIME));
    let sigv4 = sigv4.credentials(example()).unwrap();
    let body = Full::new(Bytes::from(vec![b'a'; 66_560]));
    let (head, body) = sent(sigv4, request.body(body).unwrap()).await.unwrap();
    let verifier = SigV4Verifier::builder("us-east-1", "s3", MemoryKeys::new([example()]))
        .allow_unsigned_payload(true)
        .sources(at(TIME));
    let received = (head.clone(), body.clone());
    let (status, seen) = asked(verifier.build().unwrap(), received, 1000).await;
    let expected = Seen {
        length: Some("66560".into()),
        body: vec![b'a'; 66_560],
        ..Seen::default()
    };
    assert_eq!((status, seen), (200, Some(expected)));
    (head, String::from_utf8(body.to_vec()).unwrap())
}

/// The wire without the data.
fn framing(body: &str) -> String {
    body.replace(&"a".repeat(65_536), "[64 KiB]")
        .replace(&"a".repeat(1024), "[1 KiB]")
}

#[tokio::test]
async fn the_published_example_with_the_signature_of_each_chunk() {
    let length = HeaderValue::from_static("66560");
    let (head, body) = upload(Chunked::signed(), put().header("content-length", length)).await;
    assert_eq!(
        head.headers["authorization"],
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=\
         content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;\
         x-amz-storage-class, \
         Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
    );
    assert_eq!(head.headers["content-length"], "66824");
    assert_eq!(head.headers["content-encoding"], "aws-chunked");
    assert_eq!(head.headers["x-amz-decoded-content-length"], "66560");
    assert_eq!(body.len(), 66_824);
    assert_eq!(
        framing(&body),
        "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n[64 KiB]\r\n\
         400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n[1 KiB]\r\n\
         0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n"
    );
}

#[tokio::test]
async fn the_published_example_with_a_trailer() {
    let (head, body) = upload(Chunked::signed().checksum(Checksum::Crc32c), put()).await;
    assert_eq!(
        head.headers["authorization"],
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=\
         content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;\
         x-amz-storage-class;x-amz-trailer, \
         Signature=106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
    );
    assert_eq!(
        framing(&body),
        "10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n[64 KiB]\r\n\
         400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n[1 KiB]\r\n\
         0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n\
         x-amz-checksum-crc32c:sOO8/Q==\r\n\
         x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n"
    );
}

#[tokio::test]
async fn chunks_that_are_not_signed_have_a_checksum() {
    let (head, body) = upload(Chunked::unsigned(Checksum::Sha256), put()).await;
    assert_eq!(
        head.headers["x-amz-content-sha256"],
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    );
    assert_eq!(head.headers["x-amz-trailer"], "x-amz-checksum-sha256");
    let (data, trailers) = framing(&body)
        .split_once("0\r\nx-amz")
        .map(|(data, rest)| (data.to_owned(), rest.to_owned()))
        .unwrap();
    assert_eq!(data, "10000\r\n[64 KiB]\r\n400\r\n[1 KiB]\r\n");
    assert!(trailers.starts_with("-checksum-sha256:") && trailers.ends_with("=\r\n\r\n"));
}

fn chunked(chunked: Chunked) -> SigV4Builder {
    client("s3").chunked(chunked.size(8192))
}

fn body(length: usize) -> Full<Bytes> {
    let bytes: Vec<u8> = (0..length).map(|index| (index / 7) as u8).collect();
    Full::new(bytes.into())
}

/// Each form, and whether its chunks are signed.
fn forms() -> Vec<(Chunked, bool)> {
    let sums = [
        Checksum::Crc32,
        Checksum::Crc32c,
        Checksum::Crc64Nvme,
        Checksum::Sha1,
        Checksum::Sha256,
    ];
    let signed = sums.map(|sum| (Chunked::signed().checksum(sum), true));
    let unsigned = sums.map(|sum| (Chunked::unsigned(sum), false));
    let bare = (Chunked::signed(), true);
    [bare].into_iter().chain(signed).chain(unsigned).collect()
}

fn verifier() -> SigV4Verifier {
    let server = server("s3", credentials()).allow_unsigned_payload(true);
    server.build().unwrap()
}

#[tokio::test]
async fn what_is_sent_in_any_form_is_accepted_however_it_arrives() {
    for (form, _) in forms() {
        for length in [1, 8191, 8192, 8193, 16_384, 20_000] {
            let request = Request::put("https://h/k").header("content-length", length);
            let request = request
                .header("content-encoding", "gzip")
                .body(body(length))
                .unwrap();
            let (head, wire) = sent(fixed(chunked(form)), request).await.unwrap();
            assert_eq!(
                head.headers["content-length"],
                wire.len().to_string(),
                "{form:?}"
            );
            assert_eq!(head.headers["content-encoding"], "gzip,aws-chunked");
            for piece in [usize::MAX, 8200, 1024]
                .into_iter()
                .chain((length < 8200).then_some(1))
            {
                let (status, seen) = asked(verifier(), (head.clone(), wire.clone()), piece).await;
                let seen = seen.unwrap();
                assert_eq!(
                    (status, seen.error),
                    (200, None),
                    "{form:?} {length} {piece}"
                );
                assert_eq!(seen.length, Some(length.to_string()));
                assert_eq!(seen.coding.as_deref(), Some("gzip"));
                assert_eq!(seen.body.len(), length);
            }
        }
    }
}

#[tokio::test]
async fn one_changed_byte_ends_the_body_before_it_is_seen() {
    for (form, signed) in forms() {
        let request = Request::put("https://h/k").body(body(20_000)).unwrap();
        let (head, wire) = sent(fixed(chunked(form)), request).await.unwrap();
        let (_, whole) = asked(verifier(), (head.clone(), wire.clone()), 4096).await;
        let whole = whole.unwrap().body;
        for at in (0..wire.len())
            .step_by(701)
            .chain(wire.len() - 40..wire.len())
        {
            let mut changed = wire.to_vec();
            changed[at] ^= 1;
            // The case of a hexadecimal size or of a trailer's name says nothing.
            if changed[at].eq_ignore_ascii_case(&wire[at]) {
                continue;
            }
            let (status, seen) = asked(verifier(), (head.clone(), changed.into()), 4096).await;
            let seen = seen.unwrap();
            assert!(matches!(status, 400 | 403), "{form:?} {at}: {status}");
            assert!(seen.error.is_some(), "{form:?} {at}");
            assert!(!signed || whole.starts_with(&seen.body), "{form:?} {at}");
            assert!(
                seen.body.len() < whole.len(),
                "the end is not given out before it is judged"
            );
        }
    }
}

#[tokio::test]
async fn a_body_that_is_cut_off_or_goes_on_is_refused() {
    for (form, _) in forms() {
        let request = Request::put("https://h/k").body(body(20_000)).unwrap();
        let (head, wire) = sent(fixed(chunked(form)), request).await.unwrap();
        for end in [0, 1, 100, 8192, wire.len() - 2, wire.len() - 1] {
            let (status, seen) = asked(verifier(), (head.clone(), wire.slice(..end)), 4096).await;
            assert_eq!(status, 400, "{form:?} {end}");
            assert!(seen.unwrap().error.is_some());
        }
        let longer = Bytes::from([&wire[..], b"x"].concat());
        let (status, _) = asked(verifier(), (head.clone(), longer), 4096).await;
        assert_eq!(status, 400, "{form:?}");
        // A last chunk that comes too early, with the right signature.
        let last = wire
            .windows(4)
            .position(|window| window == b"\r\n0;" || window == b"\r\n0\r")
            .unwrap();
        let (status, _) = asked(verifier(), (head, wire.slice(last + 2..)), 4096).await;
        assert!(matches!(status, 400 | 403), "{form:?}");
    }
}

#[tokio::test]
async fn chunks_cannot_change_places_or_come_from_another_request() {
    let one = |key: &str| {
        let request = Request::put(format!("https://h/{key}"))
            .body(body(16_384))
            .unwrap();
        sent(fixed(chunked(Chunked::signed())), request)
    };
    let (head, wire) = one("a").await.unwrap();
    let (_, other) = one("b").await.unwrap();
    let (status, seen) = asked(verifier(), (head.clone(), other), 999).await;
    assert_eq!((status, seen.unwrap().body.len()), (403, 0));
    let chunk = (wire.len() - 86) / 2;
    let swapped = [&wire[chunk..2 * chunk], &wire[..chunk], &wire[2 * chunk..]].concat();
    let (status, _) = asked(verifier(), (head, swapped.into()), 999).await;
    assert_eq!(status, 403);
}

#[tokio::test]
async fn a_server_takes_chunks_where_it_should() {
    let request = || Request::put("https://h/k").body(body(9000)).unwrap();
    let status = async |server: SigV4Verifier, form| {
        let wire = sent(fixed(chunked(form)), request()).await.unwrap();
        asked(server, wire, 4096).await.0
    };
    let s3 = || server("s3", credentials());
    assert_eq!(status(s3().build().unwrap(), Chunked::signed()).await, 200);
    let unsigned = Chunked::unsigned(Checksum::Crc32);
    assert_eq!(status(s3().build().unwrap(), unsigned).await, 403);
    let never = s3().allow_chunked(false).allow_unsigned_payload(true);
    assert_eq!(status(never.build().unwrap(), Chunked::signed()).await, 403);
    let small = s3().max_chunk(8191).build().unwrap();
    assert_eq!(status(small, Chunked::signed()).await, 400);
    let large = s3().max_chunk(8192).build().unwrap();
    assert_eq!(status(large, Chunked::signed()).await, 200);
}

#[tokio::test]
async fn a_head_that_announces_too_little_or_too_much_is_refused() {
    let form = Chunked::signed().checksum(Checksum::Crc32);
    let request = Request::put("https://h/k").body(body(9000)).unwrap();
    let (head, wire) = sent(fixed(chunked(form)), request).await.unwrap();
    for (name, value) in [
        ("x-amz-decoded-content-length", None),
        ("x-amz-decoded-content-length", Some("+9000")),
        ("x-amz-decoded-content-length", Some("")),
        ("x-amz-trailer", None),
        (
            "x-amz-trailer",
            Some("x-amz-checksum-crc32,x-amz-checksum-crc32"),
        ),
        ("x-amz-trailer", Some("x-amz-checksum-md5")),
        (
            "x-amz-content-sha256",
            Some("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
        ),
    ] {
        let mut head = head.clone();
        head.headers.remove(name);
        if let Some(value) = value {
            head.headers.insert(name, HeaderValue::from_static(value));
        }
        let (status, seen) = asked(verifier(), (head, wire.clone()), 4096).await;
        assert!(matches!(status, 400 | 403), "{name} {value:?}");
        assert_eq!(seen, None, "{name} {value:?}");
    }
}

#[tokio::test]
async fn an_empty_body_is_sent_as_any_other() {
    let request = Request::put("https://h/k").body(body(0)).unwrap();
    let (head, wire) = sent(fixed(chunked(Chunked::signed())), request)
        .await
        .unwrap();
    assert!(wire.is_empty());
    assert!(!head.headers.contains_key("content-encoding"));
    assert_eq!(asked(verifier(), (head, wire), 1).await.0, 200);
}

#[tokio::test]
async fn a_stream_of_unknown_length_is_an_error_that_says_so() {
    let frames = StreamBody::new(futures_util::stream::iter([Ok(http_body::Frame::data(
        Bytes::from("a"),
    ))]));
    let request = Request::put("https://h/k").body(frames).unwrap();
    let error = sent(fixed(chunked(Chunked::signed())), request)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("exact length"));
}

#[test]
fn what_cannot_be_is_refused_beforehand() {
    let built = |builder: SigV4Builder| {
        builder
            .credentials(credentials())
            .map(drop)
            .map_err(|error| error.kind())
    };
    let wrong = Err(ErrorKind::Configuration);
    let signed = Chunked::signed();
    assert_eq!(built(client("s3").chunked(signed.size(8192))), Ok(()));
    assert_eq!(built(client("s3").chunked(signed.size(8191))), wrong);
    assert_eq!(built(client("sqs").chunked(signed)), wrong);
    assert_eq!(built(client("s3").chunked(signed).presigned(60)), wrong);
    assert_eq!(
        built(client("s3").chunked(signed).unsigned_payload(true)),
        wrong
    );
}
