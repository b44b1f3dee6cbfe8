//! A daemon that holds 100 000 candidates: how soon it answers after its start, what memory that
//! takes, how fast it searches as one types, and what a recruiter's day costs, over its socket.
//!
//! `cargo bench -p greenroom-tests --bench large [-- COUNT]`

#[path = "../search/crowd.rs"]
#[expect(dead_code, reason = "the search bench needs more of it")]
mod crowd;
mod fill;
#[path = "../search/queries.rs"]
#[expect(dead_code, reason = "the search bench needs more of it")]
mod queries;
mod search;
mod start;
mod today;

use anyhow::Result;
use greenroom_tests::figures::timed;
use greenroom_tests::harness::World;
use tokio::runtime::Runtime;

use self::crowd::Crowd;

fn main() -> Result<()> {
    // Whatever else cargo passes (`--bench`) is not a count.
    let count = std::env::args().find_map(|arg| arg.parse().ok());
    let crowd = Crowd::new(count.unwrap_or(100_000));
    let runtime = Runtime::new()?;
    let mut world = runtime.block_on(World::start(env!("CARGO_BIN_EXE_demo")))?;
    let (took, filled) = timed(|| runtime.block_on(fill::fill(&world, &crowd)));
    filled?;
    println!("{} candidates, imported in {took:.1?}", crowd.count());
    runtime.block_on(start::measure(&mut world, crowd.count()))?;
    runtime.block_on(search::measure(&world))?;
    runtime.block_on(today::measure(&world))
}
