//! What a server received, without what may differ.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::All;
use crate::Result;
use crate::peers::curl::Curl;
use crate::peers::server::Server;

/// The header that names the request.
const ITEM: &str = "x-item";

/// One leg.
#[derive(Debug, PartialEq)]
pub(super) struct Received {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

/// What a run sends, by the names of its requests.
pub(super) fn of_each(server: &Server, run: impl FnOnce() -> Result) -> Result<All> {
    log(server)?;
    run()?;
    let mut all = All::new();
    for leg in log(server)?.as_array().into_iter().flatten() {
        let (name, received) = read(leg)?;
        match all.iter_mut().find(|(known, _)| *known == name) {
            Some((_, legs)) => legs.push(received),
            None => all.push((name, vec![received])),
        }
    }
    Ok(all)
}

/// What was received since the last time.
fn log(server: &Server) -> Result<Value> {
    let answer = Curl::get(&server.url("/-/log")).answer()?;
    Ok(serde_json::from_str(&answer.body)?)
}

fn read(leg: &Value) -> Result<(String, Received)> {
    let text = |key: &str| leg[key].as_str().unwrap_or_default().to_owned();
    let body = BASE64_STANDARD.decode(text("body"))?;
    let mut body = String::from_utf8_lossy(&body).into_owned();
    let pairs = leg["headers"].as_array().into_iter().flatten();
    let pairs = pairs.filter_map(|pair| Some((pair[0].as_str()?, pair[1].as_str()?)));
    let (mut headers, mut name) = (Vec::new(), String::new());
    for (key, value) in pairs {
        match key {
            ITEM => name = value.to_owned(),
            "content-type" => headers.push((key.into(), without_boundary(value, &mut body))),
            "authorization" => headers.push((key.into(), parts(value).join(", "))),
            _ if key.starts_with("x-") => headers.push((key.into(), value.into())),
            _ => {}
        }
    }
    headers.sort();
    let received = Received {
        method: text("method"),
        target: text("url"),
        headers,
        body,
    };
    Ok((name, received))
}

/// Each makes one of its own.
fn without_boundary(value: &str, body: &mut String) -> String {
    let Some((kind, boundary)) = value.split_once("boundary=") else {
        return value.to_owned();
    };
    *body = body.replace(boundary.trim_matches('"'), "boundary");
    kind.to_owned()
}

/// The parameters of credentials, sorted and without quotes.
fn parts(value: &str) -> Vec<String> {
    let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
    let mut quoted = false;
    let pieces = rest.split(|letter| {
        quoted ^= letter == '"';
        letter == ',' && !quoted
    });
    let mut parts: Vec<_> = pieces.map(|piece| piece.trim().replace('"', "")).collect();
    parts.sort();
    parts.insert(0, scheme.to_owned());
    parts
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn the_order_and_the_quotes_of_parameters_do_not_matter() {
        let one = parts(r#"Digest a="x, y", b=c"#);
        assert_eq!(one, parts(r#"Digest b="c",a="x, y""#));
        assert_ne!(one, parts(r#"Digest b="d",a="x, y""#));
        assert_ne!(parts("Basic eA=="), parts("Basic eB=="));
    }
}
