//! Commands about the mail of an interview.

use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::Reference;

use super::super::event::Action;
use super::super::reason;
use super::super::state::State;
use super::super::update::call;
use super::super::work::Purpose;
use crate::keys::Command;
use crate::layers::Layer;
use crate::layers::letter::Letter;
use crate::layers::mails::{Entry, Mails};

/// Carries out a command about mail; nothing when the command is about something else.
pub(super) fn perform(state: &mut State, command: Command) -> Option<Vec<Action>> {
    match command {
        Command::Mail => {
            let id = state.interview_selected().map(|it| it.id);
            state
                .layers
                .extend(id.map(|id| Layer::Mails(Mails::new(id))));
        }
        Command::RetryMail => return Some(retry(state)),
        _ => return None,
    }
    Some(Vec::new())
}

/// Opens the selected letter.
pub(super) fn read(state: &mut State) {
    let reads = reason::mail_selected(state).map(Entry::reads);
    state
        .layers
        .extend(reads.map(|reads| Layer::Letter(Letter::new(reads))));
}

fn retry(state: &mut State) -> Vec<Action> {
    let Some(Entry::Letter(mail)) = reason::mail_selected(state) else {
        return Vec::new();
    };
    let mail = Reference::to(mail.id.to_string());
    let ticket = state.work.begin(Purpose::RetryMail, state.now);
    vec![call(ticket, Q::MailRetry { mail })]
}
