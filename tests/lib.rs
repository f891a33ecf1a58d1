//! What the tests beside this file share: the schemes as cases, the drivers behind one type, a server in axum.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/app.rs"]
pub mod app;
#[path = "support/cases.rs"]
pub mod cases;
#[path = "support/driver.rs"]
pub mod driver;
#[path = "support/load.rs"]
pub mod load;
#[path = "support/net.rs"]
pub mod net;
#[path = "support/proxy.rs"]
pub mod proxy;
#[path = "support/serving.rs"]
pub mod serving;
#[path = "support/tunnels.rs"]
pub mod tunnels;

pub use app::App;
pub use driver::{Client, Driver, Failed, Fetcher, Setup};
pub use load::Load;
