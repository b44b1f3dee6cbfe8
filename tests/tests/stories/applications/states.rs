//! Rejected, withdrawn, on hold, hired and back: the emails, the interviews, the undo.

use greenroom_protocol::interview::{ChangeKind, InterviewStatus, Side};
use greenroom_protocol::mail::{MailKind, MailQuery, MailState};
use greenroom_protocol::pipeline::{
    ApplicationState, CandidateEdit, CandidateMove, CandidateQuery, CandidateState, StateAction,
};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};

use crate::applications::fixture::{ANA, BEN, Fixture, TEN, WEN, assert_conflict, by_phone};

fn rejects(who: &str) -> CandidateState {
    CandidateState {
        reason: Some("Not enough experience".into()),
        email: true,
        ..CandidateState::new(who, StateAction::Reject)
    }
}

#[tokio::test]
async fn a_rejected_candidate_leaves_the_list_and_gets_one_email_without_the_reason() {
    let office = Fixture::open().await;
    let changed = office.changes(rejects(ANA)).await.unwrap();
    assert_eq!(changed.from, ApplicationState::Active);
    assert_eq!(changed.application.state, ApplicationState::Rejected);
    let entry = &changed.application.states[0];
    assert_eq!(
        (entry.state, entry.by.as_str()),
        (ApplicationState::Rejected, "Dana Reyes")
    );
    assert_eq!(entry.reason.as_deref(), Some("Not enough experience"));
    let email = changed.email.expect("an email");
    assert_eq!(email.not_before, entry.at.plus_seconds(10));

    assert_eq!(
        office.listed(CandidateQuery::default()).await,
        ["Ben Okafor", "Wen Zhang"]
    );
    let archived = CandidateQuery {
        archived: true,
        ..CandidateQuery::default()
    };
    assert_eq!(office.listed(archived).await, ["Ana Lima"]);
    assert_eq!(
        office.standing(&[ApplicationState::Rejected]).await,
        ["Ana Lima"]
    );
    assert_eq!(office.standing(&[ApplicationState::Hired]).await, [""; 0]);
    let job = &office.story.dana.job_list().await.unwrap().items[0];
    assert_eq!((job.title.as_str(), job.candidates), ("Designer", 1));

    let emails = office.inbox(ANA).await;
    assert_eq!(emails.len(), 1);
    assert_eq!(emails[0].subject, "Your application for Designer at Acme");
    assert!(
        emails[0].text.starts_with("Hello Ana,"),
        "{}",
        emails[0].text
    );
    assert!(
        emails[0].text.contains("not to move forward"),
        "{}",
        emails[0].text
    );
    assert!(!emails[0].text.contains("experience"), "{}", emails[0].text);
    let sent = MailQuery {
        past: true,
        ..MailQuery::default()
    };
    let sent = office.story.dana.mail_list(sent).await.unwrap().items;
    assert_eq!(
        (sent[0].kind, sent[0].state),
        (MailKind::Rejected, MailState::Sent)
    );
}

#[tokio::test]
async fn a_change_undone_before_its_email_leaves_emails_nobody() {
    let office = Fixture::open().await;
    let changed = office.changes(rejects(ANA)).await.unwrap();
    let undone = office.undoes(&changed).await.unwrap();
    assert_eq!(undone.from, ApplicationState::Rejected);
    assert_eq!(undone.application.state, ApplicationState::Active);
    assert!(undone.application.states.is_empty());
    assert_eq!(office.inbox(ANA).await.len(), 0);
    // Only once, and only what was changed.
    let again = office.undoes(&changed).await.unwrap_err();
    assert_conflict(&again, "changed by someone else");
    let nothing = office.undoes(&undone).await.unwrap_err();
    assert_conflict(&nothing, "no change of state");
}

#[tokio::test]
async fn an_undo_leads_to_the_state_before_with_its_reason() {
    let office = Fixture::open().await;
    let holds = CandidateState {
        reason: Some("Position on hold".into()),
        ..CandidateState::new(ANA, StateAction::Hold)
    };
    office.changes(holds).await.unwrap();
    let rejected = office.does(ANA, StateAction::Reject).await;
    let undone = office.undoes(&rejected).await.unwrap();
    assert_eq!(undone.application.state, ApplicationState::OnHold);
    let reason = undone.application.states[0].reason.as_deref();
    assert_eq!(reason, Some("Position on hold"));
}

#[tokio::test]
async fn once_the_email_has_left_the_change_cannot_be_undone_but_the_application_reopened() {
    let office = Fixture::open().await;
    let changed = office.changes(rejects(ANA)).await.unwrap();
    assert_eq!(office.inbox(ANA).await.len(), 1);
    let refused = office.undoes(&changed).await.unwrap_err();
    assert_conflict(&refused, "Emails have gone out");
    let reopened = office.does(ANA, StateAction::Reopen).await;
    assert_eq!(reopened.application.state, ApplicationState::Active);
    assert_eq!(reopened.application.stage_name, "Applied");
    assert_eq!(reopened.application.states.len(), 2);
    assert!(
        office
            .listed(CandidateQuery::default())
            .await
            .contains(&"Ana Lima".to_owned())
    );
}

#[tokio::test]
async fn a_newer_change_calls_the_email_about_the_one_before_back() {
    let office = Fixture::open().await;
    let holds = CandidateState {
        email: true,
        ..CandidateState::new(ANA, StateAction::Hold)
    };
    office.changes(holds).await.unwrap();
    office.changes(rejects(ANA)).await.unwrap();
    let emails = office.inbox(ANA).await;
    assert_eq!(emails.len(), 1);
    assert!(
        emails[0].text.contains("not to move forward"),
        "{}",
        emails[0].text
    );
}

#[tokio::test]
async fn upcoming_interviews_stand_in_the_way_until_they_are_to_be_cancelled() {
    let office = Fixture::open().await;
    let interview = office.calls_ana().await;
    assert_eq!(office.inbox(ANA).await.len(), 1);
    let refused = office.changes(rejects(ANA)).await.unwrap_err();
    assert_conflict(&refused, "Ana Lima has an upcoming interview");
    assert_eq!(refused.kind.exit_code(), 6);
    assert_eq!(refused.field.as_deref(), Some("cancel_interviews"));
    assert!(
        refused.matches[0].starts_with(&interview.id.to_string()),
        "{refused:?}"
    );
    assert_eq!(
        office.application(ANA).await.state,
        ApplicationState::Active
    );

    let with_them = CandidateState {
        cancel_interviews: true,
        ..rejects(ANA)
    };
    let changed = office.changes(with_them).await.unwrap();
    assert_eq!(changed.interviews, [interview.id]);
    let cancelled = office.story.show(&interview).await;
    assert_eq!(cancelled.status, InterviewStatus::Cancelled);
    let change = cancelled.changes.last().unwrap();
    assert_eq!(
        (change.kind, change.side),
        (ChangeKind::Cancelled, Side::Us)
    );
    assert_eq!(change.reason, None);
    // The invitation, its cancellation, and the rejection: each once.
    let emails = office.inbox(ANA).await;
    assert_eq!(emails.len(), 3);
    let methods: Vec<_> = emails.iter().filter_map(|it| it.method()).collect();
    assert_eq!(methods, ["REQUEST", "CANCEL"]);
    assert_eq!(
        office
            .story
            .mail()
            .to(crate::applications::fixture::SAM)
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn an_undo_schedules_the_cancelled_interviews_again_where_the_time_is_free() {
    let office = Fixture::open().await;
    let interview = office.calls_ana().await;
    let withdraws = || CandidateState {
        cancel_interviews: true,
        ..CandidateState::new(ANA, StateAction::Withdraw)
    };
    let changed = office.changes(withdraws()).await.unwrap();
    let last = office.story.show(&interview).await.changes.pop().unwrap();
    assert_eq!(last.side, Side::Candidate);
    let undone = office.undoes(&changed).await.unwrap();
    assert_eq!(undone.interviews, [interview.id]);
    let again = office.story.show(&interview).await;
    assert_eq!(again.status, InterviewStatus::Confirmed);

    let changed = office.changes(withdraws()).await.unwrap();
    office.story.books(by_phone(BEN, TEN)).await;
    let undone = office.undoes(&changed).await.unwrap();
    assert!(undone.interviews.is_empty());
    assert!(undone.warnings[0].contains("stays cancelled"), "{undone:?}");
    assert_eq!(undone.application.state, ApplicationState::Active);
}

#[tokio::test]
async fn reopening_brings_no_interview_back() {
    let office = Fixture::open().await;
    let interview = office.calls_ana().await;
    let hires = CandidateState {
        cancel_interviews: true,
        ..CandidateState::new(ANA, StateAction::Hire)
    };
    let hired = office.changes(hires).await.unwrap();
    assert_eq!(hired.application.state, ApplicationState::Hired);
    office.does(ANA, StateAction::Reopen).await;
    let cancelled = office.story.show(&interview).await;
    assert_eq!(cancelled.status, InterviewStatus::Cancelled);
}

#[tokio::test]
async fn on_hold_keeps_interviews_and_advises_against_more() {
    let office = Fixture::open().await;
    let interview = office.calls_ana().await;
    let held = office.does(ANA, StateAction::Hold).await;
    assert!(held.interviews.is_empty());
    let kept = office.story.show(&interview).await;
    assert_eq!(kept.status, InterviewStatus::Confirmed);
    let another = by_phone(ANA, "2026-12-01T14:00:00Z");
    let outcome = office.story.dana.interview_new(another).await.unwrap();
    let codes: Vec<_> = outcome.verdict.advises.iter().map(|it| it.code).collect();
    assert!(codes.contains(&FindingCode::ApplicationOnHold), "{codes:?}");
}

#[tokio::test]
async fn nothing_is_scheduled_and_nobody_moved_for_a_closed_application() {
    let office = Fixture::open().await;
    let interview = office.calls_ana().await;
    let withdraws = CandidateState {
        cancel_interviews: true,
        ..CandidateState::new(ANA, StateAction::Withdraw)
    };
    office.changes(withdraws).await.unwrap();
    let refused = office
        .story
        .dana
        .interview_new(by_phone(ANA, TEN))
        .await
        .unwrap_err();
    assert_conflict(&refused, "The application is withdrawn");
    assert!(refused.hint.unwrap().contains("reopen"));
    let undo = greenroom_protocol::interview::InterviewUndo {
        interview: Reference::to(interview.id.to_string()),
        change: office.story.show(&interview).await.change,
        unsent: false,
    };
    let refused = office.story.dana.interview_undo(undo).await.unwrap_err();
    assert_conflict(&refused, "The application is withdrawn");
    let to = CandidateMove {
        candidate: ANA.into(),
        stage: "Onsite".into(),
        ..CandidateMove::default()
    };
    let refused = office.story.dana.candidate_move(to).await.unwrap_err();
    assert_conflict(&refused, "The application is withdrawn");
    let refused = office
        .changes(CandidateState::new(ANA, StateAction::Hire))
        .await
        .unwrap_err();
    assert_conflict(&refused, "The application is withdrawn");
}

#[tokio::test]
async fn a_dry_run_writes_nothing_and_says_what_would_happen() {
    let office = Fixture::open().await;
    let interview = office.calls_ana().await;
    let before = office.story.daemon.revision();
    let tries = CandidateState {
        cancel_interviews: true,
        dry_run: true,
        ..rejects(ANA)
    };
    let changed = office.changes(tries).await.unwrap();
    assert!(changed.dry_run);
    assert_eq!(changed.application.state, ApplicationState::Rejected);
    assert_eq!(changed.interviews, [interview.id]);
    assert_eq!(office.story.daemon.revision(), before);
    assert_eq!(
        office.application(ANA).await.state,
        ApplicationState::Active
    );
}

#[tokio::test]
async fn of_several_applications_the_one_that_is_open_is_meant() {
    let office = Fixture::open().await;
    let also = CandidateEdit {
        candidate: ANA.into(),
        apply: Some("Welder".into()),
        ..CandidateEdit::default()
    };
    office.story.dana.candidate_edit(also).await.unwrap();
    let rejects = CandidateState::new(ANA, StateAction::Reject);
    let refused = office.changes(rejects.clone()).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::NotFound);
    let named = CandidateState {
        job: Some("Designer".into()),
        ..rejects.clone()
    };
    office.changes(named).await.unwrap();
    // She is still listed, with the application that goes on.
    assert!(
        office
            .listed(CandidateQuery::default())
            .await
            .contains(&"Ana Lima".to_owned())
    );
    let of_designers = CandidateQuery {
        job: Some("Designer".into()),
        ..CandidateQuery::default()
    };
    assert_eq!(office.listed(of_designers).await, ["Ben Okafor"]);
    let changed = office.changes(rejects).await.unwrap();
    assert_eq!(changed.application.job_title, "Welder");
    assert_eq!(
        office.standing(&[ApplicationState::Active]).await,
        ["Ben Okafor", "Wen Zhang"]
    );
}

#[tokio::test]
async fn the_audit_says_what_changed_and_not_why() {
    let office = Fixture::open().await;
    let changed = office.changes(rejects(ANA)).await.unwrap();
    let query = greenroom_protocol::audit::AuditQuery::default();
    let entries = office.story.dana.audit_list(query).await.unwrap().items;
    let about = changed.application.id.to_string();
    let entry = entries
        .iter()
        .find(|it| it.call == "candidate_state" && it.record == about)
        .expect("an entry");
    assert_eq!(entry.fields, ["state", "reason"]);
    let text = serde_json::to_string(entry).unwrap();
    assert!(
        text.contains("rejected") && !text.contains("experience"),
        "{text}"
    );
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_field() {
    let office = Fixture::open().await;
    let refused = |change| async { office.changes(change).await.unwrap_err() };
    let field = |error: Error| (error.kind, error.field.unwrap_or_default());
    let hires = CandidateState {
        email: true,
        ..CandidateState::new(WEN, StateAction::Hire)
    };
    assert_eq!(
        field(refused(hires).await),
        (ErrorKind::Usage, "email".into())
    );
    let wordy = CandidateState {
        reason: Some("x".repeat(201)),
        ..CandidateState::new(WEN, StateAction::Reject)
    };
    assert_eq!(
        field(refused(wordy).await),
        (ErrorKind::Usage, "reason".into())
    );
    let hostile = CandidateState {
        reason: Some("a\u{1b}[2J".into()),
        ..CandidateState::new(WEN, StateAction::Reject)
    };
    assert_eq!(
        field(refused(hostile).await),
        (ErrorKind::Usage, "reason".into())
    );
    let undo = CandidateState::new(WEN, StateAction::Undo);
    assert_eq!(
        field(refused(undo).await),
        (ErrorKind::Usage, "expected_revision".into())
    );
}
