//! AWS Signature: the AWS signing test suite, as it ships with AWS's own crate. The order of what presigning adds is botocore's.

use countersign_core::Any;
use countersign_sigv4::{ContentSha256, Credentials, SigV4, SigV4Builder};
use countersign_testkit::pinned;

use crate::entry::{Entry, ok, post};

const SECRETS: [&str; 2] = [
    "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEZ",
];
/// 2015-08-30T12:36:00Z
const TIME: u64 = 1_440_938_160;

fn builder() -> SigV4Builder {
    SigV4::builder("us-east-1", "service").sources(pinned(TIME))
}

fn client(builder: SigV4Builder, secret: &str) -> Any {
    let key = Credentials::new("AKIDEXAMPLE", secret).unwrap();
    Any::new(builder.credentials(key).unwrap())
}

pub(crate) fn entries() -> Vec<Entry> {
    let form = "application/x-www-form-urlencoded";
    let mut body = post("http://example.amazonaws.com/", form, "Param1=value1");
    body.headers_mut().insert("content-length", 13.into());
    let mut query = post("http://example.amazonaws.com/?Param1=value1", form, "");
    query.headers_mut().clear();
    vec![
        Entry::new("post-x-www-form-urlencoded", SECRETS, body, |secret, _| {
            client(builder().content_sha256(ContentSha256::Always), secret)
        })
        .leg(&IN_FIELDS, ok()),
        Entry::new("post-vanilla-query", SECRETS, query.clone(), |secret, _| {
            client(builder(), secret)
        })
        .leg(&BARE, ok()),
        Entry::new(
            "post-vanilla-query, presigned",
            SECRETS,
            query,
            |secret, _| client(builder().presigned(3600), secret),
        )
        .accepted_at(PRESIGNED),
    ]
}

const DATE: (&str, &str) = ("x-amz-date", "20150830T123600Z");
const IN_FIELDS: [(&str, &str); 3] = [
    DATE,
    (
        "x-amz-content-sha256",
        "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
    ),
    (
        "authorization",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
         SignedHeaders=content-length;content-type;host;x-amz-content-sha256;x-amz-date, \
         Signature=d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
    ),
];
const BARE: [(&str, &str); 2] = [
    DATE,
    (
        "authorization",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
         SignedHeaders=host;x-amz-date, \
         Signature=28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
    ),
];
const PRESIGNED: &str = "/?Param1=value1&X-Amz-Algorithm=AWS4-HMAC-SHA256\
    &X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request\
    &X-Amz-Date=20150830T123600Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host\
    &X-Amz-Signature=a9ef26247f293bffe40eeff86a0480ba8c14d31503b2e0c3399e3a16bf1a3682";
