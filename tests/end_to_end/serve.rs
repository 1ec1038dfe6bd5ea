//! The preview server, asked by hand: ranges, conditions, types, and what it does not give away.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use crate::material::{Show, program};

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn of(show: &Show) -> Self {
        Self::with(show, &[])
    }

    fn with(show: &Show, options: &[&str]) -> Self {
        let mut child = program()
            .current_dir(show.path(""))
            .args(["serve", "--port", "0"])
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("http://").expect("its address").trim_end_matches('/').to_owned();
        Self { child, address }
    }

    /// Status line and headers in small letters, and the body.
    fn ask(&self, request: &str, headers: &[&str]) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let host = format!("Host: {}", self.address);
        let given = headers.iter().any(|h| h.starts_with("Host:"));
        let own: &[&str] = if given { &[] } else { &[&host] };
        let lines: Vec<&str> = own.iter().chain(headers).copied().chain(["Connection: close"]).collect();
        write!(stream, "{request} HTTP/1.1\r\n{}\r\n\r\n", lines.join("\r\n")).expect("sent");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer");
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").expect("headers");
        (String::from_utf8_lossy(&bytes[..end]).to_lowercase(), bytes[end + 4..].to_vec())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_built_folder_is_served_as_players_and_directories_want_it() {
    let show = Show::new();
    show.build().fine();
    let tree = show.feed_tree();
    let (name, audio) = tree.iter().find(|(name, _)| name.ends_with(".mp3")).expect("an enclosure");
    let (chapters, _) = tree.iter().find(|(name, _)| name.ends_with(".json")).expect("chapters");
    let server = Server::of(&show);
    let check = |request: &str, headers: &[&str], status: u16, parts: &[&str]| -> (String, Vec<u8>) {
        let (head, body) = server.ask(request, headers);
        assert!(head.starts_with(&format!("http/1.1 {status}")), "{request} {headers:?}\n{head}");
        for part in parts {
            assert!(head.contains(part), "{request}: no {part}\n{head}");
        }
        (head, body)
    };
    let get = format!("GET /{name}");
    let (head, body) = check(&get, &[], 200, &["content-type: audio/mpeg", "accept-ranges: bytes", "immutable"]);
    assert_eq!(&body, audio);
    let etag = head.lines().find_map(|l| l.strip_prefix("etag: ")).expect("an etag").to_owned();

    let size = audio.len();
    let (_, body) = check(&get, &["Range: bytes=0-1"], 206, &[&format!("content-range: bytes 0-1/{size}")]);
    assert_eq!(body, audio[..2]);
    let (_, body) = check(&get, &["Range: bytes=-5"], 206, &["content-length: 5"]);
    assert_eq!(body, audio[size - 5..]);
    check(&get, &[&format!("Range: bytes={size}-")], 416, &[&format!("content-range: bytes */{size}")]);
    check(&get, &["Range: bytes=x-y"], 200, &[&format!("content-length: {size}")]);
    check(&get, &["Range: bytes=0-1", &format!("If-Range: {etag}")], 206, &[]);
    check(&get, &["Range: bytes=0-1", "If-Range: \"another\""], 200, &[&format!("content-length: {size}")]);
    check(&get, &[&format!("If-None-Match: {etag}")], 304, &[]);
    let (_, body) = check(&format!("HEAD /{name}"), &["Range: bytes=0-1"], 200, &[&format!("content-length: {size}")]);
    assert!(body.is_empty());

    check("GET /feed.xml", &[], 200, &["content-type: application/rss+xml", "no-cache"]);
    let browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    check("GET /feed.xml", &[browser], 200, &["content-type: application/xml", "vary: accept"]);
    check("GET /feed.css", &[], 200, &["content-type: text/css"]);
    let cross_origin = ["content-type: application/json+chapters", "access-control-allow-origin: *"];
    check(&format!("GET /{chapters}"), &[], 200, &cross_origin);
    check("GET /", &[], 200, &["content-type: text/html"]);
    check("GET /harbour/", &[], 200, &["content-type: text/html"]);
    check("POST /", &[], 405, &[]);

    check("GET /", &["Host: attacker.example"], 403, &[]);
    show.write("secret.txt", b"not for readers");
    for path in
        ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/harbour/../../secret.txt", "/.incoming/journal"]
    {
        check(&format!("GET {path}"), &[], 404, &[]);
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(show.path("secret.txt"), show.path("feed/leak.txt")).expect("linked");
        check("GET /leak.txt", &[], 404, &[]);
    }
}

#[test]
fn two_hundred_ask_for_ranges_at_once_and_each_gets_its_own() {
    let show = Show::new();
    show.build().fine();
    let (name, audio) = show.feed_tree().into_iter().find(|(name, _)| name.ends_with(".mp3")).expect("an enclosure");
    let server = Server::of(&show);
    std::thread::scope(|scope| {
        for number in 0..200 {
            let (server, name, audio) = (&server, &name, &audio);
            scope.spawn(move || {
                let (from, to) = (number * 500, number * 500 + 4_095);
                let (head, body) = server.ask(&format!("GET /{name}"), &[&format!("Range: bytes={from}-{to}")]);
                assert!(head.starts_with("http/1.1 206"), "{head}");
                assert!(body == audio[from..=to.min(audio.len() - 1)], "{from}");
            });
        }
    });
}

#[test]
fn a_slow_listener_keeps_nobody_waiting() {
    let show = Show::new();
    show.build().fine();
    // More than the buffers of a connection hold.
    let audio: Vec<u8> = (0..24_000_000_u32).map(|i| i.to_le_bytes()[1] ^ i.to_le_bytes()[0]).collect();
    let name = "harbour/harbour-0123abcd.mp3";
    show.write(&format!("feed/{name}"), &audio);
    let server = Server::of(&show);
    let mut slow = TcpStream::connect(&server.address).expect("it listens");
    write!(slow, "GET /{name} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address).expect("sent");
    let mut first = [0; 1_000];
    slow.read_exact(&mut first).expect("it begins");

    let begun = std::time::Instant::now();
    let (_, body) = server.ask(&format!("GET /{name}"), &[]);
    assert!(body == audio, "the fast one gets everything");
    assert!(begun.elapsed().as_secs() < 5, "and at once: {:?}", begun.elapsed());
    let mut rest = Vec::new();
    slow.read_to_end(&mut rest).expect("it goes on");
    assert!(rest.ends_with(&audio[audio.len() - 100_000..]), "the slow one too, in the end");
}

#[test]
fn with_watch_a_change_is_built_and_pages_load_themselves_again() {
    let show = Show::new();
    show.build().fine();
    let server = Server::with(&show, &["--watch"]);
    let (head, page) = server.ask("GET /harbour/", &[]);
    let page = String::from_utf8(page).expect("text");
    assert!(head.contains(&format!("content-length: {}", page.len())), "{head}");
    assert!(page.contains("location.reload()") && page.contains("connect-src 'self'"), "{page}");
    assert!(!show.read("feed/harbour/index.html").contains("location.reload()"));
    let (_, count) = server.ask("GET /.changes", &[]);
    assert_eq!(count, b"0");

    show.edit("episodes/harbour/article.md", "The Harbour at Night", "The Harbour by Day");
    let (_, count) = server.ask("GET /.changes?0", &[]);
    assert_eq!(count, b"1", "whoever waits is told");
    let (_, page) = server.ask("GET /harbour/", &[]);
    assert!(String::from_utf8_lossy(&page).contains("<h1>The Harbour by Day</h1>"));
    let (head, _) = server.ask("GET /.changes", &["Host: attacker.example"]);
    assert!(head.starts_with("http/1.1 403"), "{head}");
}
