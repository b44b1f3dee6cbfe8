//! A host's licence, email and name change at Zoom: what is shown and advised follows with the
//! daily renewal.

use greenroom_protocol::drift::CheckQuery;
use greenroom_protocol::interview::InterviewNew;
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::workspace::Role;
use greenroom_protocol::zoom::{Connection, ConnectionQuery, ZoomPlan};
use greenroom_tests::harness::{DANA, add_member};
use greenroom_tests::sandbox::{Licence, User};
use greenroom_tests::wait::Deadline;

use crate::booking::fixture::{ANA, BEN, Fixture, codes, with};

const A_DAY: i64 = 24 * 60 * 60;

/// Days after the story's beginning, so that nights pass before it.
const LATER: &str = "2026-12-09T10:00:00Z";
const AN_HOUR_LATER: &str = "2026-12-09T12:00:00Z";

impl Fixture {
    async fn zoom(&self) -> Connection {
        let query = ConnectionQuery::default();
        self.dana.zoom_status(query).await.unwrap()
    }

    /// Nights pass until the connection is so.
    async fn renewed(&self, so: impl Fn(&Connection) -> bool) -> Connection {
        self.daemon.seconds_pass(A_DAY + 2 * 60 * 60);
        // A house renews keys when they are needed.
        self.checked().await;
        let deadline = Deadline::here();
        loop {
            deadline.check();
            match self.zoom().await {
                connection if so(&connection) => return connection,
                _ => tokio::task::yield_now().await,
            }
        }
    }

    async fn checked(&self) {
        let query = CheckQuery::default();
        let mut report = self.dana.interview_check(query).await.unwrap();
        let deadline = Deadline::here();
        while report.is_running() {
            deadline.check();
            tokio::task::yield_now().await;
            report = self.dana.drift_list().await.unwrap();
        }
    }
}

fn of(connection: &Connection) -> ZoomPlan {
    connection.zoom_user.as_ref().unwrap().plan
}

/// Case Z7: a licence that is taken away or given is noticed, and the advice of forty minutes
/// follows, for what is booked too.
#[tokio::test]
async fn the_advice_follows_the_hosts_licence() {
    let desk = Fixture::open().await;
    let an_hour = |candidate, start| InterviewNew {
        duration_minutes: Some(60),
        ..with(candidate, start)
    };
    let cut_off = FindingCode::BasicFortyMinutes;
    let before = desk.has(an_hour(ANA, LATER)).await;
    assert!(!codes(&before).contains(&cut_off), "{before:?}");

    let user = |licence| User::new(DANA).licensed_as(licence);
    desk.daemon.zoom.add_user(user(Licence::Basic)).unwrap();
    desk.renewed(|it| of(it) == ZoomPlan::Basic).await;
    let booked = desk.has(an_hour(BEN, AN_HOUR_LATER)).await;
    assert!(codes(&booked).contains(&cut_off), "{booked:?}");
    desk.checked().await;
    desk.when(&before, |it| codes(it).contains(&cut_off)).await;

    desk.daemon.zoom.add_user(user(Licence::Licensed)).unwrap();
    desk.renewed(|it| of(it) == ZoomPlan::Licensed).await;
    desk.checked().await;
    for interview in [&before, &booked] {
        desk.when(interview, |it| !codes(it).contains(&cut_off))
            .await;
    }
}

/// Case Z7: a new name is taken over; an email that changed is said, with whose it is here.
#[tokio::test]
async fn an_email_that_changed_to_another_members_is_said() {
    let desk = Fixture::open().await;
    assert_eq!(desk.zoom().await.reason, None);
    let omar = "omar.haddad@acme.example";
    add_member(&desk.dana, "Omar Haddad", omar, &[Role::Recruiter])
        .await
        .unwrap();
    desk.daemon.zoom.rename_user(DANA, omar).unwrap();
    let zoom = desk.renewed(|it| it.reason.is_some()).await;
    let reason = zoom.reason.unwrap();
    assert!(
        reason.contains(omar) && reason.contains("Omar Haddad"),
        "{reason}"
    );
    assert_eq!(zoom.reason_code.as_deref(), Some("email-changed"));
    assert!(zoom.hint.is_some() && zoom.state.serves());
    let doctor = desk.dana.doctor().await.unwrap();
    let check = doctor.iter().find(|it| it.name == "zoom of Dana Reyes");
    assert_eq!(check.unwrap().result, CheckResult::Warning, "{check:?}");

    desk.daemon.zoom.rename_user(omar, DANA).unwrap();
    desk.renewed(|it| it.reason.is_none()).await;
}
