//! Zoom lets nobody connect before an admin has approved the app: asked for, waited for, and told
//! to all at once.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::workspace::{Reference, WorkspaceEdit};
use greenroom_protocol::zoom::{ApprovalAsk, ConnectionState as S};
use greenroom_tests::harness::DANA;
use greenroom_tests::post::Found;
use greenroom_tests::sandbox::{PUBLIC_CLIENT_ID, http_client};

use crate::connections::fixture::{Fixture, OMAR};

const ADMIN: &str = "it@acme.example";

fn ask(member: &str) -> ApprovalAsk {
    ApprovalAsk {
        member: Some(member.to_owned()),
        admin: Some(ADMIN.to_owned()),
        dry_run: false,
    }
}

#[tokio::test]
async fn everybody_who_waits_is_told_by_the_first_connect_that_works() {
    let office = Fixture::in_need_of_approval().await;
    for member in [DANA, OMAR] {
        let page = office.connect(member).await.page();
        assert!(page.contains("You cannot authorize Greenroom"), "{page}");
        assert_eq!(office.status(member).await.state, S::Authorizing);
        office
            .dana
            .zoom_request_approval(ask(member))
            .await
            .unwrap();
    }
    let asked_at = office.daemon.now();
    office.daemon.seconds_pass(3 * 24 * 3600);

    let waits = office.status(OMAR).await;
    assert_eq!(waits.state, S::PreApprovalRequested);
    assert_eq!(waits.since, Some(asked_at));
    assert_eq!(waits.reason_code.as_deref(), Some("approval-awaited"));
    assert_eq!(waits.approval.unwrap().requested_at, asked_at);
    let counts = office.dana.status().await.unwrap().connections;
    assert_eq!((counts.pre_approval_requested, counts.disconnected), (2, 0));

    // Not yet: trying again costs nothing, and the wait goes on from where it was.
    office.connect(OMAR).await.page();
    assert_eq!(office.status(OMAR).await.state, S::Authorizing);
    office.daemon.seconds_pass(11 * 60);
    office.daemon.tend().await.unwrap();
    assert_eq!(office.status(OMAR).await.since, Some(asked_at));
    assert_eq!(office.status(OMAR).await.state, S::PreApprovalRequested);

    // The admin follows the link in the request and presses the button there.
    let link = office.daemon.zoom.marketplace_url();
    let http = http_client().unwrap();
    let page = http.get(&link).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Approve"), "{page}");
    let approve = http.post(&link).form(&[("account", "acme")]);
    assert!(approve.send().await.unwrap().status().is_redirection());

    let before = office.dana.status().await.unwrap().revision;
    let approved_at = office.daemon.now();
    assert_eq!(office.connect(DANA).await.connected().approval, None);
    let told = office.status(OMAR).await;
    assert_eq!(told.state, S::Disconnected);
    assert_eq!(told.reason_code.as_deref(), Some("approved"));
    assert_eq!(told.approval.unwrap().approved_at, Some(approved_at));
    let changed = office.tables_changed(before).await;
    assert!(changed.contains(&"connection".to_owned()), "{changed:?}");

    // The mark goes when they connect.
    let connected = office.connect(OMAR).await.connected();
    assert_eq!((connected.state, connected.approval), (S::Connected, None));
}

#[tokio::test]
async fn the_request_says_everything_an_admin_needs() {
    let office = Fixture::in_need_of_approval().await;
    let dry = ApprovalAsk {
        dry_run: true,
        ..ask(OMAR)
    };
    let shown = office.dana.zoom_request_approval(dry).await.unwrap();
    assert!(shown.dry_run && !shown.sent);
    assert_eq!(office.status(OMAR).await.state, S::Disconnected);
    let admin = office.dana.workspace_list().await.unwrap().items[0]
        .zoom_admin
        .clone();
    assert_eq!(admin, None, "a dry run remembers nothing");

    let request = office.dana.zoom_request_approval(ask(OMAR)).await.unwrap();
    assert_eq!(request.text, shown.text);
    assert_eq!(request.connection.state, S::PreApprovalRequested);
    assert_eq!(request.client_id, PUBLIC_CLIENT_ID);
    assert_eq!(request.link, office.daemon.zoom.marketplace_url());
    let every = greenroom_protocol::zoom::PERMISSIONS.len();
    assert_eq!(request.scopes.len(), every);
    for part in ["Omar Haddad", OMAR, "Acme", PUBLIC_CLIENT_ID, &request.link] {
        assert!(request.text.contains(part), "{part}: {}", request.text);
    }

    // The next one to ask need not know the admin.
    let again = ApprovalAsk::default();
    let request = office.dana.zoom_request_approval(again).await.unwrap();
    assert_eq!(request.admin.as_deref(), Some(ADMIN));
    let forget = WorkspaceEdit {
        zoom_admin: Some(String::new()),
        ..WorkspaceEdit::default()
    };
    let workspace = office.dana.workspace_edit(forget).await.unwrap();
    assert_eq!(workspace.zoom_admin, None);
}

#[tokio::test]
async fn a_wait_ends_with_a_disconnect_or_another_app() {
    let office = Fixture::in_need_of_approval().await;
    for member in [DANA, OMAR] {
        office
            .dana
            .zoom_request_approval(ask(member))
            .await
            .unwrap();
    }
    office
        .dana
        .zoom_disconnect(Reference::to(OMAR))
        .await
        .unwrap();
    assert_eq!(office.status(OMAR).await.approval, None);

    let another = WorkspaceEdit {
        zoom_client_id: Some("another-app".into()),
        ..WorkspaceEdit::default()
    };
    office.dana.workspace_edit(another).await.unwrap();
    let dana = office.status(DANA).await;
    assert_eq!((dana.state, dana.approval), (S::Disconnected, None));
}

#[tokio::test]
async fn whoever_is_connected_has_nothing_to_ask_for() {
    let office = Fixture::in_need_of_approval().await;
    office.daemon.zoom.approve("acme", true).unwrap();
    office.connect(DANA).await.connected();
    let refused = office.dana.zoom_request_approval(ask(DANA)).await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::Conflict);
    let nobody = ApprovalAsk {
        admin: Some("nobody".into()),
        ..ask(OMAR)
    };
    let refused = office.dana.zoom_request_approval(nobody).await.unwrap_err();
    assert_eq!(
        (refused.kind, refused.field.as_deref()),
        (ErrorKind::Usage, Some("admin"))
    );
}

/// A reply to the request as the admin's mail program sends it.
fn reply(request: &Found, text: &str) -> String {
    let answer = request.words(text);
    answer.replace(
        "\n\n",
        &format!("\nMessage-ID: <{}@it.acme.example>\n\n", text.len()),
    )
}

/// Case Z13: replies come back to our mailbox, are shown to those who wait and emailed to all of
/// them; nothing is called approved.
#[tokio::test]
async fn what_the_admin_replies_reaches_everyone_who_waits() {
    let office = Fixture::mailing_in_need_of_approval().await;
    for member in [DANA, OMAR] {
        office
            .dana
            .zoom_request_approval(ask(member))
            .await
            .unwrap();
    }
    office.daemon.seconds_pass(10);
    office.daemon.rests().await.unwrap();
    let requests = office.daemon.mail().to(ADMIN).unwrap();
    assert_eq!(requests.len(), 2);
    let raw = String::from_utf8_lossy(&requests[0].bytes).into_owned();
    let header = |name: &str| {
        raw.lines()
            .find_map(|line| line.strip_prefix(name))
            .unwrap()
    };
    assert_eq!(header("Reply-To: "), header("From: "));

    let automatic = reply(&requests[0], "Your ticket was opened.");
    let automatic = automatic.replace("Subject:", "Auto-Submitted: auto-replied\nSubject:");
    office.daemon.mail().answer("1", &automatic).unwrap();
    office.daemon.hears_answers().await.unwrap();
    let shown = office.status(OMAR).await.admin_reply.unwrap();
    assert!(
        shown.automatic && shown.text.contains("ticket"),
        "{shown:?}"
    );
    let answer = reply(&requests[0], "Which data does it read?");
    for name in ["2", "3"] {
        office.daemon.mail().answer(name, &answer).unwrap();
    }
    office.daemon.hears_answers().await.unwrap();
    office.daemon.rests().await.unwrap();
    for member in [DANA, OMAR] {
        let status = office.status(member).await;
        let shown = status.admin_reply.unwrap();
        assert_eq!(
            (shown.from.as_str(), shown.text.as_str()),
            (ADMIN, "Which data does it read?")
        );
        assert_eq!(status.state, S::PreApprovalRequested);
        assert_eq!(status.approval.unwrap().approved_at, None);
        let letters = office.daemon.mail().to(member).unwrap();
        let [letter] = &letters[..] else {
            panic!("{letters:?}")
        };
        assert!(
            letter.text.contains("> Which data does it read?"),
            "{}",
            letter.text
        );
        assert!(
            letter.text.contains("greenroom zoom connect"),
            "{}",
            letter.text
        );
    }
    let page = office.dana.mail_received(Default::default()).await.unwrap();
    assert_eq!(page.total, 2);
}

/// Case Z13: a working day after the request anyone who waits is asked by email to try, once; the
/// connect that works emails the others.
#[tokio::test]
async fn those_who_wait_are_asked_to_try_and_told_when_it_works() {
    let office = Fixture::mailing_in_need_of_approval().await;
    for member in [DANA, OMAR] {
        office
            .dana
            .zoom_request_approval(ask(member))
            .await
            .unwrap();
    }
    let subjects = |member: &str| {
        let letters = office.daemon.mail().to(member).unwrap();
        letters.into_iter().map(|it| it.subject).collect::<Vec<_>>()
    };
    let later = office.daemon.now().plus_minutes(48 * 60);
    office.daemon.time_passes_until(later).await.unwrap();
    office.daemon.rests().await.unwrap();
    for member in [DANA, OMAR] {
        assert_eq!(
            subjects(member),
            ["Please try connecting Zoom again (Acme)"],
            "{member}"
        );
    }
    office.daemon.zoom.approve("acme", true).unwrap();
    office.connect(DANA).await.connected();
    office.daemon.rests().await.unwrap();
    assert_eq!(subjects(DANA).len(), 1);
    assert_eq!(subjects(OMAR)[1..], ["You can connect Zoom now (Acme)"]);
    // Once connected, nobody hears of it any more.
    office.connect(OMAR).await.connected();
    let later = office.daemon.now().plus_minutes(7 * 24 * 60);
    office.daemon.time_passes_until(later).await.unwrap();
    assert_eq!(subjects(OMAR).len(), 2);
}
