//! How the daemon of values tests a Zoom connection: step by step, when the play says so.

use greenroom_protocol::status::CheckResult;
use greenroom_protocol::zoom_test::{ZoomTest, ZoomTestQuery, ZoomTestResult};

use super::{Daemon, records};

impl Daemon {
    /// A test that is under way is not begun again.
    pub(crate) fn begin_test(&mut self, query: &ZoomTestQuery) -> ZoomTest {
        if !self.test.running {
            let mut zooms = self.zoom.iter().map(|zoom| zoom.member.clone());
            let member = zooms.find(|it| Some(it.id.to_string()) == query.member);
            self.test = ZoomTest {
                member: member.expect("a member"),
                running: true,
                started_at: Some(records::at(records::NOW)),
                ..records::never_tested()
            };
        }
        self.test.clone()
    }

    /// The test came this far.
    pub(crate) fn tried(&mut self, steps: Vec<ZoomTestResult>) {
        self.test.steps = steps;
    }

    /// The test is over.
    pub(crate) fn tested(&mut self, result: CheckResult) {
        self.test.running = false;
        self.test.finished_at = Some(records::at(records::NOW));
        self.test.result = Some(result);
    }
}
