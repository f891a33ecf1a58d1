use countersign::{Fetch, Result, oauth2::OAuth2};

// any other grant, by the fields of its form
fn exchanged(fetch: impl Fetch) -> Result<OAuth2> {
    let fields = [("subject_token", "eyJ..."), ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt")];
    OAuth2::custom("https://login.example/token", "urn:ietf:params:oauth:grant-type:token-exchange", fields).build(fetch)
}
