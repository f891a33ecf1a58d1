//! AWS Signature Version 4 for S3: in the header and as a presigned URL, with the key of the day at hand.
//!
//! The limit is the compressions of the body, of the canonical request and of the string to sign.

use std::borrow::Cow;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials as AwsCredentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_runtime_api::client::identity::Identity;
use bytes::Bytes;
use countersign_core::canonical::hex;
use countersign_core::{Payload, Sign};
use countersign_sigv4::{Credentials, SigV4, SigV4Builder};
use http::header::{AUTHORIZATION, HOST, HeaderName};
use http::{HeaderMap, HeaderValue, Request, Uri, request};
use reqsign_aws_v4::{Credential, RequestSigner};
use reqsign_core::SignRequest;
use rusty_s3::{Bucket, S3Action, UrlStyle};
use sha2::{Digest, Sha256};

use super::Work;

const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const REGION: &str = "us-east-1";
const HOUR: Duration = Duration::from_secs(3600);
const HASH: HeaderName = HeaderName::from_static("x-amz-content-sha256");
const DATE: HeaderName = HeaderName::from_static("x-amz-date");

pub(crate) fn works() -> [Work; 4] {
    let host = "https://bucket.s3.us-east-1.amazonaws.com";
    let pairs: Vec<_> = (0..20).map(|n| format!("key{n}=value%20{n}")).collect();
    let many = (0..20).fold(
        Request::get(format!("{host}/an/object?{}", pairs.join("&"))),
        |request, n| request.header(format!("x-header-{n}"), "some value"),
    );
    let get = || Request::get(format!("{host}/an/object"));
    let put = Request::put(format!("{host}/an/object"));
    [
        in_header("SigV4 GET, empty body", Sample::new(get(), 0)),
        in_header("SigV4 PUT, 1 KiB", Sample::new(put, 1024)),
        in_header("SigV4, 20 headers and 20 parameters", Sample::new(many, 0)),
        in_query("SigV4, presigned URL", &Sample::new(get(), 0)),
    ]
}

/// What is signed.
#[derive(Clone)]
struct Sample {
    head: request::Parts,
    body: Bytes,
}

impl Sample {
    /// The map of headers has room for what is added.
    fn new(request: request::Builder, body: usize) -> Self {
        let mut head = request.body(()).unwrap().into_parts().0;
        head.headers.reserve(8);
        let body = vec![b'a'; body].into();
        Self { head, body }
    }

    fn payload(&self) -> Payload {
        Payload::whole(self.body.clone())
    }

    fn limit(&self, builder: SigV4Builder) -> impl FnMut() + use<> {
        let explained = countersign(builder).explain(&self.head, &self.payload());
        let explained = explained.unwrap();
        let lengths = [
            explained.canonical_request.len(),
            explained.string_to_sign.len(),
            32,
            self.body.len(),
        ];
        let hashed = lengths.iter().filter(|length| **length > 0);
        let blocks = hashed.map(|length| (length + 9).div_ceil(64)).sum();
        let (mut state, blocks) = ([1; 8], vec![[2; 64]; blocks]);
        move || sha2::block_api::compress256(&mut state, black_box(&blocks))
    }
}

fn builder() -> SigV4Builder {
    SigV4::builder(REGION, "s3")
}

fn countersign(builder: SigV4Builder) -> SigV4 {
    builder
        .credentials(Credentials::new(ID, SECRET).unwrap())
        .unwrap()
}

fn in_header(name: &'static str, sample: Sample) -> Work {
    let (ours, mut aws, mut reqsign) = (sample.clone(), sample.clone(), sample.clone());
    let sigv4 = countersign(builder());
    let mut head = ours.head.clone();
    Work::new(name, sample.limit(builder()))
        .with("countersign", move || {
            sigv4.sign(&mut head, &mut ours.payload()).unwrap();
            unsign(&mut head.headers);
        })
        .with("aws-sigv4", move || {
            aws_header(&mut aws);
            unsign(&mut aws.head.headers);
        })
        .with("reqsign-aws-v4", move || {
            // It leaves the hash of the body to its caller.
            let hash = hex::text(&Sha256::digest(&reqsign.body));
            let hash = HeaderValue::try_from(hash).unwrap();
            reqsign.head.headers.insert(HASH, hash);
            reqsign_with(&mut reqsign.head, None);
            unsign(&mut reqsign.head.headers);
        })
}

fn in_query(name: &'static str, sample: &Sample) -> Work {
    let presigned = || builder().presigned(3600);
    let (sigv4, ours, aws) = (countersign(presigned()), sample.clone(), sample.clone());
    let mut head = sample.head.clone();
    let mut reqsign = sample.head.clone();
    let uri = head.uri.clone();
    let own = uri.clone();
    Work::new(name, sample.limit(presigned()))
        .with("countersign", move || {
            sigv4.sign(&mut head, &mut ours.payload()).unwrap();
            head.uri = black_box(&own).clone();
        })
        .with("rusty-s3", rusty())
        .with("aws-sigv4", move || aws_query(&aws))
        .with("reqsign-aws-v4", move || {
            reqsign_with(&mut reqsign, Some(HOUR));
            reqsign.uri = black_box(&uri).clone();
            unsign(&mut reqsign.headers);
        })
}

fn unsign(headers: &mut HeaderMap) {
    for name in [AUTHORIZATION, DATE, HASH, HOST] {
        headers.remove(name);
    }
}

fn aws(sample: &Sample, settings: SigningSettings) -> aws_sigv4::http_request::SigningInstructions {
    thread_local!(static IDENTITY: Identity = AwsCredentials::new(ID, SECRET, None, None, "static").into());
    let identity = IDENTITY.with(Identity::clone);
    let params = SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name("s3")
        .time(SystemTime::now())
        .settings(settings)
        .build()
        .unwrap()
        .into();
    let headers = sample.head.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
    let uri = sample.head.uri.to_string();
    let body = SignableBody::Bytes(&sample.body);
    let request = SignableRequest::new(sample.head.method.as_str(), Cow::from(uri), headers, body);
    sign(request.unwrap(), &params).unwrap().into_parts().0
}

fn s3(location: SignatureLocation) -> SigningSettings {
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings.signature_location = location;
    settings
}

fn aws_header(sample: &mut Sample) {
    let instructions = aws(sample, s3(SignatureLocation::Headers));
    for header in instructions.into_parts().0 {
        let value = HeaderValue::from_str(header.value()).unwrap();
        sample.head.headers.insert(header.name(), value);
    }
}

fn aws_query(sample: &Sample) {
    let mut settings = s3(SignatureLocation::QueryParams);
    settings.expires_in = Some(HOUR);
    let mut request = Request::new(());
    *request.uri_mut() = sample.head.uri.clone();
    aws(sample, settings).apply_to_request_http1x(&mut request);
    black_box(request);
}

fn reqsign_with(head: &mut request::Parts, expires: Option<Duration>) {
    thread_local! {
        static SIGNER: (RequestSigner, Credential, reqsign_core::Context) = (
            RequestSigner::new("s3", REGION),
            Credential {
                access_key_id: ID.to_owned(),
                secret_access_key: SECRET.to_owned(),
                ..Credential::default()
            },
            reqsign_core::Context::new(),
        );
    }
    SIGNER.with(|(signer, credential, context)| {
        let signing = pin!(signer.sign_request(context, head, Some(credential), expires));
        match signing.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => result.unwrap(),
            Poll::Pending => unreachable!("nothing waits"),
        }
    });
}

fn rusty() -> impl FnMut() {
    let endpoint = "https://s3.us-east-1.amazonaws.com".parse().unwrap();
    let bucket = Bucket::new(endpoint, UrlStyle::VirtualHost, "bucket", REGION).unwrap();
    let key = rusty_s3::Credentials::new(ID, SECRET);
    move || {
        let url = bucket.get_object(Some(&key), "an/object").sign(HOUR);
        black_box(url.as_str().parse::<Uri>().unwrap());
    }
}
