//! What people write of their own accord, and what machines write for them: kept, shown, read,
//! handed out and erased.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::interview::Interview;
use greenroom_protocol::pipeline::{CandidateEdit, CandidateExportQuery};
use greenroom_protocol::received::{ReceivedFrom, ReceivedMail, ReceivedQuery};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::workspace::{MemberLink, Reference, WorkspaceEdit};
use greenroom_tests::harness::{add_candidate, add_job};
use greenroom_tests::test_daemon::{OWNER, Story};

use crate::mail::fixture::{ANA, Fixture, SAM, by_phone, states};

fn email(from: &str, subject: &str, text: &str) -> String {
    format!(
        "From: {from}\nTo: interviews@acme.example\nSubject: {subject}\nMessage-ID: <{subject}@mail.example>\n\n{text}\n"
    )
}

impl Fixture {
    async fn received(&self, query: ReceivedQuery) -> Vec<ReceivedMail> {
        self.dana.mail_received(query).await.unwrap().items
    }

    async fn all_received(&self) -> Vec<ReceivedMail> {
        self.received(ReceivedQuery::default()).await
    }

    async fn about(&self, interview: &Interview) -> Vec<ReceivedMail> {
        let interview = Some(interview.id.to_string());
        self.received(ReceivedQuery {
            interview,
            ..ReceivedQuery::default()
        })
        .await
    }
}

fn waits_to_be_read(interview: &Interview) -> bool {
    let mut warnings = interview.warnings.iter();
    warnings.any(|it| it.code == FindingCode::AnsweredInWords)
}

/// Case M14: a candidate's own new email is kept under the candidate, once, and shown as unread
/// until somebody reads it.
#[tokio::test]
async fn a_candidates_own_email_is_kept_and_shown() {
    let room = Fixture::open().await;
    let ill = email(
        "Ana Lima <Ana.Lima@Mail.example>",
        "Ill",
        "I am ill and cannot come tomorrow.\n\n-- \nAna",
    );
    room.gets("1", &ill).await;
    // The same again, as where a mailbox is read anew; and somebody nobody knows.
    room.gets("2", &ill).await;
    room.gets("3", &email("eve@mail.example", "Offer", "Buy this"))
        .await;
    let all = room.all_received().await;
    let [mail] = &all[..] else { panic!("{all:?}") };
    assert_eq!(
        (mail.who, mail.name.as_str(), mail.from.as_str()),
        (ReceivedFrom::Candidate, "Ana Lima", ANA)
    );
    assert_eq!(
        (mail.subject.as_str(), mail.beginning.as_str()),
        ("Ill", "I am ill and cannot come tomorrow.")
    );
    assert!(mail.unread && !mail.automatic && mail.interview.is_none() && mail.set_aside.is_none());
    let of_ana = ReceivedQuery {
        candidate: Some(ANA.into()),
        unread: true,
        ..ReceivedQuery::default()
    };
    assert_eq!(room.received(of_ana.clone()).await, all);

    let whole = room
        .dana
        .mail_received_get(Reference::to(mail.id.to_string()))
        .await
        .unwrap();
    assert_eq!(
        (whole.text.as_str(), whole.quoted.as_deref()),
        ("I am ill and cannot come tomorrow.", Some("--\nAna"))
    );
    // Looking is not reading; a dry run is neither.
    assert!(whole.mail.unread);
    let ending = mail.id.to_string()[20..].to_owned();
    let dry_run = Reference {
        dry_run: true,
        ..Reference::to(&ending)
    };
    room.dana.mail_received_read(dry_run).await.unwrap();
    assert_eq!(room.received(of_ana.clone()).await.len(), 1);
    let read = room
        .dana
        .mail_received_read(Reference::to(ending))
        .await
        .unwrap();
    assert!(!read.unread);
    assert_eq!(room.received(of_ana).await, []);
    assert_eq!(room.all_received().await.len(), 1);
}

/// Case M14: two emails that a program gave the same Message-ID are two.
#[tokio::test]
async fn a_message_id_that_is_used_twice_hides_nothing() {
    let room = Fixture::open().await;
    room.gets("1", &email(ANA, "same", "I am ill.")).await;
    room.gets("2", &email(ANA, "same", "I am well again."))
        .await;
    room.gets("3", &email(ANA, "same", "I am ill.")).await;
    let all = room.all_received().await;
    let said: Vec<_> = all.iter().map(|it| it.beginning.as_str()).collect();
    assert_eq!(said, ["I am well again.", "I am ill."]);
}

/// Case M14: words in the thread are kept with the interview and marked there until they are read;
/// an automatic reply is kept too, and marked as what it is.
#[tokio::test]
async fn words_and_automatic_replies_in_the_thread_are_kept_with_the_interview() {
    let room = Fixture::open().await;
    let (interview, ana, sam) = room.invited().await;
    let away = ana.words("I am away until Monday.");
    let away = away.replace("Subject:", "Auto-Submitted: auto-replied\nSubject:");
    room.gets("1", &away).await;
    assert!(!waits_to_be_read(&room.show(&interview).await));
    room.gets(
        "2",
        &ana.words(
            "See you tomorrow!\n\nOn Mon, 30 Nov 2026, Dana <d@acme.example> wrote:\n> Dear Ana",
        ),
    )
    .await;
    room.gets("3", &sam.words("I may be five minutes late."))
        .await;
    let shown = room.show(&interview).await;
    assert!(waits_to_be_read(&shown));
    assert!(
        shown
            .warnings
            .iter()
            .all(|it| !it.message.contains("See you")),
        "{:?}",
        shown.warnings
    );
    let about = room.about(&interview).await;
    let told: Vec<_> = about
        .iter()
        .map(|it| (it.who, it.beginning.as_str(), it.automatic, it.unread))
        .collect();
    assert_eq!(
        told,
        [
            (
                ReceivedFrom::Member,
                "I may be five minutes late.",
                false,
                true
            ),
            (ReceivedFrom::Candidate, "See you tomorrow!", false, true),
            (
                ReceivedFrom::Candidate,
                "I am away until Monday.",
                true,
                false
            ),
        ]
    );
    // It is no answer: nobody accepted or declined. But Sam is waited for no more.
    assert_eq!(states(&shown), states(&interview));
    let silent = |it: &Interview| it.attendees.iter().any(|it| it.silent_since.is_some());
    assert!(silent(&interview) && !silent(&shown));
    for (mail, still) in [(&about[0], true), (&about[1], false)] {
        room.dana
            .mail_received_read(Reference::to(mail.id.to_string()))
            .await
            .unwrap();
        assert_eq!(waits_to_be_read(&room.show(&interview).await), still);
    }
}

/// Case M14: HTML without a plain part is read as a person sees it; nothing of it steers a
/// terminal.
#[tokio::test]
async fn html_is_kept_as_it_looks() {
    let room = Fixture::open().await;
    let html = format!(
        "From: {ANA}\nSubject: \u{202e}Ill\u{7}\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n\
         <div style=\"display:none\">accepted</div><p>I am <b>ill</b>.\u{1b}[2J<span style=\"color:#fff\">yes</span></p>\n"
    );
    room.gets("1", &html).await;
    let [mail] = &room.all_received().await[..] else {
        panic!()
    };
    let whole = room
        .dana
        .mail_received_get(Reference::to(mail.id.to_string()))
        .await
        .unwrap();
    assert_eq!(
        (whole.text.as_str(), mail.subject.as_str()),
        ("I am ill.[2J", "Ill")
    );
}

/// Case M14: an email is heard in every workspace that knows its writer, and in no other.
#[tokio::test]
async fn every_workspace_that_knows_the_writer_hears_it() {
    let room = Fixture::open().await;
    let edit = WorkspaceEdit {
        name: Some("Beta".into()),
        ..WorkspaceEdit::default()
    };
    room.dana.workspace_add(edit).await.unwrap();
    let target = |name: &str| {
        let mut target = room.daemon.door(OWNER).unwrap();
        target.workspace = Some(name.to_owned());
        target
    };
    let beta = greenroom::client::Client::connect(&target("Beta"))
        .await
        .unwrap();
    room.gets("1", &email(ANA, "one", "Only Acme knows me."))
        .await;
    assert_eq!(
        beta.mail_received(ReceivedQuery::default())
            .await
            .unwrap()
            .total,
        0
    );
    add_job(&beta, "Welder").await.unwrap();
    add_candidate(&beta, "Ana L.", ANA, "Welder").await.unwrap();
    room.gets("2", &email(ANA, "two", "Both know me.")).await;
    let heard = beta.mail_received(ReceivedQuery::default()).await.unwrap();
    assert_eq!((heard.total, heard.items[0].subject.as_str()), (1, "two"));
    assert_eq!(room.all_received().await.len(), 2);
}

/// Case M14: no more than 200 are kept of somebody; automatic ones make room first, then those of
/// strangers.
#[tokio::test]
async fn machines_and_strangers_push_out_nobodys_own_words() {
    let room = Fixture::open().await;
    let (interview, ana, _) = room.invited().await;
    room.mail()
        .answer("a", &email(ANA, "first", "My own words"))
        .unwrap();
    for at in 0..205 {
        let noise = ana.words(&format!("Notice {at}"));
        let noise = match at % 2 {
            0 => noise.replace("Subject:", "Auto-Submitted: auto-replied\nSubject:"),
            _ => noise.replace(&format!("From: {ANA}"), "From: eve@mail.example"),
        };
        room.mail().answer(&format!("b{at:04}"), &noise).unwrap();
    }
    room.daemon.hears_answers().await.unwrap();
    let page = room.dana.mail_received(ReceivedQuery {
        limit: Some(500),
        ..ReceivedQuery::default()
    });
    let page = page.await.unwrap();
    assert_eq!((page.total, page.items.len()), (200, 200));
    let automatic = page.items.iter().filter(|it| it.automatic).count();
    assert_eq!(
        page.items
            .iter()
            .filter(|it| it.who == ReceivedFrom::Candidate && !it.automatic)
            .count(),
        1
    );
    // 205 and one: six made room, all of them automatic.
    assert_eq!(automatic, 103 - 6);
    assert_eq!(room.about(&interview).await.len(), 100, "a page");
}

/// Case M14: of a thousand emails none is lost, read in pages, and their order is that in which
/// they came.
#[tokio::test]
async fn of_a_thousand_emails_none_is_lost() {
    let room = Fixture::open().await;
    let people = 10;
    for at in 0..people {
        add_candidate(
            &room.dana,
            &format!("Person {at}"),
            &format!("p{at}@mail.example"),
            "Designer",
        )
        .await
        .unwrap();
    }
    for at in 0..1000 {
        let from = format!("p{}@mail.example", at % people);
        room.mail()
            .answer(
                &format!("{at:05}"),
                &email(&from, &format!("n{at}"), "Hello"),
            )
            .unwrap();
    }
    room.daemon.hears_answers().await.unwrap();
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = room.dana.mail_received(ReceivedQuery {
            limit: Some(300),
            cursor,
            ..ReceivedQuery::default()
        });
        let page = page.await.unwrap();
        assert_eq!(page.total, 1000);
        seen.extend(page.items.into_iter().map(|it| it.subject));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let expected: Vec<_> = (0..1000).rev().map(|at| format!("n{at}")).collect();
    assert_eq!(seen, expected);
}

/// Case M14: it is in what is handed out of a candidate, and gone with them: no stored row knows a
/// word of it.
#[tokio::test]
async fn it_is_handed_out_and_erased_with_the_candidate() {
    let room = Fixture::open().await;
    let (interview, ana, _) = room.invited().await;
    room.gets("1", &email(ANA, "Zwetschge", "Quittenbrot"))
        .await;
    room.gets("2", &ana.words("Mirabelle")).await;
    let mut query = CandidateExportQuery {
        candidate: ANA.into(),
        cursor: None,
    };
    let mut held = Vec::new();
    loop {
        let page = room.dana.candidate_export(query.clone()).await.unwrap();
        held.extend(page.received);
        query.cursor = page.next;
        if query.cursor.is_none() {
            break;
        }
    }
    let said: Vec<_> = held
        .iter()
        .map(|it| (it.subject.as_str(), it.text.as_str(), it.interview))
        .collect();
    assert_eq!(
        (said[0].0, said[0].1, said[0].2),
        ("Zwetschge", "Quittenbrot", None)
    );
    assert_eq!((said[1].1, said[1].2), ("Mirabelle", Some(interview.id)));

    let audit = room.dana.audit_list(Default::default()).await.unwrap();
    let audit = serde_json::to_string(&audit).unwrap();
    room.cancels(&interview).await;
    room.daemon.rests().await.unwrap();
    let erased = room.dana.candidate_erase(Reference::to(ANA)).await.unwrap();
    assert_eq!(erased.received, 2);
    for (key, body) in room.daemon.rows().await.unwrap() {
        let body = String::from_utf8_lossy(&body);
        for word in ["Zwetschge", "Quittenbrot", "Mirabelle"] {
            assert!(
                !body.contains(word) && !key.contains(word) && !audit.contains(word),
                "{key}"
            );
        }
        assert!(
            !key.contains("/turn") && !key.contains("unique/heard"),
            "{key}"
        );
    }
    // What comes later from that address is nobody's.
    room.gets("3", &email(ANA, "late", "Quittenbrot")).await;
    room.gets("4", &ana.words("Mirabelle")).await;
    assert_eq!(room.all_received().await, []);
}

/// Case M14: who sees an interview sees what was written about it; who interviews for another
/// application sees none of it.
#[tokio::test]
async fn an_interviewer_sees_what_is_about_their_own_interview() {
    let room = Fixture::open().await;
    let (interview, ana, _) = room.invited().await;
    room.gets("1", &ana.words("About the first talk")).await;
    room.gets("2", &email(ANA, "own", "Of my own accord")).await;
    let link = MemberLink {
        member: SAM.into(),
        uid: Some(2000),
        user: None,
    };
    room.dana.member_link(link).await.unwrap();
    let sam = room.daemon.user(2000).await.unwrap();
    let subjects = async |client: &greenroom::client::Client| {
        let page = client
            .mail_received(ReceivedQuery::default())
            .await
            .unwrap();
        page.items
            .into_iter()
            .map(|it| it.beginning)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        subjects(&sam).await,
        ["Of my own accord", "About the first talk"]
    );

    // She applies for another job too, where Mina interviews.
    let mina = greenroom_protocol::workspace::MemberAdd {
        name: "Mina Okafor".into(),
        email: "mina@acme.example".into(),
        zoom_email: None,
        zone: None,
        roles: Vec::new(),
        hiring_jobs: Vec::new(),
    };
    room.dana.member_add(mina).await.unwrap();
    let link = MemberLink {
        member: "mina@acme.example".into(),
        uid: Some(2001),
        user: None,
    };
    room.dana.member_link(link).await.unwrap();
    add_job(&room.dana, "Welder").await.unwrap();
    let apply = CandidateEdit {
        candidate: ANA.into(),
        apply: Some("Welder".into()),
        ..CandidateEdit::default()
    };
    room.dana.candidate_edit(apply).await.unwrap();
    let other = greenroom_protocol::interview::InterviewNew {
        job: Some("Welder".into()),
        with: vec!["mina@acme.example".into()],
        start: "2026-12-03T10:00:00Z".into(),
        ..by_phone()
    };
    room.dana.interview_new(other).await.unwrap();
    let mina = room.daemon.user(2001).await.unwrap();
    assert_eq!(subjects(&mina).await, Vec::<String>::new());
    assert_eq!(subjects(&sam).await, ["About the first talk"]);
    let about = room.about(&interview).await;
    let reference = Reference::to(about[0].id.to_string());
    for refused in [
        mina.mail_received_get(reference.clone()).await.map(drop),
        mina.mail_received_read(reference).await.map(drop),
    ] {
        assert_eq!(refused.unwrap_err().kind, ErrorKind::NotFound);
    }
    let changes = mina.changes(0, std::time::Duration::ZERO).await.unwrap();
    assert!(changes.changed.iter().all(|it| it.table != "received"));
}

/// Case M14: a backup holds it; what the restored mailbox shows again is not kept twice.
#[tokio::test]
async fn a_backup_holds_what_came_in() {
    let mut room = Fixture::open().await;
    let ill = email(ANA, "Ill", "I am ill.");
    room.gets("1", &ill).await;
    let backup = room.daemon.take_backup(&room.dana).await.unwrap();
    let Story { daemon, dana } = &mut *room;
    daemon.restore(dana, &backup).await.unwrap();
    room.dana = room.daemon.client(OWNER).await.unwrap();
    room.gets("2", &ill).await;
    let all = room.all_received().await;
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].beginning, "I am ill.");
}
