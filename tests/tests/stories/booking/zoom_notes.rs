//! Zoom notes: asked for by the stage or the booking, read back, advised against before booking
//! where Zoom writes none, and told to everybody invited exactly where Zoom writes them.

use greenroom_protocol::edit::Edit;
use greenroom_protocol::interview::{Interview, InterviewEdit, InterviewNew, MeetingType};
use greenroom_protocol::pipeline::{StageConfigure, StageInterviewChange};
use greenroom_protocol::schedule::{Finding, FindingClass, FindingCode};
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::zoom::PERMISSIONS;
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::{Account, Config, Licence, Locked, Meeting, Plan, User};

use crate::booking::fixture::{ANA, BEN, Fixture, TEN, assert_refused, codes, with};

const ELEVEN: &str = "2026-12-01T11:00:00Z";

/// Seconds an email waits before it leaves.
const UNDO: i64 = 10;

const TO_THE_CANDIDATE: &str = "Zoom will write an automatic summary of this";
const TO_INTERVIEWERS: &str = "The candidate's invitation says so too.";

fn noted(candidate: &str, start: &str) -> InterviewNew {
    InterviewNew {
        zoom_notes: Some(true),
        ..with(candidate, start)
    }
}

fn edit(interview: &Interview, notes: bool) -> InterviewEdit {
    InterviewEdit {
        zoom_notes: Some(notes),
        ..Reference::to(interview.id.to_string()).into()
    }
}

fn locked_off() -> Account {
    Account {
        locked: Locked {
            auto_start_meeting_summary: Some(false),
            ..Locked::default()
        },
        ..Account::new("acme", Plan::Business)
    }
}

/// The text of an email on one line, however it is wrapped.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Fixture {
    /// The stage that everybody applies to has notes.
    async fn stage_notes(&self, notes: bool) {
        let stage = StageConfigure {
            job: Some("Designer".into()),
            stage: "Applied".into(),
            change: Some(StageInterviewChange {
                zoom_notes: Edit::Set(notes),
                ..StageInterviewChange::default()
            }),
            ..StageConfigure::default()
        };
        let stage = self.dana.stage_configure(stage).await.unwrap();
        assert_eq!(stage.interview.zoom_notes, Some(notes));
    }

    fn meeting(&self, interview: &Interview) -> Meeting {
        let id = interview.meeting.meeting_id.as_ref().unwrap();
        let id: u64 = id.parse().unwrap();
        let mut meetings = self.daemon.zoom.meetings().into_iter();
        meetings.find(|it| it.id == id).unwrap()
    }

    fn summarizes(&self, interview: &Interview) -> bool {
        self.meeting(interview).settings.auto_start_meeting_summary
    }

    /// The emails to somebody, once so many have left.
    async fn emails(&self, to: &str, count: usize) -> Vec<String> {
        self.daemon.seconds_pass(UNDO);
        let deadline = greenroom_tests::wait::Deadline::here();
        loop {
            deadline.check();
            let found = self.mail().to(to).unwrap();
            if found.len() >= count {
                assert_eq!(found.len(), count, "{found:?}");
                return found.iter().map(|it| flat(&it.text)).collect();
            }
            tokio::task::yield_now().await;
        }
    }

    async fn advised(&self, interview: InterviewNew) -> Vec<Finding> {
        let dry_run = InterviewNew {
            dry_run: true,
            ..interview
        };
        let outcome = self.dana.interview_new(dry_run).await.unwrap();
        let mut advice = outcome.verdict.advises;
        advice.retain(|it| it.code == FindingCode::NoZoomNotes);
        advice
    }
}

#[tokio::test]
async fn a_stage_with_notes_asks_zoom_and_everybody_invited_is_told() {
    let desk = Fixture::open().await;
    desk.stage_notes(true).await;
    let interview = desk.has(with(ANA, TEN)).await;
    assert!(interview.zoom_notes && !codes(&interview).contains(&FindingCode::NoZoomNotes));
    assert!(desk.summarizes(&interview));
    let ana = desk.emails(ANA, 1).await;
    assert!(ana[0].contains(TO_THE_CANDIDATE), "{ana:?}");
    let dana = desk.emails(DANA, 1).await;
    assert!(dana[0].contains(TO_INTERVIEWERS), "{dana:?}");
    let calendar = desk.mail().to(ANA).unwrap()[0].calendar.clone().unwrap();
    let unfolded = calendar.replace("\r\n ", "");
    assert!(unfolded.contains(TO_THE_CANDIDATE), "{unfolded}");

    // The booking's own word counts more than the stage's, and the invitation says what is so.
    let without = InterviewNew {
        zoom_notes: Some(false),
        ..with(BEN, ELEVEN)
    };
    let without = desk.has(without).await;
    assert!(!without.zoom_notes && !desk.summarizes(&without));
    let ben = desk.emails(BEN, 1).await;
    assert!(!ben[0].contains("summary"), "{ben:?}");
}

/// A meeting that says nothing of notes has those of its host's own settings, so it is said.
#[tokio::test]
async fn without_notes_a_hosts_own_setting_starts_none() {
    let users = vec![User {
        auto_summaries: true,
        ..User::new(DANA)
    }];
    let desk = Fixture::with(Config {
        users,
        ..Config::default()
    })
    .await;
    let interview = desk.has(with(ANA, TEN)).await;
    assert!(!interview.zoom_notes && !desk.summarizes(&interview));
}

#[tokio::test]
async fn notes_turned_on_or_off_later_reach_zoom_and_everybody_invited() {
    let desk = Fixture::open().await;
    let interview = desk.has(with(ANA, TEN)).await;
    desk.emails(ANA, 1).await;
    let link = interview.meeting.join_url.clone();

    desk.dana
        .interview_edit(edit(&interview, true))
        .await
        .unwrap();
    let on = desk.settled(&interview).await;
    assert!(on.zoom_notes && desk.summarizes(&on));
    assert_eq!(on.meeting.join_url, link);
    let ana = desk.emails(ANA, 2).await;
    assert!(ana[1].contains(TO_THE_CANDIDATE) && ana[1].contains("has been updated"));

    desk.dana
        .interview_edit(edit(&interview, false))
        .await
        .unwrap();
    let off = desk.settled(&interview).await;
    assert!(!off.zoom_notes && !desk.summarizes(&off));
    let ana = desk.emails(ANA, 3).await;
    assert!(!ana[2].contains("summary"), "{ana:?}");

    // The same again is no change.
    let same = desk.dana.interview_edit(edit(&interview, false)).await;
    assert_eq!(same.unwrap().interview.change, off.change);
    // A reschedule keeps what was decided.
    desk.dana
        .interview_edit(edit(&interview, true))
        .await
        .unwrap();
    desk.settled(&interview).await;
    let moved = desk.moves(&interview, ELEVEN, None).await;
    let moved = desk.settled(&moved).await;
    assert!(moved.zoom_notes && desk.summarizes(&moved));
}

/// With the permission to see the host's settings it is known before anything was booked.
#[tokio::test]
async fn what_plan_settings_or_an_admin_do_not_allow_is_advised_before_booking() {
    let off = User {
        summaries: false,
        ..User::new(DANA)
    };
    let basic = User::new(DANA).licensed_as(Licence::Basic);
    for (account, user, words) in [
        (locked_off(), User::new(DANA), "locked by a Zoom admin"),
        (
            Account::new("acme", Plan::Business),
            off,
            "turned off in Dana",
        ),
        (Account::new("acme", Plan::Business), basic, "Basic plan"),
    ] {
        let config = Config {
            accounts: vec![account],
            users: vec![user],
            ..Config::default()
        };
        let desk = Fixture::with(config).await;
        let advice = desk.advised(noted(ANA, TEN)).await;
        let [advice] = &advice[..] else {
            panic!("{words}: {advice:?}")
        };
        assert!(advice.message.contains(words), "{advice:?}");
        assert_eq!(advice.class, Some(FindingClass::Plan));
        assert_eq!(desk.advised(with(ANA, TEN)).await, []);

        // Booked all the same: it stands there with the reason once, and nobody is promised notes.
        let booked = desk.has(noted(ANA, TEN)).await;
        let said = codes(&booked);
        let said = said.iter().filter(|it| **it == FindingCode::NoZoomNotes);
        assert_eq!(said.count(), 1, "{booked:?}");
        let ana = desk.emails(ANA, 1).await;
        assert!(!ana[0].contains("summary"), "{ana:?}");

        // Without notes there is nothing to say.
        desk.dana
            .interview_edit(edit(&booked, false))
            .await
            .unwrap();
        let without = desk.settled(&booked).await;
        assert!(!codes(&without).contains(&FindingCode::NoZoomNotes));
    }
}

/// Without that permission the last meeting tells, and so does the first that works again.
#[tokio::test]
async fn without_the_settings_the_last_meeting_tells() {
    let granted = PERMISSIONS.iter().map(|it| it.scope);
    let granted: Vec<_> = granted.filter(|it| *it != "user:read:settings").collect();
    let desk = Fixture::with(Config {
        accounts: vec![locked_off()],
        users: vec![User::new(DANA).granting_only(&granted)],
        ..Config::default()
    })
    .await;
    assert_eq!(desk.advised(noted(ANA, TEN)).await, []);
    let booked = desk.has(noted(ANA, TEN)).await;
    assert!(
        codes(&booked).contains(&FindingCode::NoZoomNotes),
        "{booked:?}"
    );
    let advice = desk.advised(noted(BEN, ELEVEN)).await;
    assert!(
        advice[0].message.contains("did not turn notes on"),
        "{advice:?}"
    );

    desk.daemon
        .zoom
        .add_account(Account::new("acme", Plan::Business));
    let works = desk.has(noted(BEN, ELEVEN)).await;
    assert!(
        !codes(&works).contains(&FindingCode::NoZoomNotes),
        "{works:?}"
    );
    let later = noted(ANA, "2026-12-01T13:00:00Z");
    assert_eq!(desk.advised(later).await, []);
}

#[tokio::test]
async fn only_a_zoom_meeting_of_ours_has_notes() {
    let desk = Fixture::open().await;
    desk.stage_notes(true).await;
    let by_phone = InterviewNew {
        kind: MeetingType::Phone,
        details: Some("+49 30 5550 1234".into()),
        ..with(ANA, TEN)
    };
    let asked = InterviewNew {
        zoom_notes: Some(true),
        ..by_phone.clone()
    };
    let refused = desk.refused(asked).await;
    let kind = greenroom_protocol::ErrorKind::Usage;
    assert_refused(&refused, kind, "zoom_notes", &["Greenroom creates"]);
    let called = desk.books(by_phone).await;
    assert!(!called.zoom_notes, "the stage's word is for Zoom meetings");

    // A link entered manually takes the notes away.
    let zoom = desk.has(with(BEN, ELEVEN)).await;
    let link = InterviewEdit {
        url: Some("https://meet.example/room".into()),
        ..Reference::to(zoom.id.to_string()).into()
    };
    let manual = desk.dana.interview_edit(link).await.unwrap().interview;
    assert!(!manual.zoom_notes);
}
