//! A second grammar, slow and plain: it cuts a line where a whole element first fits and shares no
//! code or technique with the crate's reader. For short lines only, since it knows no limit.

/// Scheme, token68, parameters.
pub(crate) type Reading = (String, Option<String>, Vec<(String, Vec<u8>)>);

enum Element {
    Param(String, Vec<u8>),
    Begin(Reading),
}

pub(crate) fn read(line: &[u8]) -> Vec<Reading> {
    let mut done = Vec::new();
    let mut open: Option<Reading> = None;
    let mut rest = line;
    loop {
        while let [b' ' | b'\t' | b',', tail @ ..] = rest {
            rest = tail;
        }
        if rest.is_empty() {
            break;
        }
        let ends: Vec<usize> = (0..=rest.len())
            .filter(|&at| matches!(rest.get(at), None | Some(b',')))
            .collect();
        let fit = ends
            .iter()
            .find_map(|&end| Some((classify(trim(&rest[..end]))?, end)));
        let end = match fit {
            Some((Element::Begin(reading), end)) => {
                done.extend(open.replace(reading));
                end
            }
            Some((Element::Param(name, value), end)) => {
                open = open.and_then(|reading| extend(reading, name, value));
                end
            }
            None => {
                let broken = &rest[..ends[0]];
                let before = open.take();
                done.extend(before.filter(|_| begins_challenge(broken)));
                if broken.contains(&b'"') {
                    break;
                }
                ends[0]
            }
        };
        rest = &rest[end..];
    }
    done.extend(open);
    done
}

fn extend(mut reading: Reading, name: String, value: Vec<u8>) -> Option<Reading> {
    let twice = reading
        .2
        .iter()
        .any(|(other, _)| other.to_lowercase() == name.to_lowercase());
    if twice || reading.1.is_some() {
        return None;
    }
    reading.2.push((name, value));
    Some(reading)
}

fn classify(element: &[u8]) -> Option<Element> {
    if let Some((name, value)) = param(element) {
        return Some(Element::Param(name, value));
    }
    let (scheme, rest) = split_at_space(element);
    let scheme = token(scheme)?;
    if rest.is_empty() {
        return Some(Element::Begin((scheme, None, vec![])));
    }
    if let Some(token68) = token68(rest) {
        return Some(Element::Begin((scheme, Some(token68), vec![])));
    }
    Some(Element::Begin((scheme, None, vec![param(rest)?])))
}

fn begins_challenge(broken: &[u8]) -> bool {
    let (scheme, rest) = split_at_space(broken);
    token(scheme).is_some() && !rest.is_empty() && rest[0] != b'='
}

fn param(text: &[u8]) -> Option<(String, Vec<u8>)> {
    let equals = text.iter().position(|&byte| byte == b'=')?;
    let name = token(trim(&text[..equals]))?;
    let value = trim(&text[equals + 1..]);
    let value = match value.first()? {
        b'"' => quoted(value)?,
        b'=' => return None,
        _ => bare(value)?,
    };
    Some((name, value))
}

fn bare(value: &[u8]) -> Option<Vec<u8>> {
    let stray = |byte: &u8| b" \t\",;\\\x7f".contains(byte);
    (!value.iter().any(stray)).then(|| value.to_vec())
}

fn quoted(value: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = &value[1..];
    loop {
        match rest {
            [b'"'] => return Some(out),
            [b'\\', byte, tail @ ..] => (out.push(*byte), rest = tail).1,
            [b'"' | b'\\', ..] | [] => return None,
            [byte, tail @ ..] => (out.push(*byte), rest = tail).1,
        }
    }
}

fn token(text: &[u8]) -> Option<String> {
    let text = str::from_utf8(text).ok()?;
    let symbols = "!#$%&'*+-.^_`|~";
    let fits = |c: char| c.is_ascii_alphanumeric() || symbols.contains(c);
    (!text.is_empty() && text.chars().all(fits)).then(|| text.to_owned())
}

fn token68(text: &[u8]) -> Option<String> {
    let text = str::from_utf8(text).ok()?;
    let body = text.trim_end_matches('=');
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._~+/".contains(c);
    (!body.is_empty() && body.chars().all(fits)).then(|| text.to_owned())
}

fn trim(text: &[u8]) -> &[u8] {
    text.trim_ascii()
}

fn split_at_space(text: &[u8]) -> (&[u8], &[u8]) {
    let at = text
        .iter()
        .position(|byte| b" \t".contains(byte))
        .unwrap_or(text.len());
    (&text[..at], trim(&text[at..]))
}
