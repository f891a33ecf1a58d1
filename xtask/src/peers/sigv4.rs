//! AWS Signature Version 4 with the signers of curl and of botocore.

use super::answer::{Answer, BODY};
use super::certificate::Certificates;
use super::checks::Checks;
use super::curl::Curl;
use super::objects;
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
    serve_with(&[&[&*format!("service={service}")], more].concat(), &[])
}

/// The same with these settings, and with further arguments.
fn serve_with(set: &[&str], args: &[&str]) -> Result<Serve> {
    let key = [format!("accessKey={KEY}"), format!("secretKey={SECRET}")];
    let set = key.iter().map(String::as_str).chain(set.iter().copied());
    let set: Vec<&str> = set.flat_map(|value| ["--set", value]).collect();
    Serve::start(&[&["--auth", "awsv4"], args, set.as_slice()].concat())
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
    SIGNERS.iter().try_for_each(|signer| signer.check(checks))?;
    names(checks)?;
    chunked(checks)
}

/// Names of objects, read as they are sent and as keys.
fn names(checks: &mut Checks) -> Result {
    for (how, style) in [("as sent", ""), ("as keys", "encodedOnce")] {
        let style = format!("pathStyle={style}");
        let serve = serve("s3", &["addAuthDataToQuery=true", &style])?;
        objects::boto3(checks, &serve, how, [KEY, SECRET]);
    }
    Ok(())
}

/// boto3's uploads to S3: over TLS it sends the body in chunks that are not signed, with a checksum behind them.
fn chunked(checks: &mut Checks) -> Result {
    let tls = Certificates::new()?;
    let token = format!("sessionToken={TOKEN}");
    let start = |more: &[&str]| -> Result<Serve> {
        let set = [&["service=s3"], more].concat();
        let args = tls.args();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        serve_with(&set, &args)
    };
    let (lenient, strict) = (start(&["unsignedPayload=true", &token])?, start(&[&token])?);
    let upload = |serve: &Serve, checksum: &str, sent: &str, secret: &str| -> Result<Answer> {
        let (url, authority) = (serve.url(""), tls.authority());
        let args = [&url, &authority, checksum, sent, KEY, secret, TOKEN];
        let mut answers = script("s3.py", &args)?;
        answers.pop().ok_or_else(|| "boto3 got no answer".into())
    };
    for checksum in ["CRC32", "SHA1", "SHA256"] {
        checks.check(&format!("boto3, chunks with a {checksum}"), || {
            let answer = upload(&lenient, checksum, BODY, SECRET)?;
            accepted(&answer, "PUT", "/rock/of%20ages/a%2Bb", BODY)
        });
        checks.check(&format!("boto3, a changed chunk with a {checksum}"), || {
            upload(&lenient, checksum, "hello counterfeit", SECRET)?.is(403)
        });
    }
    checks.check("boto3, chunks, wrong secret", || {
        upload(&lenient, "CRC32", BODY, "hakuna matata")?.is(403)
    });
    checks.check("boto3, chunks where a body has to be signed", || {
        upload(&strict, "CRC32", BODY, SECRET)?.is(403)
    });
    Ok(())
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
