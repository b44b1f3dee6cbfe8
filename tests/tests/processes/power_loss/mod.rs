//! The store under `kill -9` and under a loss of power. A child writes and tells what was
//! acknowledged and what it could read; it is killed at a random point; for a loss of power the
//! file becomes what fsyncs covered, with none or a random half of the writes since. Afterwards the
//! store must open and hold everything the child told of, whole.
//!
//! A few rounds by default; all with `GREENROOM_FAULTS=full`. `GREENROOM_SEED` repeats a run.

mod disk;
mod ledger;
mod writer;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use greenroom_tests::seed::Random;
use greenroom_tests::tools::{self, Tool};

use self::disk::{Disk, Kept};
use self::ledger::Ledger;

/// The child; told apart from a test run by its environment.
const STORE: &str = "GREENROOM_TEST_STORE";

#[test]
#[ignore = "the child that the other tests start and kill"]
fn writer() {
    let Some(store) = std::env::var_os(STORE) else {
        return;
    };
    writer::run(Path::new(&store));
}

#[test]
fn nothing_acknowledged_is_lost_or_torn_by_kill_9() {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("store");
    let mut random = Random::new("kill -9");
    let mut ledger = Ledger::default();
    for round in 0..rounds() {
        run_and_kill(&store, random.below(400), &mut ledger, |_| {});
        ledger.check(&store, &format!("round {round} of {random}"));
    }
}

#[test]
fn nothing_acknowledged_or_read_is_lost_or_torn_by_a_loss_of_power() {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("store");
    let Some(disk) = Disk::new(dir.path(), &store.join("data/db")) else {
        return tools::missing(Tool::Cc);
    };
    let mut random = Random::new("power loss");
    let mut ledger = Ledger::default();
    for round in 0..rounds() {
        disk.settle();
        run_and_kill(&store, random.below(400), &mut ledger, |child| {
            disk.watch(child)
        });
        let kept = if random.below(2) == 0 {
            Kept::Nothing
        } else {
            Kept::Half
        };
        disk.lose_power(kept, &mut random);
        ledger.check(&store, &format!("round {round} of {random}, {kept:?} kept"));
    }
}

fn rounds() -> usize {
    match std::env::var("GREENROOM_FAULTS").as_deref() {
        Ok("full") => 200,
        _ => 15,
    }
}

/// Lets a child write until it has told of `enough` commits and reads; with none it is killed as it
/// opens the store.
fn run_and_kill(store: &Path, enough: usize, ledger: &mut Ledger, prepare: impl Fn(&mut Command)) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["power_loss::writer", "--exact", "--ignored", "--nocapture"])
        .env(STORE, store);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    prepare(&mut command);
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let opening = lines.by_ref().any(|line| line == writer::OPENING);
    assert!(opening, "the writer did not start");
    let mut told = 0;
    while told < enough {
        let line = lines.next().expect("the writer stopped on its own");
        told += usize::from(ledger.note(&line));
    }
    child.kill().unwrap();
    // What it told before it died holds too.
    for line in lines {
        ledger.note(&line);
    }
    child.wait().unwrap();
}
