//! AWS Signature Version 4 with the signers of curl and of botocore.

use super::answer::{Answer, BODY};
use super::checks::Checks;
use super::curl::Curl;
use super::python::script;
use super::serve::Serve;
use crate::Result;

const KEY: &str = "AKIDPRIDE";
const SECRET: &str = "circle/of+life";
const TOKEN: &str = "FwoGZXIvYXdzEBYaD//w==";

const TARGET: &str = "/area/one%20two?b=%20x&a=1&a";

/// One that curl 7 signs as AWS does: it neither sorts a query nor encodes a path.
const PLAIN: &str = "/area/one?a=1&b=%20x";

/// A server for this service that knows the key.
fn serve(service: &str, more: &[&str]) -> Result<Serve> {
    let set = [
        format!("accessKey={KEY}"),
        format!("secretKey={SECRET}"),
        format!("service={service}"),
    ];
    let set = set.iter().map(String::as_str).chain(more.iter().copied());
    let args: Vec<&str> = set.flat_map(|value| ["--set", value]).collect();
    Serve::start(&[&["--auth", "awsv4"], args.as_slice()].concat())
}

fn accepted(answer: &Answer, method: &str, target: &str, body: &str) -> Result {
    answer.reports("sigv4", method, target, body)?;
    match answer.body.contains(&format!(r#""principal":"{KEY}""#)) {
        true => Ok(()),
        false => Err(format!("the principal is not {KEY}: {}", answer.body).into()),
    }
}

/// curl's `--aws-sigv4`.
pub(super) fn curl(checks: &mut Checks) -> Result {
    let serve = serve("execute-api", &[])?;
    let call = |method: &str, secret: &str, scope: &str| {
        let (provider, login) = (format!("aws:amz:{scope}"), format!("{KEY}:{secret}"));
        let curl = Curl::get(&serve.url(PLAIN)).args(&["-X", method, "-H", "X-Amz-Meta-A: b"]);
        curl.args(&["--aws-sigv4", &provider, "-u", &login])
    };
    let right = "us-east-1:execute-api";
    checks.check("sigv4: right key", || {
        accepted(&call("GET", SECRET, right).answer()?, "GET", PLAIN, "")
    });
    checks.check("sigv4: POST with a body", || {
        let answer = call("POST", SECRET, right).args(&["-d", BODY]).answer()?;
        accepted(&answer, "POST", PLAIN, BODY)
    });
    checks.check("sigv4: wrong secret", || {
        call("GET", "hakuna matata", right).answer()?.is(403)
    });
    for scope in ["eu-west-1:execute-api", "us-east-1:sqs"] {
        checks.check(&format!("sigv4: {scope} is another scope"), || {
            call("GET", SECRET, scope).answer()?.is(403)
        });
    }
    checks.check("sigv4: no credentials", || {
        Curl::get(&serve.url(PLAIN)).answer()?.is(401)
    });
    Ok(())
}

/// One of botocore's signers.
struct Signer {
    class: &'static str,
    service: &'static str,
    /// It signs in the query; then it takes a body for parameters, so it is given none.
    presigns: bool,
    covers_body: bool,
}

const SIGNERS: [Signer; 4] = [
    Signer::new("SigV4Auth", "execute-api"),
    Signer::new("S3SigV4Auth", "s3"),
    Signer::new("SigV4QueryAuth", "execute-api").presigns(true),
    Signer::new("S3SigV4QueryAuth", "s3").presigns(false),
];

/// botocore's signers for headers and for presigned URLs.
pub(super) fn botocore(checks: &mut Checks) -> Result {
    SIGNERS.iter().try_for_each(|signer| signer.check(checks))
}

impl Signer {
    const fn new(class: &'static str, service: &'static str) -> Self {
        Self {
            class,
            service,
            presigns: false,
            covers_body: true,
        }
    }

    const fn presigns(self, covers_body: bool) -> Self {
        Self {
            presigns: true,
            covers_body,
            ..self
        }
    }

    fn check(&self, checks: &mut Checks) -> Result {
        let token = format!("sessionToken={TOKEN}");
        let query: &[&str] = if self.presigns {
            &["addAuthDataToQuery=true"]
        } else {
            &[]
        };
        let lasting = serve(self.service, query)?;
        let temporary = serve(self.service, &[query, &[token.as_str()]].concat())?;
        let class = self.class;
        checks.check(&format!("{class}: right key"), || {
            self.accepted(&self.sign(&lasting, self.body(), &[KEY, SECRET])?)
        });
        checks.check(&format!("{class}: with a session token"), || {
            self.accepted(&self.sign(&temporary, self.body(), &[KEY, SECRET, TOKEN])?)
        });
        checks.check(&format!("{class}: another session token, and none"), || {
            self.sign(&temporary, self.body(), &[KEY, SECRET, "another"])?
                .is(403)?;
            self.sign(&temporary, self.body(), &[KEY, SECRET])?.is(403)
        });
        checks.check(&format!("{class}: wrong secret, and unknown key"), || {
            self.sign(&lasting, self.body(), &[KEY, "hakuna matata"])?
                .is(403)?;
            self.sign(&lasting, self.body(), &["AKIDSCAR", SECRET])?
                .is(403)
        });
        checks.check(&format!("{class}: a body that was changed"), || {
            let status = if self.covers_body { 403 } else { 200 };
            self.sign(&lasting, "hello counterfeit", &[KEY, SECRET])?
                .is(status)
        });
        Ok(())
    }

    /// What is signed.
    fn body(&self) -> &'static str {
        if self.presigns { "" } else { BODY }
    }

    fn sign(&self, serve: &Serve, sent: &str, key: &[&str]) -> Result<Answer> {
        let url = serve.url(TARGET);
        let args = [self.class, self.service, "PUT", &url, self.body(), sent];
        let mut answers = script("signer.py", &[&args, key].concat())?;
        answers.pop().ok_or_else(|| "botocore got no answer".into())
    }

    fn accepted(&self, answer: &Answer) -> Result {
        match self.presigns {
            // The target has what the signer added.
            true => answer.is(200),
            false => accepted(answer, "PUT", TARGET, BODY),
        }
    }
}
