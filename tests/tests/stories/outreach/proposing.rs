//! Proposing times: judged as bookings are, held from the same commit on, and emailed once.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::interview::InterviewNew;
use greenroom_protocol::mail::{MailKind, MailQuery, MailUndo};
use greenroom_protocol::outreach::{OutreachPropose, OutreachState, OutreachWhy, SlotState};
use greenroom_protocol::pipeline::{CandidateEdit, CandidateMove, JobAdd};
use greenroom_protocol::schedule::{BusyWith, FindingCode};

use crate::outreach::fixture::{
    ANA, BEN, Fixture, ONE, SAM, THREE, TWO, UNDO, at, by_phone, the, to,
};

#[tokio::test]
async fn times_are_held_with_everybody_and_emailed_with_a_number_and_a_link_each() {
    let office = Fixture::open().await;
    let outreach = office.proposes().await;
    assert_eq!(outreach.state, OutreachState::Sending);
    assert!(outreach.not_before.is_some() && outreach.sent_at.is_none());
    let held: Vec<_> = [ONE, TWO, THREE]
        .map(|start| (at(start), BusyWith::HeldSlot))
        .into();
    assert_eq!(office.takes(SAM).await, held);
    assert_eq!(office.takes(ANA).await, held);
    assert_eq!(office.mail().to(ANA).unwrap().len(), 0);

    office.daemon.seconds_pass(UNDO);
    let outreach = office.becomes(&outreach, OutreachState::Proposed).await;
    // Monday 09:00 UTC and 48 hours.
    let until = outreach.until.unwrap();
    assert_eq!(until, outreach.sent_at.unwrap().plus_minutes(48 * 60));
    let emails = office.mail().to(ANA).unwrap();
    assert_eq!(emails.len(), 1);
    let email = &emails[0];
    assert_eq!(
        email.subject,
        "Interview for Designer at Acme: please choose a time"
    );
    let id = outreach.id;
    for part in [
        "Hello Ana,".to_owned(),
        "the interview takes 30 minutes".to_owned(),
        "  1  10:00–10:30, UTC, Wednesday 2 December".to_owned(),
        "  3  11:00–11:30, UTC, Friday 4 December".to_owned(),
        format!("?subject=Option%202%20%5B{id}%5D&body=Option%202"),
        "Dana Reyes".to_owned(),
    ] {
        assert!(email.text.contains(&part), "{part}\n{}", email.text);
    }
    assert!(!email.text.contains("Sam"), "{}", email.text);
    assert_eq!(office.listed(false).await, [outreach]);
}

#[tokio::test]
async fn a_held_time_is_refused_to_other_proposals_and_advice_to_anyone_who_books() {
    let office = Fixture::open().await;
    let outreach = office.proposes().await;

    let refused = office.dana.outreach_propose(to(BEN, &[THREE, TWO])).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert_eq!(refused.field.as_deref(), Some("slots"));
    let why = "Time 1: Sam Ito has a slot on hold from 11:00 to 11:30 UTC: held for Ana Lima until Wed 2026-12-02 09:00 UTC";
    assert_eq!(refused.message, why);
    assert_eq!(office.listed(false).await.len(), 1);

    let dry = InterviewNew {
        dry_run: true,
        ..by_phone(BEN, TWO)
    };
    let judged = office.dana.interview_new(dry).await.unwrap().verdict;
    let held: Vec<_> = judged.advises.iter().collect();
    let held = held.iter().find(|it| it.code == FindingCode::Held).unwrap();
    assert!(held.message.contains("held for Ana Lima until"), "{held:?}");
    assert_eq!(held.outreach, Some(outreach.id));
    assert_eq!(judged.blocks, []);

    // Booked over, the warning that stays names nobody, and the slot is Ben's.
    let booked = office.books(by_phone(BEN, TWO)).await;
    let warning = booked
        .warnings
        .iter()
        .find(|it| it.code == FindingCode::Held);
    let warning = warning.unwrap();
    assert!(!warning.message.contains("Ana"), "{warning:?}");
    assert_eq!(warning.outreach, None);
    office.daemon.rests().await.unwrap();
    let outreach = office.outreach(&outreach).await;
    let states: Vec<_> = outreach.slots.iter().map(|slot| slot.state).collect();
    assert_eq!(states, [SlotState::Held, SlotState::Taken, SlotState::Held]);
    let taken = office.takes(SAM).await;
    assert_eq!(taken[1], (at(TWO), BusyWith::Interview));
    assert_eq!(taken.len(), 3);
    // Before the email leaves it loses the time, and the others keep their numbers.
    office.daemon.seconds_pass(UNDO);
    office.becomes(&outreach, OutreachState::Proposed).await;
    let text = office.mail().to(ANA).unwrap().remove(0).text;
    assert!(
        text.contains("  1  10:00") && text.contains("  3  11:00"),
        "{text}"
    );
    assert!(!text.contains("Thursday 3 December"), "{text}");
}

#[tokio::test]
async fn anyone_who_books_for_the_same_candidate_is_not_advised_against_their_own_times() {
    let office = Fixture::open().await;
    office.proposes().await;
    let dry = InterviewNew {
        dry_run: true,
        ..by_phone(ANA, ONE)
    };
    let judged = office.dana.interview_new(dry).await.unwrap().verdict;
    let held = judged.advises.iter().any(|it| it.code == FindingCode::Held);
    assert!(!held && judged.blocks.is_empty(), "{judged:?}");
}

#[tokio::test]
async fn a_time_that_is_taken_or_past_is_refused_by_its_number() {
    let office = Fixture::open().await;
    office.books(by_phone(BEN, TWO)).await;
    let refused = office.dana.outreach_propose(to(ANA, &[ONE, TWO])).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    let told = "Time 2: Sam Ito has an interview from 14:00 to 14:30 UTC (Ben Okafor, Designer)";
    assert!(refused.message.starts_with(told), "{refused:?}");
    for (slots, told) in [
        (&["2026-11-30T08:00:00Z"][..], "in the past"),
        (&[], "Propose 1 to 5 times"),
        (&[ONE; 6], "Propose 1 to 5 times"),
        (&[ONE, "2 december 10:00"], "Time 2 is there twice"),
        (&[ONE, "some day"], "Time 2"),
    ] {
        let refused = office.dana.outreach_propose(to(ANA, slots)).await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Usage, "{refused:?}");
        assert!(refused.message.contains(told), "{refused:?}");
    }
    // Nothing of it is held.
    assert_eq!(office.takes(ANA).await, []);
    assert_eq!(office.listed(true).await, []);
}

#[tokio::test]
async fn times_close_together_are_advised_against_and_kept_in_the_audit() {
    let office = Fixture::open().await;
    let close = to(ANA, &[ONE, "2026-12-02T11:00:00Z"]);
    let proposed = office.dana.outreach_propose(close).await.unwrap();
    let close: Vec<_> = proposed
        .warnings
        .iter()
        .filter(|it| it.finding.code == FindingCode::CloseTogether)
        .map(|it| it.n)
        .collect();
    assert_eq!(close, [Some(2)]);
    let audit = office.dana.audit_list(Default::default()).await.unwrap();
    let entry = audit.items.iter().find(|it| it.call == "outreach_propose");
    let over = entry.and_then(|it| it.values.get("over").cloned());
    assert!(over.unwrap().contains("close-together"));
}

#[tokio::test]
async fn a_dry_run_shows_the_email_and_writes_nothing() {
    let office = Fixture::open().await;
    let before = office.daemon.rows().await.unwrap();
    let dry = OutreachPropose {
        dry_run: true,
        ..to(ANA, &[ONE, TWO])
    };
    let proposed = office.dana.outreach_propose(dry).await.unwrap();
    assert!(proposed.dry_run);
    assert_eq!(proposed.outreach.slots.len(), 2);
    let letter = proposed.letter.unwrap();
    assert!(
        letter
            .text
            .contains("  2  14:00–14:30, UTC, Thursday 3 December"),
        "{}",
        letter.text
    );
    assert_eq!(letter.to, format!("Ana Lima <{ANA}>"));
    assert_eq!(office.daemon.rows().await.unwrap(), before);
}

#[tokio::test]
async fn the_same_key_proposes_once() {
    let office = Fixture::open().await;
    let keyed = OutreachPropose {
        idempotency_key: Some("ana-1".into()),
        ..to(ANA, &[ONE, TWO])
    };
    let first = office.dana.outreach_propose(keyed.clone()).await.unwrap();
    let again = office.dana.outreach_propose(keyed.clone()).await.unwrap();
    assert!(again.repeated && !first.repeated);
    assert_eq!(again.outreach.id, first.outreach.id);
    let other = OutreachPropose {
        slots: vec![THREE.into()],
        ..keyed
    };
    let refused = office.dana.outreach_propose(other).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert_eq!(refused.field.as_deref(), Some("idempotency_key"));
    // Without it, there is one for each application.
    let second = office.dana.outreach_propose(to(ANA, &[THREE])).await;
    let refused = second.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert!(refused.message.contains("proposed already"), "{refused:?}");
}

#[tokio::test]
async fn undone_before_it_left_nobody_was_emailed_and_everything_is_free() {
    let office = Fixture::open().await;
    let outreach = office.proposes().await;
    let query = MailQuery::default();
    let waiting = office.dana.mail_list(query).await.unwrap().items;
    assert_eq!(waiting.len(), 1);
    assert!(waiting[0].alone && waiting[0].kind == MailKind::Proposal);
    assert_eq!(waiting[0].application, Some(outreach.application));
    let undo = MailUndo {
        mails: vec![outreach.email.unwrap().to_string()],
        dry_run: false,
    };
    let undone = office.dana.mail_undo(undo).await.unwrap();
    assert_eq!(undone.undone, 1, "{undone:?}");
    let outreach = office.is_over(&outreach, OutreachWhy::Stopped).await;
    assert_eq!(outreach.until, None);
    assert_eq!(office.takes(SAM).await, []);
    assert_eq!(office.takes(ANA).await, []);
    office.daemon.seconds_pass(UNDO);
    office.daemon.rests().await.unwrap();
    assert_eq!(office.mail().letters().unwrap().len(), 0);
    // And it can be proposed anew.
    assert_eq!(office.proposes().await.state, OutreachState::Sending);
}

#[tokio::test]
async fn times_read_in_the_candidates_zone_also_when_clocks_change_in_between() {
    let office = Fixture::open().await;
    let berlin = CandidateEdit {
        candidate: ANA.into(),
        zone: Some("Europe/Berlin".into()),
        ..CandidateEdit::default()
    };
    office.dana.candidate_edit(berlin).await.unwrap();
    // Clocks in Berlin change on 28 March.
    let slots = ["2027-03-26T09:00:00Z", "2027-03-29T09:00:00Z"];
    let proposed = office.dana.outreach_propose(to(ANA, &slots)).await.unwrap();
    office.daemon.seconds_pass(UNDO);
    let outreach = office
        .becomes(&proposed.outreach, OutreachState::Proposed)
        .await;
    let text = office.mail().to(ANA).unwrap().remove(0).text;
    for line in [
        "  1  10:00–10:30, Berlin time, Friday 26 March 2027",
        "  2  11:00–11:30, Berlin time, Monday 29 March 2027",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let answered = office.answers(&outreach, 2).await.unwrap();
    assert_eq!(answered.interview.start, at(slots[1]));
}

#[tokio::test]
async fn an_ending_of_the_id_and_the_candidate_name_an_outreach() {
    let office = Fixture::open().await;
    let outreach = office.proposes().await;
    let id = outreach.id.to_string();
    for text in [&id, &id[id.len() - 8..], ANA, "Ana Lima"] {
        let named = greenroom_protocol::workspace::Reference::to(text);
        let found = office.dana.outreach_get(named).await.unwrap();
        assert_eq!(found.outreach.id, outreach.id, "{text}");
    }
    let nobody = greenroom_protocol::workspace::Reference::to(BEN);
    let refused = office.dana.outreach_get(nobody).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::NotFound);
    assert_eq!(the(&outreach).reference, id);
}

#[tokio::test]
async fn the_stage_says_for_which_of_several_applications() {
    let office = Fixture::open().await;
    let job = JobAdd {
        title: "Writer".into(),
        stages: Vec::new(),
    };
    office.dana.job_add(job).await.unwrap();
    let edit = CandidateEdit {
        candidate: ANA.into(),
        apply: Some("Writer".into()),
        ..CandidateEdit::default()
    };
    office.dana.candidate_edit(edit).await.unwrap();
    let in_stage = |stage: &str| OutreachPropose {
        stage: Some(stage.into()),
        ..to(ANA, &[ONE])
    };
    let refused = async |stage: &str| {
        let refused = office.dana.outreach_propose(in_stage(stage)).await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.field.as_deref(), Some("stage"));
        refused.message
    };
    assert_eq!(
        refused("Applied").await,
        "Ana Lima is in several stages of that name"
    );
    let to_phone = CandidateMove {
        candidate: ANA.into(),
        job: Some("Writer".into()),
        stage: "Phone screen".into(),
        ..CandidateMove::default()
    };
    office.dana.candidate_move(to_phone).await.unwrap();
    assert_eq!(refused("Onsite").await, "Ana Lima is not in that stage");
    let proposed = office.dana.outreach_propose(in_stage("Phone screen")).await;
    let outreach = proposed.unwrap().outreach;
    assert_eq!(
        (outreach.job_title.as_str(), outreach.stage_name.as_str()),
        ("Writer", "Phone screen")
    );
}
