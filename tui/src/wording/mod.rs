//! How records read in a line: the same words wherever an interview or a person is shown.

pub(crate) mod account;
pub(crate) mod calendar;
pub(crate) mod notes;
pub(crate) mod outreach;
pub(crate) mod remedy;
pub(crate) mod scheduling;
pub(crate) mod slots;
pub(crate) mod zoom;

use greenroom_protocol::drift::{DriftKind, Repair};
use greenroom_protocol::id::CandidateId;
use greenroom_protocol::insight::Insight;
use greenroom_protocol::interview::{
    Attendee, AttendeeState, Change, ChangeKind, Interview, InterviewStatus, MeetingState,
    MeetingType, RescheduleAsk, Side,
};
use greenroom_protocol::received::ReceivedMail;
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{MemberBrief, Role};
use jiff::tz::TimeZone;
use ratatui::style::Style;

use self::zoom::Stuck;
use crate::state::State;
use crate::theme;
use crate::widgets::{text, times};

/// How an interview stands.
pub(crate) fn status(status: InterviewStatus) -> &'static str {
    match status {
        InterviewStatus::ToBeConfirmed => "to be confirmed",
        InterviewStatus::Confirmed => "confirmed",
        InterviewStatus::Cancelled => "cancelled",
        InterviewStatus::Completed => "completed",
        InterviewStatus::NoShow => "no-show",
    }
}

/// Whether it is a booking that was undone before anybody was emailed.
pub(crate) fn is_undone(interview: &Interview) -> bool {
    let first = interview.changes.first();
    let booking = first.is_some_and(|it| it.number == 1 && it.kind == ChangeKind::Undone);
    let last = interview.changes.last();
    booking && last.is_some_and(|it| it.kind == ChangeKind::Undone)
}

/// The same, with who did not come.
pub(crate) fn stands(interview: &Interview) -> String {
    match interview.status {
        InterviewStatus::NoShow => absent(interview),
        InterviewStatus::Cancelled if is_undone(interview) => "undone".to_owned(),
        other => status(other).to_owned(),
    }
}

/// How people join.
pub(crate) fn meeting_type(kind: MeetingType) -> &'static str {
    match kind {
        MeetingType::Zoom => "Zoom",
        MeetingType::Link => "link",
        MeetingType::Phone => "phone",
        MeetingType::Place => "in person",
    }
}

/// What an interview needs a look for, with its colour; nothing when all is well.
pub(crate) fn problem(interview: &Interview, state: &State) -> Option<(String, Style)> {
    let why = interview.meeting.reason.as_deref();
    let because = |otherwise: &str| why.unwrap_or(otherwise).to_owned();
    let over = interview.status != InterviewStatus::Confirmed;
    match interview.meeting.state {
        MeetingState::Failed if !over => Some((
            format!("✗ no meeting: {}", because("Zoom refused it")),
            theme::BAD,
        )),
        MeetingState::Gone if !over => Some(("✗ deleted in Zoom".to_owned(), theme::BAD)),
        _ if interview.drift.is_some() && state.is_to_come(interview) => drift(interview, state),
        MeetingState::Pending => {
            let why = why.map(|why| format!(": {why}")).unwrap_or_default();
            let done = match (over, &interview.meeting.join_url) {
                (true, _) => "deleting the meeting",
                (false, Some(_)) => "updating Zoom",
                (false, None) => "creating the meeting",
            };
            Some((format!("… {done}{why}"), theme::WAIT))
        }
        _ => {
            let stands = stuck_host(interview, state)?.words();
            let means = match over {
                true => "can't be confirmed",
                false => "only its link still works",
            };
            Some((format!("⚠ {stands}: {means}"), theme::WAIT))
        }
    }
}

/// What is open about an interview: what it needs a look for, else who asks for another time, else
/// whom mail does not reach.
pub(crate) fn open(interview: &Interview, state: &State) -> Option<(String, Style)> {
    let wish = interview.asks.last();
    let wish = wish.filter(|_| state.is_to_come(interview));
    let wish = wish.map(|wish| (ask(wish, state), theme::WAIT));
    let unreached = || {
        let names = unreached(interview).filter(|_| state.is_to_come(interview));
        names.map(|names| (format!("⚠ email bounced: {names}"), theme::WAIT))
    };
    problem(interview, state)
        .or(wish)
        .or_else(|| unread(interview))
        .or_else(unreached)
}

/// What an email that came in says, in a line; the words are somebody else's.
pub(crate) fn received(mail: &ReceivedMail) -> String {
    let words = match mail.beginning.is_empty() {
        true => &mail.subject,
        false => &mail.beginning,
    };
    let aside = match mail.set_aside {
        Some(_) => "? from another address: ",
        None => "",
    };
    format!("{aside}“{words}”")
}

/// That an email waits to be read, and how it begins.
fn unread(interview: &Interview) -> Option<(String, Style)> {
    let waits = |code: FindingCode| {
        let codes = [FindingCode::AnsweredInWords, FindingCode::OtherAddress];
        codes.contains(&code)
    };
    let finding = interview.warnings.iter().find(|it| waits(it.code))?;
    Some((format!("✉ {}", finding.message), theme::WAIT))
}

/// Whether an email of a candidate waits to be read.
pub(crate) fn has_unread(state: &State, candidate: CandidateId) -> bool {
    let unread = state.cache.unread.latest();
    let mut mails = unread.into_iter().flat_map(|page| &page.items);
    mails.any(|mail| mail.candidate == Some(candidate))
}

/// Whom mail about it does not reach.
fn unreached(interview: &Interview) -> Option<String> {
    let all = interview.attendees.iter();
    let names = all.filter(|it| it.state == AttendeeState::Unreached);
    let names: Vec<_> = names.map(|it| it.name.as_str()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// How its meeting at Zoom differs from the booking.
pub(crate) fn drift(interview: &Interview, state: &State) -> Option<(String, Style)> {
    let drift = interview.drift.as_ref()?;
    // The time there is said in the person's own zone; the daemon's sentences on it come first.
    let minutes = drift.duration_minutes.unwrap_or(interview.duration_minutes);
    let start = drift.start.unwrap_or(interview.start).timestamp();
    let moved = [drift.start.is_some(), drift.duration_minutes.is_some()];
    let told = moved.into_iter().filter(|moved| *moved).count();
    let there = times::span(start, minutes.into(), &state.zone(), state.now);
    let there = (told > 0).then_some(there);
    let rest = drift.messages.iter().skip(told).cloned();
    let what: Vec<_> = there.into_iter().chain(rest).collect();
    let what = what.join("; ");
    Some(match drift.kind {
        DriftKind::Deleted => (format!("✗ {what}"), theme::BAD),
        DriftKind::Moved => (format!("⚠ moved in Zoom: {what}"), theme::WAIT),
        DriftKind::Changed => (format!("⚠ changed in Zoom: {what}"), theme::WAIT),
        DriftKind::OtherType => (format!("⚠ {what}"), theme::WAIT),
        DriftKind::Outdated => (format!("⚠ Zoom still has {what}"), theme::WAIT),
    })
}

/// A way to mend a difference: what it does, and what that means.
pub(crate) fn repair(repair: Repair) -> (&'static str, &'static str) {
    match repair {
        Repair::Recreate => ("Create a new meeting", "new link is emailed"),
        Repair::Adopt => ("Use Zoom's time", "everyone is emailed"),
        Repair::Restore => ("Use our time and settings", "Zoom is changed"),
        Repair::Accept => ("Ignore this difference", "not shown again"),
    }
}

/// The host of an interview to come, where their Zoom hosts nothing now.
pub(crate) fn stuck_host<'a>(interview: &Interview, state: &'a State) -> Option<Stuck<'a>> {
    let host = interview.host.as_ref()?;
    zoom::stuck(state, host.id).filter(|_| state.is_to_come(interview))
}

/// Whether details that somebody typed could be a meeting that Greenroom makes.
pub(crate) fn could_be_made(interview: &Interview, state: &State) -> bool {
    let meeting = &interview.meeting;
    let typed = meeting.kind == MeetingType::Zoom && meeting.manual;
    let mine = state.cache.me().map(|me| me.id);
    let works = mine.is_some_and(|me| zoom::stands(state, me).is_some_and(|it| it.serves()));
    typed && works && state.is_to_come(interview)
}

/// One sign for how an interview stands, where there is room for no more.
pub(crate) fn sign(interview: &Interview, state: &State) -> (&'static str, Style) {
    match (interview.status, interview.meeting.state) {
        (InterviewStatus::Confirmed, MeetingState::Failed | MeetingState::Gone) => {
            ("✗", theme::BAD)
        }
        (InterviewStatus::Confirmed, MeetingState::Pending) => ("…", theme::WAIT),
        (InterviewStatus::Confirmed, _) if interview.drift.is_some() => {
            match interview.drift.as_ref().map(|drift| drift.kind) {
                Some(DriftKind::Deleted) => ("✗", theme::BAD),
                _ => ("⚠", theme::WAIT),
            }
        }
        (InterviewStatus::Cancelled, _) => ("×", theme::DIM),
        (InterviewStatus::Completed | InterviewStatus::NoShow, _) => ("·", theme::DIM),
        _ if stuck_host(interview, state).is_some() => ("⚠", theme::WAIT),
        _ if !interview.asks.is_empty() || unreached(interview).is_some() => ("⚠", theme::WAIT),
        _ if unread(interview).is_some() => ("✉", theme::WAIT),
        (InterviewStatus::Confirmed, _) => ("✓", theme::GOOD),
        (InterviewStatus::ToBeConfirmed, _) => ("?", theme::WAIT),
    }
}

/// `Tue 1 Dec 10:00–10:45`, and the clock of the other zone where it differs.
pub(crate) fn when(interview: &Interview, state: &State) -> (String, Option<String>) {
    let zone = state.zone();
    let start = interview.start.timestamp();
    let here = times::span(start, interview.duration_minutes.into(), &zone, state.now);
    let there = interview
        .candidate
        .zone
        .as_deref()
        .and_then(|zone| TimeZone::get(zone).ok());
    let there = there
        .map(|there| times::at(start, &there))
        .filter(|there| there.offset() != times::at(start, &zone).offset());
    let first = first_name(interview);
    (
        here,
        there.map(|there| format!("{} for {first}", times::clock(&there))),
    )
}

/// The clock of the candidate, else one's own, where it differs from that of the zone that is
/// shown.
pub(crate) fn elsewhere(interview: &Interview, shown: &TimeZone, state: &State) -> Option<String> {
    let start = interview.start.timestamp();
    let offset = times::at(start, shown).offset();
    let differs = |zone: &TimeZone| times::at(start, zone).offset() != offset;
    let theirs = interview.candidate.zone.as_deref();
    let theirs = theirs.and_then(|zone| TimeZone::get(zone).ok());
    if let Some(zone) = theirs.filter(differs) {
        let clock = times::clock(&times::at(start, &zone));
        return Some(format!("{clock} for {}", first_name(interview)));
    }
    let own = Some(state.zone()).filter(differs)?;
    let clock = times::clock(&times::at(start, &own));
    Some(format!("{clock} for you"))
}

/// What the candidate is called in passing.
pub(crate) fn first_name(interview: &Interview) -> &str {
    first(&interview.candidate.name)
}

/// What somebody is called in passing.
pub(crate) fn first(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or("them")
}

/// Whether the person in front of the screen takes part.
pub(crate) fn is_mine(interview: &Interview, state: &State) -> bool {
    let mut people = interview.interviewers.iter();
    people.any(|member| state.is_me(member.id))
}

/// Names, joined.
pub(crate) fn people(people: &[MemberBrief]) -> String {
    people
        .iter()
        .map(|member| member.name.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Who comes and who does not, by name; who has said nothing, by number.
pub(crate) fn invited(attendees: &[Attendee]) -> (String, Style) {
    use AttendeeState as S;
    let named = |state: S, one: &str, several: &str| {
        let of_state = attendees.iter().filter(|it| it.state == state);
        let names: Vec<_> = of_state.map(|it| it.name.as_str()).collect();
        let verb = if names.len() == 1 { one } else { several };
        (!names.is_empty()).then(|| format!("{} {verb}", names.join(", ")))
    };
    let counted = |state: S, one: &str, several: &str| match attendees
        .iter()
        .filter(|it| it.state == state)
        .count()
    {
        0 => None,
        1 => named(state, one, one),
        many => Some(format!("{many} {several}")),
    };
    let parts = [
        named(S::Unreached, "email bounced", "emails bounced"),
        named(S::Declined, "declined", "declined"),
        named(S::Tentative, "tentative", "tentative"),
        named(S::Accepted, "accepted", "accepted"),
        counted(S::Invited, "no reply", "no reply"),
        counted(S::Waiting, "invitation pending", "invitations pending"),
    ];
    let any = |state: S| attendees.iter().any(|it| it.state == state);
    let style = match () {
        () if any(S::Unreached) || any(S::Declined) => theme::BAD,
        () if any(S::Tentative) => theme::WAIT,
        () if any(S::Invited) || any(S::Waiting) => theme::PLAIN,
        () => theme::GOOD,
    };
    let noted = |it: &Attendee| {
        let note = text::clean(it.note.as_ref()?);
        Some(format!("{}: \u{201c}{note}\u{201d}", text::clean(&it.name)))
    };
    let parts = parts.into_iter().flatten();
    let parts: Vec<_> = parts.chain(attendees.iter().filter_map(noted)).collect();
    (parts.join(" · "), style)
}

/// That an interviewer does not reply, and for how long, or declined and nobody took their place;
/// `None`: neither.
pub(crate) fn unreplied(attendee: &Attendee, state: &State) -> Option<String> {
    let name = text::clean(&attendee.name);
    let ago = |at: Instant| times::age(at.timestamp(), state.now);
    let Some(since) = attendee.silent_since else {
        let declined = attendee.state == AttendeeState::Declined && attendee.to_organizer;
        return declined.then(|| format!("{name} declined, and nobody took their place"));
    };
    let reminded = attendee.reminded_at.map(|at| match ago(at).as_str() {
        "now" => ", reminded just now".to_owned(),
        age => format!(", reminded {age} ago"),
    });
    let reminded = reminded.unwrap_or_default();
    Some(format!("{name}: no reply ({}){reminded}", ago(since)))
}

/// Whether anybody has an invitation, or gets one soon.
pub(crate) fn is_invited(interview: &Interview) -> bool {
    let mut all = interview.attendees.iter();
    all.any(|it| it.state != AttendeeState::Dismissed)
}

/// Who has an invitation, or gets one soon, by name.
pub(crate) fn invitees(interview: &Interview) -> String {
    let standing = interview.attendees.iter();
    let standing = standing.filter(|it| it.state != AttendeeState::Dismissed);
    let names: Vec<_> = standing.map(|it| it.name.as_str()).collect();
    names.join(", ")
}

/// Whether mail is written where nobody receives it. The demo's people read it there.
pub(crate) fn reaches_nobody(state: &State) -> bool {
    let mail = state.cache.status.latest().map(|status| &status.mail);
    mail.is_some_and(|mail| !mail.delivers && mail.transport != "sandbox")
}

/// Who did not come.
pub(crate) fn absent(interview: &Interview) -> String {
    let candidate = interview
        .candidate_absent
        .then_some(interview.candidate.name.as_str());
    let ours = interview.absent.iter().map(|member| member.name.as_str());
    let names: Vec<_> = candidate.into_iter().chain(ours).collect();
    match names.is_empty() {
        true => status(interview.status).to_owned(),
        false => format!("{} absent", names.join(", ")),
    }
}

/// A change in a line: when, what, by whom, and why.
pub(crate) fn change(change: &Change, state: &State) -> String {
    let zone = state.zone();
    let at = times::near(change.at.timestamp(), &zone, state.now);
    let from = times::moment(change.former_start.timestamp(), &zone, state.now);
    let what = match change.kind {
        ChangeKind::Confirmed => "confirmed".to_owned(),
        ChangeKind::Rescheduled => format!("moved from {from}"),
        ChangeKind::Edited => "interviewers or meeting details changed".to_owned(),
        ChangeKind::Cancelled => "cancelled".to_owned(),
        ChangeKind::Completed => "marked completed".to_owned(),
        ChangeKind::NoShow => "marked as a no-show".to_owned(),
        ChangeKind::Undone => "undone".to_owned(),
        ChangeKind::Repaired => "synced with Zoom".to_owned(),
    };
    let by = match (&change.by, change.automatic) {
        (Some(by), _) => Some(format!(" by {}", by.name)),
        (None, true) => Some(" automatically".to_owned()),
        (None, false) => None,
    };
    let wish = match change.side {
        Side::Us => "",
        Side::Candidate => ", requested by the candidate",
    };
    let why = change.reason.as_ref().map(|why| format!(": {why}"));
    format!(
        "{at} {what}{}{wish}{}",
        by.unwrap_or_default(),
        why.unwrap_or_default()
    )
}

/// What there is to read of talks: whose notes, how many summaries.
pub(crate) fn kept(insights: &[Insight]) -> Option<String> {
    let summaries = insights.iter().filter(|it| it.summary.is_some()).count();
    let mut by: Vec<&str> = Vec::new();
    for insight in insights.iter().filter(|it| it.notes.is_some()) {
        let name = insight
            .notes_by
            .as_ref()
            .map_or("the operator", |it| &it.name);
        if !by.contains(&name) {
            by.push(name);
        }
    }
    let summaries = match summaries {
        0 => None,
        1 => Some("Zoom's summary".to_owned()),
        many => Some(format!("{many} summaries")),
    };
    let notes = (!by.is_empty()).then(|| format!("notes by {}", by.join(", ")));
    let parts: Vec<_> = summaries.into_iter().chain(notes).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// A wish for another time. The words are somebody else's.
pub(crate) fn ask(ask: &RescheduleAsk, state: &State) -> String {
    let zone = state.zone();
    let when = ask.start.map(|start| match ask.duration_minutes {
        Some(minutes) => times::span(start.timestamp(), minutes.into(), &zone, state.now),
        None => times::moment(start.timestamp(), &zone, state.now),
    });
    let when = when.map(|when| format!(": {when}")).unwrap_or_default();
    let said = ask.comment.as_ref().map(|words| format!(" “{words}”"));
    let name = &ask.name;
    format!(
        "? {name} proposes a new time{when}{}",
        said.unwrap_or_default()
    )
}

/// A role's name.
pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::Admin => "admin",
        Role::Recruiter => "recruiter",
        Role::HiringManager => "hiring manager",
        Role::Interviewer => "interviewer",
    }
}
