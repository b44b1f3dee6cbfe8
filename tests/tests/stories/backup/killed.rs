//! `kill -9` while a backup is restored: the old store or the new one, never neither. A few rounds
//! by default; all with `GREENROOM_FAULTS=full`. `GREENROOM_SEED` repeats a run.

use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use greenroom_tests::harness::World;
use greenroom_tests::lifeline::Held;
use greenroom_tests::seed::Random;

use crate::backup::fixture::{Fixture, candidates, offline, path};

fn start(world: &World, file: &Path) -> Held {
    let mut command = offline(world, file);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    Held::start(&mut command).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_there_is_the_old_store_or_the_new_one() {
    let mut office = Fixture::open().await;
    for number in 0..100 {
        office.add(number).await;
    }
    let file = office.file("acme.backup");
    office.done(&["backup", path(&file)]).await;
    office.world.stop_daemon();
    let begun = Instant::now();
    let mut restoring = start(&office.world, &file);
    let mut said = String::new();
    let mut stdout = restoring.child().stdout.take().unwrap();
    stdout.read_to_string(&mut said).unwrap();
    assert!(restoring.child().wait().unwrap().success());
    let whole = begun.elapsed();

    let mut random = Random::new("restore killed");
    let rounds = match std::env::var("GREENROOM_FAULTS").as_deref() {
        Ok("full") => 100,
        _ => 6,
    };
    let (mut old, mut new) = (0, 0);
    for round in 0..rounds {
        office.world.run_daemon().await.unwrap();
        office.dana = office.world.client().await.unwrap();
        if candidates(&office.dana).await.len() == 100 {
            office.add(100).await;
        }
        office.world.stop_daemon();
        // What a whole one took, and half as much again: it is not equally fast twice.
        let moment = whole.mul_f64(random.below(150) as f64 / 100.0);
        let mut restoring = start(&office.world, &file);
        std::thread::sleep(moment);
        restoring.kill();

        office.world.run_daemon().await.unwrap();
        let client = office.world.client().await.unwrap();
        match candidates(&client).await.len() {
            101 => old += 1,
            100 => new += 1,
            other => panic!("{other} candidates in round {round} of {random}"),
        }
        office.world.stop_daemon();
    }
    eprintln!("{old} times the old store, {new} times the new one");
}
