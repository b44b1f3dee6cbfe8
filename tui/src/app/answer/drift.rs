//! Answers about what differs from Zoom.

use greenroom_protocol::Error;
use greenroom_protocol::service::GreenroomResponse as R;

use super::{fail, unexpected};
use crate::state::State;

/// A check began; how far it is, the list shows.
pub(super) fn checked(state: &mut State, reply: Result<R, Error>) {
    let report = reply.and_then(|reply| match reply {
        R::InterviewCheck(report) => report,
        _ => Err(unexpected()),
    });
    state.mirror.drift.spoil();
    if let Err(error) = report {
        fail(state, error);
    }
}

pub(super) fn stray_deleted(state: &mut State, reply: Result<R, Error>) {
    let stray = reply.and_then(|reply| match reply {
        R::OrphanDelete(stray) => stray,
        _ => Err(unexpected()),
    });
    state.mirror.drift.spoil();
    match stray {
        Err(error) => fail(state, error),
        Ok(stray) => {
            let words = format!("meeting {} is being deleted at Zoom", stray.meeting_id);
            state.work.say(words, true, state.now);
        }
    }
}
