//! Hostile tokens: the rows of the catalogue of bad inputs that look inside one, and more.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use countersign_core::verify::Reason;
use countersign_jwt::{Algorithm, KeySet, VerifyingKey};
use serde_json::{Value, json};
use support::{
    SECRET, builder, challenge, claiming, encode, forged, hs256, judge, pem, signing, verifying,
    with_line, with_token,
};

const LASTING: &str = r#"{"exp":1800000000}"#;

/// B150: whoever knows the public key must not be able to make it a shared secret.
async fn confused_keys() {
    let public = pem("rsa.pub");
    let ders = pem::parse(&public).unwrap().into_contents();
    let rsa = builder(verifying(Algorithm::Rs256)).build().unwrap();
    let all: KeySet = Algorithm::ALL.into_iter().map(verifying).collect();
    let all = builder(all).build().unwrap();
    for secret in [public.as_bytes(), public.trim().as_bytes(), &ders] {
        let token = forged(secret, r#"{"alg":"HS256"}"#, LASTING);
        for verifier in [&rsa, &all] {
            let (reason, challenge) = challenge(verifier, &with_token(&token)).await;
            assert_eq!(reason.status(), 401);
            assert!(challenge.ends_with(r#"error="invalid_token""#));
        }
    }
    assert!(
        VerifyingKey::hmac(Algorithm::Hs256, public.as_str()).is_err(),
        "and nobody can by mistake"
    );
    assert!(VerifyingKey::hmac(Algorithm::Rs256, SECRET).is_err());
}

/// B153: an extension that is critical and not understood, also one that is registered or empty.
async fn critical_extensions() {
    for crit in [
        r#"["x"]"#,
        r#"["exp"]"#,
        r#"["b64"]"#,
        "[]",
        "null",
        r#""x""#,
    ] {
        let header = format!(r#"{{"alg":"HS256","crit":{crit},"x":1,"exp":1,"b64":true}}"#);
        let token = forged(SECRET.as_bytes(), header, LASTING);
        let refused = judge(&hs256().build().unwrap(), &with_token(&token))
            .await
            .unwrap_err();
        assert_eq!(refused.status(), 401, "{crit}");
    }
}

/// B154: a token that is meant for another server.
async fn other_audiences() {
    let token = claiming(r#"{"exp":1800000000,"aud":"other"}"#);
    for verifier in [hs256().audience("api"), hs256()] {
        let refused = judge(&verifier.build().unwrap(), &with_token(&token))
            .await
            .unwrap_err();
        assert_eq!(refused.status(), 401);
    }
}

#[tokio::test]
async fn every_row_ends_as_it_says() {
    let rows: Vec<Value> = serde_json::from_str(include_str!("data/bad-inputs-jwt.json")).unwrap();
    assert_eq!(rows.len(), 3);
    for row in rows {
        assert_eq!(row["expect"], "401");
        match row["id"].as_str().unwrap() {
            "B150" => confused_keys().await,
            "B153" => critical_extensions().await,
            "B154" => other_audiences().await,
            id => panic!("{id}: a row that nothing here expects"),
        }
    }
}

#[tokio::test]
async fn an_algorithm_is_one_that_is_known_in_its_one_spelling() {
    let verifier = hs256().build().unwrap();
    let spellings = [
        r#""none""#,
        r#""None""#,
        r#""NONE""#,
        r#""nOnE""#,
        r#""""#,
        r#""hs256""#,
        r#""Hs256""#,
        r#""HS256 ""#,
        r#""HS512""#,
        r#""RS256""#,
        r#""HS1""#,
        r#""EdDSA""#,
        r#""dir""#,
        "null",
        "256",
        r#"["HS256"]"#,
    ];
    for spelling in spellings {
        let header = format!(r#"{{"alg":{spelling}}}"#);
        let token = forged(SECRET.as_bytes(), &header, LASTING);
        let unsigned = format!("{}.{}.", encode(&header), encode(LASTING));
        for token in [token, unsigned] {
            assert_eq!(
                judge(&verifier, &with_token(&token)).await,
                Err(Reason::Rejected),
                "{spelling}"
            );
        }
    }
}

#[tokio::test]
async fn broken_tokens_are_refused() {
    let verifier = hs256().allow_without_expiry().build().unwrap();
    let right = claiming("{}");
    let (input, signature) = right.rsplit_once('.').unwrap();
    let (header, payload) = input.split_once('.').unwrap();
    let sign = |header: &[u8], payload: &[u8]| forged(SECRET.as_bytes(), header, payload);
    let nested = format!(
        "{}{}",
        r#"{"a":"#.repeat(700),
        "1".to_owned() + &"}".repeat(700)
    );
    let alg = br#"{"alg":"HS256"}"#.as_slice();
    let rows = [
        ("an empty signature", format!("{input}.")),
        ("two parts", input.to_owned()),
        ("one part", header.to_owned()),
        ("four parts", format!("{right}.{signature}")),
        ("five parts", format!("{header}....{signature}")),
        ("an empty header", format!(".{payload}.{signature}")),
        ("an empty payload", sign(alg, b"")),
        ("a signature cut short", right[..right.len() - 4].to_owned()),
        ("a signature that goes on", format!("{right}AAAA")),
        ("the other alphabet", format!("{input}.{}", "+/".repeat(22))),
        ("no algorithm", sign(b"{}", b"{}")),
        ("a header that is a list", sign(br#"["HS256"]"#, b"{}")),
        ("a header that is text", sign(br#""HS256""#, b"{}")),
        (
            "a header that goes on",
            sign(br#"{"alg":"HS256"} {}"#, b"{}"),
        ),
        (
            "a header with a comment",
            sign(br#"{"alg":"HS256"/**/}"#, b"{}"),
        ),
        (
            "a header in another encoding",
            sign(b"{\"alg\":\"HS256\",\"a\":\"\xff\"}", b"{}"),
        ),
        (
            "a mark of byte order",
            sign(b"\xef\xbb\xbf{\"alg\":\"HS256\"}", b"{}"),
        ),
        (
            "algorithm twice",
            sign(br#"{"alg":"HS256","alg":"HS256"}"#, b"{}"),
        ),
        (
            "algorithm twice, spelt two ways",
            sign(br#"{"alg":"HS256","\u0061lg":"none"}"#, b"{}"),
        ),
        (
            "a kid that is no text",
            sign(br#"{"alg":"HS256","kid":1}"#, b"{}"),
        ),
        (
            "a typ that is no text",
            sign(br#"{"alg":"HS256","typ":{}}"#, b"{}"),
        ),
        ("claims that are a list", sign(alg, b"[]")),
        ("claims that are a number", sign(alg, b"1")),
        ("claims that go on", sign(alg, b"{}{}")),
        (
            "claims in another encoding",
            sign(alg, b"{\"sub\":\"\xc3\x28\"}"),
        ),
        (
            "half of a surrogate pair",
            sign(alg, br#"{"sub":"\ud800"}"#),
        ),
        (
            "a claim twice",
            sign(alg, br#"{"sub":"alice","sub":"bob"}"#),
        ),
        ("claims too deep", sign(alg, nested.as_bytes())),
        (
            "another token inside",
            sign(br#"{"alg":"HS256","cty":"JWT"}"#, right.as_bytes()),
        ),
    ];
    assert!(judge(&verifier, &with_token(&right)).await.is_ok());
    for (what, token) in rows {
        assert_eq!(
            judge(&verifier, &with_token(&token)).await,
            Err(Reason::Rejected),
            "{what}"
        );
    }
}

#[tokio::test]
async fn a_key_in_the_token_is_never_used() {
    let jwk = r#"{"kty":"oct","k":"AAAA"}"#;
    let verifier = hs256().build().unwrap();
    for extra in [
        format!(r#""jwk":{jwk}"#),
        r#""jku":"https://evil.example/keys""#.to_owned(),
        r#""x5u":"https://evil.example/cert""#.to_owned(),
        r#""kid":"../../dev/null""#.to_owned(),
    ] {
        let header = format!(r#"{{"alg":"HS256",{extra}}}"#);
        for secret in [b"\0\0\0".as_slice(), b"\0", b""] {
            let token = forged(secret, &header, LASTING);
            assert_eq!(
                judge(&verifier, &with_token(&token)).await,
                Err(Reason::Rejected)
            );
        }
        let right = forged(SECRET.as_bytes(), &header, LASTING);
        assert!(
            judge(&verifier, &with_token(&right)).await.is_ok(),
            "it is passed over"
        );
    }
}

#[tokio::test]
async fn huge_tokens_are_refused_before_they_are_read() {
    let verifier = hs256().allow_query("t").build().unwrap();
    let huge = |len: usize| with_line(&[b"Bearer ".as_slice(), &vec![b'A'; len]].concat());
    assert_eq!(judge(&verifier, &huge(9_000)).await, Err(Reason::TooLarge));
    assert_eq!(judge(&verifier, &huge(60_000)).await, Err(Reason::TooLarge));
    let in_query = support::get(&format!("/?t={}", "A".repeat(9_000)));
    assert_eq!(judge(&verifier, &in_query).await, Err(Reason::TooLarge));
}

/// A signature by elliptic curves is two numbers of fixed width; zero, the order, and ASN.1 are none.
#[tokio::test]
async fn signatures_of_other_forms_are_refused() {
    let key = builder(verifying(Algorithm::Es256)).build().unwrap();
    let input = [encode(r#"{"alg":"ES256"}"#), encode(LASTING)].join(".");
    let random = aws_lc_rs::rand::SystemRandom::new();
    let der = pem::parse(pem("p256.pkcs8")).unwrap().into_contents();
    let asn1 = &aws_lc_rs::signature::ECDSA_P256_SHA256_ASN1_SIGNING;
    let asn1 = aws_lc_rs::signature::EcdsaKeyPair::from_pkcs8(asn1, &der).unwrap();
    let asn1 = asn1.sign(&random, input.as_bytes()).unwrap();
    let right = signing(Algorithm::Es256)
        .sign(r#"{"alg":"ES256"}"#, LASTING.as_bytes())
        .unwrap();
    assert!(
        judge(&key, &with_token(right.expose_str().unwrap()))
            .await
            .is_ok()
    );
    for signature in [vec![0; 64], vec![0xff; 64], vec![], asn1.as_ref().to_vec()] {
        let token = [input.as_str(), &encode(signature)].join(".");
        assert_eq!(
            judge(&key, &with_token(&token)).await,
            Err(Reason::Rejected)
        );
    }
}

#[tokio::test]
async fn a_key_set_with_rubbish_in_it_keeps_its_good_keys() {
    let good = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
    let bad = [
        json!(null),
        json!([]),
        json!({}),
        json!({"kty": "oct", "k": "AAAA"}),
        json!({"kty": "OKP", "crv": "Ed25519"}),
        json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"}),
        json!({"kty": "RSA", "n": "!", "e": "AQAB"}),
        json!({"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"}),
        json!({"kty": "EC", "crv": "P-256", "x": encode([1; 32]), "y": encode([1; 32])}),
    ];
    let all = [Algorithm::Rs256, Algorithm::Es256];
    let mut keys: Vec<Value> = bad.to_vec();
    assert!(KeySet::from_jwks(&json!({"keys": keys}).to_string(), &all).is_err());
    keys.push(serde_json::from_str(good).unwrap());
    let set = KeySet::from_jwks(&json!({"keys": keys}).to_string(), &all).unwrap();
    assert_eq!(format!("{set:?}").matches("Es256").count(), 1);
    for text in ["", "[]", "{}", r#"{"keys":{}}"#, "{\"keys\":[]}"] {
        assert!(KeySet::from_jwks(text, &all).is_err());
    }
    assert!(KeySet::from_jwks(r#"{"keys":[]}"#, &[Algorithm::Hs256]).is_err());
}
