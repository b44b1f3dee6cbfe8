//! Notes and links: who writes and reads them, what of them is emailed, and that they are erased.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::mail::InviteQuery;
use greenroom_protocol::pipeline::{
    ApplicationState, CandidateAdd, CandidateExportQuery, CandidateNote, CandidateNoteRemove,
    ImportPage, ImportRow, Note, NoteAdd, StateAction,
};
use greenroom_protocol::workspace::{Reference, Role};
use greenroom_tests::harness::add_member;
use greenroom_tests::test_daemon::OWNER;

use crate::applications::fixture::{ANA, Fixture, SAM, WEN, assert_conflict, by_phone};

fn note(text: &str) -> CandidateNote {
    CandidateNote {
        candidate: ANA.into(),
        text: Some(text.into()),
        ..CandidateNote::default()
    }
}

impl Fixture {
    async fn notes(&self, note: CandidateNote) -> Note {
        self.story.dana.candidate_note(note).await.unwrap()
    }
}

#[tokio::test]
async fn a_note_is_written_changed_and_removed_by_its_edition() {
    let office = Fixture::open().await;
    let first = office.notes(note("Strong on storage,\nwants remote")).await;
    assert_eq!((first.edition, first.by.as_str()), (1, "Dana Reyes"));
    let link = CandidateNote {
        link: Some("https://cv.example/ana.pdf".into()),
        for_interviewers: Some(true),
        ..note("Résumé")
    };
    office.notes(link).await;
    let changes = CandidateNote {
        note: Some(first.id.to_string()),
        expected_edition: Some(1),
        ..note("Strong on storage")
    };
    let second = office.notes(changes.clone()).await;
    assert_eq!((second.id, second.edition), (first.id, 2));
    assert!(second.edited_at.is_some());
    let late = office.story.dana.candidate_note(changes).await.unwrap_err();
    assert_conflict(&late, "changed by someone else");
    let texts: Vec<_> = office.candidate(ANA).await.notes;
    let texts: Vec<_> = texts.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(texts, ["Strong on storage", "Résumé"]);

    let removal = CandidateNoteRemove {
        candidate: ANA.into(),
        note: first.id.to_string(),
        expected_edition: Some(2),
    };
    let removed = office
        .story
        .dana
        .candidate_note_remove(removal)
        .await
        .unwrap();
    assert_eq!(removed.text, "Strong on storage");
    assert_eq!(office.candidate(ANA).await.notes.len(), 1);
}

/// Case: the answer to `note add` was lost, and it is tried again.
#[tokio::test]
async fn the_same_note_added_again_soon_after_is_the_first_one() {
    let office = Fixture::open().await;
    let first = office.notes(note("Strong on storage")).await;
    let before = office.story.daemon.revision();
    assert_eq!(office.notes(note("Strong on storage")).await, first);
    assert_eq!(office.story.daemon.revision(), before, "nothing is written");
    // Another text, another reader, or the same after a while are notes of their own.
    office.notes(note("Strong on storage!")).await;
    let for_interviewers = CandidateNote {
        for_interviewers: Some(true),
        ..note("Strong on storage")
    };
    office.notes(for_interviewers).await;
    office.story.daemon.seconds_pass(15 * 60);
    office.notes(note("Strong on storage")).await;
    assert_eq!(office.candidate(ANA).await.notes.len(), 4);
    // What was changed since is not what was added.
    let changes = CandidateNote {
        note: Some(first.id.to_string()),
        ..note("Weak on storage")
    };
    office.notes(changes).await;
    office.notes(note("Weak on storage")).await;
    assert_eq!(office.candidate(ANA).await.notes.len(), 5);
}

#[tokio::test]
async fn a_link_that_is_none_is_not_taken_for_a_meetings() {
    let office = Fixture::open().await;
    let wrong = CandidateNote {
        link: Some("ana.pdf".into()),
        ..note("Application")
    };
    let refused = office.story.dana.candidate_note(wrong).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("link"));
    assert!(refused.message.contains("resume.pdf"), "{refused:?}");
}

#[tokio::test]
async fn what_is_no_note_is_refused_by_field() {
    let office = Fixture::open().await;
    for (wrong, field) in [
        (note(""), "text"),
        (note(&"x".repeat(4097)), "text"),
        (note("a\u{1b}[2J"), "text"),
        (
            CandidateNote {
                link: Some("javascript:alert(1)".into()),
                ..note("x")
            },
            "link",
        ),
    ] {
        let refused = office.story.dana.candidate_note(wrong).await.unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Usage, "{refused:?}");
        assert_eq!(refused.field.as_deref(), Some(field));
    }
}

#[tokio::test]
async fn what_is_marked_is_in_the_interviewers_invitation_and_never_in_the_candidates() {
    let office = Fixture::open().await;
    office.notes(note("Asked for too much")).await;
    let marked = CandidateNote {
        link: Some("https://cv.example/ana.pdf".into()),
        for_interviewers: Some(true),
        ..note("Ask about storage")
    };
    office.notes(marked).await;
    let interview = office.calls_ana().await;
    let to_ana = office.inbox(ANA).await.remove(0);
    let to_sam = office.story.mail().to(SAM).unwrap().remove(0);
    let marked = "Notes on the candidate:\n- Ask about storage: https://cv.example/ana.pdf\n";
    assert!(to_sam.text.contains(marked), "{}", to_sam.text);
    for (email, part) in [
        (&to_ana, "storage"),
        (&to_ana, "cv.example"),
        (&to_sam, "too much"),
    ] {
        let bytes = String::from_utf8_lossy(&email.bytes).into_owned();
        assert!(!email.text.contains(part), "{}", email.text);
        assert!(!bytes.contains(part), "{bytes}");
    }
    assert!(!to_sam.calendar.unwrap().contains("storage"));
    let preview = InviteQuery {
        interview: interview.id.to_string(),
        to: None,
    };
    let preview = office.story.dana.interview_invite(preview).await.unwrap();
    assert!(!preview.text.contains("storage"), "{}", preview.text);
}

#[tokio::test]
async fn interviewers_read_what_is_marked_for_them_and_write_nothing() {
    let office = Fixture::open().await;
    office.notes(note("Asked for too much")).await;
    let marked = CandidateNote {
        for_interviewers: Some(true),
        ..note("Ask about storage")
    };
    office.notes(marked).await;
    office.calls_ana().await;
    let sam = office.story.daemon.client_as(OWNER, SAM).await.unwrap();
    let seen = sam.candidate_get(Reference::to(ANA)).await.unwrap().notes;
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].text, "Ask about storage");
    let denied = sam.candidate_note(note("x")).await.unwrap_err();
    assert_eq!(denied.kind, ErrorKind::Denied);
    // Whose interview it is not sees nobody.
    let wen = sam.candidate_get(Reference::to(WEN)).await.unwrap_err();
    assert_eq!(wen.kind, ErrorKind::NotFound);
    // A recruiter reads all.
    let dana = &office.story.dana;
    add_member(dana, "Rae Kim", "rae@acme.example", &[Role::Recruiter])
        .await
        .unwrap();
    let rae = office
        .story
        .daemon
        .client_as(OWNER, "rae@acme.example")
        .await
        .unwrap();
    assert_eq!(
        rae.candidate_get(Reference::to(ANA))
            .await
            .unwrap()
            .notes
            .len(),
        2
    );
    // The reason of a rejection is not an interviewer's business either.
    office.does(ANA, StateAction::Hold).await;
    drop(by_phone(ANA, "2026-12-02T10:00:00Z"));
    let seen = sam.candidate_get(Reference::to(ANA)).await.unwrap();
    assert_eq!(seen.applications[0].state, ApplicationState::OnHold);
    assert_eq!(seen.applications[0].states[0].reason, None);
}

#[tokio::test]
async fn notes_are_exported_and_erased_with_the_candidate() {
    let office = Fixture::open().await;
    office.notes(note("Strong on zebrafish")).await;
    office.does(ANA, StateAction::Reject).await;
    let dana = &office.story.dana;
    let query = CandidateExportQuery {
        candidate: ANA.into(),
        cursor: None,
    };
    let held = dana
        .candidate_export(query)
        .await
        .unwrap()
        .candidate
        .unwrap();
    assert_eq!(held.notes[0].text, "Strong on zebrafish");
    assert_eq!(held.applications[0].state, ApplicationState::Rejected);
    assert_eq!(held.applications[0].states.len(), 1);
    let erased = dana.candidate_erase(Reference::to(ANA)).await.unwrap();
    assert_eq!(erased.notes, 1);
    for (key, bytes) in office.story.daemon.rows().await.unwrap() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("zebrafish"), "{key}: {text}");
    }
}

#[tokio::test]
async fn an_import_brings_state_notes_and_links_and_adds_none_twice() {
    let office = Fixture::open().await;
    let row = ImportRow {
        line: 1,
        candidate: CandidateAdd {
            name: "Noor Aziz".into(),
            email: "noor@mail.example".into(),
            job: Some("Designer".into()),
            state: Some(ApplicationState::Rejected),
            notes: vec![
                NoteAdd {
                    text: "Spoke in May".into(),
                    ..NoteAdd::default()
                },
                NoteAdd {
                    link: Some("https://cv.example/noor".into()),
                    ..NoteAdd::default()
                },
            ],
            ..CandidateAdd::default()
        },
    };
    let page = ImportPage {
        rows: vec![row],
        dry_run: false,
    };
    let dana = &office.story.dana;
    let report = dana.candidate_import(page.clone()).await.unwrap();
    assert_eq!((report.added, report.errors.len()), (1, 0), "{report:?}");
    dana.candidate_import(page).await.unwrap();
    let noor = office.candidate("noor@mail.example").await;
    assert_eq!(noor.notes.len(), 2);
    assert_eq!(
        noor.notes[1].link.as_deref(),
        Some("https://cv.example/noor")
    );
    assert_eq!(noor.applications[0].state, ApplicationState::Rejected);
    assert_eq!(
        office.standing(&[ApplicationState::Rejected]).await,
        ["Noor Aziz"]
    );
}
