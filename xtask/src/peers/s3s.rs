//! s3s-fs, which verifies presigned URLs and every signed chunk.

use super::checks::Checks;
use super::installed;
use super::objects::{self, BARE, NAMES};
use super::send::{ACCEPTED, REFUSED, Send};
use super::server::{Folder, Server, free_port};
use crate::Result;

const KEY: [&str; 2] = ["AKIDPRIDE", "circle/of+life"];
const PATH: &str = "/rock/of%20ages/a+b";

/// How a request is signed.
const FORMS: [(&str, &[(&str, &str)]); 5] = [
    ("whole body", &[]),
    ("signed chunks", &[("chunked", "true")]),
    (
        "signed chunks, a checksum",
        &[("chunked", "true"), ("checksum", "crc32c")],
    ),
    (
        "chunks not signed, a checksum",
        &[
            ("chunked", "true"),
            ("checksum", "crc64nvme"),
            ("unsignedPayload", "true"),
        ],
    ),
    ("body not signed", &[("unsignedPayload", "true")]),
];

/// PUT, GET and presigned URLs, with the body whole, in signed chunks and not signed.
pub(super) fn check(checks: &mut Checks) -> Result {
    let s3 = start()?;
    // Several chunks, the last of them short.
    let body: Vec<u8> = (0..200_000_u32).map(|index| index as u8).collect();
    for (name, set) in FORMS {
        let put = || Send::new("PUT", s3.url(PATH)).stdin(&body);
        let right = || {
            set.iter()
                .fold(signed(put()), |send, (key, value)| send.set(key, value))
        };
        checks.check(&format!("PUT, {name}"), || {
            right().exits(ACCEPTED)?.legs(1)?;
            signed(Send::new("GET", s3.url(PATH)))
                .exits(ACCEPTED)?
                .body(&body)
                .map(drop)
        });
        checks.check(&format!("PUT, {name}, wrong secret"), || {
            right()
                .set("secretKey", "hakuna matata")
                .exits(REFUSED)
                .map(drop)
        });
    }
    presigned(checks, &s3, &body);
    names(checks, &s3);
    Ok(())
}

/// s3s knows a path as it was sent and as the key that it spells.
fn names(checks: &mut Checks, s3: &Server) {
    let object = |style: &'static str, query: &'static str| {
        move |method: &str, name: &str| {
            let send = signed(Send::new(method, s3.url(&format!("/rock/{name}"))));
            send.set("pathStyle", style)
                .set("addAuthDataToQuery", query)
        }
    };
    let names = [NAMES.as_slice(), &[BARE]].concat();
    for (style, query) in [("", ""), ("encodedOnce", ""), ("encodedOnce", "true")] {
        objects::roundtrip(checks, &names, object(style, query));
    }
}

fn presigned(checks: &mut Checks, s3: &Server, body: &[u8]) {
    let presign = |send| signed(send).set("addAuthDataToQuery", "true");
    let get = || presign(Send::new("GET", s3.url(PATH)));
    checks.check("presigned GET", || {
        get().exits(ACCEPTED)?.body(body).map(drop)
    });
    checks.check("presigned GET, wrong secret", || {
        get()
            .set("secretKey", "hakuna matata")
            .exits(REFUSED)
            .map(drop)
    });
    checks.check("presigned PUT", || {
        let put = Send::new("PUT", s3.url("/rock/presigned")).args(&["-d", "hello"]);
        presign(put).exits(ACCEPTED)?;
        signed(Send::new("GET", s3.url("/rock/presigned")))
            .exits(ACCEPTED)?
            .body(b"hello")
            .map(drop)
    });
}

fn signed(send: Send) -> Send {
    let send = send
        .args(&["--auth", "awsv4", "--raw"])
        .set("service", "s3");
    send.set("accessKey", KEY[0]).set("secretKey", KEY[1])
}

fn start() -> Result<Server> {
    let (folder, port) = (Folder::new()?, free_port()?);
    // A bucket is a folder.
    std::fs::create_dir_all(folder.path().join("data/rock"))?;
    let (port_text, program) = (port.to_string(), installed("s3s/bin/s3s-fs"));
    let key = ["--access-key", KEY[0], "--secret-key", KEY[1]];
    let listen = ["--host", "127.0.0.1", "--port", &port_text, "data"];
    Server::start(folder, port, &program, &[key.as_slice(), &listen].concat())
}
