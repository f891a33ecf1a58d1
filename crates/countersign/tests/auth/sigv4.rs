//! `awsv4`: what Postman signs, and where it is not followed.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use countersign::verify::{Reason, Verdict, Verify};
use countersign::{
    Auth, AuthType, ErrorKind, FixedClock, Options, Parameters, Payload, Preview, Settings,
    Sources, preview, verifier,
};
use http::{Request, header};

use super::now;

/// The time of Postman's signatures here.
const TIME: u64 = 1_700_000_000;

const KEY: [(&str, &str); 2] = [
    ("accessKey", "AKIDEXAMPLE"),
    ("secretKey", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
];

fn options(unix: u64) -> Options {
    let sources = Sources {
        clock: Arc::new(FixedClock(Duration::from_secs(unix))),
        ..Sources::default()
    };
    Options::new().sources(sources)
}

fn with(more: &[(&str, &str)]) -> Parameters {
    KEY.iter().chain(more).copied().collect()
}

fn auth(parameters: &Parameters) -> countersign::Result<Auth> {
    Auth::from_parameters(AuthType::AwsV4, parameters, &options(TIME))
}

fn sign(parameters: &Parameters, request: http::request::Builder, body: &'static str) -> Preview {
    let request = request.body(Bytes::from_static(body.as_bytes())).unwrap();
    let auth = auth(parameters).unwrap();
    now(preview(&auth, &Settings::default(), request)).unwrap()
}

fn authorization(preview: &Preview) -> &str {
    let value = &preview.request.headers()["authorization"];
    value.to_str().unwrap()
}

#[test]
fn signatures_are_those_that_postman_makes() {
    let service = [("region", "us-east-1"), ("service", "service")];
    let get = |uri: &str| Request::get(uri);
    let example = "https://example.amazonaws.com/";
    let noisy = get(example)
        .header("user-agent", "x")
        .header("range", "bytes=0-1");
    let table = [
        (
            &service,
            get(example),
            "",
            "SignedHeaders=host;x-amz-date, Signature=a3373e93fd3018f97268178cf1f9908a32a44d011055608a7609b59050ad793a",
        ),
        (
            &[("region", ""), ("service", "")],
            get("https://abc.execute-api.eu-west-1.amazonaws.com/prod/x"),
            "",
            "SignedHeaders=host;x-amz-date, Signature=e510a80e696525815a4e08dadde1cd8f23cfbc88eba6f1c4a0408b60ab5ad69d",
        ),
        (
            &service,
            Request::post(example),
            "a%20b=c%20d&%C3%A9=%C3%BC",
            "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=ff21cb14f69e20b1b350e0a7a30407428c6369f76346a13df778b1465315735f",
        ),
        (
            &service,
            noisy.header("x-foo", "a   b").header("expect", "100"),
            "",
            "SignedHeaders=host;x-amz-date;x-foo, Signature=3e9e1ed6cfb52169291ec1abd7efea5be3546998a9a731f89fa6c2a79c17c6ae",
        ),
    ];
    for (more, request, body, expected) in table {
        let preview = sign(&with(more), request, body);
        let line = authorization(&preview);
        assert!(line.ends_with(expected), "{line}");
    }
}

#[test]
fn a_presigned_url_is_the_one_that_postman_makes() {
    let parameters = Parameters::from([
        ("accessKey", "AKIAIOSFODNN7EXAMPLE"),
        ("secretKey", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ("service", "s3"),
        ("addAuthDataToQuery", "true"),
    ]);
    let request = Request::get("https://examplebucket.s3.amazonaws.com/test.txt");
    let preview = sign(&parameters, request, "");
    let query = preview.request.uri().query().unwrap();
    let signature = "63a190056c0b7545640d001288aa4d001e662a39d66ebfc8c6846484323eebb3";
    assert!(query.contains("X-Amz-Expires=86400"), "{query}");
    assert!(
        query.ends_with(&format!("X-Amz-Signature={signature}")),
        "{query}"
    );
    assert!(preview.request.headers().is_empty());
}

/// Postman reads a path to S3 as [`PathStyle::EncodedOnce`](countersign::sigv4::PathStyle::EncodedOnce) does.
#[test]
fn a_path_to_s3_is_the_one_that_postman_signs_if_told() {
    let parameters = with(&[("service", "s3"), ("pathStyle", "encodedOnce")]);
    let request = Request::get("https://b.s3.amazonaws.com/a//b/c%20d/e=f");
    let preview = sign(&parameters, request, "");
    let signature = "Signature=e0d6d563485e6e2b8c9e1e8c9f272647427206ace48b0e62b6713331ebd35fa8";
    assert!(authorization(&preview).ends_with(signature));
}

#[test]
fn how_a_path_is_read_is_a_parameter_of_both_sides() {
    let styles = ["normalized", "encoded", "encodedOnce", "asSent"];
    let path = "/a//../b=c%20d";
    for ours in styles {
        let request = Request::get(format!("https://h{path}")).header(header::HOST, "h");
        let signed = sign(&with(&[("pathStyle", ours)]), request, "").request;
        let (head, _) = signed.into_parts();
        for theirs in styles {
            let parameters = with(&[("pathStyle", theirs)]);
            let verifier = verifier(AuthType::AwsV4, &parameters, "", &options(TIME)).unwrap();
            let verdict = now(verifier.verify(&head, &Payload::whole(Bytes::new()))).unwrap();
            let accepted = matches!(verdict, Verdict::Accept(_));
            assert_eq!(accepted, ours == theirs, "{ours} {theirs}");
        }
    }
    for wrong in ["AsSent", "s3", "true"] {
        let parameters = with(&[("pathStyle", wrong)]);
        assert_eq!(
            auth(&parameters).unwrap_err().kind(),
            ErrorKind::Configuration
        );
        assert!(verifier(AuthType::AwsV4, &parameters, "", &options(TIME)).is_err());
    }
}

#[test]
fn the_life_of_a_presigned_url_is_a_parameter_of_any_service() {
    let life = |expires, uri| {
        let parameters = with(&[("addAuthDataToQuery", "true"), ("expires", expires)]);
        let preview = sign(&parameters, Request::get(uri), "");
        let query = preview.request.uri().query().unwrap().to_owned();
        let (_, rest) = query.split_once("X-Amz-Expires=").unwrap();
        rest.split('&').next().unwrap().to_owned()
    };
    assert_eq!(life("", "https://h/"), "86400");
    assert_eq!(life("60", "https://h/?a"), "60");
    assert_eq!(life("60", "https://h/?X-Amz-Expires=61"), "61");
    for expires in ["0", "604801", "1h", "-1"] {
        let parameters = with(&[("addAuthDataToQuery", "true"), ("expires", expires)]);
        let error = auth(&parameters).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{expires}");
    }
}

#[test]
fn what_is_missing_is_an_error_and_never_sent() {
    for missing in ["accessKey", "secretKey"] {
        for parameters in [
            with(&[(missing, "")]),
            with(&[(missing, " ")]),
            Parameters::new(),
        ] {
            let result = auth(&parameters);
            // A secret may be a space.
            if (missing, parameters.text(missing)) == ("secretKey", " ") {
                continue;
            }
            assert_eq!(result.unwrap_err().kind(), ErrorKind::Configuration);
            let server = verifier(AuthType::AwsV4, &parameters, "", &options(TIME));
            assert_eq!(server.unwrap_err().kind(), ErrorKind::Configuration);
        }
    }
    for wrong in [
        ("sessionToken", "a b"),
        ("region", "a/b"),
        ("addAuthDataToQuery", "1"),
    ] {
        assert!(auth(&with(&[wrong])).is_err(), "{wrong:?}");
    }
}

#[test]
fn the_callers_signature_is_replaced_and_that_is_reported() {
    let request = || Request::get("https://example.amazonaws.com/");
    let stale = request()
        .header("authorization", "stale")
        .header("x-amz-date", "stale");
    let parameters = with(&[("sessionToken", "token")]);
    let preview = sign(
        &parameters,
        stale.header("x-amz-security-token", "stale"),
        "",
    );
    let fresh = sign(&parameters, request(), "");
    assert_eq!(preview.request.headers(), fresh.request.headers());
    let replaced = preview.added.iter().filter(|added| added.replaced);
    assert_eq!(replaced.count(), 3);
}

#[test]
fn what_exports_carry_is_known() {
    let carried = ["serviceName", "time", "auto", "saveHelper", "id"].map(|key| (key, "x"));
    assert!(auth(&with(&carried)).unwrap().ignored().is_empty());
    assert_eq!(
        auth(&with(&[("colour", "red")])).unwrap().ignored(),
        ["colour"]
    );
    let secret: Vec<_> = AuthType::AwsV4
        .keys()
        .filter(|key| AuthType::AwsV4.is_secret(key))
        .collect();
    assert_eq!(secret, ["secretKey", "sessionToken"]);
}

#[test]
fn the_server_takes_what_the_same_parameters_sign() {
    let query = ("addAuthDataToQuery", "true");
    let table: [&[(&str, &str)]; 4] = [
        &[],
        &[
            ("sessionToken", "token"),
            ("region", "eu-west-1"),
            ("service", "sqs"),
        ],
        &[("service", "s3")],
        &[query, ("sessionToken", "token"), ("expires", "60")],
    ];
    for more in table {
        let parameters = with(more);
        let judge = |parameters: &Parameters, options: &Options, body: &'static str| {
            let request = Request::post("https://h/a%20b/?x=1").header(header::HOST, "h");
            let signed = sign(&with(more), request, "body").request;
            let (head, _) = signed.into_parts();
            let verifier = verifier(AuthType::AwsV4, parameters, "", options).unwrap();
            let body = Payload::whole(Bytes::from_static(body.as_bytes()));
            match now(verifier.verify(&head, &body)).unwrap() {
                Verdict::Accept(accepted) => Ok((accepted.scheme, accepted.principal)),
                Verdict::Refuse(refusal) => Err(refusal.reason),
            }
        };
        let accepted = Ok(("sigv4", "AKIDEXAMPLE".to_owned()));
        let now = options(TIME);
        assert_eq!(judge(&parameters, &now, "body"), accepted, "{more:?}");
        assert_eq!(judge(&parameters, &now, "bodY"), Err(Reason::Forbidden));
        assert_eq!(
            judge(&parameters, &options(TIME + 901), "body"),
            Err(Reason::Forbidden)
        );
        for other in [
            ("secretKey", "x"),
            ("region", "x"),
            ("service", "x"),
            ("sessionToken", "x"),
        ] {
            let mut parameters = parameters.clone();
            parameters.insert(other.0, other.1);
            assert_eq!(
                judge(&parameters, &now, "body"),
                Err(Reason::Forbidden),
                "{other:?}"
            );
        }
    }
    let presigned = sign(&with(&[query]), Request::get("https://h/"), "");
    let strict = verifier(AuthType::AwsV4, &with(&[]), "", &options(TIME)).unwrap();
    let (head, _) = presigned.request.into_parts();
    let verdict = now(strict.verify(&head, &Payload::default())).unwrap();
    assert!(matches!(verdict, Verdict::Refuse(refusal) if refusal.reason == Reason::Forbidden));
}
