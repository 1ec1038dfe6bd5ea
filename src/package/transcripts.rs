//! The words of an episode → the files that apps and browsers read.

use super::named;
use crate::model::artifact::{Artifact, ContentHash, MediaType};
use crate::model::show::Slug;
use crate::transcript::{Cue, FORMATS, Format, Transcript};

/// The words of an episode, as far as anybody knows when they are said.
#[derive(Clone, Debug)]
pub enum Told<'a> {
    /// What was heard, in cues.
    Heard(Vec<Cue>),
    /// The publisher's own, with its bytes, which go out as they came; the other forms are made of it.
    Own(&'a Transcript, &'a [u8]),
    /// A page of words without times.
    Untimed(String),
}

/// The transcripts of an episode, the form that most apps prefer first.
pub fn transcripts(slug: &Slug, told: &Told<'_>) -> Vec<Artifact> {
    let artifact = |media_type: MediaType, extension: &str, bytes: Vec<u8>| {
        let stamp = ContentHash::new(*blake3::hash(&bytes).as_bytes()).stamp();
        let path = named(slug, &format!("transcript-{stamp}.{extension}")).ok()?;
        Some(Artifact::of_bytes(path, media_type, bytes))
    };
    let (cues, own) = match told {
        Told::Heard(cues) => (cues.as_slice(), None),
        Told::Own(transcript, bytes) => (transcript.cues.as_slice(), Some((transcript.format, *bytes))),
        Told::Untimed(page) => {
            return artifact(MediaType::Html, "html", page.clone().into_bytes()).into_iter().collect();
        }
    };
    let bytes = |format: &'static Format| match own {
        Some((given, bytes)) if given == format => bytes.to_vec(),
        _ => (format.write)(cues).into_bytes(),
    };
    FORMATS.iter().filter_map(|format| artifact(format.media_type, format.extension, bytes(format))).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn names(told: &Told<'_>) -> Vec<String> {
        let made = transcripts(&Slug::new("harbour").unwrap(), told);
        made.iter().map(|a| format!("{} {}", a.path, a.media_type.as_str())).collect()
    }

    #[test]
    fn a_publishers_own_goes_out_as_it_came_and_the_other_forms_beside_it() {
        let bytes = b"1\r\n00:00:01,000 --> 00:00:02,000\r\nWords\r\n";
        let transcript = crate::transcript::read(bytes).unwrap();
        let told = Told::Own(&transcript, bytes);
        let made = transcripts(&Slug::new("harbour").unwrap(), &told);
        let srt = made.iter().find(|a| a.media_type == MediaType::Srt).unwrap();
        assert_eq!(srt.pieces, [crate::model::artifact::Piece::Bytes(bytes.to_vec())]);
        insta::assert_snapshot!(names(&told).join("\n"), @r#"
        harbour/transcript-7ba3e851.vtt text/vtt
        harbour/transcript-932af1b7.srt application/x-subrip
        harbour/transcript-0eb95f1d.json application/json
        "#);
    }

    #[test]
    fn words_without_times_are_a_page() {
        insta::assert_snapshot!(names(&Told::Untimed("<p>Words</p>".into())).join("\n"), @r#"harbour/transcript-ce374d25.html text/html"#);
    }
}
