//! A folder that a web server serves, or that is carried to where one does.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::disk::Disk;
use super::journal::Journal;
use super::lock::{self, Attempt, Lock};
use super::{FEED_NAME, INCOMING, JOURNAL, Plan, Publication, place, plan, write};
use crate::error::Error;
use crate::model::artifact::OutputPath;
use crate::model::show::Guid;

/// A feed of ten thousand episodes has about 30 MiB.
const LARGEST_FEED: u64 = 256 << 20;
/// A journal names a few files for each episode.
const LARGEST_JOURNAL: u64 = 64 << 20;

/// An output folder that is ours alone while this value lives.
#[derive(Debug)]
pub struct Folder {
    /// As the command was told of it, for messages.
    pub(super) shown: PathBuf,
    /// Where it truly is.
    pub(super) root: PathBuf,
    pub(super) journal: Option<Journal>,
    pub(super) disk: Disk,
    previous: Option<Vec<u8>>,
    /// Folders that were not there before, outermost first.
    made: Vec<PathBuf>,
    _lock: Option<Lock>,
}

impl Folder {
    /// Takes possession of an output folder, which is made if it is not there and goes again if nothing is written.
    /// A second build waits for half a minute.
    ///
    /// # Errors
    /// Where it holds files and no `feed.xml`, lies in `episodes` or around it, cannot be read, or another build does
    /// not end.
    pub fn open(dir: &Path, episodes: &Path) -> Result<Self, Error> {
        let root = place::resolve(dir)?;
        place::keep_apart(&root, dir, episodes)?;
        let mut folder = Self {
            shown: dir.to_owned(),
            root,
            journal: None,
            disk: Disk::default(),
            previous: None,
            made: Vec::new(),
            _lock: None,
        };
        folder._lock = Some(folder.take()?);
        folder.previous = folder.read(FEED_NAME, LARGEST_FEED)?;
        let journal = folder.read(&format!("{INCOMING}/{JOURNAL}"), LARGEST_JOURNAL)?;
        folder.journal = journal.and_then(|bytes| Journal::read(&String::from_utf8_lossy(&bytes)));
        if folder.previous.is_none() && folder.journal.is_none() {
            folder.refuse_what_is_there()?;
        }
        Ok(folder)
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
        let other = match (&self.previous, held_by, &self.journal) {
            (Some(_), Some(holder), _) if holder == guid => return Ok(()),
            (Some(_), Some(holder), _) => format!("its guid is {holder}, and this one's is {guid}"),
            (Some(_), None, _) => "it has no podcast:guid".to_owned(),
            (None, _, Some(journal)) if journal.guid != Journal::new(guid, Default::default()).guid => {
                format!("a build of the show {} was interrupted there", journal.guid)
            }
            (None, ..) => return Ok(()),
        };
        Err(Error::new("this folder holds the feed of another show").at(&self.shown).because(other).help(
            "choose another output folder with `-o FEED`; if it is this show, set `guid` in show.toml to the guid \
             that its subscribers have",
        ))
    }

    /// The size of a file that stands in the folder; `None` where there is none.
    pub fn length_of(&self, path: &OutputPath) -> Option<u64> {
        let metadata = fs::symlink_metadata(self.at(path)).ok()?;
        metadata.is_file().then_some(metadata.len())
    }

    /// What publishing would do. Reads, writes nothing.
    ///
    /// # Errors
    /// Where something that is not ours stands where one of our files must go, or the folder cannot be read.
    pub fn plan(&self, publication: &Publication<'_>) -> Result<Plan, Error> {
        plan::plan(self, publication)
    }

    /// Brings the folder into the state of the publication, whole or not at all, and says what it did. Where nothing
    /// differs nothing is written.
    ///
    /// # Errors
    /// Where there is no room, a write fails, or a recording is not what it was when it was measured; the previous
    /// feed and all that it names are then as they were.
    pub fn publish(&self, publication: &Publication<'_>) -> Result<Plan, Error> {
        let plan = self.plan(publication)?;
        write::carry_out(self, publication, &plan)?;
        Ok(plan)
    }

    /// The true path of a published file.
    pub(super) fn at(&self, path: &OutputPath) -> PathBuf {
        self.root.join(path.as_str())
    }

    /// The path of something in the folder as messages show it.
    pub(super) fn show(&self, name: &str) -> PathBuf {
        self.shown.join(name)
    }

    fn take(&mut self) -> Result<Lock, Error> {
        // A build that fails removes the folder that it made; whoever waited for it makes the folder again.
        for _ in 0..8 {
            self.make()?;
            if let Attempt::Held(lock) = lock::take(&self.root, &self.shown)? {
                return Ok(lock);
            }
        }
        Err(Error::new("something keeps removing this folder").at(&self.shown))
    }

    fn make(&mut self) -> Result<(), Error> {
        let missing: Vec<PathBuf> = self.root.ancestors().take_while(|a| !a.exists()).map(Path::to_owned).collect();
        for dir in missing.into_iter().rev() {
            self.disk.make_dir(&dir).map_err(|e| Error::io("the output folder cannot be made", &self.shown, &e))?;
            if !self.made.contains(&dir) {
                self.made.push(dir);
            }
        }
        Ok(())
    }

    fn read(&self, name: &str, limit: u64) -> Result<Option<Vec<u8>>, Error> {
        let path = self.root.join(name);
        let failed = |e: &io::Error| Error::io("it cannot be read", self.show(name), e);
        match fs::symlink_metadata(&path) {
            Ok(metadata) if !metadata.is_file() => {
                return Err(Error::new("this is no regular file, and the build has to put one here")
                    .at(self.show(name))
                    .help("move it away, or choose another output folder with `-o FEED`"));
            }
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(failed(&e)),
        }
        let mut bytes = Vec::new();
        let file = File::open(&path).map_err(|e| failed(&e))?;
        file.take(limit + 1).read_to_end(&mut bytes).map_err(|e| failed(&e))?;
        if bytes.len() as u64 > limit {
            return Err(Error::new("this file is far too large to be what it should be").at(self.show(name)));
        }
        Ok(Some(bytes))
    }

    /// Hidden files (`.gitkeep`, `.DS_Store`) do not make a folder somebody's.
    fn refuse_what_is_there(&self) -> Result<(), Error> {
        let failed = |e: io::Error| Error::io("the output folder cannot be read", &self.shown, &e);
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.root).map_err(failed)? {
            names.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
        }
        match names.into_iter().filter(|n| !n.starts_with('.')).min() {
            None => Ok(()),
            Some(name) => Err(Error::new("this folder is not empty and holds no feed.xml")
                .at(&self.shown)
                .because(format!("`{name}` is there, and a build removes what its feed does not name"))
                .help("choose a new or an empty output folder with `-o FEED`")),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Only what was made here and is empty goes: a folder with anything in it stays.
        for dir in self.made.iter().rev() {
            let _ = fs::remove_dir(dir);
        }
    }
}
