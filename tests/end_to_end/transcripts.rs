//! Transcripts: the article's own words where they are heard, a publisher's own as it came, and nothing that the
//! publisher keeps back or that could do harm.

use crate::listening::spoken;
use crate::material::{ARTICLE, SPOKEN_STARTS, Show};

/// Names and texts of the transcripts that were built.
fn transcripts(show: &Show) -> Vec<(String, String)> {
    let files = show.feed_tree().into_iter().filter(|(name, _)| name.contains("/transcript-"));
    files.map(|(name, bytes)| (name, String::from_utf8(bytes).expect("text"))).collect()
}

fn extensions(show: &Show) -> Vec<String> {
    let mut names: Vec<String> =
        transcripts(show).iter().filter_map(|(n, _)| n.rsplit('.').next().map(str::to_owned)).collect();
    names.sort();
    names
}

#[test]
fn what_is_heard_becomes_cues_that_the_feed_and_the_page_name() {
    let show = spoken();
    show.build().fine();
    assert_eq!(extensions(&show), ["json", "srt", "vtt"]);
    let feed = show.read("feed/feed.xml");
    let page = show.read("feed/harbour/index.html");
    let files = transcripts(&show);
    for (name, _) in &files {
        assert!(feed.contains(&format!("url=\"https://pages.example.org/feed/{name}\"")), "{name}\n{feed}");
    }
    let (name, vtt) = files.iter().find(|(name, _)| name.ends_with(".vtt")).expect("WebVTT");
    let file = name.rsplit('/').next().expect("a name");
    assert!(page.contains(&format!("<track kind=\"captions\" src=\"{file}\"")), "{page}");
    // Each section's heading begins where it is heard.
    let starts: Vec<f64> = ["The Harbour at Night", "The pilots", "The lights"]
        .iter()
        .map(|heading| {
            let before = vtt.split(&format!("\n{heading}\n")).next().expect("the heading");
            let time = before.lines().last().expect("its time");
            time[6..12].parse::<f64>().expect("seconds")
        })
        .collect();
    for (found, expected) in starts.iter().zip(SPOKEN_STARTS) {
        assert!((found - expected).abs() < 0.3, "{starts:?}\n{vtt}");
    }
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let said: Vec<String> = vtt.lines().filter(|l| !l.contains("-->") && *l != "WEBVTT").flat_map(words).collect();
    let body = ARTICLE.rsplit("---\n").next().expect("the article").replace('#', "");
    let last: Vec<String> = words(&body).into_iter().rev().take(20).collect();
    assert_eq!(said.iter().rev().take(20).cloned().collect::<Vec<_>>(), last, "{vtt}");
    assert!(page.contains("data-at=\""), "sentences on the page have their times");

    // What is kept back goes, from feed, page and folder.
    show.edit("episodes/show.toml", "narration", "text = \"summary\"\nnarration");
    show.build().fine();
    assert!(transcripts(&show).is_empty());
    assert!(!show.read("feed/feed.xml").contains("podcast:transcript"));
    assert!(!show.read("feed/harbour/index.html").contains("captions"));
}

#[test]
fn a_publishers_own_transcript_is_carried_as_it_came_or_refused_with_its_line() {
    let show = Show::new();
    let own = "1\r\n00:00:00,500 --> 00:00:04,000\r\nWords of <i>our</i> own.\r\n";
    show.write("episodes/harbour/transcript.srt", own.as_bytes());
    show.build().fine();
    assert_eq!(extensions(&show), ["json", "srt", "vtt"]);
    let files = transcripts(&show);
    let of = |extension: &str| files.iter().find(|(n, _)| n.ends_with(extension)).map(|(_, t)| t.as_str());
    assert_eq!(of(".srt"), Some(own));
    assert_eq!(of(".vtt"), Some("WEBVTT\n\n00:00:00.500 --> 00:00:04.000\nWords of our own.\n"));

    show.write("episodes/harbour/transcript.srt", b"1\n00:00:00,500 --> 00:01:04,000\nWords\n\nLost\n");
    let refused = show.build();
    let said = refused.all();
    for part in ["episode-transcript-invalid", "transcript.srt:2", "the recording at 00:00:12", "transcript.srt:5"] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    assert_eq!(transcripts(&show), files, "what is published stays");
}

#[test]
fn without_times_the_words_are_a_page_and_the_report_says_so() {
    let show = Show::new();
    let built = show.build().fine();
    assert_eq!(extensions(&show), ["html"]);
    assert!(built.all().contains("episode-transcript-untimed"), "{}", built.all());
    assert!(!show.read("feed/feed.xml").contains("rel=\"captions\""));
}

#[test]
fn text_that_wants_to_do_harm_is_text_everywhere() {
    const HARM: &str = "</p></script><script>harm()</script> ]]> \"><img src=x onerror=harm()> --> <svg onload=harm()>";
    let show = Show::new();
    let escaped: String =
        HARM.chars().flat_map(|c| if c.is_alphanumeric() || c == ' ' { vec![c] } else { vec!['\\', c] }).collect();
    show.edit("episodes/harbour/article.md", "Each pilot knows", &format!("{escaped} Each pilot knows"));
    show.edit("episodes/harbour/article.md", "## The pilots", &format!("## {escaped}"));
    show.write(
        "episodes/harbour/transcript.vtt",
        b"WEBVTT\n\n00:00.000 --> 00:04.000\n&lt;script>harm()&lt;/script>\n",
    );
    show.edit("episodes/harbour/episode.toml", "guid", &format!("title = '{HARM}'\ndek = '{HARM}'\nguid"));
    show.run(&["build", "--allow", "all"]).fine();
    let mut looked = 0;
    for (name, bytes) in show.feed_tree() {
        let Ok(text) = String::from_utf8(bytes) else { continue };
        looked += 1;
        // In a feed notes are HTML inside CDATA or escaped; no form of it may open an element of the attacker's.
        for tag in ["<script>harm", "<img src=x", "<svg onload"] {
            assert!(!text.contains(tag), "{name} has {tag}\n{text}");
        }
        assert!(!text.contains("href=\"javascript:"), "{name}");
    }
    assert!(looked > 6, "only {looked} texts");
}
