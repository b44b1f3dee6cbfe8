//! Addresses that do not receive, and what is known of them when they are corrected or answer after
//! all.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::interview::{AttendeeState, Interview};
use greenroom_protocol::mail::{MailKind, MailQuery};
use greenroom_protocol::pipeline::CandidateEdit;
use greenroom_protocol::schedule::{Finding, FindingCode};
use greenroom_protocol::workspace::Reference;
use greenroom_tests::post::Found;

use crate::mail::fixture::{ANA, Fixture, UNDO, everybody, states};

/// Ana's address, as somebody has mistyped it.
const TYPO: &str = "ana.lmia@mail.example";

async fn lives_at(room: &Fixture, email: &str) {
    let edit = CandidateEdit {
        candidate: "Ana Lima".into(),
        email: Some(email.into()),
        ..CandidateEdit::default()
    };
    room.dana.candidate_edit(edit).await.unwrap();
}

/// An interview whose invitation went to the mistyped address and bounced.
async fn bounced(room: &Fixture) -> (Interview, Found) {
    lives_at(room, TYPO).await;
    let booking = greenroom_protocol::interview::InterviewNew {
        candidate: "Ana Lima".into(),
        ..crate::mail::fixture::by_phone()
    };
    let interview = room.dana.interview_new(booking).await.unwrap().interview;
    room.daemon.seconds_pass(UNDO);
    room.when(&interview, everybody(AttendeeState::Invited))
        .await;
    let letter = room.mail().to(TYPO).unwrap().remove(0);
    room.gets("bounce", &letter.bounce()).await;
    let interview = room.show(&interview).await;
    assert_eq!(
        states(&interview),
        [AttendeeState::Unreached, AttendeeState::Invited]
    );
    (interview, letter)
}

async fn confirms(room: &Fixture, interview: &Interview) {
    let reference = Reference::to(interview.id.to_string());
    room.dana.interview_confirm(reference).await.unwrap();
}

fn bounces(interview: &Interview) -> Vec<&Finding> {
    let warnings = interview.warnings.iter();
    warnings
        .filter(|it| it.code == FindingCode::AddressBounces)
        .collect()
}

/// Case M1: typo, bounce, address corrected, confirmed again as the README says.
#[tokio::test]
async fn whoever_got_nothing_is_invited_once_the_address_is_right() {
    let room = Fixture::open().await;
    let (interview, _) = bounced(&room).await;
    lives_at(&room, ANA).await;
    // Nothing goes there unasked.
    room.daemon.seconds_pass(UNDO);
    room.daemon.rests().await.unwrap();
    assert!(room.mail().to(ANA).unwrap().is_empty());

    confirms(&room, &interview).await;
    // And asking twice makes no second.
    confirms(&room, &interview).await;
    room.daemon.seconds_pass(UNDO);
    let invited = room
        .when(&interview, everybody(AttendeeState::Invited))
        .await;
    assert!(bounces(&invited).is_empty(), "{:?}", invited.warnings);
    let letters = room.mail().to(ANA).unwrap();
    let [first] = &letters[..] else {
        panic!("{letters:?}")
    };
    assert!(first.subject.starts_with("Interview "), "{}", first.subject);
    assert_eq!(
        (first.method(), &first.in_reply_to),
        (Some("REQUEST"), &None)
    );
    // Sam, who has one, gets no other.
    assert_eq!(room.mail().to(crate::mail::fixture::SAM).unwrap().len(), 1);
    room.gets("yes", &first.reply("ACCEPTED", "20261130T090100Z"))
        .await;
    assert_eq!(
        room.show(&interview).await.attendees[0].state,
        AttendeeState::Accepted
    );
    confirms(&room, &interview).await;
    room.daemon.seconds_pass(UNDO);
    room.daemon.rests().await.unwrap();
    assert_eq!(room.mail().to(ANA).unwrap().len(), 1);
}

/// Case M1: the same by `mail retry`, of the email that bounced; also where the address was right
/// and its mailbox full.
#[tokio::test]
async fn an_email_that_bounced_is_sent_again() {
    for corrected in [ANA, TYPO] {
        let room = Fixture::open().await;
        let (interview, _) = bounced(&room).await;
        lives_at(&room, corrected).await;
        let sent = MailQuery {
            past: true,
            interview: Some(interview.id.to_string()),
            ..MailQuery::default()
        };
        let sent = room.dana.mail_list(sent).await.unwrap().items;
        let of = |address: &str| sent.iter().find(|it| it.address == address).unwrap();
        assert!(of(TYPO).reason.as_ref().unwrap().starts_with("bounced: "));
        let sams = room
            .dana
            .mail_retry(Reference::to(of(crate::mail::fixture::SAM).id.to_string()));
        assert_eq!(sams.await.unwrap_err().kind, ErrorKind::Conflict);
        let id = of(TYPO).id.to_string();
        let again = room.dana.mail_retry(Reference::to(&id)).await.unwrap();
        assert_eq!(
            (again.kind, again.address.as_str()),
            (MailKind::Invitation, corrected)
        );
        assert_ne!(again.id.to_string(), id);
        // It is on its way.
        let twice = room.dana.mail_retry(Reference::to(&id)).await.unwrap_err();
        assert_eq!(twice.kind, ErrorKind::Conflict);
        room.daemon.seconds_pass(UNDO);
        let invited = room
            .when(&interview, everybody(AttendeeState::Invited))
            .await;
        assert!(bounces(&invited).is_empty());
        let letters = room.mail().to(corrected).unwrap();
        let newest = letters
            .iter()
            .find(|it| it.message_id == again.message_id)
            .unwrap();
        assert!(
            newest.subject.starts_with("Interview "),
            "{}",
            newest.subject
        );
    }
}

/// Case M1: an address that is corrected while the interview moves.
#[tokio::test]
async fn a_change_reaches_a_new_address_as_a_first_invitation() {
    let room = Fixture::open().await;
    let (interview, _) = bounced(&room).await;
    lives_at(&room, ANA).await;
    room.moves(&interview, "2026-12-02T10:00:00Z", None).await;
    room.daemon.seconds_pass(UNDO);
    room.when(&interview, everybody(AttendeeState::Invited))
        .await;
    let letters = room.mail().to(ANA).unwrap();
    assert_eq!(letters.len(), 1);
    assert!(
        letters[0].subject.starts_with("Interview "),
        "{}",
        letters[0].subject
    );
    let sams = room.mail().to(crate::mail::fixture::SAM).unwrap();
    assert!(sams.iter().any(|it| it.subject.starts_with("Updated: ")));
}

/// Case M3: a late bounce says something of the former address alone.
#[tokio::test]
async fn a_late_bounce_marks_the_address_it_is_from() {
    let room = Fixture::open().await;
    lives_at(&room, TYPO).await;
    let booking = greenroom_protocol::interview::InterviewNew {
        candidate: "Ana Lima".into(),
        ..crate::mail::fixture::by_phone()
    };
    let interview = room.dana.interview_new(booking).await.unwrap().interview;
    room.daemon.seconds_pass(UNDO);
    room.when(&interview, everybody(AttendeeState::Invited))
        .await;
    let former = room.mail().to(TYPO).unwrap().remove(0);
    lives_at(&room, ANA).await;
    confirms(&room, &interview).await;
    room.daemon.seconds_pass(UNDO);
    let invited = room
        .when(&interview, |it| it.attendees[0].email == ANA)
        .await;
    room.gets("1", &former.bounce()).await;
    let after = room.show(&interview).await;
    assert_eq!(states(&after), states(&invited));
    assert!(bounces(&after).is_empty(), "{:?}", after.warnings);

    // The former address is marked for anyone who writes there next.
    lives_at(&room, TYPO).await;
    room.cancels(&interview).await;
    let booking = greenroom_protocol::interview::InterviewNew {
        candidate: "Ana Lima".into(),
        start: "2026-12-03T10:00:00Z".into(),
        ..crate::mail::fixture::by_phone()
    };
    let next = room.dana.interview_new(booking).await.unwrap().interview;
    assert!(bounces(&next)[0].message.contains(TYPO));
}

/// Case M3: warnings do not pile up, and an answer from there ends them.
#[tokio::test]
async fn what_answers_is_reached_and_is_warned_of_no_more() {
    let room = Fixture::open().await;
    let (interview, ana, _) = room.invited().await;
    room.gets("1", &ana.bounce()).await;
    room.gets("2", &ana.bounce().replace("no such user", "user unknown"))
        .await;
    room.gets("3", &ana.bounce()).await;
    let bounced = room.show(&interview).await;
    assert_eq!(bounces(&bounced).len(), 1, "{:?}", bounced.warnings);
    assert_eq!(
        bounces(&bounced)[0].message,
        "Email to the candidate bounced: smtp; 550 5.1.1 no such user"
    );

    room.gets("4", &ana.reply("ACCEPTED", "20261130T090100Z"))
        .await;
    let accepted = room.show(&interview).await;
    assert_eq!(accepted.attendees[0].state, AttendeeState::Accepted);
    assert!(bounces(&accepted).is_empty(), "{:?}", accepted.warnings);
    // A bounce of the email that was answered, late: somebody is there.
    room.gets("5", &ana.bounce()).await;
    assert_eq!(room.show(&interview).await, accepted);
}

/// Case M6: who relays for us is the administrator's affair, and the address as good as before.
#[tokio::test]
async fn a_refusal_of_our_server_marks_no_address() {
    let room = Fixture::open().await;
    let (interview, ana, _) = room.invited().await;
    let refused = ana
        .bounce()
        .replace("550 5.1.1 no such user", "554 5.7.1 Relay access denied");
    room.gets("1", &refused).await;
    let after = room.show(&interview).await;
    assert_eq!(after.attendees[0].state, AttendeeState::Unreached);
    assert!(bounces(&after).is_empty());
    let said = after
        .warnings
        .iter()
        .find(|it| it.code == FindingCode::MailRefused)
        .unwrap();
    assert!(
        said.message
            .contains("because of our mail server, not the address"),
        "{said:?}"
    );
    room.cancels(&interview).await;
    let next = room
        .dana
        .interview_new(crate::mail::fixture::by_phone())
        .await
        .unwrap()
        .interview;
    assert!(bounces(&next).is_empty(), "{:?}", next.warnings);
}

/// Case M7: Amazon SES gives emails another Message-ID; what returns or answers one names ours by
/// its References.
#[tokio::test]
async fn an_email_is_found_by_its_references_too() {
    let room = Fixture::open().await;
    let (interview, ana, sam) = room.invited().await;
    let bytes = String::from_utf8(ana.bytes.clone()).unwrap();
    assert!(
        bytes.contains(&format!("References: <{}>", ana.message_id)),
        "{bytes}"
    );
    let by_ses = |letter: &Found| {
        let own = format!("Message-ID: <{}>", letter.message_id);
        let theirs = format!(
            "Message-ID: <0102-ses@amazonses.example>\nReferences: <{}>",
            letter.message_id
        );
        letter.bounce().replace(&own, &theirs)
    };
    room.gets("1", &by_ses(&ana)).await;
    assert_eq!(
        states(&room.show(&interview).await),
        [AttendeeState::Unreached, AttendeeState::Invited]
    );
    let words = sam.words("See you there").replace(
        &format!("In-Reply-To: <{}>", sam.message_id),
        &format!("In-Reply-To: <0102-ses@amazonses.example>\nReferences: <{}> <0102-ses@amazonses.example>", sam.message_id),
    );
    room.gets("2", &words).await;
    let answered = room.show(&interview).await;
    assert!(
        answered
            .warnings
            .iter()
            .any(|it| it.code == FindingCode::AnsweredInWords)
    );
}

/// Case M4: a decline with words.
#[tokio::test]
async fn what_somebody_writes_with_an_answer_is_shown() {
    let room = Fixture::open().await;
    let (interview, ana, _) = room.invited().await;
    let declined = ana.reply("DECLINED", "20261130T090100Z");
    let declined = declined.replace(
        "ORGANIZER;",
        "COMMENT;LANGUAGE=en-US:I am ill\\, sorry\nORGANIZER;",
    );
    room.gets("1", &declined).await;
    let shown = room.show(&interview).await;
    assert_eq!(shown.attendees[0].state, AttendeeState::Declined);
    assert_eq!(shown.attendees[0].note.as_deref(), Some("I am ill, sorry"));
    // Of another time it is not said.
    room.moves(&interview, "2026-12-02T10:00:00Z", None).await;
    room.daemon.seconds_pass(UNDO);
    let moved = room
        .when(&interview, everybody(AttendeeState::Invited))
        .await;
    assert_eq!(moved.attendees[0].note, None);
}
