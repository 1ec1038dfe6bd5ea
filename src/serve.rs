//! The preview server: a built folder as a web server should give it. Ranges, conditional requests, types and
//! cross-origin rules come right; foreign hosts and paths out of the folder do not come at all.

mod live;

use std::future::IntoFuture;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::error::Error;

pub use live::Changes;

/// What is served, and where.
#[derive(Clone, Debug)]
pub struct Serving {
    /// The built folder.
    pub folder: PathBuf,
    /// The port; 0 takes any that is free.
    pub port: u16,
    /// Whom it answers.
    pub reach: Reach,
    /// What tells pages to load themselves again, where somebody builds the folder meanwhile.
    pub changes: Option<Arc<Changes>>,
}

/// Whom the server answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// Programs on this machine.
    Loopback,
    /// Everybody on the network.
    Network,
}

/// Serves until the program is interrupted. `ready` is told the address once requests are answered.
///
/// # Errors
/// Where the folder is not there, or the port is taken.
pub fn serve(serving: &Serving, ready: impl FnOnce(SocketAddr)) -> Result<(), Error> {
    let root = serving.folder.canonicalize().map_err(|e| {
        Error::io("there is no built folder to serve", &serving.folder, &e).help("build one with `listen-now build`")
    })?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Error::new("the server cannot be started").because(e.to_string()))?;
    runtime.block_on(async {
        let ip = match serving.reach {
            Reach::Loopback => Ipv4Addr::LOCALHOST,
            Reach::Network => Ipv4Addr::UNSPECIFIED,
        };
        let address = SocketAddr::new(IpAddr::V4(ip), serving.port);
        let taken = |e: std::io::Error| {
            Error::new(format!("port {} cannot be used", serving.port))
                .because(e.to_string())
                .help("choose another with --port, or 0 for any")
        };
        let listener = tokio::net::TcpListener::bind(address).await.map_err(taken)?;
        let bound = listener.local_addr().map_err(taken)?;
        ready(bound);
        let server = axum::serve(listener, router(&root, serving));
        tokio::select! {
            ended = server.into_future() => ended.map_err(|e| Error::new("the server stopped").because(e.to_string())),
            // Nobody who still waits for an answer keeps the program.
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    })
}

struct Rules {
    root: PathBuf,
    reach: Reach,
    files: ServeDir,
}

fn router(root: &Path, serving: &Serving) -> Router {
    let files = ServeDir::new(root).ignore_multi_range_requests(true);
    let rules = Arc::new(Rules { root: root.to_owned(), reach: serving.reach, files: files.clone() });
    let router = Router::new()
        .fallback_service(files)
        .layer(middleware::from_fn_with_state(rules.clone(), conditional_ranges))
        .layer(middleware::from_fn(types))
        .layer(middleware::from_fn_with_state(rules.clone(), gate));
    let router = match &serving.changes {
        Some(changes) => router.layer(middleware::from_fn_with_state(changes.clone(), live::live)),
        None => router,
    };
    // Whoever is refused hears nothing of changes either.
    router.layer(middleware::from_fn_with_state(rules, hosts))
}

/// Refuses other hosts: a page elsewhere that points its name here.
async fn hosts(State(rules): State<Arc<Rules>>, request: Request, next: Next) -> Response {
    if rules.reach == Reach::Loopback && !is_local(request.headers()) {
        return (StatusCode::FORBIDDEN, "This preview answers this machine alone.\n").into_response();
    }
    next.run(request).await
}

/// Refuses links out of the folder, and answers whoever asks what may be asked.
async fn gate(State(rules): State<Arc<Rules>>, request: Request, next: Next) -> Response {
    if request.method() == Method::OPTIONS {
        return with_cross_origin(StatusCode::NO_CONTENT.into_response());
    }
    let path = request.uri().path().trim_start_matches('/');
    // Names in a built folder need no escapes, and hidden ones are of no concern to anybody.
    let plain = path.split('/').all(|part| !part.starts_with('.')) && !path.contains('%') && !path.contains('\\');
    let inside = |p: PathBuf| p.canonicalize().map(|real| real.starts_with(&rules.root)).unwrap_or(true);
    if !plain || !inside(rules.root.join(path)) {
        return (StatusCode::NOT_FOUND, "There is no such file.\n").into_response();
    }
    next.run(request).await
}

fn is_local(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or("localhost");
    let name =
        host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(host, |(n, _)| n);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// A range is for GET alone, has to be one, and is void where `If-Range` names another version of the file.
async fn conditional_ranges(State(rules): State<Arc<Rules>>, mut request: Request, next: Next) -> Response {
    let well_formed = request.headers().get(header::RANGE).and_then(|r| r.to_str().ok()).is_some_and(is_range);
    if request.method() != Method::GET || !well_formed {
        request.headers_mut().remove(header::RANGE);
    }
    let wanted = request.headers_mut().remove(header::IF_RANGE);
    if let Some(wanted) = wanted.filter(|_| request.headers().contains_key(header::RANGE)) {
        let head = Request::builder().method(Method::HEAD).uri(request.uri().clone()).body(Body::empty());
        let current = match head {
            Ok(head) => match rules.files.clone().oneshot(head).await {
                Ok(response) => {
                    [header::ETAG, header::LAST_MODIFIED].iter().any(|h| response.headers().get(h) == Some(&wanted))
                }
                Err(never) => match never {},
            },
            Err(_) => false,
        };
        if !current {
            request.headers_mut().remove(header::RANGE);
        }
    }
    next.run(request).await
}

/// `bytes=` and ranges of digits; anything else is as if it were not there (RFC 9110, 14.2).
fn is_range(text: &str) -> bool {
    text.strip_prefix("bytes=").is_some_and(|ranges| {
        ranges.split(',').all(|range| {
            let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
            range.trim().split_once('-').is_some_and(|(a, b)| digits(a) && digits(b) && !(a.is_empty() && b.is_empty()))
        })
    })
}

/// The types that directories and players expect, how long a copy may be kept, and who else may read it.
async fn types(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let accepted = request.headers().get(header::ACCEPT).and_then(|a| a.to_str().ok()).unwrap_or_default();
    let is_browser = accepted.contains("text/html");
    let mut response = next.run(request).await;
    if !response.status().is_success() && response.status() != StatusCode::NOT_MODIFIED {
        return response;
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    let kind = match name.rsplit_once('.') {
        // Browsers show a feed with its style sheet only where it is called plain XML.
        Some(("feed", "xml")) if is_browser => "application/xml; charset=utf-8",
        Some(("feed", "xml")) => "application/rss+xml; charset=utf-8",
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((stem, "json")) if stem.starts_with("chapters-") => "application/json+chapters",
        Some((_, "json")) => "application/json",
        Some((_, "mp3")) => "audio/mpeg",
        Some((_, "m4a")) => "audio/x-m4a",
        Some((_, "opus" | "ogg")) => "audio/ogg",
        Some((_, "flac")) => "audio/flac",
        Some((_, "vtt")) => "text/vtt; charset=utf-8",
        Some((_, "srt")) => "application/x-subrip; charset=utf-8",
        Some((_, "svg")) => "image/svg+xml",
        Some((_, "png")) => "image/png",
        Some((_, "jpg" | "jpeg")) => "image/jpeg",
        _ => "text/html; charset=utf-8",
    };
    let keep = if is_stamped(name) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if name == "feed.xml" {
        headers.insert(header::VARY, HeaderValue::from_static("accept"));
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if name.starts_with("chapters-")
        || name.starts_with("transcript-")
        || kind.starts_with("audio/")
        || kind.starts_with("image/")
    {
        return with_cross_origin(response);
    }
    response
}

fn with_cross_origin(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, OPTIONS"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("range"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("content-length, content-range, accept-ranges, etag"),
    );
    response
}

/// Whether a name carries eight digits of its content, so that it never means anything else.
fn is_stamped(name: &str) -> bool {
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    stem.rsplit_once('-')
        .is_some_and(|(_, s)| s.len() == 8 && s.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ranges_of_digits_are_ranges() {
        for yes in ["bytes=0-1", "bytes=5-", "bytes=-5", "bytes=0-1, 4-9"] {
            assert!(is_range(yes), "{yes}");
        }
        for no in ["bytes=a-b", "bytes=-", "items=0-1", "bytes=1", "bytes=0-1,-"] {
            assert!(!is_range(no), "{no}");
        }
    }
}
