//! Living with the daemon: changes of others, and a daemon that goes and comes back.

use greenroom_protocol::pipeline::CandidateMove;
use greenroom_tests::harness::add_candidate;

use crate::fixture::{JOB, PRIYA, at_work, office};

#[tokio::test]
async fn what_others_change_is_seen_without_a_key() -> anyhow::Result<()> {
    let (world, client) = office().await?;
    let mut terminal = at_work(&world).await?;
    add_candidate(&client, "Ana Costa", "ana.costa@mail.example", JOB).await?;
    terminal.shows("Ana Costa").await?;

    terminal.press("3").await?;
    let column = |screen: &vt100::Screen| {
        let rows = screen.rows(0, 120);
        rows.filter_map(|row| row.find("Priya Nair")).next()
    };
    terminal
        .until("the board", |screen| {
            screen.contents().contains("nobody") && column(screen).is_some()
        })
        .await?;
    let before = column(terminal.screen());
    let call = CandidateMove {
        candidate: PRIYA.into(),
        stage: "Phone screen".into(),
        ..CandidateMove::default()
    };
    client.candidate_move(call).await?;
    terminal
        .until("Priya further on", |screen| column(screen) > before)
        .await
}

#[tokio::test]
async fn a_daemon_that_dies_is_missed_and_its_return_is_noticed() -> anyhow::Result<()> {
    let (mut world, _) = office().await?;
    let mut terminal = at_work(&world).await?;
    world.kill_daemon();
    terminal.shows("daemon unreachable").await?;
    assert!(
        terminal.screen().contents().contains("Priya Nair"),
        "what was known stays readable"
    );
    terminal.press("?").await?;
    terminal.shows("Keyboard shortcuts").await?;
    terminal.press("\x1b").await?;
    terminal.shows_no("Keyboard shortcuts").await?;

    world.run_daemon().await?;
    terminal.shows_no("daemon unreachable").await?;
    let client = world.client().await?;
    add_candidate(&client, "Ana Costa", "ana.costa@mail.example", JOB).await?;
    terminal.shows("Ana Costa").await
}
