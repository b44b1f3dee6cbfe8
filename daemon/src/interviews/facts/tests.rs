//! Both ways to gather build the same question, over a real store and the index of it.

use std::time::Duration;

use greenroom_protocol::id::{ApplicationId, CandidateId, InterviewId, JobId, OutreachId, StageId};
use greenroom_protocol::pipeline::{PanelGroup, PanelRule};
use greenroom_protocol::schedule::{FindingClass, FindingCode};
use greenroom_protocol::zoom::CallsToday;
use proptest::prelude::*;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use super::*;
use crate::interviews::planned::search;
use crate::records::calendar::TakeError;
use crate::schedule::busy::{Buffer, Interval, Own, TakenBy};
use crate::schedule::predicate::judge;
use crate::schedule::slots::{World, offered};
use crate::store::sled::Settings;
use crate::store::{self, Store};
use crate::zoom::NoNotes;

/// 2030-06-09T22:00:00Z, two hours before a week ends.
const SUNDAY: i64 = 1_907_272_800;

fn at(minute: i64) -> Instant {
    Instant::from_second(SUNDAY).plus_minutes(minute)
}

/// Whose time is taken (of three members, the candidate, the host), from when, how long, by what.
type Taken = (usize, i64, i64, u8);

fn taken() -> impl Strategy<Value = Vec<Taken>> {
    let one = (0usize..5, -120i64..240, 5i64..180, 0u8..6);
    proptest::collection::vec(one, 0..12)
}

struct Office {
    _directory: TempDir,
    store: Store,
    index: Index,
    ws: WorkspaceId,
    id: InterviewId,
    interview: InterviewRecord,
    plan: StagePlan,
    host: HostFacts,
}

impl Office {
    async fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let settings = Settings {
            keep_free: 0,
            ..Settings::default()
        };
        let store = store::open(&directory.path().join("store"), settings).await;
        let store = store.unwrap();
        let index = Index::start(&store);
        let members = [(); 3].map(|()| MemberId::new());
        let host = HostFacts {
            no_notes: Some(NoNotes::TurnedOff),
            member: members[0],
            zoom_id: "zoom-user".into(),
            name: "Mina 0".into(),
            longest_minutes: Some(40),
            capacity: 2,
            calls_today: CallsToday {
                sent: 90,
                most: 100,
            },
        };
        let interview = serde_json::json!({
            "candidate": CandidateId::new().to_string(),
            "application": ApplicationId::new().to_string(),
            "job": JobId::new().to_string(),
            "stage": StageId::new().to_string(),
            "organizer": members[0].to_string(),
            "interviewers": members.map(|id| id.to_string()),
            "start": at(60).to_string(),
            "zone": "Asia/Kolkata",
            "offset": "+05:30",
            "duration_minutes": 120,
            "status": "confirmed",
            "meeting": {"kind": "zoom", "zoom": {"phase": "wanted"}},
            "warnings": [],
            "created_at": "2030-01-01T00:00:00Z",
        });
        Self {
            _directory: directory,
            store,
            index,
            ws: WorkspaceId::new(),
            id: InterviewId::new(),
            interview: serde_json::from_value(interview).unwrap(),
            plan: StagePlan {
                buffer_before_minutes: 10,
                daily_cap: 2,
                ..StagePlan::default()
            },
            host,
        }
    }

    async fn fill(&self, taken: &[Taken]) {
        let fill = |tx: Tx| async move {
            let space = self.ws.to_string();
            for (number, id) in self.interview.interviewers.iter().enumerate() {
                tx.put(&space, &id.to_string(), &member(number))?;
            }
            let id = self.interview.candidate.to_string();
            tx.put(&space, &id, &candidate())?;
            let seats: Vec<_> = seats(&self.interview, Some(&self.host)).collect();
            for (seat, start, minutes, kind) in taken {
                let interval = Interval {
                    start: at(*start),
                    end: at(start + minutes),
                    taken_by: self.by(*kind),
                    kept_free: Buffer {
                        before: 20,
                        after: (kind * 10).into(),
                    },
                };
                let owner = seats[*seat].owner(&self.interview);
                calendar::take(&tx, &space, &owner, interval).await?;
            }
            Ok(())
        };
        self.store
            .transact::<_, TakeError, _, _>(fill)
            .await
            .unwrap();
    }

    fn by(&self, kind: u8) -> TakenBy {
        match kind {
            0 => TakenBy::Interview {
                id: self.id,
                planned: false,
            },
            1 => TakenBy::HeldSlot {
                outreach: OutreachId::new(),
                n: kind,
                shared: false,
            },
            2 => TakenBy::Unknown,
            _ => TakenBy::Interview {
                id: InterviewId::new(),
                planned: kind == 3,
            },
        }
    }

    fn own(&self) -> Own {
        Own {
            interview: Some(self.id),
            ..Own::default()
        }
    }

    fn question(&self, facts: Facts) -> Question {
        facts.question(at(0), self.own(), &self.interview)
    }

    async fn gathered(&self) -> Question {
        let gather = |tx: Tx| async move {
            let host = Some(&self.host);
            let of = (&self.index, self.ws);
            Facts::gather(&tx, of, &self.interview, &self.plan, host, Expect::Around).await
        };
        let (facts, _) = self.store.transact(gather).await.unwrap();
        self.question(facts)
    }

    fn of_the_index(&self) -> Question {
        let facts = Facts::of(
            &self.index,
            self.ws,
            &self.interview,
            &self.plan,
            Some(&self.host),
        );
        self.question(facts.unwrap())
    }
}

impl Office {
    /// Everything that decides about times around, for all three interviewers.
    fn world(&self) -> World {
        let whole = (at(-600), at(26 * 60));
        let people = People::of(
            &self.index,
            self.ws,
            (&self.interview, &[], false),
            &self.plan,
            Some(&self.host),
            whole,
        );
        let people = people.unwrap();
        let ids = self.interview.interviewers.iter().copied();
        World {
            now: at(-24 * 60),
            minutes: self.interview.duration_minutes,
            zone: TimeZone::UTC,
            grid: people.grid,
            candidate_zone: TimeZone::UTC,
            step: 15,
            rules: Rules::default(),
            groups: vec![PanelGroup {
                rule: PanelRule::AllOf,
                members: self.interview.interviewers.clone(),
            }],
            people: ids.zip(people.interviewers).collect(),
            candidate: people.candidate,
            host: people.host,
            host_rules: people.host_rules,
            own: self.own(),
            talks: Vec::new(),
            wishes: Wishes::default(),
        }
    }
}

fn member(number: usize) -> MemberRecord {
    MemberRecord {
        name: format!("Mina {number}"),
        email: format!("mina-{number}@acme.example"),
        zoom_email: None,
        zone: "Europe/Berlin".into(),
        roles: Vec::new(),
        hiring_jobs: Vec::new(),
        unix_uid: None,
        shared: true,
        created_at: at(0),
    }
}

fn candidate() -> CandidateRecord {
    CandidateRecord {
        name: "Ana Lima".into(),
        email: "ana@mail.example".into(),
        phone: None,
        zone: None,
        source: None,
        added_at: at(0),
        email_since: None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_records_and_the_index_make_one_question_and_one_verdict(taken in taken()) {
        Runtime::new().unwrap().block_on(async {
            let office = Office::open().await;
            office.fill(&taken).await;
            office.index.ready().await.unwrap();
            let (gathered, of_the_index) = (office.gathered().await, office.of_the_index());
            prop_assert_eq!(&gathered, &of_the_index);
            let verdict = judge(&gathered);
            prop_assert_eq!(&verdict, &judge(&of_the_index));
            let of_others = |it: &&Taken| {
                let (seat, start, minutes, kind) = **it;
                seat < 4 && kind != 0 && at(start) < at(180) && at(60) < at(start + minutes)
            };
            // Of people every overlap is named; of a host with room for two perhaps none.
            let overlaps = verdict.blocks.iter().chain(&verdict.advises);
            let overlaps = overlaps.filter(|it| {
                it.class == Some(FindingClass::Block) || it.code == FindingCode::Held
            });
            let of_people = overlaps.filter(|it| {
                it.who.as_ref().is_some_and(|who| who.kind != LaneKind::Host)
            });
            prop_assert_eq!(of_people.count(), taken.iter().filter(of_others).count());
            office.store.close().await;
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn somebody_who_is_gone_is_named_by_both() {
    let office = Office::open().await;
    office.index.ready().await.unwrap();
    let gather = |tx: Tx| {
        let office = &office;
        async move {
            let of = (&office.index, office.ws);
            Facts::gather(
                &tx,
                of,
                &office.interview,
                &office.plan,
                None,
                Expect::Itself,
            )
            .await
        }
    };
    let gathered = office.store.transact(gather).await.err();
    let of_the_index = Facts::of(
        &office.index,
        office.ws,
        &office.interview,
        &office.plan,
        None,
    )
    .err();
    let (gathered, of_the_index) = (gathered.unwrap(), of_the_index.unwrap());
    assert_eq!(gathered.message, "An interviewer was removed");
    assert_eq!(gathered.message, of_the_index.message);
    assert_eq!(gathered.field, of_the_index.field);
}

/// A search holds no lock of the store or the index: while one stands still in the middle, a commit
/// is made, the index follows it, and the same people are gathered again.
#[tokio::test]
async fn a_commit_and_a_read_end_while_a_search_stands_still() {
    const LONG: Duration = Duration::from_secs(60);
    let office = Office::open().await;
    office.fill(&[(0, 0, 90, 3), (4, 30, 60, 4)]).await;
    office.index.ready().await.unwrap();
    let span = at(-600).second()..at(24 * 60).second();
    let alone = offered(&office.world(), &span);
    assert!(!alone.is_empty());

    let world = office.world();
    let (begins, begun) = oneshot::channel();
    let (go_on, gate) = std::sync::mpsc::channel::<()>();
    let searched = span.clone();
    let searching = tokio::spawn(search(move || {
        begins.send(()).unwrap();
        gate.recv().unwrap();
        offered(&world, &searched)
    }));
    begun.await.unwrap();
    let meanwhile = async {
        office.fill(&[(1, 0, 24 * 60, 3)]).await;
        office.of_the_index();
        offered(&office.world(), &span)
    };
    let after = tokio::time::timeout(LONG, meanwhile).await;
    let after = after.expect("a commit and a read end before the search does");
    assert!(
        after.len() < alone.len(),
        "the index has followed the commit"
    );
    go_on.send(()).unwrap();
    // What was gathered is what it answers from.
    assert_eq!(searching.await.unwrap().unwrap(), alone);
    office.store.close().await;
}
