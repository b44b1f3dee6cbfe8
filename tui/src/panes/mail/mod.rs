//! Email: what is sent about an interview, what came in, and an email to be read.

mod email_preview;
mod leaving;
mod letters;
mod mails;
#[cfg(test)]
mod tests;

pub(crate) use email_preview::{EmailPreview, Reads};
use greenroom_protocol::Error;
use greenroom_protocol::id::TurnId;
use greenroom_protocol::mail::{Mail, MailState};
use greenroom_protocol::page::Page;
use greenroom_protocol::received::{ReceivedAccept, ReceivedMail};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::workspace::Reference;
pub(crate) use letters::Letters;

use self::leaving::Leaving;
use self::mails::{About, Entry, Mails};
use crate::keys::Command;
use crate::panes::failure::fail;
use crate::state::State;
use crate::state::event::Action;
use crate::state::queries::{Need, mail_of};
use crate::state::subject::{Subject, Then};
use crate::state::undo::asked_for_emails;
use crate::state::undo::leaving;
use crate::state::work::{Errand, answer};

pub(super) static SUBJECT: Subject = Subject {
    changes: &[Command::RetryMail, Command::AcceptReply],
    views: &[Command::Mail, Command::Emails, Command::LeavingEmails],
    disabled_reason,
    dispatch,
    on_answer,
    after_event: |state| more_mail(state).into_iter().collect(),
    ..Subject::NONE
};

fn disabled_reason(state: &State, command: Command) -> Option<&'static str> {
    match command {
        Command::Mail => {
            let none = state.interview_selected().is_none();
            none.then_some("select an interview first")
        }
        Command::Emails => {
            let none = state.candidate_shown().is_none();
            none.then_some("select a candidate first")
        }
        Command::LeavingEmails => {
            let none = leaving(state).is_empty();
            none.then_some("no emails are about to go out")
        }
        Command::RetryMail => cannot_retry(state),
        Command::AcceptReply if reply_selected(state).is_none() => {
            Some("not a reply from another address")
        }
        Command::AcceptReply => (!state.hires()).then_some("only the hiring team can"),
        _ => None,
    }
}

fn cannot_retry(state: &State) -> Option<&'static str> {
    let mail = match mail_selected(state) {
        Some(Entry::Email(mail)) => mail,
        Some(Entry::Preview(_)) => return Some("not written yet"),
        Some(Entry::Received(_)) => return Some("this is a received email"),
        None => return Some("no emails"),
    };
    if !state.hires() {
        return Some("only the hiring team can");
    }
    match mail.state {
        MailState::Waiting | MailState::Failed | MailState::Held => None,
        MailState::Sending => Some("being sent"),
        MailState::Sent => Some("already sent"),
        MailState::Withdrawn => Some("cancelled"),
    }
}

/// What is selected in a list of emails.
fn mail_selected(state: &State) -> Option<Entry<'_>> {
    state.panes.below_help_as::<Mails>()?.selected(state)
}

/// The reply from another address that is selected or open.
fn reply_selected(state: &State) -> Option<&ReceivedMail> {
    let mail = match state.panes.below_help_as::<EmailPreview>() {
        Some(open) => match &open.reads {
            Reads::Received(id) => &state.cache.email.get(id)?.mail,
            _ => return None,
        },
        None => match mail_selected(state)? {
            Entry::Received(mail) => mail,
            _ => return None,
        },
    };
    mail.set_aside.is_some().then_some(mail)
}

fn dispatch(state: &mut State, command: Command) -> Vec<Action> {
    let about = match command {
        Command::RetryMail => return retry(state),
        Command::AcceptReply => return accept(state),
        Command::LeavingEmails => {
            if state.panes.top_as::<Leaving>().is_none() {
                state.panes.push(Leaving::default());
            }
            return Vec::new();
        }
        Command::Mail => state.interview_selected().map(|it| About::Interview(it.id)),
        _ => state.candidate_shown().map(About::Candidate),
    };
    if let Some(about) = about {
        state.panes.push(Mails::new(about));
    }
    Vec::new()
}

/// Opens the selected email; one that came in counts as read from then on.
fn read(state: &mut State) -> Vec<Action> {
    let Some(entry) = mail_selected(state) else {
        return Vec::new();
    };
    let unread = match entry {
        Entry::Received(mail) if mail.unread => Some(Reference::to(mail.id.to_string())),
        _ => None,
    };
    let reads = entry.reads();
    state.panes.push(EmailPreview::new(reads));
    unread.map(|mail| mark(state, mail)).into_iter().collect()
}

/// Opens an email that came in and nobody has read.
pub(super) fn read_new(state: &mut State, id: TurnId) -> Vec<Action> {
    state.panes.push(EmailPreview::new(Reads::Received(id)));
    vec![mark(state, Reference::to(id.to_string()))]
}

fn mark(state: &mut State, mail: Reference) -> Action {
    let errand = Errand::call("mark-read", marked).changes();
    state.call(errand, Q::MailReceivedRead { mail })
}

/// An email that was opened counts as read; where the daemon cannot say so, it only goes on
/// counting as unread.
fn marked(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    if answer!(reply, MailReceivedRead).is_ok() {
        state.cache.invalidate("received");
        state.cache.invalidate("interview");
    }
    Vec::new()
}

/// Accepts the selected or open reply as its attendee's.
fn accept(state: &mut State) -> Vec<Action> {
    let Some(id) = reply_selected(state).map(|mail| mail.id) else {
        return Vec::new();
    };
    let accept = ReceivedAccept {
        mail: Reference::to(id.to_string()),
        attendee: None,
        remember: false,
    };
    let errand = Errand::call("accept-reply", accepted).says("accepting…");
    vec![state.call(errand.changes(), Q::MailReceivedAccept { accept })]
}

/// A reply from another address counts as its attendee's now.
fn accepted(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    state.cache.invalidate("received");
    state.cache.invalidate("interview");
    match answer!(reply, MailReceivedAccept) {
        Err(error) => return fail(state, error),
        Ok(mail) => state.toast(format!("Accepted as {}'s reply", mail.name), true),
    }
    Vec::new()
}

fn retry(state: &mut State) -> Vec<Action> {
    let Some(Entry::Email(mail)) = mail_selected(state) else {
        return Vec::new();
    };
    let mail = Reference::to(mail.id.to_string());
    let errand = Errand::call("retry-mail", retried).says("sending again…");
    vec![state.call(errand.changes(), Q::MailRetry { mail })]
}

/// An email is sent again as soon as it may leave.
fn retried(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    state.cache.invalidate("mail");
    match answer!(reply, MailRetry) {
        Err(error) => return fail(state, error),
        Ok(mail) => {
            let to = mail.to.as_ref().unwrap_or(&mail.address).clone();
            let alone = mail.alone.then_some(mail.id);
            let undo = asked_for_emails(state, &to, alone.into_iter().collect());
            state.toast(format!("Sending the email to {to} again{undo}"), true);
        }
    }
    Vec::new()
}

/// The next page of an interview's emails that left: one page looks only so far back.
fn more_mail(state: &mut State) -> Option<Action> {
    let About::Interview(interview) = state.panes.top_as::<Mails>()?.about else {
        return None;
    };
    let page = state.cache.mail_past.get(&interview)?;
    let cursor = page.next.clone()?;
    if !state.link.is_up() || state.work.is_under_way("more-mail") {
        return None;
    }
    let query = mail_of(interview, true, Some(cursor));
    let errand = Errand::call("more-mail", more).says("waiting for the daemon…");
    Some(state.call(errand, Q::MailList { query }))
}

/// More of what left, where the first page did not reach as far back.
fn more(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    let Some(known) = state.cache.mail_past.latest_mut() else {
        return Vec::new();
    };
    // What cannot be read now is asked for again when the list is.
    let (items, next) = match answer!(reply, MailList) {
        Ok(Page { items, next, .. }) => (items, next),
        Err(_) => (Vec::new(), None),
    };
    let new = |mail: &Mail| !known.items.iter().any(|it| it.id == mail.id);
    let new: Vec<_> = items.into_iter().filter(new).collect();
    known.items.extend(new);
    known.next = next;
    Vec::new()
}

/// What is not among the waiting ones any more has left.
fn on_answer(state: &State, need: &Need) -> Option<Then> {
    if !matches!(need, Need::MailWaiting(_)) {
        return None;
    }
    let waited = state.cache.mail_waiting.latest();
    let waited = waited.map_or_else(Vec::new, |page| page.items.clone());
    Some(Box::new(move |state| {
        let now = state.cache.mail_waiting.latest();
        let now = now.map_or(&[][..], |page| &page.items);
        let waits = |mail: &Mail| now.iter().any(|it| it.id == mail.id);
        if !waited.iter().all(waits) {
            state.cache.mail_past.invalidate();
        }
        Vec::new()
    }))
}
