//! Ana, who answers the assistant's emails.

use std::collections::HashSet;
use std::ops::{Deref, DerefMut};

use greenroom_protocol::outreach::{Outreach, OutreachState};
use greenroom_protocol::pipeline::Approval;
use greenroom_protocol::time::Instant;
use greenroom_tests::post::Found;

use crate::outreach::assisted::{Assisted, READ_AFTER};
use crate::outreach::fixture::{ANA, UNDO};

/// Ana, and which of the emails to her she has seen.
pub struct Ana {
    pub office: Assisted,
    pub seen: HashSet<String>,
}

impl Deref for Ana {
    type Target = Assisted;

    fn deref(&self) -> &Assisted {
        &self.office
    }
}

impl DerefMut for Ana {
    fn deref_mut(&mut self) -> &mut Assisted {
        &mut self.office
    }
}

impl Ana {
    /// The one email that she has not seen.
    pub fn newest(&mut self) -> Found {
        let emails = self.office.mail().to(ANA).unwrap();
        let mut unseen = emails
            .into_iter()
            .filter(|email| !self.seen.contains(&email.name));
        let email = unseen.next().expect("an email");
        assert!(unseen.next().is_none(), "one email");
        self.seen.insert(email.name.clone());
        email
    }

    /// She answers the newest email; it is read.
    pub async fn says(&mut self, name: &str, text: &str) {
        let email = self.newest();
        self.answers_to(&email, name, text).await;
    }

    /// The same to this email.
    pub async fn answers_to(&self, email: &Found, name: &str, text: &str) {
        self.gets(name, &email.words(text)).await;
        self.daemon.seconds_pass(READ_AFTER);
        self.daemon.rests().await.unwrap();
    }
}

pub async fn sent() -> (Ana, Outreach) {
    let office = Assisted::open(Approval::Auto).await;
    let outreach = office.is_sent_times(ANA).await;
    let seen = HashSet::new();
    (Ana { office, seen }, outreach)
}

/// The same once she has chosen this time, is invited to it and has seen that.
pub async fn booked(n: usize) -> (Ana, Outreach, Instant) {
    let (mut office, outreach) = sent().await;
    office.says("choice", &format!("Option {n} please")).await;
    let booked = office.becomes(&outreach, OutreachState::Booked).await;
    office.daemon.rests().await.unwrap();
    office.daemon.seconds_pass(UNDO);
    office.daemon.rests().await.unwrap();
    let start = booked.slots[n - 1].start;
    (office, booked, start)
}
