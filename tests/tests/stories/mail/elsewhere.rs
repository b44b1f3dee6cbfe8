//! Replies from other addresses: not counted, told, and accepted by a person.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::interview::{AttendeeState, Interview};
use greenroom_protocol::received::{ReceivedAccept, ReceivedFrom, ReceivedMail, ReceivedQuery};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::workspace::Reference;

use crate::mail::fixture::{ANA, Fixture, SAM, states};

const STAMP: &str = "20261130T090100Z";

impl Fixture {
    async fn newest(&self) -> ReceivedMail {
        let page = self.dana.mail_received(ReceivedQuery::default());
        page.await.unwrap().items.swap_remove(0)
    }

    fn accepts(&self, mail: &ReceivedMail) -> ReceivedAccept {
        ReceivedAccept {
            mail: Reference::to(mail.id.to_string()),
            attendee: None,
            remember: false,
        }
    }
}

fn from(reply: &str, whom: &str, address: &str) -> String {
    reply.replace(&format!("From: {whom}"), &format!("From: {address}"))
}

fn is_told(interview: &Interview, address: &str) -> bool {
    let told = |it: &greenroom_protocol::schedule::Finding| {
        it.code == FindingCode::OtherAddress && it.message.contains(address)
    };
    interview.warnings.iter().any(told)
}

/// Case M5: an alias, a forwarded mailbox, a list that rewrites From, a delegate, a counter from an
/// alias, and words: none counts, each is shown with its words and for whom it replies, and one
/// call accepts it.
#[tokio::test]
async fn a_reply_from_another_address_waits_for_a_person() {
    let room = Fixture::open().await;
    let (interview, ana, sam) = room.invited().await;
    let list = from(
        &ana.reply("ACCEPTED", STAMP),
        ANA,
        "Ana via Talents <talents@list.example>",
    );
    let delegate = sam.reply("TENTATIVE", STAMP).replace(
        &format!("ATTENDEE;PARTSTAT=TENTATIVE:mailto:{SAM}"),
        &format!(
            "ATTENDEE;DELEGATED-FROM=\"mailto:{SAM}\";PARTSTAT=TENTATIVE:mailto:mina@acme.example"
        ),
    );
    let delegate = from(&delegate, SAM, "mina@acme.example");
    let counter = ana.counter(
        "20261201T140000Z",
        "20261201T144500Z",
        "Later\\, please",
        STAMP,
    );
    let counter = counter.replace(
        &format!("ATTENDEE;PARTSTAT=TENTATIVE:mailto:{ANA}"),
        &format!("ATTENDEE:mailto:{ANA}\nATTENDEE:mailto:{SAM}"),
    );
    let counter = from(&counter, ANA, "ana.l@alias.example");
    let counter = counter.replace(
        "MIME-Version",
        &format!("In-Reply-To: <{}>\nMIME-Version", ana.message_id),
    );
    let answers = |it: &Interview| (states(it), it.asks.clone());
    let before = answers(&interview);
    for (name, reply, address, attendee, state) in [
        (
            "1",
            from(&ana.reply("ACCEPTED", STAMP), ANA, "ana@work.example"),
            "ana@work.example",
            "Ana Lima",
            Some(AttendeeState::Accepted),
        ),
        (
            "2",
            list,
            "talents@list.example",
            "Ana Lima",
            Some(AttendeeState::Accepted),
        ),
        (
            "3",
            delegate,
            "mina@acme.example",
            "Sam Ito",
            Some(AttendeeState::Tentative),
        ),
        ("4", counter, "ana.l@alias.example", "Ana Lima", None),
        (
            "5",
            from(&ana.words("I am ill"), ANA, "ana@home.example"),
            "ana@home.example",
            "Ana Lima",
            None,
        ),
    ] {
        room.gets(name, &reply).await;
        let now = room.show(&interview).await;
        assert_eq!(answers(&now), before, "{name}");
        // Strangers cannot fill the interview with warnings: three are named, the rest is in its
        // mail.
        let named = name.parse::<u32>().unwrap() <= 3;
        assert_eq!(is_told(&now, address), named, "{name}: {:?}", now.warnings);
        let mail = room.newest().await;
        assert_eq!(
            (mail.who, mail.from.as_str(), mail.interview),
            (ReceivedFrom::Other, address, Some(interview.id)),
            "{name}"
        );
        let aside = mail.set_aside.unwrap();
        assert_eq!(
            (aside.attendee.as_deref(), aside.answer),
            (Some(attendee), state),
            "{name}"
        );
    }
    let all = room
        .dana
        .mail_received(ReceivedQuery::default())
        .await
        .unwrap()
        .items;
    // A dry run changes nothing.
    let mut dry_run = room.accepts(&all[2]);
    dry_run.mail.dry_run = true;
    room.dana.mail_received_accept(dry_run).await.unwrap();
    assert_eq!(answers(&room.show(&interview).await), before);
    for mail in &all {
        let accepted = room.dana.mail_received_accept(room.accepts(mail)).await;
        match mail.from.as_str() {
            // Two of Ana's in the same second: both count, and say the same.
            "talents@list.example" | "ana@work.example" => {
                assert_eq!(accepted.unwrap().name, "Ana Lima")
            }
            "mina@acme.example" => assert_eq!(accepted.unwrap().who, ReceivedFrom::Member),
            _ => assert!(accepted.unwrap().set_aside.is_none()),
        }
    }
    let now = room.show(&interview).await;
    assert_eq!(
        states(&now),
        [AttendeeState::Accepted, AttendeeState::Tentative]
    );
    assert_eq!(now.asks.len(), 1);
    assert!(
        now.warnings
            .iter()
            .all(|it| it.code != FindingCode::OtherAddress)
    );
    let audit = room
        .dana
        .audit_list(Default::default())
        .await
        .unwrap()
        .items;
    let of_dana = audit
        .iter()
        .filter(|it| it.call == "mail_received_accept" && it.record == interview.id.to_string());
    assert_eq!(of_dana.count(), all.len());
    // Once.
    let again = room.dana.mail_received_accept(room.accepts(&all[0])).await;
    assert_eq!(again.unwrap_err().kind, ErrorKind::Conflict);
}

/// Case M5: what the interview has become since is not overruled by accepting an old reply.
#[tokio::test]
async fn an_old_reply_is_not_accepted_for_a_new_time() {
    let room = Fixture::open().await;
    let (interview, ana, _) = room.invited().await;
    room.gets(
        "1",
        &from(&ana.reply("ACCEPTED", STAMP), ANA, "ana@work.example"),
    )
    .await;
    room.moves(&interview, "2026-12-02T10:00:00Z", None).await;
    let mail = room.newest().await;
    let refused = room
        .dana
        .mail_received_accept(room.accepts(&mail))
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert!(
        refused.message.contains("changed since") && refused.hint.is_some(),
        "{refused:?}"
    );
}

/// Case M5: an address that is remembered counts from then on, in the thread and out of it; one
/// that is somebody else's own cannot be.
#[tokio::test]
async fn an_address_can_be_remembered() {
    let room = Fixture::open().await;
    let (interview, ana, sam) = room.invited().await;
    room.gets(
        "1",
        &from(&ana.reply("TENTATIVE", STAMP), ANA, "ana@work.example"),
    )
    .await;
    let remember = ReceivedAccept {
        remember: true,
        ..room.accepts(&room.newest().await)
    };
    room.dana.mail_received_accept(remember).await.unwrap();
    room.daemon.seconds_pass(600);
    room.gets(
        "2",
        &from(
            &ana.reply("DECLINED", "20261130T090500Z"),
            ANA,
            "ana@work.example",
        ),
    )
    .await;
    assert_eq!(
        states(&room.show(&interview).await)[0],
        AttendeeState::Declined
    );
    room.gets("3", "From: ana@work.example\nSubject: Ill\n\nI am ill.\n")
        .await;
    let threadless = room.newest().await;
    assert_eq!(
        (threadless.who, threadless.name.as_str()),
        (ReceivedFrom::Candidate, "Ana Lima")
    );

    // Sam's reply from Dana's own address.
    room.gets(
        "4",
        &from(
            &sam.reply("ACCEPTED", STAMP),
            SAM,
            greenroom_tests::harness::DANA,
        ),
    )
    .await;
    let remember = ReceivedAccept {
        remember: true,
        ..room.accepts(&room.newest().await)
    };
    let refused = room.dana.mail_received_accept(remember).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    // It goes with the candidate: afterwards the address is nobody's.
    room.cancels(&interview).await;
    room.daemon.rests().await.unwrap();
    room.dana.candidate_erase(Reference::to(ANA)).await.unwrap();
    let rows = room.daemon.rows().await.unwrap();
    assert!(
        rows.iter()
            .all(|(key, _)| !key.contains("ana@work.example"))
    );
}

/// Case M5: a reply that does not say for whom it is, is accepted for whom a person names.
#[tokio::test]
async fn a_person_says_whose_reply_it_is() {
    let room = Fixture::open().await;
    let (interview, ana, _) = room.invited().await;
    let strange = from(
        &ana.reply("ACCEPTED", STAMP),
        ANA,
        "assistant@agency.example",
    );
    let strange = strange.replace(
        &format!("PARTSTAT=ACCEPTED:mailto:{ANA}"),
        "PARTSTAT=ACCEPTED:mailto:assistant@agency.example",
    );
    room.gets("1", &strange).await;
    let mail = room.newest().await;
    assert!(is_told(
        &room.show(&interview).await,
        "assistant@agency.example"
    ));
    assert_eq!(mail.set_aside.as_ref().unwrap().attendee, None);
    let refused = room
        .dana
        .mail_received_accept(room.accepts(&mail))
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Usage);
    assert_eq!(refused.matches.len(), 2);
    let anas = ReceivedAccept {
        attendee: Some("ana lima".into()),
        ..room.accepts(&mail)
    };
    room.dana.mail_received_accept(anas).await.unwrap();
    assert_eq!(
        states(&room.show(&interview).await),
        [AttendeeState::Accepted, AttendeeState::Invited]
    );
}
