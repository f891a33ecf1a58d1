//! HTTP authentication for Rust, client and server, as reqwest and tower middleware.
