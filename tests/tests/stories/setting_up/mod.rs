//! Setting up: what is done, what is skipped, and the steps that somebody else takes at Zoom, Google
//! or Microsoft.

use greenroom::client::Client;
use greenroom_protocol::ErrorKind;
use greenroom_protocol::audit::AuditQuery;
use greenroom_protocol::availability::MemberHoursSet;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::pipeline::Window;
use greenroom_protocol::setting_up::{
    AppGuideQuery, AppKind, SetupProgress, SetupSkip, SetupState, SetupStep,
};
use greenroom_protocol::workspace::WorkspaceEdit;
use greenroom_tests::harness::{add_candidate, add_job};
use greenroom_tests::test_daemon::{OWNER, Story, TestDaemon};
use greenroom_tests::wait::Deadline;

const IT: &str = "it@acme.example";

fn signs(progress: &SetupProgress) -> String {
    let sign = |state| match state {
        SetupState::Open => 'o',
        SetupState::Skipped => 's',
        SetupState::Done => 'd',
    };
    progress.steps.iter().map(|it| sign(it.state)).collect()
}

async fn skips(client: &Client, step: SetupStep, undo: bool) -> SetupProgress {
    client.setup_skip(SetupSkip { step, undo }).await.unwrap()
}

fn guide(app: AppKind, email_to: Option<&str>, dry_run: bool) -> AppGuideQuery {
    AppGuideQuery {
        app,
        email_to: email_to.map(str::to_owned),
        dry_run,
    }
}

fn app(client_id: &str) -> WorkspaceEdit {
    WorkspaceEdit {
        zoom_client_id: Some(client_id.into()),
        ..WorkspaceEdit::default()
    }
}

fn weekdays() -> Window {
    Window {
        days: vec![1, 2, 3, 4, 5],
        from_minute: 9 * 60,
        to_minute: 17 * 60,
    }
}

#[tokio::test]
async fn every_step_is_ticked_off_by_what_there_is() {
    let mut daemon = TestDaemon::open().await.unwrap();
    let nobody = daemon.client(OWNER).await.unwrap();
    let before = nobody.setup_progress().await.unwrap();
    assert_eq!(signs(&before), "oooooo");
    assert_eq!(before.next, Some(SetupStep::Workspace));
    let (dana, _) = daemon.set_up().await.unwrap();
    assert_eq!(signs(&dana.setup_progress().await.unwrap()), "dooooo");

    // Skipped is remembered, and undone by undoing it or by doing the step.
    let skipped = skips(&dana, SetupStep::ZoomApp, false).await;
    assert_eq!(signs(&skipped), "dsoooo");
    assert_eq!(skipped.next, Some(SetupStep::Email));
    skips(&dana, SetupStep::Email, false).await;
    skips(&dana, SetupStep::Email, false).await;
    daemon.begin_again().await.unwrap();
    let dana = daemon.client(OWNER).await.unwrap();
    assert_eq!(signs(&dana.setup_progress().await.unwrap()), "dssooo");
    let undone = skips(&dana, SetupStep::Email, true).await;
    assert_eq!(signs(&undone), "dsoooo");
    dana.workspace_edit(app("q7Jw2uVdRz")).await.unwrap();
    let done = dana.setup_progress().await.unwrap();
    assert_eq!(signs(&done), "ddoooo");
    assert_eq!(done.steps[1].detail.as_deref(), Some("q7Jw2uVdRz"));

    add_job(&dana, "Welder").await.unwrap();
    add_candidate(&dana, "Ben Okafor", "ben@mail.example", "Welder")
        .await
        .unwrap();
    let done = dana.setup_progress().await.unwrap();
    assert_eq!(signs(&done), "ddoddo");
    assert_eq!(done.next, Some(SetupStep::Email));
    let mine = MemberHoursSet {
        hours: Edit::Set(vec![weekdays()]),
        ..MemberHoursSet::default()
    };
    dana.member_hours_set(mine.clone()).await.unwrap();
    let done = dana.setup_progress().await.unwrap();
    assert_eq!(signs(&done), "ddoddd");
    assert_eq!(done.steps[5].detail.as_deref(), Some("yours are set"));
    let assumed = MemberHoursSet {
        hours: Edit::Clear,
        ..mine
    };
    dana.member_hours_set(assumed).await.unwrap();
    // What is gone is no longer done.
    dana.workspace_edit(app("")).await.unwrap();
    assert_eq!(signs(&dana.setup_progress().await.unwrap()), "dsoddo");

    let workspace = SetupSkip {
        step: SetupStep::Workspace,
        undo: false,
    };
    let refused = dana.setup_skip(workspace).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Usage);
    let log = dana.audit_list(AuditQuery::default()).await.unwrap();
    let skips = log.items.iter().filter(|it| it.call == "setup_skip");
    assert_eq!(skips.count(), 4);
}

#[tokio::test]
async fn what_the_configuration_decides_is_shown_as_such() {
    let builder = TestDaemon::builder().transport("sandbox");
    let Story {
        dana,
        daemon: _running,
    } = builder.open().await.unwrap();
    let email = &dana.setup_progress().await.unwrap().steps[2];
    assert_eq!(email.state, SetupState::Done);
    assert!(email.from_configuration);
}

#[tokio::test]
async fn the_steps_are_shown_and_emailed_to_somebody_else() {
    let builder = TestDaemon::builder().transport("sandbox");
    let Story { daemon, dana } = builder.open().await.unwrap();
    for app in AppKind::ALL {
        let shown = dana.app_guide(guide(app, None, false)).await.unwrap();
        assert!(!shown.sent && shown.client_id.is_none());
        assert!(shown.text.contains("Dana Reyes"), "{}", shown.text);
        let dry = guide(app, Some(IT), true);
        let dry = dana.app_guide(dry).await.unwrap();
        assert!(dry.sent && dry.dry_run);
    }
    let refused = dana.app_guide(guide(AppKind::Zoom, Some("nobody"), false));
    assert_eq!(refused.await.unwrap_err().field.unwrap(), "email_to");
    daemon.seconds_pass(60);
    assert_eq!(daemon.rests().await.unwrap(), None);
    assert_eq!(daemon.mail().to(IT).unwrap().len(), 0);

    let sent = guide(AppKind::Google, Some(IT), false);
    let sent = dana.app_guide(sent).await.unwrap();
    assert!(sent.sent && !sent.dry_run);
    daemon.seconds_pass(10);
    let deadline = Deadline::here();
    while daemon.mail().to(IT).unwrap().is_empty() {
        deadline.check();
        tokio::task::yield_now().await;
    }
    let found = daemon.mail().to(IT).unwrap().remove(0);
    assert_eq!(found.subject, sent.subject);
    assert!(found.text.contains("Desktop app"), "{}", found.text);
    let log = dana.audit_list(AuditQuery::default()).await.unwrap();
    // That the email left may be written down before anyone looks.
    assert!(log.items.iter().any(|it| it.call == "app_guide"));
}

#[tokio::test]
async fn nobody_is_asked_for_an_app_that_is_there_meanwhile() {
    let builder = TestDaemon::builder().transport("sandbox");
    let Story { daemon, dana } = builder.open().await.unwrap();
    let query = guide(AppKind::Zoom, Some(IT), false);
    dana.app_guide(query).await.unwrap();
    dana.workspace_edit(app("q7Jw2uVdRz")).await.unwrap();
    daemon.seconds_pass(10);
    assert_eq!(daemon.rests().await.unwrap(), None);
    assert_eq!(daemon.mail().to(IT).unwrap().len(), 0);
}

/// Where email stays on this machine, the person sends the steps.
#[tokio::test]
async fn where_nobody_receives_email_the_steps_are_for_the_person_to_send() {
    let Story {
        dana,
        daemon: _running,
    } = TestDaemon::builder().open().await.unwrap();
    let query = guide(AppKind::Zoom, Some(IT), false);
    let shown = dana.app_guide(query).await.unwrap();
    assert!(!shown.sent);
    assert!(shown.text.contains("http://127.0.0.1/callback"));
}
