//! What a candidate never reads in a letter: what colleagues write about them, what the company
//! calls its stages, and who else applied.

use greenroom_protocol::insight::InsightNote;
use greenroom_protocol::interview::{InterviewEdit, InterviewNew};
use greenroom_protocol::pipeline::{CandidateEdit, StageConfigure, StageInterview};
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::{DANA, add_candidate, add_job, connect_zoom};

use crate::mail::fixture::{ANA, Fixture, SAM, UNDO, by_zoom};

/// What none of the letters to Ana may hold.
const SECRETS: [&str; 7] = [
    "Zweifel",
    "Halbstark",
    "Geheimtipp",
    "Leitfaden",
    "Ben Okafor",
    "ben.okafor",
    "Prokurist",
];

#[tokio::test]
async fn no_letter_to_a_candidate_tells_what_is_meant_for_colleagues_or_of_others() {
    let room = Fixture::open().await;
    connect_zoom(&room.dana, DANA).await.unwrap();
    let configure = StageConfigure {
        job: Some("Designer".into()),
        stage: "Applied".into(),
        name: Some("Zweifel".into()),
        interview: Some(StageInterview {
            guidance: "Leitfaden: ask about the gap".into(),
            ..StageInterview::default()
        }),
        ..StageConfigure::default()
    };
    room.dana.stage_configure(configure).await.unwrap();
    let source = CandidateEdit {
        candidate: ANA.into(),
        source: Some("Geheimtipp".into()),
        ..CandidateEdit::default()
    };
    room.dana.candidate_edit(source).await.unwrap();
    // Ben applied too, for another job as well, and talks to Sam right before.
    let ben = "ben.okafor@mail.example";
    add_job(&room.dana, "Prokurist").await.unwrap();
    add_candidate(&room.dana, "Ben Okafor", ben, "Designer")
        .await
        .unwrap();
    let bens = InterviewNew {
        candidate: ben.into(),
        start: "2026-12-04T09:30:00Z".into(),
        ..by_zoom()
    };
    room.dana.interview_new(bens).await.unwrap();

    // Invited, moved, told who comes, reminded, called off.
    let anas = InterviewNew {
        start: "2026-12-03T10:00:00Z".into(),
        ..by_zoom()
    };
    let interview = room.dana.interview_new(anas).await.unwrap().interview;
    let letters_leave = async || {
        room.daemon.rests().await.unwrap();
        room.daemon.seconds_pass(UNDO);
        room.daemon.rests().await.unwrap();
    };
    letters_leave().await;
    let note = InsightNote {
        interview: Reference::to(interview.id.to_string()),
        notes: "Halbstark in SQL".into(),
    };
    room.dana.insight_note(note).await.unwrap();
    let moved = room
        .moves(
            &interview,
            "2026-12-04T10:00:00Z",
            Some("The room is taken"),
        )
        .await;
    letters_leave().await;
    let edit = InterviewEdit {
        with: Some(vec![SAM.into(), DANA.into()]),
        ..room.edit(&interview)
    };
    room.dana.interview_edit(edit).await.unwrap();
    letters_leave().await;
    room.daemon
        .time_passes_until(moved.start.plus_minutes(-60))
        .await
        .unwrap();
    room.cancels(&interview).await;
    letters_leave().await;

    let letters = room.mail().to(ANA).unwrap();
    let begins = |word: &str| {
        let of = letters.iter().filter(|it| it.subject.starts_with(word));
        of.count()
    };
    let kinds = ["Interview ", "Updated: ", "Reminder: ", "Cancelled: "].map(begins);
    assert_eq!(kinds, [1, 2, 2, 1]);
    for letter in &letters {
        let calendar = &letter.calendar.clone().unwrap_or_default();
        for secret in SECRETS {
            for text in [&letter.subject, &letter.text, calendar] {
                assert!(!text.contains(secret), "{secret} in {text}");
            }
        }
    }
    // Colleagues read the stage.
    let sams = room.mail().to(SAM).unwrap();
    assert!(sams.iter().any(|it| it.text.contains("Zweifel")));
}
