//! Tests of a Zoom connection.

use greenroom_protocol::status::CheckResult;
use greenroom_protocol::zoom_test::{MissingPermission, ZoomTest, ZoomTestResult, ZoomTestStep};

use super::brief;

pub(crate) fn never_tested() -> ZoomTest {
    ZoomTest {
        member: brief(0),
        running: false,
        started_at: None,
        finished_at: None,
        result: None,
        steps: Vec::new(),
        changes: Vec::new(),
        missing: Vec::new(),
        left_over: None,
        sandbox: Some("http://127.0.0.1:8787".into()),
    }
}

/// Every step of a test that found nothing wrong, in its order.
pub(crate) fn good_steps() -> Vec<ZoomTestResult> {
    use ZoomTestStep as S;
    let steps = [
        (S::Connection, "Zoom accepts our keys"),
        (S::Permissions, "every permission was granted"),
        (S::Create, "a meeting was made"),
        (S::Read, "the meeting is as asked for"),
        (S::List, "the meeting is found again by its mark"),
        (S::Update, "the meeting can be moved"),
        (S::Delete, "the meeting was deleted"),
    ];
    let steps = steps.into_iter().map(|(step, message)| ZoomTestResult {
        step,
        result: CheckResult::Ok,
        message: message.into(),
        hint: None,
    });
    steps.collect()
}

/// A test in which Zoom changed settings, and two permissions are missing.
pub(crate) fn warned(test: &mut ZoomTest) {
    let mut steps = good_steps();
    let scopes = "meeting:read:list_meetings, meeting:read:summary";
    warn(
        &mut steps[1],
        &format!("optional permissions are missing: {scopes}"),
        "add what is missing to the Zoom app, then connect again",
    );
    warn(
        &mut steps[3],
        "Zoom changed 2 of the settings that were asked for",
        "interviews get these settings too; a Zoom admin can unlock them in the account's settings",
    );
    test.steps = steps;
    test.changes = vec![
        "the waiting room is on".into(),
        "people cannot join before the host".into(),
    ];
    let missing = |scope: &str, title: &str, reason: &str| MissingPermission {
        scope: scope.into(),
        title: title.into(),
        reason: reason.into(),
        optional: true,
    };
    test.missing = vec![
        missing(
            "meeting:read:list_meetings",
            "View a user's meetings",
            "to find meetings after a lost reply, and leftovers",
        ),
        missing(
            "meeting:read:summary",
            "View a meeting's summary",
            "to show Zoom's summary after the interview",
        ),
    ];
}

fn warn(step: &mut ZoomTestResult, message: &str, hint: &str) {
    step.result = CheckResult::Warning;
    step.message = message.into();
    step.hint = Some(hint.into());
}
