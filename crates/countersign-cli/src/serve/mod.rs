//! `countersign serve`: a server that demands a scheme, by the verifying layer.

mod advice;
mod answer;
mod tls;

use std::future::Future;
use std::io::Write;
use std::time::Duration;

use countersign::tower::{PerConnection, VerifyLayer};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tower::{Layer, ServiceExt, service_fn};

use crate::args::{HttpArgs, ServeArgs};
use crate::connect;
use crate::credentials::Credentials;
use crate::exit::Failure;
use tls::Tls;

/// How long a client may take for a handshake, or for the head of a request.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long requests under way may take once the server is told to stop.
const FAREWELL: Duration = Duration::from_secs(2);

/// How large a body may be that the scheme protects, in bytes.
const MAX_BODY: usize = 64 << 20;

/// How much of a refused upload is read away, so that its client sees the refusal.
const LINGER: (usize, Duration) = (256 << 20, Duration::from_secs(10));

type Verifier = countersign::verify::AnyVerifier<String>;

/// Serves until told to stop, or until the time of `--for` is over.
pub(crate) async fn run(args: Box<ServeArgs>) -> Result<(), Failure> {
    let server = Server::new(&args)?;
    let listener = TcpListener::bind(args.listen).await;
    let listener = listener.map_err(|error| cannot_listen(&args, &error))?;
    let address = listener
        .local_addr()
        .map_err(|error| cannot_listen(&args, &error))?;
    let scheme = if server.tls.is_some() {
        "https"
    } else {
        "http"
    };
    let end = end(args.duration);
    announce(&format!("listening on {scheme}://{address}"));
    server.accept(listener, end).await;
    Ok(())
}

fn cannot_listen(args: &ServeArgs, error: &std::io::Error) -> Failure {
    Failure::usage(format!("--listen {}: {error}", args.listen))
}

/// With the way to a key set that is at a URL.
fn fetching(credentials: Credentials, args: &ServeArgs) -> Result<Credentials, Failure> {
    let is_remote = credentials
        .parameters
        .get("jwks")
        .is_some_and(|jwks| jwks.contains("://"));
    if !is_remote {
        return match args.cacert {
            Some(_) => Err(Failure::usage("--cacert is for a jwks that is a URL")),
            None => Ok(credentials),
        };
    }
    let http = HttpArgs {
        cacert: args.cacert.clone(),
        ..HttpArgs::default()
    };
    let options = credentials.options.fetch(connect::fetch(&http)?);
    Ok(Credentials {
        options,
        ..credentials
    })
}

/// Scripts wait for this line.
fn announce(line: &str) {
    let mut stdout = std::io::stdout().lock();
    drop(writeln!(stdout, "{line}").and_then(|()| stdout.flush()));
}

/// Ready at SIGINT, SIGTERM or the end of `duration`. It listens for signals from the call on, not from the first poll.
fn end(duration: Option<Duration>) -> impl Future<Output = ()> {
    let interrupted = crate::interrupt::interrupted();
    let over = async move {
        match duration {
            Some(duration) => tokio::time::sleep(duration).await,
            None => std::future::pending().await,
        }
    };
    async move {
        tokio::select! {
            () = over => {}
            () = interrupted => {}
        }
    }
}

/// What every connection needs.
#[derive(Clone)]
struct Server {
    layer: VerifyLayer<Verifier>,
    tls: Option<Tls>,
    said: advice::Said,
}

impl Server {
    fn new(args: &ServeArgs) -> Result<Self, Failure> {
        let credentials = Credentials::from_args(&args.auth)?;
        let credentials = credentials.ok_or_else(|| Failure::usage("serve needs --auth"))?;
        credentials.refuse_unknown_to_server()?;
        let credentials = fetching(credentials, args)?;
        let realm = args
            .realm
            .as_deref()
            .or_else(|| credentials.parameters.get("realm"));
        let tls = match (&args.tls_cert, &args.tls_key) {
            (Some(certificate), Some(key)) => Some(Tls::new(certificate, key)?),
            _ => None,
        };
        let verifier = credentials.verifier(realm.unwrap_or("countersign"), tls.is_none())?;
        Ok(Self {
            layer: VerifyLayer::new(verifier)
                .max_body(MAX_BODY)
                .linger(LINGER.0, LINGER.1),
            tls,
            said: advice::Said::default(),
        })
    }

    async fn accept(self, listener: TcpListener, end: impl Future<Output = ()>) {
        let graceful = GracefulShutdown::new();
        let mut end = std::pin::pin!(end);
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => drop(tokio::spawn(self.clone().greet(stream, graceful.watcher()))),
                    // Too many open files, for instance: the next one may come through.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                },
                () = &mut end => break,
            }
        }
        drop(listener);
        // Whoever takes longer is cut off.
        drop(tokio::time::timeout(FAREWELL, graceful.shutdown()).await);
    }

    async fn greet(self, stream: TcpStream, watcher: Watcher) {
        match self.tls.clone() {
            None => self.serve(stream, watcher).await,
            Some(tls) => {
                if let Ok(Ok(stream)) = tokio::time::timeout(PATIENCE, tls.accept(stream)).await {
                    self.serve(stream, watcher).await;
                }
            }
        }
    }

    /// Serves one connection; a client that goes away is nobody's error.
    async fn serve(
        self,
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        watcher: Watcher,
    ) {
        let said = self.said;
        let service = self.layer.layer(service_fn(answer::answer));
        let service = service.map_response(move |response| {
            said.look(&response);
            response
        });
        let Ok(service) = PerConnection::new(service).oneshot(()).await;
        let mut builder = Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(PATIENCE);
        let service = TowerToHyperService::new(service);
        let connection = builder
            .serve_connection(TokioIo::new(stream), service)
            .into_owned();
        drop(watcher.watch(connection).await);
    }
}
