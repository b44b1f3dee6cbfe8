//! Our own interviews come back in others' calendars: as invitations, which are ours by their UID,
//! and merged into free-busy, which names none.

use greenroom_protocol::calendar::FeedAdd;
use greenroom_protocol::interview::{Interview, InterviewReschedule, MeetingType};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::DANA;
use greenroomd::mail::token;

use super::fixture::{Fixture, desk, file};
use crate::booking::fixture::{ANA, with};

impl Fixture {
    /// Dana interviews Ana by phone for 45 minutes at 15:00 UTC, ten in the morning for Dana.
    async fn talks(&self) -> Interview {
        let interview = greenroom_protocol::interview::InterviewNew {
            kind: MeetingType::Phone,
            details: Some("+1 212 555 0100".into()),
            duration_minutes: Some(45),
            ..with(ANA, "2026-12-02T15:00:00Z")
        };
        self.books(interview).await
    }

    /// Dana's calendar elsewhere says this by now.
    async fn elsewhere(&self, entries: &str) {
        let add = FeedAdd {
            replace: true,
            ..file(DANA, "Work", entries)
        };
        self.dana.feed_add(add).await.unwrap();
    }

    /// What is said of busy times elsewhere where the interview moved.
    async fn would_move(&self, interview: &Interview, start: &str) -> Vec<String> {
        let to = InterviewReschedule {
            start: start.into(),
            interview: Reference {
                dry_run: true,
                ..Reference::to(interview.id.to_string())
            },
            ..reschedule()
        };
        let tried = self.dana.interview_reschedule(to).await.unwrap();
        let found = tried.verdict.advises.into_iter();
        let elsewhere = found.filter(|it| it.code == FindingCode::BusyElsewhere);
        elsewhere.map(|it| it.message).collect()
    }
}

fn reschedule() -> InterviewReschedule {
    InterviewReschedule {
        refuse_advice: false,
        interview: Reference::to(String::new()),
        start: String::new(),
        start_shown: None,
        locale: None,
        zone: None,
        duration_minutes: None,
        by: greenroom_protocol::interview::Side::Us,
        reason: None,
    }
}

/// An entry of that UID from ten to a quarter to eleven, Dana's time.
fn entry(uid: &str) -> String {
    format!(
        "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART:20261202T150000Z\r\nDTEND:20261202T154500Z\r\n\
         END:VEVENT\r\n"
    )
}

/// What a server says that merges what it knows.
fn free_busy(from: &str, to: &str) -> String {
    format!(
        "BEGIN:VFREEBUSY\r\nFREEBUSY;FBTYPE=BUSY:20261202T{from}Z/20261202T{to}Z\r\n\
         END:VFREEBUSY\r\n"
    )
}

#[tokio::test]
async fn an_interview_moves_a_quarter_of_an_hour_past_its_own_invitation() {
    let desk = desk().await;
    let interview = desk.talks().await;
    let workspace = desk.dana.hello().workspace.as_ref().unwrap().id;
    desk.elsewhere(&entry(&token::uid(interview.id, workspace)))
        .await;
    let moved = desk.would_move(&interview, "2026-12-02T15:15:00Z").await;
    assert_eq!(moved, [""; 0]);
    // Another entry of that time is another entry.
    desk.elsewhere(&entry("dentist@elsewhere.example")).await;
    let moved = desk.would_move(&interview, "2026-12-02T15:15:00Z").await;
    assert_eq!(moved.len(), 1, "{moved:?}");
}

#[tokio::test]
async fn of_free_busy_the_interview_itself_is_cut_out_and_the_rest_stands() {
    let desk = desk().await;
    let interview = desk.talks().await;
    // Alone, and merged with what comes right after it.
    desk.elsewhere(&free_busy("150000", "154500")).await;
    for start in ["2026-12-02T15:15:00Z", "2026-12-02T14:45:00Z"] {
        assert_eq!(desk.would_move(&interview, start).await, [""; 0], "{start}");
    }
    desk.elsewhere(&free_busy("150000", "161500")).await;
    assert_eq!(
        desk.would_move(&interview, "2026-12-02T14:45:00Z").await,
        [""; 0]
    );
    assert_eq!(
        desk.would_move(&interview, "2026-12-02T15:15:00Z").await,
        ["Dana Reyes is busy elsewhere from 10:45 to 11:15 EST"]
    );
    // Another interview is not it.
    let other = greenroom_protocol::interview::InterviewNew {
        kind: MeetingType::Phone,
        details: Some("+1 212 555 0100".into()),
        dry_run: true,
        ..with(crate::booking::fixture::BEN, "2026-12-02T15:00:00Z")
    };
    let tried = desk.dana.interview_new(other).await.unwrap();
    let codes: Vec<_> = tried.verdict.advises.iter().map(|it| it.code).collect();
    assert!(codes.contains(&FindingCode::BusyElsewhere), "{codes:?}");
}

#[tokio::test]
async fn for_a_day_an_interview_may_still_be_shown_where_it_was() {
    let desk = desk().await;
    let interview = desk.talks().await;
    desk.elsewhere(&free_busy("150000", "154500")).await;
    let moved = desk.moves(&interview, "2026-12-02T18:00:00Z", None).await;
    assert_eq!(
        desk.would_move(&moved, "2026-12-02T15:00:00Z").await,
        [""; 0]
    );
    desk.daemon.seconds_pass(24 * 3600 + 60);
    let back = desk.would_move(&moved, "2026-12-02T15:00:00Z").await;
    assert_eq!(back.len(), 1, "{back:?}");
}
