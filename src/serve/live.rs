//! Pages that load themselves again once the folder has been built again: for `--watch` alone.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How often the folder has been built while it is served.
#[derive(Debug)]
pub struct Changes(watch::Sender<u64>);

impl Changes {
    /// None so far.
    pub fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    /// The folder has been built again.
    pub fn tell(&self) {
        self.0.send_modify(|count| *count += 1);
    }
}

impl Default for Changes {
    fn default() -> Self {
        Self::new()
    }
}

/// No file of a built folder begins with a point.
const PATH: &str = "/.changes";
/// A page asks again after this long, so that nothing between it and us takes the connection for dead.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// Pages are far smaller.
const LARGEST_PAGE: usize = 16 << 20;
const SCRIPT: &str = "(async()=>{let seen=null;for(;;){try{\
    const now=await(await fetch(\"/.changes\"+(seen===null?\"\":\"?\"+seen),{cache:\"no-store\"})).text();\
    if(seen!==null&&now!==seen){location.reload();return}seen=now}\
    catch{await new Promise(done=>setTimeout(done,1000))}}})()";

/// Answers pages that wait, and lets every page wait.
pub(super) async fn live(State(changes): State<Arc<Changes>>, mut request: Request, next: Next) -> Response {
    if request.uri().path() == PATH {
        let mut count = changes.0.subscribe();
        let seen = request.uri().query().and_then(|q| q.parse::<u64>().ok());
        if let Some(seen) = seen {
            let news = count.wait_for(|now| *now != seen);
            // Time is up, or the program ends: the page hears what it knows already.
            let _ = tokio::time::timeout(LONGEST_WAIT, news).await;
        }
        let now = count.borrow().to_string();
        return ([(header::CACHE_CONTROL, "no-store")], now).into_response();
    }
    let is_page = request.uri().path().ends_with('/') || request.uri().path().ends_with(".html");
    if !is_page || request.method() != Method::GET {
        return next.run(request).await;
    }
    for name in [header::RANGE, header::IF_NONE_MATCH, header::IF_MODIFIED_SINCE] {
        request.headers_mut().remove(name);
    }
    let response = next.run(request).await;
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, LARGEST_PAGE).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let page = waiting(&String::from_utf8_lossy(&bytes));
    for name in [header::ETAG, header::LAST_MODIFIED, header::ACCEPT_RANGES] {
        parts.headers.remove(name);
    }
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(page.len()));
    Response::from_parts(parts, Body::from(page))
}

/// A page with the script that waits, which its content policy then allows.
fn waiting(page: &str) -> String {
    let allowed = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(SCRIPT.as_bytes())));
    let (head, body) = page.split_at(page.find("<body").unwrap_or(page.len()));
    let head = head.replacen("default-src 'none'", "default-src 'none'; connect-src 'self'", 1);
    let scripts = if head.contains("script-src 'none'") { "script-src 'none'" } else { "script-src" };
    let head = head.replacen(scripts, &format!("script-src {allowed}"), 1);
    let end = body.rfind("</body>").unwrap_or(body.len());
    let (body, tail) = body.split_at(end);
    format!("{head}{body}<script>{SCRIPT}</script>{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_waits_whether_or_not_it_has_a_script_of_its_own() {
        for own in ["'none'", "'sha256-AAAA'"] {
            let page = format!("<meta content=\"default-src 'none'; script-src {own}\"><body>x</body></html>");
            let page = waiting(&page);
            let hash = STANDARD.encode(Sha256::digest(SCRIPT.as_bytes()));
            assert_eq!(page.matches(&hash).count(), 1, "{page}");
            assert!(page.contains(SCRIPT) && page.contains("connect-src 'self'"), "{page}");
            assert_eq!(page.contains("'sha256-AAAA'"), own != "'none'", "{page}");
        }
    }
}
