//! The server's side of the same parameters.

use bytes::Bytes;
use countersign::verify::{AnyVerifier, Reason, Verdict, Verify};
use countersign::{AuthType, ErrorKind, Options, Parameters, Payload, verifier};
use http::{Request, request};

use super::{auth, now, signed};

type Case = (
    AuthType,
    &'static [(&'static str, &'static str)],
    &'static str,
);

const CASES: [Case; 5] = [
    (
        AuthType::Basic,
        &[("username", "Aladdin"), ("password", "open sesame")],
        "Aladdin",
    ),
    (AuthType::Bearer, &[("token", "t0ken")], "bearer"),
    (AuthType::ApiKey, &[("key", "K"), ("value", "v")], "apikey"),
    (
        AuthType::ApiKey,
        &[("key", "K"), ("value", "a&b"), ("in", "query")],
        "apikey",
    ),
    (
        AuthType::ApiKey,
        &[("key", "K"), ("value", "v"), ("in", "cookie")],
        "apikey",
    ),
];

fn server(kind: AuthType, parameters: &[(&str, &str)]) -> countersign::Result<AnyVerifier<String>> {
    let parameters: Parameters = parameters.iter().copied().collect();
    verifier(kind, &parameters, "cave", &Options::new())
}

fn judge(verifier: &AnyVerifier<String>, head: &request::Parts) -> Result<String, Reason> {
    match now(verifier.verify(head, &Payload::whole(Bytes::new()))).unwrap() {
        Verdict::Accept(accepted) => Ok(accepted.principal),
        Verdict::Refuse(refusal) => Err(refusal.reason),
    }
}

fn bare() -> request::Parts {
    Request::get("/").body(()).unwrap().into_parts().0
}

#[test]
fn it_accepts_what_the_client_of_the_same_parameters_sends() {
    for (kind, parameters, principal) in CASES {
        let (head, _) = signed(&auth(kind, parameters, false).unwrap())
            .request
            .into_parts();
        assert_eq!(
            judge(&server(kind, parameters).unwrap(), &head),
            Ok(principal.to_owned()),
            "{kind}"
        );
    }
}

#[test]
fn it_refuses_everybody_else() {
    for (kind, parameters, _) in CASES {
        let server = server(kind, parameters).unwrap();
        assert_eq!(judge(&server, &bare()), Err(Reason::Missing), "{kind}");
        let changed = |(key, value): &(&'static str, &'static str)| match kind.is_secret(key) {
            true => (*key, "another"),
            false => (*key, *value),
        };
        let other: Vec<_> = parameters.iter().map(changed).collect();
        let (head, _) = signed(&auth(kind, &other, false).unwrap())
            .request
            .into_parts();
        assert_eq!(judge(&server, &head), Err(Reason::Rejected), "{kind}");
    }
}

#[test]
fn noauth_lets_everybody_in() {
    assert_eq!(
        judge(&server(AuthType::NoAuth, &[]).unwrap(), &bare()),
        Ok("anonymous".to_owned())
    );
}

#[test]
fn digest_offers_what_it_is_told_to() {
    let offers = |parameters: &[(&str, &str)]| {
        let verifier = server(AuthType::Digest, parameters).unwrap();
        match now(verifier.verify(&bare(), &Payload::default())).unwrap() {
            Verdict::Refuse(refusal) => {
                let lines = refusal
                    .challenges
                    .iter()
                    .map(|line| line.to_str().unwrap().to_owned());
                lines.collect::<Vec<_>>()
            }
            Verdict::Accept(_) => panic!("nobody logged in"),
        }
    };
    let all = offers(&[("username", "u")]);
    assert!(
        all[0].contains("SHA-256") && all[1].contains("MD5") && all[0].contains("realm=\"cave\"")
    );
    let one = offers(&[
        ("username", "u"),
        ("algorithm", "SHA-512-256-sess"),
        ("qop", "auth,auth-int"),
    ]);
    assert_eq!(one.len(), 1);
    assert!(
        one[0].contains("SHA-512-256-sess") && one[0].contains("qop=\"auth, auth-int\""),
        "{one:?}"
    );
}

#[test]
fn what_nobody_could_send_is_refused_when_it_is_set_up() {
    let broken: [Case; 8] = [
        (AuthType::Bearer, &[("token", "")], ""),
        (AuthType::ApiKey, &[("key", "K"), ("value", "")], ""),
        (AuthType::ApiKey, &[("key", ""), ("value", "v")], ""),
        (AuthType::Basic, &[("username", "a:b")], ""),
        (AuthType::Digest, &[("algorithm", "SHA-1")], ""),
        (AuthType::Ntlm, &[("password", "p")], ""),
        (
            AuthType::Ntlm,
            &[("username", "u"), ("ntHash", "hunter2")],
            "",
        ),
        (
            AuthType::Ntlm,
            &[("username", "u"), ("certificate", "hunter2")],
            "",
        ),
    ];
    for (kind, parameters, _) in broken {
        assert_eq!(
            server(kind, parameters).unwrap_err().kind(),
            ErrorKind::Configuration,
            "{kind}"
        );
    }
}
