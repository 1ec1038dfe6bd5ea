//! The index as a tree in memory, for writing it anew: boxes that are not understood stay as they are, byte for byte.

/// A box: its content as bytes, or as the boxes within.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Node {
    pub(super) kind: [u8; 4],
    pub(super) content: Content,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Content {
    Bytes(Vec<u8>),
    Nodes(Vec<Node>),
}

/// Boxes that hold nothing but boxes, and that we have to go into.
const OPEN: &[&[u8; 4]] = &[b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"udta", b"tref", b"ilst"];
const DEEPEST: usize = 8;
/// More boxes within one make no sense.
const MOST: usize = 10_000;

impl Node {
    /// A box of bytes.
    pub(super) fn leaf(kind: &[u8; 4], bytes: Vec<u8>) -> Self {
        Self { kind: *kind, content: Content::Bytes(bytes) }
    }

    /// A box of boxes.
    pub(super) fn of(kind: &[u8; 4], nodes: Vec<Self>) -> Self {
        Self { kind: *kind, content: Content::Nodes(nodes) }
    }

    /// Reads consecutive boxes; `None` where they do not fill the bytes exactly.
    pub(super) fn read_all(bytes: &[u8]) -> Option<Vec<Self>> {
        read(bytes, 0)
    }

    /// The boxes within.
    pub(super) fn nodes(&self) -> &[Self] {
        match &self.content {
            Content::Nodes(nodes) => nodes,
            Content::Bytes(_) => &[],
        }
    }

    /// The boxes within, for changing them.
    pub(super) fn nodes_mut(&mut self) -> Option<&mut Vec<Self>> {
        match &mut self.content {
            Content::Nodes(nodes) => Some(nodes),
            Content::Bytes(_) => None,
        }
    }

    /// The content, where it is bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Bytes(bytes) => bytes,
            Content::Nodes(_) => &[],
        }
    }

    /// The first box of this path within.
    pub(super) fn find(&self, path: &[&[u8; 4]]) -> Option<&Self> {
        match path {
            [] => Some(self),
            [kind, rest @ ..] => self.nodes().iter().find(|n| n.kind == **kind)?.find(rest),
        }
    }

    /// The first box of this path within, for changing it.
    pub(super) fn find_mut(&mut self, path: &[&[u8; 4]]) -> Option<&mut Self> {
        match path {
            [] => Some(self),
            [kind, rest @ ..] => self.nodes_mut()?.iter_mut().find(|n| n.kind == **kind)?.find_mut(rest),
        }
    }

    /// Bytes of the box as it is written.
    pub(super) fn size(&self) -> usize {
        8 + match &self.content {
            Content::Bytes(bytes) => bytes.len(),
            Content::Nodes(nodes) => nodes.iter().map(Self::size).sum(),
        }
    }

    /// Writes the box; `None` where it is too large for the 32 bits of its size.
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Option<()> {
        out.extend_from_slice(&u32::try_from(self.size()).ok()?.to_be_bytes());
        out.extend_from_slice(&self.kind);
        match &self.content {
            Content::Bytes(bytes) => out.extend_from_slice(bytes),
            Content::Nodes(nodes) => nodes.iter().try_for_each(|n| n.write(out))?,
        }
        Some(())
    }
}

fn read(bytes: &[u8], depth: usize) -> Option<Vec<Node>> {
    let mut nodes = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        // QuickTime ends user data with a word of zeros.
        if rest.iter().all(|b| *b == 0) && rest.len() <= 4 {
            break;
        }
        if nodes.len() >= MOST {
            return None;
        }
        let (size, after) = rest.split_first_chunk::<4>()?;
        let (kind, body) = after.split_first_chunk::<4>()?;
        let size = usize::try_from(u32::from_be_bytes(*size)).ok()?;
        let (content, next) = match size {
            0 => (body, &[][..]),
            1 => {
                let (size, body) = body.split_first_chunk::<8>()?;
                let size = usize::try_from(u64::from_be_bytes(*size)).ok()?;
                body.split_at_checked(size.checked_sub(16)?)?
            }
            size => body.split_at_checked(size.checked_sub(8)?)?,
        };
        let within = if OPEN.contains(&kind) && depth < DEEPEST { read(content, depth + 1) } else { None };
        nodes.push(match within {
            Some(within) => Node::of(kind, within),
            None => Node::leaf(kind, content.to_vec()),
        });
        rest = next;
    }
    Some(nodes)
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_read_is_written_as_it_was() {
        let inner = Node::of(b"trak", vec![Node::leaf(b"tkhd", vec![1; 5]), Node::leaf(b"junk", vec![])]);
        let tree = Node::of(b"moov", vec![Node::leaf(b"mvhd", vec![7; 100]), inner]);
        let mut bytes = Vec::new();
        tree.write(&mut bytes).expect("small");
        assert_eq!(bytes.len(), tree.size());
        assert_eq!(Node::read_all(&bytes), Some(vec![tree]));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Node::read_all(&bytes);
        }
    }
}
