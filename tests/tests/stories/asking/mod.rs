//! The assistant in conversation: what it proposes, what a yes does, and who may ask.

use std::time::Duration;

use greenroom_protocol::ErrorKind;
use greenroom_protocol::audit::AuditQuery;
use greenroom_protocol::change::Changed;
use greenroom_protocol::conversation::{
    AnswerKind, ConversationAnswer, ConversationQuery, ConversationSay, RequestAct,
};
use greenroom_protocol::interview::{InterviewQuery, InterviewReschedule, InterviewStatus, Side};
use greenroom_protocol::outreach::OutreachState;
use greenroom_protocol::workspace::{MemberAdd, MemberEdit, MemberLink, Reference, Role};
use greenroom_tests::harness::DANA;
use greenroom_tests::test_daemon::{Story, TestDaemon};
use greenroomd::rpc::Peer;

const ANA: &str = "ana.lima@mail.example";
const SAM: &str = "sam.ito@acme.example";
const MINA: &str = "mina.okafor@acme.example";

/// Dana hires a designer; Ana and two Bens applied, Sam and Mina interview. It is Monday, 30 November
/// 2026, 09:00 UTC.
async fn office() -> Story {
    let colleague = |name: &str, email: &str| MemberAdd {
        name: name.into(),
        email: email.into(),
        zoom_email: None,
        zone: Some("UTC".into()),
        roles: Vec::new(),
        hiring_jobs: Vec::new(),
    };
    let builder = TestDaemon::builder()
        .colleague(colleague("Sam Ito", SAM))
        .colleague(colleague("Mina Okafor", MINA))
        .job("Designer")
        .candidate("Ana Lima", ANA, "Designer")
        .candidate("Ben Okonkwo", "ben.o@mail.example", "Designer")
        .candidate("Ben Adler", "ben.a@mail.example", "Designer");
    let office = builder.connected(DANA).open().await.unwrap();
    let hires = MemberEdit {
        member: DANA.into(),
        hiring_jobs: Some(vec!["Designer".into()]),
        zone: Some("UTC".into()),
        ..MemberEdit::default()
    };
    office.dana.member_edit(hires).await.unwrap();
    office
}

fn says(text: &str) -> ConversationSay {
    ConversationSay {
        text: text.into(),
        ..ConversationSay::default()
    }
}

fn goes_on(with: &ConversationAnswer, text: &str) -> ConversationSay {
    ConversationSay {
        conversation: Some(with.conversation.unwrap().to_string()),
        ..says(text)
    }
}

fn starts(answer: &ConversationAnswer) -> Vec<String> {
    answer.slots.iter().map(|it| it.start.to_string()).collect()
}

async fn booked(office: &Story) -> Vec<String> {
    let query = InterviewQuery {
        status: vec![InterviewStatus::Confirmed, InterviewStatus::ToBeConfirmed],
        ..InterviewQuery::default()
    };
    let page = office.dana.interview_list(query).await.unwrap();
    page.items.iter().map(|it| it.start.to_string()).collect()
}

#[tokio::test]
async fn a_meeting_is_proposed_with_what_was_understood_and_booked_on_a_letter() {
    let office = office().await;
    let wish = "30 min with Ana, Sam and Mina on Tuesday or Wednesday, Sam can't before 14:00, ideally after 15:00";
    let answer = office.dana.conversation_say(says(wish)).await.unwrap();
    assert_eq!(
        (answer.kind, answer.form.act),
        (AnswerKind::Slots, RequestAct::Schedule)
    );
    assert!(
        answer.unplaced.is_empty() && !answer.slots.is_empty(),
        "{answer:?}"
    );
    for slot in &answer.slots {
        let (day, clock) = (
            &slot.start.to_string()[..10],
            &slot.start.to_string()[11..16],
        );
        assert!(["2026-12-01", "2026-12-02"].contains(&day), "{slot:?}");
        assert!(clock >= "14:00", "{slot:?}");
        let names: Vec<&str> = slot
            .interviewers
            .iter()
            .map(|it| it.name.as_str())
            .collect();
        assert_eq!(names, ["Sam Ito", "Mina Okafor"]);
    }
    assert_eq!(answer.slots[0].unmet, Vec::<String>::new());
    assert!(
        answer.slots[0].text.contains("December 2026"),
        "{}",
        answer.slots[0].text
    );
    assert_eq!(booked(&office).await, Vec::<String>::new());

    let done = office
        .dana
        .conversation_say(goes_on(&answer, "b please"))
        .await
        .unwrap();
    assert_eq!(done.kind, AnswerKind::Done, "{}", done.text);
    assert_eq!(booked(&office).await, [answer.slots[1].start.to_string()]);
    let interview = done.interview.clone().unwrap();
    assert_eq!(interview.status, InterviewStatus::Confirmed);

    // The audit names the conversation, and nobody is booked twice by another yes.
    let entries = office.dana.audit_list(AuditQuery::default()).await.unwrap();
    let source = format!("conversation:{}", answer.conversation.unwrap());
    assert!(
        entries.items.iter().any(|it| it.source == source),
        "{entries:?}"
    );
    let again = office
        .dana
        .conversation_say(goes_on(&answer, "yes"))
        .await
        .unwrap();
    assert_eq!(again.kind, AnswerKind::Asks);
    let undone = office
        .dana
        .conversation_say(goes_on(&answer, "undo"))
        .await
        .unwrap();
    assert_eq!(undone.kind, AnswerKind::Done, "{}", undone.text);
    assert_eq!(booked(&office).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_dry_run_shows_the_form_and_changes_nothing() {
    let office = office().await;
    let before = office.daemon.revision();
    let say = ConversationSay {
        dry_run: true,
        yes: true,
        ..says("Book Ana with Sam tomorrow at 10:00, not before Sam's standup")
    };
    let answer = office.dana.conversation_say(say).await.unwrap();
    assert_eq!(answer.unplaced, ["before Sam's standup"]);
    assert_eq!(starts(&answer), ["2026-12-01T10:00:00Z"]);
    assert_eq!(answer.conversation, None);
    assert_eq!(office.daemon.revision(), before);
}

#[tokio::test]
async fn a_name_of_several_is_asked_back_and_the_answer_goes_on() {
    let office = office().await;
    let answer = office
        .dana
        .conversation_say(says("45 min with Ben and Sam on Thursday"))
        .await
        .unwrap();
    assert_eq!(answer.kind, AnswerKind::Asks);
    assert_eq!(answer.matches.len(), 2, "{answer:?}");
    let answer = office
        .dana
        .conversation_say(goes_on(&answer, "Ben Adler"))
        .await
        .unwrap();
    assert_eq!(answer.kind, AnswerKind::Slots, "{}", answer.text);
    assert!(
        starts(&answer)
            .iter()
            .all(|it| it.starts_with("2026-12-03")),
        "{answer:?}"
    );
    assert_eq!(answer.form.minutes, Some(45));

    // Another day is instead, and another person comes to it.
    let answer = office
        .dana
        .conversation_say(goes_on(&answer, "Friday instead, and add Mina"))
        .await
        .unwrap();
    assert!(
        starts(&answer)
            .iter()
            .all(|it| it.starts_with("2026-12-04")),
        "{answer:?}"
    );
    assert_eq!(answer.slots[0].interviewers.len(), 2);
    let listed = office
        .dana
        .conversation_list(ConversationQuery::default())
        .await
        .unwrap();
    assert_eq!(listed.items[0].turns.len(), 3);
    assert!(
        listed.items[0].turns[2].understood.contains("Ben Adler"),
        "{listed:?}"
    );
}

#[tokio::test]
async fn a_yes_counts_for_ten_minutes_and_only_to_what_was_shown() {
    let office = office().await;
    let answer = office
        .dana
        .conversation_say(says("Ana with Sam on Friday at 11:00"))
        .await
        .unwrap();
    assert_eq!(starts(&answer), ["2026-12-04T11:00:00Z"]);
    office.daemon.seconds_pass(11 * 60);
    let late = office
        .dana
        .conversation_say(goes_on(&answer, "yes"))
        .await
        .unwrap();
    assert_eq!(late.kind, AnswerKind::Slots);
    assert!(late.text.contains("10 minutes ago"), "{}", late.text);
    assert_eq!(booked(&office).await, Vec::<String>::new());
    // A yes with more in it is a change.
    let changed = office
        .dana
        .conversation_say(goes_on(&answer, "yes, but at 12:00"))
        .await
        .unwrap();
    assert_eq!(changed.kind, AnswerKind::Slots);
    assert_eq!(booked(&office).await, Vec::<String>::new());
    let done = office
        .dana
        .conversation_say(goes_on(&answer, "yes"))
        .await
        .unwrap();
    assert_eq!(done.kind, AnswerKind::Done, "{}", done.text);
    assert_eq!(booked(&office).await, ["2026-12-04T12:00:00Z"]);
}

#[tokio::test]
async fn an_interview_is_moved_and_cancelled_and_its_times_are_sent_to_the_candidate() {
    let office = office().await;
    let yes = |text: &str| ConversationSay {
        yes: true,
        ..says(text)
    };
    office
        .dana
        .conversation_say(yes("Ana with Sam on Friday at 11:00"))
        .await
        .unwrap();
    assert_eq!(booked(&office).await, ["2026-12-04T11:00:00Z"]);
    let moved = office
        .dana
        .conversation_say(yes("Move Ana's interview to Friday at 14:30"))
        .await
        .unwrap();
    assert_eq!(moved.kind, AnswerKind::Done, "{}", moved.text);
    assert_eq!(booked(&office).await, ["2026-12-04T14:30:00Z"]);
    let later = office
        .dana
        .conversation_say(yes("push Ana's interview back by 30 minutes"))
        .await
        .unwrap();
    assert_eq!(later.kind, AnswerKind::Done, "{}", later.text);
    assert_eq!(booked(&office).await, ["2026-12-04T15:00:00Z"]);
    let asked = office
        .dana
        .conversation_say(says("cancel Ana's interview"))
        .await
        .unwrap();
    assert_eq!(asked.kind, AnswerKind::Confirm);
    // What a person changes in between has the yes asked for again; what workers do does not.
    office.daemon.rests().await.unwrap();
    let move_away = InterviewReschedule {
        interview: Reference::to(asked.interview.clone().unwrap().id.to_string()),
        start: "2026-12-04T15:30:00Z".into(),
        start_shown: None,
        locale: None,
        zone: None,
        duration_minutes: None,
        by: Side::Us,
        reason: None,
        refuse_advice: false,
    };
    office.dana.interview_reschedule(move_away).await.unwrap();
    let stale = office
        .dana
        .conversation_say(goes_on(&asked, "yes"))
        .await
        .unwrap();
    assert_eq!(stale.kind, AnswerKind::Nothing, "{}", stale.text);
    assert_eq!(booked(&office).await, ["2026-12-04T15:30:00Z"]);
    let asked = office
        .dana
        .conversation_say(goes_on(&asked, "cancel Ana's interview"))
        .await
        .unwrap();
    let done = office
        .dana
        .conversation_say(goes_on(&asked, "yes"))
        .await
        .unwrap();
    assert_eq!(done.kind, AnswerKind::Done, "{}", done.text);
    assert_eq!(booked(&office).await, Vec::<String>::new());

    let answer = office
        .dana
        .conversation_say(says("30 min with Ben Adler and Sam next week"))
        .await
        .unwrap();
    let sent = office
        .dana
        .conversation_say(goes_on(&answer, "ask the candidate"))
        .await
        .unwrap();
    let outreach = sent.outreach.unwrap();
    assert_eq!(outreach.state, OutreachState::Sending);
    let proposed: Vec<String> = outreach
        .slots
        .iter()
        .map(|it| it.start.to_string())
        .collect();
    let mut shown = starts(&answer);
    shown.sort();
    let mut of_them = proposed.clone();
    of_them.sort();
    assert_eq!(of_them, shown);
}

#[tokio::test]
async fn only_hiring_managers_ask_and_others_read_who_they_are() {
    let office = office().await;
    let gone = MemberEdit {
        member: DANA.into(),
        hiring_jobs: Some(Vec::new()),
        ..MemberEdit::default()
    };
    office.dana.member_edit(gone).await.unwrap();
    let sam = MemberEdit {
        member: SAM.into(),
        roles: Some(vec![Role::HiringManager]),
        hiring_jobs: Some(vec!["Designer".into()]),
        ..MemberEdit::default()
    };
    office.dana.member_edit(sam).await.unwrap();
    let refused = office
        .dana
        .conversation_say(says("Ana with Sam on Friday"))
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Denied);
    assert_eq!(refused.matches, [format!("Sam Ito, {SAM}: Designer")]);
    assert!(refused.hint.unwrap().contains("--role hiring-manager"));
}

#[tokio::test]
async fn questions_are_answered_and_what_leaves_no_time_is_named() {
    let office = office().await;
    let ask = async |text: &str| office.dana.conversation_say(says(text)).await.unwrap();
    let none = ask("Ana with Sam on Friday before 7:00").await;
    assert_eq!(none.kind, AnswerKind::Nothing);
    assert!(none.text.contains("No time works"), "{}", none.text);
    let why = ask("Why not Saturday at 10:00 for Ana?").await;
    assert!(!why.findings.is_empty(), "{}", why.text);
    let free = ask("When are Sam and Mina free on Tuesday?").await;
    assert_eq!(free.kind, AnswerKind::Tells);
    assert!(free.text.contains("Tue 1 December 2026"), "{}", free.text);
    let waits = ask("Who is waiting?").await;
    // They came today; only who has waited for days is named.
    assert_eq!(waits.text, "Nobody waits for an interview.");
    let agenda = ask("What's on this week?").await;
    assert_eq!(agenda.text, "No interview is scheduled then.");
    let moved = ask("Move Ana to Onsite").await;
    assert_eq!(moved.kind, AnswerKind::Confirm, "{}", moved.text);
    assert!(
        moved.text.contains("from Applied to Onsite"),
        "{}",
        moved.text
    );
}

/// A letter is for the slots that were on the screen when it was pressed, no matter who speaks
/// meanwhile.
#[tokio::test]
async fn a_letter_is_refused_where_something_was_said_since_and_the_list_says_what_it_means_now() {
    let office = office().await;
    let shown = office
        .dana
        .conversation_say(says("30 min with Ana and Sam on Tuesday"))
        .await
        .unwrap();
    let before = office.daemon.revision();
    // The same person in another window.
    let later = office
        .dana
        .conversation_say(goes_on(&shown, "on Thursday"))
        .await
        .unwrap();
    assert_ne!(starts(&later), starts(&shown));
    let letter = |revision| ConversationSay {
        expected_revision: revision,
        ..goes_on(&shown, "a")
    };
    let refused = office.dana.conversation_say(letter(shown.revision)).await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::Conflict);
    assert_eq!(booked(&office).await, Vec::<String>::new());

    // Both windows hear of it, and read what can be chosen now.
    let changes = office.dana.changes(before.0, Duration::ZERO).await.unwrap();
    let id = shown.conversation.unwrap();
    let heard = |it: &Changed| it.table == "conversation" && it.id == id.to_string();
    assert!(changes.changed.iter().any(heard), "{changes:?}");
    let list = async || {
        let query = ConversationQuery::default();
        office.dana.conversation_list(query).await.unwrap().items
    };
    let kept = list().await.remove(0);
    assert_eq!((kept.id, Some(kept.revision)), (id, later.revision));
    let open = kept.open.unwrap();
    let offered: Vec<String> = open.slots.iter().map(|it| it.start.to_string()).collect();
    assert_eq!((open.act, offered), (RequestAct::Schedule, starts(&later)));
    assert_eq!(open.slots[0].interviewers[0].name, "Sam Ito");
    assert_eq!(Some(open.until), later.until);
    let done = office.dana.conversation_say(letter(later.revision)).await;
    assert_eq!(done.unwrap().kind, AnswerKind::Done);
    assert_eq!(booked(&office).await, [later.slots[0].start.to_string()]);
    assert_eq!(
        list().await.remove(0).open,
        None,
        "there is nothing left to say yes to"
    );
}

/// What a member says is theirs: an admin reads it by acting for them, and hears of none of it.
#[tokio::test]
async fn nobody_else_hears_of_a_conversation() {
    let office = office().await;
    let admin = MemberEdit {
        member: SAM.into(),
        roles: Some(vec![Role::Admin]),
        ..MemberEdit::default()
    };
    office.dana.member_edit(admin).await.unwrap();
    let link = MemberLink {
        member: SAM.into(),
        uid: Some(2001),
        ..MemberLink::default()
    };
    office.dana.member_link(link).await.unwrap();
    let peer = Peer {
        uid: 2001,
        operator: false,
    };
    let sam = office.daemon.client(peer).await.unwrap();
    let before = office.daemon.revision();
    let said = office
        .dana
        .conversation_say(says("Ana with Sam on Friday"))
        .await;
    said.unwrap();
    let changes = sam.changes(before.0, Duration::ZERO).await.unwrap();
    assert!(
        changes.changed.iter().all(|it| it.table != "conversation"),
        "{changes:?}"
    );
}
