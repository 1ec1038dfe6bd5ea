//! A folder that a web server serves, or that is carried to where one does.

use std::path::Path;

use super::{Plan, Publication};
use crate::error::Error;
use crate::model::artifact::OutputPath;
use crate::model::show::Guid;

/// An output folder that is ours alone while this value lives.
#[derive(Debug)]
pub struct Folder {
    previous: Option<Vec<u8>>,
}

impl Folder {
    /// Takes possession of an output folder, which is made if it is not there and goes again if nothing is written.
    /// A second build waits for a while.
    ///
    /// # Errors
    /// Where it holds files and no `feed.xml`, lies in `episodes` or around it, cannot be read, or another build does
    /// not end.
    pub fn open(dir: &Path, episodes: &Path) -> Result<Self, Error> {
        let _ = episodes;
        Err(Error::new("nothing can be published yet").at(dir))
    }

    /// The `feed.xml` that is being replaced; `None` in a folder that has none yet.
    pub fn previous_feed(&self) -> Option<&[u8]> {
        self.previous.as_deref()
    }

    /// Refuses the folder of another show. `held_by` is the identity that the previous feed states.
    ///
    /// # Errors
    /// Where the previous feed, or what an interrupted first build left, is of another show.
    pub fn claim(&self, guid: &Guid, held_by: Option<&Guid>) -> Result<(), Error> {
        let _ = (guid, held_by);
        Ok(())
    }

    /// The size of a file that stands in the folder; `None` where there is none.
    pub fn length_of(&self, path: &OutputPath) -> Option<u64> {
        let _ = path;
        None
    }

    /// What publishing would do. Reads, writes nothing.
    ///
    /// # Errors
    /// Where something that is not ours stands where one of our files must go, or the folder cannot be read.
    pub fn plan(&self, publication: &Publication<'_>) -> Result<Plan, Error> {
        let _ = publication;
        Ok(Plan::default())
    }

    /// Brings the folder into the state of the publication, whole or not at all, and says what it did. Where nothing
    /// differs nothing is written.
    ///
    /// # Errors
    /// Where there is no room, a write fails, or a recording is not what it was when it was measured; the previous
    /// feed and all that it names are then as they were.
    pub fn publish(&self, publication: &Publication<'_>) -> Result<Plan, Error> {
        self.plan(publication)
    }
}
