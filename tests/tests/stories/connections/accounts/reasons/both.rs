//! What both providers do alike.

use greenroom_protocol::account::{AccountConnectCancel, AccountDisconnect, AccountProvider};
use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::google::FaultKind;
use greenroom_tests::sandbox::{Canned, Decision};
use serde_json::json;

use super::super::fixture::{Fixture, Google, HERS, INTERVIEWS, Microsoft, OMAR, Of, browse};
use super::super::waiting;
use super::{Row, fault, json_answer, refused, renewed, row, said};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for at in [Google, Microsoft] {
        rows.extend([
            row(at, S::Disconnected, "declined", declined(at)),
            row(at, S::Disconnected, "cancelled", cancelled(at)),
            row(at, S::Disconnected, "expired", nothing_comes_back(at)),
            row(at, S::Disconnected, "code-refused", an_old_code(at)),
            row(at, S::Disconnected, "wrong-user", another_user(at)),
            row(at, S::Disconnected, "held-elsewhere", a_held_user(at)),
            row(at, S::Disconnected, "answer-lost", the_answer_is_lost(at)),
            row(at, S::Disconnected, "unreachable", nobody_is_there(at)),
            row(at, S::Disconnected, "revoked", disconnected(at)),
            row(at, S::Retrying, "limited", renewed(at, limited())),
            row(at, S::Retrying, "provider-trouble", renewed(at, gateway())),
            row(
                at,
                S::Retrying,
                "unreachable",
                renewed(at, FaultKind::LostBefore),
            ),
            row(
                at,
                S::Retrying,
                "secret-wrong",
                renewed(at, said("invalid_client", 0)),
            ),
            row(at, S::PreApprovalRequested, "approval-awaited", asked(at)),
            row(at, S::Disconnected, "approved", a_colleague_could(at)),
            row(at, S::Retrying, "vault-key", the_vaults_key_is_gone(at)),
        ]);
    }
    rows
}

fn limited() -> FaultKind {
    json_answer(429, json!({ "error": "slow_down" }))
}

fn gateway() -> FaultKind {
    FaultKind::Answer(Canned::Html { status: 502 })
}

pub(super) fn deleted() -> FaultKind {
    let body = json!({ "error": "invalid_grant", "error_description": "Account has been deleted" });
    json_answer(400, body)
}

async fn declined(at: AccountProvider) -> Fixture {
    let office = Fixture::open().await;
    let attempt = office.start(at, HERS, &[]).await.unwrap();
    let back = browse(&attempt, DANA, Decision::Decline).await.unwrap();
    refused(office.finish(&attempt, &back).await);
    office
}

async fn cancelled(at: AccountProvider) -> Fixture {
    let office = Fixture::open().await;
    let attempt = office.start(at, HERS, &[]).await.unwrap();
    let cancel = AccountConnectCancel {
        provider: at,
        attempt: attempt.attempt,
    };
    office.dana.account_connect_cancel(cancel).await.unwrap();
    office
}

async fn nothing_comes_back(at: AccountProvider) -> Fixture {
    let office = Fixture::open().await;
    office.daemon.tend().await.unwrap();
    office.start(at, HERS, &[]).await.unwrap();
    office.seconds_pass(11 * 60);
    office.daemon.tend().await.unwrap();
    office
}

async fn an_old_code(at: AccountProvider) -> Fixture {
    let office = Fixture::open().await;
    fault(&office, at, false, said("invalid_grant", 0));
    refused(office.connect(at, HERS).await);
    office
}

async fn another_user(at: AccountProvider) -> Fixture {
    let office = Fixture::open().await;
    refused(office.connect_as(at, HERS, &[], OMAR).await);
    office
}

async fn a_held_user(at: AccountProvider) -> Fixture {
    let office = Fixture::open().await;
    office.connect(at, Of::Workspace).await.connected();
    refused(office.connect_as(at, HERS, &[], INTERVIEWS).await);
    office
}

async fn the_answer_is_lost(at: AccountProvider) -> Fixture {
    let office = Fixture::open().await;
    fault(&office, at, false, FaultKind::LostAfter);
    refused(office.connect(at, HERS).await);
    office
}

async fn nobody_is_there(at: AccountProvider) -> Fixture {
    let office = Fixture::open().await;
    let attempt = office.start(at, HERS, &[]).await.unwrap();
    let back = browse(&attempt, DANA, Decision::Allow).await.unwrap();
    match at {
        Google => office.google.hang_up().await,
        Microsoft => office.microsoft.hang_up().await,
    }
    refused(office.finish(&attempt, &back).await);
    office
}

async fn disconnected(at: AccountProvider) -> Fixture {
    let office = Fixture::open().await;
    office.connect(at, HERS).await.connected();
    let done = AccountDisconnect {
        provider: at,
        member: None,
        for_workspace: false,
        expected_revision: None,
        dry_run: false,
    };
    office.dana.account_disconnect(done).await.unwrap();
    office
}

async fn asked(at: AccountProvider) -> Fixture {
    let office = Fixture::open().await;
    waiting::ask(&office, at, HERS).await;
    office
}

async fn a_colleague_could(at: AccountProvider) -> Fixture {
    let office = Fixture::open().await;
    waiting::ask(&office, at, HERS).await;
    office.connect(at, Of::Workspace).await.connected();
    office
}

async fn the_vaults_key_is_gone(at: AccountProvider) -> Fixture {
    let office = Fixture::open().await;
    office.connect(at, HERS).await.connected();
    office.daemon.lose_secrets().await.unwrap();
    office.days_pass(1).await;
    office
}
