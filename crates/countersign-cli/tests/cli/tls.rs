//! TLS on both sides.

use std::path::PathBuf;

use tempfile::TempDir;

use crate::support::{Serve, send};

pub(crate) struct Site {
    pub(crate) serve: Serve,
    folder: TempDir,
}

impl Site {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made =
            rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()])
                .unwrap();
        std::fs::write(folder.path().join("cert.pem"), made.cert.pem()).unwrap();
        std::fs::write(
            folder.path().join("key.pem"),
            made.signing_key.serialize_pem(),
        )
        .unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let serve = Serve::start(&[
            "--auth",
            "digest",
            "--set",
            "username=u",
            "--set",
            "password=p",
            "--tls-cert",
            &path("cert.pem"),
            "--tls-key",
            &path("key.pem"),
        ]);
        Self { serve, folder }
    }

    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    pub(crate) fn send(&self, args: &[&str]) -> crate::support::Run {
        let login = [
            "--auth",
            "digest",
            "--set",
            "username=u",
            "--set",
            "password=p",
            "--json",
        ];
        send(
            &[
                &["POST", &self.serve.url("/t?x=1"), "-d", "abc"],
                &login[..],
                args,
            ]
            .concat(),
        )
    }
}

#[test]
fn a_certificate_is_trusted_by_its_file_or_not_at_all() {
    let site = Site::start();
    assert!(site.serve.url("").starts_with("https://127.0.0.1:"));
    let untrusted = site.send(&[]);
    assert_eq!(untrusted.code, 7, "{}", untrusted.printed());
    let path = site.certificate();
    for trust in [
        &["-k"][..],
        &["--cacert", path.to_str().unwrap()],
        &["-k", "--http1.1"],
    ] {
        let run = site.send(trust);
        assert_eq!(run.code, 0, "{trust:?}: {}", run.printed());
    }
}

#[test]
fn the_host_is_shown_where_it_was_sent() {
    let site = Site::start();
    let hosts = |args: &[&str]| {
        let json = site.send(args).json();
        crate::support::header(&json["legs"][0]["request"], "host").len()
    };
    assert_eq!(hosts(&["-k"]), 0, "HTTP/2 has :authority");
    assert_eq!(hosts(&["-k", "--http1.1"]), 1);
}

#[test]
fn another_certificate_is_not_trusted() {
    let (site, other) = (Site::start(), Site::start());
    let run = site.send(&["--cacert", other.certificate().to_str().unwrap()]);
    assert_eq!(run.code, 7, "{}", run.printed());
    assert!(
        run.json()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("certificate")
    );
}
