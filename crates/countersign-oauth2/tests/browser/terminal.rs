//! Where no browser can be opened.

use std::time::Duration;

use countersign_oauth2::browser::Browser;
use countersign_token::{RefusedKind, Source};
use tokio::sync::mpsc;
use url::Url;

use crate::flow::{Person, code};
use crate::support::{self, AUTHORIZATION_URL, DEVICE_URL, Server, access, source};

/// A browser that cannot be opened, and who is there instead.
fn without_browser(is_there: bool) -> (Browser, Person, mpsc::UnboundedSender<String>) {
    let (person, paste) = Person::new(is_there);
    let fails = |_: &str| Err(std::io::ErrorKind::NotFound.into());
    let browser = Browser::new().open(fails).console(person.clone());
    (browser.deadline(Duration::from_secs(10)), person, paste)
}

/// Waits until the person was shown a URL.
async fn shown(person: &Person) -> Url {
    loop {
        let said = person.said();
        if let Some(url) = said
            .split_whitespace()
            .find(|word| word.starts_with(AUTHORIZATION_URL))
        {
            return Url::parse(url).unwrap();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn of(url: &Url, name: &str) -> String {
    let mut pairs = url.query_pairs().filter(|(known, _)| known == name);
    pairs.next().unwrap().1.into_owned()
}

#[tokio::test]
async fn without_a_browser_the_address_is_shown_and_the_redirect_pasted() {
    for redirect in [
        None,
        Some("https://client.example/cb"),
        Some("com.example.app:/oauth"),
    ] {
        let (browser, person, paste) = without_browser(true);
        let builder = code().user_agent(browser);
        let builder = match redirect {
            Some(uri) => builder.redirect_uri(uri),
            None => builder,
        };
        let server = Server::giving("t");
        let outcome = tokio::spawn(source(builder, &server).obtain(None));
        let url = shown(&person).await;
        let uri = of(&url, "redirect_uri");
        for wrong in [
            "",
            "https://evil.example/?code=c",
            &format!("{uri}?code=c&state=no"),
        ] {
            paste.send(wrong.to_owned()).unwrap();
        }
        paste
            .send(format!("{uri}?code=pasted&state={}\n", of(&url, "state")))
            .unwrap();
        assert_eq!(access(&outcome.await.unwrap().unwrap()), "t");
        assert_eq!(server.only().get("code"), Some("pasted"));
        assert_eq!(person.said().matches("not accepted").count(), 2);
    }
}

#[tokio::test]
async fn who_leaves_the_terminal_has_given_up() {
    let (browser, person, paste) = without_browser(true);
    let outcome =
        tokio::spawn(source(code().user_agent(browser), &Server::giving("t")).obtain(None));
    shown(&person).await;
    drop(paste);
    let refused = outcome.await.unwrap().unwrap_err();
    assert_eq!(refused.kind(), RefusedKind::Interaction);
    assert!(refused.to_string().contains("given up"), "{refused}");
}

#[tokio::test]
async fn without_a_browser_and_a_person_it_says_so_at_once() {
    let (browser, _, _paste) = without_browser(false);
    let source = source(code().user_agent(browser), &Server::giving("t"));
    let refused = source.obtain(None).await.unwrap_err();
    assert_eq!(refused.kind(), RefusedKind::Interaction);
    assert!(refused.to_string().contains("browser"), "{refused}");
}

#[tokio::test]
async fn without_a_browser_the_device_grant_takes_over_where_it_is_configured() {
    let server = Server::new(|seen| {
        support::json(
            200,
            match seen.uri == DEVICE_URL {
                true => {
                    r#"{"device_code":"d","user_code":"u","verification_uri":"https://as.example/go","interval":0}"#
                }
                false => r#"{"access_token":"by-device"}"#,
            },
        )
    });
    let (browser, _, _paste) = without_browser(true);
    let builder = code()
        .device_authorization_url(DEVICE_URL)
        .on_user_code(|_| ())
        .user_agent(browser);
    let token = source(builder, &server).obtain(None).await.unwrap();
    assert_eq!(access(&token), "by-device");
}

/// No program learns that a window was closed, so the person is reminded of it each minute, and told at the end.
#[tokio::test(start_paused = true)]
async fn who_closes_the_browser_is_reminded_each_minute() {
    let (person, _paste) = Person::new(false);
    let browser = Browser::new()
        .open(|_: &str| Ok(()))
        .console(person.clone())
        .deadline(Duration::from_secs(200));
    let source = source(code().user_agent(browser), &Server::giving("t"));
    let refused = source.obtain(None).await.unwrap_err();
    assert!(refused.to_string().contains("perhaps it was closed"));
    let said = person.said();
    let reminders = said.matches("Still waiting").count();
    assert_eq!((reminders, said.matches(AUTHORIZATION_URL).count()), (3, 4));
}
