//! The README's examples, as they are printed: they are run here against a server in memory, but for what a person would
//! have to do in a browser.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use countersign::oauth2::OAuth2;
use countersign::{Begin, Fetch};
use http::{Request, Response};

use super::{Pairs, decoded, get};

/// Puts an example into a module of its name, beside what tries it.
macro_rules! example {
    ($name:ident, $file:literal; $($tried:item)*) => {
        mod $name {
            include!($file);

            #[test]
            fn is_printed_in_ten_lines() {
                super::is_printed(include_str!($file));
            }

            $($tried)*
        }
    };
}

example! {
    client, "readme/client.rs";

    #[tokio::test]
    async fn is_built() {
        assert!(client().is_ok());
    }
}

example! {
    browser, "readme/browser.rs";

    #[test]
    fn is_built() {
        super::is_of(
            &in_the_browser(super::Login::default()),
            "authorization_code",
        );
    }
}

example! {
    device, "readme/device.rs";

    #[tokio::test]
    async fn gets_a_token() {
        super::asks(on_a_device, "device_code", "d").await;
    }
}

example! {
    refresh, "readme/refresh.rs";

    #[tokio::test]
    async fn gets_a_token() {
        super::asks(refreshed, "refresh_token", "tGzv3JOkF0XG5Qx2TlKWIA").await;
    }
}

example! {
    older, "readme/older.rs";

    #[tokio::test]
    async fn gets_a_token() {
        super::asks(by_password, "password", "hunter2").await;
    }

    #[test]
    fn is_built() {
        super::is_of(&implicitly(super::Login::default()), "implicit");
    }
}

example! {
    custom, "readme/custom.rs";

    #[tokio::test]
    async fn gets_a_token() {
        super::asks(exchanged, "subject_token", "eyJ...").await;
    }
}

fn is_printed(example: &str) {
    let readme = include_str!("../../../../../README.md");
    assert!(readme.contains(&format!("```rust\n{example}```")));
    let lines = example.lines().filter(|line| !line.is_empty()).count();
    assert!(lines <= 10, "{lines} lines");
}

/// The server that the examples name, and the forms that it saw.
#[derive(Clone, Default)]
struct Login(Arc<Mutex<Vec<Pairs>>>);

impl Fetch for Login {
    fn fetch(&self, request: Request<Bytes>) -> Begin<Response<Bytes>> {
        let form = decoded(&String::from_utf8_lossy(request.body()));
        self.0.lock().unwrap().push(form);
        let answer = match request.uri().to_string().as_str() {
            "https://login.example/token" => r#"{"access_token": "t", "token_type": "Bearer"}"#,
            "https://login.example/device" => {
                r#"{"device_code": "d", "user_code": "WDJB-MJHT", "verification_uri": "https://login.example/go", "interval": 1}"#
            }
            other => panic!("{other} is no address of the examples"),
        };
        Begin::ready(Response::new(answer.into()))
    }
}

/// It gets a token by a form with this field.
async fn asks(example: impl FnOnce(Login) -> countersign::Result<OAuth2>, name: &str, value: &str) {
    let login = Login::default();
    let scheme = example(login.clone()).unwrap();
    let held = scheme.manager().unwrap().token().await.unwrap();
    assert_eq!(held.token().access.expose(), b"t");
    let form = login.0.lock().unwrap().pop().unwrap();
    assert_eq!(get(&form, name), Some(value));
}

/// It is a scheme that asks a person, which is not done here.
#[track_caller]
fn is_of(scheme: &countersign::Result<OAuth2>, grant: &str) {
    let manager = scheme.as_ref().unwrap().manager().unwrap();
    assert_eq!(manager.key().about().grant, grant);
}
