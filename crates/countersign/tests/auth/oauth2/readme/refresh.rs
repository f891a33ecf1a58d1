use countersign::{Fetch, Result, oauth2::OAuth2};

// a refresh token from elsewhere
fn refreshed(fetch: impl Fetch) -> Result<OAuth2> {
    OAuth2::refresh_token("https://login.example/token", "shop", "tGzv3JOkF0XG5Qx2TlKWIA").build(fetch)
}
