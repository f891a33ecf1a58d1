//! [`ProxyStream`].

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};

/// A connection to a server, or to a proxy that forwards plain HTTP.
#[derive(Debug)]
pub struct ProxyStream<S> {
    inner: S,
    forwards: bool,
}

impl<S> ProxyStream<S> {
    /// Leads to a server.
    pub(super) fn to_server(inner: S) -> Self {
        Self {
            inner,
            forwards: false,
        }
    }

    /// Leads to a proxy, which wants requests in absolute form.
    pub(super) fn to_proxy(inner: S) -> Self {
        Self {
            inner,
            forwards: true,
        }
    }

    /// The connection below.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }
}

impl<S: Connection> Connection for ProxyStream<S> {
    fn connected(&self) -> Connected {
        self.inner.connected().proxy(self.forwards)
    }
}

impl<S: Read + Unpin> Read for ProxyStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, into)
    }
}

impl<S: Write + Unpin> Write for ProxyStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(cx, slices)
    }
}
