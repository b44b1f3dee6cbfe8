//! What only Google can say: `invalid_grant` and no more, of which age and scopes say the rest, and
//! pages from which nothing returns.

use greenroom_protocol::account::Purpose;
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::workspace::WorkspaceEdit;
use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::google::AppAccess;
use greenroom_tests::sandbox::{Decision, google};
use greenroomd::grants::{KeysSeen, Reason};

use super::super::fixture::{Fixture, Google, HERS, INTERVIEWS, OMAR, browse};
use super::both::deleted;
use super::{Row, refused, renewed, row, said};

pub(super) fn rows() -> Vec<Row> {
    let (lost, off) = (S::ReconnectRequired, S::Disconnected);
    vec![
        row(Google, lost, "testing-app", google_in_testing()),
        row(Google, lost, "time-limited", google_for_thirty_days()),
        row(Google, lost, "unused", google_unused()),
        row(Google, lost, "password-or-removed", google_password()),
        row(Google, lost, "replaced-elsewhere", google_removed()),
        row(Google, lost, "conditional-access", google_session_control()),
        row(Google, lost, "user-gone", renewed(Google, deleted())),
        row(Google, S::Connected, "scope-missing", google_unticked()),
        row(
            Google,
            off,
            "admin-policy",
            google_page("admin_policy_enforced"),
        ),
        row(
            Google,
            off,
            "outside-organization",
            google_page("org_internal"),
        ),
        row(
            Google,
            off,
            "app-not-for-user",
            google_page("app_not_configured_for_user"),
        ),
        row(
            Google,
            off,
            "redirect-wrong",
            google_page("redirect_uri_mismatch"),
        ),
        row(Google, off, "app-unknown", google_page("invalid_client")),
        row(Google, off, "secret-wrong", google_secret()),
        row(
            Google,
            S::Retrying,
            "app-disabled",
            renewed(Google, said("disabled_client", 0)),
        ),
        row(Google, S::Retrying, "clock-wrong", google_clock()),
    ]
}

async fn google_in_testing() -> Fixture {
    let users = [DANA, OMAR, INTERVIEWS];
    let config = google::Config::default().in_testing(&users);
    let office = Fixture::with(config, Default::default(), "maildir").await;
    office.connect(Google, HERS).await.connected();
    for _ in 0..8 {
        office.days_pass(1).await;
    }
    office
}

async fn google_for_thirty_days() -> Fixture {
    let office = Fixture::open().await;
    let limit = |account: &mut google::Account| account.days = Some(30);
    office.google.edit_account(DANA, limit).unwrap();
    let hers = office.connect(Google, HERS).await.connected();
    // Said as soon as it is connected, a month before it ends.
    assert_eq!(hers.reason_code.as_deref(), Some("ends"), "{hers:?}");
    office.days_pass(31).await;
    office
}

async fn google_unused() -> Fixture {
    let office = Fixture::open().await;
    office.connect(Google, HERS).await.connected();
    office.days_pass(200).await;
    office
}

async fn google_password() -> Fixture {
    let office = Fixture::open().await;
    office.connect(Google, HERS).await.connected();
    office.google.change_password(DANA).unwrap();
    office.days_pass(1).await;
    office
}

async fn google_removed() -> Fixture {
    let office = Fixture::open().await;
    office
        .connect_for(Google, HERS, &[Purpose::FreeBusy])
        .await
        .connected();
    // Without a scope of Gmail another password ends nothing.
    office.google.change_password(DANA).unwrap();
    office.days_pass(1).await;
    assert_eq!(office.account(Google, HERS).await.state, S::Connected);
    office.google.end_grants(DANA).unwrap();
    office.days_pass(1).await;
    office
}

async fn google_session_control() -> Fixture {
    let office = Fixture::open().await;
    office.connect(Google, HERS).await.connected();
    office.google.ask_to_sign_in(DANA).unwrap();
    office.days_pass(1).await;
    office
}

async fn google_unticked() -> Fixture {
    let office = Fixture::open().await;
    let only = ["openid", "https://www.googleapis.com/auth/userinfo.email"];
    let only = only.map(str::to_owned).to_vec();
    let untick = |account: &mut google::Account| account.only_scopes = Some(only);
    office.google.edit_account(DANA, untick).unwrap();
    office.connect(Google, HERS).await.connected();
    office
}

/// A page of Google's from which nothing returns: the person says which.
async fn google_page(error: &'static str) -> Fixture {
    let office = Fixture::open().await;
    let google = &office.google;
    match error {
        "admin_policy_enforced" => google
            .set_access("acme.example", AppAccess::Limited)
            .unwrap(),
        "app_not_configured_for_user" => google
            .edit_account(DANA, |account| account.not_configured = true)
            .unwrap(),
        _ => {}
    }
    let attempt = office.start(Google, HERS, &[]).await.unwrap();
    if matches!(
        error,
        "admin_policy_enforced" | "app_not_configured_for_user"
    ) {
        let page = browse(&attempt, DANA, Decision::Allow).await.unwrap_err();
        assert!(page.contains(error), "{page}");
    }
    office.tell(&attempt, error).await;
    office
}

async fn google_secret() -> Fixture {
    let office = Fixture::open().await;
    let edit = WorkspaceEdit {
        google_client_secret: Some(Opaque::new("another")),
        ..WorkspaceEdit::default()
    };
    office.dana.workspace_edit(edit).await.unwrap();
    refused(office.connect(Google, HERS).await);
    office
}

/// Keys that Google renewed a moment ago and does not take, with clocks hours apart.
async fn google_clock() -> Fixture {
    let office = Fixture::open().await;
    office.connect(Google, HERS).await.connected();
    office.google.advance(jiff::SignedDuration::from_hours(5));
    let who = office.who(HERS);
    let grants = office.grants(Google);
    let seen = |_: &()| KeysSeen::Refused(Reason::ProviderTrouble);
    let refused = grants.call(who, |_| async {}, seen).await;
    assert!(refused.is_err());
    office
}
