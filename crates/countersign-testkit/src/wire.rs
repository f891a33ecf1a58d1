//! HTTP/1.1 as bytes: requests as they arrive, and answers as a plain socket gets them.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The largest message that is read.
const MAX_MESSAGE: usize = 64 << 20;

/// A request as it was on the wire.
#[derive(Clone, Debug)]
pub struct RawRequest {
    /// Every byte, framing and all.
    pub bytes: Vec<u8>,
    /// The method.
    pub method: String,
    /// The target as it was sent.
    pub target: String,
    /// The fields in their order, names as they were spelled.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body without its framing.
    pub body: Vec<u8>,
}

impl RawRequest {
    /// The first value of a field, as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(&found.1).ok()
    }

    /// The same in the types of `http`, as a server's framework would make it.
    pub fn to_http(&self) -> Request<Bytes> {
        let mut request = Request::new(Bytes::copy_from_slice(&self.body));
        *request.method_mut() = Method::from_bytes(self.method.as_bytes()).unwrap();
        *request.uri_mut() = self.target.parse().unwrap();
        *request.headers_mut() = header_map(&self.headers);
        request
    }
}

fn header_map(headers: &[(String, Vec<u8>)]) -> HeaderMap {
    let pair = |(name, value): &(String, Vec<u8>)| {
        (
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_bytes(value).unwrap(),
        )
    };
    headers.iter().map(pair).collect()
}

/// An answer as it was on the wire.
#[derive(Clone, Debug)]
pub struct RawResponse {
    /// The status.
    pub status: StatusCode,
    /// The fields.
    pub headers: HeaderMap,
    /// The body without its framing.
    pub body: Vec<u8>,
}

/// Sends `request` over a connection of its own and reads one answer, within five seconds.
pub async fn exchange(address: SocketAddr, request: &[u8]) -> std::io::Result<RawResponse> {
    let exchange = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(request).await?;
        let message = Message::read(&mut stream)
            .await?
            .ok_or(std::io::ErrorKind::UnexpectedEof)?;
        let status = message
            .line
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .unwrap();
        Ok(RawResponse {
            status,
            headers: header_map(&message.headers),
            body: message.body,
        })
    };
    tokio::time::timeout(Duration::from_secs(5), exchange).await?
}

/// A head and a body.
pub(crate) struct Message {
    bytes: Vec<u8>,
    line: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

impl Message {
    /// Reads one message; `None` at the end of the connection.
    pub(crate) async fn read(
        stream: &mut (impl AsyncRead + Unpin),
    ) -> std::io::Result<Option<Self>> {
        let Some(head) = read_head(stream).await? else {
            return Ok(None);
        };
        let mut lines = head
            .split(|byte| *byte == b'\n')
            .map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let line = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
        let headers = lines.filter_map(field).collect();
        let mut message = Self {
            bytes: head,
            line,
            headers,
            body: Vec::new(),
        };
        message.read_body(stream).await?;
        Ok(Some(message))
    }

    fn is(&self, name: &str, value: &str) -> bool {
        let mut headers = self.headers.iter();
        headers.any(|(own, found)| {
            own.eq_ignore_ascii_case(name) && found.eq_ignore_ascii_case(value.as_bytes())
        })
    }

    async fn read_body(&mut self, stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<()> {
        if self.is("transfer-encoding", "chunked") {
            return self.read_chunks(stream).await;
        }
        let length = self
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let length = length
            .and_then(|(_, value)| std::str::from_utf8(value).ok()?.parse().ok())
            .unwrap_or(0);
        let mut body = vec![0; usize::min(length, MAX_MESSAGE)];
        stream.read_exact(&mut body).await?;
        self.bytes.extend_from_slice(&body);
        self.body = body;
        Ok(())
    }

    async fn read_chunks(&mut self, stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<()> {
        loop {
            let line = self.read_line(stream).await?;
            let size = line.trim().split(';').next().unwrap_or_default();
            let size =
                usize::from_str_radix(size, 16).map_err(|_| std::io::ErrorKind::InvalidData)?;
            let mut chunk = vec![0; size];
            stream.read_exact(&mut chunk).await?;
            self.bytes.extend_from_slice(&chunk);
            self.body.extend_from_slice(&chunk);
            self.read_line(stream).await?;
            if size == 0 || self.bytes.len() > MAX_MESSAGE {
                return Ok(());
            }
        }
    }

    async fn read_line(
        &mut self,
        stream: &mut (impl AsyncRead + Unpin),
    ) -> std::io::Result<String> {
        let mut line = Vec::new();
        while line.last() != Some(&b'\n') {
            line.push(stream.read_u8().await?);
        }
        self.bytes.extend_from_slice(&line);
        Ok(String::from_utf8_lossy(&line).into_owned())
    }
}

impl From<Message> for RawRequest {
    fn from(message: Message) -> Self {
        let mut words = message.line.split(' ').map(str::to_owned);
        let (method, target) = (
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        );
        Self {
            bytes: message.bytes,
            method,
            target,
            headers: message.headers,
            body: message.body,
        }
    }
}

fn field(line: &[u8]) -> Option<(String, Vec<u8>)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = String::from_utf8_lossy(&line[..colon]).into_owned();
    Some((name, line[colon + 1..].trim_ascii().to_vec()))
}

async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < MAX_MESSAGE {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    Ok(Some(head))
}
