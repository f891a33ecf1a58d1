//! Our server accepts what the peers answer to its challenges.

use countersign_core::Payload;
use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_digest::{Algorithm, DigestVerifier, MemoryAccounts, Qop};
use countersign_oracles::ready;
use http::{HeaderValue, Request, request};

use crate::case::{ALGORITHMS, Case};
use crate::peers;

const USER: &str = "Mufasa";
const PASSWORD: &str = "Circle of Life";
const TARGET: &str = "/dir/index.html?a=b";

fn verifier(algorithm: &str, qop: &'static str) -> DigestVerifier {
    let accounts = MemoryAccounts::new("a \"realm\"");
    let accounts = accounts.password(USER, PASSWORD).unwrap();
    DigestVerifier::builder("a \"realm\"", accounts)
        .algorithms(Algorithm::of(algorithm))
        .qop(qop.split(',').filter_map(Qop::of))
        .build()
        .unwrap()
}

fn head(authorization: Option<&str>) -> request::Parts {
    let request = Request::post(TARGET).body(()).unwrap();
    let (mut head, ()) = request.into_parts();
    let value = authorization.map(|text| HeaderValue::from_str(text).unwrap());
    head.headers
        .extend(value.map(|value| (http::header::AUTHORIZATION, value)));
    head
}

fn judge(verifier: &DigestVerifier, authorization: Option<&str>) -> Verdict<String> {
    let body = Payload::whole("a body".into());
    ready(verifier.verify(&head(authorization), &body)).unwrap()
}

/// The peers' part of what the server offers, as a random case has it.
fn case(verifier: &DigestVerifier) -> Case {
    let Verdict::Refuse(refusal) = judge(verifier, None) else {
        panic!("it has no credentials")
    };
    let sent = countersign_core::challenge::parse(&refusal.challenges);
    let sent = sent.iter().next().unwrap();
    let text = |name| sent.text(name).map(str::to_owned);
    let leak = |text: String| -> &'static str { text.leak() };
    Case {
        realm: text("realm").unwrap(),
        nonce: text("nonce").unwrap(),
        opaque: text("opaque"),
        algorithm: text("algorithm").map(leak),
        qop: text("qop").map(leak),
        userhash: false,
        utf8: false,
        username: USER.into(),
        password: PASSWORD.into(),
        method: "POST",
        target: TARGET.into(),
        body: "a body".into(),
        cnonce: "a client nonce".into(),
    }
}

/// Both uses of a nonce pass, and neither passes twice.
fn passes(verifier: &DigestVerifier, answers: &[String; 2]) {
    for answer in answers {
        let Verdict::Accept(accepted) = judge(verifier, Some(answer)) else {
            panic!("refused: {answer}")
        };
        assert_eq!(accepted.principal, USER);
    }
    for answer in answers {
        let verdict = judge(verifier, Some(answer));
        let Verdict::Refuse(refusal) = verdict else {
            panic!("accepted again: {answer}")
        };
        assert_eq!(refusal.reason, Reason::Rejected);
    }
}

#[test]
fn answers_of_digest_auth_pass() {
    for algorithm in ALGORITHMS {
        for qop in ["auth", "auth-int", "auth,auth-int"] {
            let verifier = verifier(algorithm, qop);
            passes(&verifier, &peers::digest_auth(&case(&verifier)));
        }
    }
}

#[test]
fn answers_of_http_auth_pass() {
    for algorithm in ALGORITHMS {
        for qop in ["auth", "auth,auth-int"] {
            let verifier = verifier(algorithm, qop);
            passes(&verifier, &peers::http_auth(&case(&verifier)));
        }
    }
}
