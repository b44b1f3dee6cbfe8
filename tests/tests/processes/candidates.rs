//! What a recruiter's scripts do in a day: candidates rejected, put on hold and reopened, and
//! interviewers reminded, replaced and counted. Each line of JSON is one document on stdout.

use anyhow::Context;
use greenroom_tests::harness::World;
use greenroom_tests::wait::Deadline;
use serde_json::{Value, json};

use crate::cli::{PROGRAM, done, for_people, opens, refused, run};

const ANA: &str = "ana@mail.example";
const BEN: &str = "ben@mail.example";
const SAM: &str = "sam.ito@acme.example";
const LENA: &str = "lena.bauer@acme.example";

/// Acme with Sam and Lena, and Ana and Ben, who want to be engineers.
async fn office() -> anyhow::Result<World> {
    let world = World::start(PROGRAM).await?;
    opens(&world, &[]).await?;
    for (name, email) in [("Sam Ito", SAM), ("Lena Bauer", LENA)] {
        let member = ["member", "add", "--name", name, "--email", email];
        done(
            &world,
            &[member.as_slice(), &["--role", "interviewer"]].concat(),
        )
        .await?;
    }
    let ben = ["candidate", "add", "--name", "Ben Okafor", "--email", BEN];
    done(&world, &[ben.as_slice(), &["--job", "Engineer"]].concat()).await?;
    Ok(world)
}

/// Books Ana on the phone with Sam, and says which interview it is.
async fn books(world: &World) -> anyhow::Result<String> {
    let book = ["interview", "new", "--candidate", ANA, "--type", "phone"];
    let how = [
        "--details",
        "+49 30 5550 1234",
        "--start",
        "2030-01-02T10:00:00Z",
    ];
    let book = [book.as_slice(), &how, &["--with", SAM, "--confirm"]].concat();
    let booked = done(world, &book).await?;
    Ok(booked["id"].as_str().context("an id")?.to_owned())
}

async fn state(world: &World, who: &str) -> anyhow::Result<Value> {
    let shown = done(world, &["candidate", "show", who]).await?;
    Ok(shown["applications"][0]["state"].clone())
}

async fn revision(world: &World) -> anyhow::Result<Value> {
    Ok(done(world, &["status"]).await?["revision"].clone())
}

#[tokio::test]
async fn upcoming_interviews_are_exit_6_until_they_are_cancelled_in_the_same_step()
-> anyhow::Result<()> {
    let world = office().await?;
    let interview = books(&world).await?;
    for verb in ["reject", "withdraw", "hire"] {
        let conflict = (6, "conflict".to_owned());
        assert_eq!(refused(&world, &["candidate", verb, ANA]).await?, conflict);
    }
    assert_eq!(state(&world, ANA).await?, "active");

    let reject = ["candidate", "reject", ANA, "--reason", "Too junior"];
    let reject = [reject.as_slice(), &["--email", "--cancel-interviews"]].concat();
    let rejected = done(&world, &reject).await?;
    assert_eq!(rejected["from"], "active");
    assert_eq!(rejected["application"]["state"], "rejected");
    assert_eq!(rejected["interviews"], json!([interview]));
    assert!(rejected["email"]["id"].is_string(), "{rejected}");
    let shown = done(&world, &["candidate", "show", ANA]).await?;
    let entry = &shown["applications"][0]["states"][0];
    assert_eq!(entry["reason"], "Too junior", "{shown}");
    let cancelled = done(&world, &["interview", "show", &interview]).await?;
    assert_eq!(cancelled["status"], "cancelled");

    // Until the email leaves all of it is undone, the interview too.
    done(&world, &["candidate", "undo", ANA]).await?;
    assert_eq!(state(&world, ANA).await?, "active");
    let again = done(&world, &["interview", "show", &interview]).await?;
    assert_eq!(again["status"], "confirmed");
    let waiting = done(&world, &["mail", "list", "--all"]).await?;
    let kinds: Vec<_> = waiting["items"]
        .as_array()
        .context("emails")?
        .iter()
        .collect();
    assert!(kinds.iter().all(|it| it["kind"] != "rejected"), "{waiting}");
    Ok(())
}

#[tokio::test]
async fn each_verb_leads_to_its_state_and_reopen_back() -> anyhow::Result<()> {
    let world = office().await?;
    for (verb, state_after) in [
        ("hold", "on-hold"),
        ("reject", "rejected"),
        ("withdraw", "withdrawn"),
        ("hire", "hired"),
    ] {
        let changed = done(&world, &["candidate", verb, BEN, "--reason", "Why"]).await?;
        assert_eq!(changed["application"]["state"], state_after, "{changed}");
        let reopened = done(&world, &["candidate", "reopen", BEN]).await?;
        assert_eq!(reopened["from"], state_after);
        assert_eq!(reopened["application"]["state"], "active");
    }
    // Of several each stands alone, and the answer has all of them.
    let both = ["candidate", "hold", ANA, "nobody@mail.example", BEN];
    let (code, answer) = run(&world, &both).await?;
    assert_eq!(code, 7, "{answer}");
    assert_eq!(
        (state(&world, ANA).await?, state(&world, BEN).await?),
        ("on-hold".into(), "on-hold".into())
    );
    // There is no email about hiring, and a remark is no switch.
    let hire = for_people(&world, &["candidate", "hire", BEN, "--email"]);
    assert_eq!(code_of(hire).await?, 2);
    Ok(())
}

async fn code_of(mut command: tokio::process::Command) -> anyhow::Result<i32> {
    command
        .output()
        .await?
        .status
        .code()
        .context("an exit code")
}

#[tokio::test]
async fn no_dry_run_writes_anything() -> anyhow::Result<()> {
    let world = office().await?;
    let id = books(&world).await?;
    done(&world, &["candidate", "hold", BEN]).await?;
    let mail = done(&world, &["mail", "list", "--all"]).await?["items"].clone();
    let before = revision(&world).await?;
    let cancel = "--cancel-interviews";
    for (verb, expected) in [
        (
            vec!["candidate", "reject", ANA, cancel, "--email"],
            "rejected",
        ),
        (
            vec!["candidate", "withdraw", ANA, cancel, "--email"],
            "withdrawn",
        ),
        (vec!["candidate", "hold", ANA, "--email"], "on-hold"),
        (vec!["candidate", "hire", ANA, cancel], "hired"),
        (vec!["candidate", "reopen", BEN], "active"),
    ] {
        let would = done(&world, &[verb.as_slice(), &["--dry-run"]].concat()).await?;
        assert_eq!(would["dry_run"], true, "{verb:?}: {would}");
        let state_then = &would["application"]["state"];
        assert_eq!(state_then, expected, "{verb:?}: {would}");
    }
    let replace = ["interview", "replace", &id, "--from", SAM, "--to", LENA];
    for verb in [
        ["candidate", "move", ANA, "Onsite"].as_slice(),
        &[
            "candidate",
            "move",
            "--from-stage",
            "Applied",
            "--to",
            "Onsite",
        ],
        &["candidate", "reject", ANA, BEN, cancel],
        &replace,
        &["interview", "cancel", &id],
        &["interview", "undo", &id],
    ] {
        done(&world, &[verb, &["--dry-run"]].concat()).await?;
    }
    // Sam has no invitation yet, so there is nothing to remind him of.
    let remind = ["interview", "remind", &id, "--to", SAM, "--dry-run"];
    assert_eq!(refused(&world, &remind).await?, (6, "conflict".to_owned()));
    assert_eq!(
        done(&world, &["mail", "list", "--all"]).await?["items"],
        mail
    );
    assert_eq!(revision(&world).await?, before);
    Ok(())
}

#[tokio::test]
async fn interviewers_are_reminded_replaced_and_counted() -> anyhow::Result<()> {
    let world = office().await?;
    let id = books(&world).await?;
    let show = ["interview", "show", &id];
    // The invitations leave when the time to undo is over.
    let deadline = Deadline::here();
    while done(&world, &show).await?["attendees"][1]["state"] != "invited" {
        deadline.check();
    }
    let remind = ["interview", "remind", &id, "--to", SAM];
    let dry = done(&world, &[remind.as_slice(), &["--dry-run"]].concat()).await?;
    assert!(dry["attendees"][1]["reminded_at"].is_null(), "{dry}");
    let reminded = done(&world, &remind).await?;
    assert!(
        reminded["attendees"][1]["reminded_at"].is_string(),
        "{reminded}"
    );
    let conflict = (6, "conflict".to_owned());
    assert_eq!(refused(&world, &remind).await?, conflict, "within the hour");
    // Until it leaves it can be dropped, and then asked for again.
    let mail = reminded["attendees"][1]["reminder"]
        .as_str()
        .context("an email")?;
    done(&world, &["mail", "drop", mail]).await?;
    done(&world, &remind).await?;

    // Nobody of a group could take the place, so somebody is named.
    let replace = ["interview", "replace", &id, "--from", SAM];
    assert_eq!(refused(&world, &replace).await?, conflict);
    let replaced = done(&world, &[replace.as_slice(), &["--to", LENA]].concat()).await?;
    assert_eq!(replaced["interviewers"][0]["email"], LENA, "{replaced}");

    // Until after this second, in which the invitation may have left.
    let wide = ["--since", "2020-01-01", "--until", "2040-01-01"];
    let report = done(&world, &[["report", "replies"].as_slice(), &wide].concat()).await?;
    let sam = &report["interviewers"][0];
    assert_eq!(
        (&sam["member"]["email"], &sam["invitations"]),
        (&json!(SAM), &json!(1))
    );
    let since = [
        "report",
        "replies",
        "--since",
        "2029-01-01",
        "--until",
        "2029-02-01",
    ];
    assert_eq!(done(&world, &since).await?["interviewers"], json!([]));
    let wrong = ["report", "replies", "--since", "yesterday"];
    assert_eq!(refused(&world, &wrong).await?, (2, "usage".to_owned()));
    Ok(())
}
