//! Many candidates at once, each with a mood of their own: most are booked without a person, nobody
//! at a time that they did not choose.

use std::collections::HashMap;

use greenroom_protocol::edit::Edit;
use greenroom_protocol::outreach::{Outreach, OutreachStart, OutreachState, SlotState};
use greenroom_protocol::page::MOST;
use greenroom_protocol::pipeline::{
    Approval, CandidateAdd, ImportPage, ImportRow, PanelGroup, PanelRule, StageInterviewChange,
};
use greenroom_protocol::workspace::{MemberAdd, Role};
use greenroom_tests::candidates::{Candidate, Mood};

use crate::outreach::assisted::{Assisted, READ_AFTER, SCREEN};
use crate::outreach::fixture::{HOUR, UNDO};

/// Candidates of each mood.
const EACH: usize = 4;

/// Colleagues of whom one interviews.
const COLLEAGUES: usize = 4;

/// Hours after which everything is to be settled: two rounds are held to their end in them.
const HOURS: usize = 24 * 16;

struct Crowd {
    office: Assisted,
    people: HashMap<String, Candidate>,
    answers: u32,
}

impl Crowd {
    async fn enters() -> Self {
        let office = Assisted::open(Approval::Auto).await;
        let mut members = Vec::new();
        for number in 0..COLLEAGUES {
            let add = MemberAdd {
                name: format!("Colleague {number}"),
                email: format!("colleague-{number}@acme.example"),
                zoom_email: None,
                zone: Some("UTC".into()),
                roles: vec![Role::Interviewer],
                hiring_jobs: Vec::new(),
            };
            members.push(office.dana.member_add(add).await.unwrap().id);
        }
        office
            .configures(StageInterviewChange {
                panel: Edit::Set(vec![PanelGroup {
                    rule: PanelRule::AnyOf,
                    members,
                }]),
                ..StageInterviewChange::default()
            })
            .await;
        let mut people = HashMap::new();
        let mut rows = Vec::new();
        for (mood, nth) in Mood::ALL
            .iter()
            .flat_map(|mood| (0..EACH).map(move |nth| (*mood, nth)))
        {
            let name = format!("{mood:?} {nth}");
            let email = format!("{}-{nth}@crowd.example", format!("{mood:?}").to_lowercase());
            rows.push(ImportRow {
                line: rows.len() as u64 + 1,
                candidate: CandidateAdd {
                    name,
                    email: email.clone(),
                    zone: Some("Europe/Berlin".into()),
                    job: Some("Designer".into()),
                    stage: Some(SCREEN.into()),
                    ..CandidateAdd::default()
                },
            });
            people.insert(email, Candidate::new(mood));
        }
        let report = office
            .dana
            .candidate_import(ImportPage {
                rows,
                dry_run: false,
            })
            .await
            .unwrap();
        assert!(report.errors.is_empty(), "{:?}", report.errors);
        let start = OutreachStart {
            stage: Some(SCREEN.into()),
            job: Some("Designer".into()),
            ..OutreachStart::default()
        };
        let started = office.dana.outreach_start(start).await.unwrap();
        assert_eq!(started.started as usize, people.len());
        Self {
            office,
            people,
            answers: 0,
        }
    }

    /// Everybody reads their mail and answers. Whether anybody did.
    async fn answer(&mut self) -> bool {
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

    async fn outreaches(&self) -> Vec<Outreach> {
        let query = greenroom_protocol::outreach::OutreachQuery {
            past: true,
            limit: Some(MOST),
            ..Default::default()
        };
        let page = self.office.dana.outreach_list(query).await.unwrap();
        assert_eq!(page.total as usize, page.items.len());
        page.items
    }

    /// Time passes until nothing is open but what waits for a person.
    async fn goes_on(&mut self) {
        for _ in 0..HOURS {
            loop {
                self.office.daemon.rests().await.unwrap();
                let answered = self.answer().await;
                self.office.daemon.hears_answers().await.unwrap();
                self.office.daemon.rests().await.unwrap();
                self.office.daemon.seconds_pass(READ_AFTER.max(UNDO));
                if !answered {
                    break;
                }
            }
            let waits = |it: &Outreach| {
                !matches!(
                    it.state,
                    OutreachState::Booked | OutreachState::Person | OutreachState::Over
                )
            };
            if !self.outreaches().await.iter().any(waits) {
                return;
            }
            self.office.daemon.seconds_pass(HOUR);
        }
        panic!("not settled: {:?}", self.outreaches().await);
    }
}

#[tokio::test]
async fn most_of_a_crowd_is_booked_without_a_person_and_nobody_wrongly() {
    let mut crowd = Crowd::enters().await;
    crowd.goes_on().await;
    let outreaches = crowd.outreaches().await;
    assert_eq!(outreaches.len(), crowd.people.len());
    let (mut booked, mut not_booked) = (0, Vec::new());
    for outreach in &outreaches {
        let person = &crowd.people[&outreach.candidate.email];
        let states = outreach.slots.iter().map(|it| it.state);
        let n = (1..).zip(states).find(|(_, it)| *it == SlotState::Booked);
        let Some((n, _)) = n else {
            assert_ne!(outreach.state, OutreachState::Booked);
            not_booked.push((person.mood(), outreach.message.clone()));
            continue;
        };
        booked += 1;
        let mood = person.mood();
        assert!(
            mood == Mood::Any || person.chose() == Some(n),
            "{mood:?} chose {:?}, and {n} is booked",
            person.chose()
        );
        assert!(
            !matches!(mood, Mood::Asks | Mood::Withdraws | Mood::Silent),
            "{mood:?} chose nothing"
        );
    }
    let share = f64::from(booked) / outreaches.len() as f64;
    assert!(share >= 0.7, "{share}: {not_booked:?}");
}
