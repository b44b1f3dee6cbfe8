//! Every kind of letter with a calendar, as it leaves, read by parsers of mail and of calendars
//! that are not ours.

use std::path::Path;

use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::time::Instant;
use greenroomd::mail::message::{
    Answer, Attendee, Audience, Envelope, Event, Join, Letter, Person, Reader, Says,
};
use serde_json::{Value, json};

use crate::mail::calendars::all_are_read;

const FROM: &str = "interviews@acme.example";

/// What letters are about.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Invitation,
    Update,
    Cancellation,
    /// To somebody who takes no part any more.
    Uninvitation,
}

impl Kind {
    const ALL: [Self; 4] = [
        Self::Invitation,
        Self::Update,
        Self::Cancellation,
        Self::Uninvitation,
    ];

    fn asks(self) -> bool {
        matches!(self, Self::Invitation | Self::Update)
    }
}

/// Ways to join, with what a letter must say of them; the first is where it is held.
fn ways() -> [(Join, Vec<&'static str>); 4] {
    let link = "https://zoom.example/j/81234567890?pwd=a,b;c&x=%20";
    let join = |kind| Join {
        kind,
        ..Join::default()
    };
    [
        (
            Join {
                url: Some(link.into()),
                meeting_id: Some("81234567890".into()),
                passcode: Some("g7;K,p\\2x".into()),
                ..join(MeetingType::Zoom)
            },
            vec![link, "81234567890", "g7;K,p\\2x"],
        ),
        (
            Join {
                url: Some("https://meet.example/åäö".into()),
                ..join(MeetingType::Link)
            },
            vec!["https://meet.example/åäö"],
        ),
        (
            Join {
                details: Some("+49 30 5550 1234, ext. 7; ask for \"Dana\"".into()),
                ..join(MeetingType::Phone)
            },
            vec!["+49 30 5550 1234, ext. 7; ask for \"Dana\""],
        ),
        (
            Join {
                details: Some("Straße des 17. Juni 135, Raum H 0104; 東京 🚪".into()),
                ..join(MeetingType::Place)
            },
            vec!["Straße des 17. Juni 135, Raum H 0104; 東京 🚪"],
        ),
    ]
}

/// Names as people have them, and as nobody should.
fn names() -> [String; 6] {
    [
        "Ana Lima".into(),
        // Longer than a line, with letters of several bytes where lines are folded.
        "Wolfeschlegelsteinhausenbergerdorff ".repeat(6) + &"王小明ñ🦀".repeat(40),
        "Ñandú, José; \"Pepe\" d'Ávila \\ Söhne".into(),
        "عبد الرحمن بن خلدون".into(),
        "Eve\r\nEND:VEVENT\r\nATTENDEE:mailto:boss@acme.example".into(),
        "A:B=C^nD^^E^'F\u{2028}G\tH".into(),
    ]
}

/// As a calendar shows a name: on one line, and without the quotation mark, for which there is no
/// escape that every program knows.
fn shown(name: &str) -> String {
    let plain = |letter: char| match letter {
        '\r' | '\n' | '\t' | '\u{2028}' => ' ',
        '"' => '\'',
        other => other,
    };
    name.chars().map(plain).collect()
}

/// As a text of several lines shows it.
fn text(name: &str) -> String {
    let lines: Vec<_> = name.split("\r\n").collect();
    lines.join("\n").replace(['\t', '\u{2028}'], " ")
}

fn event(name: &str, join: &Join, sequence: u32) -> Event {
    let person = |name: &str, address: &str| Person {
        name: name.into(),
        address: address.into(),
    };
    let attendee = |name: &str, address: &str, answer| Attendee {
        person: person(name, address),
        answer,
    };
    let start: jiff::Timestamp = "2026-11-01T05:30:00Z".parse().unwrap();
    Event {
        zoom_notes: false,
        uid: "int_1.wsp_1@greenroom".into(),
        sequence,
        start: Instant::from(start),
        duration_minutes: 45,
        zone: "America/New_York".into(),
        workspace: name.into(),
        job: name.into(),
        stage: "On site".into(),
        organizer: person(name, "dana@acme.example"),
        candidate: attendee(name, "o'brien+jobs@example.com", Answer::Declined),
        interviewers: vec![attendee(name, "sam@acme.example", Answer::Tentative)],
        join: join.clone(),
    }
}

fn letter(kind: Kind, audience: Audience, event: Event) -> Letter {
    let person = match audience {
        Audience::Candidate => &event.candidate.person,
        Audience::Interviewer => &event.interviewers[0].person,
    };
    let reader = Reader {
        person: person.clone(),
        zone: "Asia/Kolkata".into(),
        audience,
        briefing: Vec::new(),
    };
    let note = Some("A train is late.".to_owned());
    Letter {
        to: reader.person.clone(),
        from_name: event.organizer.name.clone(),
        says: match kind {
            Kind::Invitation | Kind::Update => Says::Invitation {
                event: Box::new(event),
                reader,
                changed: kind == Kind::Update,
                note,
                template: None,
            },
            Kind::Cancellation | Kind::Uninvitation => Says::Cancellation {
                event: Box::new(event),
                reader,
                uninvited: kind == Kind::Uninvitation,
                note,
                template: None,
            },
        },
    }
}

/// What is meant by it.
fn meant(kind: Kind, audience: Audience, event: &Event, says: &[&str]) -> Value {
    let candidate = &event.candidate.person;
    let (first, second) = match audience {
        Audience::Candidate => (
            format!("for {}", event.job),
            format!("at {}", event.workspace),
        ),
        Audience::Interviewer => (
            format!("with {}", candidate.name),
            format!("for {}", event.job),
        ),
    };
    let attendee = |it: &Attendee| {
        let address = format!("mailto:{}", it.person.address);
        json!([shown(&it.person.name), address, it.answer.name()])
    };
    json!({
        "zone": event.zone,
        "start": event.start.to_string(),
        "end": event.end().to_string(),
        "method": if kind.asks() { "REQUEST" } else { "CANCEL" },
        "uid": event.uid,
        "sequence": event.sequence,
        "status": match kind {
            Kind::Invitation | Kind::Update => Some("CONFIRMED"),
            Kind::Cancellation => Some("CANCELLED"),
            Kind::Uninvitation => None,
        },
        "summary": text(&format!("Interview {first} {second}")),
        "organizer": [shown(&event.organizer.name), format!("mailto:{FROM}")],
        "attendees": event.attendees().map(attendee).collect::<Vec<_>>(),
        "location": kind.asks().then(|| says[0]),
        "says": if kind.asks() { says } else { &[] },
        "from": FROM,
        "to": match audience {
            Audience::Candidate => &candidate.address,
            Audience::Interviewer => &event.interviewers[0].person.address,
        },
    })
}

#[test]
fn parsers_that_are_not_ours_read_every_kind_of_letter() {
    let directory = tempfile::tempdir().unwrap();
    let mut number = 0;
    for kind in Kind::ALL {
        for audience in [Audience::Candidate, Audience::Interviewer] {
            if kind == Kind::Uninvitation && audience == Audience::Candidate {
                continue;
            }
            for (join, says) in ways() {
                for name in names() {
                    number += 1;
                    let event = event(&name, &join, number);
                    let meant = meant(kind, audience, &event, &says);
                    let letter = letter(kind, audience, event);
                    write(directory.path(), number, &letter, &meant);
                }
            }
        }
    }
    all_are_read(directory.path(), number as usize);
}

fn write(directory: &Path, number: u32, letter: &Letter, meant: &Value) {
    let start: jiff::Timestamp = "2026-10-01T09:00:00Z".parse().unwrap();
    let envelope = Envelope {
        from: FROM.into(),
        message_id: format!("mal_{number}.wsp_1@acme.example"),
        follows: None,
        at: Instant::from(start),
    };
    let message = letter.build(&envelope).unwrap();
    let path = directory.join(format!("{number:05}.eml"));
    std::fs::write(&path, message.bytes).unwrap();
    std::fs::write(path.with_extension("json"), meant.to_string()).unwrap();
}
