//! Many at once: each stands alone, and the answer names each.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::pipeline::{
    ApplicationState, CandidateMoveMany, CandidateQuery, CandidateStateMany, StateAction,
};

use crate::applications::fixture::{ANA, BEN, Fixture, WEN};

fn reject(who: &[&str]) -> CandidateStateMany {
    CandidateStateMany {
        candidates: who.iter().map(|who| (*who).into()).collect(),
        job: None,
        action: StateAction::Reject,
        reason: None,
        email: true,
        cancel_interviews: false,
        dry_run: false,
    }
}

#[tokio::test]
async fn one_that_cannot_be_rejected_keeps_no_other_from_it() {
    let office = Fixture::open().await;
    office.calls_ana().await;
    let dana = &office.story.dana;
    let request = reject(&[BEN, ANA, "nobody@mail.example", WEN]);
    let outcome = dana.candidate_state_many(request.clone()).await.unwrap();
    assert_eq!((outcome.changed, outcome.failed), (2, 2));
    let asked: Vec<_> = outcome
        .items
        .iter()
        .map(|it| it.candidate.as_str())
        .collect();
    assert_eq!(asked, [BEN, ANA, "nobody@mail.example", WEN]);
    let kinds: Vec<_> = outcome
        .items
        .iter()
        .map(|it| it.error.as_ref().map(|error| error.kind))
        .collect();
    let expected = [
        None,
        Some(ErrorKind::Conflict),
        Some(ErrorKind::NotFound),
        None,
    ];
    assert_eq!(kinds, expected);
    assert_eq!(
        outcome.emails_at,
        Some(office.story.daemon.now().plus_seconds(10))
    );
    assert_eq!(office.listed(CandidateQuery::default()).await, ["Ana Lima"]);

    // The same page again changes what is left of it.
    let again = CandidateStateMany {
        cancel_interviews: true,
        ..request
    };
    let outcome = dana.candidate_state_many(again).await.unwrap();
    assert_eq!((outcome.changed, outcome.failed), (1, 1));
    assert_eq!(office.inbox(BEN).await.len(), 1);
    assert_eq!(office.inbox(WEN).await.len(), 1);
}

#[tokio::test]
async fn many_are_undone_by_what_each_answered_with() {
    let office = Fixture::open().await;
    let dana = &office.story.dana;
    let outcome = dana
        .candidate_state_many(reject(&[ANA, BEN]))
        .await
        .unwrap();
    let undo = CandidateStateMany {
        candidates: outcome
            .items
            .iter()
            .filter_map(|it| it.done.as_ref())
            .map(|done| greenroom_protocol::pipeline::OneOfMany {
                candidate: done.application.to_string(),
                expected_revision: Some(done.revision),
            })
            .collect(),
        action: StateAction::Undo,
        email: false,
        ..reject(&[])
    };
    let undone = dana.candidate_state_many(undo).await.unwrap();
    assert_eq!((undone.changed, undone.failed), (2, 0));
    assert_eq!(
        office.standing(&[ApplicationState::Rejected]).await,
        [""; 0]
    );
    assert_eq!(office.inbox(ANA).await.len(), 0);
}

#[tokio::test]
async fn many_are_moved_and_a_dry_run_moves_nobody() {
    let office = Fixture::open().await;
    let dana = &office.story.dana;
    office.does(BEN, StateAction::Reject).await;
    let to = CandidateMoveMany {
        candidates: vec![ANA.into(), BEN.into(), WEN.into()],
        job: None,
        stage: "Onsite".into(),
        undo: false,
        dry_run: true,
    };
    let outcome = dana.candidate_move_many(to.clone()).await.unwrap();
    assert_eq!(
        (outcome.changed, outcome.failed, outcome.dry_run),
        (2, 1, true)
    );
    assert_eq!(office.application(ANA).await.stage_name, "Applied");
    let to = CandidateMoveMany {
        dry_run: false,
        ..to
    };
    let outcome = dana.candidate_move_many(to.clone()).await.unwrap();
    assert_eq!((outcome.changed, outcome.failed), (2, 1));
    let done = outcome.items[0].done.as_ref().unwrap();
    let application = office.application(ANA).await;
    assert_eq!(application.stage_name, "Onsite");
    assert_eq!(
        (done.application, done.revision),
        (application.id, application.revision)
    );
    assert_eq!(done.stage, application.history[0].stage);
    let again = dana.candidate_move_many(to).await.unwrap();
    assert_eq!((again.changed, again.failed), (0, 1));
}

#[tokio::test]
async fn more_than_a_page_is_refused() {
    let office = Fixture::open().await;
    let many = vec![ANA; 501];
    let refused = office.story.dana.candidate_state_many(reject(&many)).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Usage);
    assert_eq!(refused.field.as_deref(), Some("candidates"));
}
