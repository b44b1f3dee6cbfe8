//! Many candidates in one stage of the assistant's, and what holds of all of them at any moment.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut};

use greenroom_protocol::edit::Edit;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::interview::{Interview, InterviewQuery, InterviewStatus};
use greenroom_protocol::outreach::{
    Outreach, OutreachQuery, OutreachStart, OutreachState, SlotState,
};
use greenroom_protocol::page::MOST;
use greenroom_protocol::pipeline::{
    Approval, CandidateAdd, ImportPage, ImportRow, PanelGroup, PanelRule, StageInterviewChange,
};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{MemberAdd, Role};

use crate::outreach::assisted::{Assisted, READ_AFTER, SCREEN};
use crate::outreach::fixture::{HOUR, UNDO};

/// Where these candidates live.
pub const ZONE: &str = "Europe/Berlin";

/// An office whose stage has many candidates.
pub struct Many {
    office: Assisted,
}

impl Deref for Many {
    type Target = Assisted;

    fn deref(&self) -> &Assisted {
        &self.office
    }
}

impl DerefMut for Many {
    fn deref_mut(&mut self) -> &mut Assisted {
        &mut self.office
    }
}

impl Many {
    /// The people, by name and address, are in the stage; nobody has written to them. One of so many
    /// colleagues interviews.
    pub async fn enter(colleagues: usize, people: &[(String, String)]) -> Self {
        let office = Assisted::open(Approval::Auto).await;
        let mut members: Vec<MemberId> = Vec::new();
        for number in 0..colleagues {
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
        let panel = PanelGroup {
            rule: PanelRule::AnyOf,
            members,
        };
        office
            .configures(StageInterviewChange {
                panel: Edit::Set(vec![panel]),
                ..StageInterviewChange::default()
            })
            .await;
        let many = Self { office };
        many.imports(people).await;
        many
    }

    /// Times are looked for in so many days, so that there are enough for everybody.
    pub async fn looks_ahead(&self, days: u32) {
        self.configures(StageInterviewChange {
            horizon_days: Edit::Set(days),
            ..StageInterviewChange::default()
        })
        .await;
    }

    async fn imports(&self, people: &[(String, String)]) {
        let rows = (1..).zip(people).map(|(line, (name, email))| ImportRow {
            line,
            candidate: CandidateAdd {
                name: name.clone(),
                email: email.clone(),
                zone: Some(ZONE.into()),
                job: Some("Designer".into()),
                stage: Some(SCREEN.into()),
                ..CandidateAdd::default()
            },
        });
        let page = ImportPage {
            rows: rows.collect(),
            dry_run: false,
        };
        let report = self.dana.candidate_import(page).await.unwrap();
        assert!(report.errors.is_empty(), "{:?}", report.errors);
    }

    /// The assistant begins with all of them.
    pub async fn start(&self, people: usize) {
        let start = OutreachStart {
            stage: Some(SCREEN.into()),
            job: Some("Designer".into()),
            ..OutreachStart::default()
        };
        let started = self.dana.outreach_start(start).await.unwrap();
        assert_eq!(started.started as usize, people);
    }

    /// Everybody for whom there is room has their times.
    pub async fn are_sent_times(&self) {
        // At most thirty are written to in a minute.
        for _ in 0..2 {
            self.daemon.rests().await.unwrap();
            let all = self.outreaches().await;
            if all.iter().all(|it| it.state != OutreachState::Waiting) {
                break;
            }
            self.daemon.seconds_pass(60);
        }
        self.daemon.rests().await.unwrap();
        self.daemon.seconds_pass(UNDO);
        self.daemon.rests().await.unwrap();
    }

    /// What came in is read from the mailbox, and by the assistant.
    pub async fn is_read(&self) {
        self.daemon.hears_answers().await.unwrap();
        self.daemon.rests().await.unwrap();
        self.daemon.seconds_pass(READ_AFTER.max(UNDO));
        self.daemon.rests().await.unwrap();
    }

    /// Every outreach, also those that are over.
    pub async fn outreaches(&self) -> Vec<Outreach> {
        let mut query = OutreachQuery {
            past: true,
            limit: Some(MOST),
            ..OutreachQuery::default()
        };
        let mut all = Vec::new();
        loop {
            let page = self.dana.outreach_list(query.clone()).await.unwrap();
            all.extend(page.items);
            query.cursor = page.next;
            if query.cursor.is_none() {
                return all;
            }
        }
    }

    /// Every interview that is held, so far.
    pub async fn interviews(&self) -> Vec<Interview> {
        let mut query = InterviewQuery {
            status: vec![InterviewStatus::Confirmed],
            limit: Some(MOST),
            ..InterviewQuery::default()
        };
        let mut all = Vec::new();
        loop {
            let page = self.dana.interview_list(query.clone()).await.unwrap();
            all.extend(page.items);
            query.cursor = page.next;
            if query.cursor.is_none() {
                return all;
            }
        }
    }

    /// An hour passes, and what it brings is done.
    pub async fn an_hour_passes(&self) {
        self.daemon.seconds_pass(HOUR);
        self.daemon.rests().await.unwrap();
    }

    /// What must hold whenever nothing is under way: an interview is one outreach's and nobody has
    /// two, no time of anybody is booked twice, and whatever is held is held by an open outreach.
    pub async fn agrees(&self, when: &str) {
        let outreaches = self.outreaches().await;
        let interviews = self.interviews().await;
        let booked: BTreeSet<_> = outreaches.iter().filter_map(|it| it.interview).collect();
        let ids: BTreeSet<_> = interviews.iter().map(|it| it.id).collect();
        assert_eq!(ids.len(), interviews.len(), "{when}");
        assert!(
            booked.is_superset(&ids),
            "{when}: an interview without an outreach"
        );
        let mut of = BTreeMap::<_, Vec<(Instant, Instant)>>::new();
        for interview in &interviews {
            let end = interview
                .start
                .plus_minutes(interview.duration_minutes.into());
            let mut who: Vec<_> = interview
                .interviewers
                .iter()
                .map(|it| it.email.clone())
                .collect();
            who.push(interview.candidate.email.clone());
            for one in who {
                of.entry(one).or_default().push((interview.start, end));
            }
        }
        for (who, mut times) in of {
            times.sort();
            let twice = times.windows(2).find(|pair| pair[0].1 > pair[1].0);
            assert!(twice.is_none(), "{when}: {who} is booked twice: {twice:?}");
        }
        for outreach in &outreaches {
            let holds = outreach
                .slots
                .iter()
                .any(|slot| slot.state == SlotState::Held);
            let may = !matches!(
                outreach.state,
                OutreachState::Booked
                    | OutreachState::Over
                    | OutreachState::Waiting
                    | OutreachState::Draft
                    | OutreachState::Settling
            );
            assert!(may || !holds, "{when}: {outreach:?} holds a time");
        }
    }
}
