//! The search as it is asked for: through the socket, alone and beside commits.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use greenroom::client::Client;
use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::pipeline::CandidateEdit;
use greenroom_protocol::schedule::{Planned, SlotQuery};
use greenroom_protocol::workspace::Role;
use greenroom_tests::figures::{Times, verdict};
use greenroom_tests::harness::{World, add_candidate, add_job, add_member};

use crate::ROUNDS;

/// Colleagues who all take part, as many as an interview may have.
const PANEL: usize = 20;

/// Days of a search that loops: as many as one may have.
const DAYS: i64 = 62;

/// Commits that are timed at a time, and how often.
const COMMITS: usize = 200;
const TURNS: usize = 5;

const ANA: &str = "ana@mail.example";

/// A recruiter's usual question, beside a call that only reads a list.
pub async fn calls() -> Result<()> {
    let desk = Desk::open(0).await?;
    let query = desk.query(14);
    let (mut slots, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        desk.client.slots(query.clone()).await?;
        slots.push(begun.elapsed());
        let begun = Instant::now();
        desk.client.job_list().await?;
        plain.push(begun.elapsed());
    }
    let (slots, plain) = (Times::of(slots), Times::of(plain));
    println!("through the socket:");
    println!("  slots       {slots}");
    println!(
        "  a plain call{plain}  slots takes {:.2}x",
        slots.ratio(&plain)
    );
    Ok(())
}

/// Commits while nothing else happens, and while somebody searches again and again, in turns.
pub async fn commits() -> Result<()> {
    let desk = Desk::open(PANEL).await?;
    let searcher = desk.world.client().await?;
    let (mut alone, mut listing, mut beside) = (Vec::new(), Vec::new(), Vec::new());
    let (mut lists, mut searches) = (0, 0);
    for _ in 0..TURNS {
        alone.extend(desk.writes().await?);
        let list = async || searcher.job_list().await.map(drop).map_err(Into::into);
        listing.extend(desk.writes_beside(list, &mut lists).await?);
        let search = async || {
            let found = searcher.slots(desk.query(DAYS)).await;
            found.map(drop).map_err(Into::into)
        };
        beside.extend(desk.writes_beside(search, &mut searches).await?);
    }
    let [alone, listing, beside] = [alone, listing, beside].map(Times::of);
    let ratio = beside.ratio(&alone);
    println!("commits, {PANEL} people searched over {DAYS} days meanwhile {searches} times:");
    println!("  alone       {alone}");
    println!(
        "  plain calls {listing}  {:.2}x, {lists} meanwhile",
        listing.ratio(&alone)
    );
    println!(
        "  meanwhile   {beside}  {ratio:.2}x, bound 1.2: {}",
        verdict(ratio <= 1.2)
    );
    Ok(())
}

struct Desk {
    world: World,
    client: Client,
    people: Vec<String>,
}

impl Desk {
    async fn open(people: usize) -> Result<Self> {
        let world = World::start(env!("CARGO_BIN_EXE_demo")).await?;
        let (client, _) = world.set_up().await?;
        let job = add_job(&client, "Backend Engineer").await?.title;
        add_candidate(&client, "Ana Lima", ANA, &job).await?;
        let mut emails = Vec::new();
        for number in 0..people {
            let email = format!("person-{number}@acme.example");
            let name = format!("Person {number}");
            add_member(&client, &name, &email, &[Role::Interviewer]).await?;
            emails.push(email);
        }
        Ok(Self {
            world,
            client,
            people: emails,
        })
    }

    fn query(&self, days: i64) -> SlotQuery {
        let from = greenroom_protocol::time::Instant::from(jiff::Timestamp::now());
        SlotQuery {
            planned: Planned {
                candidate: Some(ANA.into()),
                kind: Some(MeetingType::Phone),
                with: self.people.clone(),
                ..Planned::default()
            },
            from: Some(from),
            to: Some(from.plus_minutes(days * 24 * 60)),
            limit: Some(10),
            ..SlotQuery::default()
        }
    }

    /// Changes the candidate, while something else is asked again and again.
    async fn writes_beside(
        &self,
        ask: impl AsyncFn() -> Result<()>,
        asked: &mut u32,
    ) -> Result<Vec<Duration>> {
        let stop = AtomicBool::new(false);
        let looping = async {
            while !stop.load(Ordering::Relaxed) {
                ask().await?;
                *asked += 1;
            }
            anyhow::Ok(())
        };
        let writing = async {
            let wrote = self.writes().await;
            stop.store(true, Ordering::Relaxed);
            wrote
        };
        let (looped, wrote) = tokio::join!(looping, writing);
        looped?;
        wrote
    }

    /// Changes the candidate, again and again.
    async fn writes(&self) -> Result<Vec<Duration>> {
        let mut took = Vec::with_capacity(COMMITS);
        for number in 0..COMMITS {
            let edit = CandidateEdit {
                candidate: ANA.into(),
                phone: Some(format!("+1 555 {number:06}")),
                ..CandidateEdit::default()
            };
            let begun = Instant::now();
            self.client.candidate_edit(edit).await?;
            took.push(begun.elapsed());
        }
        Ok(took)
    }
}
