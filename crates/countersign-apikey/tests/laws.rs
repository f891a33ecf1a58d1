//! What holds for all keys: the server accepts what the client sends, and nothing else; nothing shows a key.
#![allow(clippy::unwrap_used)]

countersign_testkit::watched!();

use countersign_apikey::{ApiKey, ApiKeyVerifier, Keys, MemoryKeys, Place};
use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{Begin, Error, ErrorKind, Payload, Secret, Sign};
use http::{HeaderValue, Request, request};
use proptest::prelude::*;

const PLACES: [Place; 3] = [Place::Header, Place::Query, Place::Cookie];

fn judge(verifier: &ApiKeyVerifier<MemoryKeys>, head: &request::Parts) -> Result<String, Reason> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    match runtime
        .block_on(verifier.verify(head, &Payload::default()))
        .unwrap()
    {
        Verdict::Accept(accepted) => Ok(accepted.principal),
        Verdict::Refuse(refusal) => Err(refusal.reason),
    }
}

fn verifier(place: Place, name: &str, key: &str) -> ApiKeyVerifier<MemoryKeys> {
    let keys = MemoryKeys::new([(key, "billing"), ("another key", "shop")]);
    ApiKeyVerifier::new("r", place, name, keys).unwrap()
}

fn signed(key: &ApiKey) -> request::Parts {
    let request = Request::get("https://h/?a=b")
        .header("cookie", "c=d")
        .header("e", "f");
    let (mut head, ()) = request.body(()).unwrap().into_parts();
    key.sign(&mut head, &mut Payload::default()).unwrap();
    head
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_server_accepts_what_the_client_sends(
        name in "x-[a-zA-Z0-9_.-]{1,12}",
        key in "\\PC{1,40}",
    ) {
        for place in PLACES {
            let Ok(client) = ApiKey::new(place, &name, &key) else {
                prop_assert_ne!(place, Place::Query);
                continue;
            };
            let judged = judge(&verifier(place, &name, &key), &signed(&client));
            prop_assert_eq!(judged, Ok("billing".to_owned()), "{:?}", place);
        }
    }

    #[test]
    fn a_printable_key_goes_everywhere(key in "[-._~+/A-Za-z0-9]{1,60}={0,2}") {
        for place in PLACES {
            prop_assert!(ApiKey::new(place, "k", &key).is_ok());
        }
    }

    #[test]
    fn one_changed_byte_is_refused(
        key in "[!-~]{1,40}",
        at in any::<prop::sample::Index>(),
        change in 1_u8..=255,
    ) {
        let mut line = key.clone().into_bytes();
        let at = at.index(line.len());
        line[at] ^= change;
        let Ok(value) = HeaderValue::from_bytes(&line) else { return Ok(()) };
        let mut head = signed(&ApiKey::header("k", &key).unwrap());
        head.headers.insert("k", value);
        prop_assert_eq!(judge(&verifier(Place::Header, "k", &key), &head), Err(Reason::Rejected));
    }

    #[test]
    fn no_query_escapes_its_parameter(key in "\\PC{1,40}") {
        let uri = signed(&ApiKey::query("k", &key).unwrap()).uri;
        let query = uri.query().unwrap();
        prop_assert!(query.starts_with("a=b&k="));
        prop_assert_eq!(query.matches(['&', '#']).count(), 1);
        prop_assert_eq!(query.matches('=').count(), 2);
    }
}

#[test]
fn several_keys_must_all_be_right_and_belong_together() {
    let keys = [("id", "billing"), ("secret", "billing"), ("other", "shop")];
    let verifier = ApiKeyVerifier::new("r", Place::Header, "id", MemoryKeys::new(keys)).unwrap();
    let verifier = verifier.and(Place::Query, "secret").unwrap();
    let sent = |secret| {
        let id = ApiKey::header("id", "id").unwrap();
        judge(
            &verifier,
            &signed(&id.and(ApiKey::query("secret", secret).unwrap()).unwrap()),
        )
    };
    assert_eq!(sent("secret"), Ok("billing".to_owned()));
    assert_eq!(sent("other"), Err(Reason::Rejected));
    assert_eq!(sent("wrong"), Err(Reason::Rejected));
    for alone in [
        ApiKey::header("id", "id"),
        ApiKey::query("secret", "secret"),
    ] {
        assert_eq!(
            judge(&verifier, &signed(&alone.unwrap())),
            Err(Reason::Missing)
        );
    }
    assert!(verifier.clone().and(Place::Header, "ID").is_err());
    assert!(verifier.and(Place::Cookie, "a b").is_err());
}

/// Keys that cannot be looked up.
struct Down;

impl Keys for Down {
    fn find(&self, _: Secret) -> Begin<Option<String>> {
        Begin::wait(async { Err(Error::new(ErrorKind::Fetch, "down")) })
    }
}

#[tokio::test]
async fn keys_that_are_down_let_nobody_in() {
    let head = signed(&ApiKey::header("k", "v").unwrap());
    let verifier = ApiKeyVerifier::new("r", Place::Header, "k", Down).unwrap();
    let verdict = verifier.verify(&head, &Payload::default()).await;
    assert_eq!(verdict.unwrap_err().kind(), ErrorKind::Fetch);
}

#[test]
fn no_debug_shows_a_key() {
    let keys = ApiKey::header("k", "CANARY")
        .unwrap()
        .and(ApiKey::query("k", "CANARY").unwrap());
    let keys = keys
        .unwrap()
        .and(ApiKey::cookie("k", "CANARY").unwrap())
        .unwrap();
    let list = MemoryKeys::new([("CANARY", "label")]);
    let verifier = verifier(Place::Header, "k", "CANARY");
    let headers = signed(&keys).headers;
    let shown = format!("{keys:?} {list:?} {verifier:?} {headers:?}");
    assert!(!shown.contains("CANARY"), "{shown}");
    for place in PLACES {
        let error = ApiKey::new(place, "k", "CANARY\r\n").unwrap_err();
        assert!(!format!("{error:?} {error}").contains("CANARY"));
    }
}
