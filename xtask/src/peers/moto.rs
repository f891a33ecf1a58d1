//! moto with its IAM checks on: it recomputes the signatures in headers with botocore's signers.

use std::path::Path;

use super::answer::BODY;
use super::checks::Checks;
use super::objects::{self, BARE, NAMES, NO_FILES};
use super::send::{ACCEPTED, REFUSED, Send};
use super::server::{Folder, Server, free_port};
use super::venv;
use crate::Result;

/// Allows everything.
const POLICY: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

/// How many actions are let through before signatures are checked: those of [`user`] and [`role`].
const UNCHECKED: &str = "INITIAL_NO_AUTH_ACTION_COUNT=5";

/// An access key, with a session token if it is a temporary one.
struct Key([String; 3]);

/// IAM, S3 and STS with right and wrong keys, and with a session token.
pub(super) fn check(checks: &mut Checks) -> Result {
    let moto = start()?;
    role(&moto)?;
    let lasting = user(&moto)?;
    let assumed = assume(&moto, &lasting)?;
    for (name, key) in [("lasting key", &lasting), ("temporary key", &assumed)] {
        requests(checks, &moto, name, key);
    }
    Ok(())
}

fn start() -> Result<Server> {
    let port = free_port()?;
    let program = venv().join("bin/moto_server").display().to_string();
    let args = [
        UNCHECKED,
        &program,
        "-H",
        "127.0.0.1",
        "-p",
        &port.to_string(),
    ];
    Server::start(Folder::new()?, port, Path::new("env"), &args)
}

/// One action of a service that takes forms.
fn action(moto: &Server, service: &str, key: &Key, fields: &[(&str, &str)]) -> Send {
    let send = Send::new("POST", moto.url("/")).args(&["-H", FORM]);
    let fields = fields.iter().map(|(name, value)| format!("{name}={value}"));
    let send = fields.fold(send, |send, field| send.args(&["--form", &field]));
    signed(send, service, key)
}

fn signed(send: Send, service: &str, Key([id, secret, token]): &Key) -> Send {
    let send = send
        .args(&["--auth", "awsv4", "--raw"])
        .set("service", service);
    send.set("accessKey", id)
        .set("secretKey", secret)
        .set("sessionToken", token)
}

/// Whoever is not checked.
fn anyone() -> Key {
    Key(["anyone", "anything", ""].map(str::to_owned))
}

fn role(moto: &Server) -> Result {
    let (name, iam) = (("RoleName", "pride"), |fields: &[_]| {
        action(moto, "iam", &anyone(), fields)
    });
    iam(&[
        ("Action", "CreateRole"),
        name,
        ("AssumeRolePolicyDocument", POLICY),
    ])
    .exits(ACCEPTED)?;
    let policy = [("PolicyName", "all"), ("PolicyDocument", POLICY)];
    iam(&[&[("Action", "PutRolePolicy"), name], policy.as_slice()].concat())
        .exits(ACCEPTED)
        .map(drop)
}

/// Makes a user that may do everything.
fn user(moto: &Server) -> Result<Key> {
    let (name, iam) = (("UserName", "mufasa"), |fields: &[_]| {
        action(moto, "iam", &anyone(), fields)
    });
    iam(&[("Action", "CreateUser"), name]).exits(ACCEPTED)?;
    let policy = [("PolicyName", "all"), ("PolicyDocument", POLICY)];
    iam(&[&[("Action", "PutUserPolicy"), name], policy.as_slice()].concat()).exits(ACCEPTED)?;
    let made = iam(&[("Action", "CreateAccessKey"), name]).exits(ACCEPTED)?;
    key(&made.text()?)
}

fn assume(moto: &Server, key: &Key) -> Result<Key> {
    let role = ("RoleArn", "arn:aws:iam::123456789012:role/pride");
    let fields = [("Action", "AssumeRole"), role, ("RoleSessionName", "peers")];
    let made = action(moto, "sts", key, &fields).exits(ACCEPTED)?;
    self::key(&made.text()?)
}

/// What an answer gives in XML.
fn key(xml: &str) -> Result<Key> {
    let element = |name: &str| {
        let (_, rest) = xml.split_once(&format!("<{name}>"))?;
        rest.split_once('<').map(|(text, _)| text.to_owned())
    };
    let found = element("AccessKeyId").zip(element("SecretAccessKey"));
    let (id, secret) = found.ok_or_else(|| format!("no access key in {xml}"))?;
    Ok(Key([
        id,
        secret,
        element("SessionToken").unwrap_or_default(),
    ]))
}

fn requests(checks: &mut Checks, moto: &Server, name: &str, key: &Key) {
    let s3 = |method: &str, path: &str| signed(Send::new(method, moto.url(path)), "s3", key);
    let identity = [("Action", "GetCallerIdentity"), ("Version", "2011-06-15")];
    let put = s3("PUT", "/rock/of%20ages/a+b").args(&["-d", "hello=countersign"]);
    let chunked = s3("PUT", "/rock/chunks").args(&["-d", BODY]);
    let chunked = chunked.set("chunked", "true");
    let sends = [
        ("STS, a form", action(moto, "sts", key, &identity)),
        ("S3, a bucket", s3("PUT", "/rock")),
        ("S3, PUT of an object", put),
        ("S3, GET of it", s3("GET", "/rock/of%20ages/a+b")),
        ("S3, PUT in signed chunks", chunked.clone()),
        (
            "S3, PUT in signed chunks, a checksum",
            chunked.set("checksum", "sha256"),
        ),
        (
            "S3, a query",
            s3("GET", "/rock?list-type=2&prefix=of%20ages%2F"),
        ),
    ];
    for (what, send) in &sends {
        checks.check(&format!("{name}: {what}"), || {
            send.clone().exits(ACCEPTED)?.legs(1).map(drop)
        });
    }
    checks.check(&format!("{name}: S3, what came of the chunks"), || {
        let get = s3("GET", "/rock/chunks").exits(ACCEPTED)?;
        get.body(BODY.as_bytes()).map(drop)
    });
    let names = [NAMES.as_slice(), &NO_FILES, &[BARE]].concat();
    objects::roundtrip(checks, &names, |method, object| {
        s3(method, &format!("/rock/{object}"))
    });
    for (what, send) in sends {
        checks.check(&format!("{name}: {what}, wrong secret"), || {
            send.set("secretKey", "hakuna matata")
                .exits(REFUSED)
                .map(drop)
        });
    }
}
