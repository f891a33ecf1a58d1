//! What a token is for, from the settings.

use countersign_token::{Key, KeyBuilder};

use super::{Builder, Grant};

pub(crate) fn of(asked: &Builder) -> Key {
    let mut key = Key::builder()
        .server(server(asked))
        .client_id(&asked.client_id)
        .grant(asked.grant.name())
        .scopes(&asked.scopes)
        .resources(&asked.resources);
    if let Some(secret) = &asked.client_secret {
        key = key.client_secret(secret.expose());
    }
    if let Some(audience) = &asked.audience {
        key = key.audience(audience);
    }
    if let Some(environment) = &asked.environment {
        key = key.environment(environment);
    }
    if let Some(subject) = subject(asked) {
        key = key.subject(subject);
    }
    of_grant(
        with_parameters(with_addresses(key, asked), asked),
        &asked.grant,
    )
    .build()
}

/// The issuer, or the endpoint without its query, which may hold a secret.
fn server(asked: &Builder) -> &str {
    let urls = [&asked.issuer, &asked.token_url, &asked.authorization_url];
    let server = urls.into_iter().flatten().next().map_or("", String::as_str);
    server.split(['?', '#']).next().unwrap_or_default()
}

fn subject(asked: &Builder) -> Option<&str> {
    match &asked.grant {
        Grant::Password { username, .. } if asked.subject.is_none() => Some(username),
        _ => asked.subject.as_deref(),
    }
}

fn with_addresses(key: KeyBuilder, asked: &Builder) -> KeyBuilder {
    let urls = [
        ("token_url", &asked.token_url),
        ("authorization_url", &asked.authorization_url),
    ];
    urls.into_iter().fold(key, |key, (name, url)| match url {
        Some(url) => key.parameter(name, url),
        None => key,
    })
}

fn with_parameters(key: KeyBuilder, asked: &Builder) -> KeyBuilder {
    let all = asked.on_authorization.iter().chain(&asked.on_token);
    all.fold(key, |key, one| key.parameter(&one.name, one.value.expose()))
}

fn of_grant(key: KeyBuilder, grant: &Grant) -> KeyBuilder {
    match grant {
        Grant::RefreshToken(token) => key.parameter("refresh_token", token.expose()),
        Grant::Custom { fields, .. } => fields.iter().fold(key, |key, (name, value)| {
            key.parameter(name, value.expose())
        }),
        _ => key,
    }
}
