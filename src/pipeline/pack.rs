//! Packing and rendering: settled episodes → artifacts and the items of the feed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::listening;
use super::material::{Cover, Heard, Material};
use crate::audio::{Source, Unreadable, encode};
use crate::error::Error;
use crate::feed::{Alternate, Enclosure, Item, Transcript};
use crate::model::artifact::{Artifact, ContentHash, MediaType, OutputPath};
use crate::model::audio::Recording;
use crate::model::chapter::ChapterList;
use crate::model::finding::{Place, Problem, ProblemKind};
use crate::model::show::{EnclosureSettings, Guid, Person, Show, Slug, TextPolicy};
use crate::model::text::Line;
use crate::model::time::Duration;
use crate::package::{self, Artwork, Besides, Contents, Refusal, Route};
use crate::publish::Folder;
use crate::sources::cache::{Cache, is_unchanged};
use crate::{picture, sources};

/// An episode that goes out, with everything decided.
pub struct Episode<'a> {
    /// What was read of it.
    pub material: &'a Material,
    /// Its name.
    pub slug: &'a Slug,
    /// Its identity.
    pub guid: Guid,
    /// The moment that it is published under.
    pub pub_date: jiff::Timestamp,
    /// Its recording, or the parts of it in order; never empty.
    pub recordings: &'a [Heard],
    /// Its chapters.
    pub chapters: &'a ChapterList,
    /// Its own cover in both sizes.
    pub artwork: Option<Artwork>,
    /// What the words of people and titles are.
    pub words: Words,
    /// How enclosures are made.
    pub settings: &'a EnclosureSettings,
}

impl Episode<'_> {
    /// The exact length of its enclosure: only what was measured reaches the feed.
    pub fn duration(&self) -> Duration {
        let recordings = measured(self.recordings);
        match package::route(&recordings, self.settings) {
            Ok(route) => route.duration(&recordings),
            Err(_) => self.recorded(),
        }
    }

    /// The exact length of the recording itself.
    pub fn recorded(&self) -> Duration {
        self.recordings.iter().map(|r| r.recording.duration().0).fold(Duration::ZERO, Duration::plus)
    }

    /// What the recording is, whatever is said of it.
    pub fn content(&self) -> ContentHash {
        content(self.recordings)
    }

    /// Where it is, or its first part.
    pub fn path(&self) -> &Path {
        self.recordings.first().map_or(&self.material.source.dir, |r| &r.path)
    }
}

fn measured(recordings: &[Heard]) -> Vec<&Recording> {
    recordings.iter().map(|r| &r.recording).collect()
}

/// What a recording or its parts together are.
fn content(recordings: &[Heard]) -> ContentHash {
    if let [one] = recordings {
        return one.identity.hash;
    }
    let mut hasher = blake3::Hasher::new();
    for part in recordings {
        hasher.update(part.identity.hash.bytes());
    }
    ContentHash::new(*hasher.finalize().as_bytes())
}

/// The words of an episode, with the publisher's corrections and the show's defaults applied.
pub struct Words {
    pub(super) title: Line,
    pub(super) dek: Option<String>,
    pub(super) link: Option<String>,
    pub(super) language: String,
    pub(super) authors: Vec<Line>,
    pub(super) narrators: Vec<Person>,
    pub(super) credits: Vec<Person>,
    pub(super) text: TextPolicy,
}

/// What packing gave.
#[derive(Default)]
pub struct Packed {
    /// Files that are made anew.
    pub media: Vec<Artifact>,
    /// Enclosures that stand in the folder already.
    pub kept: Vec<OutputPath>,
    /// What the ranges of the media are copied from, and what that was when it was measured.
    pub inputs: BTreeMap<PathBuf, ContentHash>,
    /// One for each episode: name, size and type of its enclosure, its chapters file, and whether it was kept.
    pub files: Vec<Files>,
    /// Recordings that cannot be packed after all.
    pub problems: Vec<Problem>,
    /// What is published, and less of it than there could be.
    pub notes: Vec<Problem>,
}

/// A file that is played.
pub struct Media {
    pub(super) path: OutputPath,
    pub(super) length: u64,
    pub(super) media_type: String,
}

/// The files of one episode.
pub struct Files {
    pub(super) enclosure: Media,
    pub(super) besides: Option<Media>,
    pub(super) chapters: Option<OutputPath>,
    pub(super) chapters_vtt: Option<OutputPath>,
    pub(super) transcripts: Vec<(OutputPath, MediaType)>,
    pub(super) cover: Option<OutputPath>,
    pub(super) kept: bool,
}

/// Under this word the sizes and types of packed enclosures are kept in the cache.
const ENCLOSURE: &str = "enclosure";
/// Under this word the small covers that go into tags are kept in the cache.
const EMBEDDED: &str = "cover";
/// Under this word the covers that pages show are kept in the cache.
const PAGE: &str = "page-cover";
/// With this word the kinds begin under which MP3s that recordings were encoded to are kept in the cache.
const ENCODED: &str = "encoded";
/// Under this word the parts of a recording are kept in the cache.
const PARTS: &str = "parts";

impl Words {
    /// What is said of an episode.
    pub fn of(material: &Material, show: &Show) -> Self {
        let settings = &material.source.settings;
        let article = material.article.as_ref();
        // A page behind a wall gives away no more than its summary, unless the publisher says so.
        let walled = article.is_some_and(|a| a.free == Some(false));
        let text = match settings.text {
            Some(text) => text,
            None if walled => show.text.min(TextPolicy::Summary),
            None => show.text,
        };
        let lines = |names: &[String]| names.iter().map(|n| Line::new(n)).filter(|n| !n.is_empty()).collect();
        let mut narrators = settings.narrators.clone();
        let mut credits = Vec::new();
        for credit in article.map(|a| a.credits.as_slice()).unwrap_or_default() {
            let person = Person { name: Line::new(&credit.name), role: Some(credit.role.clone()), href: None };
            match credit.role.as_str() {
                "narrator" if settings.narrators.is_empty() => narrators.push(person),
                "narrator" => {}
                _ => credits.push(person),
            }
        }
        if narrators.is_empty() {
            narrators = show.narrators.clone();
        }
        let written = || article.and_then(|a| a.language.clone());
        Self {
            title: settings
                .title
                .clone()
                .unwrap_or_else(|| Line::new(article.and_then(|a| a.title.as_deref()).unwrap_or_default())),
            dek: settings
                .dek
                .clone()
                .or_else(|| article.and_then(|a| a.dek.clone()))
                .filter(|_| text > TextPolicy::None),
            // Pages and notes make a link of it, and a page that was copied can say anything.
            link: settings
                .link
                .clone()
                .or_else(|| article.and_then(|a| a.link.clone()))
                .filter(|l| l.starts_with("https://") || l.starts_with("http://")),
            language: settings.language.clone().or_else(written).unwrap_or_else(|| show.language.clone()),
            authors: settings
                .authors
                .clone()
                .unwrap_or_else(|| lines(article.map(|a| a.authors.as_slice()).unwrap_or_default())),
            narrators,
            credits,
            text,
        }
    }

    fn people(&self) -> Vec<Person> {
        let author = |name: &Line| Person { name: name.clone(), role: Some("author".into()), href: None };
        self.authors
            .iter()
            .map(author)
            .chain(self.narrators.iter().cloned())
            .chain(self.credits.iter().cloned())
            .collect()
    }
}

/// A cover in its three sizes.
pub fn artwork(cover: &Cover, cache: &Cache) -> Result<Artwork, Problem> {
    let content = key_of(&cover.bytes);
    let unreadable = |e: picture::Unreadable| Problem {
        kind: ProblemKind::ArtworkUnreadable,
        place: Place::file(&cover.path),
        message: e.message,
        help: e.help,
    };
    let embedded = match cache.recall(EMBEDDED, &content) {
        Some(embedded) => embedded,
        None => {
            let embedded = picture::embedded_cover(&cover.bytes).map_err(unreadable)?;
            cache.remember(EMBEDDED, &content, &embedded);
            embedded
        }
    };
    let page = match cache.recall(PAGE, &content) {
        Some(page) => page,
        None => {
            let page = picture::page_cover(&embedded).map_err(unreadable)?;
            cache.remember(PAGE, &content, &page);
            page
        }
    };
    Ok(Artwork { bytes: cover.bytes.clone(), format: cover.facts.format, embedded, page })
}

/// Whether an enclosure can be made of what was heard, by its kind alone.
pub fn refusal(material: &Material, settings: &EnclosureSettings) -> Option<Problem> {
    let first = material.recordings.first()?;
    package::route(&measured(&material.recordings), settings).err().map(|refusal| refused(&first.path, refusal))
}

fn refused(path: &Path, refusal: Refusal) -> Problem {
    Problem {
        kind: ProblemKind::AudioUnpackable,
        place: Place::file(path),
        message: refusal.message,
        help: Some(refusal.help),
    }
}

fn not_offered(episode: &Episode<'_>, refusal: Refusal) -> Problem {
    let kind = package::besides(&measured(episode.recordings)).map_or("recording", Besides::title);
    Problem {
        kind: ProblemKind::AudioNotOffered,
        place: Place::file(episode.path()),
        message: format!("Apps get the MP3 that is made of this {kind} alone. {}", refusal.message),
        help: Some(refusal.help),
    }
}

/// What an enclosure is made of: the recording itself, or the MP3 that it was encoded to.
fn media_of(episode: &Episode<'_>, cache: &Cache) -> Result<(PathBuf, ContentHash), Error> {
    let target = match (package::route(&measured(episode.recordings), episode.settings), episode.recordings) {
        (Ok(Route::Encoded(target)), _) => target,
        (_, [one, ..]) => return Ok((one.path.clone(), one.identity.hash)),
        (_, []) => return Err(Error::new("there is no recording").at(episode.path())),
    };
    let kind = format!("{ENCODED}-{}-{}-{}", encode::WRITER, target.rate.hz(), target.bit_rate);
    let failed = |path: &Path, message: String, help: Option<String>| {
        let error = Error::new(message).at(path);
        help.into_iter().fold(error, Error::help)
    };
    let parts = episode.recordings.iter().map(|part| {
        let source = sources::open(&part.path).map_err(|e| Unreadable { message: e.message, help: e.help })?;
        Ok((Box::new(source) as Box<dyn Source>, part.path.to_str().unwrap_or_default()))
    });
    let path = cache
        .file(&kind, &episode.content(), |file| {
            encode::encode(target, parts, file).map_err(|e| sources::Unopened { message: e.message, help: e.help })
        })
        .map_err(|e: sources::Unopened| failed(episode.path(), e.message, e.help))?;
    if let Some(changed) = episode.recordings.iter().find(|part| !is_unchanged(&part.path, &part.identity)) {
        return Err(failed(
            &changed.path,
            "the recording changed while it was encoded".into(),
            Some("run the build again once nothing writes to it".into()),
        ));
    }
    let identity = cache.identify(&path).map_err(|e| failed(episode.path(), e.message, e.help))?;
    Ok((path, identity.hash))
}

/// Packs every episode: what stands in the folder under the right name is kept, the rest is made.
pub fn pack(
    show: &Show,
    episodes: &[Episode<'_>],
    show_artwork: Option<&Artwork>,
    folder: &Folder,
    cache: &Cache,
) -> Result<Packed, Error> {
    let mut packed = Packed::default();
    for episode in episodes {
        let words = &episode.words;
        let authors: Vec<&str> = words.authors.iter().map(Line::as_str).collect();
        let narrators: Vec<&str> = words.narrators.iter().map(|p| p.name.as_str()).collect();
        let contents = Contents {
            slug: episode.slug,
            title: words.title.as_str(),
            show: show.title.as_str(),
            authors: &authors,
            narrators: &narrators,
            date: Some(day(episode)),
            language: &words.language,
            link: words.link.as_deref(),
            dek: words.dek.as_deref(),
            chapters: episode.chapters,
            recordings: &measured(episode.recordings),
            content: episode.content(),
            cover: episode.artwork.as_ref().or(show_artwork),
            settings: episode.settings,
        };
        let refused = |refusal: Refusal| refused(episode.path(), refusal);
        let name = match package::enclosure_name(&contents) {
            Ok(name) => name,
            Err(refusal) => {
                packed.problems.push(refused(refusal));
                continue;
            }
        };
        let enclosure = placed(&mut packed, episode, &name, (folder, cache), |inputs| {
            let (path, hash) = media_of(episode, cache)?;
            let mut media = sources::open(&path).map_err(|e| Error::new(e.message).at(&path))?;
            inputs.insert(path.clone(), hash);
            Ok(package::enclosure(&contents, &path, &mut media))
        })?;
        let (file, kept) = match enclosure {
            Ok(placed) => placed,
            Err(refusal) => {
                packed.problems.push(refused(refusal));
                continue;
            }
        };
        let besides = package::besides_name(&contents).map(|name| {
            placed(&mut packed, episode, &name, (folder, cache), |inputs| {
                let path = episode.path().to_owned();
                let mut media = sources::open(&path).map_err(|e| Error::new(e.message).at(&path))?;
                inputs.insert(path.clone(), episode.content());
                Ok(package::offer(&contents, &path, &mut media))
            })
        });
        // A recording whose own kind cannot carry our words is not offered in it; the enclosure is there all the same.
        let besides = match besides.transpose()? {
            Some(Ok((file, _))) => Some(file),
            Some(Err(refusal)) => {
                packed.notes.push(not_offered(episode, refusal));
                None
            }
            None => None,
        };
        let chapters = package::chapters(&contents);
        let chapters_vtt = package::chapters_vtt(&contents);
        let transcripts = super::transcripts::of(episode);
        let cover = episode.artwork.as_ref().and_then(|a| package::cover(a, Some(episode.slug)));
        packed.files.push(Files {
            enclosure: file,
            besides,
            chapters: chapters.as_ref().map(|a| a.path.clone()),
            chapters_vtt: chapters_vtt.as_ref().map(|a| a.path.clone()),
            transcripts: transcripts.iter().map(|a| (a.path.clone(), a.media_type)).collect(),
            cover: cover.as_ref().map(|a| a.path.clone()),
            kept,
        });
        packed.media.extend(chapters);
        packed.media.extend(chapters_vtt);
        packed.media.extend(transcripts);
        packed.media.extend(cover);
    }
    packed.media.extend(show_artwork.and_then(|a| package::cover(a, None)));
    Ok(packed)
}

/// A file of an episode under its name, and whether it stands there already; made now if it does not.
fn placed(
    packed: &mut Packed,
    episode: &Episode<'_>,
    path: &OutputPath,
    (folder, cache): (&Folder, &Cache),
    make: impl FnOnce(&mut BTreeMap<PathBuf, ContentHash>) -> Result<Result<package::Packed, Refusal>, Error>,
) -> Result<Result<(Media, bool), Refusal>, Error> {
    let key = key_of(path.as_str().as_bytes());
    let known: Option<(u64, String, ContentHash)> = cache.recall(ENCLOSURE, &key);
    if let Some((length, media_type, _)) = known.filter(|(length, ..)| folder.length_of(path) == Some(*length)) {
        packed.kept.push(path.clone());
        return Ok(Ok((Media { path: path.clone(), length, media_type }, true)));
    }
    let made = match make(&mut packed.inputs)? {
        Ok(made) => made,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (length, media_type) = (made.enclosure.size(), made.media_type);
    cache.remember(ENCLOSURE, &key, &(length, &media_type, episode.content()));
    if let parts @ [_, _, ..] = episode.recordings {
        let hashes: Vec<ContentHash> = parts.iter().map(|p| p.identity.hash).collect();
        cache.remember(PARTS, &episode.content(), &hashes);
    }
    packed.media.push(made.enclosure);
    Ok(Ok((Media { path: path.clone(), length, media_type }, false)))
}

fn key_of(bytes: &[u8]) -> ContentHash {
    ContentHash::new(*blake3::hash(bytes).as_bytes())
}

/// The recording that a published enclosure was made of, by the end of its address; `None` where nobody remembers.
pub fn recording_of(url: &str, cache: &Cache) -> Option<ContentHash> {
    let mut parts = url.rsplitn(3, '/');
    let (file, folder) = (parts.next()?, parts.next()?);
    let known: Option<(u64, String, ContentHash)> =
        cache.recall(ENCLOSURE, &key_of(format!("{folder}/{file}").as_bytes()));
    known.map(|(_, _, recording)| recording)
}

/// Takes what was made and measured of a recording out of the cache, and what was heard in it of this episode.
pub fn forget(recording: &ContentHash, slug: Option<&Slug>, cache: &Cache) {
    let parts: Vec<ContentHash> = cache.recall(PARTS, recording).unwrap_or_default();
    let first = parts.first().unwrap_or(recording);
    cache.forget(&[listening::HEARD], &listening::shelf(first, slug));
    parts.iter().chain([recording]).for_each(|content| cache.forget_all(content));
}

/// The same of an episode whose folder is still there, published or not.
pub fn forget_material(material: &Material, cache: &Cache) {
    let slug = material.source.slug.as_ref();
    if let Some(first) = material.recordings.first() {
        cache.forget(&[listening::HEARD], &listening::shelf(&first.identity.hash, slug));
        forget(&content(&material.recordings), slug, cache);
    }
    for part in &material.recordings {
        cache.forget_all(&part.identity.hash);
    }
    if let Some(cover) = &material.cover {
        cache.forget_all(&key_of(&cover.bytes));
    }
}

/// The item of an episode in the feed.
pub fn item<'a>(show: &Show, episode: &Episode<'a>, files: &Files) -> Item<'a> {
    let url = |path: &OutputPath| format!("{}{}", show.base_url, path.as_str());
    let served =
        |media: &Media| Enclosure { url: url(&media.path), length: media.length, media_type: media.media_type.clone() };
    let settings = &episode.material.source.settings;
    let words = &episode.words;
    let transcript = |(path, media_type): &(OutputPath, MediaType)| Transcript {
        url: url(path),
        media_type: media_type.as_str().to_owned(),
        language: Some(words.language.clone()),
        captions: *media_type != MediaType::Html,
    };
    Item {
        title: words.title.clone(),
        guid: episode.guid.clone(),
        link: words.link.clone(),
        pub_date: episode.pub_date,
        dek: words.dek.clone(),
        enclosure: served(&files.enclosure),
        besides: alternate(episode, files)
            .map(|(media, kind)| Alternate {
                file: served(media),
                codecs: kind.codecs(),
                title: kind.title(),
                bit_rate: episode.recordings.first().and_then(|r| r.recording.bit_rate),
            })
            .into_iter()
            .collect(),
        duration: episode.duration(),
        chapters: Some(episode.chapters),
        chapters_url: files.chapters.as_ref().map(url),
        image_url: files.cover.as_ref().map(url),
        explicit: settings.explicit,
        people: words.people(),
        season: settings.season,
        episode: settings.episode,
        kind: settings.kind,
        narration: settings.narration.unwrap_or(show.narration),
        text: words.text,
        language: Some(words.language.clone()),
        license: None,
        transcripts: files.transcripts.iter().map(transcript).collect(),
    }
}

fn alternate<'f>(episode: &Episode<'_>, files: &'f Files) -> Option<(&'f Media, Besides)> {
    files.besides.as_ref().zip(package::besides(&measured(episode.recordings)))
}

/// The day of publication, as tags and pages state it.
pub(super) fn day(episode: &Episode<'_>) -> jiff::civil::Date {
    jiff::tz::TimeZone::UTC.to_datetime(episode.pub_date).date()
}
