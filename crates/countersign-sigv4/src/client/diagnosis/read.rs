//! What a refusal's body says of the signature that was expected.

use std::borrow::Cow;

/// What stands before the canonical request and the string to sign in a message, each in single quotes.
const CANONICAL: &str = "The Canonical String for this request should have been";
const TO_SIGN: &str = "The String-to-Sign should have been";

#[derive(Debug, Default, PartialEq)]
pub(super) struct Expected {
    pub(super) canonical_request: Option<String>,
    pub(super) string_to_sign: Option<String>,
}

/// Reads the elements that S3 sends, or the sentences in the message of any other service, in XML or in JSON.
pub(super) fn expected(body: &[u8]) -> Expected {
    let text = String::from_utf8_lossy(body);
    let message = match serde_json::from_str::<serde_json::Value>(&text) {
        Ok(json) => ["message", "Message"]
            .iter()
            .find_map(|name| json.get(name)?.as_str().map(str::to_owned)),
        Err(_) => element(&text, "Message"),
    };
    let quoted = |mark| message.as_deref().and_then(|text| quoted(text, mark));
    Expected {
        canonical_request: element(&text, "CanonicalRequest").or_else(|| quoted(CANONICAL)),
        string_to_sign: element(&text, "StringToSign").or_else(|| quoted(TO_SIGN)),
    }
}

/// The text of the first element of this name.
fn element(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    Some(unescaped(text))
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let found = after.split_once(';');
        match found.and_then(|(name, after)| Some((entity(name)?, after))) {
            Some((letter, after)) => {
                out.push(letter);
                rest = after;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// A character that XML writes by a name or a number.
fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        number => {
            let number = number.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

/// What stands in single quotes behind a sentence; a quote in it ends nothing unless its line ends too.
fn quoted(text: &str, mark: &str) -> Option<String> {
    let (_, rest) = text.split_once(mark)?;
    let rest: Cow<'_, str> = match rest.contains('\r') {
        true => rest.replace("\r\n", "\n").into(),
        false => rest.into(),
    };
    let (_, rest) = rest.split_once('\'')?;
    let end = rest.find("'\n").or_else(|| rest.rfind('\''))?;
    Some(rest[..end].to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn both(canonical: &str, text: &str) -> Expected {
        Expected {
            canonical_request: Some(canonical.into()),
            string_to_sign: Some(text.into()),
        }
    }

    #[test]
    fn what_s3_says() {
        let xml = "<?xml version=\"1.0\"?>\n<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message>\
            <StringToSign>A\nB</StringToSign><StringToSignBytes>41 0a</StringToSignBytes>\
            <CanonicalRequest>GET\n/\na=1&amp;b=&#x27;&#39;&lt;&unknown;&\n</CanonicalRequest></Error>";
        assert_eq!(
            expected(xml.as_bytes()),
            both("GET\n/\na=1&b=''<&unknown;&\n", "A\nB")
        );
    }

    const SENTENCES: &str = "The request signature we calculated does not match. The Canonical String for this \
        request should have been\n'GET\n/it's\n\nhash'\n\nThe String-to-Sign should have been\n'A\nB'\n";

    #[test]
    fn what_other_services_say() {
        let right = both("GET\n/it's\n\nhash", "A\nB");
        let json =
            serde_json::json!({"__type": "x#InvalidSignatureException", "message": SENTENCES});
        assert_eq!(expected(json.to_string().as_bytes()), right);
        let json = serde_json::json!({"Message": SENTENCES.replace('\n', "\r\n")});
        assert_eq!(expected(json.to_string().as_bytes()), right);
        let xml =
            format!("<ErrorResponse><Error><Message>{SENTENCES}</Message></Error></ErrorResponse>");
        assert_eq!(expected(xml.as_bytes()), right);
    }

    #[test]
    fn what_says_nothing() {
        for body in [
            &b""[..],
            b"{}",
            b"<CanonicalRequest>",
            b"\xff\xfe",
            b"{\"message\":\"no\"}",
            b"<Message>The Canonical String for this request should have been</Message>",
        ] {
            assert_eq!(expected(body), Expected::default());
        }
    }
}
