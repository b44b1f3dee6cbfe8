//! The command that tests a Zoom connection.

use greenroom_protocol::service::GreenroomRequest as Q;

use super::super::update::call;
use crate::panes::Layer;
use crate::panes::connect::steps as connecting;
use crate::panes::zoom_test::ZoomTestReport;
use crate::state::State;
use crate::state::event::Action;
use crate::state::queries as needs;
use crate::state::work::Purpose;

/// Starts the test and shows it. The daemon does not start a second one beside one that is under
/// way.
pub(super) fn start(state: &mut State) -> Vec<Action> {
    let Some(member) = connecting::subject_of_test(state) else {
        return Vec::new();
    };
    // One report at a time, and a new one is read from its top.
    state
        .layers
        .retain(|layer| !matches!(layer, Layer::ZoomTest(_)));
    let report = ZoomTestReport::new(member);
    state.layers.push(Layer::ZoomTest(report));
    let ticket = state.work.begin(Purpose::TestZoom(member), state.now);
    let query = needs::test_of(member);
    vec![call(ticket, Q::ZoomTest { query })]
}
