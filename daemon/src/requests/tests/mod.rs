//! The language of requests against labelled ones.

mod line;

use std::fmt::Write as _;

use greenroom_protocol::conversation::{NamedKind, NamedMatch, RequestForm};
use greenroom_protocol::time::Instant;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{Asker, Names, read};
use crate::schedule::reading::Frame;

/// Requests that the language was built with.
const OWN: &str = include_str!("own.txt");

/// Requests that it was never tuned on.
const OTHER: &str = include_str!("other.txt");

/// Everybody who can be named.
pub(super) struct Office;

const CANDIDATES: [&str; 14] = [
    "Priya Nair",
    "Priya Ramanathan",
    "Ana Costa",
    "Cipriano Costa",
    "Wen Zhang",
    "Noor Aziz",
    "Maya Goldberg",
    "Tom Becker",
    "Yuki Tanaka",
    "Will Hart",
    "April Jones",
    "Jean-Luc Moreau",
    "Grace Okoro",
    "Olu Adeyemi",
];

const MEMBERS: [&str; 8] = [
    "Dana Reyes",
    "Sam Ito",
    "Mina Okafor",
    "Lena Vogel",
    "Kofi Mensah",
    "Ravi Patel",
    "Tom Fisher",
    "Mark Stone",
];

const JOBS: [&str; 3] = ["Backend Engineer", "Product Designer", "Data Analyst"];

const STAGES: [&str; 5] = ["Applied", "Phone screen", "Onsite", "Decision", "Offer"];

fn of(kind: NamedKind, name: &str) -> NamedMatch {
    NamedMatch {
        kind,
        id: name.to_owned(),
        name: name.to_owned(),
    }
}

impl Names for Office {
    fn called(&self, words: &str) -> Vec<NamedMatch> {
        let person = |name: &&&str| {
            let name = name.to_lowercase();
            let address = format!("{}@example.com", name.replace(' ', "."));
            name == words || address == words || name.split(' ').any(|it| it == words)
        };
        let titled = |name: &&&str| name.to_lowercase() == words;
        let candidates = CANDIDATES.iter().filter(person);
        let candidates = candidates.map(|it| of(NamedKind::Candidate, it));
        let members = MEMBERS
            .iter()
            .filter(person)
            .map(|it| of(NamedKind::Member, it));
        let jobs = JOBS.iter().filter(titled).map(|it| of(NamedKind::Job, it));
        let stages = STAGES
            .iter()
            .filter(titled)
            .map(|it| of(NamedKind::Stage, it));
        candidates
            .chain(members)
            .chain(jobs)
            .chain(stages)
            .collect()
    }
}

/// Wednesday morning in Berlin.
pub(super) fn ask(text: &str) -> RequestForm {
    let zone = TimeZone::get("Europe/Berlin").expect("a zone");
    let now: DateTime = "2026-12-02T09:15".parse().expect("a time");
    let now = Instant::from(now.to_zoned(zone.clone()).expect("a moment").timestamp());
    let theirs = Some("Asia/Kolkata");
    let frame = Frame::new(now, "Europe/Berlin", theirs, None).expect("a frame");
    let asker = Asker {
        frame: &frame,
        zone: "Europe/Berlin",
        time_zone: &zone,
        me: Some(of(NamedKind::Member, "Dana Reyes")),
        names: &Office,
    };
    read(text, &asker)
}

/// The lines of a fixture: what is asked, and the form it is.
fn cases(fixture: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = fixture.lines().map(str::trim);
    let lines = lines.filter(|it| !it.is_empty() && !it.starts_with('#'));
    lines.map(|it| {
        let (text, form) = it.split_once(" | ").unwrap_or((it, ""));
        (text.trim(), form.trim())
    })
}

/// How many of a fixture are read as they are meant, and what is not.
fn measure(fixture: &str) -> (usize, usize, String) {
    let (mut all, mut right, mut wrong) = (0, 0, String::new());
    for (text, expected) in cases(fixture) {
        let form = line::of(&ask(text));
        all += 1;
        match form == expected {
            true => right += 1,
            false => {
                let _ = writeln!(wrong, "{text}\n  is   {form}\n  not  {expected}");
            }
        }
    }
    (all, right, wrong)
}

#[test]
fn every_request_is_read_as_it_is_meant() {
    let (all, right, wrong) = measure(OWN);
    assert_eq!(right, all, "\n{wrong}");
}

#[test]
fn requests_in_other_voices_are_mostly_read_as_they_are_meant() {
    let (all, right, wrong) = measure(OTHER);
    assert!(right * 100 >= all * 70, "{right} of {all}\n{wrong}");
}

#[test]
fn what_is_too_long_or_no_words_is_read_as_nothing() {
    for text in [
        "",
        " \n",
        "\u{feff}",
        "???",
        "\u{1f600}\u{1f600}",
        "'s",
        "a\u{0301}",
    ] {
        let form = ask(text);
        assert!(
            form.candidate.is_none() && form.times.is_empty(),
            "{form:?}"
        );
    }
    let long = "Priya ".repeat(1000);
    assert_eq!(ask(&long).candidate, None);
}

#[test]
#[ignore = "prints the forms of the lines of a file, to be looked at"]
fn shown() {
    let path = std::env::var("REQUESTS").expect("a file");
    let text = std::fs::read_to_string(path).expect("it is read");
    for (text, _) in cases(&text) {
        println!("{text} | {}", line::of(&ask(text)));
    }
}
