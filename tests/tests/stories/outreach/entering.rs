//! Somebody enters a stage with AI scheduling: by a move, and at most once with each.

use greenroom_protocol::outreach::{OutreachStart, OutreachState, OutreachWhy, SlotState};
use greenroom_protocol::pipeline::{
    Approval, CandidateAdd, CandidateMoveMany, ImportPage, ImportRow, OneOfMany,
};
use greenroom_protocol::schedule::BusyWith;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{ErrorKind, audit::AuditQuery};
use greenroom_tests::test_daemon::OWNER;
use greenroom_tests::wait;

use crate::outreach::assisted::{Assisted, READ_AFTER, SCREEN, SETTLES};
use crate::outreach::fixture::{ANA, BEN, SAM, UNDO, at, by_phone};

#[tokio::test]
async fn a_candidate_who_is_moved_there_is_sent_times_by_the_assistant() {
    let office = Assisted::open(Approval::Auto).await;
    office.moves_to(ANA, SCREEN).await;
    let settling = office.newest(ANA).await;
    let moved_at = office.daemon.now();
    assert_eq!(settling.state, OutreachState::Settling);
    assert_eq!(settling.writes_at, Some(moved_at.plus_seconds(SETTLES)));
    assert_eq!(
        (settling.approval, settling.started_by.as_ref()),
        (Some(Approval::Auto), None)
    );
    assert_eq!(settling.organizer.email, greenroom_tests::harness::DANA);
    office.daemon.seconds_pass(SETTLES - 1);
    office.was_emailed(ANA, 0).await;
    assert_eq!(
        office.outreach(&settling).await.state,
        OutreachState::Settling
    );

    office.daemon.seconds_pass(1);
    let sending = office.becomes(&settling, OutreachState::Sending).await;
    assert_eq!((sending.slots.len(), sending.round), (4, 1));
    assert!(
        sending
            .slots
            .iter()
            .all(|slot| slot.state == SlotState::Held)
    );
    // A day to decide, and the stage's notice of a day.
    let earliest = office.daemon.now().plus_minutes(48 * 60);
    assert!(sending.slots.iter().all(|slot| slot.start >= earliest));
    let held = office.takes(ANA).await;
    assert!(!held.is_empty() && held.iter().all(|(_, with)| *with == BusyWith::HeldSlot));

    office.daemon.seconds_pass(UNDO);
    let proposed = office.becomes(&settling, OutreachState::Proposed).await;
    let email = office.mail().to(ANA).unwrap().remove(0);
    for part in [
        "please choose one of these times",
        "written by Robin, an automated assistant",
        "To speak with a person, say so in your reply, and Dana Reyes will answer",
    ] {
        let text = email.text.replace('\n', " ").to_lowercase();
        assert!(
            text.contains(&part.to_lowercase()),
            "{part}\n{}",
            email.text
        );
    }
    // The audit names the assistant.
    let entries = office.dana.audit_list(AuditQuery::default()).await.unwrap();
    let id = proposed.id.to_string();
    let about = entries.items.iter().filter(|it| it.record == id);
    let by: Vec<_> = about.map(|it| it.actor.as_str()).collect();
    assert!(
        !by.is_empty() && by.iter().all(|by| *by == "assistant"),
        "{by:?}"
    );

    // What they answer is read some seconds later, and booked.
    office
        .gets("1", &email.words("The second one, please."))
        .await;
    office.daemon.seconds_pass(READ_AFTER);
    let booked = office.becomes(&proposed, OutreachState::Booked).await;
    assert_eq!(booked.slots[1].state, SlotState::Booked);
    let interviews = office.dana.interview_list(Default::default()).await;
    assert_eq!(
        interviews.unwrap().items[0]
            .host
            .as_ref()
            .map(|it| it.name.as_str()),
        Some("Dana Reyes")
    );
    // Nothing of the others is held, and nobody begins with her again.
    office.daemon.rests().await.unwrap();
    let held = office.takes(SAM).await;
    assert!(held.iter().all(|(_, with)| *with != BusyWith::HeldSlot));
    assert_eq!(office.of(ANA).await.len(), 1);
    assert_eq!(office.stage().await.not_started, 0);
}

#[tokio::test]
async fn a_move_that_is_undone_before_or_after_the_assistant_acts_writes_to_nobody() {
    for seconds in [SETTLES - 1, SETTLES + 1] {
        let office = Assisted::open(Approval::Auto).await;
        let undo = office.moves_to(ANA, SCREEN).await;
        let outreach = office.newest(ANA).await;
        office.daemon.seconds_pass(seconds);
        if seconds > SETTLES {
            office.becomes(&outreach, OutreachState::Sending).await;
        }
        office.daemon.rests().await.unwrap();
        office.dana.candidate_move(undo).await.unwrap();
        office.is_over(&outreach, OutreachWhy::Left).await;
        office.daemon.seconds_pass(SETTLES + UNDO);
        office.was_emailed(ANA, 0).await;
        assert_eq!(office.takes(SAM).await, []);
        assert_eq!(office.of(ANA).await.len(), 1);
    }
}

#[tokio::test]
async fn who_comes_back_by_an_undo_is_not_begun_with_and_who_is_moved_again_is() {
    let office = Assisted::open(Approval::Auto).await;
    let first = office.enters(ANA).await;
    office.becomes(&first, OutreachState::Sending).await;
    let undo = office.moves_to(ANA, "Onsite").await;
    office.is_over(&first, OutreachWhy::Left).await;
    office.dana.candidate_move(undo).await.unwrap();
    office.daemon.seconds_pass(SETTLES);
    office.daemon.rests().await.unwrap();
    assert_eq!(office.of(ANA).await.len(), 1);
    assert_eq!(office.stage().await.not_started, 1);

    office.moves_to(ANA, "Onsite").await;
    let again = office.enters(ANA).await;
    assert_ne!(again.id, first.id);
    office.becomes(&again, OutreachState::Sending).await;
}

#[tokio::test]
async fn an_import_and_an_added_candidate_write_to_nobody_until_somebody_starts_them() {
    let office = Assisted::open(Approval::Auto).await;
    // Nine times until the horizon: enough for one who gets four, and two who get two.
    office.has_half_an_hour_on(&[1, 2, 3, 4, 5]).await;
    let never = greenroom_protocol::workspace::WorkspaceEdit {
        share_slots: Some(greenroom_protocol::workspace::ShareSlots::Never),
        ..Default::default()
    };
    office.dana.workspace_edit(never).await.unwrap();
    let row = |line: u64| ImportRow {
        line,
        candidate: CandidateAdd {
            name: format!("Candidate {line}"),
            email: format!("c{line}@mail.example"),
            job: Some("Designer".into()),
            stage: Some(SCREEN.into()),
            ..CandidateAdd::default()
        },
    };
    let page = ImportPage {
        rows: (1..=30).map(row).collect(),
        dry_run: false,
    };
    assert_eq!(office.dana.candidate_import(page).await.unwrap().added, 30);
    office.daemon.seconds_pass(SETTLES + UNDO);
    office.daemon.rests().await.unwrap();
    assert_eq!(office.mail().letters().unwrap().len(), 0);
    assert_eq!(office.listed(true).await, []);
    assert_eq!(office.stage().await.not_started, 30);

    // One of them; asked again, it is the same.
    let one = office.starts("c1@mail.example").await;
    assert_eq!((one.started, one.repeated), (1, false));
    let again = office.starts("c1@mail.example").await;
    assert_eq!((again.started, again.repeated), (0, true));
    assert_eq!(again.outreaches, one.outreaches);
    office.daemon.rests().await.unwrap();
    assert_eq!(office.stage().await.not_started, 29);

    // And all the others.
    let all = OutreachStart {
        stage: Some(SCREEN.into()),
        dry_run: true,
        ..OutreachStart::default()
    };
    let before = office.daemon.rows().await.unwrap();
    let would_be = office.dana.outreach_start(all.clone()).await.unwrap();
    assert_eq!((would_be.started, would_be.left), (29, 0));
    assert_eq!(would_be.outreaches, []);
    assert_eq!(office.daemon.rows().await.unwrap(), before);
    let all = OutreachStart {
        dry_run: false,
        ..all
    };
    let started = office.dana.outreach_start(all).await.unwrap();
    assert_eq!((started.started, started.failed.len()), (29, 0));
    office.daemon.rests().await.unwrap();
    assert_eq!(office.stage().await.not_started, 0);
    // Sam has time for some of them; the others stand in line, and each time is one person's.
    let listed = office.listed(false).await;
    assert_eq!(listed.len(), 30);
    let is = |state| listed.iter().filter(|it| it.state == state).count();
    // Who is begun with first has more to choose from while nobody else waits yet.
    let (served, waiting) = (is(OutreachState::Sending), is(OutreachState::Waiting));
    assert!((2..=4).contains(&served), "{served}");
    assert_eq!(served + waiting, 30);
    let mut starts: Vec<_> = listed
        .iter()
        .flat_map(|it| &it.slots)
        .map(|it| it.start)
        .collect();
    let all = starts.len();
    starts.sort();
    starts.dedup();
    assert_eq!(starts.len(), all);
}

#[tokio::test]
async fn nothing_is_started_where_there_is_nothing_to_start() {
    let office = Assisted::open(Approval::Auto).await;
    let start = |candidate: Option<&str>, stage: Option<&str>| OutreachStart {
        candidate: candidate.map(str::to_owned),
        stage: stage.map(str::to_owned),
        ..OutreachStart::default()
    };
    for (request, kind) in [
        (start(None, None), ErrorKind::Usage),
        (start(Some(ANA), Some(SCREEN)), ErrorKind::Usage),
        // She is in a stage without AI scheduling.
        (start(Some(ANA), None), ErrorKind::Conflict),
        (start(None, Some("Onsite")), ErrorKind::Conflict),
        (start(None, Some("Nowhere")), ErrorKind::NotFound),
    ] {
        let refused = office
            .dana
            .outreach_start(request.clone())
            .await
            .unwrap_err();
        assert_eq!(refused.kind, kind, "{request:?}");
    }
    // With an interview there is nothing to arrange, by a move or a start.
    office.books(by_phone(ANA, "2026-12-03T09:00:00Z")).await;
    office.moves_to(ANA, SCREEN).await;
    office.daemon.rests().await.unwrap();
    assert_eq!(office.of(ANA).await, []);
    let refused = office.dana.outreach_start(start(Some(ANA), None)).await;
    assert_eq!(
        refused.unwrap_err().message,
        "An interview is scheduled already"
    );
}

#[tokio::test]
async fn many_who_are_moved_at_once_are_each_begun_with_once() {
    let office = Assisted::open(Approval::Draft).await;
    let row = |line: u64| ImportRow {
        line,
        candidate: CandidateAdd {
            name: format!("Candidate {line}"),
            email: format!("c{line}@mail.example"),
            job: Some("Designer".into()),
            ..CandidateAdd::default()
        },
    };
    let page = ImportPage {
        rows: (1..=60).map(row).collect(),
        dry_run: false,
    };
    office.dana.candidate_import(page).await.unwrap();
    let moves = CandidateMoveMany {
        candidates: (1..=60)
            .map(|n| OneOfMany::from(format!("c{n}@mail.example")))
            .collect(),
        stage: SCREEN.into(),
        ..CandidateMoveMany::default()
    };
    let moved = office
        .dana
        .candidate_move_many(moves.clone())
        .await
        .unwrap();
    assert_eq!((moved.changed, moved.failed), (60, 0));
    // A page that is sent again changes nothing.
    office.dana.candidate_move_many(moves).await.unwrap();
    office.daemon.rests().await.unwrap();
    office.daemon.seconds_pass(SETTLES);
    office.daemon.rests().await.unwrap();
    let query = greenroom_protocol::outreach::OutreachQuery {
        limit: Some(200),
        past: true,
        ..Default::default()
    };
    let listed = office.dana.outreach_list(query).await.unwrap().items;
    assert_eq!(listed.len(), 60);
    assert!(listed.iter().all(|it| it.state == OutreachState::Draft));
    assert_eq!(office.mail().letters().unwrap().len(), 0);
    assert_eq!(office.takes(SAM).await, []);
}

#[tokio::test]
async fn a_person_who_proposes_times_takes_the_place_of_what_the_assistant_has_not_sent() {
    let office = Assisted::open(Approval::Draft).await;
    let outreach = office.enters(ANA).await;
    office.becomes(&outreach, OutreachState::Draft).await;
    let own = office.proposes().await;
    office.is_over(&outreach, OutreachWhy::Stopped).await;
    assert_eq!(own.approval, None);
    office.daemon.rests().await.unwrap();
    assert_eq!(office.listed(false).await.len(), 1);
    // Of the person's the assistant knows nothing.
    let refused = office
        .dana
        .outreach_take_over(Reference::to(own.id.to_string()))
        .await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::Conflict);
}

#[tokio::test]
async fn after_a_restore_what_had_sent_nothing_goes_on_and_the_rest_is_a_persons() {
    let mut office = Assisted::open(Approval::Auto).await;
    let proposed = office.is_sent_times(BEN).await;
    office.moves_to(ANA, SCREEN).await;
    let settling = office.newest(ANA).await;
    let backup = office.daemon.take_backup(&office.dana).await.unwrap();
    let dana = office.daemon.client(OWNER).await.unwrap();
    office.daemon.restore(&dana, &backup).await.unwrap();
    office.dana = office.daemon.client(OWNER).await.unwrap();
    office.needs_person(&proposed, OutreachWhy::Restored).await;
    assert_eq!(
        office.outreach(&settling).await.state,
        OutreachState::Settling
    );
    office.daemon.seconds_pass(SETTLES);
    // Nothing is sent before what came in meanwhile was read.
    office.becomes(&settling, OutreachState::Waiting).await;
    office.daemon.rests().await.unwrap();
    office.becomes(&settling, OutreachState::Waiting).await;
    office.daemon.hears_answers().await.unwrap();
    office.daemon.seconds_pass(60);
    office.becomes(&settling, OutreachState::Sending).await;
    // Handed back, it is sent other times.
    office
        .dana
        .outreach_hand_back(Reference::to(proposed.id.to_string()))
        .await
        .unwrap();
    let again = office.becomes(&proposed, OutreachState::Sending).await;
    assert_eq!(again.round, 2);
    let known = |start| proposed.slots.iter().any(|slot| slot.start == start);
    assert!(!again.slots.iter().any(|slot| known(slot.start)));
}

#[tokio::test]
async fn an_erased_candidate_leaves_nothing_behind_whatever_the_assistant_was_at() {
    for steps in 0..4 {
        let office = Assisted::open(Approval::Auto).await;
        office.moves_to(ANA, SCREEN).await;
        let outreach = office.newest(ANA).await;
        if steps > 0 {
            office.daemon.seconds_pass(SETTLES);
            office.becomes(&outreach, OutreachState::Sending).await;
        }
        if steps > 1 {
            office.daemon.seconds_pass(UNDO);
            office.becomes(&outreach, OutreachState::Proposed).await;
        }
        if steps > 2 {
            let take = Reference::to(outreach.id.to_string());
            office.dana.outreach_take_over(take).await.unwrap();
        }
        let erased = office
            .dana
            .candidate_erase(Reference::to(ANA))
            .await
            .unwrap();
        assert_eq!(erased.outreaches, 1);
        assert_eq!(office.takes(SAM).await, []);
        office.daemon.seconds_pass(SETTLES + UNDO);
        office.daemon.rests().await.unwrap();
        let (id, candidate) = (outreach.id.to_string(), outreach.candidate.id.to_string());
        let application = outreach.application.to_string();
        for (key, row) in office.daemon.rows().await.unwrap() {
            let row = String::from_utf8_lossy(&row);
            if key.contains("/audit/") {
                continue;
            }
            let named = [&id, &candidate, &application];
            assert!(!named.iter().any(|it| key.contains(*it)), "{steps}: {key}");
            assert!(!row.contains(&id), "{steps}: {key}: {row}");
        }
    }
}

#[tokio::test]
async fn the_time_to_undo_is_the_workspaces() {
    let office = Assisted::open(Approval::Auto).await;
    let edit = greenroom_protocol::workspace::WorkspaceEdit {
        entry_undo_seconds: Some(5),
        ..Default::default()
    };
    let edited = office.dana.workspace_edit(edit).await.unwrap();
    assert_eq!(edited.entry_undo_seconds, 5);
    office.moves_to(ANA, SCREEN).await;
    let outreach = office.newest(ANA).await;
    office.daemon.seconds_pass(5);
    office.becomes(&outreach, OutreachState::Sending).await;
    let long = greenroom_protocol::workspace::WorkspaceEdit {
        entry_undo_seconds: Some(86_401),
        ..Default::default()
    };
    let refused = office.dana.workspace_edit(long).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("entry_undo_seconds"));
}

#[tokio::test]
async fn who_waits_in_line_is_served_when_a_time_is_free_again() {
    let office = Assisted::open(Approval::Auto).await;
    office.has_half_an_hour_on(&[3, 4]).await;
    let first = office.is_sent_times(ANA).await;
    let second = office.enters(BEN).await;
    let waits = office.waits_for(&second, OutreachWhy::Time).await;
    assert_eq!(waits.message, "waits: no time is free for everyone yet");
    assert!(first.slots.len() >= 2);
    office.stops(&first, Some(false)).await;
    let sending = office.becomes(&second, OutreachState::Sending).await;
    let starts = |it: &greenroom_protocol::outreach::Outreach| {
        it.slots.iter().map(|slot| slot.start).collect::<Vec<_>>()
    };
    assert_eq!(starts(&sending), starts(&first));
    assert!(
        starts(&first)
            .iter()
            .all(|start| *start > at("2026-12-02T00:00:00Z"))
    );
    wait::until("Ana's times are Ben's", async || {
        (office.takes(ANA).await.is_empty()).then_some(())
    })
    .await;
}

#[tokio::test]
async fn who_is_moved_on_with_times_is_told_that_they_are_gone() {
    let office = Assisted::open(Approval::Auto).await;
    let outreach = office.is_sent_times(ANA).await;
    office.moves_to(ANA, "Onsite").await;
    office.is_over(&outreach, OutreachWhy::Left).await;
    assert_eq!(office.takes(SAM).await, []);
    office.daemon.seconds_pass(UNDO);
    office.was_emailed(ANA, 2).await;
    let subject = "Interview for Designer at Acme: these times are no longer available";
    let emails = office.mail().to(ANA).unwrap();
    let told = emails.into_iter().find(|it| it.subject == subject).unwrap();
    let text = told.text.replace('\n', " ");
    assert!(
        text.contains("written by Robin, an automated assistant"),
        "{text}"
    );
}
