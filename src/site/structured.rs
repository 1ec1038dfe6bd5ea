//! Structured data of an episode (schema.org): what search engines and assistants read.

use serde_json::{Value, json};

use super::EpisodePage;

/// JSON-LD that is safe inside a script element.
pub(super) fn episode(page: &EpisodePage<'_>) -> String {
    let people = |names: &[&str]| -> Vec<Value> {
        names.iter().map(|name| json!({ "@type": "Person", "name": name })).collect()
    };
    let clips: Vec<Value> = page
        .chapters
        .spans()
        .map(|(chapter, end)| {
            json!({
                "@type": "Clip",
                "name": chapter.title.as_str(),
                "startOffset": chapter.start.seconds(),
                "endOffset": end.seconds(),
                "url": format!("{}#t={}", page.address(), chapter.start.seconds()),
            })
        })
        .collect();
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "PodcastEpisode",
        "url": page.address(),
        "name": page.title,
        "datePublished": page.published.to_string(),
        "inLanguage": page.language,
        "timeRequired": page.duration.iso8601(),
        "partOfSeries": { "@type": "PodcastSeries", "name": page.show.title.as_str(), "url": page.show.link },
        "author": people(&page.authors),
        "readBy": people(&page.narrators),
        "associatedMedia": {
            "@type": "AudioObject",
            "contentUrl": page.audio_address(),
            "encodingFormat": page.media_type,
            "contentSize": page.length.to_string(),
            "duration": page.duration.iso8601(),
            "hasPart": clips,
        },
    });
    if let (Some(object), Some(dek)) = (data.as_object_mut(), page.dek) {
        object.insert("description".into(), dek.into());
    }
    if let (Some(object), Some(link)) = (data.as_object_mut(), page.link) {
        object.insert("mainEntityOfPage".into(), link.into());
    }
    // A closing tag inside a text would end the element.
    data.to_string().replace('<', "\\u003c")
}
