//! Connecting, showing and disconnecting.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::account::{
    AccountDisconnect, AccountListQuery, AccountOwner, AccountProvider, Purpose,
};
use greenroom_protocol::audit::AuditQuery;
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::workspace::{Reference, WorkspaceEdit};
use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::google;
use greenroom_tests::sandbox::{Canned, Decision};
use greenroom_tests::test_daemon::OWNER;

use super::fixture::{
    Came, Fixture, Google, HERS, INTERVIEWS, Microsoft, OMAR, Of, browse, reference,
};

fn disconnect(provider: AccountProvider, of: Of, dry_run: bool) -> AccountDisconnect {
    let (member, for_workspace) = reference(of);
    AccountDisconnect {
        provider,
        member,
        for_workspace,
        expected_revision: None,
        dry_run,
    }
}

#[tokio::test]
async fn the_workspace_and_a_member_connect_an_account_each_at_both() {
    let office = Fixture::open().await;
    for provider in [Google, Microsoft] {
        let none = office.account(provider, Of::Workspace).await;
        assert_eq!(
            (none.state, none.app, none.revision),
            (S::Disconnected, true, 0)
        );

        let ours = office.connect(provider, Of::Workspace).await.connected();
        assert_eq!((ours.state, ours.reason_code), (S::Connected, None));
        assert_eq!(ours.owner, AccountOwner::Workspace);
        assert_eq!(ours.purposes, Purpose::ALL);
        assert!(ours.missing_scopes.is_empty(), "{:?}", ours.missing_scopes);
        let user = ours.user.unwrap();
        assert_eq!(user.email, INTERVIEWS);
        assert!(user.organization.is_some(), "{user:?}");

        let hers = office
            .connect_for(provider, HERS, &[Purpose::FreeBusy])
            .await;
        let hers = hers.connected();
        assert_eq!(hers.purposes, [Purpose::FreeBusy]);
        assert!(matches!(hers.owner, AccountOwner::Member(member) if member.email == DANA));

        let all = AccountListQuery {
            provider: Some(provider),
        };
        let all = office.dana.account_list(all).await.unwrap().items;
        let states: Vec<_> = all.iter().map(|it| it.state).collect();
        assert_eq!(states, [S::Connected, S::Connected], "Omar has none yet");
        assert_eq!(all[0].owner, AccountOwner::Workspace);
    }
    let status = office.dana.status().await.unwrap();
    assert_eq!(status.accounts.connected, 4);
    assert_eq!(status.account_sandboxes.len(), 2);
}

#[tokio::test]
async fn what_was_granted_before_is_asked_for_again() {
    let office = Fixture::open().await;
    for provider in [Google, Microsoft] {
        office
            .connect_for(provider, HERS, &[Purpose::FreeBusy])
            .await
            .connected();
        let attempt = office
            .start(provider, HERS, &[Purpose::Mail])
            .await
            .unwrap();
        assert_eq!(attempt.purposes, Purpose::ALL);
        let back = browse(&attempt, DANA, Decision::Allow).await.unwrap();
        let both = office.finish(&attempt, &back).await.connected();
        assert_eq!(both.purposes, Purpose::ALL);
    }
}

#[tokio::test]
async fn boxes_that_were_unticked_at_google_are_missing_and_the_rest_works() {
    let config = google::Config::default();
    let some = google::Account::new("xenia.bo@acme.example");
    let office = Fixture::with(config.with_account(some), Default::default(), "maildir").await;
    let ticked = [
        "openid",
        "https://www.googleapis.com/auth/userinfo.email",
        "https://www.googleapis.com/auth/calendar.events.freebusy",
    ];
    let only = ticked.map(str::to_owned).to_vec();
    office
        .google
        .edit_account(DANA, |account| account.only_scopes = Some(only))
        .unwrap();
    let hers = office.connect(Google, HERS).await.connected();
    assert_eq!(hers.state, S::Connected);
    assert_eq!(hers.reason_code.as_deref(), Some("scope-missing"));
    assert_eq!(hers.missing_scopes, ["https://mail.google.com/"]);
    assert_eq!(hers.purposes, [Purpose::FreeBusy]);
}

#[tokio::test]
async fn disconnecting_says_before_what_is_lost_and_what_the_provider_keeps() {
    let office = Fixture::open().await;
    for provider in [Google, Microsoft] {
        office.connect(provider, HERS).await.connected();
        let dry = disconnect(provider, HERS, true);
        let would = office.dana.account_disconnect(dry).await.unwrap();
        assert!(would.dry_run && would.loses.len() >= 2, "{would:?}");
        assert_eq!(office.account(provider, HERS).await.state, S::Connected);

        let done = disconnect(provider, HERS, false);
        let done = office.dana.account_disconnect(done).await.unwrap();
        let hers = office.account(provider, HERS).await;
        assert_eq!((hers.state, hers.user), (S::Disconnected, None));
        match provider {
            Google => {
                assert!(done.revoked && done.hint.is_none(), "{done:?}");
                assert!(
                    done.loses
                        .iter()
                        .any(|loss| loss.starts_with("Google ends everything"))
                );
                assert_eq!(office.google.live_grants(), 0);
            }
            Microsoft => {
                assert!(!done.revoked, "{done:?}");
                let hint = done.hint.unwrap();
                assert!(hint.contains("myapps.microsoft.com"), "{hint}");
            }
        }
    }
}

#[tokio::test]
async fn somebody_else_who_signs_in_is_refused_and_a_holder_keeps_their_account() {
    let office = Fixture::open().await;
    for provider in [Google, Microsoft] {
        let other = office.connect_as(provider, HERS, &[], OMAR).await;
        let Came::Refused(refused) = other else {
            panic!("{other:?}")
        };
        assert_eq!(refused.kind, ErrorKind::Account);
        assert!(
            refused.message.contains(OMAR) && refused.message.contains(DANA),
            "{refused}"
        );

        office.connect(provider, Of::Workspace).await.connected();
        let taken = office.connect_as(provider, HERS, &[], INTERVIEWS).await;
        let Came::Refused(refused) = taken else {
            panic!("{taken:?}")
        };
        assert_eq!(refused.kind, ErrorKind::Conflict);
        assert!(refused.message.contains("Acme itself"), "{refused}");
        let ours = office.account(provider, Of::Workspace).await;
        assert_eq!(ours.state, S::Connected);
        office
            .grants(provider)
            .ready(office.who(Of::Workspace))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_member_with_an_account_stays_until_it_is_disconnected() {
    let office = Fixture::open().await;
    office
        .connect(Microsoft, Of::Member(OMAR))
        .await
        .connected();
    let refused = office
        .dana
        .member_remove(Reference::to(OMAR))
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert!(
        refused
            .hint
            .unwrap()
            .contains("greenroom microsoft disconnect")
    );
    let done = disconnect(Microsoft, Of::Member(OMAR), false);
    office.dana.account_disconnect(done).await.unwrap();
    office
        .dana
        .member_remove(Reference::to(OMAR))
        .await
        .unwrap();
}

#[tokio::test]
async fn an_app_and_its_tenant_go_together_and_without_one_nobody_connects() {
    let office = Fixture::open().await;
    let edit = |client_id: &str, tenant: Option<&str>| WorkspaceEdit {
        microsoft_client_id: Some(client_id.into()),
        microsoft_tenant: tenant.map(str::to_owned),
        ..WorkspaceEdit::default()
    };
    let refused = office
        .dana
        .workspace_edit(edit("app", Some("")))
        .await
        .unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("microsoft_tenant"));
    let refused = office
        .dana
        .workspace_edit(edit("app", Some("a/b")))
        .await
        .unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("microsoft_tenant"));

    let workspace = office.dana.workspace_edit(edit("", None)).await.unwrap();
    assert_eq!(
        (workspace.microsoft_client_id, workspace.microsoft_tenant),
        (None, None)
    );
    let refused = office.start(Microsoft, HERS, &[]).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Account);
    assert!(!office.account(Microsoft, HERS).await.app);

    let secret = WorkspaceEdit {
        google_client_id: Some(String::new()),
        ..WorkspaceEdit::default()
    };
    let workspace = office.dana.workspace_edit(secret).await.unwrap();
    assert!(workspace.google_client_id.is_none() && !workspace.google_confidential);
}

/// An entry says who did what to whose, by ids.
#[tokio::test]
async fn what_becomes_of_accounts_is_audited_without_anything_personal() {
    let office = Fixture::open().await;
    for provider in [Google, Microsoft] {
        for of in [Of::Workspace, HERS] {
            office.connect(provider, of).await.connected();
            let done = disconnect(provider, of, false);
            office.dana.account_disconnect(done).await.unwrap();
        }
    }
    let entries = office.dana.audit_list(AuditQuery::default()).await.unwrap();
    for call in [
        "google_connect_finish",
        "google_disconnect",
        "microsoft_connect_finish",
        "microsoft_disconnect",
    ] {
        let own: Vec<_> = entries.items.iter().filter(|it| it.call == call).collect();
        assert_eq!(own.len(), 2, "{call}");
        for entry in own {
            assert!(entry.record.starts_with("mem_") || entry.record.starts_with("wsp_"));
            assert!(entry.values.is_empty(), "{entry:?}");
        }
    }
}

/// Google's rotation keeps the refresh token and Microsoft's old one goes on working: keys from a
/// backup serve.
#[tokio::test]
async fn accounts_of_a_restored_backup_go_on_working() {
    let mut office = Fixture::open().await;
    for provider in [Google, Microsoft] {
        office.connect(provider, Of::Workspace).await.connected();
    }
    let operator = office.daemon.client(OWNER).await.unwrap();
    let backup = office.daemon.take_backup(&operator).await.unwrap();
    // The keys of the running store move on.
    office.days_pass(2).await;
    let restored = office.daemon.restore(&operator, &backup).await.unwrap();
    assert_eq!(restored.connections, 2);
    office.dana = office.daemon.client(OWNER).await.unwrap();
    office.days_pass(1).await;
    for provider in [Google, Microsoft] {
        let ours = office.account(provider, Of::Workspace).await;
        assert_eq!((ours.state, ours.reason), (S::Connected, None));
    }
}

/// Google ends everything of a user and a project at once, so keys of nobody known, or that others
/// of the same user take the place of, are forgotten and not revoked.
#[tokio::test]
async fn a_second_consent_that_fails_at_google_ends_nothing_of_the_first() {
    let office = Fixture::open().await;
    let ours = office.connect(Google, Of::Workspace).await.connected();
    let no = Canned::json(403, serde_json::json!({ "error": "forbidden" }));
    let no = google::FaultKind::Answer(no);
    office
        .google
        .fault(google::Fault::once(google::Endpoint::Userinfo, no));
    let Came::Refused(refused) = office.connect(Google, Of::Workspace).await else {
        panic!("Google said whose they are");
    };
    assert!(refused.hint.is_some(), "{refused:?}");
    // Somebody else's browser is signed in as the workspace's user.
    let held = office.connect_as(Google, HERS, &[], INTERVIEWS).await;
    assert!(matches!(held, Came::Refused(_)), "{held:?}");
    office.days_pass(1).await;
    let now = office.account(Google, Of::Workspace).await;
    assert_eq!((now.state, now.reason), (S::Connected, None));
    assert!(now.last_refresh > ours.last_refresh);
    assert_eq!(office.google.counters().of(google::Endpoint::Revoke), 0);
}

#[tokio::test]
async fn another_client_of_the_same_google_project_takes_over_and_ends_nothing() {
    let office = Fixture::open().await;
    office.connect(Google, Of::Workspace).await.connected();
    let other = google::Client {
        id: "407408718192-second.apps.googleusercontent.com".into(),
        secret: "GOCSPX-second-secret-of-no-value".into(),
    };
    let app = WorkspaceEdit {
        google_client_id: Some(other.id.clone()),
        google_client_secret: Some(Opaque::new(other.secret.clone())),
        ..WorkspaceEdit::default()
    };
    office
        .google
        .edit_projects(|project| project.clients.push(other.clone()));
    office.dana.workspace_edit(app).await.unwrap();
    // Another place first, whose browser is signed in as the workspace's user; then its own.
    let held = office.connect_as(Google, HERS, &[], INTERVIEWS).await;
    assert!(matches!(held, Came::Refused(_)), "{held:?}");
    office.days_pass(1).await;
    let before = office.account(Google, Of::Workspace).await;
    assert_eq!((before.state, before.reason), (S::Connected, None));
    let now = office.connect(Google, Of::Workspace).await.connected();
    assert_eq!(now.client_id, Some(other.id));
    office.days_pass(1).await;
    let after = office.account(Google, Of::Workspace).await;
    assert_eq!((after.state, after.reason), (S::Connected, None));
    assert!(after.last_refresh > now.last_refresh);
}
