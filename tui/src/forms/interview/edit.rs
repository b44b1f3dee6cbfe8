//! Who takes part and how people join, of an interview that is planned. Only what was changed is
//! sent: what others change meanwhile stays.

use greenroom_protocol::interview::{Interview, InterviewEdit, MeetingType};
use greenroom_protocol::service::GreenroomRequest as Q;

use super::super::fill::choose_if_none;
use super::super::{Extra, Form, FormKey, Name};
use super::joining::{self, Joining};
use super::plan::Plan;
use super::{changed, reference, title};
use crate::forms::sheet::{Note, Sheet};
use crate::state::State;
use crate::wording;

pub(in super::super) fn form(state: &State, key: FormKey) -> Form {
    let id = key.subject.parse().ok();
    let interview = id.and_then(|id| state.mirror.interview(id));
    let before = interview.map(Joining::in_force).unwrap_or_default();
    let fields = before.fields(state, &["Made by Greenroom", "Typed by hand"]);
    let mut form = Form::new(key, "Change the interview", "Save", Sheet::new(fields));
    form.extra = Extra::Plan(Box::new(Plan::of_edit(id, before)));
    form
}

pub(in super::super) fn refresh(form: &mut Form, state: &State) {
    let Some(interview) = changed(form, state) else {
        return;
    };
    form.title = title("Change", interview);
    follow(form, interview);
    let sheet = &mut form.sheet;
    joining::refresh(sheet, state);
    let mine = state.mirror.me().map(|me| me.id.to_string());
    let mine = mine.unwrap_or_default();
    choose_if_none(sheet, Name::Host, &mine);
    let stuck = joining::host_note(sheet, state);
    sheet.say(Name::Host, stuck.into_iter().collect());
    let by_hand = Joining::of(sheet).by_hand;
    let could_be_made = (by_hand && wording::could_be_made(interview, state))
        .then(|| Note::Hint("Zoom is connected: Greenroom can make the meeting".to_owned()));
    sheet.say(Name::By, could_be_made.into_iter().collect());
    let Extra::Plan(plan) = &form.extra else {
        return;
    };
    form.sheet.say(Name::With, plan.notes());
}

/// What somebody else changed meanwhile is shown, where this person changed nothing.
fn follow(form: &mut Form, interview: &Interview) {
    let Extra::Plan(plan) = &mut form.extra else {
        return;
    };
    let Some(before) = plan.before_mut() else {
        return;
    };
    let now = Joining::in_force(interview);
    if *before != now {
        now.follow(before, &mut form.sheet);
        *before = now;
    }
}

pub(in super::super) fn request(form: &mut Form, state: &State) -> Option<Q> {
    if !joining::is_complete(&mut form.sheet) {
        return None;
    }
    match filled(form, state) {
        Some(interview) => Some(Q::InterviewEdit { interview }),
        None => {
            form.sheet.refuse(Name::Type, "nothing is changed yet");
            None
        }
    }
}

/// The call as far as it is filled in; nothing where nothing is changed.
pub(super) fn filled(form: &Form, state: &State) -> Option<InterviewEdit> {
    let Extra::Plan(plan) = &form.extra else {
        return None;
    };
    let (before, now) = (plan.before()?, Joining::of(&form.sheet));
    if *before == now {
        return None;
    }
    let otherwise = before.kind != now.kind || before.by_hand != now.by_hand;
    let text = |before: &str, now: &str| (before != now).then(|| now.to_owned());
    // An empty text takes a value away, but none belongs to another way to join.
    let detail =
        |before: &str, now: &str| text(before, now).filter(|now| !(otherwise && now.is_empty()));
    let makes = now.kind == MeetingType::Zoom && !now.by_hand;
    Some(InterviewEdit {
        interview: reference(changed(form, state)?),
        kind: otherwise.then_some(now.kind),
        organizer: text(&before.organizer, &now.organizer),
        with: (before.with != now.with).then(|| now.with.clone()),
        zoom_user: text(&before.host, &now.host).filter(|_| makes),
        url: detail(&before.url, &now.url),
        meeting_id: detail(&before.meeting_id, &now.meeting_id),
        passcode: detail(&before.passcode, &now.passcode),
        details: detail(&before.details, &now.details),
    })
}
