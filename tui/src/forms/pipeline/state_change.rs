//! Rejecting, noting that somebody withdrew, putting on hold, hiring and reopening: one application,
//! or several.

use greenroom_protocol::Error;
use greenroom_protocol::pipeline::{
    ApplicationState, CandidateRow, CandidateStateMany, OneOfMany, StateAction,
};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};

use crate::forms::fill::{choose_if_none, maybe, repick, select};
use crate::forms::sheet::{Entry, Field, Sheet};
use crate::forms::{About, Answered, FormType, Frame, Leave, Send, unexpected};
use crate::state::State;
use crate::widgets::{Choice, Pick};

/// What can be done with those who are active, and its words.
const ACTIVE: [StateAction; 4] = [
    StateAction::Reject,
    StateAction::Withdraw,
    StateAction::Hold,
    StateAction::Hire,
];
const ACTIVE_WORDS: &[&str] = &["Reject", "Withdrawn", "On hold", "Hired"];

/// The same with those who are not.
const ARCHIVED: [StateAction; 5] = [
    StateAction::Reopen,
    StateAction::Reject,
    StateAction::Withdraw,
    StateAction::Hold,
    StateAction::Hire,
];
const ARCHIVED_WORDS: &[&str] = &["Reopen", "Reject", "Withdrawn", "On hold", "Hired"];

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Action,
    Email,
    Reason,
    Interviews,
}

#[derive(Debug)]
pub(crate) struct StateChange {
    candidates: Vec<OneOfMany>,
    actions: &'static [StateAction],
    /// Whose interviews are known.
    only: Option<greenroom_protocol::id::CandidateId>,
}

impl StateChange {
    fn action(&self, sheet: &Sheet<Name>) -> StateAction {
        let chosen = self.actions.get(sheet.choice(Name::Action));
        chosen.copied().unwrap_or(StateAction::Reject)
    }
}

impl FormType for StateChange {
    type Name = Name;

    const DOING: &'static str = "changing";
    const LEAVE: Leave = Leave::ChangesNothing;

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let rows: Vec<_> = subject
            .split(',')
            .filter_map(|id| find(state, id))
            .collect();
        let candidates = rows.iter().filter_map(|row| row.application.as_ref());
        let candidates = candidates.map(|it| OneOfMany {
            candidate: it.id.to_string(),
            expected_revision: Some(it.revision),
        });
        let is_active = |row: &&CandidateRow| {
            let application = row.application.as_ref();
            application.is_none_or(|it| it.state == ApplicationState::Active)
        };
        let (actions, words) = match rows.iter().any(is_active) || rows.is_empty() {
            true => (&ACTIVE[..], ACTIVE_WORDS),
            false => (&ARCHIVED[..], ARCHIVED_WORDS),
        };
        let title = match rows.as_slice() {
            [] => "Candidates".to_owned(),
            [one] => match &one.application {
                Some(it) => format!("{} · {}", one.name, it.job_title),
                None => one.name.clone(),
            },
            several => format!("{} candidates", several.len()),
        };
        let email = Entry::Choice(Choice::new(&["No", "Yes"], 0));
        let interviews = Entry::Choice(Choice::new(&["Keep", "Cancel"], 0));
        let sheet = Sheet::new(vec![
            (
                Name::Action,
                Field::new("State", Entry::Choice(Choice::new(words, 0))),
            ),
            (Name::Email, Field::new("Email them", email)),
            (Name::Reason, select("Reason", Vec::new(), Some(""))),
            (Name::Interviews, Field::new("Interviews", interviews)),
        ]);
        let own = Self {
            candidates: candidates.collect(),
            actions,
            only: match rows.as_slice() {
                [one] => Some(one.id),
                _ => None,
            },
        };
        Frame::new(subject, title, "Save", sheet, own)
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        let action = form.own.action(&form.sheet);
        form.button = match action {
            StateAction::Reject => "Reject",
            StateAction::Withdraw => "Mark Withdrawn",
            StateAction::Hold => "Put on Hold",
            StateAction::Hire => "Mark Hired",
            StateAction::Reopen | StateAction::Undo => "Reopen",
        };
        let reasons = action.usual_reasons();
        let mut picks = vec![Pick::new("", "none given", "")];
        picks.extend(reasons.iter().map(|it| Pick::new(it, it, "")));
        repick(&mut form.sheet, Name::Reason, picks);
        choose_if_none(&mut form.sheet, Name::Reason, "");
        form.sheet.show(Name::Reason, !reasons.is_empty());
        form.sheet.show(Name::Email, action.has_email());
        // Of several it is not known here; the daemon says whose interviews are in the way.
        let coming = form.own.only.map(|id| state.next_interview(id).is_some());
        let closes = action.leads_to().is_some_and(ApplicationState::is_closed);
        form.sheet
            .show(Name::Interviews, closes && coming.unwrap_or(true));
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "reason" => Name::Reason,
            "email" => Name::Email,
            "cancel_interviews" => Name::Interviews,
            _ => return None,
        })
    }

    fn send(form: &mut Frame<Self>, _state: &State) -> Option<Send> {
        let sheet = &form.sheet;
        let shown = |name: Name| sheet.is_shown(name) && sheet.choice(name) == 1;
        let reason = sheet
            .is_shown(Name::Reason)
            .then(|| sheet.chosen(Name::Reason));
        let changes = CandidateStateMany {
            candidates: form.own.candidates.clone(),
            job: None,
            action: form.own.action(sheet),
            reason: reason.and_then(maybe),
            email: shown(Name::Email),
            cancel_interviews: shown(Name::Interviews),
            dry_run: false,
        };
        Some(Send::Call(Box::new(Q::CandidateStateMany { changes })))
    }

    fn answered(form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::CandidateStateMany(done) = reply else {
            return Err(unexpected());
        };
        let mut outcome = done?;
        // One is as one form: what is wrong is said here.
        if let [only] = outcome.items.as_mut_slice()
            && let Some(error) = only.error.take()
        {
            return Err(error);
        }
        let action = form.own.action(&form.sheet);
        Ok(Answered::States(Box::new(outcome), action))
    }

    fn about(form: &Frame<Self>) -> About {
        About {
            candidate: form.own.only,
            ..About::default()
        }
    }
}

/// The row of an application in what is listed.
pub(super) fn find<'a>(state: &'a State, application: &str) -> Option<&'a CandidateRow> {
    let listed = state.cache.candidates.latest().map(|page| &page.items);
    let board = state.cache.board.latest().map(|page| &page.items);
    let mut rows = listed.into_iter().chain(board).flatten();
    rows.find(|row| {
        let own = row.application.as_ref();
        own.is_some_and(|it| it.id.to_string() == application)
    })
}
