//! Rejected long ago: announced, kept where something goes on, erased, and never without notice.

use greenroom_protocol::audit::AuditQuery;
use greenroom_protocol::pipeline::{
    CandidateEdit, CandidateNote, CandidateQuery, RetentionQuery, RetentionRow, StateAction,
};
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::workspace::WorkspaceEdit;
use greenroom_protocol::{Error, ErrorKind};
use greenroom_tests::harness::DANA;
use greenroomd::pipeline::retention::tonight;

use crate::applications::fixture::{ANA, BEN, Fixture, WEN};

const DAY: i64 = 24 * 60 * 60;

impl Fixture {
    async fn keeps(&self, months: u32) -> Result<(), Error> {
        let edit = WorkspaceEdit {
            keep_rejected: Some(months),
            ..WorkspaceEdit::default()
        };
        self.story.dana.workspace_edit(edit).await.map(drop)
    }

    /// So many days pass, and then a night.
    async fn days(&self, days: i64) {
        self.story.daemon.clock_is_set_by(days * DAY);
        self.night().await;
    }

    async fn night(&self) {
        tonight(self.story.daemon.services()).await.unwrap();
        self.story.daemon.rests().await.unwrap();
    }

    async fn to_be_erased(&self, months: Option<u32>) -> Vec<RetentionRow> {
        let query = RetentionQuery {
            keep_rejected: months,
            ..RetentionQuery::default()
        };
        self.story.dana.retention_list(query).await.unwrap().items
    }

    async fn everybody(&self) -> Vec<String> {
        let mut all = self.listed(CandidateQuery::default()).await;
        let archived = CandidateQuery {
            archived: true,
            ..CandidateQuery::default()
        };
        all.extend(self.listed(archived).await);
        // Who is active in one job and rejected in another is in both.
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The announcements that the admin got.
    fn announcements(&self) -> Vec<String> {
        let emails = self.story.mail().to(DANA).unwrap().into_iter();
        let about = emails.filter(|it| it.subject.contains("will be erased"));
        about.map(|it| it.text).collect()
    }
}

#[tokio::test]
async fn a_candidate_rejected_long_ago_is_announced_two_weeks_before_and_then_erased() {
    let office = Fixture::open().await;
    let note = CandidateNote {
        candidate: ANA.into(),
        text: Some("Strong on zebrafish".into()),
        ..CandidateNote::default()
    };
    office.story.dana.candidate_note(note).await.unwrap();
    office.does(ANA, StateAction::Reject).await;
    office.does(BEN, StateAction::Withdraw).await;
    office.keeps(2).await.unwrap();
    office.night().await;
    assert!(office.announcements().is_empty());

    // 30 November and two months: 30 January. 20 January is within two weeks of it.
    office.days(51).await;
    let announced = office.announcements();
    assert_eq!(announced.len(), 1);
    assert!(
        announced[0].contains("2 candidates in Acme"),
        "{}",
        announced[0]
    );
    assert!(
        announced[0].contains("greenroom workspace retention"),
        "{}",
        announced[0]
    );
    for name in ["Ana", "Ben"] {
        assert!(!announced[0].contains(name), "{}", announced[0]);
    }
    let rows = office.to_be_erased(None).await;
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].name, "Ana Lima");
    assert!(rows[0].announced_at.is_some());
    let checks = office.story.dana.doctor().await.unwrap();
    let check = checks
        .iter()
        .find(|it| it.name == "retention")
        .expect("a check");
    assert_eq!(check.result, CheckResult::Ok);
    assert!(check.message.contains("2 rejected candidates"), "{check:?}");
    let status = office.story.dana.status().await.unwrap();
    let retention = status.retention.expect("who is to be erased");
    let first = rows.iter().map(|row| row.erase_at).min().unwrap();
    assert_eq!((retention.candidates, retention.first), (2, first));

    // Said once, and nobody is erased early.
    office.days(9).await;
    assert_eq!(office.announcements().len(), 1);
    assert_eq!(office.everybody().await.len(), 3);
    // One of them comes back.
    office.does(BEN, StateAction::Reopen).await;
    office.days(6).await;
    assert_eq!(office.everybody().await, ["Ben Okafor", "Wen Zhang"]);
    for (key, bytes) in office.story.daemon.rows().await.unwrap() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !text.contains("zebrafish") && !text.contains("Ana Lima"),
            "{key}: {text}"
        );
    }
    let audit = AuditQuery::default();
    let entries = office.story.dana.audit_list(audit).await.unwrap().items;
    let erased = entries
        .iter()
        .find(|it| it.fields == ["erased"])
        .expect("an entry");
    assert_eq!(erased.call, "retention");
    assert_eq!(erased.source, "worker");
    assert!(office.to_be_erased(None).await.is_empty());
    let checks = office.story.dana.doctor().await.unwrap();
    assert!(checks.iter().all(|it| it.name != "retention"));
}

#[tokio::test]
async fn what_is_long_due_when_it_is_set_is_announced_first() {
    let office = Fixture::open().await;
    office.does(ANA, StateAction::Reject).await;
    office.days(400).await;
    assert!(office.announcements().is_empty());
    let rows = office.to_be_erased(Some(12)).await;
    let in_two_weeks = office.story.daemon.now().plus_seconds(14 * DAY);
    assert_eq!(
        (rows[0].erase_at, rows[0].announced_at),
        (in_two_weeks, None)
    );
    assert!(office.to_be_erased(None).await.is_empty());

    office.keeps(12).await.unwrap();
    office.night().await;
    assert_eq!(office.announcements().len(), 1);
    office.days(13).await;
    assert_eq!(office.everybody().await.len(), 3);
    office.days(2).await;
    assert_eq!(office.everybody().await, ["Ben Okafor", "Wen Zhang"]);
}

#[tokio::test]
async fn who_applied_for_something_that_goes_on_or_was_hired_is_kept() {
    let office = Fixture::open().await;
    let also = CandidateEdit {
        candidate: ANA.into(),
        apply: Some("Welder".into()),
        ..CandidateEdit::default()
    };
    office.story.dana.candidate_edit(also).await.unwrap();
    let rejects = greenroom_protocol::pipeline::CandidateState {
        job: Some("Designer".into()),
        ..greenroom_protocol::pipeline::CandidateState::new(ANA, StateAction::Reject)
    };
    office.changes(rejects).await.unwrap();
    office.does(BEN, StateAction::Hold).await;
    office.does(WEN, StateAction::Hire).await;
    office.keeps(1).await.unwrap();
    office.days(100).await;
    office.days(100).await;
    assert!(office.announcements().is_empty());
    assert_eq!(office.everybody().await.len(), 3);
}

#[tokio::test]
async fn switched_off_nobody_is_erased_and_switched_on_again_it_begins_anew() {
    let office = Fixture::open().await;
    office.does(ANA, StateAction::Reject).await;
    office.keeps(1).await.unwrap();
    office.days(40).await;
    assert_eq!(office.announcements().len(), 1);
    office.keeps(0).await.unwrap();
    office.days(40).await;
    assert_eq!(office.everybody().await.len(), 3);
    office.keeps(1).await.unwrap();
    office.night().await;
    assert_eq!(office.announcements().len(), 2);
    assert_eq!(office.everybody().await.len(), 3);
    office.days(15).await;
    assert_eq!(office.everybody().await.len(), 2);
    let refused = office.keeps(121).await.unwrap_err();
    assert_eq!(
        (refused.kind, refused.field.as_deref()),
        (ErrorKind::Usage, Some("keep_rejected"))
    );
}

#[tokio::test]
async fn after_a_restart_in_between_the_announcement_still_counts() {
    let mut office = Fixture::open().await;
    office.does(ANA, StateAction::Reject).await;
    office.keeps(1).await.unwrap();
    office.days(20).await;
    assert_eq!(office.announcements().len(), 1);
    office.story.daemon.begin_again().await.unwrap();
    office.story.dana = office
        .story
        .daemon
        .client(greenroom_tests::test_daemon::OWNER)
        .await
        .unwrap();
    office.days(15).await;
    assert_eq!(office.announcements().len(), 1);
    assert_eq!(office.everybody().await, ["Ben Okafor", "Wen Zhang"]);
}
