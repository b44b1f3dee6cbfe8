//! What holds for every email, no matter who reads it and what it says.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;

/// The moment a VTIMEZONE gives a local time: the last observance that has begun counts.
fn read_with_vtimezone(calendar: &str, property: &str) -> jiff::Timestamp {
    let zone = calendar.split("END:VTIMEZONE").next().unwrap_or_default();
    let observances: Vec<_> = zone.split("BEGIN:").skip(3).collect();
    let event = calendar.split("BEGIN:VEVENT").nth(1).unwrap_or_default();
    let line = values(event, property)[0];
    let value = line.rsplit(':').next().unwrap_or_default();
    if let Some(utc) = value.strip_suffix('Z') {
        return parse(utc)
            .to_zoned(TimeZone::UTC)
            .expect("a moment")
            .timestamp();
    }
    let local = parse(value);
    let begun = observances
        .iter()
        .filter(|text| parse(&value_of(text, "DTSTART")) <= local)
        .max_by_key(|text| parse(&value_of(text, "DTSTART")));
    let offset = value_of(begun.expect("an observance that has begun"), "TZOFFSETTO");
    let (sign, digits) = offset.split_at(1);
    let number = |range: std::ops::Range<usize>| digits[range].parse::<i64>().expect("digits");
    let seconds = number(0..2) * 3600 + number(2..4) * 60;
    let seconds = if sign == "-" { -seconds } else { seconds };
    let utc = local.to_zoned(TimeZone::UTC).expect("a moment").timestamp();
    utc - jiff::SignedDuration::from_secs(seconds)
}

fn value_of(observance: &str, name: &str) -> String {
    let line = values(observance, name)[0];
    line.rsplit(':').next().unwrap_or_default().to_owned()
}

fn parse(local: &str) -> DateTime {
    DateTime::strptime("%Y%m%dT%H%M%S", local).expect("a local time")
}

/// Every letter there is about an interview, to this reader.
fn every_letter(event: &Event, audience: Audience) -> Vec<Letter> {
    let reader = || reader(event, audience);
    let event = || Box::new(event.clone());
    let mut all = Vec::new();
    for yes in [false, true] {
        all.push(Says::Invitation {
            event: event(),
            reader: reader(),
            changed: yes,
            note: None,
            template: None,
        });
        all.push(Says::Cancellation {
            event: event(),
            reader: reader(),
            uninvited: yes,
            note: None,
            template: None,
        });
    }
    all.push(Says::Reminder {
        event: event(),
        reader: reader(),
        template: None,
    });
    let letter = |says| Letter {
        to: reader().person,
        from_name: event().organizer.name.clone(),
        says,
    };
    all.into_iter().map(letter).collect()
}

/// Everything a reader can see of a message, decoded.
fn seen(message: &Message) -> String {
    let calendar = message.calendar.clone().unwrap_or_default();
    let head = String::from_utf8_lossy(&message.bytes).into_owned();
    let head = head.split("\r\n\r\n").next().unwrap_or_default();
    format!(
        "{head}\n{}\n{}\n{}",
        message.subject,
        message.text,
        calendar.replace("\r\n ", "")
    )
}

proptest! {
    /// What is meant for colleagues (a stage may be called "second chance") is in no letter to a candidate, of whatever kind.
    #[test]
    fn a_candidate_reads_nothing_that_is_meant_for_colleagues(stage in "[a-z]{12,20}", organizer in "[a-z]{12,20}") {
        let mut event = event("Europe/Berlin", "2026-12-01T09:00:00Z");
        event.stage.clone_from(&stage);
        event.organizer.address = format!("{organizer}@acme.example");
        let theirs = every_letter(&event, Audience::Candidate);
        for letter in &theirs {
            let seen = seen(&built(letter));
            prop_assert!(!seen.contains(&stage) && !seen.contains(&organizer), "{seen}");
        }
        let ours = every_letter(&event, Audience::Interviewer);
        prop_assert!(ours.iter().any(|letter| seen(&built(letter)).contains(&stage)));
    }

    /// A cancellation never asks, and a reminder asks for nothing.
    #[test]
    fn only_an_invitation_is_a_request(sequence: u32, minutes in 5_u32..1440) {
        let mut event = event("Europe/Berlin", "2026-12-01T09:00:00Z");
        (event.sequence, event.duration_minutes) = (sequence, minutes);
        for audience in [Audience::Candidate, Audience::Interviewer] {
            for letter in every_letter(&event, audience) {
                let message = built(&letter);
                let whole = String::from_utf8_lossy(&message.bytes).to_uppercase();
                let asks = whole.contains("METHOD=REQUEST") || whole.contains("METHOD:REQUEST");
                let cancels = whole.contains("METHOD=CANCEL") && whole.contains("METHOD:CANCEL");
                let expected = match &letter.says {
                    Says::Invitation { .. } => (true, false),
                    Says::Cancellation { .. } => (false, true),
                    _ => (false, false),
                };
                prop_assert_eq!((asks, cancels), expected);
            }
        }
    }

    /// Whatever the zone and the time: who reads the calendar by its own VTIMEZONE comes at the right moment. The hour that
    /// comes twice is left out here: its first reading needs the rule that the earlier one counts.
    #[test]
    fn its_own_zone_gives_the_right_moment(
        zone in proptest::sample::select(vec![
            "America/New_York", "Europe/London", "Australia/Sydney", "Australia/Lord_Howe", "Asia/Kolkata", "Europe/Berlin",
            "Europe/Dublin", "America/St_Johns", "Asia/Almaty", "Asia/Amman", "America/Sao_Paulo", "Africa/Casablanca",
            "Pacific/Apia", "Pacific/Chatham", "Asia/Kathmandu", "America/Mexico_City", "Africa/Cairo",
        ]),
        minute in 26_297_280_i64..36_816_480,
        duration in 5_u32..1440,
    ) {
        let start = Instant::from_second(minute * 60);
        let mut event = event(zone, "2026-12-01T09:00:00Z");
        event.start = start;
        event.duration_minutes = duration;
        let (tz, end) = (TimeZone::get(zone).expect("a zone"), event.end());
        let ambiguous = |moment: Instant| {
            let local = tz.to_datetime(moment.timestamp());
            !matches!(
                tz.to_ambiguous_timestamp(local).offset(),
                jiff::tz::AmbiguousOffset::Unambiguous { .. }
            )
        };
        prop_assume!(!ambiguous(start) && !ambiguous(end));
        let calendar = calendar(&invitation(event, Audience::Candidate));
        prop_assert_eq!(read_with_vtimezone(&calendar, "DTSTART"), start.timestamp());
        prop_assert_eq!(read_with_vtimezone(&calendar, "DTEND"), end.timestamp());
    }

    /// Names and texts from anywhere break neither header nor property, and every line of the message has its end.
    #[test]
    fn hostile_names_stay_names(name in ".{0,80}", job in ".{0,80}", place in ".{0,80}", note in "(.|\n){0,80}") {
        let mut event = event("Europe/Berlin", "2026-12-01T09:00:00Z");
        event.candidate.person.name.clone_from(&name);
        event.organizer.name = format!("{name}\r\nBcc: <eve@example.com>");
        event.job.clone_from(&job);
        event.join = Join { kind: MeetingType::Place, details: Some(place), ..Join::default() };
        let mut letter = invitation(event, Audience::Candidate);
        if let Says::Invitation { note: said, .. } = &mut letter.says {
            *said = Some(note);
        }
        let message = built(&letter);
        let whole = String::from_utf8(message.bytes.clone()).expect("text");
        prop_assert!(!whole.replace("\r\n", "").contains(['\r', '\n']));
        let head = whole.split("\r\n\r\n").next().unwrap_or_default();
        let mut names: Vec<_> = head
            .lines()
            .filter(|line| !line.starts_with([' ', '\t']))
            .map(|line| line.split(':').next().unwrap_or_default())
            .collect();
        names.sort_unstable();
        prop_assert_eq!(names, [
            "Auto-Submitted", "Content-Type", "Date", "From", "In-Reply-To", "MIME-Version", "Message-ID", "References",
            "Subject", "To",
        ]);
        let calendar = message.calendar.unwrap_or_default().replace("\r\n ", "");
        prop_assert_eq!(calendar.split("\r\n").filter(|line| line.starts_with("ATTENDEE")).count(), 3);
        prop_assert_eq!(calendar.split("\r\n").filter(|line| line.starts_with("BEGIN:VEVENT")).count(), 1);
    }
}
