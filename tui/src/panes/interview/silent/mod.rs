//! Interviewers who do not reply, or decline: reminded, or replaced by somebody else.
//!
//! Owns whom the keys are about: the interviewer of the row on Today, else those of the interview
//! who have not replied or declined, else every interviewer. Who is next of a "one of" group is the
//! daemon's word: it is asked first, and nothing changes before the person chose somebody.

#[cfg(test)]
mod tests;

use greenroom_protocol::id::{InterviewId, MemberId};
use greenroom_protocol::interview::{
    Attendee, AttendeeState, Interview, InterviewRemind, InterviewReplace, Outcome,
};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::workspace::{MemberBrief, Reference};
use greenroom_protocol::{Error, ErrorKind};

use crate::panes::chooser::Chooser;
use crate::panes::failure::fail;
use crate::panes::interview::not_planned;
use crate::panes::interview::replies::made_as;
use crate::state::event::Action;
use crate::state::undo::asked_for_emails;
use crate::state::work::{Errand, answer};
use crate::state::{Screen, State};
use crate::widgets::{Pick, text};
use crate::wording;

/// How long the daemon reminds nobody again, in seconds.
const QUIET_SECONDS: i64 = 60 * 60;

/// Whether the key that reminds is about a reply here, not about somebody's Zoom.
pub(in crate::panes) fn is_about_replies(state: &State) -> bool {
    let row = || state.today.selected(state)?.interview();
    let open = state.pane_below_help().interview().is_some();
    open || (state.screen == Screen::Today && row().is_some())
}

/// The interviewer whom the selected row on Today is about.
fn of_row(state: &State) -> Option<MemberId> {
    let open = state.pane_below_help().interview().is_some();
    if open || state.screen != Screen::Today {
        return None;
    }
    state.today.selected(state)?.interviewer()
}

/// Who has an invitation without a reply: the one the row is about, else everybody.
fn silent<'a>(state: &State, interview: &'a Interview) -> Vec<&'a Attendee> {
    let row = of_row(state);
    let is_silent = |it: &&Attendee| {
        it.silent_since.is_some()
            && it.member.is_some()
            && row.is_none_or(|row| it.member == Some(row))
    };
    interview.attendees.iter().filter(is_silent).collect()
}

/// Whether they were reminded so shortly ago that the daemon reminds them of nothing now.
fn was_just_reminded(state: &State, attendee: &Attendee) -> bool {
    let at = attendee.reminded_at.map(|at| at.timestamp().as_second());
    at.is_some_and(|at| at + QUIET_SECONDS > state.now.as_second())
}

pub(in crate::panes) fn cannot_remind(state: &State) -> Option<&'static str> {
    let Some(interview) = state.interview_selected() else {
        return Some("select an interview first");
    };
    if !state.hires() {
        return Some("only the hiring team can");
    }
    let silent = silent(state, interview);
    if silent.is_empty() {
        return Some("nobody's reply is missing");
    }
    let all = silent.iter().all(|it| was_just_reminded(state, it));
    all.then_some("reminded less than an hour ago")
}

/// Reminds the one who has not replied, or asks whom.
pub(in crate::panes) fn remind(state: &mut State) -> Vec<Action> {
    let Some(interview) = state.interview_selected() else {
        return Vec::new();
    };
    let id = interview.id;
    let silent = silent(state, interview).into_iter();
    let may = silent.filter(|it| !was_just_reminded(state, it));
    let picks: Vec<Pick> = may.filter_map(|it| pick(it, state)).collect();
    ask(state, "Remind whom?", picks, move |state, pick| {
        send_reminder(state, id, pick)
    })
}

/// An interviewer to choose, and how they replied.
fn pick(attendee: &Attendee, state: &State) -> Option<Pick> {
    let name = text::clean(&attendee.name);
    let note = wording::unreplied(attendee, state).unwrap_or_default();
    let note = note.trim_start_matches(&*name);
    let note = note.trim_start_matches(':').trim_start();
    Some(Pick::new(&attendee.member?.to_string(), &name, note))
}

/// Takes the only one there is, or has the person choose.
fn ask(
    state: &mut State,
    title: &str,
    mut picks: Vec<Pick>,
    then: impl FnOnce(&mut State, &Pick) -> Vec<Action> + 'static,
) -> Vec<Action> {
    if picks.len() > 1 {
        state
            .panes
            .push(Chooser::new(title.to_owned(), picks, None, then));
        return Vec::new();
    }
    match picks.pop() {
        Some(only) => then(state, &only),
        None => Vec::new(),
    }
}

fn send_reminder(state: &mut State, id: InterviewId, to: &Pick) -> Vec<Action> {
    if state.work.is_under_way_about("remind to reply", id) {
        return Vec::new();
    }
    let name = to.label.clone();
    let words = format!("emailing {name}…");
    let member = to.value.clone();
    let on_reply = move |state: &mut State, reply| reminded(state, (&name, &member), reply);
    let errand = Errand::call("remind to reply", on_reply);
    let errand = errand.about(id).says(words).changes();
    let remind = InterviewRemind {
        interview: Reference::to(id.to_string()),
        to: to.value.clone(),
    };
    vec![state.call(errand, Q::InterviewRemind { remind })]
}

fn reminded(
    state: &mut State,
    (name, member): (&str, &str),
    reply: Result<R, Error>,
) -> Vec<Action> {
    let interview = match answer!(reply, InterviewRemind) {
        Err(error) => return fail(state, error),
        Ok(interview) => interview,
    };
    state.cache.invalidate("interview");
    let nobody = wording::reaches_nobody(state);
    let mut attendees = interview.attendees.iter();
    let to = attendees.find(|it| it.member.is_some_and(|id| id.to_string() == member));
    let mail = to.and_then(|it| it.reminder);
    let undo = asked_for_emails(state, name, mail.into_iter().collect());
    let words = match (nobody, mail) {
        (true, _) => format!("Email isn't set up: remind {name} yourself"),
        (false, Some(_)) => format!("Reminder to {name} goes out in 10 s{undo}"),
        (false, None) => format!("Reminder emailed to {name}"),
    };
    state.toast(words, !nobody);
    Vec::new()
}

pub(super) fn cannot_replace(interview: &Interview) -> Option<&'static str> {
    let none = interview.interviewers.is_empty();
    not_planned(interview).or(none.then_some("nobody interviews here"))
}

/// Whether an interviewer declined or has not replied.
pub(super) fn is_somebody_missing(state: &State) -> bool {
    let interview = state.interview_selected();
    interview.is_some_and(|it| !missing(it).is_empty())
}

/// The interviewers who declined or have not replied.
fn missing(interview: &Interview) -> Vec<&MemberBrief> {
    let is_missing = |it: &&MemberBrief| {
        attendee(interview, it.id)
            .is_some_and(|it| it.silent_since.is_some() || it.state == AttendeeState::Declined)
    };
    interview.interviewers.iter().filter(is_missing).collect()
}

fn attendee(interview: &Interview, member: MemberId) -> Option<&Attendee> {
    let mut all = interview.attendees.iter();
    all.find(|it| it.member == Some(member))
}

/// Whom the key replaces: who declined or has not replied, else every interviewer.
fn replaceable(state: &State, interview: &Interview) -> Vec<Pick> {
    if let Some(row) = of_row(state)
        && let Some(member) = interview.interviewers.iter().find(|it| it.id == row)
    {
        return vec![named(member)];
    }
    let missing = missing(interview);
    let chosen = match missing.is_empty() {
        true => interview.interviewers.iter().collect(),
        false => missing,
    };
    let shown = |it: &MemberBrief| {
        let known = attendee(interview, it.id).and_then(|it| pick(it, state));
        known.unwrap_or_else(|| named(it))
    };
    chosen.into_iter().map(shown).collect()
}

fn named(member: &MemberBrief) -> Pick {
    Pick::new(&member.id.to_string(), &text::clean(&member.name), "")
}

/// Asks whose place is to be taken where there are several, then by whom.
pub(super) fn replace(state: &mut State) -> Vec<Action> {
    let Some(interview) = state.interview_selected() else {
        return Vec::new();
    };
    let id = interview.id;
    let picks = replaceable(state, interview);
    ask(state, "Replace whom?", picks, move |state, from| {
        look_for_next(state, id, from)
    })
}

/// Has the daemon say who would be next; it changes nothing.
fn look_for_next(state: &mut State, id: InterviewId, from: &Pick) -> Vec<Action> {
    if state.work.is_under_way_about("who is next", id) {
        return Vec::new();
    }
    let from = from.clone();
    let places = state.places();
    let on_reply = {
        let from = from.clone();
        move |state: &mut State, reply| {
            // Someone who went elsewhere meanwhile is not interrupted.
            let here = state.interview_selected().is_some_and(|it| it.id == id);
            match here && state.places() == places {
                true => offer(state, id, from, reply),
                false => Vec::new(),
            }
        }
    };
    let errand = Errand::call("who is next", on_reply);
    let errand = errand.about(id).says("looking who is free…");
    let replace = InterviewReplace {
        interview: Reference {
            dry_run: true,
            ..Reference::to(id.to_string())
        },
        from: from.value,
        to: None,
    };
    vec![state.call(errand, Q::InterviewReplace { replace })]
}

/// Offers who is next first, then every other colleague.
fn offer(state: &mut State, id: InterviewId, from: Pick, reply: Result<R, Error>) -> Vec<Action> {
    let next = match answer!(reply, InterviewReplace) {
        Ok(outcome) => next_of(state, id, &outcome),
        // Nobody is next: the person chooses among all.
        Err(error) if error.kind == ErrorKind::Conflict => None,
        Err(error) => return fail(state, error),
    };
    let Some(interview) = state.cache.interview(id) else {
        return Vec::new();
    };
    let revision = interview.revision;
    let mut picks: Vec<Pick> = next.into_iter().collect();
    let offered = picks.first().map(|it| it.value.clone());
    let others = state.cache.members.latest().into_iter().flatten();
    let others = others.filter(|it| interview.interviewers.iter().all(|has| has.id != it.id));
    let others = others.filter(|it| offered.as_deref() != Some(&*it.id.to_string()));
    let others = others.map(|it| {
        let mut all = interview.attendees.iter();
        let declined =
            all.any(|guest| guest.member == Some(it.id) && guest.state == AttendeeState::Declined);
        let note = if declined { "declined" } else { "" };
        Pick::new(&it.id.to_string(), &text::clean(&it.name), note)
    });
    picks.extend(others);
    if picks.is_empty() {
        state.toast("there is nobody else in the workspace", false);
        return Vec::new();
    }
    let title = format!("Who takes {}'s place?", from.label);
    let then = move |state: &mut State, to: &Pick| take(state, (id, revision), &from, to);
    state
        .panes
        .push(Chooser::new(title, picks, offered.as_deref(), then));
    Vec::new()
}

/// The one interviewer whom a dry run adds.
fn next_of(state: &State, id: InterviewId, outcome: &Outcome) -> Option<Pick> {
    let now = state.cache.interview(id)?;
    let has = |it: &MemberBrief| now.interviewers.iter().any(|had| had.id == it.id);
    let next = outcome.interview.interviewers.iter().find(|it| !has(it))?;
    Some(Pick {
        note: "next of the group, free then".to_owned(),
        ..named(next)
    })
}

/// Has somebody take the place, in the interview as it was shown.
fn take(
    state: &mut State,
    (id, revision): (InterviewId, u64),
    from: &Pick,
    to: &Pick,
) -> Vec<Action> {
    let (gone, come) = (from.label.clone(), to.label.clone());
    let on_reply = move |state: &mut State, reply| replaced(state, (&gone, &come), reply);
    let errand = Errand::call("change", on_reply);
    let errand = errand.says("replacing…").changes();
    let replace = InterviewReplace {
        interview: Reference {
            expected_revision: Some(revision),
            ..Reference::to(id.to_string())
        },
        from: from.value.clone(),
        to: Some(to.value.clone()),
    };
    vec![state.call(errand, Q::InterviewReplace { replace })]
}

fn replaced(state: &mut State, (gone, come): (&str, &str), reply: Result<R, Error>) -> Vec<Action> {
    match answer!(reply, InterviewReplace) {
        // Zoom may be slow: the interview itself says how far it is.
        Err(error) if error.kind == ErrorKind::Pending => state.toast(error.message, false),
        Err(error) => return fail(state, error),
        Ok(outcome) => {
            let words = format!("{come} takes {gone}'s place");
            made_as(
                state,
                &outcome,
                words,
                Some(format!("{gone} interviews again")),
            );
        }
    }
    Vec::new()
}
