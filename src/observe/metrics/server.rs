//! The HTTP server that Prometheus asks.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT, ALLOW, CONTENT_TYPE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

use super::text::Format;
use crate::interp::signals;
use crate::observe::Observers;
use crate::runtime::Workers;

/// How many connections are served at once.
const CONNECTIONS: usize = 64;

/// How long requests under way may take when the server ends.
const PATIENCE: Duration = Duration::from_secs(1);

/// The server of a module instance, if it runs.
#[derive(Default)]
pub struct Serving(ArcSwapOption<Server>);

impl Serving {
    /// Serves at this port from now on, and no longer at another. Port 0 is any that is free.
    pub fn start(
        &self,
        workers: &Workers,
        host: &str,
        port: u16,
        observers: Arc<Observers>,
    ) -> io::Result<SocketAddr> {
        if let Some(current) = &*self.0.load()
            && current.belongs_here()
        {
            let same_port = port == current.address.port();
            if current.host == host && (same_port || port == 0) {
                return Ok(current.address);
            }
            if same_port {
                current.stop(workers);
            }
        }
        let server = Server::start(workers, host, port, observers)?;
        let address = server.address;
        self.replace(workers, Some(Arc::new(server)));
        Ok(address)
    }

    pub fn is_on(&self) -> bool {
        self.0.load().is_some()
    }

    pub fn stop(&self, workers: &Workers) {
        self.replace(workers, None);
    }

    fn replace(&self, workers: &Workers, next: Option<Arc<Server>>) {
        match self.0.swap(next) {
            Some(earlier) if earlier.belongs_here() => earlier.stop(workers),
            // Dropping it would wake tasks of the parent process.
            earlier => std::mem::forget(earlier),
        }
    }
}

/// A server that runs.
struct Server {
    host: String,
    address: SocketAddr,
    generation: u32,
    /// What is running holds a receiver.
    closing: watch::Sender<bool>,
}

impl Server {
    fn start(
        workers: &Workers,
        host: &str,
        port: u16,
        observers: Arc<Observers>,
    ) -> io::Result<Self> {
        let listener = workers.run(TcpListener::bind((host, port)))?;
        let address = listener.local_addr()?;
        let (closing, told) = watch::channel(false);
        workers.spawn(accept(listener, observers, told));
        Ok(Self { host: host.to_owned(), address, generation: signals::generation(), closing })
    }

    fn belongs_here(&self) -> bool {
        self.generation == signals::generation()
    }

    /// Ends it: afterwards the port is free.
    fn stop(&self, workers: &Workers) {
        self.closing.send_replace(true);
        let _ = workers.run(async { timeout(PATIENCE, self.closing.closed()).await });
    }
}

async fn accept(
    listener: TcpListener,
    observers: Arc<Observers>,
    mut closing: watch::Receiver<bool>,
) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let next = async {
            let permit = Arc::clone(&room).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            () = closed(&mut closing) => break,
            next = next => next,
        };
        match accepted {
            Ok((stream, _)) => {
                let (observers, closing) = (Arc::clone(&observers), closing.clone());
                tokio::spawn(async move {
                    serve(stream, observers, closing).await;
                    drop(permit);
                });
            }
            // Such as too many open files: there may be fewer after a while.
            Err(_) => sleep(Duration::from_millis(100)).await,
        }
    }
    // A forked child has a copy of the socket, which would keep the port.
    #[cfg(unix)]
    let _ = rustix::net::shutdown(&listener, rustix::net::Shutdown::Both);
}

async fn closed(closing: &mut watch::Receiver<bool>) {
    let _ = closing.wait_for(|closing| *closing).await;
}

async fn serve(stream: TcpStream, observers: Arc<Observers>, mut closing: watch::Receiver<bool>) {
    let service = service_fn(move |request| {
        let observers = Arc::clone(&observers);
        async move { Ok::<_, Infallible>(answer(&request, observers).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    // Errors are those of the connection: the other side hears of them, and nobody else is there.
    tokio::select! {
        _ = &mut connection => return,
        () = closed(&mut closing) => connection.as_mut().graceful_shutdown(),
    }
    let _ = timeout(PATIENCE, connection).await;
}

async fn answer(request: &Request<Incoming>, observers: Arc<Observers>) -> Response<Full<Bytes>> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n");
        response.headers_mut().insert(ALLOW, "GET, HEAD".parse().expect("a header's value"));
        return response;
    }
    match request.uri().path() {
        "/metrics" => {
            let format = wanted(request);
            // Not on the threads that operations need.
            let text =
                tokio::task::spawn_blocking(move || format.write(&observers.metrics().families()));
            match text.await {
                Ok(text) => respond(StatusCode::OK, format.content_type(), text),
                Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, "metrics can't be read\n"),
            }
        }
        "/healthz" => plain(StatusCode::OK, "ok\n"),
        _ => plain(StatusCode::NOT_FOUND, "there are /metrics and /healthz\n"),
    }
}

fn wanted(request: &Request<Incoming>) -> Format {
    let mut accepted = request.headers().get_all(ACCEPT).iter();
    let open = accepted.any(|types| {
        types.to_str().is_ok_and(|types| types.contains("application/openmetrics-text"))
    });
    if open { Format::OpenMetrics } else { Format::Prometheus }
}

fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    respond(status, "text/plain; charset=utf-8", text)
}

fn respond(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Bytes>,
) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    let content_type = content_type.parse().expect("a header's value");
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}
