//! `serve`: previews the built folder in a browser and in apps.

use std::path::PathBuf;

use clap::Args;

use super::{Session, Status, shown};
use crate::error::Error;
use crate::serve::{Reach, Serving, serve};

/// Preview the built folder over HTTP, as a web server should give it
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  listen-now serve                               # ./feed at http://127.0.0.1:8000/
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
}

impl Command {
    pub(super) fn run(&self, session: &Session) -> Result<Status, Error> {
        let feed = shown(&self.feed);
        if !feed.join("feed.xml").is_file() {
            return Err(Error::new("there is no feed.xml in this folder")
                .at(&feed)
                .help("build one with `listen-now build`"));
        }
        let reach = if self.host { Reach::Network } else { Reach::Loopback };
        if self.host {
            session.note("warning: everybody on this network can read the folder while this runs");
        }
        let serving = Serving { folder: feed, port: self.port, reach };
        let mut printed = Ok(());
        serve(&serving, |address| printed = session.print(&format!("http://{address}/\n")))?;
        printed?;
        Ok(Status::Fine)
    }
}
