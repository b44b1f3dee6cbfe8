//! One email to each of several candidates: a template about their state, or a text of one's own.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::mail::{MailKind, MailQuery};
use greenroom_protocol::pipeline::{CandidateEmailMany, CandidateState, ManyOutcome, StateAction};
use greenroom_protocol::template::TemplateName;
use greenroom_protocol::workspace::Reference;

use crate::applications::fixture::{ANA, BEN, Fixture, WEN, assert_conflict};

fn writes(who: &[&str]) -> CandidateEmailMany {
    CandidateEmailMany {
        candidates: who.iter().map(|who| (*who).into()).collect(),
        subject: Some("{{job}} at {{workspace}}: a question".into()),
        text: Some("{{greeting}}\n\nWhen could you start?\n\n{{organizer}}".into()),
        ..CandidateEmailMany::default()
    }
}

fn uses(template: TemplateName, who: &[&str]) -> CandidateEmailMany {
    CandidateEmailMany {
        template: Some(template),
        subject: None,
        text: None,
        ..writes(who)
    }
}

impl Fixture {
    async fn emails(&self, email: CandidateEmailMany) -> ManyOutcome {
        self.story.dana.candidate_email_many(email).await.unwrap()
    }
}

#[tokio::test]
async fn each_candidate_gets_an_email_of_their_own_and_none_twice() {
    let office = Fixture::open().await;
    let outcome = office
        .emails(writes(&[ANA, "nobody@mail.example", WEN]))
        .await;
    assert_eq!((outcome.changed, outcome.failed), (2, 1));
    assert!(outcome.emails_at.is_some() && outcome.preview.is_none());
    // The same page again, as after a lost answer.
    let again = office.emails(writes(&[ANA, WEN])).await;
    assert_eq!((again.changed, again.failed), (0, 0));
    let to_ana = office.inbox(ANA).await;
    assert_eq!(to_ana.len(), 1);
    assert_eq!(to_ana[0].subject, "Designer at Acme: a question");
    assert_eq!(
        to_ana[0].text.trim_end(),
        "Hello Ana,\n\nWhen could you start?\n\nDana Reyes"
    );
    let to_wen = office.inbox(WEN).await;
    assert_eq!(to_wen.len(), 1);
    assert_eq!(to_wen[0].subject, "Welder at Acme: a question");
    assert!(!to_wen[0].text.contains("Ana"), "{}", to_wen[0].text);
    let after = office.emails(writes(&[ANA])).await;
    assert_eq!(after.changed, 0);
}

#[tokio::test]
async fn a_dry_run_shows_how_the_first_would_read_and_emails_nobody() {
    let office = Fixture::open().await;
    let before = office.story.daemon.revision();
    let tried = CandidateEmailMany {
        dry_run: true,
        ..writes(&[BEN, ANA])
    };
    let outcome = office.emails(tried).await;
    assert_eq!((outcome.changed, outcome.dry_run), (2, true));
    let preview = outcome.preview.expect("a preview");
    assert!(preview.text.starts_with("Hello Ben,"), "{preview:?}");
    assert!(
        preview.to.ends_with("<ben.okafor@mail.example>"),
        "{preview:?}"
    );
    assert_eq!(office.story.daemon.revision(), before);
}

#[tokio::test]
async fn an_email_that_waits_is_dropped_and_never_leaves() {
    let office = Fixture::open().await;
    office.emails(writes(&[ANA])).await;
    let waiting = office
        .story
        .dana
        .mail_list(MailQuery::default())
        .await
        .unwrap()
        .items;
    assert_eq!(waiting[0].kind, MailKind::Message);
    let drop_it = Reference::to(waiting[0].id.to_string());
    office.story.dana.mail_drop(drop_it).await.unwrap();
    assert_eq!(office.inbox(ANA).await.len(), 0);
}

#[tokio::test]
async fn a_template_is_for_candidates_in_its_state() {
    let office = Fixture::open().await;
    office.does(ANA, StateAction::Reject).await;
    let outcome = office
        .emails(uses(TemplateName::Rejected, &[ANA, BEN]))
        .await;
    assert_eq!((outcome.changed, outcome.failed), (1, 1));
    assert_conflict(
        outcome.items[1].error.as_ref().unwrap(),
        "Ben Okafor is active, not rejected",
    );
    assert_eq!(office.inbox(ANA).await.len(), 1);
    let refused = office
        .story
        .dana
        .candidate_email_many(uses(TemplateName::Invitation, &[ANA]));
    let refused = refused.await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Usage);
    assert_eq!(refused.field.as_deref(), Some("template"));
}

#[tokio::test]
async fn an_email_about_a_state_has_the_words_of_the_workspaces_template() {
    let office = Fixture::open().await;
    let holds = CandidateState {
        email: true,
        ..CandidateState::new(ANA, StateAction::Hold)
    };
    office.changes(holds).await.unwrap();
    let emails = office.inbox(ANA).await;
    assert_eq!(emails.len(), 1);
    assert!(
        emails[0].text.contains("is on hold for now"),
        "{}",
        emails[0].text
    );
    assert!(
        emails[0].text.contains("Best regards,\nDana Reyes\nAcme"),
        "{}",
        emails[0].text
    );
}
