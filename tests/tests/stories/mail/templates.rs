//! The words of emails: the built-in ones, the workspace's, a stage's, and what no words remove.

use greenroom_protocol::interview::{
    AttendeeState, InterviewNew, InterviewReschedule, MeetingType,
};
use greenroom_protocol::mail::MailQuery;
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::template::{
    Template, TemplateEdit, TemplateListQuery, TemplateName, TemplatePreview, TemplateQuery,
    TemplateSource,
};
use greenroom_protocol::workspace::{MemberAdd, Reference, Role};
use greenroom_protocol::{Error, ErrorKind};
use greenroom_tests::post::Found;
use greenroom_tests::test_daemon::OWNER;
use greenroomd::records::template::TemplateRecord;
use greenroomd::store::Actor;
use serde_json::json;

use crate::mail::fixture::{ANA, Fixture, SAM, UNDO, by_phone, everybody};

const OWN: &str = "Dear {{candidate}},\n\nplease come to {{workspace}}.";

fn invitation() -> TemplateQuery {
    TemplateQuery::default()
}

fn of_stage(stage: &str) -> TemplateQuery {
    TemplateQuery {
        stage: Some(stage.into()),
        job: Some("Designer".into()),
        ..invitation()
    }
}

impl Fixture {
    async fn has_words(&self, template: TemplateQuery, text: &str) -> Result<Template, Error> {
        let edit = TemplateEdit {
            template,
            text: Some(text.into()),
            ..TemplateEdit::default()
        };
        self.dana.template_edit(edit).await
    }

    async fn resets(&self, template: TemplateQuery) -> Template {
        let edit = TemplateEdit {
            template,
            reset: true,
            ..TemplateEdit::default()
        };
        self.dana.template_edit(edit).await.unwrap()
    }

    /// The latest email to somebody.
    fn latest(&self, address: &str) -> Found {
        let mut all = self.mail().to(address).unwrap();
        all.pop().expect("an email")
    }

    /// The stage Ana stands in.
    async fn stage(&self) -> String {
        let job = self.dana.job_list().await.unwrap().items.remove(0);
        job.stages[0].id.to_string()
    }
}

#[tokio::test]
async fn the_next_email_has_the_workspaces_words_and_everything_no_words_remove() {
    let room = Fixture::open().await;
    let interview = room.calls().await;
    // It waits already: it is written as it leaves.
    let saved = room.has_words(invitation(), OWN).await.unwrap();
    assert_eq!(saved.source, TemplateSource::Workspace);
    assert!(saved.revision > 0 && saved.changed_at.is_some());
    room.daemon.seconds_pass(UNDO);
    room.when(&interview, everybody(AttendeeState::Invited))
        .await;
    let ana = room.latest(ANA);
    assert!(
        ana.text
            .starts_with("Dear Ana Lima,\n\nplease come to Acme.\n\nWhen "),
        "{}",
        ana.text
    );
    for kept in [
        "Phone      +49 30 5550 1234",
        "To reschedule or cancel, reply to this email",
    ] {
        assert!(ana.text.contains(kept), "{}", ana.text);
    }
    assert!(ana.calendar.is_some_and(|it| it.contains("METHOD:REQUEST")));
    // Colleagues read the built-in words.
    assert!(room.latest(SAM).text.starts_with("Hello Sam,\n\nYou're"));
}

#[tokio::test]
async fn a_stages_words_win_and_resetting_brings_back_those_below() {
    let room = Fixture::open().await;
    let stage = of_stage(&room.stage().await);
    room.has_words(invitation(), OWN).await.unwrap();
    let own = room
        .has_words(stage.clone(), "Come to {{job}}.")
        .await
        .unwrap();
    assert_eq!(own.source, TemplateSource::Stage);
    assert_eq!(
        own.stage.map(|it| it.job_title).as_deref(),
        Some("Designer")
    );
    let said = async |expected: &str| {
        let request = InterviewNew {
            dry_run: true,
            preview: true,
            ..by_phone()
        };
        let letters = room.dana.interview_new(request).await.unwrap().letters;
        let to: Vec<_> = letters.iter().map(|it| it.to.as_str()).collect();
        assert_eq!(
            to,
            [format!("Ana Lima <{ANA}>"), format!("Sam Ito <{SAM}>")]
        );
        assert!(letters[0].text.starts_with(expected), "{}", letters[0].text);
    };
    said("Come to Designer.").await;
    let reset = room.resets(stage.clone()).await;
    assert_eq!(reset.source, TemplateSource::Workspace);
    said("Dear Ana Lima,").await;
    assert_eq!(
        room.resets(invitation()).await.source,
        TemplateSource::BuiltIn
    );
    said("Hello Ana,\n\nYou are invited").await;
    // Nothing was sent, and nothing is stored any more.
    assert!(room.mail().letters().unwrap().is_empty());
    let all = room.dana.template_list(TemplateListQuery::default());
    let all = all.await.unwrap();
    assert_eq!(all.total, TemplateName::ALL.len() as u64);
    assert!(all.items.iter().all(|it| it.revision == 0));
    let audit = room.dana.audit_list(Default::default()).await.unwrap();
    let edits = audit.items.iter().filter(|it| it.call == "template_edit");
    assert_eq!(edits.count(), 4);
}

/// A recruiter reads the emails before connecting Zoom; only booking needs it.
#[tokio::test]
async fn the_invitations_are_previewed_though_the_hosts_zoom_is_not_connected() {
    let room = Fixture::open().await;
    let request = InterviewNew {
        kind: MeetingType::Zoom,
        details: None,
        dry_run: true,
        ..by_phone()
    };
    let refused = room.dana.interview_new(request.clone()).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Zoom, "{refused:?}");
    let request = InterviewNew {
        preview: true,
        ..request
    };
    let outcome = room.dana.interview_new(request.clone()).await.unwrap();
    assert_eq!(outcome.letters.len(), 2);
    let advice = &outcome.verdict.advises;
    let said = advice.iter().find(|it| it.code == FindingCode::Connection);
    assert_eq!(said.unwrap().message, "Dana Reyes's Zoom is not connected");
    // What is booked is refused as before.
    let request = InterviewNew {
        dry_run: false,
        ..request
    };
    let refused = room.dana.interview_new(request).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Zoom, "{refused:?}");
}

#[tokio::test]
async fn an_update_and_a_cancellation_have_words_of_their_own() {
    let room = Fixture::open().await;
    let (interview, ..) = room.invited().await;
    for (name, text) in [
        (TemplateName::Update, "New time. Why: {{reason}}"),
        (TemplateName::Cancellation, "Cancelled. Why: {{reason}}"),
    ] {
        let template = TemplateQuery {
            name,
            ..TemplateQuery::default()
        };
        room.has_words(template, text).await.unwrap();
    }
    let moved = json!({
        "reference": interview.id,
        "start": "2026-12-01T11:00:00Z",
        "reason": "the room is taken",
    });
    let moved: InterviewReschedule = serde_json::from_value(moved).unwrap();
    room.dana.interview_reschedule(moved).await.unwrap();
    room.daemon.seconds_pass(UNDO);
    room.daemon.rests().await.unwrap();
    let update = room.latest(ANA);
    assert!(
        update
            .text
            .starts_with("New time. Why: the room is taken.\n\nWhen "),
        "{}",
        update.text
    );
    let cancel = Reference::to(interview.id.to_string());
    room.dana.interview_cancel(cancel.into()).await.unwrap();
    room.daemon.seconds_pass(UNDO);
    room.daemon.rests().await.unwrap();
    let cancelled = room.latest(ANA);
    assert!(
        // Its only variable is empty, so the line is left out.
        cancelled.text.starts_with("Original time:\n"),
        "{}",
        cancelled.text
    );
    assert!(
        cancelled
            .calendar
            .is_some_and(|it| it.contains("METHOD:CANCEL"))
    );
}

#[tokio::test]
async fn words_that_are_no_template_are_refused_and_nothing_changes() {
    let room = Fixture::open().await;
    let refused = room
        .has_words(invitation(), "{{candidat}}")
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Usage);
    assert_eq!(refused.field.as_deref(), Some("text"));
    assert_eq!(refused.message, "invitation has no variable {{candidat}}");
    assert!(
        refused
            .hint
            .unwrap()
            .starts_with("did you mean {{candidate}}?")
    );
    let wrong = TemplateEdit {
        subject: Some("a\nb".into()),
        ..TemplateEdit::default()
    };
    let refused = room.dana.template_edit(wrong).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("subject"));
    let checked = TemplateEdit {
        text: Some(OWN.into()),
        dry_run: true,
        ..TemplateEdit::default()
    };
    let checked = room.dana.template_edit(checked).await.unwrap();
    assert_eq!(checked.source, TemplateSource::BuiltIn);
    // What somebody else saved since is not overwritten.
    let saved = room.has_words(invitation(), OWN).await.unwrap();
    let late = TemplateEdit {
        text: Some("Mine".into()),
        expected_revision: Some(0),
        ..TemplateEdit::default()
    };
    let refused = room.dana.template_edit(late.clone()).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    let now = TemplateEdit {
        expected_revision: Some(saved.revision),
        ..late
    };
    assert_eq!(room.dana.template_edit(now).await.unwrap().text, "Mine");
    let unknown = room.has_words(of_stage("Nowhere"), OWN).await.unwrap_err();
    assert_eq!(unknown.kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_preview_is_of_a_candidates_next_interview_or_of_an_example() {
    let room = Fixture::open().await;
    let preview = |candidate: Option<&str>, text: Option<&str>| TemplatePreview {
        candidate: candidate.map(str::to_owned),
        text: text.map(str::to_owned),
        ..TemplatePreview::default()
    };
    let example = room
        .dana
        .template_preview(preview(None, None))
        .await
        .unwrap();
    assert!(example.letter.text.starts_with("Hello Priya,"));
    assert_eq!(example.source, TemplateSource::BuiltIn);
    assert!(example.example.is_some_and(|it| it.contains("example")));
    let none_yet = room
        .dana
        .template_preview(preview(Some(ANA), None))
        .await
        .unwrap();
    assert!(none_yet.letter.text.starts_with("Hello Ana,"));
    assert!(
        none_yet
            .example
            .is_some_and(|it| it.contains("no upcoming interview"))
    );
    room.calls().await;
    let real = room.dana.template_preview(preview(Some(ANA), Some(OWN)));
    let real = real.await.unwrap();
    assert_eq!(real.example, None);
    assert_eq!(real.letter.to, format!("Ana Lima <{ANA}>"));
    assert!(real.letter.text.starts_with("Dear Ana Lima,"));
    assert!(real.letter.text.contains("+49 30 5550 1234"));
    for name in TemplateName::ALL {
        let template = TemplateQuery {
            name,
            ..TemplateQuery::default()
        };
        let of_all = TemplatePreview {
            template,
            ..preview(Some(ANA), None)
        };
        let shown = room.dana.template_preview(of_all).await.unwrap().letter;
        assert!(!shown.text.contains("{{"), "{name}: {}", shown.text);
    }
}

#[tokio::test]
async fn only_admins_and_recruiters_change_words() {
    let room = Fixture::open().await;
    let kim = MemberAdd {
        name: "Kim Park".into(),
        email: "kim@acme.example".into(),
        zoom_email: None,
        zone: None,
        roles: vec![Role::HiringManager],
        hiring_jobs: vec!["Designer".into()],
    };
    room.dana.member_add(kim).await.unwrap();
    let kim = room
        .daemon
        .client_as(OWNER, "kim@acme.example")
        .await
        .unwrap();
    let shown = kim.template_show(invitation()).await.unwrap();
    assert_eq!(shown.source, TemplateSource::BuiltIn);
    let edit = TemplateEdit {
        text: Some(OWN.into()),
        ..TemplateEdit::default()
    };
    let refused = kim.template_edit(edit).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Denied);
}

/// Case U4: what is about to leave, and nothing else.
#[tokio::test]
async fn emails_that_can_still_be_undone_are_listed_until_they_leave() {
    let room = Fixture::open().await;
    let leaving = MailQuery {
        leaving: true,
        ..MailQuery::default()
    };
    let interview = room.calls().await;
    let listed = room.dana.mail_list(leaving.clone()).await.unwrap().items;
    let to: Vec<_> = listed.iter().map(|it| it.address.as_str()).collect();
    assert_eq!(to, [ANA, SAM]);
    assert!(listed.iter().all(|it| it.interview == Some(interview.id)));
    room.daemon.seconds_pass(UNDO);
    let listed = room.dana.mail_list(leaving).await.unwrap().items;
    assert_eq!(listed, []);
}

/// A later version may know fewer variables: its built-in words stand in, and that is said.
#[tokio::test]
async fn words_that_a_version_reads_as_no_template_are_named_by_status_and_doctor() {
    let room = Fixture::open().await;
    assert_eq!(room.dana.status().await.unwrap().flawed_templates, []);
    let services = room.daemon.services();
    let space = services.index.workspaces()[0].id.to_string();
    let (space, now) = (&space, services.clock.now());
    let planted = services.store.transact(|tx| async move {
        let record = TemplateRecord {
            subject: "About {{nonsense}}".into(),
            text: "Hello".into(),
            changed_at: now,
            changed_by: Actor::default(),
        };
        let id = TemplateRecord::id(TemplateName::Rejected, None);
        tx.put(space, &id, &record)
    });
    planted.await.unwrap();
    let status = room.dana.status().await.unwrap();
    let [flawed] = &status.flawed_templates[..] else {
        panic!("{:?}", status.flawed_templates)
    };
    assert_eq!((flawed.name, flawed.stage), (TemplateName::Rejected, None));
    assert!(flawed.why.contains("nonsense"), "{flawed:?}");
    let checks = room.dana.doctor().await.unwrap();
    let check = checks.iter().find(|it| it.name == "templates");
    let check = check.expect("a check");
    assert!(check.message.contains("rejected"), "{check:?}");
    assert!(check.message.contains("nonsense"), "{check:?}");
}
