//! Values of the model → the documents.

use std::collections::BTreeMap;
use std::path::Path;

use super::{
    ArticleDocument, ArticleRecord, BuildDocument, BuiltRecord, ChapterRecord, ChaptersDocument, CheckDocument,
    ClaimedRecord, CreditRecord, ExtraRecord, FileChapterRecord, FileRecord, FindingRecord, InspectDocument, Inspected,
    LeftOutRecord, LoudnessRecord, ParagraphRecord, SCHEMA, SectionRecord, SeverityWord, SilenceRecord, SubjectWord,
    Summary, VerdictRecord,
};
use crate::model::article::{Article, BlockAt};
use crate::model::audio::{Codec, Container, Recording};
use crate::model::chapter::Mark;
use crate::model::finding::{Finding, Report, Severity, Subject};
use crate::model::script::{Role, Script, Verdict};
use crate::model::time::{Duration, Timestamp};

/// The document of `inspect`.
pub fn inspect(files: &[Inspected<'_>]) -> InspectDocument {
    InspectDocument { schema: SCHEMA, files: files.iter().map(file).collect() }
}

/// The document of `article`.
pub fn article(article: &Article) -> ArticleDocument {
    let text = |at: &BlockAt<'_>| at.block.text.clone();
    let sections = article.sections();
    let sections = sections.iter().map(|s| SectionRecord {
        heading: s.heading.as_ref().map(text),
        paragraphs: s.paragraphs.iter().map(text).collect(),
    });
    let record = ArticleRecord {
        title: article.title.clone(),
        dek: article.dek.clone(),
        authors: article.authors.clone(),
        credits: article.credits.iter().map(|c| CreditRecord { name: c.name.clone(), role: c.role.clone() }).collect(),
        date: article.date.map(|d| d.to_string()),
        language: article.language.clone(),
        image: article.image.clone(),
        sections: sections.collect(),
        left_out: article
            .left_out()
            .map(|(block, reason)| LeftOutRecord {
                line: block.line,
                text: block.text.clone(),
                reason: reason.to_string(),
            })
            .collect(),
    };
    ArticleDocument { schema: SCHEMA, article: record }
}

/// The document of `chapters`; `episode` is how the command was told of it.
pub fn chapters(episode: &Path, script: &Script, duration: Duration) -> ChaptersDocument {
    let list = script.chapters.as_ref().map(|l| l.chapters()).unwrap_or_default();
    ChaptersDocument {
        schema: SCHEMA,
        episode: path(episode),
        duration_seconds: Some(duration.seconds()),
        recording: VerdictRecord {
            verdict: script.verdict.word().to_owned(),
            narrated_share: script.narrated_share.map(|s| rounded(f64::from(s), 1000.0)),
        },
        chapters: list
            .iter()
            .map(|c| ChapterRecord {
                title: c.title.to_string(),
                start_seconds: c.start.seconds(),
                heard_seconds: c.heard.map(Timestamp::seconds),
                source: c.origin.word().to_owned(),
                confidence: rounded(f64::from(c.confidence.value()), 1000.0),
            })
            .collect(),
        missing: script.missing.clone(),
        extra: script
            .extra
            .iter()
            .map(|e| ExtraRecord {
                start_seconds: e.span.start.seconds(),
                end_seconds: e.span.end.seconds(),
                kind: e.kind.word().to_owned(),
            })
            .collect(),
        paragraphs: script
            .passages
            .iter()
            .filter(|p| p.role == Role::Paragraph)
            .map(|p| ParagraphRecord {
                section: p.section,
                text: p.text.clone(),
                start_seconds: p.span.map(|s| s.start.seconds()),
                end_seconds: p.span.map(|s| s.end.seconds()),
                narrated: p.narrated,
            })
            .collect(),
    }
}

/// The document of `chapters` for an episode that lacks its article or a whole recording: nobody could listen.
pub fn unsettled(episode: &Path, duration: Option<Duration>) -> ChaptersDocument {
    ChaptersDocument {
        schema: SCHEMA,
        episode: path(episode),
        duration_seconds: duration.map(Duration::seconds),
        recording: VerdictRecord { verdict: Verdict::NotHeard.word().to_owned(), narrated_share: None },
        chapters: Vec::new(),
        missing: Vec::new(),
        extra: Vec::new(),
        paragraphs: Vec::new(),
    }
}

/// The document of `build`; `feed` is `None` where nothing was written.
pub fn build(feed: Option<&Path>, episodes: Vec<BuiltRecord>, findings: &[Finding]) -> BuildDocument {
    BuildDocument { schema: SCHEMA, feed: feed.map(path), episodes, findings: records(findings) }
}

impl From<&Report> for CheckDocument {
    fn from(report: &Report) -> Self {
        Self {
            schema: SCHEMA,
            findings: records(&report.findings),
            summary: Summary {
                errors: report.count(Severity::Error),
                warnings: report.count(Severity::Warning),
                infos: report.count(Severity::Info),
                allowed: report.allowed,
            },
        }
    }
}

fn records(findings: &[Finding]) -> Vec<FindingRecord> {
    findings.iter().map(FindingRecord::from).collect()
}

impl From<&Finding> for FindingRecord {
    fn from(finding: &Finding) -> Self {
        Self {
            rule: finding.rule.id.to_owned(),
            severity: finding.rule.severity.into(),
            subject: finding.rule.subject.into(),
            path: path(&finding.place.path),
            line: finding.place.line,
            column: finding.place.column,
            time_seconds: finding.place.time.map(Timestamp::seconds),
            message: finding.message.clone(),
            help: Some(finding.help.clone().unwrap_or_else(|| finding.rule.mend.to_owned())),
            effective: finding.effective.into(),
        }
    }
}

impl From<Severity> for SeverityWord {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Info => Self::Info,
        }
    }
}

impl From<Subject> for SubjectWord {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::Article => Self::Article,
            Subject::Audio => Self::Audio,
            Subject::Artwork => Self::Artwork,
            Subject::Chapters => Self::Chapters,
            Subject::Transcript => Self::Transcript,
            Subject::Show => Self::Show,
            Subject::Episode => Self::Episode,
            Subject::Feed => Self::Feed,
        }
    }
}

/// A path with `/` on every system.
fn path(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

fn rounded(value: f64, unit: f64) -> f64 {
    (value * unit).round() / unit
}

fn file(inspected: &Inspected<'_>) -> FileRecord {
    let known =
        FileRecord { path: path(inspected.path), findings: records(inspected.findings), ..FileRecord::default() };
    let Some(recording) = inspected.recording else { return known };
    let hearing = recording.hearing.as_ref();
    FileRecord {
        container: Some(recording.container.word().to_owned()),
        codec: Some(recording.codec.word()),
        media_type: Some(media_type(recording).to_owned()),
        size_bytes: Some(recording.size),
        sample_rate: Some(recording.sample_rate.hz()),
        channels: Some(recording.channels),
        bit_rate: recording.bit_rate,
        duration_seconds: Some(recording.duration().0.seconds()),
        duration_frames: Some(recording.frames.0.count()),
        loudness: hearing.and_then(|h| h.loudness).map(|l| LoudnessRecord {
            integrated_lufs: rounded(l.integrated.0, 100.0),
            // Digital silence peaks at minus infinity, which JSON cannot say.
            true_peak_dbtp: Some(rounded(l.true_peak.0, 100.0)).filter(|p| p.is_finite()),
            loudness_range_lu: rounded(l.range_lu, 100.0),
        }),
        silence: hearing.map(|h| SilenceRecord {
            leading_seconds: h.silence.leading.seconds(),
            trailing_seconds: h.silence.trailing.seconds(),
            longest_seconds: h.silence.longest.seconds(),
        }),
        claimed: ClaimedRecord { duration_seconds: recording.claimed_duration().map(|c| c.0.seconds()) },
        tags: tags(recording),
        chapters: file_chapters(recording),
        ..known
    }
}

fn tags(recording: &Recording) -> BTreeMap<String, String> {
    let mut tags: BTreeMap<String, String> = BTreeMap::new();
    for tag in &recording.tags {
        let value = tags.entry(tag.name.clone()).or_default();
        if !value.is_empty() {
            value.push_str("; ");
        }
        value.push_str(&tag.value);
    }
    tags
}

/// The first carrier that has visible chapters, in order of time.
fn file_chapters(recording: &Recording) -> Vec<FileChapterRecord> {
    let visible = |marks: &[Mark]| marks.iter().filter(|m| !m.hidden).cloned().collect::<Vec<_>>();
    let found = recording.chapters.iter().map(|c| visible(&c.marks)).find(|marks| !marks.is_empty());
    let marks = found.unwrap_or_default();
    let end = Timestamp::after(recording.duration().0);
    let next = marks.iter().skip(1).map(|m| m.start).chain([end]);
    marks
        .iter()
        .zip(next)
        .map(|(mark, next)| FileChapterRecord {
            start_seconds: mark.start.seconds(),
            end_seconds: mark.end.unwrap_or(next).seconds(),
            title: mark.title.clone(),
        })
        .collect()
}

/// The type that a file would be published under, by what is inside and not by its name.
fn media_type(recording: &Recording) -> &'static str {
    match (recording.container, &recording.codec) {
        (Container::Mp3, _) => "audio/mpeg",
        (Container::Mp4, Codec::AacLc | Codec::HeAac) => "audio/x-m4a",
        (Container::Mp4, _) => "audio/mp4",
        (Container::Adts, _) => "audio/aac",
        (Container::Wav, _) => "audio/wav",
        (Container::Aiff, _) => "audio/aiff",
        (Container::Flac, _) => "audio/flac",
        (Container::Ogg, Codec::Opus) => "audio/ogg; codecs=opus",
        (Container::Ogg, _) => "audio/ogg",
    }
}
