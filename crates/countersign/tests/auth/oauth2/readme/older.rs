use countersign::{Fetch, Result, oauth2::{OAuth2, browser::Browser}};

// for servers that have nothing else: both show more than they have to
fn by_password(fetch: impl Fetch) -> Result<OAuth2> {
    OAuth2::password("https://login.example/token", "shop", "alice", "hunter2").build(fetch)
}

fn implicitly(fetch: impl Fetch) -> Result<OAuth2> {
    OAuth2::implicit("https://login.example/authorize", "shop").user_agent(Browser::new()).build(fetch)
}
