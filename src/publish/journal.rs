//! What a build that was killed had in hand: names that it may have placed, and names that it was about to remove.
//!
//! Without it, an episode that only the killed build knew would stay in the folder for ever, and a first build that was
//! killed would look like a folder of somebody else.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::model::artifact::OutputPath;
use crate::model::show::Guid;

const FIRST_LINE: &str = "listen-now 1";
const LAST_LINE: &str = "end";

/// The journal of one build.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Journal {
    /// Whose build it was.
    pub(super) guid: String,
    /// Files that are of no use unless a feed names them.
    pub(super) names: BTreeSet<OutputPath>,
}

impl Journal {
    pub(super) fn new(guid: &Guid, names: BTreeSet<OutputPath>) -> Self {
        // A guid is one line in every feed; here it has to be one whatever was pinned.
        Self { guid: guid.as_str().replace(['\n', '\r'], " "), names }
    }

    pub(super) fn write(&self) -> String {
        let mut text = format!("{FIRST_LINE}\n{}\n", self.guid);
        for name in &self.names {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{name}");
        }
        text.push_str(LAST_LINE);
        text.push('\n');
        text
    }

    /// `None` for a journal that is not whole: then nothing had been placed yet.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next() != Some(FIRST_LINE) {
            return None;
        }
        let guid = lines.next()?.to_owned();
        let mut names = BTreeSet::new();
        for line in lines {
            match OutputPath::new(line) {
                _ if line == LAST_LINE => return Some(Self { guid, names }),
                Some(name) => names.insert(name),
                None => return None,
            };
        }
        None
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_is_read_whole_or_not_at_all() {
        let names = ["a/a-01234567.mp3", "feed.xml"].iter().filter_map(|n| OutputPath::new(n)).collect();
        let journal = Journal::new(&Guid::new("urn:a b").expect("a guid"), names);
        let text = journal.write();
        assert_eq!(Journal::read(&text), Some(journal));
        for cut in 0..text.len() - 1 {
            assert_eq!(Journal::read(text.get(..cut).expect("ASCII")), None, "cut at {cut}");
        }
        assert_eq!(Journal::read("listen-now 1\nx\n../etc/passwd\nend\n"), None);
    }
}
