//! The daemon under `kill -9`, while it books, cancels, connects, disconnects and renews keys with a Zoom whose answers are slow or
//! lost: at every point of a renewal and a connect ([`points`]), and at random ones.
//!
//! Callers note what the daemon acknowledged; it is killed at a random point, started again, and asked again what it had not
//! answered. When it has had time to repair, Zoom and the callers' notes must agree: whatever was acknowledged happened, once.
//!
//! Ten random kills by default; a hundred with `GREENROOM_FAULTS=full`. `GREENROOM_SEED` repeats the points and the weather.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod caller;
mod newcomer;
mod office;
mod points;
mod weather;

use std::time::Duration;

use greenroom_tests::seed::Random;

use self::office::Office;

/// The latest point of a kill after the daemon is up, in milliseconds.
const LATEST_KILL: usize = 900;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_happens_once_however_often_the_daemon_is_killed() {
    let mut random = Random::new("kill -9 of the daemon");
    let mut office = Office::open().await;
    for round in 0..rounds() {
        weather::turns_bad(&office.world.zoom, &mut random);
        let point = Duration::from_millis(random.below(LATEST_KILL) as u64);
        office.work_until_killed(point).await;
        weather::clears(&office.world.zoom);

        let when = format!("round {round} of {random}");
        office.world.run_daemon().await.unwrap();
        office.nothing_acknowledged_is_lost(&when).await;
        office.ask_again().await;
        office.look_after_connections(&when).await;
        office.compare_connects(&when).await;
    }
    let when = format!("after {random}");
    office.repair(&when).await;
    office.nothing_acknowledged_is_lost(&when).await;
    office.every_interview_has_its_meeting(&when).await;
    office.every_connection_works(&when).await;
    office.tell().await;
}

fn rounds() -> usize {
    match std::env::var("GREENROOM_FAULTS").as_deref() {
        Ok("full") => 100,
        _ => 10,
    }
}
