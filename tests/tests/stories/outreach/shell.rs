//! Having the assistant begin, by the command line: nobody is written to who was not asked about.

use greenroom_tests::harness::DANA;
use serde_json::Value;

use crate::booking::fixture::ANA;
use crate::shell::Shell;

const STAGE: &str = "Phone screen";

/// The phone screen is the assistant's; Dana's Zoom hosts, and is not connected yet.
async fn arranged() -> Shell {
    let shell = Shell::open().await;
    let stage = [
        "stage",
        "edit",
        "Designer",
        STAGE,
        "--ai",
        "on",
        "--approval",
        "draft",
        "--zoom-user",
        DANA,
    ];
    shell.prints(&stage).await;
    shell
}

async fn not_started(shell: &Shell) -> u64 {
    let jobs = shell.prints(&["job", "list", "--json"]).await;
    let jobs: Value = serde_json::from_str(&jobs).unwrap();
    let stages = jobs["items"][0]["stages"].as_array().unwrap();
    let stage = stages.iter().find(|it| it["name"] == STAGE).unwrap();
    stage["not_started"].as_u64().unwrap()
}

#[tokio::test]
async fn who_is_added_or_imported_into_a_stage_of_the_assistants_is_begun_with_only_when_asked() {
    let shell = arranged().await;
    let add = |name: &'static str, email: &'static str| {
        vec![
            "candidate",
            "add",
            "--name",
            name,
            "--email",
            email,
            "--job",
            "Designer",
            "--stage",
            STAGE,
        ]
    };
    let said = shell.run(&add("Ben Okafor", "ben@mail.example")).await;
    assert_eq!(said.code, 0, "{}", said.err);
    let command = "greenroom outreach start --candidate ben@mail.example";
    assert!(said.err.contains(command), "{}", said.err);
    let mut started = add("Cem Kaya", "cem@mail.example");
    started.push("--start");
    let said = shell.run(&started).await;
    assert!(said.err.contains("scheduling started"), "{}", said.err);

    let rows = "name,email,job,stage\nDee Ray,dee@mail.example,Designer,Phone screen\nEva Oz,eva@mail.example,Designer,Phone screen\n";
    let file = shell.0.directory().join("rows.csv");
    std::fs::write(&file, rows).unwrap();
    let said = shell
        .run(&["candidate", "import", file.to_str().unwrap()])
        .await;
    assert_eq!(said.code, 0, "{}", said.err);
    let command = "greenroom outreach start --stage 'Phone screen' --job Designer";
    assert!(said.err.contains("3 in Phone screen"), "{}", said.err);
    assert!(said.err.contains(command), "{}", said.err);
    assert_eq!(not_started(&shell).await, 3);
    // The command that it prints is one.
    let begin = ["outreach", "start", "--stage", STAGE, "--job", "Designer"];
    let said = shell.prints(&begin).await;
    assert!(said.contains('3'), "{said}");
    assert_eq!(not_started(&shell).await, 0);
}

#[tokio::test]
async fn everybody_of_a_stage_is_moved_and_a_pause_and_the_figures_are_said() {
    let shell = arranged().await;
    let applied = [
        "candidate",
        "move",
        "--from-stage",
        "Applied",
        "--to",
        STAGE,
        "--job",
        "Designer",
    ];
    let moved = shell.run(&applied).await;
    assert_eq!(moved.code, 0, "{}{}", moved.out, moved.err);
    let there = shell.prints(&["candidate", "list", "--stage", STAGE]).await;
    assert!(there.contains(ANA), "{there}");

    let pause = ["job", "edit", "Designer", "--assistant", "off"];
    shell.prints(&pause).await;
    let status = shell.prints(&["status"]).await;
    assert!(status.contains("paused for Designer since"), "{status}");
    let report = shell.prints(&["report", "scheduling"]).await;
    for words in [
        "entered to booked",
        "emails per booking",
        "touched by a person",
    ] {
        assert!(report.contains(words), "{words}: {report}");
    }
    let wrong = shell
        .run(&["report", "scheduling", "--job", "Welder"])
        .await;
    assert_ne!(wrong.code, 0);
}
