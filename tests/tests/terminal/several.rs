//! Several candidates at once on a real terminal, in as few keys as promised.

use greenroom::client::Client;
use greenroom_protocol::pipeline::{ApplicationState, CandidateQuery};
use greenroom_tests::harness::add_candidate;

use crate::fixture::{JOB, at_work_in, office};
use crate::terminal::{CONTROL_S, ENTER, Size, TAB};

const RIGHT: &str = "\x1b[C";

/// How many are in a stage.
async fn in_stage(dana: &Client, stage: &str) -> anyhow::Result<u64> {
    let query = CandidateQuery {
        stages: vec![stage.into()],
        ..CandidateQuery::default()
    };
    Ok(dana.candidate_list(query).await?.total)
}

async fn at(size: Size) -> anyhow::Result<()> {
    let (world, dana) = office().await?;
    for number in 10..22 {
        let email = format!("ana{number}@mail.example");
        add_candidate(&dana, &format!("Ana {number}"), &email, JOB).await?;
    }
    let mut terminal = at_work_in(&world, size).await?;
    terminal.shows("1 of 13").await?;
    let before = in_stage(&dana, "Applied").await?;

    // Ten moved in six keys.
    for key in ["v", "9", "j"] {
        terminal.press(key).await?;
    }
    terminal.shows("10 selected").await?;
    terminal.press("m").await?;
    terminal.shows("Move 10 candidates to").await?;
    terminal.press(ENTER).await?;
    terminal.shows("?").await?;
    terminal.press(ENTER).await?;
    terminal.shows("10 candidates moved to").await?;
    assert_eq!(in_stage(&dana, "Applied").await?, before - 10);
    terminal.press("u").await?;
    terminal.shows("10 candidates: undone").await?;
    assert_eq!(in_stage(&dana, "Applied").await?, before);

    // One is rejected with an email in four.
    terminal.press("g").await?;
    terminal.shows("1 of 13").await?;
    terminal.press("R").await?;
    terminal.shows("Email them").await?;
    for key in [TAB, RIGHT, CONTROL_S] {
        terminal.press(key).await?;
    }
    terminal.shows("Ana 10: rejected").await?;
    terminal.shows("of 12").await?;
    let rejected = CandidateQuery {
        states: vec![ApplicationState::Rejected],
        ..CandidateQuery::default()
    };
    let rejected = dana.candidate_list(rejected).await?;
    assert_eq!(rejected.items[0].name, "Ana 10");

    // A mistyped name is found, and a list of those who are not active is a key away.
    terminal.press("/").await?;
    terminal.press("pryia").await?;
    terminal.shows("1 of 1").await?;
    terminal.shows("Priya Nair").await
}

#[tokio::test]
async fn ten_are_moved_in_six_keys_and_one_is_rejected_in_four_at_80_by_24() -> anyhow::Result<()> {
    at((80, 24)).await
}

#[tokio::test]
async fn ten_are_moved_in_six_keys_and_one_is_rejected_in_four_at_160_by_50() -> anyhow::Result<()>
{
    at((160, 50)).await
}
