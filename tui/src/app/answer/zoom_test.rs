//! The answer to a test of a Zoom connection.

use greenroom_protocol::Error;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::service::GreenroomResponse as R;

use super::{fail, unexpected};
use crate::panes::Layer;
use crate::state::State;

/// A test began, and its layer shows how far it is; one that did not begin has nothing to show
/// there.
pub(super) fn started(state: &mut State, member: MemberId, reply: Result<R, Error>) {
    let test = reply.and_then(|reply| match reply {
        R::ZoomTest(test) => test,
        _ => Err(unexpected()),
    });
    match test {
        Ok(test) => state.mirror.zoom_test.learn(member, test),
        Err(error) => {
            let is_its =
                |layer: &Layer| matches!(layer, Layer::ZoomTest(it) if it.member == member);
            state.layers.retain(|layer| !is_its(layer));
            fail(state, error);
        }
    }
}
