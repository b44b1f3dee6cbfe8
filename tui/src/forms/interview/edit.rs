//! Who takes part and how people join, of an interview that is scheduled. Only what was changed is
//! sent: what others change meanwhile stays.

use greenroom_protocol::Error;
use greenroom_protocol::interview::{Interview, InterviewEdit as Call, MeetingType};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};

use super::joining::{self, Joining, Name};
use super::timing::plan::Plan;
use super::{about_interview, changed, reference, title};
use crate::forms::fill::{choose_if_none, refuse_host_below};
use crate::forms::sheet::{Note, Sheet};
use crate::forms::{About, Answered, Ask, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::wording;

#[derive(Debug)]
pub(crate) struct InterviewEdit {
    /// How the interview is where this person changed nothing.
    before: Joining,
    plan: Plan<Call>,
}

impl FormType for InterviewEdit {
    type Name = Name;

    const DOING: &'static str = "saving";

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let id = subject.parse().ok();
        let interview = id.and_then(|id| state.cache.interview(id));
        let before = interview.map(Joining::in_force).unwrap_or_default();
        let fields = before.fields(state, &["created by Greenroom", "enter manually"]);
        let plan = Plan::of(id);
        let own = Self { before, plan };
        Frame::new(subject, "Edit interview", "Save", Sheet::new(fields), own)
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        let Some(interview) = changed(form, state) else {
            return;
        };
        form.title = title("Edit", interview);
        follow(form, interview);
        let sheet = &mut form.sheet;
        joining::refresh(sheet, state);
        let mine = state.cache.me().map(|me| me.id.to_string());
        choose_if_none(sheet, Name::Host, &mine.unwrap_or_default());
        let stuck = joining::host_note(sheet, state);
        sheet.say(Name::Host, stuck.into_iter().collect());
        let manual = Joining::of(sheet).manual;
        let could_be_made = (manual && wording::could_be_made(interview, state))
            .then(|| Note::Hint("Zoom is connected: Greenroom can create the meeting".to_owned()));
        sheet.say(Name::By, could_be_made.into_iter().collect());
        sheet.say(Name::With, form.own.plan.notes(state.link.is_up()));
    }

    fn name(of_request: &str) -> Option<Name> {
        joining::named(of_request)
    }

    fn send(form: &mut Frame<Self>, state: &State) -> Option<Send> {
        if !joining::is_complete(&mut form.sheet) {
            return None;
        }
        let Some(interview) = filled(form, state) else {
            form.sheet.refuse(Name::Type, "Nothing changed");
            return None;
        };
        Some(Send::Call(Box::new(Q::InterviewEdit { interview })))
    }

    fn answered(_form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::InterviewEdit(done) = reply else {
            return Err(unexpected());
        };
        done.map(|outcome| Answered::Changed(Box::new(outcome)))
    }

    fn refuse(form: &mut Frame<Self>, name: Option<Name>, error: Error) {
        refuse_host_below(form, Name::Host, name, error);
    }

    fn about(form: &Frame<Self>) -> About {
        let host = form.sheet.chosen(Name::Host).parse().ok();
        About {
            host: host.filter(|_| form.sheet.is_shown(Name::Host)),
            ..about_interview(form)
        }
    }

    fn asks(form: &mut Frame<Self>, state: &State) -> Vec<(Ask, Q)> {
        let mut call = filled(form, state);
        if let Some(call) = &mut call {
            call.interview.dry_run = true;
        }
        let judge = form
            .own
            .plan
            .ask_to_judge(call, |interview| Q::InterviewEdit { interview });
        judge.into_iter().collect()
    }

    fn told(form: &mut Frame<Self>, _ask: Ask, reply: Result<R, Error>) {
        form.own.plan.take(reply);
    }

    fn invalidate(&mut self) {
        self.plan.invalidate();
    }

    fn can_be_manual(form: &Frame<Self>) -> bool {
        joining::makes_a_meeting(&form.sheet)
    }

    fn enter_manually(form: &mut Frame<Self>, state: &State) {
        joining::enter_manually(&mut form.sheet);
        Self::refresh(form, state);
        form.sheet.focus(Name::Link);
    }
}

/// What somebody else changed meanwhile is shown, where this person changed nothing.
fn follow(form: &mut Frame<InterviewEdit>, interview: &Interview) {
    let now = Joining::in_force(interview);
    if form.own.before != now {
        now.follow(&form.own.before, &mut form.sheet);
        form.own.before = now;
    }
}

/// The call as far as it is filled in; `None` where nothing is changed.
fn filled(form: &Frame<InterviewEdit>, state: &State) -> Option<Call> {
    let (before, now) = (&form.own.before, Joining::of(&form.sheet));
    if *before == now {
        return None;
    }
    let otherwise = before.kind != now.kind || before.manual != now.manual;
    let text = |before: &str, now: &str| (before != now).then(|| now.to_owned());
    // An empty text takes a value away, but none belongs to another way to join.
    let detail =
        |before: &str, now: &str| text(before, now).filter(|now| !(otherwise && now.is_empty()));
    let makes = now.kind == MeetingType::Zoom && !now.manual;
    Some(Call {
        interview: reference(changed(form, state)?),
        kind: otherwise.then_some(now.kind),
        organizer: text(&before.organizer, &now.organizer),
        with: (before.with != now.with).then(|| now.with.clone()),
        zoom_user: text(&before.host, &now.host).filter(|_| makes),
        url: detail(&before.url, &now.url),
        meeting_id: detail(&before.meeting_id, &now.meeting_id),
        passcode: detail(&before.passcode, &now.passcode),
        details: detail(&before.details, &now.details),
        zoom_notes: (before.notes != now.notes && makes).then_some(now.notes),
        refuse_advice: false,
    })
}
