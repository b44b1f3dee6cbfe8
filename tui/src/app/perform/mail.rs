//! Commands about the mail of an interview.

use greenroom_protocol::received::ReceivedAccept;
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::Reference;

use super::super::reason;
use super::super::update::call;
use crate::keys::Command;
use crate::panes::Layer;
use crate::panes::mail::email::Letter;
use crate::panes::mail::{About, Entry, Mails};
use crate::state::State;
use crate::state::event::Action;
use crate::state::work::Purpose;

/// Carries out a command about mail; nothing when the command is about something else.
pub(super) fn perform(state: &mut State, command: Command) -> Option<Vec<Action>> {
    match command {
        Command::Mail => {
            let about = state.interview_selected().map(|it| About::Interview(it.id));
            state
                .layers
                .extend(about.map(|it| Layer::Mails(Mails::new(it))));
        }
        Command::Emails => {
            let about = state.candidate_shown().map(About::Candidate);
            state
                .layers
                .extend(about.map(|it| Layer::Mails(Mails::new(it))));
        }
        Command::RetryMail => return Some(retry(state)),
        Command::AcceptReply => return Some(accept(state)),
        _ => return None,
    }
    Some(Vec::new())
}

/// Opens the selected email; one that came in counts as read from then on.
pub(super) fn read(state: &mut State) -> Vec<Action> {
    let Some(entry) = reason::mail_selected(state) else {
        return Vec::new();
    };
    let unread = match entry {
        Entry::Received(mail) if mail.unread => Some(Reference::to(mail.id.to_string())),
        _ => None,
    };
    let reads = entry.reads();
    state.layers.push(Layer::Letter(Letter::new(reads)));
    let read = unread.map(|mail| {
        let ticket = state.work.begin(Purpose::MarkRead, state.now);
        call(ticket, Q::MailReceivedRead { mail })
    });
    read.into_iter().collect()
}

/// Accepts the selected or open reply as its attendee's.
fn accept(state: &mut State) -> Vec<Action> {
    let Some(id) = reason::reply_selected(state).map(|mail| mail.id) else {
        return Vec::new();
    };
    let accept = ReceivedAccept {
        mail: Reference::to(id.to_string()),
        attendee: None,
        remember: false,
    };
    let ticket = state.work.begin(Purpose::AcceptReply, state.now);
    vec![call(ticket, Q::MailReceivedAccept { accept })]
}

fn retry(state: &mut State) -> Vec<Action> {
    let Some(Entry::Letter(mail)) = reason::mail_selected(state) else {
        return Vec::new();
    };
    let mail = Reference::to(mail.id.to_string());
    let ticket = state.work.begin(Purpose::RetryMail, state.now);
    vec![call(ticket, Q::MailRetry { mail })]
}
