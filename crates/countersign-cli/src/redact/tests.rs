#![allow(clippy::unwrap_used)]

use super::*;

const SECRET: &str = "s3 cr\"t/é+";

fn knowing(secret: &str) -> Redactor {
    let mut redactor = Redactor::new(false);
    redactor.learn(&secret.into());
    redactor
}

fn shown(name: &'static str, value: &str, added: bool) -> String {
    let mut value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
    value.set_sensitive(added);
    Redactor::new(false).header(&HeaderName::from_static(name), &value, added)
}

#[test]
fn a_secret_is_found_in_every_encoding() {
    let forms = [
        "s3 cr\"t/é+",
        "s3+cr%22t%2F%C3%A9%2B",
        "s3%20cr%22t/%c3%a9+",
        "%73%33%20%63%72%22%74%2f%c3%a9%2b",
        "s3 cr\\\"t/é+",
        "czMgY3IidC/DqSs=",
        "czMgY3IidC_DqSs",
        "czMgY3IidC%2FDqSs%3D",
    ];
    let redactor = knowing(SECRET);
    for form in forms {
        let shown = redactor.text(&format!("<{form}>"));
        assert!(shown.starts_with("<[redacted]"), "{form} became {shown}");
    }
    let hex: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(redactor.text(&hex), "[redacted]");
    assert_eq!(redactor.text(&hex.to_uppercase()), "[redacted]");
}

#[test]
fn a_secret_is_found_at_every_offset_of_base64() {
    use base64::Engine;
    for before in ["", "a", "ab", "user:"] {
        let text = format!("{before}open sesame{before}");
        let encoded = base64::engine::general_purpose::STANDARD.encode(text);
        let shown = knowing("open sesame").text(&encoded);
        assert!(shown.contains(REDACTED), "{encoded} became {shown}");
    }
}

#[test]
fn what_is_no_secret_stays_and_raw_shows_all() {
    assert_eq!(
        knowing("hunter2!").text("hunter2? hunter%32"),
        "hunter2? hunter%32"
    );
    for short in ["", "a", "abc"] {
        assert_eq!(knowing(short).text("abcdef"), "abcdef");
    }
    let mut raw = Redactor::new(true);
    raw.learn(&"hunter2!".into());
    assert_eq!(raw.text("hunter2!"), "hunter2!");
}

#[test]
fn credentials_keep_their_scheme_and_what_is_open() {
    assert_eq!(
        shown("authorization", "Basic dTpw", true),
        "Basic [redacted]"
    );
    assert_eq!(shown("authorization", "nothing-else", false), "[redacted]");
    assert_eq!(
        shown("proxy-authorization", "Bearer a.b.c", false),
        "Bearer [redacted]"
    );
    assert_eq!(
        shown(
            "authorization",
            r#"Digest username="u", nc=00000001, response="abc", x="y""#,
            true
        ),
        r#"Digest username="u", nc=00000001, response=[redacted], x=[redacted]"#
    );
    assert_eq!(
        shown(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=0f",
            true
        ),
        "AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=[redacted]"
    );
    assert_eq!(
        shown(
            "authorization",
            "EG1-HMAC-SHA256 client_token=c;access_token=a;timestamp=t;nonce=n;signature=s=",
            true
        ),
        "EG1-HMAC-SHA256 client_token=c;access_token=[redacted];timestamp=t;nonce=n;signature=[redacted]"
    );
    assert_eq!(
        shown("server-authorization", r#"Hawk mac="m", hash="h""#, false),
        r#"Hawk mac=[redacted], hash="h""#
    );
    let unknown = shown("authorization", r#"Other nonce="n", realm="r""#, true);
    assert_eq!(unknown, "Other nonce=[redacted], realm=[redacted]");
    let info = shown("authentication-info", r#"qop=auth, rspauth="abc""#, false);
    assert_eq!(info, "qop=auth, rspauth=[redacted]");
    assert_eq!(
        shown("authorization", "Custom broken, =\"", true),
        "Custom [redacted]"
    );
}

#[test]
fn cookies_keep_their_names() {
    assert_eq!(
        shown("cookie", "a=1; b=2=3", false),
        "a=[redacted]; b=[redacted]"
    );
    assert_eq!(
        shown("set-cookie", "sid=abc; Path=/", false),
        "sid=[redacted]; Path=/"
    );
}

#[test]
fn other_headers_are_secret_where_a_scheme_added_them_as_credentials() {
    assert_eq!(shown("x-api-key", "k1", true), "[redacted]");
    assert_eq!(shown("x-trace", "k1", false), "k1");
    let date = HeaderValue::from_static("20150830T123600Z");
    let name = HeaderName::from_static("x-amz-date");
    assert_eq!(
        Redactor::new(false).header(&name, &date, true),
        "20150830T123600Z"
    );
    assert_eq!(shown("x-trace", "é", false), "Ã©");
}

#[test]
fn a_url_loses_the_values_that_a_scheme_added() {
    let redactor = Redactor::new(false);
    let url = redactor.url("http://h/p?a=1&key=k1&key=k2", &["key=k1".to_owned()]);
    assert_eq!(url, "http://h/p?a=1&key=[redacted]&key=k2");
    let added = ["X-Amz-Credential=AKID%2Fs3", "X-Amz-Signature=0f"].map(str::to_owned);
    let url = redactor.url(
        "http://h/?X-Amz-Credential=AKID%2Fs3&X-Amz-Signature=0f",
        &added,
    );
    assert_eq!(
        url,
        "http://h/?X-Amz-Credential=AKID%2Fs3&X-Amz-Signature=[redacted]"
    );
}

#[test]
fn the_proof_in_a_challenge_is_learned() {
    let mut redactor = Redactor::new(false);
    let value = HeaderValue::from_static(r#"Hawk ts="1", tsm="abcd=", error="Stale timestamp""#);
    redactor.learn_header(&http::header::WWW_AUTHENTICATE, &value, false);
    let shown = redactor.header(&http::header::WWW_AUTHENTICATE, &value, false);
    assert_eq!(
        shown,
        r#"Hawk ts="1", tsm="[redacted]", error="Stale timestamp""#
    );
}

#[test]
fn a_form_loses_the_credentials_in_it() {
    let redactor = Redactor::new(false);
    let body = redactor.body(b"a=1&oauth_nonce=n&oauth_signature=s&oauth_token=");
    assert_eq!(
        body,
        b"a=1&oauth_nonce=n&oauth_signature=[redacted]&oauth_token=[redacted]"
    );
    assert_eq!(redactor.body(b"\xff&bewit=x"), b"\xff&bewit=x");
}

#[test]
fn an_encoded_value_is_found_as_it_is_behind_its_encoding() {
    let mut redactor = Redactor::new(false);
    redactor.learn_pairs("a=b&bewit=ab%2Bcd%3D", &[]);
    assert_eq!(
        redactor.text("ab+cd= ab%2bcd%3d ab%2Bcd= b"),
        "[redacted] [redacted] [redacted] b"
    );
}

#[test]
fn an_echoed_header_is_found() {
    let mut redactor = Redactor::new(false);
    let value = HeaderValue::from_static("Basic QWxhZGRpbjpvcGVu");
    redactor.learn_header(&http::header::AUTHORIZATION, &value, true);
    assert_eq!(
        redactor.text("you sent QWxhZGRpbjpvcGVu"),
        "you sent [redacted]"
    );
}
