//! Every state of a connection with every reason it can have, each reached as it is reached in
//! life: what happens in the browser, at Zoom, on the way there or on this machine, and what `zoom
//! status` says then.

use futures::StreamExt as _;
use futures::future::BoxFuture;
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::workspace::{Reference, WorkspaceEdit};
use greenroom_protocol::zoom::{ApprovalAsk, ConnectCancel, Connection, ConnectionState as S};
use greenroom_tests::harness::{DANA, add_candidate, add_job, zoom_interview};
use greenroom_tests::sandbox::{
    Answer, CLIENT_ID, CLIENT_SECRET, Config, Decision, Endpoint, Fault, FaultKind, Often, User,
};
use greenroomd::zoom::{Reason, WORDS};
use jiff::SignedDuration;
use serde_json::json;

use crate::connections::fixture::{Fixture, OMAR};

const DAY: i64 = 24 * 3600;

/// What other providers tell apart.
const NOT_AT_ZOOM: [Reason; 17] = [
    Reason::TestingApp,
    Reason::TimeLimited,
    Reason::Unused,
    Reason::PasswordChanged,
    Reason::PasswordOrRemoved,
    Reason::MfaRequired,
    Reason::ConditionalAccess,
    Reason::ConsentMissing,
    Reason::AdminConsent,
    Reason::AdminPolicy,
    Reason::OutsideOrganization,
    Reason::AppNotForUser,
    Reason::AppUnknown,
    Reason::TenantUnknown,
    Reason::RedirectWrong,
    Reason::ClientKind,
    Reason::ResourceMissing,
];

/// A state, the reason's code (none: nothing is wrong), and how it comes to that.
type Row = (S, Option<&'static str>, BoxFuture<'static, Connection>);

fn rows() -> Vec<Row> {
    let because = |state, code, story| (state, Some(code), story);
    let exchange = |kind| the_code_is_answered_with(kind);
    let refresh = |kind| a_day_later_zoom_answers(kind);
    vec![
        (S::Disconnected, None, boxed(nobody_connected())),
        because(S::Disconnected, "declined", boxed(the_person_declines())),
        because(
            S::Disconnected,
            "cancelled",
            boxed(the_attempt_is_cancelled()),
        ),
        because(S::Disconnected, "expired", boxed(nothing_comes_back())),
        because(S::Disconnected, "code-refused", boxed(the_code_is_old())),
        because(
            S::Disconnected,
            "wrong-zoom-user",
            boxed(somebody_else_is_signed_in()),
        ),
        because(
            S::Disconnected,
            "held-elsewhere",
            boxed(a_colleagues_login_is_used()),
        ),
        because(S::Disconnected, "revoked", boxed(it_is_disconnected())),
        because(
            S::Disconnected,
            "answer-lost",
            boxed(exchange(FaultKind::LostAfter)),
        ),
        because(
            S::Disconnected,
            "secret-wrong",
            boxed(the_apps_secret_is_wrong()),
        ),
        because(
            S::Disconnected,
            "app-disabled",
            boxed(exchange(said(400, 4717))),
        ),
        because(
            S::Disconnected,
            "scope-missing",
            boxed(the_user_may_not_be_read()),
        ),
        because(
            S::Disconnected,
            "unreachable",
            boxed(zoom_is_gone_before_the_exchange()),
        ),
        because(
            S::Disconnected,
            "limited",
            boxed(exchange(FaultKind::Answer(Answer::DailyLimit))),
        ),
        because(
            S::Disconnected,
            "zoom-trouble",
            boxed(exchange(FaultKind::Answer(Answer::Html { status: 403 }))),
        ),
        because(
            S::Disconnected,
            "clock-wrong",
            boxed(the_code_is_old_by_zooms_clock_alone()),
        ),
        because(
            S::Disconnected,
            "approved",
            boxed(a_colleague_connects_with_the_app()),
        ),
        (S::Authorizing, None, boxed(the_browser_is_open())),
        because(
            S::PreApprovalRequested,
            "approval-awaited",
            boxed(an_admin_is_asked()),
        ),
        (S::Connected, None, boxed(all_is_well())),
        because(
            S::Connected,
            "scope-missing",
            boxed(meetings_may_not_be_made()),
        ),
        because(
            S::Retrying,
            "unreachable",
            boxed(refresh(FaultKind::LostBefore)),
        ),
        because(
            S::Retrying,
            "limited",
            boxed(refresh(FaultKind::Answer(Answer::DailyLimit))),
        ),
        because(
            S::Retrying,
            "zoom-trouble",
            boxed(refresh(FaultKind::Answer(Answer::Html { status: 403 }))),
        ),
        because(S::Retrying, "app-disabled", boxed(refresh(said(400, 4717)))),
        because(
            S::ReconnectRequired,
            "user-gone",
            boxed(refresh(said(400, 4735))),
        ),
        because(
            S::ReconnectRequired,
            "replaced-elsewhere",
            boxed(refresh(said(401, 4741))),
        ),
        because(
            S::Retrying,
            "secret-wrong",
            boxed(the_apps_secret_is_changed_to_a_wrong_one()),
        ),
        because(S::Retrying, "vault-key", boxed(the_keys_do_not_open())),
        because(
            S::Retrying,
            "clock-wrong",
            boxed(a_fresh_token_is_too_old_for_zoom()),
        ),
        because(
            S::ReconnectRequired,
            "replaced-elsewhere",
            boxed(the_app_is_removed_at_zoom()),
        ),
        because(
            S::ReconnectRequired,
            "answer-lost",
            boxed(the_rotated_keys_never_arrive()),
        ),
        because(
            S::ReconnectRequired,
            "app-disabled",
            boxed(refresh(dead(4738))),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_reason_is_reached_and_says_what_to_do() {
    let mut reached = Vec::new();
    let mut rows = futures::stream::iter(rows())
        .map(|(state, code, story)| async move { (state, code, story.await) })
        .buffered(4);
    while let Some((state, code, connection)) = rows.next().await {
        let story = format!("{state:?} {code:?}: {connection:?}");
        assert_eq!(connection.state, state, "{story}");
        assert_eq!(connection.reason_code.as_deref(), code, "{story}");
        assert_eq!(connection.reason.is_some(), code.is_some(), "{story}");
        let needs_nothing = matches!(code, None | Some("revoked"));
        assert_eq!(connection.hint.is_none(), needs_nothing, "{story}");
        let keys = matches!(state, S::Connected | S::Retrying);
        assert_eq!(connection.expires_at.is_some(), keys, "{story}");
        let granted = keys || state == S::ReconnectRequired;
        assert_eq!(connection.zoom_user.is_some(), granted, "{story}");
        assert_eq!(connection.client_id.is_some(), granted, "{story}");
        assert_eq!(connection.last_refresh.is_some(), granted, "{story}");
        reached.push((state, code));
    }
    for reason in Reason::ALL
        .into_iter()
        .filter(|it| !NOT_AT_ZOOM.contains(it))
    {
        let code = Some(reason.code(&WORDS));
        assert!(reached.iter().any(|(_, it)| *it == code), "{reason:?}");
    }
}

fn boxed(
    story: impl Future<Output = Connection> + Send + 'static,
) -> BoxFuture<'static, Connection> {
    Box::pin(story)
}

/// Zoom's numbered refusal.
fn said(status: u16, code: u32) -> FaultKind {
    let body = json!({ "status": false, "errorCode": code, "errorMessage": "refused" });
    FaultKind::Answer(Answer::Json { status, body })
}

/// A dead grant, with Zoom's number for why.
fn dead(code: u32) -> FaultKind {
    let body = json!({ "error": "invalid_grant", "reason": "Invalid Token!", "errorCode": code });
    FaultKind::Answer(Answer::Json { status: 400, body })
}

async fn office() -> Fixture {
    Fixture::open(Config::default()).await
}

async fn connected() -> Fixture {
    let office = office().await;
    office.connect(DANA).await.connected();
    office
}

async fn nobody_connected() -> Connection {
    office().await.status(DANA).await
}

async fn the_browser_is_open() -> Connection {
    let office = office().await;
    office.start(DANA).await;
    office.status(DANA).await
}

async fn the_person_declines() -> Connection {
    let office = office().await;
    let attempt = office.start(DANA).await;
    let back = office.browse(&attempt, DANA, Decision::Decline).await;
    office.finish(&attempt, &back.unwrap()).await.refused();
    office.status(DANA).await
}

async fn the_attempt_is_cancelled() -> Connection {
    let office = office().await;
    let attempt = office.start(DANA).await.attempt;
    office
        .dana
        .zoom_connect_cancel(ConnectCancel { attempt })
        .await
        .unwrap();
    office.status(DANA).await
}

async fn nothing_comes_back() -> Connection {
    let office = office().await;
    office.start(DANA).await;
    office.daemon.seconds_pass(11 * 60);
    office.daemon.tend().await.unwrap();
    office.status(DANA).await
}

async fn the_code_is_old() -> Connection {
    let office = office().await;
    let attempt = office.start(DANA).await;
    let back = office.browse(&attempt, DANA, Decision::Allow).await;
    office.daemon.seconds_pass(6 * 60);
    office.finish(&attempt, &back.unwrap()).await.refused();
    office.status(DANA).await
}

async fn the_code_is_old_by_zooms_clock_alone() -> Connection {
    let office = office().await;
    let attempt = office.start(DANA).await;
    let back = office.browse(&attempt, DANA, Decision::Allow).await;
    office.daemon.zoom.advance(SignedDuration::from_mins(10));
    office.finish(&attempt, &back.unwrap()).await.refused();
    office.status(DANA).await
}

async fn somebody_else_is_signed_in() -> Connection {
    let office = office().await;
    office.connect_as(DANA, Some(OMAR)).await.refused();
    office.status(DANA).await
}

async fn a_colleagues_login_is_used() -> Connection {
    let office = connected().await;
    office.connect_as(OMAR, Some(DANA)).await.refused();
    office.status(OMAR).await
}

async fn it_is_disconnected() -> Connection {
    let office = connected().await;
    office
        .dana
        .zoom_disconnect(Reference::to(DANA))
        .await
        .unwrap();
    office.status(DANA).await
}

async fn the_code_is_answered_with(kind: FaultKind) -> Connection {
    let office = office().await;
    office
        .daemon
        .zoom
        .fault(Fault::once(Endpoint::Exchange, kind));
    office.connect(DANA).await.refused();
    office.status(DANA).await
}

async fn the_apps_secret_is_wrong() -> Connection {
    let office = office().await;
    office.app(CLIENT_ID, "not-the-secret").await;
    office.connect(DANA).await.refused();
    office.status(DANA).await
}

async fn the_user_may_not_be_read() -> Connection {
    let dana = User::new(DANA).granting_only(&["meeting:write:meeting"]);
    let office = Fixture::open(Config::default().with_user(dana)).await;
    office.connect(DANA).await.refused();
    office.status(DANA).await
}

async fn zoom_is_gone_before_the_exchange() -> Connection {
    let office = office().await;
    let attempt = office.start(DANA).await;
    let back = office.browse(&attempt, DANA, Decision::Allow).await;
    office.daemon.zoom.hang_up().await;
    office.finish(&attempt, &back.unwrap()).await.refused();
    office.status(DANA).await
}

async fn an_admin_is_asked() -> Connection {
    let office = Fixture::in_need_of_approval().await;
    let ask = ApprovalAsk::default();
    office.dana.zoom_request_approval(ask).await.unwrap();
    office.status(DANA).await
}

async fn a_colleague_connects_with_the_app() -> Connection {
    let office = Fixture::in_need_of_approval().await;
    let ask = ApprovalAsk::default();
    office.dana.zoom_request_approval(ask).await.unwrap();
    office.daemon.zoom.approve("acme", true).unwrap();
    office.connect(OMAR).await.connected();
    office.status(DANA).await
}

async fn all_is_well() -> Connection {
    connected().await.status(DANA).await
}

async fn meetings_may_not_be_made() -> Connection {
    let dana = User::new(DANA).granting_only(&["user:read:user", "meeting:read:meeting"]);
    let office = Fixture::open(Config::default().with_user(dana)).await;
    office.connect(DANA).await.connected();
    office.status(DANA).await
}

async fn a_day_later_zoom_answers(kind: FaultKind) -> Connection {
    let office = connected().await;
    office
        .daemon
        .zoom
        .fault(Fault::once(Endpoint::Refresh, kind));
    office.daemon.seconds_pass(DAY);
    office.daemon.tend().await.unwrap();
    office.status(DANA).await
}

async fn the_apps_secret_is_changed_to_a_wrong_one() -> Connection {
    let office = office().await;
    office.app(CLIENT_ID, CLIENT_SECRET).await;
    office.connect(DANA).await.connected();
    office.app(CLIENT_ID, "not-the-secret").await;
    office.daemon.seconds_pass(DAY);
    office.daemon.tend().await.unwrap();
    office.status(DANA).await
}

async fn the_keys_do_not_open() -> Connection {
    let office = connected().await;
    office.daemon.lose_secrets().await.unwrap();
    office.daemon.seconds_pass(DAY);
    office.daemon.tend().await.unwrap();
    office.status(DANA).await
}

/// Zoom's clock is an hour ahead: it refuses tokens that have hardly begun, whatever is renewed.
async fn a_fresh_token_is_too_old_for_zoom() -> Connection {
    let office = connected().await;
    office.daemon.zoom.advance(SignedDuration::from_hours(1));
    let body = json!({ "code": 124, "message": "Access token is expired." });
    let expired = FaultKind::Answer(Answer::Json { status: 401, body });
    let fault = Fault::once(Endpoint::CreateMeeting, expired);
    office.daemon.zoom.fault(fault.often(Often::Always));
    add_job(&office.dana, "Engineer").await.unwrap();
    add_candidate(&office.dana, "Ana Ruiz", "ana@mail.example", "Engineer")
        .await
        .unwrap();
    let mut interview = zoom_interview("ana@mail.example", 0);
    interview.start = office.daemon.now().plus_minutes(48 * 60).to_string();
    office.dana.interview_new(interview).await.unwrap();
    office.when(DANA, |it| it.state == S::Retrying).await
}

async fn the_app_is_removed_at_zoom() -> Connection {
    let office = connected().await;
    office.daemon.zoom.end_grants(DANA).unwrap();
    office.daemon.seconds_pass(DAY);
    office.daemon.tend().await.unwrap();
    office.status(DANA).await
}

async fn the_rotated_keys_never_arrive() -> Connection {
    let office = connected().await;
    office
        .daemon
        .zoom
        .fault(Fault::once(Endpoint::Refresh, FaultKind::LostAfter));
    office.daemon.seconds_pass(DAY);
    office.daemon.tend().await.unwrap();
    assert_eq!(office.status(DANA).await.state, S::Retrying);
    office.daemon.seconds_pass(60);
    office.daemon.tend().await.unwrap();
    office.status(DANA).await
}

impl Fixture {
    /// The workspace's own app.
    async fn app(&self, client_id: &str, secret: &str) {
        let edit = WorkspaceEdit {
            zoom_client_id: Some(client_id.to_owned()),
            zoom_client_secret: Some(greenroom_protocol::secret::Opaque::new(secret)),
            ..WorkspaceEdit::default()
        };
        self.dana.workspace_edit(edit).await.unwrap();
    }
}

#[tokio::test]
async fn doctor_says_how_far_the_clock_is_from_zooms() {
    let office = connected().await;
    let clock = async || {
        let checks = office.dana.doctor().await.unwrap();
        let clock = checks.into_iter().find(|check| check.name == "clock");
        let clock = clock.unwrap();
        (clock.result, clock.message)
    };
    assert_eq!(clock().await.0, CheckResult::Ok);
    office.daemon.zoom.advance(SignedDuration::from_mins(10));
    office.connect(DANA).await.connected();
    let (result, message) = clock().await;
    assert_eq!(result, CheckResult::Wrong);
    assert!(message.contains("10 minutes behind Zoom's"), "{message}");
}
