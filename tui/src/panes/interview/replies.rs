//! Replies to changes of an interview: said in a line, with how it is undone and who is emailed.

use greenroom_protocol::id::InterviewId;
use greenroom_protocol::interview::{
    AttendeeState, Change, ChangeKind, EMAILS_HAVE_GONE_OUT, Interview, InterviewStatus,
    InterviewUndo, MeetingState, Outcome,
};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};

use super::Interview as InterviewPane;
use crate::keys::Command;
use crate::panes::confirm::Confirm;
use crate::panes::failure::fail;
use crate::state::State;
use crate::state::event::Action;
use crate::state::undo::{Undo, asked_for_emails, undo_key};
use crate::state::work::{Errand, unexpected};
use crate::widgets::times;
use crate::wording;

/// An interview was changed, or could not be.
pub(crate) fn changed(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    match reply.and_then(read) {
        // Zoom may be slow: the interview itself says how far it is.
        Err(error) if error.kind == ErrorKind::Pending => state.toast(error.message, false),
        Err(error) => return fail(state, error),
        Ok(outcome) => made(state, &outcome),
    }
    Vec::new()
}

/// How long the daemon holds mail about a change, in seconds.
const UNDO_SECONDS: i64 = 10;

/// Said while it does.
pub(crate) const MAIL_LEAVES: &str = " · emails go out in 10 s";

/// Said where it waits for the meeting.
const MAIL_FOLLOWS: &str = " · emails go out once the meeting is ready";

/// What a changing call came to.
fn read(reply: R) -> Result<Outcome, Error> {
    match reply {
        R::InterviewConfirm(outcome)
        | R::InterviewCancel(outcome)
        | R::InterviewReschedule(outcome)
        | R::InterviewEdit(outcome)
        | R::InterviewReplace(outcome)
        | R::InterviewComplete(outcome)
        | R::InterviewNoShow(outcome)
        | R::InterviewRepair(outcome)
        | R::InterviewUndo(outcome) => outcome,
        _ => Err(unexpected()),
    }
}

/// A change is made: says so, and keeps how it is undone.
pub(crate) fn made(state: &mut State, outcome: &Outcome) {
    let words = words(state, &outcome.interview);
    made_as(state, outcome, words, None);
}

/// The same, said in these words, and what is so again once it is undone.
pub(super) fn made_as(
    state: &mut State,
    outcome: &Outcome,
    mut words: String,
    back: Option<String>,
) {
    // The next key is about the interview as it is now.
    state.cache.invalidate("interview");
    let interview = &outcome.interview;
    if let Some(undo) = way_back(state, interview, back) {
        state.undo.push(undo);
        let key = undo_key(state).map(|key| format!(" · {key} to undo"));
        words.push_str(&key.unwrap_or_default());
    }
    let name = &interview.candidate.name;
    words.push_str(&asked_for_emails(state, name, outcome.emails.clone()));
    words.push_str(&told(state, interview));
    // What a form showed beside the time is known, and what is no consequence was known before.
    let shown = newest(interview)
        .is_some_and(|change| matches!(change.kind, ChangeKind::Rescheduled | ChangeKind::Edited));
    let judged = outcome.verdict.advises.iter().filter(|_| !shown);
    let mut news = judged.chain(interview.warnings.iter().filter(|it| follows(it.code)));
    if let Some(news) = news.next() {
        words.push_str(&format!(" · {}", news.message));
    }
    state.toast(words, true);
}

/// A booking is made: says so, and keeps how it is undone.
pub(crate) fn booked(state: &mut State, outcome: &Outcome) {
    state.cache.invalidate("interview");
    let interview = &outcome.interview;
    let stands = match interview.status {
        InterviewStatus::Confirmed => "booked and confirmed".to_owned(),
        status => format!("booked, {}", wording::status(status)),
    };
    let mut words = match outcome.repeated {
        true => format!(
            "{}: already booked, {}",
            interview.candidate.name,
            wording::stands(interview)
        ),
        false => format!("{}: {stands}", interview.candidate.name),
    };
    // The same request again is one's own booking again, as long as nobody changed it.
    if interview.change == 0 && is_planned(interview) {
        state.undo.push(undo_of(interview, None));
        let key = undo_key(state).map(|key| format!(" · {key} to undo"));
        words.push_str(&key.unwrap_or_default());
    }
    words.push_str(&told(state, interview));
    state.toast(words, true);
}

fn is_planned(interview: &Interview) -> bool {
    use InterviewStatus::{Confirmed, ToBeConfirmed};
    matches!(interview.status, Confirmed | ToBeConfirmed)
}

/// How to undo the interview's newest change, or from the booking where nothing was changed.
fn undo_of(interview: &Interview, back: Option<String>) -> Undo {
    Undo::Change {
        interview: interview.id,
        name: interview.candidate.name.clone(),
        candidate: interview.candidate.id,
        number: interview.change,
        back,
    }
}

/// Whether a warning may be the consequence of a change.
fn follows(code: FindingCode) -> bool {
    matches!(
        code,
        FindingCode::MeetingStays
            | FindingCode::PossibleOrphan
            | FindingCode::MeetingOutdated
            | FindingCode::AddressBounces
            | FindingCode::Connection
    )
}

/// The person's own newest change, where undoing it brings back what was.
fn way_back(state: &State, interview: &Interview, back: Option<String>) -> Option<Undo> {
    let last = newest(interview)?;
    let mine = last.by.as_ref().is_some_and(|by| state.is_me(by.id));
    // A meeting that is made anew or set right at Zoom cannot be made wrong again.
    let mends = last.kind == ChangeKind::Repaired && last.former_start == interview.start;
    (mine && !mends).then(|| undo_of(interview, back))
}

fn newest(interview: &Interview) -> Option<&Change> {
    let last = interview.changes.last()?;
    (last.number == interview.change).then_some(last)
}

fn words(state: &State, interview: &Interview) -> String {
    let name = &interview.candidate.name;
    let start = times::moment(interview.start.timestamp(), &state.zone(), state.now);
    let kind = newest(interview).map(|change| change.kind);
    match (kind, interview.status) {
        (Some(ChangeKind::Rescheduled), _) => format!("{name}: moved to {start}"),
        (Some(ChangeKind::Edited), _) => format!("{name}: saved"),
        (Some(ChangeKind::Repaired), _) => format!("{name}: synced with Zoom, {start}"),
        (_, InterviewStatus::Cancelled) => format!("{name}: cancelled"),
        (_, InterviewStatus::Completed) => format!("{name}: completed"),
        (_, InterviewStatus::NoShow) => format!("{name}: {}", wording::absent(interview)),
        (_, InterviewStatus::Confirmed) if interview.meeting.state == MeetingState::Pending => {
            format!("{name}: confirmed · creating the meeting")
        }
        (_, status) => format!("{name}: {}", wording::status(status)),
    }
}

/// When people are emailed; empty where nobody is.
fn told(state: &State, interview: &Interview) -> String {
    let any = |wanted: AttendeeState, knew: bool| {
        let mut all = interview.attendees.iter();
        all.any(|it| it.state == wanted && (it.invited_at.is_some() || !knew))
    };
    let (planned, waits) = match interview.status {
        InterviewStatus::Confirmed => (true, any(AttendeeState::Waiting, false)),
        InterviewStatus::Cancelled | InterviewStatus::ToBeConfirmed => {
            (false, any(AttendeeState::Dismissed, true))
        }
        InterviewStatus::Completed | InterviewStatus::NoShow => return String::new(),
    };
    if (planned || waits) && wording::reaches_nobody(state) {
        return " · nobody is emailed".to_owned();
    }
    match waits {
        true => MAIL_LEAVES.to_owned(),
        // It says how to join, so it waits for that.
        false if planned && interview.meeting.state == MeetingState::Pending => {
            MAIL_FOLLOWS.to_owned()
        }
        false => String::new(),
    }
}

/// A change or a booking is undone, or could not be.
pub(crate) fn undone(
    state: &mut State,
    id: InterviewId,
    undo: Undo,
    reply: Result<R, Error>,
) -> Vec<Action> {
    match reply.and_then(read) {
        Err(error) if error.message == EMAILS_HAVE_GONE_OUT => {
            match error.field.as_deref() == Some("unsent") {
                true => ask_to_email(state, id, undo),
                false => emailed(state, id),
            }
        }
        Err(error) => {
            // Nothing was decided: it can still be undone.
            if error.kind == ErrorKind::Unreachable {
                state.undo.push(undo);
            }
            return fail(state, error);
        }
        Ok(outcome) => {
            state.cache.invalidate("interview");
            let interview = &outcome.interview;
            let start = times::moment(interview.start.timestamp(), &state.zone(), state.now);
            let name = undo.name();
            if interview.status == InterviewStatus::Cancelled && wording::is_undone(interview) {
                let words = format!("{name}: booking undone, nobody was emailed");
                state.toast(words, true);
                return Vec::new();
            }
            let status = wording::status(interview.status);
            let told = match told(state, interview) {
                told if [MAIL_LEAVES, MAIL_FOLLOWS].contains(&&*told) && had_left(interview) => {
                    " · everyone is emailed again".to_owned()
                }
                told => told,
            };
            let back = match &undo {
                Undo::Change {
                    back: Some(back), ..
                } => format!("{back}, "),
                _ => String::new(),
            };
            let words = format!("{name}: undone, {back}{status} {start}{told}");
            state.toast(words, true);
        }
    }
    Vec::new()
}

/// It is too late to undo unnoticed: asks whether everyone is to be emailed again.
fn ask_to_email(state: &mut State, id: InterviewId, undo: Undo) {
    let Undo::Change { number, .. } = undo else {
        return;
    };
    let lines = vec![
        format!("{}: people know of this change.", undo.name()),
        "Undo it all the same? Everyone is emailed again.".to_owned(),
    ];
    state.undo.push(undo.clone());
    let act = move |state: &mut State| {
        state.undo.remove(&undo);
        let interview = InterviewUndo {
            interview: Reference::to(id.to_string()),
            change: number,
            unsent: false,
        };
        let words = format!("undoing: {}…", undo.name());
        let errand = Errand::call("undo", move |state, reply| undone(state, id, undo, reply));
        vec![state.call(errand.says(words).changes(), Q::InterviewUndo { interview })]
    };
    let title = EMAILS_HAVE_GONE_OUT;
    state
        .panes
        .push(Confirm::new(title, lines, "Undo and Email", act));
}

/// It is too late to undo: says so, and shows the interview the way on is about, so that its key
/// cancels no other.
fn emailed(state: &mut State, id: InterviewId) {
    let top = state.panes.top_as::<InterviewPane>();
    if top.is_none_or(|top| top.id != id) {
        state.panes.push(InterviewPane::new(id));
    }
    let key = state.keymap.key(Command::CancelInterview, &state.places());
    let way = key.map(|key| format!(". Press {key} to cancel"));
    let words = format!("{EMAILS_HAVE_GONE_OUT}{}", way.unwrap_or_default());
    state.toast(words, false);
}

/// Whether mail about the change that was undone had left by then.
fn had_left(interview: &Interview) -> bool {
    let [.., undone, undo] = &interview.changes[..] else {
        return false;
    };
    undo.at.second() - undone.at.second() >= UNDO_SECONDS
}
