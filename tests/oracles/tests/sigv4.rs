//! AWS Signature beside aws-sigv4: the same signature for the same request, and our server accepts theirs.
//!
//! Left out is what the peer reads otherwise: it takes a `+` in a query for a space, and a broken escape for text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials as AwsCredentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_runtime_api::client::identity::Identity;
use bytes::Bytes;
use countersign_core::{FixedClock, Payload, Sign, Sources};
use countersign_oracles::judge;
use countersign_sigv4::{Credentials, MemoryKeys, SigV4, SigV4Verifier};
use http::{HeaderValue, Request, request};
use proptest::prelude::*;

const ID: &str = "AKIDEXAMPLE";
const REGION: &str = "eu-west-1";
const LIFE: u32 = 300;

#[derive(Clone, Debug)]
struct Case {
    service: &'static str,
    presigned: bool,
    secret: String,
    token: Option<String>,
    time: u64,
    method: &'static str,
    host: &'static str,
    target: String,
    notes: Vec<String>,
    body: Vec<u8>,
}

fn target() -> impl Strategy<Value = String> {
    let segment = "[a-zA-Z0-9~_.-]{1,6}|%20|%2F|%C3%A9|%25|[!$&'()*,;=:@+]|\\.\\.|";
    let path = prop::collection::vec(segment, 1..5);
    let pair = "[a-zA-Z0-9~_.-]{1,4}=?([a-zA-Z0-9~_.-]{0,6}|%20|%2F|%C3%A9|%2B)|";
    let query = prop::collection::vec(pair, 0..5);
    (path, query).prop_map(|(path, query)| format!("/{}?{}", path.join("/"), query.join("&")))
}

fn case() -> impl Strategy<Value = Case> {
    let one_of = |all: &[&'static str]| prop::sample::select(all.to_vec());
    (
        (one_of(&["s3", "execute-api"]), any::<bool>()),
        "[a-zA-Z0-9+/]{1,70}",
        prop::option::of("[a-zA-Z0-9+/]{1,60}=?"),
        946_684_800_u64..4_102_444_800,
        one_of(&["GET", "PUT", "POST", "DELETE"]),
        one_of(&[
            "h.example",
            "h.example:8443",
            "bucket.s3.eu-west-1.amazonaws.com",
        ]),
        target(),
        prop::collection::vec("[a-z0-9]{1,5}[ ]{0,3}[a-z,\"=]{1,4}", 0..3),
        prop::collection::vec(any::<u8>(), 0..80),
    )
        .prop_map(
            |((service, presigned), secret, token, time, method, host, target, notes, body)| Case {
                service,
                presigned,
                secret,
                token,
                time,
                method,
                host,
                target,
                notes,
                body,
            },
        )
}

impl Case {
    fn is_s3(&self) -> bool {
        self.service == "s3"
    }

    fn sources(&self) -> Sources {
        Sources {
            clock: Arc::new(FixedClock(Duration::from_secs(self.time))),
            ..Sources::default()
        }
    }

    fn credentials(&self) -> Credentials {
        let key = Credentials::new(ID, self.secret.as_str()).unwrap();
        match &self.token {
            Some(token) => key.session_token(token.as_str()).unwrap(),
            None => key,
        }
    }

    fn request(&self) -> Request<()> {
        let uri = format!("https://{}{}", self.host, self.target);
        let request = Request::builder().method(self.method).uri(uri);
        let request = request.header("x-amz-meta-pride", "rock");
        let notes = self.notes.iter();
        let request = notes.fold(request, |request, note| request.header("x-note", note));
        request.body(()).unwrap()
    }

    fn ours(&self) -> request::Parts {
        let builder = SigV4::builder(REGION, self.service).sources(self.sources());
        let builder = match self.presigned {
            true => builder.presigned(LIFE),
            false => builder,
        };
        let (mut head, ()) = self.request().into_parts();
        let mut body = Payload::whole(self.body.clone().into());
        let sigv4 = builder.credentials(self.credentials()).unwrap();
        sigv4.sign(&mut head, &mut body).unwrap();
        head
    }

    fn settings(&self) -> SigningSettings {
        let mut settings = SigningSettings::default();
        if self.is_s3() {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        }
        match self.presigned {
            true => {
                settings.signature_location = SignatureLocation::QueryParams;
                settings.expires_in = Some(Duration::from_secs(LIFE.into()));
            }
            false if self.is_s3() => {
                settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
            }
            false => {}
        }
        settings
    }

    fn theirs(&self) -> request::Parts {
        let token = self.token.clone();
        let key = AwsCredentials::new(ID, self.secret.as_str(), token, None, "test");
        let identity: Identity = key.into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(REGION)
            .name(self.service)
            .time(UNIX_EPOCH + Duration::from_secs(self.time))
            .settings(self.settings())
            .build()
            .unwrap()
            .into();
        let mut request = self.request();
        let headers = request.headers().iter();
        let headers = headers.map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
        let body = match self.presigned && self.is_s3() {
            true => SignableBody::UnsignedPayload,
            false => SignableBody::Bytes(&self.body),
        };
        let uri = request.uri().to_string();
        let signable = SignableRequest::new(self.method, uri, headers, body).unwrap();
        let (instructions, _) = sign(signable, &params).unwrap().into_parts();
        instructions.apply_to_request_http1x(&mut request);
        request.into_parts().0
    }

    fn accepted(&self, mut head: request::Parts) -> bool {
        let keys = MemoryKeys::new([self.credentials()]);
        let verifier = SigV4Verifier::builder(REGION, self.service, keys)
            .allow_presigned(true)
            .sources(self.sources());
        head.headers
            .insert("host", HeaderValue::from_static(self.host));
        head.uri = head.uri.path_and_query().unwrap().as_str().parse().unwrap();
        let body = Payload::whole(Bytes::from(self.body.clone()));
        judge(&verifier.build().unwrap(), &head, &body).is_ok_and(|id| id == ID)
    }
}

/// The signature, wherever it is.
fn signature(head: &request::Parts) -> &str {
    let line = head.headers.get("authorization");
    let text = line.map(|line| line.to_str().unwrap());
    let text = text.or_else(|| head.uri.query()).unwrap();
    let (_, rest) = text.split_once("Signature=").unwrap();
    rest.split('&').next().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn both_sign_alike_and_the_server_accepts_both(case in case()) {
        let (ours, theirs) = (case.ours(), case.theirs());
        prop_assert_eq!(signature(&ours), signature(&theirs));
        prop_assert_eq!(ours.headers.get("authorization"), theirs.headers.get("authorization"));
        prop_assert!(case.accepted(ours));
        prop_assert!(case.accepted(theirs));
    }
}
