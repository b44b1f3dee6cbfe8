//! `greenroom slots` and `greenroom stage` as a script uses them: what they print, and how they end.

use greenroom_tests::harness::DANA;
use serde_json::{Value, json};

use crate::booking::fixture::ANA;
use crate::shell::Shell;

const OMAR: &str = "omar.haddad@acme.example";

fn strings<'a>(values: &'a Value, of: &str) -> Vec<&'a str> {
    let values = values.as_array().into_iter().flatten();
    values.map(|it| it[of].as_str().unwrap()).collect()
}

async fn ends_with(shell: &Shell, arguments: &[&str], code: i32, words: &str) {
    let said = shell.run(arguments).await;
    assert_eq!(said.code, code, "{arguments:?}: {}{}", said.out, said.err);
    assert!(said.err.contains(words), "{words}: {}", said.err);
}

/// A stage whose interviews Dana or Omar do, half an hour each.
async fn onsite() -> Shell {
    let shell = Shell::open().await;
    let add = ["member", "add", "--email", OMAR, "--name", "Omar Haddad"];
    shell.prints(&add).await;
    let panel = format!("any-of:{DANA},{OMAR}");
    let plan = ["--panel", &panel, "--duration", "30m", "--night", "off"];
    let configure = ["stage", "configure", "Designer", "Onsite"];
    shell.prints(&[&configure[..], &plan].concat()).await;
    shell
}

#[tokio::test]
async fn slots_of_a_stage_name_who_takes_part_and_what_everybody_has_done() {
    let shell = onsite().await;
    let slots = ["slots", "--candidate", ANA, "--stage", "Onsite"];
    let found = shell
        .json(&[&slots[..], &["--fairness", "--limit", "5"]].concat())
        .await;
    let items = found["items"].as_array().unwrap();
    assert_eq!(items.len(), 5, "{found}");
    for slot in items {
        assert_eq!(slot["interviewers"].as_array().unwrap().len(), 1, "{slot}");
    }
    let mut shares: Vec<_> = found["fairness"].as_array().unwrap().iter().collect();
    shares.sort_by_key(|it| it["who"]["name"].to_string());
    let names = shares.iter().map(|it| it["who"]["name"].as_str().unwrap());
    assert_eq!(names.collect::<Vec<_>>(), ["Dana Reyes", "Omar Haddad"]);
    assert!(
        shares.iter().all(|it| it["interviews"] == json!(0)),
        "{found}"
    );

    // In words, too; and without a candidate, for anyone who enters the stage.
    let said = shell.run(&[&slots[..], &["--fairness"]].concat()).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("Omar Haddad"), "{}", said.err);
    let anyone = ["slots", "--job", "Designer", "--stage", "Onsite"];
    let found = shell.json(&anyone).await;
    assert!(!found["items"].as_array().unwrap().is_empty(), "{found}");
    let preview = shell
        .json(&["stage", "preview", "Designer", "Onsite"])
        .await;
    assert_eq!(preview["items"], found["items"]);
}

#[tokio::test]
async fn a_zoom_user_who_is_not_connected_is_named_beside_the_slots() {
    let shell = onsite().await;
    let slots = [
        "slots",
        "--candidate",
        ANA,
        "--stage",
        "Onsite",
        "--zoom-user",
    ];
    let said = shell.run(&[&slots[..], &[OMAR]].concat()).await;
    assert_eq!(said.code, 0, "{}", said.err);
    let warned = "Omar Haddad's Zoom is not connected";
    assert!(said.err.contains(warned), "{}", said.err);
    let found = shell.json(&[&slots[..], &[OMAR]].concat()).await;
    assert_eq!(strings(&found["advises"], "code"), ["connection"]);

    shell
        .0
        .connect_zoom(&shell.0.client().await.unwrap(), DANA)
        .await
        .unwrap();
    let found = shell.json(&[&slots[..], &[DANA]].concat()).await;
    let connection = strings(&found["advises"], "code");
    assert!(!connection.contains(&"connection"), "{found}");
    let nobody = [&slots[..], &["nobody@acme.example"]].concat();
    ends_with(&shell, &nobody, 7, "nobody@acme.example").await;
}

#[tokio::test]
async fn a_time_is_explained_for_each_of_the_panel_and_wrong_input_says_what_is_wrong() {
    let shell = onsite().await;
    let slots = ["slots", "--candidate", ANA, "--stage", "Onsite"];
    let explain = |time| [&slots[..], &["--explain", time]].concat();
    let past = shell.json(&explain("2020-01-01T10:00:00Z")).await;
    assert_eq!(past["offered"], json!(false));
    assert!(
        strings(&past["findings"], "code").contains(&"in-the-past"),
        "{past}"
    );
    let each = past["groups"][0]["each"].as_array().unwrap();
    assert_eq!(each.len(), 2, "{past}");
    let later = past["later"].as_str();
    assert_eq!(later, None, "nothing of a week that has passed");

    // The first slot that is offered is explained as one.
    let first = shell.json(&[&slots[..], &["--limit", "1"]].concat()).await;
    let start = first["items"][0]["start"].as_str().unwrap();
    let explained = shell.json(&explain(start)).await;
    assert_eq!(explained["offered"], json!(true), "{explained}");
    assert_eq!(
        explained["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|it| it["class"] != "plan")
            .count(),
        0
    );
    let words = shell.prints(&explain(start)).await;
    assert!(words.contains("Omar Haddad"), "{words}");

    shell.refused(&explain("never"), "never").await;
    shell
        .refused(&[&explain(start)[..], &["--best"]].concat(), "--best")
        .await;
    shell
        .refused(&[&slots[..], &["--limit", "0"]].concat(), "0")
        .await;
    shell
        .refused(&[&slots[..], &["--only", "tue:18-13"]].concat(), "18-13")
        .await;
    shell.refused(&["slots"], "--candidate").await;
    let stage = ["slots", "--candidate", ANA, "--stage", "Offsite"];
    ends_with(&shell, &stage, 7, "Offsite").await;
    ends_with(&shell, &["slots", "--candidate", "nobody"], 7, "nobody").await;
}

#[tokio::test]
async fn ai_scheduling_is_turned_on_in_the_shell_once_it_is_known_how_emails_are_sent() {
    let shell = onsite().await;
    let edit = ["stage", "edit", "Designer", "Onsite"];
    let with = |more: &[&'static str]| [&edit[..], more].concat();
    let on = with(&["--ai", "on", "--zoom-user", DANA]);
    shell.refused(&on, "after approval").await;
    shell
        .refused(
            &with(&["--ai", "on", "--approval", "draft"]),
            "Choose a Zoom user",
        )
        .await;
    let on = [&on[..], &["--approval", "draft", "--organizer", OMAR]].concat();
    let stage = shell.json(&on).await;
    assert_eq!(stage["interview"]["approval_chosen"], json!(true));
    let codes = strings(&stage["problems"], "code");
    assert!(codes.contains(&"zoom-not-connected"), "{stage}");

    let shown = shell.prints(&["stage", "show", "Designer", "Onsite"]).await;
    for words in [
        "after approval",
        "Omar Haddad",
        "one of Dana Reyes, Omar Haddad",
        "Dana Reyes's Zoom is not connected",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    // It is asked once: off and on again needs no new choice.
    shell.prints(&with(&["--ai", "off"])).await;
    let stage = shell.json(&with(&["--ai", "on"])).await;
    assert_eq!(stage["interview"]["approval"], json!("draft"));
    let stage = shell.json(&with(&["--approval", "shadow"])).await;
    assert_eq!(stage["interview"]["approval"], json!("shadow"));
}
