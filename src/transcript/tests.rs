//! Cutting, writing, reading and judging, in many scripts and with text that hurts.

use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use super::*;
use crate::model::script::{self, HeardSentence, HeardWord, Passage, Role, Span};
use crate::model::time::Duration;
use crate::model::waveform::Waveform;

fn span(start: u64, end: u64) -> Option<Span> {
    Some(Span { start: Timestamp::from_millis(start), end: Timestamp::from_millis(end) })
}

fn passage(role: Role, sentences: &[(&str, Option<Span>)]) -> Passage {
    let spans: Vec<Span> = sentences.iter().filter_map(|(_, s)| *s).collect();
    let whole = spans.first().zip(spans.last()).map(|(a, b)| Span { start: a.start, end: b.end });
    Passage {
        section: 0,
        role,
        text: sentences.iter().map(|(text, _)| *text).collect::<Vec<_>>().join(" "),
        span: whole,
        narrated: whole.is_some(),
        sentences: sentences
            .iter()
            .map(|(text, span)| HeardSentence { span: *span, ..HeardSentence::unheard(text) })
            .collect(),
    }
}

fn shown(cues: &[Cue]) -> String {
    let cue = |c: &Cue| {
        let lines: Vec<&str> = c.lines.iter().map(Line::as_str).collect();
        format!("{} {} {}", c.start.seconds(), c.end.seconds(), lines.join(" / "))
    };
    cues.iter().map(cue).collect::<Vec<_>>().join("\n")
}

const HOUR: Duration = Duration::from_millis(3_600_000);

#[test]
fn what_is_narrated_stands_in_cues_that_break_at_phrases() {
    let passages = [
        passage(Role::Title, &[("The Harbour at Night", span(500, 1_900))]),
        passage(
            Role::Paragraph,
            &[
                ("Each pilot knows the channel by heart.", span(2_500, 5_000)),
                ("This was never read.", None),
                (
                    "When the fog comes in from the sea, as it does on most evenings in November, they listen for the bell of the old lightship, which has not moved for ninety years and will not move again.",
                    span(5_400, 16_400),
                ),
                ("Nobody speaks.", span(16_500, 17_000)),
            ],
        ),
        passage(Role::Paragraph, &[("Nor was this.", None)]),
    ];
    insta::assert_snapshot!(shown(&cues(&passages, "en-CA", HOUR, &Waveform::default())), @r#"
        0.5 1.9 The Harbour at Night
        2.5 5 Each pilot knows the channel by heart.
        5.4 9.921 When the fog comes in from the sea, / as it does on most evenings in November,
        9.921 12.688 they listen for the bell / of the old lightship,
        12.688 16.4 which has not moved for ninety years / and will not move again.
        16.5 17.5 Nobody speaks.
        "#);
}

#[test]
fn a_cue_appears_with_its_first_word_where_words_are_heard() {
    let text = "When the fog comes in from the sea, as it does on most evenings in November, they listen for the bell of the old lightship.";
    let mut passages = [passage(Role::Paragraph, &[(text, span(0, 16_000))])];
    // Half a second a word, and a long breath before "as" and "they".
    let (mut at, mut letters) = (0, 0);
    for word in text.split_whitespace() {
        at += if matches!(word, "as" | "they") { 2_000 } else { 0 };
        let said = Span { start: Timestamp::from_millis(at), end: Timestamp::from_millis(at + 450) };
        passages[0].sentences[0].words.push(HeardWord { letters, span: said });
        at += 500;
        letters += script::letters(word);
    }
    let starts = |passages: &[Passage]| shown(&cues(passages, "en", HOUR, &Waveform::default()));
    insta::assert_snapshot!(starts(&passages), @r#"
        0 3.95 When the fog comes in from the sea,
        6 9.95 as it does on most evenings in November,
        12 16 they listen for the bell / of the old lightship.
        "#);
    // The word that opens a cue was not heard: the next one is near enough.
    passages[0].sentences[0].words.remove(8);
    insta::assert_snapshot!(starts(&passages), @r#"
        0 3.95 When the fog comes in from the sea,
        6.5 9.95 as it does on most evenings in November,
        12 16 they listen for the bell / of the old lightship.
        "#);
    // Hardly a word was heard around that border: letters are shared out.
    passages[0].sentences[0].words.drain(4..14);
    insta::assert_snapshot!(starts(&passages), @r#"
        0 4.509 When the fog comes in from the sea,
        4.509 9.95 as it does on most evenings in November,
        12 16 they listen for the bell / of the old lightship.
        "#);
}

#[test]
fn japanese_and_chinese_break_by_their_own_rules() {
    let check = |language: &str, text: &str| {
        let passages = [passage(Role::Paragraph, &[(text, span(0, 14_000))])];
        let cues = cues(&passages, language, HOUR, &Waveform::default());
        assert_eq!(cues.iter().map(Cue::text).collect::<String>(), text);
        shown(&cues)
    };
    insta::assert_snapshot!(check("ja", "霧が海から流れ込んでくると、パイロットたちは古い灯台船の鐘の音に耳を澄ませる。「聞こえるか」と船長はキャビンの中で尋ねた。"), @r#"
        0 3.271 霧が海から流れ込んでくると、
        3.271 9.206 パイロットたちは古い灯台船の / 鐘の音に耳を澄ませる。
        9.206 14 「聞こえるか」と船長は / キャビンの中で尋ねた。
        "#);
    insta::assert_snapshot!(check("zh", "当雾从海上飘来的时候，领航员们会静静地听着那艘老灯船的钟声，它已经九十年没有移动过了，“你听见了吗？”船长问道。"), @r#"
        0 2.884 当雾从海上飘来的时候，
        2.884 7.806 领航员们会静静地听着那艘老灯船的钟声，
        7.806 14 它已经九十年没有移动过了， / “你听见了吗？”船长问道。
        "#);
}

#[test]
fn a_passage_whose_sentences_nobody_placed_is_cut_as_one() {
    let mut passages = [passage(Role::Paragraph, &[("One two three.", span(0, 3_000))])];
    passages[0].sentences.clear();
    assert_eq!(shown(&cues(&passages, "en", HOUR, &Waveform::default())), "0 3 One two three.");
}

#[test]
fn nothing_heard_gives_no_cues_but_a_page() {
    let mut heading = passage(Role::Heading, &[("<b>Money & \"more\"", None)]);
    heading.narrated = true;
    let left_out = passage(Role::Paragraph, &[("Left out.", None)]);
    assert_eq!(cues(&[heading.clone(), left_out.clone()], "en", HOUR, &Waveform::default()), []);
    insta::assert_snapshot!(html("T</title>", "en", &[heading, left_out.clone()]).unwrap(), @r#"<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>T&lt;/title&gt;</title></head><body><h2 dir="auto">&lt;b&gt;Money &amp; &quot;more&quot;</h2></body></html>"#);
    assert_eq!(html("T", "en", &[left_out]), None);
}

/// Words, punctuation and whole sentences in several scripts, and what hurts one format or another.
const AWKWARD: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img onerror=x>",
    "--> 00:00:01.000",
    "00:00:01,000 --> 00:00:02,000",
    "WEBVTT",
    "NOTE",
    "]]>",
    "&amp; & &lt;",
    "12",
    "Name: text",
    "霧が海から流れ込んでくると、",
    "שלום עולם",
    "ภาษาไทยไม่มีช่องว่างระหว่างคำและประโยคจึงยาวมากกว่าสี่สิบสองตัวอักษร",
    "https://pages.example/a-very-long-address/that-nobody-can-break-anywhere/index.html",
    "\u{A0}»",
];

fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![3 => "[a-zäé,.;—]{1,12}", 1 => proptest::sample::select(AWKWARD).prop_map(str::to_owned), 1 => "\\PC{1,8}"];
    proptest::collection::vec(word, 1..40).prop_map(|words| words.join(" "))
}

fn scripts() -> impl Strategy<Value = Vec<Passage>> {
    let sentence = (text(), 0u64..30_000, 1u64..30_000);
    proptest::collection::vec(sentence, 1..8).prop_map(|sentences| {
        let mut at = 0;
        let placed: Vec<(String, Option<Span>)> = sentences
            .into_iter()
            .map(|(text, gap, lasts)| {
                let start = at + gap;
                at = start + lasts;
                (text, span(start, at))
            })
            .collect();
        let borrowed: Vec<(&str, Option<Span>)> = placed.iter().map(|(t, s)| (t.as_str(), *s)).collect();
        vec![passage(Role::Paragraph, &borrowed)]
    })
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

proptest! {
    // Sentences by the hundred are slow without optimisation.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn cues_are_in_turn_fit_the_screen_and_lose_no_word(passages in scripts(), language in "(en|de|ja|th|xx)") {
        let cues = cues(&passages, &language, HOUR, &Waveform::default());
        let words: String = passages.iter().flat_map(|p| &p.sentences).map(|s| Line::new(&s.text).to_string()).collect();
        prop_assert_eq!(bare(&cues.iter().map(Cue::text).collect::<String>()), bare(&words));
        for cue in &cues {
            prop_assert!((1..=2).contains(&cue.lines.len()), "{cue:?}");
            prop_assert!(cue.lines.iter().all(|l| l.as_str().width() <= 42), "{cue:?}");
            prop_assert!(cue.end > cue.start && cue.end.since(cue.start).unwrap().millis() <= 7_000, "{cue:?}");
        }
        prop_assert!(cues.windows(2).all(|pair| pair[0].end <= pair[1].start));
    }

    #[test]
    fn what_a_format_writes_it_reads_again(passages in scripts()) {
        let cues = cues(&passages, "en", HOUR, &Waveform::default());
        for format in FORMATS {
            let text = (format.write)(&cues);
            let transcript = read(text.as_bytes()).map_err(|e| TestCaseError::fail(format!("{format:?}: {}", e.message)))?;
            prop_assert_eq!(transcript.format, format);
            prop_assert_eq!(faults(&transcript, Some(HOUR)), vec![], "{}", &text);
            prop_assert_eq!(transcript.cues.len(), cues.len(), "{}", &text);
            for (found, written) in transcript.cues.iter().zip(&cues) {
                prop_assert_eq!((found.start, found.end), (written.start, written.end));
                match format.name {
                    "WebVTT" => prop_assert_eq!(&found.lines, &written.lines),
                    "SRT" => prop_assert_eq!(&found.lines, &written.lines.iter().map(|l| Line::new(&srt::inert(l))).collect::<Vec<_>>()),
                    _ => prop_assert_eq!(found.text(), Line::new(&written.text()).to_string()),
                }
            }
        }
    }

    #[test]
    fn no_bytes_hurt(bytes in proptest::collection::vec(any::<u8>(), 0..400), head in "(WEBVTT\n\n|1\n00:00:00,000 --> |\\{\"segments\":\\[)?") {
        let bytes: Vec<u8> = head.into_bytes().into_iter().chain(bytes).collect();
        if let Ok(transcript) = read(&bytes) {
            let _ = faults(&transcript, Some(HOUR));
        }
    }

    #[test]
    fn no_damage_hurts(passages in scripts(), cut in any::<prop::sample::Index>(), flip in any::<prop::sample::Index>(), byte in any::<u8>()) {
        for format in FORMATS {
            let mut bytes = (format.write)(&cues(&passages, "en", HOUR, &Waveform::default())).into_bytes();
            let at = flip.index(bytes.len());
            bytes[at] = byte;
            bytes.truncate(cut.index(bytes.len()));
            if let Ok(transcript) = read(&bytes) {
                let _ = faults(&transcript, Some(HOUR));
            }
        }
    }
}

/// What is wrong with a transcript for a recording of ten seconds, as `line: message`.
fn wrong(text: &str) -> String {
    let flaws = match read(text.as_bytes()) {
        Ok(transcript) => faults(&transcript, Some(Duration::from_millis(10_000))),
        Err(flaw) => vec![flaw],
    };
    let said = |f: &Flaw| f.line.map(|l| format!("{l}: ")).unwrap_or_default() + &f.message;
    flaws.iter().map(said).collect::<Vec<_>>().join("\n")
}

#[test]
fn transcripts_of_others_are_read_whatever_they_decorate() {
    let cues = |text: &str| read(text.as_bytes()).unwrap().cues;
    let vtt = cues(
        "\u{FEFF}WEBVTT - made elsewhere\r\nKind: captions\r\n\r\nSTYLE\r\n::cue{}\r\n\r\nNOTE a note\r\n\r\nfirst\r\n00:01.000 --> 00:02.500 align:start\r\n<v.loud Anna &amp; Co><i>Yes</i> &amp; no,\r\nsaid <00:01.500>she</v>\r\n",
    );
    assert_eq!(shown(&vtt), "1 2.5 Yes & no, / said she");
    assert_eq!(vtt[0].speaker.as_ref().map(Line::as_str), Some("Anna & Co"));
    let srt = cues(
        "1\n00:00:01,000 --> 00:00:02,500\n<i>Yes</i> < no,\n<font color=\"red\">she</font>\n\n2\n00:00:03,000 --> 00:00:04,000\nEnd\n",
    );
    assert_eq!(shown(&srt), "1 2.5 Yes < no, / she\n3 4 End");
    let json = cues(
        "{\"version\":\"1.0.0\",\"segments\":[{\"speaker\":\"Anna\",\"startTime\":1,\"endTime\":2.5,\"body\":\"Yes\\nno\"}]}",
    );
    assert_eq!(shown(&json), "1 2.5 Yes no");
    let again = read((json::FORMAT.write)(&json).as_bytes()).unwrap();
    assert_eq!(again.cues, json);
    let again = read((vtt::FORMAT.write)(&vtt).as_bytes()).unwrap();
    assert_eq!(again.cues, vtt);
    assert!((srt::FORMAT.write)(&vtt).contains("Anna & Co: Yes & no,\n"));
}

#[test]
fn what_apps_stumble_over_is_said_with_its_line() {
    insta::assert_snapshot!(wrong("Hello"), @r#"This is no transcript: a WebVTT file begins with the line `WEBVTT`, an SRT file with `1` and below it a time such as `00:00:00,000 --> 00:00:04,000`."#);
    insta::assert_snapshot!(wrong("WEBVTT\n"), @r#"There is not one cue in this transcript."#);
    insta::assert_snapshot!(wrong("WEBVTT\n\n00:01.000 --> 00:02,000\nA\n\nB\n\n00:09.000 --> 00:11.001\nC\n\n00:08.000 --> 00:07.000\n\n"), @r#"
        3: `00:01.000 --> 00:02,000` is no WebVTT time: write `00:03:15.098 --> 00:03:18.000`.
        6: No time stands above this line: write `00:03:15.098 --> 00:03:18.000`, and no blank line inside a cue.
        8: This cue ends at 00:00:11.001, and the recording at 00:00:10.000.
        11: This cue has no words; AntennaPod stumbles over it.
        11: This cue ends at 00:00:07.000 and begins at 00:00:08.000.
        11: This cue begins at 00:00:08.000, before the one above it at 00:00:09.000.
        "#);
    insta::assert_snapshot!(wrong("WEBVTT\n00:01.000 --> 00:02.000\nA\n00:03.000 --> 00:04.000\nB\n"), @r#"2: A blank line is missing below the header."#);
    insta::assert_snapshot!(wrong("1\n00:00:01.000 --> 00:00:02,000\nA\n\n00:00:03,000 --> 00:00:04,000\nB\n\nlost\n"), @r#"
        2: `00:00:01.000 --> 00:00:02,000` is no SRT time: write `00:03:15,098 --> 00:03:18,000`.
        5: The counter is missing above this time.
        8: No time stands here: write the counter, and below it `00:03:15,098 --> 00:03:18,000`; no blank line inside a cue.
        "#);
    insta::assert_snapshot!(wrong("{\"segments\":[{\"startTime\":1,\"body\":\"A\"},{\"startTime\":\"2\"},{\"startTime\":3,\"endTime\":4,\"body\":\" \"}]}"), @r#"
        The version is missing: write `"version": "1.0.0"`.
        Segment 1 has no `endTime` in seconds, and AntennaPod drops it.
        Segment 2 has no `startTime` in seconds.
        Cue 2 has no words; AntennaPod stumbles over it.
        "#);
    insta::assert_snapshot!(wrong("{\"segments\":3}"), @r#"1: This is no JSON transcript: invalid type: integer `3`, expected a sequence at line 1 column 13."#);
    insta::assert_snapshot!(wrong("{"), @r#"1: This is no JSON transcript: EOF while parsing an object at line 1 column 1."#);
}
