use countersign::{FetchLimits, oauth2::OAuth2, reqwest::{ClientWithMiddleware, ReqwestFetch}};

// the client in its own name
fn client() -> Result<ClientWithMiddleware, Box<dyn std::error::Error>> {
    let fetch = ReqwestFetch::new(reqwest::Client::builder(), FetchLimits::default())?;
    let api = OAuth2::client_credentials("https://login.example/token", "shop", "s3cret")
        .scope("orders:read")
        .build(fetch)?;
    Ok(countersign::reqwest::client(reqwest::Client::builder(), api)?)
}
