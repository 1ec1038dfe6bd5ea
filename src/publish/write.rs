//! A plan → the folder, in an order in which every moment is a good one to be killed at.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::disk::{Growing, room};
use super::folder::Folder;
use super::journal::Journal;
use super::{INCOMING, JOURNAL, Plan, Publication};
use crate::error::Error;
use crate::model::artifact::{Artifact, ContentHash, OutputPath, Piece};

/// Bytes that are copied at a time.
const BUFFER: usize = 1 << 18;
/// Left free besides what is counted: folders, the journal, the file system's own books.
const MARGIN: u64 = 1 << 16;

/// A file that has been written and waits for its place.
struct Ready<'a> {
    artifact: &'a Artifact,
    at: PathBuf,
}

pub(super) fn carry_out(folder: &Folder, publication: &Publication<'_>, plan: &Plan) -> Result<(), Error> {
    let incoming = folder.root.join(INCOMING);
    let is_swept = matches!(fs::symlink_metadata(&incoming), Err(e) if e.kind() == io::ErrorKind::NotFound);
    if plan.is_done() && is_swept {
        return Ok(());
    }
    let work = Work { folder, publication, plan, incoming };
    work.count_room()?;
    let mut placed = Vec::new();
    let written = work.write_all().and_then(|ready| work.up_to_the_feed(&ready, &mut placed).map(|()| ready));
    match written {
        Ok(ready) => work.behind_the_feed(&ready),
        Err(error) => {
            work.take_back(&placed);
            Err(error)
        }
    }
}

struct Work<'a> {
    folder: &'a Folder,
    publication: &'a Publication<'a>,
    plan: &'a Plan,
    incoming: PathBuf,
}

impl Work<'_> {
    fn count_room(&self) -> Result<(), Error> {
        let Some(room) = room(&self.folder.root) else { return Ok(()) };
        let sizes = self.to_write().map(|a| room.taken_by(a.size()));
        let needed = sizes.fold(MARGIN, u64::saturating_add);
        if self.plan.bytes == 0 || needed <= room.free {
            return Ok(());
        }
        Err(Error::new("there is not enough room to publish")
            .at(&self.folder.shown)
            .because(format!("{} are needed and {} are free", in_words(needed), in_words(room.free)))
            .help("make room and run the build again; nothing has been written"))
    }

    /// All that is new or changed, in the order in which it is written.
    fn to_write(&self) -> impl Iterator<Item = &Artifact> {
        let changed: BTreeSet<&OutputPath> = self.plan.new.iter().chain(&self.plan.replaced).collect();
        self.publication.artifacts().filter(move |a| changed.contains(&a.path))
    }

    /// Until the new feed stands: everything that it names is in place and on the disk before.
    fn up_to_the_feed(&self, ready: &[Ready<'_>], placed: &mut Vec<OutputPath>) -> Result<(), Error> {
        self.note_what_is_in_hand()?;
        let mut dirs = BTreeSet::from([self.folder.root.clone()]);
        for file in ready.iter().filter(|r| self.is_early(r)) {
            if self.is_new(&file.artifact.path) {
                placed.push(file.artifact.path.clone());
            }
            dirs.extend(self.place(file)?);
        }
        dirs.iter().try_for_each(|dir| self.sync(dir))?;
        match ready.iter().find(|r| self.is_feed(r)) {
            Some(feed) => self.place(feed).map(|_| ()),
            None => Ok(()),
        }
    }

    /// After the new feed stands; what fails here is done by the next build.
    fn behind_the_feed(&self, ready: &[Ready<'_>]) -> Result<(), Error> {
        self.sync(&self.folder.root)?;
        for file in ready.iter().filter(|r| !self.is_early(r) && !self.is_feed(r)) {
            self.place(file)?;
        }
        let disk = &self.folder.disk;
        let failed = |name: &str, e: &io::Error| {
            Error::io("the new feed is in place, but an old file cannot be removed", self.folder.show(name), e)
                .help("run the build again; it will carry on")
        };
        for path in &self.plan.removed {
            disk.remove(&self.folder.at(path)).map_err(|e| failed(path.as_str(), &e))?;
        }
        let mut slugs: BTreeSet<&str> = self.plan.removed.iter().filter_map(OutputPath::folder).collect();
        let left = self.folder.journal.iter().flat_map(|j| &j.names);
        slugs.extend(self.publication.previous.iter().chain(left).filter_map(OutputPath::folder));
        for slug in slugs {
            let dir = self.folder.root.join(slug);
            let is_dir = fs::symlink_metadata(&dir).is_ok_and(|m| m.is_dir());
            if is_dir && is_empty(&dir) {
                disk.remove_empty(&dir).map_err(|e| failed(slug, &e))?;
            }
        }
        self.sweep().map_err(|e| failed(INCOMING, &e))
    }

    fn is_new(&self, path: &OutputPath) -> bool {
        self.plan.new.binary_search(path).is_ok()
    }

    fn is_feed(&self, file: &Ready<'_>) -> bool {
        file.artifact.path == self.publication.feed.path
    }

    /// What the feed names and no feed before it could mean: new names, and names that carry their content. A cover
    /// that changes under its name waits, because the previous feed names it too.
    fn is_early(&self, file: &Ready<'_>) -> bool {
        let path = &file.artifact.path;
        self.publication.media.iter().any(|m| m.path == *path)
            && (self.is_new(path) || super::plan::carries_content(path.as_str()))
    }

    /// Writes every file that is new or changed beside its place, and waits until all of them are on the disk.
    fn write_all(&self) -> Result<Vec<Ready<'_>>, Error> {
        let disk = &self.folder.disk;
        let here = |e: &io::Error| self.cannot_write(INCOMING, e);
        self.sweep_files().map_err(|e| here(&e))?;
        disk.make_dir(&self.incoming).map_err(|e| here(&e))?;
        let mut ready = Vec::new();
        for (number, artifact) in self.to_write().enumerate() {
            let at = self.incoming.join(number.to_string());
            let mut file = disk.create(&at).map_err(|e| self.cannot_write(artifact.path.as_str(), &e))?;
            let copied = self.fill(artifact, &mut file)?;
            self.prove(artifact, file.into_file(), copied)?;
            ready.push(Ready { artifact, at });
        }
        disk.sync_files(&self.folder.root, ready.iter().map(|r| r.at.as_path())).map_err(|e| here(&e))?;
        Ok(ready)
    }

    /// Writes the pieces of a file, and says what was copied from recordings.
    fn fill(&self, artifact: &Artifact, file: &mut Growing<'_>) -> Result<blake3::Hash, Error> {
        let mut copied = blake3::Hasher::new();
        let unwritable = |e: io::Error| self.cannot_write(artifact.path.as_str(), &e);
        let mut input: Option<Input<'_>> = None;
        for piece in &artifact.pieces {
            match piece {
                Piece::Bytes(bytes) => file.write_all(bytes).map_err(unwritable)?,
                Piece::Range { source, start, length } => {
                    let mut open = match input.take() {
                        Some(open) if open.path == source && open.position <= *start => open,
                        other => {
                            other.map(Input::finish).transpose()?;
                            Input::open(source, self.publication.inputs)?
                        }
                    };
                    open.copy(*start, *length, &mut Both(file, &mut copied)).map_err(|f| match f {
                        Fault::Read(error) => error,
                        Fault::Write(e) => unwritable(e),
                    })?;
                    input = Some(open);
                }
            }
        }
        input.map_or(Ok(()), Input::finish)?;
        Ok(copied.finalize())
    }

    /// Reads back what was written: the size is the one that the feed states, and the audio is that of the recording.
    fn prove(&self, artifact: &Artifact, mut file: File, copied: blake3::Hash) -> Result<(), Error> {
        let path = artifact.path.as_str();
        let failed = |e: io::Error| Error::io("it cannot be read back", self.folder.show(path), &e);
        let mut hasher = blake3::Hasher::new();
        let mut at = 0_u64;
        for piece in &artifact.pieces {
            if let Piece::Range { length, .. } = piece {
                file.seek(SeekFrom::Start(at)).map_err(failed)?;
                io::copy(&mut (&file).take(*length), &mut hasher).map_err(failed)?;
            }
            at = at.saturating_add(piece.size());
        }
        if file.metadata().map_err(failed)?.len() == at && hasher.finalize() == copied {
            return Ok(());
        }
        Err(Error::new("what stands on the disk is not what was written")
            .at(self.folder.show(path))
            .help("the disk may be failing; the previous feed is as it was"))
    }

    /// Says in a file what will be of no use if this build is killed. Nothing has been placed before it stands.
    fn note_what_is_in_hand(&self) -> Result<(), Error> {
        let feed = &self.publication.feed.path;
        let mut names: BTreeSet<OutputPath> = self.folder.journal.iter().flat_map(|j| j.names.clone()).collect();
        names.extend(self.plan.new.iter().chain(&self.plan.removed).filter(|path| *path != feed).cloned());
        let text = Journal::new(self.publication.guid, names).write();
        let disk = &self.folder.disk;
        let draft = self.incoming.join("journal.new");
        let place = self.incoming.join(JOURNAL);
        let write = || {
            disk.create(&draft)?.write_all(text.as_bytes())?;
            disk.sync_files(&self.folder.root, [draft.as_path()].into_iter())?;
            disk.rename(&draft, &place)?;
            disk.sync_dir(&self.incoming)
        };
        write().map_err(|e| self.cannot_write(INCOMING, &e))
    }

    /// Moves a file into its place and says which folders have new names now.
    fn place(&self, file: &Ready<'_>) -> Result<Vec<PathBuf>, Error> {
        let path = &file.artifact.path;
        let to = self.folder.at(path);
        let failed = |e: io::Error| self.cannot_write(path.as_str(), &e);
        let parent = to.parent().unwrap_or(&self.folder.root);
        let inside = parent.ancestors().take_while(|a| *a != self.folder.root);
        let dirs: Vec<PathBuf> = inside.map(Path::to_owned).collect();
        for dir in dirs.iter().rev() {
            self.folder.disk.make_dir(dir).map_err(failed)?;
        }
        self.folder.disk.rename(&file.at, &to).map_err(failed)?;
        Ok(dirs)
    }

    fn sync(&self, dir: &Path) -> Result<(), Error> {
        self.folder.disk.sync_dir(dir).map_err(|e| self.cannot_write("", &e))
    }

    /// After a failure before the feed was replaced: what was placed goes, and so does what waited.
    fn take_back(&self, placed: &[OutputPath]) {
        let disk = &self.folder.disk;
        // The first failure is the one that is told; what cannot be taken back now, the next build takes back.
        for path in placed {
            let _ = disk.remove(&self.folder.at(path));
        }
        for slug in placed.iter().filter_map(OutputPath::folder) {
            let _ = disk.remove_empty(&self.folder.root.join(slug));
        }
        let _ = if self.folder.journal.is_some() { self.sweep_files() } else { self.sweep() };
    }

    /// Removes what grew in `.incoming`, but not the journal.
    fn sweep_files(&self) -> io::Result<()> {
        let listing = match fs::symlink_metadata(&self.incoming) {
            Ok(metadata) if metadata.is_dir() => fs::read_dir(&self.incoming)?,
            Ok(_) => return self.folder.disk.remove(&self.incoming),
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(e) => return Err(e),
        };
        for entry in listing {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                self.folder.disk.remove_all(&path)?;
            } else if entry.file_name() != JOURNAL {
                self.folder.disk.remove(&path)?;
            }
        }
        Ok(())
    }

    /// Removes `.incoming`, the journal last.
    fn sweep(&self) -> io::Result<()> {
        self.sweep_files()?;
        self.folder.disk.remove(&self.incoming.join(JOURNAL))?;
        self.folder.disk.remove_empty(&self.incoming)?;
        self.folder.disk.sync_dir(&self.folder.root)
    }

    fn cannot_write(&self, name: &str, e: &io::Error) -> Error {
        let error = Error::io("it cannot be written", self.folder.show(name), e);
        match e.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                error.help("give yourself the right to write there, or choose another output folder with `-o FEED`")
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                error.help("make room and run the build again; the previous feed is as it was")
            }
            _ => error,
        }
    }
}

/// An input that is copied from. All of it is read, so that what it was measured as can be compared.
struct Input<'a> {
    path: &'a PathBuf,
    file: File,
    position: u64,
    hasher: blake3::Hasher,
    measured: ContentHash,
    buffer: Vec<u8>,
}

enum Fault {
    Read(Error),
    Write(io::Error),
}

impl<'a> Input<'a> {
    fn open(path: &'a PathBuf, inputs: &BTreeMap<PathBuf, ContentHash>) -> Result<Self, Error> {
        let measured = *inputs.get(path).ok_or_else(|| Error::new("nobody measured this recording").at(path))?;
        let file = File::open(path).map_err(|e| Error::io("the recording cannot be read", path, &e))?;
        Ok(Self { path, file, position: 0, hasher: blake3::Hasher::new(), measured, buffer: vec![0; BUFFER] })
    }

    /// Copies a stretch that lies at or behind the place where reading stands.
    fn copy(&mut self, start: u64, length: u64, to: &mut dyn Write) -> Result<(), Fault> {
        self.pass(start.saturating_sub(self.position), &mut io::sink())?;
        self.pass(length, to)
    }

    fn pass(&mut self, mut left: u64, to: &mut dyn Write) -> Result<(), Fault> {
        while left > 0 {
            let want = usize::try_from(left).unwrap_or(usize::MAX).min(self.buffer.len());
            let read = self.read(want).map_err(Fault::Read)?;
            if read == 0 {
                return Err(Fault::Read(self.changed()));
            }
            to.write_all(self.buffer.get(..read).unwrap_or_default()).map_err(Fault::Write)?;
            left = left.saturating_sub(read as u64);
        }
        Ok(())
    }

    fn read(&mut self, want: usize) -> Result<usize, Error> {
        let buffer = self.buffer.get_mut(..want).unwrap_or_default();
        let read = self.file.read(buffer).map_err(|e| Error::io("the recording cannot be read", self.path, &e))?;
        self.hasher.update(self.buffer.get(..read).unwrap_or_default());
        self.position = self.position.saturating_add(read as u64);
        Ok(read)
    }

    /// Reads to the end and compares.
    fn finish(mut self) -> Result<(), Error> {
        while self.read(self.buffer.len())? > 0 {}
        if ContentHash::new(*self.hasher.finalize().as_bytes()) == self.measured { Ok(()) } else { Err(self.changed()) }
    }

    fn changed(&self) -> Error {
        Error::new("this recording changed while the build was running")
            .at(self.path)
            .help("run the build again once nothing writes to it")
    }
}

/// A stretch of a recording goes into the file and into the proof at once.
struct Both<'a, 'b>(&'a mut Growing<'b>, &'a mut blake3::Hasher);

impl Write for Both<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.0.write(bytes)?;
        self.1.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn is_empty(dir: &Path) -> bool {
    fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_none())
}

/// Bytes for a person.
fn in_words(bytes: u64) -> String {
    match bytes {
        b if b >= 10 << 30 => format!("{} GB", b / 1_000_000_000),
        b if b >= 1_000_000 => format!("{}.{} MB", b / 1_000_000, b / 100_000 % 10),
        b => format!("{} kB", b.div_ceil(1000)),
    }
}
