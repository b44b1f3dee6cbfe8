//! Calendars around changes of clocks and of rules, read by a parser that is not ours.

use std::path::{Path, PathBuf};
use std::process::Command;

use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::time::Instant;
use greenroom_tests::tools::{self, Tool};
use greenroomd::mail::message::{Answer, Attendee, Audience, Event, Join, Method, Person, Reader};
use serde_json::json;

/// Zones, and days on which or around which their clocks change.
const CHANGES: &[(&str, &[&str])] = &[
    ("America/New_York", &["2026-11-01", "2027-03-14"]),
    ("Europe/London", &["2026-10-25", "2027-03-28"]),
    ("Australia/Sydney", &["2026-10-04", "2027-04-04"]),
    // By half an hour.
    ("Australia/Lord_Howe", &["2026-10-04", "2027-04-04"]),
    // Never since 1945.
    ("Asia/Kolkata", &["2026-12-01"]),
    // New rules: one offset for the whole country; no more summer time; summer time again; summer
    // time for ever.
    ("Asia/Almaty", &["2024-03-01"]),
    ("America/Mexico_City", &["2022-10-30", "2023-04-02"]),
    ("Africa/Cairo", &["2023-04-28", "2026-10-30"]),
    ("Asia/Amman", &["2022-10-28"]),
    // Winter is what is saved here.
    ("Europe/Dublin", &["2026-10-25", "2027-03-28"]),
    ("Etc/UTC", &["2026-12-01"]),
];

/// Of these days those around which no clock changes any more, or ever did.
const STILL: &[(&str, &str)] = &[
    ("Asia/Kolkata", "2026-12-01"),
    ("America/Mexico_City", "2023-04-02"),
    ("Etc/UTC", "2026-12-01"),
];

/// In minutes.
const TWO_DAYS: i64 = 2 * 24 * 60;

fn person(name: &str, address: &str) -> Person {
    Person {
        name: name.into(),
        address: address.into(),
    }
}

fn event(zone: &str, start: Instant, duration_minutes: u32) -> Event {
    let attendee = |name: &str, address: &str, answer| Attendee {
        person: person(name, address),
        answer,
    };
    Event {
        zoom_notes: false,
        uid: "int_1.wsp_1@greenroom".into(),
        sequence: 3,
        start,
        duration_minutes,
        zone: zone.into(),
        workspace: "Acme; Söhne, Inc.".into(),
        job: "Backend Engineer \\ Platform".into(),
        stage: "Phone screen".into(),
        organizer: person("Dana Reyes", "dana@acme.example"),
        candidate: attendee("王小明, \"Xiao\"", "xiao+1@example.com", Answer::Accepted),
        interviewers: vec![attendee(
            "Łukasz Żak; CTO",
            "lukasz@acme.example",
            Answer::NeedsAction,
        )],
        join: Join {
            kind: MeetingType::Zoom,
            url: Some("https://zoom.example/j/81234567890?pwd=a,b;c".into()),
            meeting_id: Some("81234567890".into()),
            passcode: Some("g7;K,p\\2x".into()),
            details: None,
        },
    }
}

/// Writes the calendar and what is meant by it.
fn write(directory: &Path, number: usize, event: &Event, method: Method) {
    let reader = Reader {
        person: event.candidate.person.clone(),
        zone: event.zone.clone(),
        audience: Audience::Candidate,
        briefing: Vec::new(),
    };
    let calendar = event.calendar(method, &reader, "interviews@acme.example", event.start);
    let asks = method == Method::Request;
    let meant = json!({
        "zone": event.zone,
        "start": event.start.to_string(),
        "end": event.end().to_string(),
        "method": method.name(),
        "uid": event.uid,
        "sequence": event.sequence,
        "status": match method {
            Method::Request => Some("CONFIRMED"),
            Method::Cancel => Some("CANCELLED"),
            Method::Uninvite => None,
        },
        "summary": "Interview for Backend Engineer \\ Platform at Acme; Söhne, Inc.",
        "organizer": ["Dana Reyes", "mailto:interviews@acme.example"],
        "attendees": [
            // There is no escape for a quotation mark that every program knows.
            ["王小明, 'Xiao'", "mailto:xiao+1@example.com", "ACCEPTED"],
            ["Łukasz Żak; CTO", "mailto:lukasz@acme.example", "NEEDS-ACTION"],
        ],
        "location": asks.then_some("https://zoom.example/j/81234567890?pwd=a,b;c"),
        "says": match asks {
            true => vec!["https://zoom.example/j/81234567890?pwd=a,b;c", "g7;K,p\\2x"],
            false => Vec::new(),
        },
    });
    let path = directory.join(format!("{number:05}.ics"));
    std::fs::write(&path, calendar).unwrap();
    std::fs::write(path.with_extension("json"), meant.to_string()).unwrap();
}

/// A Python that has the parser, if there is one: `.ci/run` puts it into the target directory.
fn python() -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent()?;
    let ours = target.join("python/bin/python3");
    let candidates = [ours, PathBuf::from("python3")];
    candidates.into_iter().find(|python| {
        let has = Command::new(python)
            .args(["-c", "import icalendar"])
            .output();
        has.is_ok_and(|output| output.status.success())
    })
}

/// Has the parser read every calendar in the directory; false where there is no parser.
pub fn all_are_read(directory: &Path, count: usize) -> bool {
    let Some(python) = python() else {
        tools::missing(Tool::Icalendar);
        return false;
    };
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/stories/mail/read_calendars.py"
    );
    let read = Command::new(python).arg(script).arg(directory).output();
    let read = read.unwrap();
    let said = String::from_utf8_lossy(&read.stdout);
    assert!(
        read.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&read.stderr)
    );
    assert!(said.contains(&format!("{count} calendars read")), "{said}");
    true
}

/// The moments at which the zone's clocks change within two days of this one.
fn changes(zone: &str, around: Instant) -> Vec<Instant> {
    let zone = jiff::tz::TimeZone::get(zone).unwrap();
    let from = around.plus_minutes(-TWO_DAYS).timestamp();
    let to = around.plus_minutes(TWO_DAYS).timestamp();
    let changes = zone.following(from).map(|it| it.timestamp());
    changes
        .take_while(|it| *it < to)
        .map(Instant::from)
        .collect()
}

#[test]
fn a_parser_that_is_not_ours_agrees_on_every_moment_around_every_change() {
    let directory = tempfile::tempdir().unwrap();
    let mut number = 0;
    let mut writes = |zone: &str, start: Instant, duration, method| {
        number += 1;
        write(
            directory.path(),
            number,
            &event(zone, start, duration),
            method,
        );
    };
    for (zone, days) in CHANGES {
        for day in *days {
            let midnight: jiff::Timestamp = format!("{day}T00:00:00Z").parse().unwrap();
            let midnight = Instant::from(midnight);
            // From two days before to two after, in steps that meet every kind of minute, over the
            // change and beside it.
            for step in 0..40 {
                let start = midnight.plus_minutes(-TWO_DAYS + step * 127);
                let duration = if step % 2 == 0 { 45 } else { 24 * 60 };
                writes(zone, start, duration, Method::Request);
            }
            for method in [Method::Cancel, Method::Uninvite] {
                writes(zone, midnight, 45, method);
            }
            let changes = changes(zone, midnight);
            assert_eq!(
                changes.is_empty(),
                STILL.contains(&(zone, day)),
                "{zone} {day}"
            );
            for change in changes {
                // It begins, ends, or is under way as the clocks change; or falls into the hour
                // that comes twice, before or after.
                for (before, duration) in [
                    (0, 30),
                    (30, 30),
                    (30, 60),
                    (60, 60),
                    (1, 2),
                    (15, 10),
                    (-15, 10),
                ] {
                    let start = change.plus_minutes(-before);
                    writes(zone, start, duration, Method::Request);
                    writes(zone, start, duration, Method::Cancel);
                }
            }
        }
    }
    all_are_read(directory.path(), number);
}
