use countersign::{Fetch, Result, oauth2::OAuth2};

// a person on another device
fn on_a_device(fetch: impl Fetch) -> Result<OAuth2> {
    OAuth2::device("https://login.example/device", "https://login.example/token", "shop")
        .scope("orders:read")
        .on_user_code(|code| println!("Open {} and enter {}", code.uri, code.user_code))
        .build(fetch)
}
