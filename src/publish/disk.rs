//! Every change that publishing makes on the disk, one function each, so that tests can end a build after any of them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Up to this many files are synced one by one; for more, the whole file system at once is quicker.
const FEW: usize = 8;

/// The disk as publishing changes it.
#[derive(Debug, Default)]
pub(super) struct Disk {
    #[cfg(test)]
    pub(super) fate: super::crash_tests::Fate,
}

impl Disk {
    /// Makes a folder that a web server can read, whatever the umask; one that is there already is fine.
    pub(super) fn make_dir(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        match fs::create_dir(path) {
            Ok(()) => readable(path, 0o755),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            Err(e) => Err(e),
        }
    }

    /// Makes a new file.
    pub(super) fn create<'a>(&'a self, path: &Path) -> io::Result<Growing<'a>> {
        self.step()?;
        let file = OpenOptions::new().write(true).read(true).create_new(true).open(path)?;
        readable(path, 0o644)?;
        Ok(Growing { disk: self, file })
    }

    /// Moves a file into its place, over what was there.
    pub(super) fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        fs::rename(from, to)
    }

    /// Removes a file; one that is not there is fine.
    pub(super) fn remove(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        match fs::remove_file(path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        }
    }

    /// Removes a folder if nothing is in it.
    pub(super) fn remove_empty(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        match fs::remove_dir(path) {
            Err(e) if !matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty) => Err(e),
            _ => Ok(()),
        }
    }

    /// Removes a folder of ours with all that is in it.
    pub(super) fn remove_all(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        fs::remove_dir_all(path)
    }

    /// Waits until the content of files that were written is on the disk.
    pub(super) fn sync_files<'a>(&self, root: &Path, files: impl ExactSizeIterator<Item = &'a Path>) -> io::Result<()> {
        self.step()?;
        #[cfg(target_os = "linux")]
        if files.len() > FEW {
            return Ok(rustix::fs::syncfs(File::open(root)?)?);
        }
        let _ = (root, FEW);
        for file in files {
            OpenOptions::new().write(true).open(file)?.sync_all()?;
        }
        Ok(())
    }

    /// Waits until the names in a folder are on the disk, where the system can do that.
    pub(super) fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        #[cfg(unix)]
        File::open(path)?.sync_all()?;
        let _ = path;
        Ok(())
    }

    #[cfg(test)]
    fn step(&self) -> io::Result<()> {
        self.fate.step()
    }

    #[cfg(not(test))]
    #[allow(clippy::unused_self, clippy::unnecessary_wraps)]
    fn step(&self) -> io::Result<()> {
        Ok(())
    }
}

/// A file that is being written.
pub(super) struct Growing<'a> {
    disk: &'a Disk,
    file: File,
}

impl Growing<'_> {
    /// The file, for reading back what was written.
    pub(super) fn into_file(self) -> File {
        self.file
    }
}

impl Write for Growing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.disk.step()?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(unix)]
fn readable(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    match fs::set_permissions(path, fs::Permissions::from_mode(mode)) {
        // Shares that know no modes (FAT, SMB) serve files all the same.
        Err(e) if matches!(e.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported) => Ok(()),
        other => other,
    }
}

#[cfg(not(unix))]
fn readable(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

/// How much may be written where this folder is; `None` where the system does not say.
#[cfg(unix)]
pub(super) fn room(dir: &Path) -> Option<Room> {
    let stat = rustix::fs::statvfs(dir).ok()?;
    let block = stat.f_frsize.max(1);
    Some(Room { free: stat.f_bavail.saturating_mul(block), block })
}

#[cfg(not(unix))]
pub(super) fn room(_: &Path) -> Option<Room> {
    None
}

/// Space on a file system.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Bytes that we may write.
    pub(super) free: u64,
    /// Bytes that the smallest file takes.
    pub(super) block: u64,
}

impl Room {
    /// What a file of this size takes.
    pub(super) fn taken_by(self, size: u64) -> u64 {
        size.div_ceil(self.block).saturating_mul(self.block)
    }
}
