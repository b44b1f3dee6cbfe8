//! Many candidates at once, each with a mood of their own: most are booked without a person, nobody
//! at a time that they did not choose, and a person needs few keys for the rest.
//!
//! Forty-eight candidates; two hundred and four with `GREENROOM_FAULTS=full`.

use std::collections::HashMap;

use greenroom_protocol::outreach::{Outreach, OutreachState, SlotState};
use greenroom_protocol::workspace::Reference;
use greenroom_tests::candidates::{Candidate, Mood};
use jiff::tz::TimeZone;

use crate::outreach::many::{Many, ZONE};

/// Candidates of each mood.
fn each() -> usize {
    match std::env::var("GREENROOM_FAULTS").as_deref() {
        Ok("full") => 17,
        _ => 4,
    }
}

/// Colleagues of whom one interviews.
const COLLEAGUES: usize = 4;

/// Hours after which everything is to be settled: two rounds are held to their end in them, and who
/// waits in line has their turn.
const HOURS: usize = 24 * 60;

/// Keys for one act on screen 5: the row is selected, and the key of the act is pressed.
const KEYS: u32 = 2;

struct Crowd {
    office: Many,
    people: HashMap<String, Candidate>,
    /// Keys a person pressed for each.
    keys: HashMap<String, u32>,
    answers: u32,
}

impl Crowd {
    async fn enters() -> Self {
        let (mut people, mut rows) = (HashMap::new(), Vec::new());
        let moods = Mood::ALL
            .iter()
            .flat_map(|mood| (0..each()).map(move |nth| (*mood, nth)));
        for (mood, nth) in moods {
            let email = format!("{}-{nth}@crowd.example", format!("{mood:?}").to_lowercase());
            rows.push((format!("{mood:?} {nth}"), email.clone()));
            people.insert(email, Candidate::new(mood));
        }
        let office = Many::enter(COLLEAGUES, &rows).await;
        office.looks_ahead(60).await;
        office.start(rows.len()).await;
        Self {
            office,
            people,
            keys: HashMap::new(),
            answers: 0,
        }
    }

    /// Everybody reads their mail and answers. Whether anybody did.
    fn answer(&mut self) -> bool {
        let folders = self.office.mail();
        let mut answered = false;
        for letter in folders.letters().unwrap() {
            folders.take(&letter).unwrap();
            let person = self.people.get_mut(&letter.to);
            if let Some(answer) = person.and_then(|it| it.gets(&letter)) {
                self.answers += 1;
                // Each is another email, whatever it says.
                let id = format!("Message-ID: <{}@crowd.example>\n", self.answers);
                let answer = answer.replacen("Subject: ", &format!("{id}Subject: "), 1);
                folders
                    .answer(&format!("answer.{:06}", self.answers), &answer)
                    .unwrap();
                answered = true;
            }
        }
        answered
    }

    /// Time passes until nothing is open but what waits for a person.
    async fn goes_on(&mut self) {
        for _ in 0..HOURS {
            self.office.daemon.rests().await.unwrap();
            while self.answer() {
                self.office.is_read().await;
            }
            let waits = |it: &Outreach| {
                !matches!(
                    it.state,
                    OutreachState::Booked | OutreachState::Person | OutreachState::Over
                )
            };
            if !self.office.outreaches().await.iter().any(waits) {
                return;
            }
            self.office.an_hour_passes().await;
        }
        panic!("not settled: {:?}", self.office.outreaches().await);
    }

    /// A person sees to what waits for one, by keys. Whether there is more to come.
    async fn is_helped(&mut self) -> bool {
        let mut more = false;
        for outreach in self.office.outreaches().await {
            if outreach.state != OutreachState::Person {
                continue;
            }
            let person = &self.people[&outreach.candidate.email];
            // They were answered what they asked, or are asked by telephone which time it is.
            let goes_on = !matches!(person.mood(), Mood::Withdraws | Mood::Silent);
            let which = Reference::to(outreach.id.to_string());
            match goes_on {
                true => drop(self.office.dana.outreach_hand_back(which).await.unwrap()),
                false => drop(self.office.stops(&outreach, Some(false)).await),
            }
            *self.keys.entry(outreach.candidate.email).or_default() += KEYS;
            more |= goes_on;
        }
        more
    }

    /// Every booking is of a time that its candidate said would do, and read in an email.
    fn is_right(&self, outreach: &Outreach) {
        let person = &self.people[&outreach.candidate.email];
        let booked = outreach
            .slots
            .iter()
            .find(|it| it.state == SlotState::Booked);
        let Some(booked) = booked else {
            return assert_ne!(outreach.state, OutreachState::Booked, "{outreach:?}");
        };
        let zone = TimeZone::get(ZONE).unwrap();
        let start = booked.start.timestamp().to_zoned(zone);
        let (hour, day) = (start.strftime("%H:%M"), start.strftime("%A %-d %B"));
        let (hour, day) = (hour.to_string(), day.to_string());
        let bare = |hour: &str| hour.trim_start_matches('0').to_owned();
        let mut meant = person.meant().iter();
        // Of another year the day says which.
        assert!(
            meant.any(|it| bare(&it.hour) == bare(&hour) && it.day.starts_with(&day)),
            "{:?} meant {:?}, and {hour}, {day} is booked",
            person.mood(),
            person.meant()
        );
    }
}

#[tokio::test]
async fn most_of_a_crowd_is_booked_without_a_person_and_nobody_wrongly() {
    let mut crowd = Crowd::enters().await;
    crowd.goes_on().await;
    crowd.office.agrees("before a person does anything").await;
    let outreaches = crowd.office.outreaches().await;
    assert_eq!(outreaches.len(), crowd.people.len());
    let mut not_booked = Vec::new();
    for outreach in &outreaches {
        crowd.is_right(outreach);
        let mood = crowd.people[&outreach.candidate.email].mood();
        match outreach.state {
            OutreachState::Booked => assert!(
                !matches!(mood, Mood::Asks | Mood::Withdraws | Mood::Silent),
                "{mood:?} chose nothing"
            ),
            _ => not_booked.push((mood, outreach.message.clone())),
        }
    }
    let alone = outreaches.len() - not_booked.len();
    let share = alone as f64 / outreaches.len() as f64;

    // A person sees to the rest.
    for _ in 0..4 {
        if !crowd.is_helped().await {
            break;
        }
        crowd.goes_on().await;
    }
    crowd.office.agrees("at last").await;
    let mut keys = Vec::new();
    for outreach in crowd.office.outreaches().await {
        crowd.is_right(&outreach);
        if outreach.state == OutreachState::Booked {
            keys.push(
                crowd
                    .keys
                    .get(&outreach.candidate.email)
                    .copied()
                    .unwrap_or(0),
            );
        }
    }
    keys.sort_unstable();
    let median = keys[keys.len() / 2];
    let all: u32 = keys.iter().sum();
    eprintln!(
        "{} candidates: {alone} ({:.0} %) booked without a person, {} at last; keys of a person per booking: median {median}, mean {:.2}, most {:?}",
        outreaches.len(),
        share * 100.0,
        keys.len(),
        f64::from(all) / keys.len() as f64,
        keys.last()
    );
    assert!(share >= 0.7, "{share}: {not_booked:?}");
    assert!(median <= 2, "{keys:?}");
}
