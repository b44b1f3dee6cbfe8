//! Every cause an account can have for how it stands, at both providers, each reached as it is
//! reached in life, and what callers read then.

use std::collections::BTreeMap;

use futures::StreamExt as _;
use futures::future::BoxFuture;
use greenroom_protocol::account::{Account, AccountConnectCancel, AccountProvider, Purpose};
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::workspace::WorkspaceEdit;
use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::google::AppAccess;
use greenroom_tests::sandbox::google::FaultKind;
use greenroom_tests::sandbox::microsoft::{Block, Death, UserConsent};
use greenroom_tests::sandbox::{Canned, Decision, google, microsoft};
use greenroomd::grants::{ConnectionId, Reason};
use greenroomd::microsoft::OUTLOOK;
use serde_json::json;

use super::fixture::{Came, Fixture, Google, HERS, INTERVIEWS, Microsoft, OMAR, Of, browse};

/// Where, the state, the reason's code, and how it comes to that.
type Row = (
    AccountProvider,
    S,
    &'static str,
    BoxFuture<'static, Account>,
);

fn rows() -> Vec<Row> {
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
    let (lost, off) = (S::ReconnectRequired, S::Disconnected);
    rows.extend([
        // Google, which says `invalid_grant` and no more: age and scopes say the rest.
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
        // Microsoft, by its own doing, and by what only its numbers tell.
        row(Microsoft, lost, "unused", microsoft_unused()),
        row(
            Microsoft,
            lost,
            "password-changed",
            microsoft_death(Death::Revoked),
        ),
        row(
            Microsoft,
            lost,
            "mfa-required",
            microsoft_death(Death::SecondFactor),
        ),
        row(
            Microsoft,
            lost,
            "mfa-required",
            microsoft_death(Death::SetUpSecondFactor),
        ),
        row(
            Microsoft,
            lost,
            "conditional-access",
            microsoft_block(Block::ConditionalAccess),
        ),
        row(
            Microsoft,
            lost,
            "user-gone",
            microsoft_block(Block::Disabled),
        ),
        row(
            Microsoft,
            lost,
            "consent-missing",
            microsoft_consent_removed(),
        ),
        row(Microsoft, off, "admin-consent", microsoft_managed()),
        row(
            Microsoft,
            lost,
            "replaced-elsewhere",
            number("invalid_grant", 50_132),
        ),
        row(
            Microsoft,
            lost,
            "outside-organization",
            number("invalid_grant", 50_020),
        ),
        row(
            Microsoft,
            lost,
            "app-not-for-user",
            number("invalid_grant", 50_105),
        ),
        row(
            Microsoft,
            S::Retrying,
            "app-unknown",
            number("unauthorized_client", 700_016),
        ),
        row(
            Microsoft,
            S::Retrying,
            "tenant-unknown",
            number("invalid_request", 90_002),
        ),
        row(
            Microsoft,
            S::Retrying,
            "client-kind",
            number("invalid_client", 7_000_218),
        ),
        row(
            Microsoft,
            S::Retrying,
            "client-kind",
            number("invalid_client", 700_025),
        ),
        row(
            Microsoft,
            S::Retrying,
            "redirect-wrong",
            number("invalid_client", 50_011),
        ),
        row(
            Microsoft,
            S::Retrying,
            "app-disabled",
            number("unauthorized_client", 7_000_112),
        ),
        row(
            Microsoft,
            S::Retrying,
            "resource-missing",
            microsoft_without_exchange(),
        ),
    ]);
    rows
}

#[tokio::test]
async fn every_state_of_an_account_says_why_and_what_to_do() {
    let rows = futures::stream::iter(rows().into_iter().enumerate());
    let stories = rows.map(|(number, (provider, state, code, story))| async move {
        (number, provider, state, code, story.await)
    });
    let (mut reached, mut stories) = (Vec::new(), stories.buffer_unordered(4));
    while let Some((number, provider, state, code, account)) = stories.next().await {
        let story = format!("{number}: {provider:?} {state:?} {code}: {account:?}");
        assert_eq!(account.state, state, "{story}");
        assert_eq!(account.reason_code.as_deref(), Some(code), "{story}");
        assert!(account.reason.is_some_and(|why| !why.is_empty()), "{story}");
        assert_eq!(account.hint.is_none(), code == "revoked", "{story}");
        let keys = matches!(state, S::Connected | S::Retrying);
        assert_eq!(account.expires_at.is_some(), keys, "{story}");
        let granted = keys || state == S::ReconnectRequired;
        assert_eq!(account.user.is_some(), granted, "{story}");
        reached.push(code);
    }
    for reason in Reason::ALL {
        let code = reason.code(&greenroomd::google::WORDS);
        assert!(reached.contains(&code), "nothing comes to {code}");
    }
}

fn row(
    provider: AccountProvider,
    state: S,
    code: &'static str,
    story: impl Future<Output = Account> + Send + 'static,
) -> Row {
    (provider, state, code, Box::pin(story))
}

/// A refusal in OAuth's words; with a number of Microsoft's, where there is one.
fn said(error: &str, number: u32) -> FaultKind {
    let body = match number {
        0 => json!({ "error": error }),
        _ => json!({
            "error": error,
            "error_description": format!("AADSTS{number}: as it is. Trace ID: x"),
            "error_codes": [number],
        }),
    };
    json_answer(400, body)
}

fn json_answer(status: u16, body: serde_json::Value) -> FaultKind {
    FaultKind::Answer(Canned::Json {
        status,
        body,
        headers: BTreeMap::new(),
    })
}

fn limited() -> FaultKind {
    json_answer(429, json!({ "error": "slow_down" }))
}

fn gateway() -> FaultKind {
    FaultKind::Answer(Canned::Html { status: 502 })
}

fn deleted() -> FaultKind {
    let body = json!({ "error": "invalid_grant", "error_description": "Account has been deleted" });
    json_answer(400, body)
}

/// The next renewal, or the next exchange, goes like this.
fn fault(office: &Fixture, at: AccountProvider, renewal: bool, kind: FaultKind) {
    match at {
        Google => {
            let endpoint = match renewal {
                true => google::Endpoint::Refresh,
                false => google::Endpoint::Exchange,
            };
            office.google.fault(google::Fault::once(endpoint, kind));
        }
        Microsoft => {
            let endpoint = match renewal {
                true => microsoft::Endpoint::Refresh,
                false => microsoft::Endpoint::Exchange,
            };
            office
                .microsoft
                .fault(microsoft::Fault::once(endpoint, kind));
        }
    }
}

/// Dana's account, a day after it was connected, when it is renewed like this.
async fn renewed(at: AccountProvider, kind: FaultKind) -> Account {
    let office = Fixture::open().await;
    office.connect(at, HERS).await.connected();
    fault(&office, at, true, kind);
    office.days_pass(1).await;
    office.account(at, HERS).await
}

fn number(error: &'static str, number: u32) -> impl Future<Output = Account> {
    renewed(Microsoft, said(error, number))
}

async fn declined(at: AccountProvider) -> Account {
    let office = Fixture::open().await;
    let attempt = office.start(at, HERS, &[]).await.unwrap();
    let back = browse(&attempt, DANA, Decision::Decline).await.unwrap();
    refused(office.finish(&attempt, &back).await);
    office.account(at, HERS).await
}

fn refused(came: Came) -> greenroom_protocol::Error {
    match came {
        Came::Refused(refused) => refused,
        other => panic!("{other:?}"),
    }
}

async fn cancelled(at: AccountProvider) -> Account {
    let office = Fixture::open().await;
    let attempt = office.start(at, HERS, &[]).await.unwrap();
    let cancel = AccountConnectCancel {
        provider: at,
        attempt: attempt.attempt,
    };
    office.dana.account_connect_cancel(cancel).await.unwrap();
    office.account(at, HERS).await
}

async fn nothing_comes_back(at: AccountProvider) -> Account {
    let office = Fixture::open().await;
    office.daemon.tend().await.unwrap();
    office.start(at, HERS, &[]).await.unwrap();
    office.seconds_pass(11 * 60);
    office.daemon.tend().await.unwrap();
    office.account(at, HERS).await
}

async fn an_old_code(at: AccountProvider) -> Account {
    let office = Fixture::open().await;
    fault(&office, at, false, said("invalid_grant", 0));
    refused(office.connect(at, HERS).await);
    office.account(at, HERS).await
}

async fn another_user(at: AccountProvider) -> Account {
    let office = Fixture::open().await;
    refused(office.connect_as(at, HERS, &[], OMAR).await);
    office.account(at, HERS).await
}

async fn a_held_user(at: AccountProvider) -> Account {
    let office = Fixture::open().await;
    office.connect(at, Of::Workspace).await.connected();
    refused(office.connect_as(at, HERS, &[], INTERVIEWS).await);
    office.account(at, HERS).await
}

async fn the_answer_is_lost(at: AccountProvider) -> Account {
    let office = Fixture::open().await;
    fault(&office, at, false, FaultKind::LostAfter);
    refused(office.connect(at, HERS).await);
    office.account(at, HERS).await
}

async fn nobody_is_there(at: AccountProvider) -> Account {
    let office = Fixture::open().await;
    let attempt = office.start(at, HERS, &[]).await.unwrap();
    let back = browse(&attempt, DANA, Decision::Allow).await.unwrap();
    match at {
        Google => office.google.hang_up().await,
        Microsoft => office.microsoft.hang_up().await,
    }
    refused(office.finish(&attempt, &back).await);
    office.account(at, HERS).await
}

async fn disconnected(at: AccountProvider) -> Account {
    let office = Fixture::open().await;
    office.connect(at, HERS).await.connected();
    let done = greenroom_protocol::account::AccountDisconnect {
        provider: at,
        member: None,
        for_workspace: false,
        expected_revision: None,
        dry_run: false,
    };
    office.dana.account_disconnect(done).await.unwrap();
    office.account(at, HERS).await
}

async fn asked(at: AccountProvider) -> Account {
    let office = Fixture::open().await;
    super::waiting::ask(&office, at, HERS).await;
    office.account(at, HERS).await
}

async fn a_colleague_could(at: AccountProvider) -> Account {
    let office = Fixture::open().await;
    super::waiting::ask(&office, at, HERS).await;
    office.connect(at, Of::Workspace).await.connected();
    office.account(at, HERS).await
}

async fn the_vaults_key_is_gone(at: AccountProvider) -> Account {
    let office = Fixture::open().await;
    office.connect(at, HERS).await.connected();
    office.daemon.lose_secrets().await.unwrap();
    office.days_pass(1).await;
    office.account(at, HERS).await
}

async fn google_in_testing() -> Account {
    let users = [DANA, OMAR, INTERVIEWS];
    let config = google::Config::default().in_testing(&users);
    let office = Fixture::with(config, Default::default(), "maildir").await;
    office.connect(Google, HERS).await.connected();
    for _ in 0..8 {
        office.days_pass(1).await;
    }
    office.account(Google, HERS).await
}

async fn google_for_thirty_days() -> Account {
    let office = Fixture::open().await;
    let limit = |account: &mut google::Account| account.days = Some(30);
    office.google.edit_account(DANA, limit).unwrap();
    let hers = office.connect(Google, HERS).await.connected();
    // Said as soon as it is connected, a month before it ends.
    assert_eq!(hers.reason_code.as_deref(), Some("ends"), "{hers:?}");
    office.days_pass(31).await;
    office.account(Google, HERS).await
}

async fn google_unused() -> Account {
    let office = Fixture::open().await;
    office.connect(Google, HERS).await.connected();
    office.days_pass(200).await;
    office.account(Google, HERS).await
}

async fn google_password() -> Account {
    let office = Fixture::open().await;
    office.connect(Google, HERS).await.connected();
    office.google.change_password(DANA).unwrap();
    office.days_pass(1).await;
    office.account(Google, HERS).await
}

async fn google_removed() -> Account {
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
    office.account(Google, HERS).await
}

async fn google_session_control() -> Account {
    let office = Fixture::open().await;
    office.connect(Google, HERS).await.connected();
    office.google.ask_to_sign_in(DANA).unwrap();
    office.days_pass(1).await;
    office.account(Google, HERS).await
}

async fn google_unticked() -> Account {
    let office = Fixture::open().await;
    let only = ["openid", "https://www.googleapis.com/auth/userinfo.email"];
    let only = only.map(str::to_owned).to_vec();
    let untick = |account: &mut google::Account| account.only_scopes = Some(only);
    office.google.edit_account(DANA, untick).unwrap();
    office.connect(Google, HERS).await.connected()
}

/// A page of Google's from which nothing returns: the person says which.
async fn google_page(error: &'static str) -> Account {
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
    office.account(Google, HERS).await
}

async fn google_secret() -> Account {
    let office = Fixture::open().await;
    let edit = WorkspaceEdit {
        google_client_secret: Some(Opaque::new("another")),
        ..WorkspaceEdit::default()
    };
    office.dana.workspace_edit(edit).await.unwrap();
    refused(office.connect(Google, HERS).await);
    office.account(Google, HERS).await
}

/// Keys that Google renewed a moment ago and does not take, with clocks hours apart.
async fn google_clock() -> Account {
    let office = Fixture::open().await;
    office.connect(Google, HERS).await.connected();
    office.google.advance(jiff::SignedDuration::from_hours(5));
    let who = office.who(HERS);
    let grants = office.grants(Google);
    let seen = |_: &()| greenroomd::grants::KeysSeen::Refused(Reason::ProviderTrouble);
    let refused = grants.call(who, |_| async {}, seen).await;
    assert!(refused.is_err());
    office.account(Google, HERS).await
}

async fn microsoft_unused() -> Account {
    let office = Fixture::open().await;
    office.connect(Microsoft, HERS).await.connected();
    office.days_pass(91).await;
    office.account(Microsoft, HERS).await
}

async fn microsoft_death(how: Death) -> Account {
    let office = Fixture::open().await;
    office.connect(Microsoft, HERS).await.connected();
    office.microsoft.end_grants(DANA, how).unwrap();
    office.days_pass(1).await;
    office.account(Microsoft, HERS).await
}

async fn microsoft_block(block: Block) -> Account {
    let office = Fixture::open().await;
    office.connect(Microsoft, HERS).await.connected();
    office.microsoft.block(DANA, Some(block)).unwrap();
    office.days_pass(1).await;
    office.account(Microsoft, HERS).await
}

async fn microsoft_consent_removed() -> Account {
    let office = Fixture::open().await;
    office.connect(Microsoft, HERS).await.connected();
    office.microsoft.remove_consent(DANA).unwrap();
    office.days_pass(1).await;
    office.account(Microsoft, HERS).await
}

/// Users may not consent to mail, and go back from the page that says so.
async fn microsoft_managed() -> Account {
    let config = microsoft::Config::default().consenting(UserConsent::Managed);
    let office = Fixture::with(Default::default(), config, "maildir").await;
    let attempt = office.start(Microsoft, HERS, &[]).await.unwrap();
    let back = match browse(&attempt, DANA, Decision::Allow).await {
        Ok(back) => back,
        Err(page) => {
            assert!(page.contains("AADSTS90094"), "{page}");
            let words = "AADSTS90094%3A%20The%20grant%20requires%20admin%20permission.";
            let state = attempt.authorize_url.split("state=").nth(1).unwrap();
            let state = state.split('&').next().unwrap();
            let redirect = &attempt.redirect_uri;
            format!("{redirect}?state={state}&error=access_denied&error_description={words}")
        }
    };
    refused(office.finish(&attempt, &back).await);
    office.account(Microsoft, HERS).await
}

async fn microsoft_without_exchange() -> Account {
    let office = Fixture::open().await;
    office.connect(Microsoft, HERS).await.connected();
    fault(&office, Microsoft, true, said("invalid_resource", 500_011));
    let who: ConnectionId = office.who(HERS);
    office
        .grants(Microsoft)
        .ready(who.to(OUTLOOK))
        .await
        .unwrap_err();
    office.account(Microsoft, HERS).await
}
