//! What people do with what the assistant arranges, and what becomes of it as time passes.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::assistant_switch::AssistantSwitchSet;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::outreach::{
    Outreach, OutreachApprove, OutreachState, OutreachWhy, SlotState,
};
use greenroom_protocol::pipeline::{
    Approval, JobEdit, PanelGroup, PanelRule, StageInterviewChange,
};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{Reference, WorkspaceEdit};

use crate::outreach::assisted::{Assisted, READ_AFTER, SCREEN, SETTLES};
use crate::outreach::fixture::{ANA, BEN, HOUR, SAM, UNDO, by_phone, the};

fn approve(outreach: &Outreach) -> OutreachApprove {
    OutreachApprove {
        outreach: the(outreach),
        without: Vec::new(),
    }
}

fn switch(on: bool) -> WorkspaceEdit {
    WorkspaceEdit {
        assistant: Some(AssistantSwitchSet {
            on,
            why: (!on).then(|| "a fault in the calendar".to_owned()),
        }),
        ..WorkspaceEdit::default()
    }
}

async fn drafted(office: &Assisted) -> Outreach {
    let outreach = office.enters(ANA).await;
    office.becomes(&outreach, OutreachState::Draft).await
}

#[tokio::test]
async fn a_draft_holds_nothing_and_is_sent_once_it_is_approved() {
    let office = Assisted::open(Approval::Draft).await;
    let draft = drafted(&office).await;
    assert_eq!(draft.message, "4 times to approve");
    assert!(
        draft
            .slots
            .iter()
            .all(|slot| slot.state == SlotState::Drafted)
    );
    assert_eq!((draft.until, office.takes(SAM).await), (None, Vec::new()));
    let thread = office.thread(&draft).await;
    let letter = thread.letter.expect("the email as it would leave");
    assert!(
        letter.text.contains("automated assistant"),
        "{}",
        letter.text
    );
    office.daemon.seconds_pass(UNDO);
    office.was_emailed(ANA, 0).await;
    // It is among what Dana should see to.
    let today = office.dana.today(Default::default()).await.unwrap();
    assert!(
        today
            .needs_me
            .iter()
            .any(|it| it.outreach == Some(draft.id))
    );

    let dry = OutreachApprove {
        outreach: Reference {
            dry_run: true,
            ..the(&draft)
        },
        without: vec![1],
    };
    let before = office.daemon.rows().await.unwrap();
    let would_be = office.dana.outreach_approve(dry).await.unwrap();
    assert_eq!(would_be.outreach.slots.len(), 3);
    assert_eq!(office.daemon.rows().await.unwrap(), before);

    let approved = office.dana.outreach_approve(approve(&draft)).await.unwrap();
    assert_eq!(approved.replaced, []);
    assert_eq!(approved.outreach.state, OutreachState::Sending);
    assert!(
        approved
            .outreach
            .slots
            .iter()
            .all(|it| it.state == SlotState::Held)
    );
    assert!(!office.takes(ANA).await.is_empty());
    let twice = office.dana.outreach_approve(approve(&draft)).await;
    assert_eq!(twice.unwrap_err().kind, ErrorKind::Conflict);
    office.daemon.seconds_pass(UNDO);
    office.becomes(&draft, OutreachState::Proposed).await;
    office.was_emailed(ANA, 1).await;
}

#[tokio::test]
async fn a_time_that_was_taken_meanwhile_is_replaced_and_that_is_said() {
    let office = Assisted::open(Approval::Draft).await;
    let draft = drafted(&office).await;
    let taken = draft.slots[1].start;
    office.books(by_phone(BEN, &taken.to_string())).await;
    let approved = office.dana.outreach_approve(approve(&draft)).await.unwrap();
    let [replaced] = &approved.replaced[..] else {
        panic!("{:?}", approved.replaced);
    };
    assert_eq!(replaced.start, taken);
    let starts: Vec<_> = approved.outreach.slots.iter().map(|it| it.start).collect();
    assert_eq!(starts.len(), 4);
    assert!(!starts.contains(&taken) && starts.contains(&replaced.by.unwrap()));
}

#[tokio::test]
async fn a_draft_is_discarded_undone_or_chosen_anew_after_a_day() {
    let office = Assisted::open(Approval::Draft).await;
    let draft = drafted(&office).await;
    // Undone before it left, it is a draft again.
    let sent = office.dana.outreach_approve(approve(&draft)).await.unwrap();
    let undo = greenroom_protocol::mail::MailUndo {
        mails: vec![sent.outreach.email.unwrap().to_string()],
        ..Default::default()
    };
    office.dana.mail_undo(undo).await.unwrap();
    let again = office.becomes(&draft, OutreachState::Draft).await;
    assert_eq!(again.slots.len(), 4);
    assert_eq!(office.takes(SAM).await, []);
    // It was Monday; on Tuesday it is too old.
    office
        .daemon
        .time_passes_until(office.daemon.now().plus_minutes(24 * 60))
        .await
        .unwrap();
    let anew = office.becomes(&draft, OutreachState::Draft).await;
    assert_eq!(anew.round, 2);
    assert!(anew.since > again.since);
    let discarded = office.dana.outreach_discard(the(&draft)).await.unwrap();
    assert_eq!(discarded.why, Some(OutreachWhy::Stopped));
    office.was_emailed(ANA, 0).await;
    // Somebody may have the assistant begin again.
    assert_eq!(office.starts(ANA).await.started, 1);
}

#[tokio::test]
async fn while_the_assistant_is_paused_nothing_leaves_and_who_waits_is_shown() {
    let office = Assisted::open(Approval::Auto).await;
    let proposed = office.is_sent_times(BEN).await;
    let outreach = office.enters(ANA).await;
    office.becomes(&outreach, OutreachState::Sending).await;
    let paused = office.dana.workspace_edit(switch(false)).await.unwrap();
    assert_eq!(paused.assistant.by.as_deref(), Some("Dana Reyes"));
    assert_eq!(
        paused.assistant.why.as_deref(),
        Some("a fault in the calendar")
    );
    let stage = office.stage().await;
    assert!(
        stage
            .warnings
            .iter()
            .any(|it| it == "The assistant is paused")
    );
    let waits = office.waits_for(&outreach, OutreachWhy::Switch).await;
    assert_eq!(waits.message, "waits: the assistant is paused");
    office.needs_person(&proposed, OutreachWhy::Paused).await;
    office.daemon.seconds_pass(SETTLES + UNDO);
    office.was_emailed(ANA, 0).await;
    assert_eq!(office.takes(ANA).await, []);
    // Paused for the job only, it is the same.
    office.dana.workspace_edit(switch(true)).await.unwrap();
    let sending = office.becomes(&outreach, OutreachState::Sending).await;
    assert_eq!(sending.slots.len(), 4);
    let job = |on| JobEdit {
        job: "Designer".into(),
        assistant: Some(AssistantSwitchSet { on, why: None }),
        ..JobEdit::default()
    };
    let edited = office.dana.job_edit(job(false)).await.unwrap();
    assert!(!edited.assistant.on);
    let paused = office.dana.status().await.unwrap().paused;
    let jobs: Vec<_> = paused.iter().map(|it| it.job.as_deref()).collect();
    assert_eq!(jobs, [Some("Designer")]);
    let checks = office.dana.doctor().await.unwrap();
    let check = checks.iter().find(|it| it.name == "assistant").unwrap();
    assert!(
        check.message.contains("paused for Designer"),
        "{}",
        check.message
    );
    office.waits_for(&outreach, OutreachWhy::Switch).await;
    office.dana.job_edit(job(true)).await.unwrap();
    assert_eq!(office.dana.status().await.unwrap().paused, []);
    office.becomes(&outreach, OutreachState::Sending).await;
    office.daemon.seconds_pass(UNDO);
    office.becomes(&outreach, OutreachState::Proposed).await;
    office.was_emailed(ANA, 1).await;
}

#[tokio::test]
async fn who_is_moved_while_it_is_paused_waits_and_a_draft_is_not_sent() {
    let office = Assisted::open(Approval::Draft).await;
    let draft = drafted(&office).await;
    office.dana.workspace_edit(switch(false)).await.unwrap();
    let refused = office
        .dana
        .outreach_approve(approve(&draft))
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    let outreach = office.enters(BEN).await;
    office.waits_for(&outreach, OutreachWhy::Switch).await;
    office.dana.workspace_edit(switch(true)).await.unwrap();
    office.becomes(&outreach, OutreachState::Draft).await;
}

#[tokio::test]
async fn a_stage_that_cannot_act_holds_its_candidates_back_until_it_can() {
    let office = Assisted::open(Approval::Auto).await;
    let sam = office.member(SAM).await;
    let panel = |members: Vec<MemberId>| StageInterviewChange {
        panel: Edit::Set(match members.is_empty() {
            true => Vec::new(),
            false => vec![PanelGroup {
                rule: PanelRule::AllOf,
                members,
            }],
        }),
        ..StageInterviewChange::default()
    };
    office.configures(panel(Vec::new())).await;
    assert_eq!(
        office.stage().await.warnings,
        ["No interviewers are chosen"]
    );
    let outreach = office.enters(ANA).await;
    office.waits_for(&outreach, OutreachWhy::Plan).await;
    office.configures(panel(vec![sam])).await;
    office.becomes(&outreach, OutreachState::Sending).await;
    // Proposals stand while the Zoom that hosts is not connected; who comes then waits for it.
    office.daemon.seconds_pass(UNDO);
    office.becomes(&outreach, OutreachState::Proposed).await;
    let dana = Reference::to(greenroom_tests::harness::DANA);
    office.dana.zoom_disconnect(dana).await.unwrap();
    let next = office.enters(BEN).await;
    let waits = office.waits_for(&next, OutreachWhy::Zoom).await;
    assert_eq!(
        waits.message,
        "waits: the Zoom account that hosts must be connected"
    );
    assert_eq!(
        office.outreach(&outreach).await.state,
        OutreachState::Proposed
    );
}

#[tokio::test]
async fn silence_is_answered_once_with_other_times_and_then_by_a_person() {
    let office = Assisted::open(Approval::Auto).await;
    let first = office.is_sent_times(ANA).await;
    ends(&office, &first).await;
    let second = office.becomes(&first, OutreachState::Sending).await;
    assert_eq!(second.round, 2);
    let known = |start| first.slots.iter().any(|slot| slot.start == start);
    assert!(!second.slots.iter().any(|slot| known(slot.start)));
    office.daemon.seconds_pass(UNDO);
    let second = office.becomes(&first, OutreachState::Proposed).await;
    let emails = office.mail().to(ANA).unwrap();
    let mut subjects: Vec<_> = emails.iter().map(|it| it.subject.as_str()).collect();
    subjects.sort_unstable();
    assert_eq!(
        subjects,
        [
            "Interview for Designer at Acme: other times",
            "Interview for Designer at Acme: please choose a time",
            "Reminder: please choose a time for your interview for Designer at Acme",
        ]
    );
    // Reminded, she has the same times.
    let times = |subject: &str| {
        let email = emails.iter().find(|it| it.subject == subject).unwrap();
        let lines = email.text.lines().filter(|line| line.contains('–'));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(times(subjects[1]), times(subjects[2]));
    ends(&office, &second).await;
    office.needs_person(&second, OutreachWhy::Expired).await;
    assert_eq!(office.takes(ANA).await, []);
    office.was_emailed(ANA, 4).await;
}

/// When the candidate is reminded: a day after the email left, which is at night for her, so in the
/// morning of New York.
fn reminded(outreach: &Outreach) -> Instant {
    let day = 24 * HOUR;
    let sent = outreach.sent_at.unwrap().second();
    Instant::from_second((sent / day + 1) * day + 13 * HOUR)
}

/// The candidate is reminded of its times, and these come to their end, with the mailbox read when
/// either is due.
async fn ends(office: &Assisted, outreach: &Outreach) {
    let before = office.mail().to(ANA).unwrap().len();
    let reminded = reminded(outreach);
    for at in [reminded, outreach.until.unwrap()] {
        let just_before = at.plus_seconds(-1);
        office.daemon.time_passes_until(just_before).await.unwrap();
        office.daemon.seconds_pass(1);
        office.daemon.hears_answers().await.unwrap();
        office.daemon.seconds_pass(60);
        office.daemon.rests().await.unwrap();
        if at == reminded {
            office.daemon.seconds_pass(UNDO);
            office.was_emailed(ANA, before + 1).await;
        }
    }
}

#[tokio::test]
async fn who_answers_is_not_reminded() {
    let office = Assisted::open(Approval::Auto).await;
    let outreach = office.is_sent_times(ANA).await;
    let email = office.mail().to(ANA).unwrap().remove(0);
    let reminded = reminded(&outreach);
    let just_before = reminded.plus_seconds(-30);
    office.daemon.time_passes_until(just_before).await.unwrap();
    office.gets("1", &email.words("2 please")).await;
    office.daemon.seconds_pass(READ_AFTER);
    office.becomes(&outreach, OutreachState::Booked).await;
    office.daemon.seconds_pass(HOUR);
    office.daemon.hears_answers().await.unwrap();
    office.daemon.rests().await.unwrap();
    let reminders = office.mail().to(ANA).unwrap().into_iter();
    let reminders = reminders.filter(|it| it.subject.starts_with("Reminder"));
    assert_eq!(reminders.count(), 0);
}

#[tokio::test]
async fn with_every_time_booked_over_others_are_sent_at_once() {
    let office = Assisted::open(Approval::Auto).await;
    let outreach = office.is_sent_times(ANA).await;
    for slot in &outreach.slots {
        office.books(by_phone(BEN, &slot.start.to_string())).await;
    }
    let again = office.becomes(&outreach, OutreachState::Sending).await;
    assert_eq!(again.round, 2);
    office.daemon.seconds_pass(UNDO);
    office.becomes(&outreach, OutreachState::Proposed).await;
    let email = office.mail().to(ANA).unwrap().remove(1);
    assert_eq!(email.subject, "Interview for Designer at Acme: new times");
    assert!(email.text.contains("no longer free"), "{}", email.text);
}

#[tokio::test]
async fn what_a_person_takes_over_is_theirs_until_they_hand_it_back() {
    let office = Assisted::open(Approval::Auto).await;
    let outreach = office.is_sent_times(ANA).await;
    let email = office.mail().to(ANA).unwrap().remove(0);
    let taken = office
        .dana
        .outreach_take_over(the(&outreach))
        .await
        .unwrap();
    assert_eq!(taken.state, OutreachState::Taken);
    assert_eq!(taken.taken_by.unwrap().name, "Dana Reyes");
    assert!(!office.takes(ANA).await.is_empty());
    office
        .gets("1", &email.words("Could we do it by phone?"))
        .await;
    let heard = office.thread(&outreach).await;
    assert_eq!(
        (heard.received.len(), heard.outreach.state),
        (1, OutreachState::Taken)
    );
    // The assistant is silent, however long.
    let until = heard.outreach.until.unwrap();
    office
        .daemon
        .time_passes_until(until.plus_minutes(1))
        .await
        .unwrap();
    office.was_emailed(ANA, 1).await;
    // What came in until then is read before anything is let go.
    assert!(!office.takes(ANA).await.is_empty());
    office.daemon.hears_answers().await.unwrap();
    let later = office.daemon.now().plus_minutes(20);
    office.daemon.time_passes_until(later).await.unwrap();
    assert_eq!(office.takes(ANA).await, []);
    let back = office
        .dana
        .outreach_hand_back(the(&outreach))
        .await
        .unwrap();
    assert_eq!(back.state, OutreachState::Waiting);
    let again = office.becomes(&outreach, OutreachState::Sending).await;
    assert_eq!(again.round, 2);
    let twice = office.dana.outreach_hand_back(the(&outreach)).await;
    assert_eq!(twice.unwrap_err().kind, ErrorKind::Conflict);
}

#[tokio::test]
async fn taken_over_before_the_email_left_it_never_leaves() {
    let office = Assisted::open(Approval::Auto).await;
    let outreach = office.enters(ANA).await;
    office.becomes(&outreach, OutreachState::Sending).await;
    office
        .dana
        .outreach_take_over(the(&outreach))
        .await
        .unwrap();
    office.daemon.seconds_pass(UNDO);
    office.was_emailed(ANA, 0).await;
    // They choose for the candidate.
    let booked = office.answers(&outreach, 1).await.unwrap();
    assert_eq!(booked.outreach.state, OutreachState::Booked);
}

#[tokio::test]
async fn an_address_that_takes_no_email_is_named_and_nothing_more_is_sent() {
    let office = Assisted::open(Approval::Auto).await;
    office.moves_to(ANA, SCREEN).await;
    let outreach = office.newest(ANA).await;
    office.daemon.seconds_pass(SETTLES);
    office.becomes(&outreach, OutreachState::Sending).await;
    office.daemon.seconds_pass(UNDO);
    office.becomes(&outreach, OutreachState::Proposed).await;
    let email = office.mail().to(ANA).unwrap().remove(0);
    office.gets("bounce", &email.bounce()).await;
    let waits = office.waits_for(&outreach, OutreachWhy::Address).await;
    assert_eq!(waits.message, "waits: the email address takes no email");
    assert_eq!(office.takes(ANA).await, []);
    let today = office.dana.today(Default::default()).await.unwrap();
    assert!(
        today
            .needs_me
            .iter()
            .any(|it| it.outreach == Some(outreach.id))
    );
    office
        .daemon
        .time_passes_until(office.daemon.now().plus_minutes(3 * 60))
        .await
        .unwrap();
    office.was_emailed(ANA, 1).await;
}

#[tokio::test]
async fn what_people_do_with_it_is_audited_with_ids_alone() {
    let office = Assisted::open(Approval::Draft).await;
    let draft = drafted(&office).await;
    office.dana.outreach_take_over(the(&draft)).await.unwrap();
    office.dana.outreach_hand_back(the(&draft)).await.unwrap();
    office.becomes(&draft, OutreachState::Draft).await;
    let dry = Reference {
        dry_run: true,
        ..the(&draft)
    };
    office.dana.outreach_discard(dry).await.unwrap();
    office.dana.outreach_approve(approve(&draft)).await.unwrap();
    office.stops(&draft, None).await;
    let again = office.starts(ANA).await.outreaches[0];
    let reference = Reference::to(again.to_string());
    let again = office.dana.outreach_get(reference).await.unwrap().outreach;
    office.becomes(&again, OutreachState::Draft).await;
    office.dana.outreach_discard(the(&again)).await.unwrap();
    let entries = office
        .dana
        .audit_list(Default::default())
        .await
        .unwrap()
        .items;
    for (call, id) in [
        ("outreach_take_over", draft.id),
        ("outreach_hand_back", draft.id),
        ("outreach_approve", draft.id),
        ("outreach_start", again.id),
        ("outreach_discard", again.id),
    ] {
        let id = id.to_string();
        let its: Vec<_> = entries
            .iter()
            .filter(|it| it.call == call && it.record == id)
            .collect();
        assert_eq!(its.len(), 1, "{call}");
        assert_eq!(its[0].actor, "Dana Reyes");
        let written = serde_json::to_string(&its[0].values).unwrap();
        assert!(
            !written.contains("Ana") && !written.contains('@'),
            "{written}"
        );
    }
}
