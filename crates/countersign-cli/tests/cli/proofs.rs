//! Signatures and tokens are hidden wherever they go and however they come back; what is beside them is not.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::canonical::percent::{Plus, decode};

use crate::support::{RawServer, decoded, header, send, set};

/// Signed as of one time, for one host, so that a request is the same wherever it is sent.
const FIXED: [&str; 4] = ["--at", "1700000000", "-H", "Host: h.example"];

struct Case {
    request: &'static [&'static str],
    auth: Vec<String>,
    /// What stands before a proof, and what stays readable.
    before: &'static str,
    open: &'static [&'static str],
}

fn cases() -> Vec<Case> {
    let oauth1 = |more: &[&str]| {
        let base = [
            "consumerKey=open-consumer",
            "consumerSecret=s3cr3t",
            "token=t0k3n",
            "nonce=n1",
        ];
        set("oauth1", &[&base[..], more].concat())
    };
    let form: &[&str] = &["--form", "a=1"];
    vec![
        Case {
            request: &[],
            auth: set(
                "hawk",
                &[
                    "authId=open-id",
                    "authKey=s3cr3t",
                    "nonce=n1",
                    "extraData=open-ext",
                ],
            ),
            before: "mac=\"",
            open: &[
                "Hawk id=\"open-id\", ts=\"1700000000\", nonce=\"n1\", ext=\"open-ext\", mac=[redacted]",
            ],
        },
        Case {
            request: &[],
            auth: set(
                "edgegrid",
                &[
                    "clientToken=open-c",
                    "accessToken=t0k3n",
                    "clientSecret=s3cr3t",
                    "nonce=n1",
                ],
            ),
            before: "signature=",
            open: &[
                "EG1-HMAC-SHA256 client_token=open-c;access_token=[redacted];timestamp=20231114T22:13:20+0000;nonce=n1;signature=[redacted]",
            ],
        },
        Case {
            request: &[],
            auth: oauth1(&[
                "addParamsToHeader=true",
                "verifier=v3r1f13r",
                "realm=open-realm",
            ]),
            before: "oauth_signature=\"",
            open: &[
                "OAuth realm=\"open-realm\", oauth_consumer_key=\"open-consumer\", oauth_token=[redacted], oauth_signature_method=\"HMAC-SHA1\"",
                "oauth_verifier=[redacted]",
            ],
        },
        Case {
            request: &[],
            auth: oauth1(&[]),
            before: "oauth_signature=",
            open: &[
                "?oauth_consumer_key=open-consumer&oauth_token=[redacted]&oauth_signature_method=HMAC-SHA1",
                "oauth_nonce=n1&oauth_signature=[redacted]",
            ],
        },
        Case {
            request: form,
            auth: oauth1(&[]),
            before: "oauth_signature=",
            open: &[
                "a=1&oauth_consumer_key=open-consumer&oauth_token=[redacted]",
                "oauth_signature=[redacted]",
            ],
        },
        Case {
            request: &[],
            auth: oauth1(&[
                "signatureMethod=PLAINTEXT",
                "addParamsToHeader=true",
                "tokenSecret=t0k3ns3cr3t",
            ]),
            before: "oauth_signature=\"",
            open: &[
                "oauth_signature_method=\"PLAINTEXT\"",
                "oauth_signature=[redacted]",
            ],
        },
        Case {
            request: &[],
            auth: set("jwt", &["secret=s3cr3t", "headerPrefix=JWT"]),
            before: "JWT ",
            open: &["JWT [redacted]"],
        },
        Case {
            request: &[],
            auth: set("jwt", &["secret=s3cr3t", "addTokenTo=queryParam"]),
            before: "?token=",
            open: &["?token=[redacted]"],
        },
    ]
}

/// All that `send` prints, with the bodies in it decoded.
fn shown(args: &[&str]) -> String {
    let person = send(args).printed();
    let run = send(&[args, &["--json"]].concat());
    let json = run.json();
    let legs = json["legs"].as_array().unwrap().iter();
    let bodies = legs.flat_map(|leg| [&leg["request"]["body"], &leg["response"]["body"]]);
    let bodies = bodies.filter(|body| body.is_string()).flat_map(decoded);
    let bodies: Vec<u8> = bodies.collect();
    person + &run.printed() + &String::from_utf8_lossy(&bodies)
}

/// What a request with `--raw` has behind `before`, as it stands there and decoded.
fn proof(case: &Case) -> [String; 2] {
    let args = request("http://h.example/p", case);
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let run = send(&[&args[..], &["--offline", "--json", "--raw"]].concat());
    assert_eq!(run.code, 0, "{}", run.printed());
    let json = run.json();
    let sent = &json["legs"][0]["request"];
    let all = [
        sent["url"].as_str().unwrap().to_owned(),
        header(sent, "authorization").join(""),
        String::from_utf8(decoded(&sent["body"])).unwrap(),
    ];
    let found = all.iter().find_map(|text| text.split_once(case.before));
    let (_, proof) = found.unwrap_or_else(|| panic!("{all:?}"));
    let proof = proof.split(['"', '&', ',']).next().unwrap();
    let plain = decode(proof.as_bytes(), Plus::Literal).unwrap();
    [
        proof.to_owned(),
        String::from_utf8(plain.into_owned()).unwrap(),
    ]
}

fn request(url: &str, case: &Case) -> Vec<String> {
    let plain = ["POST", url].into_iter().chain(FIXED);
    let plain = plain.chain(case.request.iter().copied()).map(str::to_owned);
    plain.chain(case.auth.iter().cloned()).collect()
}

#[test]
fn no_proof_shows_and_what_is_open_does() {
    for case in cases() {
        let [proof, plain] = proof(&case);
        let secrets = [
            &proof,
            &plain,
            &STANDARD.encode(&plain),
            "s3cr3t",
            "t0k3n",
            "v3r1f13r",
        ];
        let echo = format!(
            "200 OK\nX-Echo: {proof}\nX-Plain: {plain}\n\n{}",
            secrets.join(" ")
        );
        let server = RawServer::start(&[&echo, &echo]);
        let args = request(&server.url("/p"), &case);
        let args: Vec<_> = args.iter().map(String::as_str).collect();
        let online = shown(&args);
        let offline = shown(&[&args[..], &["--offline"]].concat());
        for shown in [&online, &offline] {
            for secret in &secrets[..3] {
                assert!(!shown.contains(*secret), "{secret} shows in {shown}");
            }
            for secret in &secrets[3..] {
                let given = case.auth.iter().any(|set| set.contains(*secret));
                assert!(
                    !given || !shown.contains(*secret),
                    "{secret} shows in {shown}"
                );
            }
            // JSON has its quotes escaped.
            for open in case.open {
                assert!(shown.contains(*open), "{open} is not in {shown}");
            }
        }
        drop(server.requests());
    }
}

#[test]
fn a_credential_in_the_callers_own_url_is_one() {
    for name in [
        "bewit",
        "access_token",
        "oauth_signature",
        "X-Amz-Signature",
        "%62ewit",
    ] {
        let url = format!("http://127.0.0.1/?a=b&{name}=c4nary%2Fx");
        let run = send(&["GET", &url, "--offline", "--json"]);
        let expected = format!("http://127.0.0.1/?a=b&{name}=[redacted]");
        assert_eq!(run.json()["legs"][0]["request"]["url"], expected);
        assert_eq!(
            send(&["GET", &url, "--offline", "--json", "--raw"]).json()["legs"][0]["request"]["url"],
            url
        );
    }
}
