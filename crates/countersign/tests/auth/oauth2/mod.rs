//! `oauth2`: the token that is given or had by a grant, and what is asked of the authorization server for it.

mod grants;
#[cfg(all(feature = "oauth2-browser", feature = "reqwest"))]
mod readme;

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use countersign::token::MemoryStore;
use countersign::verify::Reason;
use countersign::{
    Auth, AuthType, Begin, ErrorKind, Fetch, Options, Parameters, Settings, preview, verifier,
};
use http::{Request, Response};
use serde_json::json;

use super::{at, auth, header, judged, now, signed};

type Pairs = Vec<(String, String)>;

type Seen = (Request<Bytes>, Pairs);

/// A token endpoint, what it saw (the request, and its form), and the type of its tokens if it says one.
#[derive(Clone, Default)]
struct Server(Arc<Mutex<Vec<Seen>>>, Option<&'static str>);

impl Server {
    fn of(token_type: &'static str) -> Self {
        Self(Arc::default(), Some(token_type))
    }
}

impl Fetch for Server {
    fn fetch(&self, request: Request<Bytes>) -> Begin<Response<Bytes>> {
        let form = decoded(&String::from_utf8_lossy(request.body()));
        let mut seen = self.0.lock().unwrap();
        seen.push((request, form));
        let mut token = json!({"access_token": format!("t{}", seen.len()), "expires_in": 60});
        if let Some(token_type) = self.1 {
            token["token_type"] = token_type.into();
        }
        Begin::ready(Response::new(token.to_string().into()))
    }
}

fn decoded(form: &str) -> Pairs {
    use countersign::canonical::percent::{Plus, decode};
    let text = |part: &str| {
        let bytes = decode(part.as_bytes(), Plus::Space).unwrap();
        String::from_utf8(bytes.into_owned()).unwrap()
    };
    let pairs = form.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (text(name), text(value)))
        .collect()
}

fn get<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    let found = pairs.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str())
}

const CLIENT: [(&str, &str); 3] = [
    ("accessTokenUrl", "https://as.example/token"),
    ("clientId", "shop&co"),
    ("clientSecret", "s3cret:of the client"),
];

fn made(set: &[(&str, &str)], options: &Options) -> countersign::Result<Auth> {
    let all = [&CLIENT[..], set].concat();
    let parameters: Parameters = all.into_iter().collect();
    Auth::from_parameters(AuthType::OAuth2, &parameters, options)
}

/// The line of a request that has its token by this grant.
async fn sent(auth: &Auth) -> countersign::Result<String> {
    let request = Request::get("https://api.example/")
        .body(Bytes::new())
        .unwrap();
    let request = preview(auth, &Settings::default(), request).await?.request;
    Ok(request.headers()["authorization"]
        .to_str()
        .unwrap()
        .to_owned())
}

/// What the token endpoint sees of a grant, once the token was sent.
async fn asked(set: &[(&str, &str)]) -> (Request<Bytes>, Pairs) {
    let server = Server::default();
    let auth = made(set, &Options::new().fetch(server.clone())).unwrap();
    assert_eq!(sent(&auth).await.unwrap(), "Bearer t1");
    assert_eq!(sent(&auth).await.unwrap(), "Bearer t1");
    let mut seen = server.0.lock().unwrap();
    assert_eq!(seen.len(), 1, "{set:?}");
    seen.remove(0)
}

#[test]
fn a_given_token_goes_where_it_is_told() {
    let line = |set: &[(&'static str, &'static str)]| {
        let set = [&[("accessToken", "t0ken")], set].concat();
        header(
            &auth(AuthType::OAuth2, &set, false).unwrap(),
            "authorization",
        )
    };
    assert_eq!(line(&[]), "Bearer t0ken");
    assert_eq!(line(&[("headerPrefix", " Token ")]), "Token t0ken");
    assert_eq!(line(&[("headerPrefix", "")]), "t0ken");
    assert_eq!(
        line(&[("grant_type", "client_credentials")]),
        "Bearer t0ken"
    );
    let set = [("accessToken", "t0ken"), ("addTokenTo", "queryParams")];
    let request = signed(&auth(AuthType::OAuth2, &set, false).unwrap()).request;
    assert_eq!(request.uri().query(), Some("x=1&access_token=t0ken"));
    assert!(request.headers().is_empty());
}

/// To Postman a prefix that is `null` was not given, and an empty one leaves the token bare.
#[test]
fn a_prefix_that_is_null_is_bearer() {
    for (prefix, line) in [
        ("null", "Bearer t0ken"),
        ("\"\"", "t0ken"),
        ("\" Token \"", "Token t0ken"),
    ] {
        let map = format!(r#"{{"accessToken": "t0ken", "headerPrefix": {prefix}}}"#);
        let list = format!(
            r#"[{{"key": "accessToken", "value": "t0ken"}}, {{"key": "headerPrefix", "value": {prefix}}}]"#
        );
        for set in [map, list] {
            let json = format!(r#"{{"type": "oauth2", "oauth2": {set}}}"#);
            let auth: Auth = serde_json::from_str(&json).unwrap();
            assert_eq!(header(&auth, "authorization"), line, "{json}");
        }
    }
}

#[tokio::test]
async fn answers_can_be_read_strictly_and_types_accepted() {
    let grant = ("grant_type", "client_credentials");
    let error = refusal(&[grant, ("strict", "true")]).await;
    assert!(error.contains("RFC 6749"), "{error}");
    let mac = Server::of("mac");
    let options = || Options::new().fetch(mac.clone());
    let error = sent(&made(&[grant], &options()).unwrap())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("type mac"), "{error}");
    let set = [grant, ("acceptTokenType", "bot MAC")];
    let line = sent(&made(&set, &options()).unwrap()).await.unwrap();
    assert_eq!(line, "Bearer t2");
}

async fn refusal(set: &[(&str, &str)]) -> String {
    let options = Options::new().fetch(Server::default());
    sent(&made(set, &options).unwrap())
        .await
        .unwrap_err()
        .to_string()
}

#[test]
fn a_token_stands_in_one_place_alone() {
    let auth = auth(AuthType::OAuth2, &[("accessToken", "new")], false).unwrap();
    let request = Request::get("https://h.example/?access_token=old&a=1");
    let request = request.body(Bytes::new()).unwrap();
    let request = now(preview(&auth, &Settings::default(), request))
        .unwrap()
        .request;
    assert_eq!(request.uri(), "https://h.example/?a=1");
    assert_eq!(request.headers()["authorization"], "Bearer new");
}

#[tokio::test]
async fn a_store_is_shared() {
    let (server, store) = (Server::default(), Arc::new(MemoryStore::new()));
    let options = Options::new()
        .fetch(server.clone())
        .store(Arc::clone(&store));
    let set = [("grant_type", "client_credentials")];
    for _ in 0..2 {
        assert_eq!(
            sent(&made(&set, &options).unwrap()).await.unwrap(),
            "Bearer t1"
        );
    }
    let other = made(
        &[&set[..], &[("environment", "staging")]].concat(),
        &options,
    )
    .unwrap();
    assert_eq!(sent(&other).await.unwrap(), "Bearer t2");
}

#[tokio::test]
async fn without_a_person_there_is_no_token() {
    let options = Options::new().fetch(Server::default());
    let set = [
        ("grant_type", "implicit"),
        ("authUrl", "https://as.example/authorize"),
    ];
    let error = sent(&made(&set, &options).unwrap()).await.unwrap_err();
    let source = std::error::Error::source(&error).unwrap();
    let refused = source
        .downcast_ref::<countersign::token::Refused>()
        .unwrap();
    assert!(refused.needs_person(), "{refused}");
}

#[test]
fn a_grant_needs_a_way_to_its_server() {
    let set = [("grant_type", "client_credentials")];
    let error = made(&set, &Options::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("Options::fetch"), "{error}");
}

#[test]
fn addresses_that_the_grant_does_not_use_are_not_read() {
    let unused = [
        ("grant_type", "client_credentials"),
        ("authUrl", "{{authUrl}}"),
        ("redirect_uri", "{{redirect}}"),
        ("deviceAuthorizationUrl", "{{device}}"),
        ("useBrowser", "true"),
    ];
    let auth = made(&unused, &Options::new().fetch(Server::default())).unwrap();
    assert_eq!(auth.ignored(), [""; 0]);
}

#[test]
fn what_cannot_be_used_is_an_error_and_shows_no_secret() {
    let grant = ("grant_type", "client_credentials");
    let code = ("grant_type", "authorization_code");
    let table: [&[(&str, &str)]; 14] = [
        &[],
        &[("grant_type", "client_credential")],
        &[grant, ("accessTokenUrl", "http://as.example/token")],
        &[grant, ("clientId", "")],
        &[grant, ("client_authentication", "headers")],
        &[grant, ("addTokenTo", "body")],
        &[grant, ("tokenRequestParams", "hunter2")],
        &[
            grant,
            (
                "tokenRequestParams",
                r#"[{"key": "a", "value": "hunter2", "send_as": "x"}]"#,
            ),
        ],
        &[
            grant,
            (
                "tokenRequestParams",
                r#"[{"key": "client_secret", "value": "hunter2"}]"#,
            ),
        ],
        &[grant, ("useIdToken", "yes")],
        &[code, ("authUrl", "")],
        &[
            code,
            ("authUrl", "https://as.example/a"),
            ("challengeAlgorithm", "MD5"),
        ],
        &[
            code,
            ("authUrl", "https://as.example/a"),
            ("code_verifier", "hunter2"),
        ],
        &[
            ("grant_type", "device_code"),
            ("deviceAuthorizationUrl", "https://as.example/d"),
        ],
    ];
    for set in table {
        let options = Options::new().fetch(Server::default());
        let error = made(set, &options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{set:?}");
        let shown = format!("{error:?} {error} {options:?}");
        assert!(
            !shown.contains("hunter2") && !shown.contains("s3cret"),
            "{shown}"
        );
    }
    let mac = [("accessToken", "t"), ("tokenType", "MAC")];
    assert_eq!(
        made(&mac, &Options::new()).unwrap_err().kind(),
        ErrorKind::Unsupported
    );
}

#[test]
fn clear_text_is_for_those_who_allow_it() {
    let set = [
        ("grant_type", "client_credentials"),
        ("accessTokenUrl", "http://as.example/token"),
    ];
    let options = Options::new()
        .fetch(Server::default())
        .allow_cleartext(true);
    assert!(made(&set, &options).is_ok());
}

#[test]
fn lenient_sends_nothing_where_there_is_no_token() {
    for set in [&[][..], &[("accessToken", "t"), ("tokenType", "mac")]] {
        let auth = auth(AuthType::OAuth2, set, true).unwrap();
        assert!(signed(&auth).request.headers().is_empty(), "{set:?}");
    }
}

#[test]
fn the_server_takes_the_token_that_it_is_given() {
    let judge = |server: &[(&str, &str)], client: &[(&str, &str)]| {
        let parameters: Parameters = server.iter().copied().collect();
        let server = verifier(AuthType::OAuth2, &parameters, "cave", &at(0)).unwrap();
        let request = signed(&auth(AuthType::OAuth2, client, false).unwrap()).request;
        judged(&server, &request.into_parts().0, b"")
    };
    let (token, other) = (("accessToken", "t0ken"), ("accessToken", "other"));
    for place in [
        ("addTokenTo", "header"),
        ("addTokenTo", "queryParams"),
        ("headerPrefix", "Token"),
    ] {
        assert_eq!(
            judge(&[token, place], &[token, place]),
            Ok("oauth2".to_owned())
        );
        assert_eq!(
            judge(&[token, place], &[other, place]),
            Err(Reason::Rejected)
        );
    }
    let prefixed = [token, ("headerPrefix", "Token")];
    assert_eq!(judge(&prefixed, &[token]), Err(Reason::Missing));
    assert_eq!(
        judge(&[token], &[token, ("addTokenTo", "queryParams")]),
        Err(Reason::Missing)
    );
    for set in [
        &[("grant_type", "client_credentials")][..],
        &[token, ("headerPrefix", "")],
    ] {
        let parameters: Parameters = set.iter().copied().collect();
        let error = verifier(AuthType::OAuth2, &parameters, "cave", &at(0)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
    }
}
