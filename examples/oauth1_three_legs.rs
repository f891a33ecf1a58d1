//! OAuth 1.0a in three legs: gets a token with the resource owner's consent, and calls an API with it.
//!
//! `CONSUMER_SECRET=... cargo run --example oauth1_three_legs -- https://api.example CONSUMER_KEY /resource`
//!
//! The server answers the legs at `/initiate`, `/authorize` and `/token`. The program prints the URL that the resource
//! owner opens, waits until the browser comes back to loopback, and prints what the resource answers.

use std::error::Error;

use axum::Router;
use axum::routing::get;
use countersign::FetchLimits;
use countersign::oauth1::{Credentials, Endpoints, Flow, OAuth1};
use countersign::reqwest::{AuthMiddleware, ReqwestFetch};
use http::Uri;
use reqwest::Client;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

type Failed = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [server, consumer, resource] = args.as_slice() else {
        return Err("usage: oauth1_three_legs SERVER CONSUMER_KEY RESOURCE".into());
    };
    let credentials = Credentials::new(consumer, std::env::var("CONSUMER_SECRET")?)?;
    let flow = Flow::new(OAuth1::builder(credentials), endpoints(server)?);
    let client = token(&flow).await?;
    println!("{}", call(client, &format!("{server}{resource}")).await?);
    Ok(())
}

fn endpoints(server: &str) -> Result<Endpoints, Failed> {
    let at = |path| format!("{server}{path}").parse::<Uri>();
    Ok(Endpoints {
        temporary: at("/initiate")?,
        authorization: at("/authorize")?,
        token: at("/token")?,
    })
}

/// The three legs, after which requests can be signed.
async fn token(flow: &Flow) -> Result<OAuth1, Failed> {
    let fetch = ReqwestFetch::new(Client::builder(), FetchLimits::default())?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let callback = format!("http://{}/back", listener.local_addr()?);
    let temporary = flow.temporary_credentials(&fetch, &callback).await?;
    println!("open {}", flow.authorization_url(&temporary)?);
    let verifier = temporary.verifier(&redirected(listener).await?)?;
    let token = flow.token_credentials(&fetch, temporary, &verifier).await?;
    Ok(flow.client(&token)?.build()?)
}

/// The URI with which the browser comes back.
async fn redirected(listener: TcpListener) -> Result<Uri, Failed> {
    let (sender, mut receiver) = mpsc::channel(1);
    let back = get(async move |uri: Uri| {
        // Only the first one counts.
        drop(sender.try_send(uri));
        "You can close this page."
    });
    let server = axum::serve(listener, Router::new().route("/back", back));
    tokio::select! {
        uri = receiver.recv() => uri.ok_or_else(|| "the browser did not come back".into()),
        ended = server => Err(ended.err().map_or("the server ended".into(), Failed::from)),
    }
}

async fn call(client: OAuth1, url: &str) -> Result<String, Failed> {
    let client = reqwest_middleware::ClientBuilder::new(Client::new())
        .with(AuthMiddleware::new(client))
        .build();
    let answer = client.get(url).send().await?;
    Ok(format!("{} {}", answer.status(), answer.text().await?))
}
