//! The queue of waiting work with very much of one kind due: alone, beside the way it was looked
//! through before (both in processor time), and over a store in which others commit meanwhile.
//!
//! `cargo bench -p greenroom-tests --bench queue`

mod former;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant as Watch};

use anyhow::Result;
use futures::future::{BoxFuture, join_all};
use greenroom_protocol::time::Instant;
use greenroom_tests::figures::{Times, verdict};
use greenroomd::clock::{Clock, SetClock};
use greenroomd::store::key::Key;
use greenroomd::store::sled::Settings;
use greenroomd::store::{self, Record, Store, StoreError};
use greenroomd::work::lines::Moment;
use greenroomd::work::source::End;
use greenroomd::work::{Queue, WorkRecord, Worker};
use rustix::time::{ClockId, clock_gettime};
use tokio::runtime::Runtime;
use tokio::sync::watch;

use self::former::Former;

const PIECES: usize = 50_000;

/// Of the former way, which takes a quarter of an hour for all of them.
const COMPARED: usize = 5_000;

/// Those through the store, where every end is durable.
const STORED: usize = 10_000;

/// Writes of one commit that fills the store.
const A_COMMIT: usize = 100;

/// Commits of others that are timed without the queue.
const OTHERS: usize = 500;

/// As many as the queue carries out at once of one kind.
const AT_ONCE: usize = 16;

const SPACE: &str = "wsp_1";
const KIND: &str = "mail";

fn main() -> Result<()> {
    alone();
    compared();
    Runtime::new()?.block_on(through_the_store())
}

fn key(number: usize) -> Key {
    let id = WorkRecord::id(KIND, &format!("mail_{number:08}"));
    Key::new(SPACE, WorkRecord::TABLE, &id).unwrap_or_else(|error| panic!("{error}"))
}

fn work(number: usize) -> WorkRecord {
    WorkRecord {
        kind: KIND.to_owned(),
        record: format!("mail_{number:08}"),
        due: Instant::from_second(0),
        attempts: 0,
        last_error: None,
        timer: false,
    }
}

/// Does it, and says how much processor time of this thread that took: what others do on a busy
/// machine is not ours.
fn worked<T>(what: impl FnOnce() -> T) -> (Duration, T) {
    let begun = clock_gettime(ClockId::ThreadCPUTime);
    let done = what();
    let took = clock_gettime(ClockId::ThreadCPUTime) - begun;
    (Duration::try_from(took).unwrap_or_default(), done)
}

/// A queue with so many due, and how long its lock was held meanwhile: no call does more than hold
/// it.
struct Held {
    queue: Queue,
    now: Moment,
    calls: Vec<Duration>,
}

impl Held {
    fn with(pieces: usize) -> Self {
        let clock = SetClock::at(Instant::from_second(1)).clock();
        let (queue, now) = (Queue::default(), Moment::now(&clock));
        let mut held = Self {
            queue,
            now,
            calls: Vec::with_capacity(4 * pieces),
        };
        for number in 0..pieces {
            let (key, work) = (key(number), work(number));
            held.call(|queue| queue.set(&key, Some(work)));
        }
        held
    }

    fn call<T>(&mut self, what: impl FnOnce(&Queue) -> T) -> T {
        let (took, done) = worked(|| what(&self.queue));
        self.calls.push(took);
        done
    }

    /// Takes and ends all of them, each removed as its outcome is committed.
    fn empty(&mut self) -> usize {
        let (now, mut ended) = (self.now, 0);
        let mut under_way = self.call(|queue| queue.take(now));
        while let Some((key, _)) = under_way.pop() {
            self.call(|queue| queue.set(&key, None));
            self.call(|queue| queue.ended(&key, End::Noted, now.wall));
            ended += 1;
            under_way.extend(self.call(|queue| queue.take(now)));
        }
        ended
    }
}

fn alone() {
    let mut held = Held::with(PIECES);
    let (took, ended) = worked(|| held.empty());
    let calls = Times::of(held.calls);
    let longest = calls.at(1.0);
    println!("alone, {ended} due of one kind taken and ended:");
    println!(
        "  in {took:.2?}; bound 1 s: {}",
        verdict(ended == PIECES && took < Duration::from_secs(1))
    );
    println!(
        "  the lock held {calls}; bound 1 ms: {}",
        verdict(longest < Duration::from_millis(1))
    );
}

fn compared() {
    let mut former = Former::default();
    for number in 0..COMPARED {
        former.set(key(number).as_str(), Instant::from_second(0));
    }
    let (mut holds, now) = (Vec::new(), Instant::from_second(1));
    let (before, ()) = worked(|| {
        // Each end makes room for one, which is then looked for.
        let mut under_way = former.take(now, AT_ONCE);
        while let Some(piece) = under_way.pop() {
            former.ended(&piece);
            let (hold, taken) = worked(|| former.take(now, AT_ONCE));
            holds.push(hold);
            under_way.extend(taken);
        }
    });
    let mut held = Held::with(COMPARED);
    let (after, _) = worked(|| held.empty());
    let (before_holds, after_holds) = (Times::of(holds), Times::of(held.calls));
    let ratio = before.as_secs_f64() / after.as_secs_f64();
    println!("{COMPARED} due of one kind, before and now:");
    println!("  before {before:>9.2?}, the lock held {before_holds}");
    println!("  now    {after:>9.2?}, the lock held {after_holds}: {ratio:.0} times as fast");
}

/// Removes its work, and does nothing else.
struct Removes {
    store: Store,
    left: AtomicUsize,
    done: watch::Sender<bool>,
}

impl Worker for Removes {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            remove(&self.store, space, &work.record).await?;
            if self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
                self.done.send_replace(true);
            }
            Ok(())
        })
    }
}

async fn remove(store: &Store, space: &str, record: &str) -> Result<(), StoreError> {
    let removed = store
        .transact(|tx| async move { WorkRecord::done(&tx, space, KIND, record) })
        .await;
    removed.map(drop)
}

async fn fill(store: &Store, space: &str, pieces: usize) -> Result<()> {
    let numbers: Vec<_> = (0..pieces).collect();
    for some in numbers.chunks(A_COMMIT) {
        let filled = store.transact(|tx| async move {
            for number in some {
                let work = work(*number);
                tx.put(space, &WorkRecord::id(KIND, &work.record), &work)?;
            }
            Ok::<_, StoreError>(())
        });
        filled.await?;
    }
    Ok(())
}

/// Commits of somebody else, one after the other, until `enough` says so.
async fn others(store: &Store, mut enough: impl FnMut(usize) -> bool) -> Result<Times> {
    let mut took = Vec::new();
    while !enough(took.len()) {
        let number = took.len();
        let begun = Watch::now();
        let written = store.transact(|tx| async move {
            let work = work(number);
            tx.put("other", &WorkRecord::id("other", &work.record), &work)
        });
        written.await?;
        took.push(begun.elapsed());
    }
    Ok(Times::of(took))
}

async fn through_the_store() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let store = store::open(&directory.path().join("store"), Settings::default()).await?;
    let before = others(&store, |made| made == OTHERS).await?;

    // As fast as commits allow: the same commits, by as many callers, without a queue.
    fill(&store, "plain", STORED).await?;
    let plain = Watch::now();
    let (finished, plainly) = watch::channel(false);
    let callers = async {
        let some = |caller: usize| {
            let store = &store;
            async move {
                for number in (caller..STORED).step_by(AT_ONCE) {
                    remove(store, "plain", &work(number).record).await?;
                }
                Ok::<_, StoreError>(())
            }
        };
        let done = join_all((0..AT_ONCE).map(some)).await;
        finished.send_replace(true);
        (
            done.into_iter().collect::<Result<Vec<_>, _>>(),
            plain.elapsed(),
        )
    };
    let beside = others(&store, |_| *plainly.borrow());
    let ((done, plain), beside_callers) = tokio::join!(callers, beside);
    done?;
    let beside_callers = beside_callers?;

    fill(&store, SPACE, STORED).await?;
    let (queue, clock) = (Queue::default(), Clock::machine());
    let (done, emptied) = watch::channel(false);
    queue.follow(&store).await?;
    let worker = Arc::new(Removes {
        store: store.clone(),
        left: AtomicUsize::new(STORED),
        done,
    });
    let begun = Watch::now();
    let mut until = emptied.clone();
    let running = async {
        let stop = async { drop(until.wait_for(|done| *done).await) };
        queue.run(clock, worker, stop).await;
        begun.elapsed()
    };
    let beside = others(&store, |_| *emptied.borrow());
    let (queued, beside_queue) = tokio::join!(running, beside);
    let beside_queue = beside_queue?;
    store.close().await;

    let a_second = |took: Duration| STORED as f64 / took.as_secs_f64();
    println!("through the store, {STORED} pieces, each end a commit:");
    println!(
        "  the queue {:.0} a second, {AT_ONCE} callers without it {:.0}: {:.2}x",
        a_second(queued),
        a_second(plain),
        a_second(queued) / a_second(plain)
    );
    println!("  commits of others, nothing else   {before}");
    println!("  beside {AT_ONCE} callers               {beside_callers}");
    let (of_idle, of_callers) = (
        beside_queue.ratio(&before),
        beside_queue.ratio(&beside_callers),
    );
    println!(
        "  beside the queue                  {beside_queue}  {of_idle:.2}x of nothing else, \
         {of_callers:.2}x of as many commits; bound 1.2: {} and {}",
        verdict(of_idle <= 1.2),
        verdict(of_callers <= 1.2)
    );
    Ok(())
}
