//! The pages in Chromium: heard, read along, by keyboard alone, without a script, small, dark, from right to left.

mod driver;

use std::fs;
use std::io::{BufRead, BufReader};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use driver::{Browser, ENTER, TAB};
use serde_json::{Value, json};

use crate::programs::ours;
use crate::sound;

/// A window of a browser, and the server whose pages it shows.
struct Window {
    browser: Browser,
    address: String,
    server: Child,
}

/// An episode of this repository's own.
pub const LONG: &str = "the-mill-that-ran-on-the-moon";
const ARABIC: &str = "the-arabic-one";

/// The built folder of a show: an episode of this repository's own, one in Arabic, and one whose text wants to do harm.
/// It stays among the tests' products, so that what was heard once is remembered.
pub fn feed() -> &'static Path {
    static FEED: OnceLock<PathBuf> = OnceLock::new();
    FEED.get_or_init(|| {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = repository.join("target/outside/show");
        let episodes = folder.join("episodes");
        // What the last run left.
        let _ = fs::remove_dir_all(&episodes);
        let _ = fs::remove_dir_all(folder.join("feed"));
        copy(&repository.join("episodes").join(LONG), &episodes.join(LONG));
        for name in ["show.toml", "cover.png"] {
            fs::copy(repository.join("episodes").join(name), episodes.join(name)).expect("copied");
        }
        for (slug, article, title) in [(ARABIC, ARABIC_ARTICLE, "الميناء في الليل"), ("harm", HARM, "Harm")]
        {
            let episode = episodes.join(slug);
            fs::create_dir(&episode).expect("made");
            fs::write(episode.join("article.md"), article).expect("written");
            let recording = sound::rusty_mp3(&sound::speech(40 * 44_100, 44_100), 44_100, 1, None);
            fs::write(episode.join("reading.mp3"), recording).expect("written");
            let chapters = format!("00:00 {title}\n00:12 القناة\n00:24 المنارة\n");
            fs::write(episode.join("chapters.txt"), chapters).expect("written");
            fs::write(episode.join("episode.toml"), format!("guid = \"{slug}\"\n")).expect("written");
        }
        ours(&folder, &["build", "--allow", "all"]);
        assert!(folder.join("feed").join(ARABIC).is_dir(), "the show is built");
        folder.join("feed")
    })
}

const ARABIC_ARTICLE: &str = "---\ndate: 2025-01-15\nlanguage: ar\n---\n\n# الميناء في الليل\n\nيعرف كل مرشد القناة عن ظهر قلب، ولا ينام أحد في الميناء.\n\n## القناة\n\nعندما يأتي الضباب من البحر يستمعون إلى جرس السفينة القديمة.\n\n## المنارة\n\nلم تتحرك المنارة منذ تسعين عاماً ولن تتحرك مرة أخرى.\n";

const HARM: &str = "---\ntitle: 'Harm <script>window.harmed=1</script>'\ndate: 2025-01-15\nlink: 'javascript:window.harmed=1'\n---\n\n# Harm <script>window.harmed=1</script>\n\n*\"><img src=x onerror=\"window.harmed=1\">*\n\n\\]\\]> \\<script>window.harmed=1\\</script> \\\"><img src=x onerror=window.harmed=1> [click](javascript:window.harmed=1) --> \\<svg onload=window.harmed=1>\n\n## \\</h2>\\<script>window.harmed=1\\</script>\n\nNothing happens.\n";

impl Window {
    fn open() -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_listen-now"))
            .args(["serve", "--port", "0"])
            .arg(feed())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(server.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        let address = line.trim().trim_end_matches('/').to_owned();
        Self { browser: Browser::open(), address, server }
    }

    #[track_caller]
    fn visit(&self, path: &str) {
        self.go(&format!("{}/{path}", self.address));
    }
}

impl Deref for Window {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("made");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)
        } else {
            fs::copy(entry.path(), target).map(drop).expect("copied")
        }
    }
}

/// A window with a page.
fn page(path: &str) -> Window {
    let window = Window::open();
    window.visit(path);
    window
}

const TIME: &str = "document.querySelector('audio').currentTime";
const PLAYS: &str = "!document.querySelector('audio').paused";

#[track_caller]
fn is_at(browser: &Browser, seconds: f64) {
    browser.until(&format!("{TIME} >= {seconds} - 0.01 && {TIME} < {seconds} + 4"));
}

#[test]
fn chapters_headings_and_sentences_seek_and_the_text_follows_the_voice() {
    let browser = page(&format!("{LONG}/"));
    browser.click("nav[aria-label=Chapters] li:nth-child(3) a");
    let start = browser.number("Number(document.querySelector('nav li:nth-child(3) a').dataset.start)");
    assert!(start > 10.0);
    is_at(&browser, start);
    browser.until(PLAYS);
    let current = "[...document.querySelectorAll('nav a')].map(a => a.getAttribute('aria-current'))";
    assert_eq!(browser.eval(current), json!([null, null, "true", null, null]));
    assert_eq!(browser.number("parseFloat(location.hash.slice(3))"), start);

    browser.click("#s3 h2 button");
    let start = browser.number("Number(document.querySelector('#s3 h2 button').dataset.start)");
    is_at(&browser, start);
    browser.until("document.querySelector('nav li:nth-child(4) a').getAttribute('aria-current') === 'true'");
    assert_eq!(browser.number("document.querySelectorAll('nav a[aria-current]').length"), 1.0);

    // A sentence is pressed, and from there the voice walks on into the next paragraph.
    browser.eval("document.querySelector('audio').pause()");
    let sentence = "[...document.querySelectorAll('#s1 p')].at(-2).querySelector('span[data-at]:last-of-type')";
    browser.eval(&format!("({sentence}).scrollIntoView({{block: 'center', behavior: 'instant'}})"));
    browser.eval(&format!("({sentence}).id = 'pressed'"));
    browser.click("#pressed");
    is_at(&browser, browser.number(&format!("Number(({sentence}).dataset.at)")));
    browser.until("document.querySelector('#pressed.now') !== null");
    browser.until("document.querySelector('#pressed').closest('p').getAttribute('aria-current') === 'true'");
    browser.picture("follows.png");
    browser.eval("document.querySelector('audio').playbackRate = 2.5");
    let next = "document.querySelector('#pressed').closest('p').nextElementSibling";
    browser.until(&format!("({next}).getAttribute('aria-current') === 'true'"));
    browser.until(&format!("({next}).querySelector('.now') !== null"));
    assert_eq!(browser.number("document.querySelectorAll('p[aria-current]').length"), 1.0);
    assert_eq!(browser.number("document.querySelectorAll('.now').length"), 1.0);
}

#[test]
fn every_narrated_word_has_its_time_on_the_page() {
    let browser = page(&format!("{LONG}/"));
    let paragraphs = browser.number("document.querySelectorAll('#text section p').length");
    assert!(paragraphs > 5.0);
    assert_eq!(browser.number("document.querySelectorAll('#text section p[data-start][data-end]').length"), paragraphs);
    let ascends = "[...document.querySelectorAll('[data-at]')].every((s, i, all) => i === 0 || Number(all[i - 1].dataset.at) <= Number(s.dataset.at))";
    assert_eq!(browser.eval(ascends), true);
}

#[test]
fn the_keyboard_alone_does_everything() {
    let browser = page(&format!("{LONG}/"));
    browser.until("document.querySelector('audio').readyState > 0");
    browser.press(&TAB.to_string());
    assert_eq!(browser.eval("document.activeElement.getAttribute('href')"), "#text");
    let seen = "(() => { const box = document.activeElement.getBoundingClientRect(); return box.width > 0 && box.left >= 0 })()";
    assert_eq!(browser.eval(seen), true, "the link to the text is seen when it has the focus");
    // Everything that can be pressed is reached, in the order of the page.
    let mut reached = Vec::new();
    for _ in 0..30 {
        browser.press(&TAB.to_string());
        reached.push(browser.eval("document.activeElement.className || document.activeElement.tagName").to_string());
        if reached.last().is_some_and(|r| r.contains("main")) {
            break;
        }
    }
    assert!(reached.last().is_some_and(|r| r.contains("main")), "{reached:?}");
    browser.press(&ENTER.to_string());
    browser.until(PLAYS);
    browser.press("k");
    browser.until(&format!("!({PLAYS})"));
    let check = |keys: &str, from: f64, to: f64| {
        browser.eval(&format!("{TIME} = {from}"));
        browser.press(keys);
        browser.until(&format!("Math.abs({TIME} - {to}) < 0.1"));
    };
    check("l", 40.0, 70.0);
    check("j", 40.0, 25.0);
    check("\u{E014}", 40.0, 70.0);
    check("\u{E012}", 40.0, 25.0);
    check("j", 5.0, 0.0);
    let speed = "document.querySelector('audio').playbackRate";
    browser.press(">");
    assert_eq!(browser.eval(speed), 1.25);
    browser.press("<<");
    assert_eq!(browser.eval(speed), 0.75);
    // Space is the page's where nothing has the focus, and the button's where that has it.
    browser.eval("document.activeElement.blur()");
    browser.press(" ");
    browser.until(PLAYS);
    browser.eval("document.querySelector('.main').focus()");
    browser.press(" ");
    browser.until(&format!("!({PLAYS})"));
    // On to the chapters, and into one.
    for _ in 0..12 {
        browser.press(&TAB.to_string());
        if browser.eval("document.activeElement.dataset.start !== undefined") == true {
            break;
        }
    }
    browser.press(&format!("{TAB}{ENTER}"));
    is_at(&browser, browser.number("Number(document.querySelector('nav li:nth-child(2) a').dataset.start)"));
    browser.until(PLAYS);
}

#[test]
fn an_address_carries_a_time_and_the_place_is_remembered() {
    let browser = page(&format!("{LONG}/#t=61.5"));
    is_at(&browser, 61.5);
    assert_eq!(browser.eval(&format!("!({PLAYS})")), true, "nothing plays before somebody wants it");
    browser.press("k");
    browser.until(&format!("{TIME} > 66"));
    browser.press("k");
    browser.until("document.querySelector('.clock').getAttribute('href') !== '#t=61'");
    // The same address goes on where it was left, another one goes where it says.
    browser.eval("(location.reload(), 0)");
    browser.until(&format!("document.readyState === 'complete' && {TIME} > 65"));
    browser.visit(&format!("{LONG}/?"));
    browser.visit(&format!("{LONG}/#t=1:30"));
    is_at(&browser, 90.0);
    browser.press(">");
    browser.visit(&format!("{LONG}/?again"));
    browser.until("document.querySelector('audio').playbackRate === 1.25");
    assert_eq!(browser.eval("navigator.mediaSession.metadata.title"), "The Mill That Ran on the Moon");
}

#[test]
fn without_a_script_everything_is_there() {
    let browser = Window::open();
    browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    browser.visit(&format!("{LONG}/"));
    let seen = |selector: &str| {
        browser.number(&format!(
        "[...document.querySelectorAll({selector:?})].filter(e => e.checkVisibility() && e.getBoundingClientRect().height > 0).length"
    ))
    };
    assert_eq!(seen("audio[controls]"), 1.0);
    assert_eq!(seen(".controls, h2 button"), 0.0, "nothing is seen that would do nothing");
    assert_eq!(seen("nav li a[href*='.mp3#t=']"), 5.0);
    assert!(seen("#text section p") > 5.0);
    browser.picture("no-script.png");
}

/// What axe finds that keeps people out, as `rule: element`.
fn barriers(browser: &Browser) -> Vec<String> {
    let axe = concat!(env!("CARGO_MANIFEST_DIR"), "/target/outside/node_modules/axe-core/axe.min.js");
    let axe = fs::read_to_string(axe).expect("axe-core is needed for this test (see tests/outside/install)");
    let script = "const done = arguments[arguments.length - 1]; axe.run().then(r => done(r.violations.filter(v => \
                  ['serious', 'critical'].includes(v.impact)).flatMap(v => v.nodes.map(n => v.id + ': ' + n.html))))";
    let found = browser.later(&format!("{axe}\n;{script}"));
    found.as_array().expect("a list").iter().map(Value::to_string).collect()
}

#[test]
fn pages_fit_every_screen_in_both_colour_schemes_and_keep_nobody_out() {
    let browser = Window::open();
    let pages = [
        "",
        "feed.xml",
        &format!("{LONG}/"),
        &format!("{LONG}/embed.html"),
        &format!("{ARABIC}/"),
        &format!("{ARABIC}/embed.html"),
    ];
    for (width, height) in [(320, 640), (768, 900), (1280, 900)] {
        browser.size(width, height);
        for scheme in ["light", "dark"] {
            browser.scheme(scheme);
            for path in pages {
                // XML cannot say that it fits a telephone, which shows it as on a desk, only smaller.
                if path.ends_with(".xml") && width == 320 {
                    continue;
                }
                browser.visit(path);
                let wide = browser.number("document.documentElement.scrollWidth");
                assert!(wide <= f64::from(width), "{path} is {wide} wide on {width}");
                if path.starts_with(LONG) {
                    let middle = |selector: &str| {
                        let bounds = format!("document.querySelector({selector:?}).getBoundingClientRect()");
                        browser.number(&format!("{bounds}.top + {bounds}.height / 2"))
                    };
                    // Also in the middle of a longer recording.
                    browser.eval("document.querySelector('.clock').textContent = '12:52 / 22:26'");
                    assert!((middle(".clock") - middle(".main")).abs() < 4.0, "{path} {width}: the clock stands apart");
                    browser.visit(path);
                }
                let name = path.trim_end_matches('/').replace('/', "-");
                browser.picture(&format!("{name}-{width}-{scheme}.png"));
                if !path.ends_with(".xml") && width != 768 {
                    assert_eq!(barriers(&browser), [""; 0], "{path} {width} {scheme}");
                }
            }
        }
    }
    browser.size(700, 200);
    browser.visit(&format!("{LONG}/embed.html"));
    let bottom = browser.number("document.querySelector('.player').getBoundingClientRect().bottom");
    assert!(bottom <= 200.0, "the player ends at {bottom} in a frame of 200");
    browser.picture("embed-200.png");
}

#[test]
fn right_to_left_is_mirrored() {
    let browser = page(&format!("{ARABIC}/"));
    assert_eq!(browser.eval("getComputedStyle(document.querySelector('h1')).direction"), "rtl");
    let left =
        |selector: &str| browser.number(&format!("document.querySelector({selector:?}).getBoundingClientRect().left"));
    assert!(left(".back") > left(".forward"), "the buttons run from the right");
    assert!(left("nav li .time") > left("nav li .time + span"), "and so do the chapters");
    let sizes = "[...document.querySelectorAll('.controls > *')].map(e => getComputedStyle(e).direction)";
    assert_eq!(browser.eval(sizes), json!(["rtl", "ltr", "ltr", "ltr", "ltr", "ltr"]), "numbers read as numbers");
    browser.press("l");
    is_at(&browser, 30.0);
}

#[test]
fn pages_ask_nobody_else_and_are_light() {
    let browser = Window::open();
    let origin = browser.address.clone();
    for path in ["".to_owned(), format!("{LONG}/"), format!("{LONG}/embed.html"), "harm/".to_owned()] {
        browser.requests();
        browser.visit(&path);
        if path.starts_with(LONG) {
            browser.press("k");
            browser.until(&format!("{TIME} > 1"));
        }
        let asked = browser.requests();
        assert!(!asked.is_empty());
        // The browser's own buttons are pictures inside itself.
        for url in asked.iter().filter(|url| !url.starts_with("data:")) {
            assert!(url.starts_with(&format!("{origin}/")), "{path} asks {url}");
        }
        let weight = browser.number(
            "performance.getEntries().filter(e => e.transferSize && !/\\.(mp3|m4a)/.test(e.name)).reduce((sum, e) => sum + e.transferSize, 0)",
        );
        println!("{path} weighs {weight} bytes without its audio");
        assert!(weight > 1_000.0 && weight < 120_000.0, "{path} weighs {weight}");
    }
}

#[test]
fn text_that_wants_to_do_harm_does_none() {
    let browser = page("harm/");
    for path in ["harm/", "harm/embed.html", "", "feed.xml"] {
        browser.visit(path);
        std::thread::sleep(std::time::Duration::from_millis(300));
        assert_eq!(browser.eval("window.harmed === undefined"), true, "{path}");
        let live =
            "[...document.querySelectorAll('[href]')].filter(a => /^javascript:/i.test(a.getAttribute('href'))).length";
        assert_eq!(browser.number(live), 0.0, "{path}");
        assert_eq!(browser.number("document.querySelectorAll('svg[onload], img[onerror]').length"), 0.0, "{path}");
    }
    let harm = feed().join("harm");
    let transcripts = fs::read_dir(harm).expect("a folder").map(|e| e.expect("an entry").path());
    for path in transcripts.filter(|p| p.to_string_lossy().contains("transcript-")) {
        let text = fs::read_to_string(&path).expect("text");
        assert!(!text.contains("<script>") && !text.contains("<img"), "{}:\n{text}", path.display());
    }
}

#[test]
fn a_feed_looks_like_a_page() {
    let browser = page("feed.xml");
    let note = "getComputedStyle(document.querySelector('channel'), '::before').content";
    assert!(browser.eval(note).as_str().is_some_and(|n| n.contains("podcast feed")), "{}", browser.eval(note));
    assert_eq!(browser.eval("getComputedStyle(document.querySelector('channel > title')).display"), "block");
    assert_eq!(browser.eval("getComputedStyle(document.querySelector('item > guid')).display"), "none");
}
