use greenroom_protocol::interview::MeetingType;

mod properties;
mod templates;

use greenroom_protocol::template::TemplateName;

use super::*;

fn instant(text: &str) -> Instant {
    text.parse::<jiff::Timestamp>().expect("a moment").into()
}

fn person(name: &str, address: &str) -> Person {
    Person {
        name: name.into(),
        address: address.into(),
    }
}

fn attendee(name: &str, address: &str) -> Attendee {
    Attendee {
        person: person(name, address),
        answer: Answer::NeedsAction,
    }
}

fn event(zone: &str, start: &str) -> Event {
    Event {
        uid: "int_1.wsp_1@greenroom".into(),
        sequence: 0,
        start: instant(start),
        duration_minutes: 45,
        zone: zone.into(),
        workspace: "Acme".into(),
        job: "Backend Engineer".into(),
        stage: "Second chance".into(),
        organizer: person("Dana Reyes", "dana.reyes@acme.example"),
        candidate: attendee("Priya Nair", "priya@example.com"),
        interviewers: vec![
            attendee("Sam Ito", "sam.ito@acme.example"),
            attendee("Mina Okafor", "mina.okafor@acme.example"),
        ],
        join: Join {
            kind: MeetingType::Zoom,
            url: Some("https://zoom.example/j/81234567890?pwd=abc".into()),
            meeting_id: Some("81234567890".into()),
            passcode: Some("g7Kp2x".into()),
            details: None,
        },
        zoom_notes: false,
    }
}

fn reader(event: &Event, audience: Audience) -> Reader {
    let (attendee, zone) = match audience {
        Audience::Candidate => (&event.candidate, "Asia/Kolkata"),
        Audience::Interviewer => (&event.interviewers[0], "Europe/Berlin"),
    };
    Reader {
        person: attendee.person.clone(),
        zone: zone.into(),
        audience,
        briefing: Vec::new(),
    }
}

fn envelope() -> Envelope {
    Envelope {
        from: "interviews@acme.example".into(),
        message_id: "mal_1.wsp_1@acme.example".into(),
        follows: Some("mal_0.wsp_1@acme.example".into()),
        at: instant("2026-11-30T09:00:00Z"),
    }
}

fn invitation(event: Event, audience: Audience) -> Letter {
    let reader = reader(&event, audience);
    Letter {
        to: reader.person.clone(),
        from_name: event.organizer.name.clone(),
        says: Says::Invitation {
            event: Box::new(event),
            reader,
            changed: false,
            note: None,
            template: None,
        },
    }
}

fn cancellation(event: Event, audience: Audience) -> Letter {
    let reader = reader(&event, audience);
    Letter {
        to: reader.person.clone(),
        from_name: event.organizer.name.clone(),
        says: Says::Cancellation {
            event: Box::new(event),
            reader,
            uninvited: false,
            note: Some("The position was filled.".into()),
            template: None,
        },
    }
}

fn built(letter: &Letter) -> Message {
    letter.build(&envelope()).expect("a message")
}

fn calendar(letter: &Letter) -> String {
    let calendar = built(letter).calendar.expect("a calendar part");
    calendar.replace("\r\n ", "")
}

fn values<'a>(calendar: &'a str, name: &str) -> Vec<&'a str> {
    let named = |line: &&str| line.split([':', ';']).next() == Some(name);
    calendar.lines().filter(named).collect()
}

/// Case U11: polite business English, times as the reader's country writes them.
#[test]
fn a_candidate_reads_what_is_asked_when_with_whom_how_and_what_to_do() {
    let letter = invitation(
        event("Europe/Berlin", "2026-12-01T09:00:00Z"),
        Audience::Candidate,
    );
    let message = built(&letter);
    assert_eq!(
        message.subject,
        "Interview for Backend Engineer at Acme, Tue 1 Dec at 2:30 pm"
    );
    let expected = "\
Hello Priya,

You are invited to an interview for Backend Engineer at Acme. Please let us
know whether you can make it: accept or decline this invitation in your
calendar, or reply to this email.

When       2:30–3:15 pm, Kolkata time, Tuesday 1 December
           10:00–10:45 am, Berlin time, Tuesday 1 December
With       Sam Ito, Mina Okafor
Zoom       https://zoom.example/j/81234567890?pwd=abc
Meeting ID 81234567890
Passcode   g7Kp2x

To reschedule or cancel, reply to this email or propose a new time in your
calendar. The join link stays the same if the time changes.

Best regards,
Dana Reyes
Acme
";
    assert_eq!(message.text, expected);
}

/// Case U11: a cancellation needs nothing, and its reason is a sentence.
#[test]
fn a_cancellation_says_that_nothing_is_needed_and_why() {
    let mut event = event("America/New_York", "2026-12-01T15:00:00Z");
    event.candidate.person.name = "Dr. Priya Nair".into();
    let mut letter = cancellation(event, Audience::Candidate);
    let Says::Cancellation { reader, note, .. } = &mut letter.says else {
        panic!("a cancellation")
    };
    reader.zone = "America/Chicago".into();
    *note = Some("the position was filled".into());
    let message = built(&letter);
    assert_eq!(
        message.subject,
        "Cancelled: Interview for Backend Engineer at Acme, Tue, Dec 1 at 9:00 AM"
    );
    let expected = "\
Hello Dr. Priya Nair,

Your interview for Backend Engineer at Acme has been cancelled. No action is
needed.

Reason: the position was filled.

Original time:
  9:00–9:45 AM Central Time on Tuesday, December 1
  10:00–10:45 AM Eastern Time on Tuesday, December 1

Best regards,
Dana Reyes
Acme
";
    assert_eq!(message.text, expected);
}

/// Case U11: a link is only spoken of where there is one.
#[test]
fn a_phone_call_has_no_join_link() {
    let mut event = event("Europe/Berlin", "2026-12-01T09:00:00Z");
    event.join = Join {
        kind: MeetingType::Phone,
        details: Some("+49 30 5550 1234".into()),
        ..Join::default()
    };
    let text = built(&invitation(event, Audience::Candidate)).text;
    assert!(text.contains("Phone      +49 30 5550 1234"), "{text}");
    assert!(!text.contains("join link"), "{text}");
}

/// Case U11: people are addressed by first name where the name has one.
#[test]
fn people_are_addressed_by_first_name_where_the_name_has_one() {
    for (name, expected) in [
        ("Priya Nair", "Hello Priya,"),
        ("Zoë Müller", "Hello Zoë,"),
        ("Jean-Luc O’Neill", "Hello Jean-Luc,"),
        ("Nair, Priya", "Hello Priya,"),
        ("Madonna", "Hello Madonna,"),
        ("J. Smith", "Hello J. Smith,"),
        ("Dr. Ana Lima", "Hello Dr. Ana Lima,"),
        ("田中 純", "Hello 田中 純,"),
        ("", "Hello,"),
    ] {
        assert_eq!(greeting(name), expected);
    }
}

#[test]
fn colleagues_are_told_about_the_candidate_and_candidates_not_about_the_stage() {
    let event = event("Europe/Berlin", "2026-12-01T09:00:00Z");
    let theirs = built(&invitation(event.clone(), Audience::Interviewer));
    // The line is broken where it would be too long.
    let flowing = theirs.text.replace('\n', " ");
    let opening = "You're scheduled to interview Priya Nair for Backend Engineer (Second chance).";
    assert!(flowing.contains(opening), "{flowing}");
    assert!(
        theirs
            .text
            .contains("Candidate  Priya Nair <priya@example.com>\nWith       Mina Okafor\n")
    );
    assert!(
        theirs
            .text
            .contains("Organizer  Dana Reyes <dana.reyes@acme.example>")
    );
    for letter in [
        invitation(event.clone(), Audience::Candidate),
        cancellation(event.clone(), Audience::Candidate),
    ] {
        let message = built(&letter);
        let calendar = message.calendar.unwrap_or_default().replace("\r\n ", "");
        for text in [&message.subject, &message.text, &calendar] {
            assert!(!text.contains("Second chance"), "{text}");
            assert!(!text.contains("dana.reyes@acme.example"), "{text}");
        }
    }
}

#[test]
fn an_invitation_asks_and_a_cancellation_takes_out() {
    let mut event = event("Europe/Berlin", "2026-12-01T09:00:00Z");
    event.candidate.answer = Answer::Accepted;
    let asked = calendar(&invitation(event.clone(), Audience::Candidate));
    assert_eq!(values(&asked, "METHOD"), ["METHOD:REQUEST"]);
    assert_eq!(values(&asked, "STATUS"), ["STATUS:CONFIRMED"]);
    assert_eq!(values(&asked, "SEQUENCE"), ["SEQUENCE:0"]);
    assert_eq!(
        values(&asked, "ORGANIZER"),
        ["ORGANIZER;CN=\"Dana Reyes\":mailto:interviews@acme.example"]
    );
    assert_eq!(
        values(&asked, "ATTENDEE")[..2],
        [
            "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE;CN=\"Priya Nair\":mailto:priya@example.com",
            "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=\"Sam Ito\":mailto:sam.ito@acme.example",
        ]
    );
    assert_eq!(
        values(&asked, "CONFERENCE"),
        [
            "CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL=Zoom:https://zoom.example/j/81234567890?pwd=abc"
        ]
    );
    event.sequence = 1;
    let cancelled = calendar(&cancellation(event, Audience::Candidate));
    assert_eq!(values(&cancelled, "METHOD"), ["METHOD:CANCEL"]);
    assert_eq!(values(&cancelled, "STATUS"), ["STATUS:CANCELLED"]);
    assert_eq!(values(&cancelled, "SEQUENCE"), ["SEQUENCE:1"]);
    assert_eq!(values(&cancelled, "UID"), values(&asked, "UID"));
    assert!(!cancelled.contains("RSVP") && !cancelled.contains("zoom.example"));
}

#[test]
fn the_calendar_stands_inline_beside_the_text_under_the_given_message_id() {
    let letter = cancellation(
        event("Europe/Berlin", "2026-12-01T09:00:00Z"),
        Audience::Candidate,
    );
    let whole = String::from_utf8(built(&letter).bytes).expect("text");
    for line in [
        "Message-ID: <mal_1.wsp_1@acme.example>\r\n",
        "In-Reply-To: <mal_0.wsp_1@acme.example>\r\n",
        "References: <mal_0.wsp_1@acme.example>\r\n",
        "Date: Mon, 30 Nov 2026 09:00:00 +0000\r\n",
        "From: \"Dana Reyes\" <interviews@acme.example>\r\n",
        "To: \"Priya Nair\" <priya@example.com>\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "Content-Type: multipart/alternative;",
        "Content-Type: text/calendar; method=CANCEL; charset=utf-8\r\n",
    ] {
        assert!(whole.contains(line), "{line} in {whole}");
    }
    assert!(!whole.contains("Content-Disposition: attachment"));
}

#[test]
fn a_time_that_comes_twice_is_told_in_utc_when_the_second_is_meant() {
    // On 1 November 2026 New York's clocks show 01:30 twice: at 05:30 and at 06:30 UTC.
    let mut first = event("America/New_York", "2026-11-01T05:30:00Z");
    first.duration_minutes = 15;
    let first = calendar(&invitation(first, Audience::Candidate));
    assert_eq!(
        values(&first, "DTSTART").last(),
        Some(&"DTSTART;TZID=America/New_York:20261101T013000")
    );
    let second = calendar(&invitation(
        event("America/New_York", "2026-11-01T06:30:00Z"),
        Audience::Candidate,
    ));
    assert_eq!(values(&second, "DTSTART"), ["DTSTART:20261101T063000Z"]);
    assert!(!second.contains("VTIMEZONE"));
}

#[test]
fn utc_and_zones_nobody_knows_need_no_explanation() {
    for zone in ["UTC", "Etc/UTC", "Mars/Olympus"] {
        let calendar = calendar(&invitation(
            event(zone, "2026-12-01T09:00:00Z"),
            Audience::Candidate,
        ));
        assert_eq!(
            values(&calendar, "DTSTART"),
            ["DTSTART:20261201T090000Z"],
            "{zone}"
        );
    }
}

/// Every address that is no address is refused, none becomes a second recipient.
#[test]
fn an_address_is_one_address() {
    for hostile in [
        "",
        "priya",
        "a@b.example, c@d.example",
        "a@b.example\r\nBcc: c@d.example",
    ] {
        let mut letter = invitation(event("UTC", "2026-12-01T09:00:00Z"), Audience::Candidate);
        letter.to.address = hostile.into();
        assert_eq!(letter.build(&envelope()), Err(Unmailable::To), "{hostile}");
    }
}
