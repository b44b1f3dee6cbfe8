//! Answers on the way to a connected Zoom.

use greenroom_protocol::Error;
use greenroom_protocol::service::GreenroomResponse as R;

use super::unexpected;
use crate::panes::connect::steps as connecting;
use crate::state::State;
use crate::state::event::{Action, Done};
use crate::state::work::Purpose;

pub(super) fn step(
    state: &mut State,
    purpose: &Purpose,
    result: Result<Done, Error>,
) -> Vec<Action> {
    let done = match (purpose, result) {
        // A wait that ended because the layer was left.
        (Purpose::Await, Err(_)) => return Vec::new(),
        // A page of its own, as Zoom would show it: the person says which.
        (Purpose::Sandbox, Err(error)) => {
            connecting::page_shown(state, error.message);
            return Vec::new();
        }
        (_, Err(error)) => return connecting::failed(state, error),
        (_, Ok(done)) => done,
    };
    match done {
        Done::Listening(redirect_uri) => connecting::listening(state, redirect_uri),
        Done::CameBack(redirect) => connecting::came_back(state, redirect),
        Done::Reply(reply) => match *reply {
            R::ZoomConnectStart(Ok(attempt)) => connecting::started(state, attempt),
            R::ZoomConnectFinish(Ok(connection)) => {
                connecting::finished(state, &connection);
                Vec::new()
            }
            R::ZoomConnectStart(Err(error)) | R::ZoomConnectFinish(Err(error)) => {
                connecting::failed(state, error)
            }
            _ => connecting::failed(state, unexpected()),
        },
        Done::Rows { .. } | Done::Written(_) | Done::Sent => Vec::new(),
    }
}
