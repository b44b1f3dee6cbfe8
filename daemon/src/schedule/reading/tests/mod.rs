//! The grammar against a table of phrases, and against whatever else may be written.

use greenroom_protocol::schedule::{Grain, TimeFound, TimesRead};
use greenroom_protocol::time::Instant;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::{Frame, LONGEST, start, times};

const PHRASES: &str = include_str!("phrases.txt");
const NONE: &str = include_str!("none.txt");

/// What the lines below a bracket are read against.
struct Section {
    frame: Frame,
    zone: TimeZone,
    year: i16,
}

/// `2026-12-02T09:15 Europe/Berlin their=Asia/Kolkata locale=en_US`
fn section(line: &str) -> Section {
    let mut words = line.trim_matches(['[', ']']).split_whitespace();
    let local: DateTime = words.next().expect("now").parse().expect("a local time");
    let name = words.next().expect("a zone");
    let (mut their, mut locale) = (None, None);
    for word in words {
        match word.split_once('=') {
            Some(("their", zone)) => their = Some(zone),
            Some(("locale", name)) => locale = Some(name),
            _ => panic!("{word}"),
        }
    }
    let zone = TimeZone::get(name).expect("a zone");
    let now = local.to_zoned(zone.clone()).expect("a moment").timestamp();
    let frame = Frame::new(now.into(), name, their, locale).expect("a frame");
    let year = local.year();
    Section { frame, zone, year }
}

impl Section {
    fn day(&self, moment: Instant) -> String {
        let local = moment.timestamp().to_zoned(self.zone.clone());
        let year = if local.year() == self.year { "" } else { "%Y-" };
        local.strftime(&format!("{year}%m-%d")).to_string()
    }

    fn clock(&self, moment: Instant) -> String {
        let local = moment.timestamp().to_zoned(self.zone.clone());
        local.strftime("%H:%M").to_string()
    }

    /// A time as the table writes it.
    fn said(&self, time: &TimeFound, open: bool) -> String {
        let (start, end) = (time.start, time.end);
        match (time.grain, end) {
            (Grain::Day, None) if self.clock(start) != "00:00" => {
                format!("{} {} day", self.day(start), self.clock(start))
            }
            (Grain::Day, None) => self.day(start),
            (Grain::Day | Grain::Longer, Some(end)) if open => {
                format!("..{}", self.day(end.plus_seconds(-1)))
            }
            (Grain::Day | Grain::Longer, Some(end)) => {
                let last = self.day(end.plus_seconds(-1));
                let kind = if time.grain == Grain::Day {
                    "days"
                } else {
                    "longer"
                };
                format!("{}..{last} {kind}", self.day(start))
            }
            (_, Some(end)) if open => format!("..{} {}", self.day(end), self.clock(end)),
            (grain, end) => {
                let from = format!("{} {}", self.day(start), self.clock(start));
                let until = end.map(|end| match self.day(end) == self.day(start) {
                    true => format!("..{}", self.clock(end)),
                    // The end of a day is shown as its 24:00.
                    false if self.clock(end) == "00:00" && end.since(start).as_hours() < 24 => {
                        "..24:00".to_owned()
                    }
                    false => format!("..{} {}", self.day(end), self.clock(end)),
                });
                let part = if grain == Grain::Part { " part" } else { "" };
                format!("{from}{}{part}", until.unwrap_or_default())
            }
        }
    }

    fn all(&self, read: &TimesRead, expected: &str) -> String {
        let open = expected.starts_with("..");
        let times = read.times.iter().map(|it| self.said(it, open));
        let doubts = read.ambiguous.iter().map(|it| format!("?{}", it.why));
        let all: Vec<_> = times.chain(doubts).collect();
        if all.is_empty() {
            "-".to_owned()
        } else {
            all.join("; ")
        }
    }
}

/// The frame, text and expectation of each line.
fn phrases() -> Vec<(usize, String, String)> {
    let mut all = Vec::new();
    let mut at = 0;
    for line in PHRASES
        .lines()
        .filter(|it| !it.is_empty() && !it.starts_with('#'))
    {
        if line.starts_with('[') {
            at += 1;
            continue;
        }
        let (text, expected) = line.rsplit_once(" | ").expect("text | times");
        all.push((
            at - 1,
            text.replace("\\n", "\n"),
            expected.trim().to_owned(),
        ));
    }
    all
}

fn sections() -> Vec<Section> {
    let heads = PHRASES.lines().filter(|it| it.starts_with('['));
    heads.map(section).collect()
}

#[test]
fn phrases_are_read_as_their_writers_meant_them() {
    let sections = sections();
    let phrases = phrases();
    let (mut right, mut wrong, mut missed) = (0, Vec::new(), Vec::new());
    for (section, text, expected) in &phrases {
        let section = &sections[*section];
        let read = times(text, &section.frame);
        let found = section.all(&read, expected);
        let line = format!("{text:?}\n    expected {expected}\n    found    {found}");
        match found == *expected {
            true => right += 1,
            // Unread or in doubt, and so asked about, is not wrong.
            false if found == "-" || found.starts_with('?') => missed.push(line),
            false => wrong.push(line),
        }
    }
    let count = phrases.len();
    let report = format!(
        "{right} of {count} right\nwrong:\n{}\nunread:\n{}",
        wrong.join("\n"),
        missed.join("\n")
    );
    println!("{report}");
    assert!(count >= 300, "only {count} phrases");
    assert!(right * 100 >= count * 95, "{report}");
    assert!(wrong.len() * 100 <= count, "{report}");
}

#[test]
fn texts_without_a_time_have_none() {
    let frame = &section("[2026-12-02T09:15 Europe/Berlin]").frame;
    let american = &section("[2026-12-02T09:15 America/New_York]").frame;
    let texts: Vec<_> = NONE.lines().filter(|it| !it.starts_with("# ")).collect();
    let mut wrong = Vec::new();
    for text in &texts {
        let text = text.replace("\\n", "\n");
        for frame in [frame, american] {
            let read = times(&text, frame);
            if !read.times.is_empty() || !read.ambiguous.is_empty() {
                wrong.push(format!("{text:?}: {:?} {:?}", read.times, read.ambiguous));
            }
        }
    }
    assert!(texts.len() >= 100, "only {} texts", texts.len());
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_words_of_a_time_are_a_piece_of_the_text() {
    for (section, text, _) in phrases() {
        let read = times(&text, &sections()[section].frame);
        for words in read.times.iter().map(|it| &it.words) {
            assert!(
                !words.is_empty() && text.contains(words),
                "{text:?}: {words:?}"
            );
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        check(&text);
    }

    /// Words of the grammar in any order.
    #[test]
    fn any_words_are_read(words in prop::collection::vec(prop::sample::select(WORDS), 0..40)) {
        check(&words.join(" "));
        check(&words.concat());
    }
}

const WORDS: &[&str] = &[
    "mon",
    "tuesday",
    "next",
    "this",
    "last",
    "week",
    "in",
    "2",
    "10",
    "31",
    "1400",
    "2026",
    ":",
    "30",
    "-",
    "–",
    "/",
    ".",
    ",",
    "or",
    "and",
    "to",
    "from",
    "between",
    "after",
    "before",
    "until",
    "am",
    "pm",
    "noon",
    "midnight",
    "half",
    "quarter",
    "past",
    "dec",
    "may",
    "3rd",
    "first",
    "of",
    "the",
    "day",
    "days",
    "month",
    "ago",
    "hours",
    "an",
    "hour",
    "for",
    "min",
    "CET",
    "UTC",
    "+",
    "their",
    "time",
    "London",
    "(",
    ")",
    "\n",
    "tomorrow",
    "today",
    "afternoon",
    "eod",
    "at",
    "on",
    "by",
    "end",
    "early",
    "weekend",
    "é",
    "’",
    "\u{202e}",
    "99999999999999999999",
    "29",
    "feb",
    "0",
    "24",
];

fn check(text: &str) {
    let frame = section("[2026-12-02T09:15 Europe/Berlin their=Asia/Kolkata]").frame;
    let read = times(text, &frame);
    for time in &read.times {
        assert!(text.contains(&time.words), "{text:?}: {:?}", time.words);
        assert!(
            time.end.is_none_or(|end| end >= time.start),
            "{text:?}: {time:?}"
        );
    }
    for words in read.ambiguous.iter().map(|it| &it.words) {
        assert!(text.contains(words.as_str()), "{text:?}: {words:?}");
    }
    for words in read.unread.iter().map(|it| &it.words) {
        assert!(text.contains(words.as_str()), "{text:?}: {words:?}");
    }
    let _ = start(text, &frame);
}

/// The cost grows with the text and not with its square: what is read is bounded at any length.
#[test]
fn long_texts_are_read_to_their_bound() {
    let frame = section("[2026-12-02T09:15 Europe/Berlin]").frame;
    for piece in [
        "10 ",
        "mon or ",
        "1-",
        "next ",
        "a ",
        "(",
        "10:30 or ",
        "the ",
        "é",
        "3rd, ",
    ] {
        let text = piece.repeat(3 * LONGEST / piece.len());
        let read = times(&text, &frame);
        assert!(read.times.len() <= 1000, "{piece}: {}", read.times.len());
    }
}
