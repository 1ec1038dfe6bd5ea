//! `serve`: previews the built folder in a browser and in apps.

use std::net::{SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

use super::watch::Watch;
use super::{Session, Status, shown};
use crate::error::Error;
use crate::serve::{Changes, Reach, Serving, serve};

/// Preview the built folder over HTTP, as a web server should give it
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  listen-now serve                               # ./feed at http://127.0.0.1:8000/
  listen-now serve --watch                       # builds ./episodes again with every change
  listen-now serve --host                        # for a phone in the same network
  listen-now serve --port 0                      # at any free port, which it prints")]
pub struct Command {
    /// The folder that `build` made
    #[arg(value_name = "FEED", default_value = "feed")]
    feed: PathBuf,
    /// The port; 0 takes any that is free
    #[arg(long, value_name = "N", default_value_t = 8000)]
    port: u16,
    /// Answer the whole network, for trying it on a phone
    #[arg(long)]
    host: bool,
    /// Build again whenever something in EPISODES changes, and let open pages load themselves again
    #[arg(long, value_name = "EPISODES", num_args = 0..=1, require_equals = true, default_missing_value = "episodes")]
    watch: Option<PathBuf>,
}

impl Command {
    pub(super) fn run(&self, session: &Session) -> Result<Status, Error> {
        let feed = shown(&self.feed);
        let watch = self.watch.as_deref().map(|episodes| Watch::new(episodes, &feed)).transpose()?;
        let seen = watch.as_ref().map(Watch::look);
        if let Some(watch) = &watch {
            watch.build(session)?;
        }
        if !feed.join("feed.xml").is_file() {
            return Err(Error::new("there is no feed.xml in this folder")
                .at(&feed)
                .help("build one with `listen-now build`"));
        }
        let reach = if self.host { Reach::Network } else { Reach::Loopback };
        let changes = watch.is_some().then(|| Arc::new(Changes::new()));
        let serving = Serving { folder: feed, port: self.port, reach, changes: changes.clone() };
        // The watcher ends with the program.
        std::thread::scope(|scope| {
            let stop = Stop::default();
            if let (Some(watch), Some(seen), Some(changes)) = (watch, seen, changes) {
                let stop = stop.clone();
                scope.spawn(move || watch.follow(seen, session, || changes.tell(), || stop.is_set()));
            }
            let mut printed = Ok(());
            let served = serve(&serving, |address| printed = self.announce(session, address));
            stop.set();
            served.and(printed)
        })?;
        Ok(Status::Fine)
    }

    /// The address alone on a line; for a phone also as a picture that it can read.
    fn announce(&self, session: &Session, address: SocketAddr) -> Result<(), Error> {
        if !self.host {
            return session.print(&format!("http://{address}/\n"));
        }
        let own = own_address().map_or(address, |ip| SocketAddr::new(ip, address.port()));
        let url = format!("http://{own}/");
        session.note("warning: everybody on this network can read the folder while this runs");
        session.note(&code(&url));
        session.print(&format!("{url}\n"))
    }
}

/// This machine's address in its network. Nothing is sent: the system only says which way it would go.
fn own_address() -> Option<std::net::IpAddr> {
    // An address that documentation may use and nobody has (RFC 5737).
    const ELSEWHERE: &str = "192.0.2.1:9";
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect(ELSEWHERE).ok()?;
    socket.local_addr().ok().map(|a| a.ip()).filter(|ip| !ip.is_unspecified())
}

/// A QR code in half blocks: white on black by its own colours, because many cameras do not read it the other way; where
/// there are none, as terminals mostly are. Empty where a terminal could not show it anyway.
fn code(url: &str) -> String {
    const WHITE_ON_BLACK: &str = "\u{1b}[38;5;231;48;5;16m";
    const AS_BEFORE: &str = "\u{1b}[0m";
    let Ok(code) = QrCode::with_error_correction_level(url, EcLevel::L) else { return String::new() };
    let blocks = code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build();
    let lines: Vec<String> = blocks.lines().map(|line| format!("{WHITE_ON_BLACK}{line}{AS_BEFORE}")).collect();
    lines.join("\n")
}

/// Whether the server has ended.
#[derive(Clone, Default)]
struct Stop(Arc<std::sync::atomic::AtomicBool>);

impl Stop {
    fn set(&self) {
        self.0.store(true, std::sync::atomic::Ordering::Relaxed);
    }

    fn is_set(&self) -> bool {
        self.0.load(std::sync::atomic::Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_square_that_a_phone_can_read() {
        let code = code("http://192.168.178.23:8000/");
        let plain = anstream::adapter::strip_str(&code).to_string();
        let widths: Vec<usize> = plain.lines().map(|l| l.chars().count()).collect();
        // Version 2 has 25 modules, and four of quiet on each side.
        assert!(widths.len() == 17 && widths.iter().all(|w| *w == 33), "{widths:?}\n{code}");
    }
}
