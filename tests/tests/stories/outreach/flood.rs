//! A thousand emails at once, of candidates, machines and strangers, some of them in threads: each is
//! acted on, or waits for a person where people look.

use std::collections::BTreeSet;

use greenroom_protocol::received::{ReceivedMail, ReceivedQuery};
use greenroom_protocol::today::{NeedKind, NeedsMe};
use greenroom_protocol::workspace::Reference;
use greenroom_tests::post::Found;

use crate::outreach::fixture::UNDO;
use crate::outreach::many::Many;

const PEOPLE: usize = 25;
const EMAILS: usize = 1000;

/// What a candidate, or somebody who is about, may write: the email of this number.
fn email(letter: &Found, n: usize) -> String {
    let (to, id) = (&letter.to, &letter.message_id);
    let thread = format!("In-Reply-To: <{id}>\n");
    let of = |from: &str, headers: &str, text: &str| {
        format!(
            "From: {from}\nTo: interviews@acme.example\nMessage-ID: <{n}@flood.example>\n{headers}Subject: n{n}\n\n{text}\n"
        )
    };
    // The first of every other one chooses; then nobody can tell what they all mean together.
    let kind = match n < PEOPLE && n.is_multiple_of(2) {
        true => 7,
        false => n / PEOPLE % 10,
    };
    match kind {
        0 => of(to, &thread, "Thank you!"),
        1 => of(to, &thread, "Where is your office?"),
        2 => of(
            to,
            &format!("{thread}Auto-Submitted: auto-replied\n"),
            "I am out of office.",
        ),
        3 => of("mia@elsewhere.example", &thread, "2 is fine for her."),
        4 => of(to, "", "Did my portfolio arrive?"),
        5 => of(to, "", "One more thing: is there parking?"),
        6 => of(
            to,
            &format!("{thread}Content-Type: text/html\n"),
            "<p>Who will I <b>meet</b>?</p>",
        ),
        7 => of(to, &thread, "Option 2 works for me."),
        8 => of(to, &thread, &"A long story. ".repeat(8000)),
        _ => of(&format!("{to}, mia@elsewhere.example"), &thread, "1 please"),
    }
}

impl Many {
    async fn received(&self) -> Vec<ReceivedMail> {
        let mut query = ReceivedQuery {
            limit: Some(500),
            ..ReceivedQuery::default()
        };
        let mut all = Vec::new();
        loop {
            let page = self.dana.mail_received(query.clone()).await.unwrap();
            all.extend(page.items);
            query.cursor = page.next;
            if query.cursor.is_none() {
                return all;
            }
        }
    }

    /// Dana works through her day until nothing of it is about email: the subjects of all she saw.
    async fn works_through_today(&self) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        loop {
            let today = self.dana.today(Default::default()).await.unwrap();
            let rows = today.needs_me.into_iter();
            let about_email =
                |it: &NeedsMe| it.email.is_some() || it.kind == NeedKind::ProposedSlots;
            let rows: Vec<_> = rows.filter(about_email).collect();
            if rows.is_empty() {
                return seen;
            }
            for row in rows {
                match (row.kind, row.outreach, row.email) {
                    (NeedKind::ProposedSlots, Some(outreach), _) => {
                        let which = Reference::to(outreach.to_string());
                        let thread = self.dana.outreach_get(which).await.unwrap();
                        let shown = thread.received.iter();
                        seen.extend(shown.map(|it| it.mail.subject.clone()));
                        self.stops(&thread.outreach, Some(false)).await;
                    }
                    (_, _, Some(email)) => {
                        let which = Reference::to(email.to_string());
                        let mail = self.dana.mail_received_get(which.clone()).await.unwrap();
                        seen.insert(mail.mail.subject);
                        self.dana.mail_received_read(which).await.unwrap();
                    }
                    _ => {}
                }
            }
        }
    }
}

#[tokio::test]
async fn of_a_thousand_emails_each_is_acted_on_or_stands_in_today() {
    let people: Vec<_> = (0..PEOPLE)
        .map(|n| (format!("Person Number{n}"), format!("p{n}@crowd.example")))
        .collect();
    let office = Many::enter(2, &people).await;
    office.looks_ahead(30).await;
    office.start(PEOPLE).await;
    office.are_sent_times().await;
    let letters = office.mail().letters().unwrap();
    assert_eq!(letters.len(), PEOPLE);
    for n in 0..EMAILS {
        let text = email(&letters[n % PEOPLE], n);
        office.mail().answer(&format!("{n:05}"), &text).unwrap();
        if n + 1 == PEOPLE {
            office.is_read().await;
        }
    }
    office.is_read().await;
    office.agrees("after the flood").await;

    let received = office.received().await;
    let all: BTreeSet<_> = received.iter().map(|it| it.subject.clone()).collect();
    assert_eq!((received.len(), all.len()), (EMAILS, EMAILS));
    let today = office.dana.today(Default::default()).await.unwrap();
    let unread = received.iter().filter(|it| it.unread);
    let oldest = unread.map(|it| it.at).min();
    assert_eq!(today.oldest_email, oldest);

    let automatic = received.iter().filter(|it| it.automatic).count();
    let done = received.iter().filter(|it| !it.automatic && !it.unread);
    let done: BTreeSet<_> = done.map(|it| it.subject.clone()).collect();
    let seen = office.works_through_today().await;
    let lost: Vec<_> = received
        .iter()
        .filter(|it| !it.automatic && !done.contains(&it.subject) && !seen.contains(&it.subject))
        .collect();
    eprintln!(
        "{EMAILS} emails: {automatic} of machines, {} acted on, {} seen in Today",
        done.len(),
        seen.len()
    );
    assert!(lost.is_empty(), "{} are lost: {lost:#?}", lost.len());
    assert!(done.len() >= PEOPLE / 2, "{done:?}");
    office.daemon.seconds_pass(UNDO);
    office.daemon.rests().await.unwrap();
}
