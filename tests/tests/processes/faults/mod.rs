//! The daemon under `kill -9`, while it books, confirms, moves and cancels, mails everybody about
//! it, connects, disconnects and renews keys with a Zoom whose answers are slow or lost: at every
//! point of its ways ([`points`]), and at random ones.
//!
//! Callers note what the daemon acknowledged, and a mail server what it took; the daemon is killed
//! at a random point, started again, and asked again what it had not answered. When it has had time
//! to repair, Zoom, the mail and the callers' notes must agree: whatever was acknowledged happened,
//! once, and everybody knows.
//!
//! Twenty random kills by default; two hundred, in ten offices, with `GREENROOM_FAULTS=full`.
//! `GREENROOM_SEED` repeats the points and the weather.

mod accounts;
mod caller;
mod fixture;
mod kill;
mod newcomer;
mod points;
mod receiver;
mod weather;

use greenroom_tests::seed::Random;

use self::caller::Wishes;
use self::fixture::Fixture;
use self::kill::Kill;

/// Kills of one office.
const ROUNDS: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_happens_once_however_often_the_daemon_is_killed() {
    let mut random = Random::new("kill -9 of the daemon");
    for number in 0..offices() {
        let mut office = Fixture::open().await;
        for round in 0..ROUNDS {
            let kill = Kill::any(&mut random);
            let when = format!("office {number}, round {round} ({kill:?}) of {random}");
            weather::turns_bad(&office.world.zoom, &mut random);
            office.work_until_killed(kill, wishes(round)).await;
            weather::clears(&office.world.zoom);

            office.world.run_daemon().await.unwrap();
            office.nothing_acknowledged_is_lost(&when).await;
            office.nothing_recorded_is_mailed_again(&when).await;
            office.ask_again().await;
            office.look_after_connections(&when).await;
            office.compare_connects(&when).await;
        }
        let when = format!("office {number}, after {random}");
        office.repair(&when).await;
        office.nothing_acknowledged_is_lost(&when).await;
        office.every_interview_has_its_meeting(&when).await;
        office.nothing_recorded_is_mailed_again(&when).await;
        office.everybody_knows(&when).await;
        office.every_connection_works(&when).await;
        office.tell().await;
    }
}

/// What is booked early is found again in time, whatever was lost; what people were invited to is
/// changed at last.
fn wishes(round: usize) -> Wishes {
    match round {
        0..8 => Wishes::Book,
        8..15 => Wishes::Change,
        _ => Wishes::ChangeAll,
    }
}

fn offices() -> usize {
    match std::env::var("GREENROOM_FAULTS").as_deref() {
        Ok("full") => 10,
        _ => 1,
    }
}
