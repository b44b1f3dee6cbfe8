//! What people answer, and what counts for nothing.

use greenroom_protocol::interview::{AttendeeState, Interview, InterviewNew};
use greenroom_protocol::schedule::{Finding, FindingCode};
use greenroom_protocol::time::Instant;

use crate::mail::fixture::{ANA, Fixture, SAM, UNDO, by_phone, states};

#[tokio::test]
async fn a_calendar_answers_and_a_later_answer_counts() {
    let room = Fixture::open().await;
    let (interview, ana, sam) = room.invited().await;
    room.gets("1", &ana.reply("ACCEPTED", "20261130T090100Z"))
        .await;
    room.gets("2", &sam.reply("TENTATIVE", "20261130T090100Z"))
        .await;
    let answered = room.show(&interview).await;
    assert_eq!(
        states(&answered),
        [AttendeeState::Accepted, AttendeeState::Tentative]
    );
    // An older one that was delayed changes nothing, a newer one does.
    room.gets("3", &ana.reply("TENTATIVE", "20261130T090000Z"))
        .await;
    room.daemon.seconds_pass(3600);
    room.gets("4", &sam.reply("DECLINED", "20261130T093000Z"))
        .await;
    let answered = room.show(&interview).await;
    assert_eq!(
        states(&answered),
        [AttendeeState::Accepted, AttendeeState::Declined]
    );
}

#[tokio::test]
async fn an_answer_must_come_from_somebody_it_was_sent_to() {
    let room = Fixture::open().await;
    let (interview, ana, sam) = room.invited().await;
    let answers = |it: &Interview| (states(it), it.asks.clone(), it.start, it.status);
    let before = answers(&room.show(&interview).await);
    let accepted = ana.reply("ACCEPTED", "20261130T090100Z");
    let from = format!("From: {ANA}");
    for (name, hostile) in [
        // Somebody else, by a name that everybody hears.
        ("1", accepted.replace(&from, "From: eve@mail.example")),
        // Sam in Ana's name.
        ("2", accepted.replace(&from, &format!("From: {SAM}"))),
        // Ana in the name of somebody who was not invited.
        (
            "3",
            accepted.replace(&format!("mailto:{ANA}"), "mailto:eve@mail.example"),
        ),
        // Another interview.
        ("4", accepted.replace("UID:int_0", "UID:int_1")),
        ("5", accepted.replace("@greenroom", "@elsewhere")),
        // Two at once.
        (
            "6",
            accepted.replace(
                "END:VEVENT",
                &format!("ATTENDEE;PARTSTAT=ACCEPTED:mailto:{SAM}\nEND:VEVENT"),
            ),
        ),
        // No answer.
        ("7", accepted.replace("METHOD:REPLY", "METHOD:REQUEST")),
        (
            "8",
            accepted.replace("PARTSTAT=ACCEPTED", "PARTSTAT=DELEGATED"),
        ),
        ("9", "not even a message".to_owned()),
    ] {
        room.gets(name, &hostile).await;
        assert_eq!(answers(&room.show(&interview).await), before, "{name}");
    }
    // From an address of Ana's that nobody knew, but in answer to the letter that only she has.
    let reply_to = format!("In-Reply-To: <{}>\nFrom: ana@work.example", ana.message_id);
    room.gets("10", &accepted.replace(&from, &reply_to)).await;
    let answered = room.show(&interview).await;
    assert_eq!(
        states(&answered),
        [AttendeeState::Accepted, AttendeeState::Invited]
    );
    // In answer to Sam's, it is not hers.
    let reply_to = format!("In-Reply-To: <{}>\nFrom: eve@mail.example", sam.message_id);
    let declined = ana.reply("DECLINED", "20261130T090200Z");
    room.gets("11", &declined.replace(&from, &reply_to)).await;
    assert_eq!(answers(&room.show(&interview).await), answers(&answered));
}

#[tokio::test]
async fn another_time_is_asked_for_and_nothing_is_done_by_itself() {
    let room = Fixture::open().await;
    let (interview, ana, _) = room.invited().await;
    let comment = "Could we\\, please\\, make it later?\\nThanks";
    let counter = ana.counter(
        "20261201T140000Z",
        "20261201T144500Z",
        comment,
        "20261130T090100Z",
    );
    room.gets("1", &counter).await;
    room.gets("2", &counter).await;
    let asked = room.show(&interview).await;
    assert_eq!(asked.start, interview.start);
    let [ask] = &asked.asks[..] else {
        panic!("{asked:?}")
    };
    assert_eq!(ask.name, "Ana Lima");
    let start: Instant = "2026-12-01T14:00:00Z"
        .parse::<jiff::Timestamp>()
        .unwrap()
        .into();
    assert_eq!((ask.start, ask.duration_minutes), (Some(start), Some(45)));
    assert_eq!(
        ask.comment.as_deref(),
        Some("Could we, please, make it later? Thanks")
    );
    let warning = asked
        .warnings
        .iter()
        .find(|it| it.code == FindingCode::RescheduleAsked);
    let said = &warning.unwrap().message;
    assert_eq!(
        said,
        "the candidate asks for another time and proposes Tue 2026-12-01 09:00 EST"
    );
}

#[tokio::test]
async fn a_letter_that_did_not_arrive_marks_the_address() {
    let room = Fixture::open().await;
    let (interview, ana, sam) = room.invited().await;
    room.gets("1", &ana.bounce()).await;
    let bounced = room.show(&interview).await;
    assert_eq!(
        states(&bounced),
        [AttendeeState::Unreached, AttendeeState::Invited]
    );
    let reason = bounced.attendees[0].reason.as_deref();
    assert_eq!(reason, Some("smtp; 550 5.1.1 no such user"));
    assert!(
        bounced
            .warnings
            .iter()
            .any(|it| it.code == FindingCode::AddressBounces)
    );

    // Anyone who invites her again is warned before.
    room.cancels(&interview).await;
    let again = room.dana.interview_new(by_phone()).await.unwrap().interview;
    let warning = again
        .warnings
        .iter()
        .find(|it| it.code == FindingCode::AddressBounces);
    assert!(warning.unwrap().message.contains(ANA));
    // So it is with a colleague's address.
    room.gets("1b", &sam.bounce()).await;
    let of_sams = room.dana.interview_new(InterviewNew {
        start: "2026-12-03T10:00:00Z".into(),
        ..by_phone()
    });
    let of_sams = of_sams.await.unwrap().interview;
    let says = |address: &str| {
        let of = |it: &&Finding| it.message.contains(address);
        let warnings = of_sams.warnings.iter();
        let mut warnings = warnings.filter(|it| it.code == FindingCode::AddressBounces);
        warnings.any(|it| of(&it))
    };
    assert!(says(ANA) && says(SAM), "{:?}", of_sams.warnings);

    // An answer from there shows that it is reached.
    room.daemon.seconds_pass(UNDO);
    let invited =
        |it: &greenroom_protocol::interview::Interview| it.attendees[0].invited_at.is_some();
    room.when(&again, invited).await;
    let letters = room.mail().to(ANA).unwrap();
    let newest = letters
        .iter()
        .find(|it| it.values("UID")[0].contains(&again.id.to_string()));
    room.gets("2", &newest.unwrap().reply("ACCEPTED", "20261130T090100Z"))
        .await;
    let third = room.dana.interview_new(InterviewNew {
        start: "2026-12-02T10:00:00Z".into(),
        ..by_phone()
    });
    let third = third.await.unwrap().interview;
    let about_ana =
        |it: &Finding| it.code == FindingCode::AddressBounces && it.message.contains(ANA);
    assert!(!third.warnings.iter().any(about_ana));
}

#[tokio::test]
async fn words_are_for_a_person_to_read() {
    let room = Fixture::open().await;
    let (interview, ana, _) = room.invited().await;
    let words = ana.words("I am looking forward to it!");
    let from_eve = words.replace(&format!("From: {ANA}"), "From: eve@mail.example");
    let automatic = words.replace("Subject:", "Auto-Submitted: auto-replied\nSubject:");
    room.gets("1", &from_eve).await;
    room.gets("2", &automatic).await;
    let words_came = |it: &greenroom_protocol::interview::Interview| {
        it.warnings
            .iter()
            .any(|it| it.code == FindingCode::AnsweredInWords)
    };
    assert!(!words_came(&room.show(&interview).await));
    room.gets("3", &words).await;
    let answered = room.show(&interview).await;
    assert!(words_came(&answered));
    assert_eq!(states(&answered), [AttendeeState::Invited; 2]);
}
