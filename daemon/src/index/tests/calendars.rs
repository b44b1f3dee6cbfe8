//! Calendars: the index has what the records say, whatever happened to either.

use greenroom_protocol::id::{InterviewId, MemberId, OutreachId};
use proptest::prelude::*;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::*;
use crate::records::calendar::{self, CalendarRecord, Owner, OwnersWeek, TakeError};
use crate::schedule::busy::{self, Buffer, Busy, Holder, Interval, TakenBy};
use crate::store::sled::Settings;
use crate::store::{self, Store, StoreError, Tx};

/// 2030-06-03T00:00:00Z, a Monday.
const MONDAY: i64 = 1_906_675_200;
const WEEK: i64 = 7 * 24 * 60;

fn at(minute: i64) -> Instant {
    Instant::from_second(MONDAY).plus_minutes(minute)
}

/// What happens to the calendars of three owners.
#[derive(Debug, Clone)]
enum Step {
    /// An interview takes time, or moves: owner, interview, start in minutes, length, confirmed.
    Take(usize, usize, i64, i64, bool),
    /// A slot of a proposal is held: owner, number, start in minutes.
    Hold(usize, u8, i64),
    /// An interview frees its time.
    Free(usize, usize),
    /// An outreach lets its slots go.
    Release(usize),
    /// The daemon stops and starts.
    Restart,
    /// The index is read again from a store that goes on changing.
    Reset,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let start = -WEEK..2 * WEEK;
    let step = prop_oneof![
        6 => (0usize..3, 0usize..4, start.clone(), 15i64..3000, any::<bool>())
            .prop_map(|(owner, id, start, long, is)| Step::Take(owner, id, start, long, is)),
        3 => (0usize..3, 0u8..4, start).prop_map(|(owner, n, start)| Step::Hold(owner, n, start)),
        2 => (0usize..3, 0usize..4).prop_map(|(owner, id)| Step::Free(owner, id)),
        1 => (0usize..3).prop_map(Step::Release),
        1 => Just(Step::Restart),
        1 => Just(Step::Reset),
    ];
    proptest::collection::vec(step, 1..16)
}

struct Daemon {
    directory: TempDir,
    store: Store,
    index: Index,
    ws: WorkspaceId,
    owners: [Owner; 3],
    interviews: [InterviewId; 4],
    outreach: OutreachId,
}

async fn open(directory: &TempDir) -> (Store, Index) {
    let settings = Settings {
        keep_free: 0,
        ..Settings::default()
    };
    let store = store::open(&directory.path().join("store"), settings).await;
    let store = store.unwrap();
    let index = Index::start(&store);
    (store, index)
}

impl Daemon {
    async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (store, index) = open(&directory).await;
        Self {
            directory,
            store,
            index,
            ws: WorkspaceId::new(),
            owners: [
                Owner::Member(MemberId::new()),
                Owner::Candidate(CandidateId::new()),
                Owner::Zoom("zoom-user".into()),
            ],
            interviews: [(); 4].map(|()| InterviewId::new()),
            outreach: OutreachId::new(),
        }
    }

    async fn take(&self, owner: usize, interval: Interval) {
        let (space, owner) = (self.ws.to_string(), &self.owners[owner]);
        let take = |tx: Tx| {
            let space = &space;
            async move { calendar::take(&tx, space, owner, interval).await }
        };
        self.store
            .transact::<_, TakeError, _, _>(take)
            .await
            .unwrap();
    }

    async fn free(&self, owner: usize, holder: Holder) {
        let (space, owner) = (self.ws.to_string(), &self.owners[owner]);
        let free = |tx: Tx| {
            let space = &space;
            async move { calendar::free(&tx, space, owner, holder, at(-WEEK), at(3 * WEEK)).await }
        };
        self.store
            .transact::<_, StoreError, _, _>(free)
            .await
            .unwrap();
    }

    async fn go(&mut self, step: &Step) {
        match *step {
            Step::Take(owner, id, start, minutes, confirmed) => {
                let id = self.interviews[id];
                // Moved from another week, as a change of an interview does it.
                self.free(owner, Holder::Interview(id)).await;
                let planned = !confirmed;
                let taken_by = TakenBy::Interview { id, planned };
                let (start, end) = (at(start), at(start + minutes));
                let interval = Interval {
                    start,
                    end,
                    taken_by,
                    kept_free: Buffer {
                        before: u32::from(start.second() % 2 == 0),
                        after: 15,
                    },
                };
                self.take(owner, interval).await;
            }
            Step::Hold(owner, n, start) => {
                let outreach = self.outreach;
                let taken_by = TakenBy::HeldSlot {
                    outreach,
                    n,
                    shared: n % 2 == 0,
                };
                let (start, end) = (at(start), at(start + 45));
                let interval = Interval {
                    start,
                    end,
                    taken_by,
                    kept_free: Buffer {
                        before: u32::from(start.second() % 2 == 0),
                        after: 15,
                    },
                };
                self.take(owner, interval).await;
            }
            Step::Free(owner, id) => {
                let holder = Holder::Interview(self.interviews[id]);
                self.free(owner, holder).await;
            }
            Step::Release(owner) => self.free(owner, Holder::Outreach(self.outreach)).await,
            Step::Restart => {
                self.store.close().await;
                (self.store, self.index) = open(&self.directory).await;
            }
            Step::Reset => {
                self.index = Index::start(&self.store);
                self.free(0, Holder::Interview(self.interviews[0])).await;
            }
        }
        self.index.ready().await.unwrap();
    }

    async fn recorded(&self, owner: &Owner) -> Busy {
        let space = self.ws.to_string();
        let read = |tx: Tx| {
            let space = &space;
            async move { calendar::read(&tx, space, owner, at(-WEEK), at(3 * WEEK)).await }
        };
        let read = self.store.transact::<_, StoreError, _, _>(read).await;
        read.unwrap().0
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_calendars_of_the_index_are_what_the_records_say(steps in steps()) {
        Runtime::new().unwrap().block_on(async {
            let mut daemon = Daemon::start().await;
            for step in &steps {
                daemon.go(step).await;
                for owner in &daemon.owners {
                    let found = daemon.index.busy(daemon.ws, owner, at(-WEEK), at(3 * WEEK));
                    prop_assert_eq!(found, daemon.recorded(owner).await, "after {:?}", step);
                }
            }
            daemon.store.close().await;
            Ok(())
        })?;
    }
}

#[test]
fn what_was_taken_from_the_index_stays_as_it_was_while_a_commit_puts_another_week_there() {
    let stage = Stage::ready();
    let owner = Owner::Member(MemberId::new());
    let (start, end) = (at(600), at(645));
    let of = OwnersWeek {
        owner: owner.clone(),
        week: *busy::weeks(start, end).start(),
    };
    let week: CalendarRecord = serde_json::from_value(serde_json::json!({
        "b": [{"s": start.second(), "e": end.second(), "i": InterviewId::new().to_string()}],
    }))
    .unwrap();
    stage.put(&of, 1, &week);
    let before = stage.index.busy(stage.ws, &owner, start, end);
    assert_eq!(before.between(start, end).len(), 1);
    stage.delete::<CalendarRecord>(&of);
    assert_eq!(before.between(start, end).len(), 1);
    assert_eq!(
        stage.index.busy(stage.ws, &owner, start, end),
        Busy::default()
    );
    let elsewhere = stage.index.busy(WorkspaceId::new(), &owner, start, end);
    assert_eq!(elsewhere, Busy::default());
}

/// A later version may write weeks that this one cannot read.
#[test]
fn a_week_that_cannot_be_read_is_taken_as_a_whole_and_named() {
    let stage = Stage::ready();
    let owner = Owner::Zoom("zoom-user".into());
    let week = *busy::weeks(at(0), at(1)).start();
    let of = OwnersWeek {
        owner: owner.clone(),
        week,
    };
    let key = Key::new(&stage.ws.to_string(), "cal", &of.to_string()).unwrap();
    let (revision, body) = (Revision(2), b"\0\0\0\x09{}".to_vec());
    stage
        .feed()
        .apply(&key, Some(&Versioned { revision, body }));
    assert_eq!(stage.index.unreadable(), [key.as_str()]);
    let found = stage.index.busy(stage.ws, &owner, at(-1), at(WEEK + 1));
    let taken = found.between(at(-1), at(WEEK + 1));
    let [all] = &taken[..] else {
        panic!("{taken:?}");
    };
    assert_eq!((all.start, all.end), (at(0), at(WEEK)));
    assert_eq!(all.taken_by, TakenBy::Unknown);

    stage.delete::<CalendarRecord>(&of);
    let found = stage.index.busy(stage.ws, &owner, at(0), at(WEEK));
    assert_eq!(found, Busy::default());
}
