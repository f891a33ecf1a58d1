//! The sockets on loopback.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::TcpListener;
use url::{Host, Url};

const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// How many ports are tried until one is free on both addresses.
const TRIES: usize = 16;

/// The addresses that a redirect URI leads to, if it is one that can be listened on.
pub(super) fn addresses(redirect_uri: &Url) -> Option<Vec<IpAddr>> {
    if redirect_uri.scheme() != "http" {
        return None;
    }
    match redirect_uri.host()? {
        Host::Ipv4(address) if address.is_loopback() => Some(vec![address.into()]),
        Host::Ipv6(address) if address.is_loopback() => Some(vec![address.into()]),
        Host::Domain("localhost") => Some(vec![V4, V6]),
        _ => None,
    }
}

/// Both loopback addresses, as a browser may resolve `localhost` to either.
pub(super) fn both() -> Vec<IpAddr> {
    vec![V4, V6]
}

/// Binds all of them to one port; 0 is any that is free.
pub(super) async fn bind(addresses: &[IpAddr], port: u16) -> io::Result<Vec<TcpListener>> {
    for _ in 1..TRIES {
        match bind_once(addresses, port).await {
            Err(error) if port == 0 && error.kind() == io::ErrorKind::AddrInUse => {}
            result => return result,
        }
    }
    bind_once(addresses, port).await
}

/// An address that the system does not have is left out; one whose port another program has is an error, as that program
/// would be sent the answer.
async fn bind_once(addresses: &[IpAddr], port: u16) -> io::Result<Vec<TcpListener>> {
    let mut port = port;
    let mut bound = Vec::new();
    let mut missing = None;
    for address in addresses {
        match TcpListener::bind(SocketAddr::new(*address, port)).await {
            Ok(listener) => {
                port = listener.local_addr()?.port();
                bound.push(listener);
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
            Err(error) => missing = Some(error),
        }
    }
    match (bound.is_empty(), missing) {
        (true, Some(error)) => Err(error),
        _ => Ok(bound),
    }
}
