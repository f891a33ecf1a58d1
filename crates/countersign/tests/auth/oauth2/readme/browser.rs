use countersign::{Fetch, Result, oauth2::{OAuth2, browser::Browser}, token::FileStore};

// a person in the browser, with PKCE; the token outlasts the program
fn in_the_browser(fetch: impl Fetch) -> Result<OAuth2> {
    OAuth2::authorization_code("https://login.example/authorize", "https://login.example/token", "shop")
        .scope("openid orders:read")
        .user_agent(Browser::new())
        .build_with(fetch, FileStore::new("tokens"))
}
