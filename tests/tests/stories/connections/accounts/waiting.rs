//! Waiting for an administrator at Google or Microsoft, and the emails about that and about accounts
//! that break.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::account::{AccountApprovalAsk, AccountApprovalRequest, AccountProvider};
use greenroom_protocol::mail::{Mail, MailKind, MailQuery};
use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::microsoft;

use super::fixture::{Fixture, Google, HERS, Microsoft, OMAR, Of, reference};

const ADMIN: &str = "aoife.byrne@acme.example";

pub(super) async fn ask(
    office: &Fixture,
    provider: AccountProvider,
    of: Of,
) -> AccountApprovalRequest {
    let (member, for_workspace) = reference(of);
    let ask = AccountApprovalAsk {
        provider,
        member,
        for_workspace,
        admin: Some(ADMIN.into()),
        dry_run: false,
    };
    office.dana.account_request_approval(ask).await.unwrap()
}

/// Emails of this kind, once there are as many.
async fn emails(office: &Fixture, kind: MailKind, count: usize) -> Vec<Mail> {
    // They leave once they can no longer be undone.
    office.seconds_pass(15);
    office.daemon.rests().await.unwrap();
    let query = MailQuery {
        past: true,
        ..MailQuery::default()
    };
    let mails = office.dana.mail_list(query).await.unwrap().items;
    let mails: Vec<_> = mails.into_iter().filter(|mail| mail.kind == kind).collect();
    assert_eq!(mails.len(), count, "{kind:?}: {mails:?}");
    mails
}

#[tokio::test]
async fn a_request_names_the_tenants_link_or_the_switch_and_is_remembered() {
    let office = Fixture::open().await;
    let google = ask(&office, Google, Of::Workspace).await;
    assert!(
        google.text.contains("Trust internal apps"),
        "{}",
        google.text
    );
    assert!(google.link.starts_with("https://admin.google.com/"));
    let microsoft = ask(&office, Microsoft, HERS).await;
    let expected = format!(
        "{}/{}/adminconsent?client_id={}",
        office.microsoft.login_url(),
        microsoft::TENANT,
        microsoft::CLIENT_ID
    );
    assert_eq!(microsoft.link, expected);
    assert!(microsoft.text.contains(&expected) && microsoft.text.contains(DANA));
    assert_eq!(microsoft.account.state, S::PreApprovalRequested);
    let workspaces = office.dana.workspace_list().await.unwrap();
    assert_eq!(workspaces.items[0].account_admin.as_deref(), Some(ADMIN));

    // What serves already needs no approval.
    let (member, for_workspace) = reference(Of::Member(OMAR));
    office.connect(Google, Of::Member(OMAR)).await.connected();
    let needless = AccountApprovalAsk {
        provider: Google,
        member,
        for_workspace,
        admin: None,
        dry_run: true,
    };
    let refused = office
        .dana
        .account_request_approval(needless)
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
}

#[tokio::test]
async fn all_who_wait_hear_of_the_first_connect_that_works() {
    let office = Fixture::with(Default::default(), Default::default(), "sandbox").await;
    for of in [HERS, Of::Workspace] {
        let request = ask(&office, Microsoft, of).await;
        assert!(request.sent);
    }
    emails(&office, MailKind::ApprovalRequest, 2).await;
    office
        .connect(Microsoft, Of::Member(OMAR))
        .await
        .connected();
    // Dana reads it for herself, and as the admin who looks after the workspace's own.
    emails(&office, MailKind::ApprovalGiven, 2).await;
    let hers = office.account(Microsoft, HERS).await;
    assert_eq!(hers.reason_code.as_deref(), Some("approved"));
    office.connect(Microsoft, HERS).await.connected();
    let hers = office.account(Microsoft, HERS).await;
    assert_eq!((hers.state, hers.approval), (S::Connected, None));
}

#[tokio::test]
async fn a_working_day_later_those_who_wait_are_asked_to_try() {
    let office = Fixture::with(Default::default(), Default::default(), "sandbox").await;
    ask(&office, Google, HERS).await;
    emails(&office, MailKind::ApprovalTry, 0).await;
    office.seconds_pass(31 * 3600);
    emails(&office, MailKind::ApprovalTry, 1).await;
}

#[tokio::test]
async fn a_broken_account_is_loud_for_those_whose_it_is() {
    let office = Fixture::with(Default::default(), Default::default(), "sandbox").await;
    office.connect(Google, Of::Workspace).await.connected();
    office.connect(Google, Of::Member(OMAR)).await.connected();
    for email in [OMAR, super::fixture::INTERVIEWS] {
        office.google.end_grants(email).unwrap();
    }
    office.days_pass(1).await;
    let mails = emails(&office, MailKind::ConnectionNotice, 2).await;
    let mut readers: Vec<_> = mails.iter().map(|mail| mail.address.clone()).collect();
    readers.sort();
    assert_eq!(
        readers,
        [DANA, OMAR],
        "an admin for the workspace's, a member for theirs"
    );

    let status = office.dana.status().await.unwrap();
    let problem = status
        .problems
        .iter()
        .find(|it| it.code == "account")
        .unwrap();
    assert!(
        problem
            .hint
            .contains("greenroom google connect --for-workspace"),
        "{problem:?}"
    );
    assert_eq!(status.accounts.reconnect_required, 2);
    let checks = office.dana.doctor().await.unwrap();
    let wrong = checks
        .iter()
        .find(|check| check.name == "google of the workspace")
        .unwrap();
    assert!(
        wrong.message.starts_with("must be reconnected: "),
        "{wrong:?}"
    );

    office.connect(Google, Of::Workspace).await.connected();
    let status = office.dana.status().await.unwrap();
    assert!(status.problems.iter().all(|it| it.code != "account"));
}
