//! Taking everything along, and handing out what is held on one.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Output, Stdio};

use greenroom::client::Client;
use greenroom_protocol::pipeline::CandidateEdit;
use greenroom_tests::harness::{DANA, World, add_job, settled, zoom_interview};
use serde_json::Value;
use tokio::process::Command;

use crate::held::fixture::{EMAIL, quorl, words_in};

const PROGRAM: &str = env!("CARGO_BIN_EXE_demo");

/// The exit code and what was printed.
async fn greenroom(world: &World, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(PROGRAM);
    command
        .args(["client", "--no-start", "--socket"])
        .arg(world.socket())
        .args(arguments)
        .env("HOME", world.directory())
        .env_remove("XDG_CONFIG_HOME")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let Output { status, stdout, .. } = command.output().await.unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap())
}

async fn json(world: &World, arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--json"]].concat();
    let (code, printed) = greenroom(world, &arguments).await;
    assert_eq!(code, 0, "{arguments:?}: {printed}");
    serde_json::from_str(&printed).unwrap()
}

/// Acme with Quorl, who applied twice, and a Zoom interview with her.
async fn world() -> (World, Client) {
    let world = World::start(PROGRAM).await.unwrap();
    let (dana, _) = world.set_up().await.unwrap();
    for job in ["Designer", "Welder"] {
        add_job(&dana, job).await.unwrap();
    }
    dana.candidate_add(quorl()).await.unwrap();
    let edit = CandidateEdit {
        candidate: EMAIL.into(),
        apply: Some("Welder".into()),
        ..CandidateEdit::default()
    };
    dana.candidate_edit(edit).await.unwrap();
    let alone = greenroom_protocol::pipeline::CandidateAdd {
        name: "=HYPERLINK(\"https://evil.example\")".into(),
        email: "ben@mail.example".into(),
        ..Default::default()
    };
    dana.candidate_add(alone).await.unwrap();
    world.connect_zoom(&dana, DANA).await.unwrap();
    let interview = greenroom_protocol::interview::InterviewNew {
        job: Some("Designer".into()),
        ..zoom_interview(EMAIL, 120)
    };
    let booked = dana.interview_new(interview).await.unwrap().interview;
    settled(&dana, &booked.id.to_string()).await.unwrap();
    let calendar = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Dentist\r\n\
        DTSTART:20300101T090000Z\r\nDTEND:20300101T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let feed = greenroom_protocol::calendar::FeedAdd {
        name: "Work".into(),
        file: greenroom_protocol::calendar::CalendarFile {
            text: Some(calendar.into()),
            upload: None,
        },
        ..Default::default()
    };
    dana.feed_add(feed).await.unwrap();
    (world, dana)
}

fn read(directory: &Path, name: &str) -> Value {
    let text = std::fs::read_to_string(directory.join(name)).unwrap();
    assert!(
        text.ends_with('\n') && text.contains("\n  "),
        "{name} is for people too"
    );
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn a_company_takes_everything_along_and_no_secret() {
    let (world, dana) = world().await;
    let directory = world.directory().join("acme");
    let path = directory.to_str().unwrap();
    let manifest = json(&world, &["export", path]).await;
    assert_eq!(manifest["files"]["candidates.json"], 2);
    assert_eq!(manifest["files"]["candidates.csv"], 3);
    assert_eq!(manifest["files"]["interviews.json"], 1);
    assert_eq!(read(&directory, "export.json"), manifest);
    assert_eq!(read(&directory, "workspace.json")["name"], "Acme");
    assert_eq!(read(&directory, "members.json")[0]["email"], DANA);
    assert_eq!(read(&directory, "jobs.json").as_array().unwrap().len(), 2);
    assert_eq!(
        read(&directory, "connections.json")[0]["state"],
        "connected"
    );
    let calendar = &read(&directory, "calendars.json")[0];
    assert_eq!(
        (&calendar["name"], &calendar["kind"]),
        (&"Work".into(), &"file".into())
    );
    assert_eq!(calendar["member"]["email"], DANA);
    let quorl = &read(&directory, "candidates.json")[0];
    assert_eq!(quorl["phone"], "+49 171 5550123");
    assert_eq!(quorl["applications"].as_array().unwrap().len(), 2);
    assert_eq!(quorl["applications"][0]["history"][0]["by"], "Dana Reyes");
    let interview = &read(&directory, "interviews.json")[0];
    assert_eq!(interview["meeting"]["state"], "ready");
    let audit = read(&directory, "audit.json");
    let audited = dana.audit_list(Default::default()).await.unwrap().items;
    assert_eq!(audit.as_array().unwrap().len(), audited.len());

    assert_eq!(
        directory.metadata().unwrap().permissions().mode() & 0o777,
        0o700
    );
    let secrets = world.zoom.handed_out();
    for entry in std::fs::read_dir(&directory).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let bytes = std::fs::read(&path).unwrap();
        for secret in &secrets {
            let held = bytes
                .windows(secret.len())
                .any(|it| it == secret.as_bytes());
            assert!(!held, "{}", path.display());
        }
    }
    // Nothing changed, so nothing differs but the moment.
    let again = world.directory().join("again");
    json(&world, &["export", again.to_str().unwrap()]).await;
    for name in [
        "members.json",
        "jobs.json",
        "candidates.json",
        "candidates.csv",
        "interviews.json",
        "audit.json",
    ] {
        let [one, two] = [&directory, &again].map(|it| std::fs::read(it.join(name)).unwrap());
        assert!(one == two, "{name}");
    }
    // What is there is not written over without a yes.
    let (code, _) = greenroom(&world, &["export", path]).await;
    assert_eq!(code, 2);
    json(&world, &["export", path, "--yes"]).await;
}

#[tokio::test]
async fn what_was_exported_goes_back_in_and_carries_nothing_out() {
    let (world, _) = world().await;
    let directory = world.directory().join("acme");
    json(&world, &["export", directory.to_str().unwrap()]).await;
    let text = std::fs::read_to_string(directory.join("candidates.csv")).unwrap();
    for cell in text.lines().skip(1).flat_map(|line| line.split(',')) {
        let cell = cell.trim_start_matches('"');
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
    }
    for file in ["candidates.csv", "candidates.json"] {
        let file = directory.join(file);
        let file = file.to_str().unwrap();
        // Into the same workspace it says nothing new; into another one it is the same people.
        let same = json(&world, &["candidate", "import", file]).await;
        assert_eq!(same["unchanged"], 3, "{same}");
        let other = World::start(PROGRAM).await.unwrap();
        let (dana, _) = other.set_up().await.unwrap();
        for job in ["Designer", "Welder"] {
            add_job(&dana, job).await.unwrap();
        }
        for dry in [&["--dry-run"][..], &[]] {
            let import = [&["candidate", "import", file], dry].concat();
            let report = json(&other, &import).await;
            assert_eq!(
                (&report["added"], &report["applied"]),
                (&2.into(), &1.into()),
                "{report}"
            );
        }
        let again = other.directory().join("again");
        json(&other, &["export", again.to_str().unwrap()]).await;
        assert_eq!(people(&directory), people(&again), "{file}");
    }
}

/// Who is in an export, and what they applied for, whatever the ids.
fn people(directory: &Path) -> Vec<Value> {
    let mut all = read(directory, "candidates.json");
    let mut people = std::mem::take(all.as_array_mut().unwrap());
    for person in &mut people {
        let applications = person["applications"].as_array_mut().unwrap();
        for application in applications.iter_mut() {
            let about = ["job", "stage", "applied_at"].map(|field| application[field].clone());
            *application = Value::from(about.to_vec());
        }
        applications.sort_by_key(ToString::to_string);
        let person = person.as_object_mut().unwrap();
        person.retain(|field, _| !["id", "added_at"].contains(&field.as_str()));
    }
    people.sort_by_key(|it| it["email"].to_string());
    people
}

#[tokio::test]
async fn one_person_gets_all_that_is_held_on_them() {
    let (world, _) = world().await;
    let file = world.directory().join("quorl.json");
    let done = json(
        &world,
        &[
            "candidate",
            "export",
            EMAIL,
            "--output",
            file.to_str().unwrap(),
        ],
    )
    .await;
    assert_eq!(done["interviews"], 1);
    let held = read(world.directory(), "quorl.json");
    assert_eq!(held["candidate"]["source"], "recommended by a juggler");
    assert_eq!(
        held["candidate"]["applications"].as_array().unwrap().len(),
        2
    );
    assert_eq!(held["interviews"][0]["candidate"]["email"], EMAIL);
    let calls: Vec<_> = held["audit"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["call"].as_str().unwrap())
        .collect();
    for call in [
        "candidate_add",
        "candidate_edit",
        "interview_new",
        "meeting",
    ] {
        assert!(calls.contains(&call), "{call} of {calls:?}");
    }
    assert!(!calls.contains(&"setup"), "and nothing about others");
    let (code, printed) = greenroom(&world, &["candidate", "export", EMAIL]).await;
    let printed: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((code, &printed["candidate"]), (0, &held["candidate"]));
}

#[tokio::test]
async fn a_command_erases_after_a_yes_alone() {
    let (world, dana) = world().await;
    let (code, _) = greenroom(&world, &["candidate", "erase", EMAIL, "--yes"]).await;
    assert_eq!(code, 6, "an interview is to come");
    let all = dana.interview_list(Default::default()).await.unwrap().items;
    let id = all[0].id.to_string();
    json(&world, &["interview", "cancel", &id, "--yes"]).await;
    let would = json(&world, &["candidate", "erase", EMAIL, "--dry-run"]).await;
    assert_eq!(
        (&would["dry_run"], &would["applications"]),
        (&true.into(), &2.into())
    );
    let (code, _) = greenroom(&world, &["candidate", "erase", EMAIL]).await;
    assert_eq!(code, 2, "nobody is there to be asked");
    assert_eq!(
        dana.candidate_list(Default::default()).await.unwrap().total,
        2
    );
    let done = json(&world, &["candidate", "erase", EMAIL, "--yes"]).await;
    assert_eq!(done["dry_run"], false);
    assert!(words_in(done.to_string().as_bytes()).is_empty());
    let (code, _) = greenroom(&world, &["candidate", "show", EMAIL]).await;
    assert_eq!(code, 7);
}
