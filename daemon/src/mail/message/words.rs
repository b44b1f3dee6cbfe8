//! What letters say. The candidate and the interviewers are told different things: a candidate
//! never reads a stage's name, an interviewer's notes or anything of another candidate, for
//! [`Event`] has no field of theirs that is written here for them.

use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::time::Instant;
use jiff::Zoned;
use jiff::tz::TimeZone;

use super::event::{Event, Join};
use super::line::one_line;
use super::{Audience, Person, Reader};

/// Columns of a letter's text; what is longer is broken at spaces. Source: RFC 5322, 2.1.1.
const COLUMNS: usize = 76;

/// The title in a calendar.
pub(super) fn summary(event: &Event, audience: Audience) -> String {
    match audience {
        Audience::Candidate => format!("Interview: {}, {}", event.job, event.workspace),
        Audience::Interviewer => {
            format!("Interview: {}, {}", event.candidate.person.name, event.job)
        }
    }
}

/// A subject: the summary, and when.
pub(super) fn subject(event: &Event, reader: &Reader, before: &str) -> String {
    let when = zoned(event.start, &reader.zone).strftime("%a %-d %b %Y %H:%M (%:z)");
    one_line(&format!(
        "{before}{}, {when}",
        summary(event, reader.audience)
    ))
}

/// The text of an invitation.
pub(super) fn invitation(
    event: &Event,
    reader: &Reader,
    changed: bool,
    note: Option<&str>,
) -> String {
    let (job, workspace) = (&event.job, &event.workspace);
    let opening = match (reader.audience, changed) {
        (Audience::Candidate, false) => {
            format!("you are invited to an interview for {job} at {workspace}.")
        }
        (Audience::Candidate, true) => {
            format!(
                "your interview for {job} at {workspace} has changed. This is how it stands now:"
            )
        }
        (Audience::Interviewer, false) => format!(
            "you are interviewing {} for {job} ({}).",
            event.candidate.person.name, event.stage
        ),
        (Audience::Interviewer, true) => format!(
            "your interview with {} for {job} ({}) has changed. This is how it stands now:",
            event.candidate.person.name, event.stage
        ),
    };
    let note = note
        .map(|note| format!("{}\n\n", one_line(note)))
        .unwrap_or_default();
    let facts = description(event, reader);
    wrapped(&format!(
        "{}\n\n{opening}\n\n{note}{facts}\n\n{}\n",
        greeting(reader),
        signature(event, reader)
    ))
}

/// The text of a cancellation.
pub(super) fn cancellation(
    event: &Event,
    reader: &Reader,
    uninvited: bool,
    note: Option<&str>,
) -> String {
    let (job, workspace) = (&event.job, &event.workspace);
    let opening = match reader.audience {
        Audience::Candidate => format!(
            "your interview for {job} at {workspace} will not take place. There is nothing you need to do."
        ),
        Audience::Interviewer if uninvited => format!(
            "the interview with {} for {job} takes place without you.",
            event.candidate.person.name
        ),
        Audience::Interviewer => format!(
            "the interview with {} for {job} will not take place.",
            event.candidate.person.name
        ),
    };
    let note = note
        .map(|note| format!("\n{}\n", one_line(note)))
        .unwrap_or_default();
    let when = when(event, reader);
    wrapped(&format!(
        "{}\n\n{opening}\n{note}\nIt was planned for:\n{when}\n\n{}\n",
        greeting(reader),
        signature(event, reader)
    ))
}

/// The text of a reminder.
pub(super) fn reminder(event: &Event, reader: &Reader) -> String {
    let opening = match reader.audience {
        Audience::Candidate => format!(
            "this is a reminder of your interview for {} at {}.",
            event.job, event.workspace
        ),
        Audience::Interviewer => format!(
            "this is a reminder: you are interviewing {} for {} ({}).",
            event.candidate.person.name, event.job, event.stage
        ),
    };
    let facts = description(event, reader);
    wrapped(&format!(
        "{}\n\n{opening}\n\n{facts}\n\n{}\n",
        greeting(reader),
        signature(event, reader)
    ))
}

/// When, with whom, how to join and how to move it: the same in the letter and in the calendar.
pub(super) fn description(event: &Event, reader: &Reader) -> String {
    let mut text = when(event, reader);
    let with: Vec<_> = event
        .interviewers
        .iter()
        .map(|it| &it.person)
        .filter(|it| reader.is_candidate() || it.address != reader.person.address)
        .map(|it| one_line(&it.name))
        .collect();
    if !reader.is_candidate() {
        text.push_str(&format!("\nCandidate  {}", named(&event.candidate.person)));
    }
    if !with.is_empty() {
        text.push_str(&format!("\nWith       {}", with.join(", ")));
    }
    text.push_str(&how(&event.join));
    if !reader.is_candidate() {
        text.push_str(&format!("\nOrganizer  {}", named(&event.organizer)));
    }
    text.push_str("\n\n");
    text.push_str(match reader.audience {
        Audience::Candidate => {
            "To move the interview or to call it off, answer this mail, or propose another time in your calendar. A link to \
             join stays the same when the time changes."
        }
        Audience::Interviewer => {
            "To move the interview, propose another time in your calendar or tell the organizer. A link to join stays the \
             same when the time changes."
        }
    });
    text
}

fn greeting(reader: &Reader) -> String {
    format!("Hello {},", one_line(&reader.person.name))
}

fn signature(event: &Event, reader: &Reader) -> String {
    let name = one_line(&event.organizer.name);
    match reader.is_candidate() {
        true => format!("{name}, {}", one_line(&event.workspace)),
        false => name,
    }
}

/// In the reader's zone, and in the one it was planned in where its clocks show something else.
fn when(event: &Event, reader: &Reader) -> String {
    let theirs = stretch(event, &reader.zone);
    let offset = |zone: &str| zoned(event.start, zone).offset();
    match offset(&reader.zone) == offset(&event.zone) {
        true => format!("When       {theirs}"),
        false => format!(
            "When       {theirs}\n           {}",
            stretch(event, &event.zone)
        ),
    }
}

fn stretch(event: &Event, zone: &str) -> String {
    let (start, end) = (zoned(event.start, zone), zoned(event.end(), zone));
    let day = start.strftime("%A, %-d %B %Y, %H:%M");
    let end_form = match (start.date() == end.date(), start.offset() == end.offset()) {
        (true, true) => "%H:%M",
        (true, false) => "%H:%M (%:z)",
        (false, true) => "%A %H:%M",
        (false, false) => "%A %H:%M (%:z)",
    };
    let zone = start.time_zone().iana_name().unwrap_or("UTC").to_owned();
    format!(
        "{day} to {} ({zone}, {})",
        end.strftime(end_form),
        start.strftime("%:z")
    )
}

fn zoned(moment: Instant, zone: &str) -> Zoned {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    moment.timestamp().to_zoned(zone)
}

fn how(join: &Join) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &Option<String>| {
        if let Some(value) = value {
            text.push_str(&format!("\n{name:<10} {}", one_line(value)));
        }
    };
    let link = match join.kind {
        MeetingType::Zoom => "Zoom",
        _ => "Link",
    };
    line(link, &join.url);
    line("Meeting ID", &join.meeting_id);
    line("Passcode", &join.passcode);
    let details = match join.kind {
        MeetingType::Phone => "Telephone",
        MeetingType::Place => "Place",
        MeetingType::Zoom | MeetingType::Link => "Details",
    };
    line(details, &join.details);
    text
}

fn named(person: &Person) -> String {
    format!("{} <{}>", one_line(&person.name), one_line(&person.address))
}

/// Breaks lines that are too long, at spaces: a link is never cut, and lines in columns are left
/// alone.
fn wrapped(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.chars().count() <= COLUMNS || line.contains("  ") {
            lines.push(line.to_owned());
            continue;
        }
        let mut rest = String::new();
        for word in line.split(' ') {
            let width = rest.chars().count() + 1 + word.chars().count();
            if !rest.is_empty() && width > COLUMNS {
                lines.push(std::mem::take(&mut rest));
            }
            if !rest.is_empty() {
                rest.push(' ');
            }
            rest.push_str(word);
        }
        lines.push(rest);
    }
    lines.join("\n") + "\n"
}
