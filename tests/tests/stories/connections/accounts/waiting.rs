//! Waiting for an administrator at Google or Microsoft, and the emails about that and about accounts
//! that break.

use greenroom::client::Client;
use greenroom_protocol::ErrorKind;
use greenroom_protocol::account::{AccountApprovalAsk, AccountApprovalRequest, AccountProvider};
use greenroom_protocol::mail::{Mail, MailKind, MailQuery};
use greenroom_protocol::today::{NeedAction, NeedKind, NeedsMe, TodayQuery};
use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::microsoft;

use super::fixture::{Fixture, Google, HERS, Microsoft, OMAR, Of, reference};

pub(super) const ADMIN: &str = "aoife.byrne@acme.example";

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
    office.connect(Google, HERS).await.connected();
    office.connect(Google, Of::Member(OMAR)).await.connected();
    office.daemon.look_for_problems().await.unwrap();
    for email in [OMAR, super::fixture::INTERVIEWS] {
        office.google.end_grants(email).unwrap();
    }
    office.days_pass(1).await;
    office.daemon.look_for_problems().await.unwrap();
    let mails = emails(&office, MailKind::ConnectionNotice, 1).await;
    assert_eq!(mails[0].address, OMAR, "a member hears of theirs");
    // The admins hear of the workspace's as of everything that only they can set right.
    emails(&office, MailKind::ProblemNotice, 1).await;
    let begins = "Greenroom needs you: The workspace's Google account must be reconnected (Acme)";
    let subjects = || {
        let mails = office.daemon.mail().to(DANA).unwrap();
        mails.into_iter().map(|it| it.subject).collect::<Vec<_>>()
    };
    assert_eq!(subjects(), [begins]);

    let status = office.dana.status().await.unwrap();
    let problem = status.problems.iter();
    let problem = problem.filter(|it| it.code == "google-account");
    let [problem] = &problem.collect::<Vec<_>>()[..] else {
        panic!("{:?}", status.problems)
    };
    let command = "greenroom google connect --for-workspace";
    assert!(problem.hint.contains(command), "{problem:?}");
    let why = problem.detail.as_deref().unwrap();
    assert!(why.starts_with("Google ended the connection"), "{why}");
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
    assert_eq!(status.problems, []);
    office.daemon.look_for_problems().await.unwrap();
    emails(&office, MailKind::ProblemNotice, 2).await;
    let over = "Over: The workspace's Google account must be reconnected (Acme)";
    assert!(subjects().contains(&over.to_owned()), "{:?}", subjects());
}

/// What needs somebody in Today, as `who message`, with what to do.
async fn needs(client: &Client, kind: NeedKind) -> Vec<(String, NeedsMe)> {
    let today = client.today(TodayQuery::default()).await.unwrap();
    let needs = today.needs_me.into_iter().filter(|it| it.kind == kind);
    needs
        .map(|it| (format!("{} {}", it.who, it.message), it))
        .collect()
}

#[tokio::test]
async fn an_account_that_must_be_connected_needs_its_member_or_the_admins() {
    let office = Fixture::with(Default::default(), Default::default(), "sandbox").await;
    let omar = office.user_of(OMAR).await;
    for of in [Of::Workspace, Of::Member(OMAR)] {
        office.connect(Google, of).await.connected();
        ask(&office, Microsoft, of).await;
    }
    for client in [&office.dana, &omar] {
        assert!(needs(client, NeedKind::ReconnectAccount).await.is_empty());
        assert!(needs(client, NeedKind::AccountApproved).await.is_empty());
    }
    for email in [OMAR, super::fixture::INTERVIEWS] {
        office.google.end_grants(email).unwrap();
    }
    office.days_pass(1).await;
    // Somebody could connect at the other one, so its app is approved.
    office.connect(Microsoft, HERS).await.connected();
    let id_of_omar = office.who(Of::Member(OMAR)).member();
    for (client, who, member) in [
        (&office.dana, "Acme", None),
        (&omar, "Omar Haddad", id_of_omar),
    ] {
        let all = needs(client, NeedKind::ReconnectAccount).await;
        let [(said, need)] = &all[..] else {
            panic!("{all:?}")
        };
        let expected = "Google must be reconnected: it is used for email and busy times";
        assert_eq!(said, &format!("{who} {expected}"));
        assert_eq!(need.action, NeedAction::ConnectAccount);
        assert_eq!((need.account, need.member), (Some(Google), member));
        let all = needs(client, NeedKind::AccountApproved).await;
        let [(said, need)] = &all[..] else {
            panic!("{all:?}")
        };
        let expected = "can connect Microsoft now: your Microsoft admin has approved the app";
        assert_eq!(said, &format!("{who} {expected}"));
        assert_eq!((need.account, need.member), (Some(Microsoft), member));
    }
    // Each goes as its account is connected.
    for provider in [Google, Microsoft] {
        office.connect(provider, Of::Workspace).await.connected();
    }
    for kind in [NeedKind::ReconnectAccount, NeedKind::AccountApproved] {
        assert!(needs(&office.dana, kind).await.is_empty());
        assert_eq!(needs(&omar, kind).await.len(), 1);
    }
}
