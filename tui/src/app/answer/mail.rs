//! Answers about mail.

use greenroom_protocol::Error;
use greenroom_protocol::mail::Mail;
use greenroom_protocol::page::Page;
use greenroom_protocol::service::GreenroomResponse as R;

use super::{fail, unexpected};
use crate::state::State;

/// A letter is sent again as soon as it may leave.
pub(super) fn retried(state: &mut State, reply: Result<R, Error>) {
    let mail = reply.and_then(|reply| match reply {
        R::MailRetry(mail) => mail,
        _ => Err(unexpected()),
    });
    state.mirror.spoil_mail();
    match mail {
        Err(error) => fail(state, error),
        Ok(mail) => {
            let to = mail.to.as_ref().unwrap_or(&mail.address);
            let words = format!("the letter to {to} is sent again");
            state.work.say(words, true, state.now);
        }
    }
}

/// An email that was opened counts as read; where the daemon cannot say so, it only goes on
/// counting as unread.
pub(super) fn marked(state: &mut State, reply: Result<R, Error>) {
    if let Ok(R::MailReceivedRead(Ok(_))) = reply {
        state.mirror.spoil_received();
        state.mirror.spoil_interviews();
    }
}

/// A reply from another address counts as its attendee's now.
pub(super) fn accepted(state: &mut State, reply: Result<R, Error>) {
    let mail = reply.and_then(|reply| match reply {
        R::MailReceivedAccept(mail) => mail,
        _ => Err(unexpected()),
    });
    state.mirror.spoil_received();
    state.mirror.spoil_interviews();
    match mail {
        Err(error) => fail(state, error),
        Ok(mail) => {
            let words = format!("accepted as the reply of {}", mail.name);
            state.work.say(words, true, state.now);
        }
    }
}

/// More of what left, where the first page did not reach as far back.
pub(super) fn more(state: &mut State, reply: Result<R, Error>) {
    let Some(known) = state.mirror.mail_past.latest_mut() else {
        return;
    };
    // What cannot be read now is asked for again when the list is.
    let (items, next) = match reply {
        Ok(R::MailList(Ok(Page { items, next, .. }))) => (items, next),
        _ => (Vec::new(), None),
    };
    let new = |mail: &Mail| !known.items.iter().any(|it| it.id == mail.id);
    let new: Vec<_> = items.into_iter().filter(new).collect();
    known.items.extend(new);
    known.next = next;
}

/// What waits is another now: what is not among it any more has left.
pub(super) fn waiting(state: &mut State, before: &[Mail]) {
    let now = state.mirror.mail_waiting.latest();
    let now = now.map_or(&[][..], |page| &page.items);
    let left = before
        .iter()
        .any(|mail| !now.iter().any(|it| it.id == mail.id));
    if left {
        state.mirror.mail_past.spoil();
    }
}
