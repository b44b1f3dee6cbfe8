//! What emails say: plain business English. The candidate and the interviewers read different
//! things: a candidate never reads a stage's name, an interviewer's notes or anything of another
//! candidate, for [`Event`] has no field of theirs that is written here for them.
//!
//! What is asked of the reader stands first, then when, with whom and how to join, and one way to
//! change it. [`when`] writes every day and time. A candidate's words are a template, a workspace's
//! own or the built-in one ([`super::template`]); interviewers always read the words that stand
//! here.

use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::template::TemplateName;
use greenroom_protocol::time::Instant;

use super::event::{Event, Join};
use super::line::one_line;
use super::template::{Rendered, Template, Values};
use super::when;
use super::{Audience, Person, Reader};

/// Columns of an email's text; what is longer is broken at spaces. Source: RFC 5322, 2.1.1.
const COLUMNS: usize = 76;

/// Titles that are no first name.
const TITLES: [&str; 9] = ["dr", "prof", "mr", "mrs", "ms", "mx", "miss", "sir", "dame"];

/// The title in a calendar.
pub(super) fn summary(event: &Event, audience: Audience) -> String {
    match audience {
        Audience::Candidate => format!("Interview for {} at {}", event.job, event.workspace),
        Audience::Interviewer => format!(
            "Interview with {} for {}",
            event.candidate.person.name, event.job
        ),
    }
}

/// A subject: the title, and when.
pub(super) fn subject(event: &Event, reader: &Reader, before: &str, now: Instant) -> String {
    let when = when::short(event.start, &reader.zone, now);
    one_line(&format!(
        "{before}{}, {when}",
        summary(event, reader.audience)
    ))
}

/// An invitation, the first one or an update.
pub(super) fn invitation(
    event: &Event,
    reader: &Reader,
    changed: bool,
    note: Option<&str>,
    template: Option<&Template>,
    now: Instant,
) -> Rendered {
    let details = description(event, reader, now);
    if reader.is_candidate() {
        let name = match changed {
            true => TemplateName::Update,
            false => TemplateName::Invitation,
        };
        let values = Values::of_interview(event, reader, note, &details, now);
        return rendered(template, name, &values);
    }
    let (job, stage) = (&event.job, &event.stage);
    let candidate = &event.candidate.person.name;
    let (before, opening) = match changed {
        false => (
            "",
            format!("You're scheduled to interview {candidate} for {job} ({stage})."),
        ),
        true => (
            "Updated: ",
            format!("Your interview with {candidate} for {job} ({stage}) has been updated:"),
        ),
    };
    Rendered {
        subject: subject(event, reader, before, now),
        text: to_interviewer(
            event,
            reader,
            &[
                Some(opening),
                note.map(reason),
                Some(details),
                briefing(reader),
            ],
        ),
    }
}

/// What was noted for interviewers, a dash before each.
fn briefing(reader: &Reader) -> Option<String> {
    if reader.briefing.is_empty() || reader.is_candidate() {
        return None;
    }
    let mut text = "Notes on the candidate:".to_owned();
    for note in &reader.briefing {
        for (at, line) in note.lines().enumerate() {
            let before = if at == 0 { "\n- " } else { "\n  " };
            text.push_str(before);
            text.push_str(&one_line(line));
        }
    }
    Some(text)
}

/// A cancellation.
pub(super) fn cancellation(
    event: &Event,
    reader: &Reader,
    uninvited: bool,
    note: Option<&str>,
    template: Option<&Template>,
    now: Instant,
) -> Rendered {
    let label = match uninvited {
        true => "Time:",
        false => "Original time:",
    };
    let times = times(event, reader, now).join("\n  ");
    let details = format!("{label}\n  {times}");
    if reader.is_candidate() {
        let values = Values::of_interview(event, reader, note, &details, now);
        return rendered(template, TemplateName::Cancellation, &values);
    }
    let (job, candidate) = (&event.job, &event.candidate.person.name);
    let opening = match uninvited {
        true => format!(
            "The interview with {candidate} for {job} will go ahead without you. No action is needed."
        ),
        false => format!(
            "The interview with {candidate} for {job} has been cancelled. No action is needed."
        ),
    };
    Rendered {
        subject: subject(event, reader, "Cancelled: ", now),
        text: to_interviewer(
            event,
            reader,
            &[Some(opening), note.map(reason), Some(details)],
        ),
    }
}

/// A reminder.
pub(super) fn reminder(
    event: &Event,
    reader: &Reader,
    template: Option<&Template>,
    now: Instant,
) -> Rendered {
    let details = description(event, reader, now);
    if reader.is_candidate() {
        let values = Values::of_interview(event, reader, None, &details, now);
        return rendered(template, TemplateName::Reminder, &values);
    }
    let opening = format!(
        "This is a reminder that you're scheduled to interview {} for {} ({}).",
        event.candidate.person.name, event.job, event.stage
    );
    Rendered {
        subject: subject(event, reader, "Reminder: ", now),
        text: to_interviewer(event, reader, &[Some(opening), Some(details)]),
    }
}

/// An email in a candidate's words: those given, where they are of this email, else the built-in
/// ones.
fn rendered(template: Option<&Template>, name: TemplateName, values: &Values) -> Rendered {
    match template.filter(|it| it.name() == name) {
        Some(template) => template.render(values),
        None => Template::built_in(name).render(values),
    }
}

/// When, with whom, how to join and how to change it: the same in the email and in the calendar. What
/// everyone must read stands here, because no template removes it.
pub(super) fn description(event: &Event, reader: &Reader, now: Instant) -> String {
    let times = times(event, reader, now).join("\n           ");
    let mut text = format!("When       {times}");
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
    if let Some(disclosure) = disclosure(event, reader) {
        text.push_str(&format!("\n\n{disclosure}"));
    }
    text.push_str("\n\n");
    text.push_str(match reader.audience {
        Audience::Candidate => {
            "To reschedule or cancel, reply to this email or propose a new time in your calendar."
        }
        Audience::Interviewer => {
            "To reschedule, propose a new time in your calendar or contact the organizer."
        }
    });
    if event.join.url.is_some() {
        text.push_str(" The join link stays the same if the time changes.");
    }
    text
}

/// What everybody invited must read, whatever else an email says.
fn disclosure(event: &Event, reader: &Reader) -> Option<&'static str> {
    if !event.zoom_notes {
        return None;
    }
    Some(match reader.audience {
        Audience::Candidate => {
            "Please note: Zoom will write an automatic summary of this conversation for the hiring team."
        }
        Audience::Interviewer => {
            "Zoom will write an automatic summary of this interview for the hiring team. The candidate's invitation says so too."
        }
    })
}

/// How an email to this person begins.
pub fn greeting(name: &str) -> String {
    match one_line(first_name(name)) {
        name if name.is_empty() => "Hello,".to_owned(),
        name => format!("Hello {name},"),
    }
}

/// How people are addressed: by their first name where the name has one. A single name, a title,
/// an initial and names that put the family first stay whole.
pub(super) fn first_name(name: &str) -> &str {
    let name = name.trim();
    if let Some((_, given)) = name.split_once(", ") {
        return first_name(given);
    }
    let Some((first, _)) = name.split_once(char::is_whitespace) else {
        return name;
    };
    let is_an_initial = first.ends_with('.') || first.chars().count() < 2;
    let is_a_title = TITLES.contains(&first.trim_end_matches('.').to_lowercase().as_str());
    // In other scripts the family's name may come first.
    let may_be_the_family = !first.chars().all(is_latin);
    match is_an_initial || is_a_title || may_be_the_family {
        true => name,
        false => first,
    }
}

/// Latin letters with every mark, and what stands within names. Source: Unicode, Latin blocks up to
/// U+024F, and Latin Extended Additional.
fn is_latin(letter: char) -> bool {
    let letters = ('\u{c0}'..='\u{24f}').contains(&letter);
    let more = ('\u{1e00}'..='\u{1eff}').contains(&letter);
    letter.is_ascii_alphabetic() || letters || more || "'’-".contains(letter)
}

/// An email of these paragraphs to an interviewer.
fn to_interviewer(event: &Event, reader: &Reader, paragraphs: &[Option<String>]) -> String {
    let paragraphs: Vec<_> = paragraphs.iter().flatten().map(String::as_str).collect();
    wrapped(&format!(
        "{}\n\n{}\n\nBest regards,\n{}\n",
        greeting(&reader.person.name),
        paragraphs.join("\n\n"),
        one_line(&event.organizer.name),
    ))
}

/// Why, in an email.
fn reason(note: &str) -> String {
    format!("Reason: {}", sentence(note))
}

/// A reason as a sentence.
pub(super) fn sentence(note: &str) -> String {
    let note = one_line(note);
    let note = note.trim();
    match note.ends_with(['.', '!', '?', '…']) {
        true => note.to_owned(),
        false => format!("{note}."),
    }
}

/// In the reader's zone, and in the one it was planned in where its clocks show something else.
fn times(event: &Event, reader: &Reader, now: Instant) -> Vec<String> {
    let offset = |zone: &str| when::zoned(event.start, zone).offset();
    let stretch = |zone| when::stretch(event.start, event.end(), zone, &reader.zone, now);
    match offset(&reader.zone) == offset(&event.zone) {
        true => vec![stretch(&reader.zone)],
        false => vec![stretch(&reader.zone), stretch(&event.zone)],
    }
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
        MeetingType::Phone => "Phone",
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
pub(super) fn wrapped(text: &str) -> String {
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
