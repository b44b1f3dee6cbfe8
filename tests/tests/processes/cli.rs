//! The command line against a real daemon and a sandbox Zoom: what scripts rely on.

use std::io::Write as _;
use std::process::{Output, Stdio};
use std::time::Duration;

use anyhow::Context;
use greenroom_protocol::zoom_test::ZoomTestQuery;
use greenroom_tests::harness::{DANA, World, add_candidate, add_job};
use greenroom_tests::sandbox::{self, Answer, Config, Decision, Endpoint, Fault, FaultKind};
use greenroom_tests::tools::{self, Tool};
use greenroom_tests::wait::Deadline;
use greenroomd::failpoint::{ARMED, VARIABLE};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt as _, BufReader};
use tokio::process::Command;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_demo");

/// `greenroom` with these arguments, at this world's daemon, with directories of its own, as a
/// program calls it.
pub fn greenroom(world: &World, arguments: &[&str]) -> Command {
    for_people(world, &[&["--json"], arguments].concat())
}

/// The same as a person calls it.
pub fn for_people(world: &World, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .args(["client", "--no-start", "--socket"])
        .arg(world.socket())
        .args(arguments)
        .env("HOME", world.directory())
        .env_remove("XDG_CONFIG_HOME")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command
}

/// The exit code and the one line of JSON.
pub async fn run(world: &World, arguments: &[&str]) -> anyhow::Result<(i32, Value)> {
    let Output { status, stdout, .. } = greenroom(world, arguments).output().await?;
    let answer = serde_json::from_slice(&stdout)
        .with_context(|| format!("{arguments:?}: {}", String::from_utf8_lossy(&stdout)))?;
    Ok((status.code().context("an exit code")?, answer))
}

/// A command that works.
pub async fn done(world: &World, arguments: &[&str]) -> anyhow::Result<Value> {
    let (code, answer) = run(world, arguments).await?;
    anyhow::ensure!(code == 0, "{arguments:?} ended with {code}: {answer}");
    Ok(answer)
}

/// A command that fails: its exit code and its kind.
pub async fn refused(world: &World, arguments: &[&str]) -> anyhow::Result<(i32, String)> {
    let (code, answer) = run(world, arguments).await?;
    let kind = answer["error"]["kind"].as_str().context("a kind")?;
    Ok((code, kind.to_owned()))
}

/// Acme with Dana, set up with this besides, and Ana, who wants to be an engineer.
pub async fn opens(world: &World, besides: &[&str]) -> anyhow::Result<()> {
    let setup = [
        "setup",
        "--workspace",
        "Acme",
        "--name",
        "Dana Reyes",
        "--email",
        DANA,
    ];
    done(world, &[setup.as_slice(), besides].concat()).await?;
    done(world, &["job", "add", "Engineer"]).await?;
    let ana = [
        "--name",
        "Ana Ruiz",
        "--email",
        "ana@mail.example",
        "--job",
        "Engineer",
    ];
    done(world, &[&["candidate", "add"], ana.as_slice()].concat()).await?;
    Ok(())
}

#[tokio::test]
async fn a_script_goes_from_nothing_to_a_meeting_and_back() -> anyhow::Result<()> {
    let world = World::start(PROGRAM).await?;
    opens(&world, &[]).await?;

    let book = [
        "interview",
        "new",
        "--candidate",
        "ana@mail.example",
        "--confirm",
    ];
    let new_year = ["--start", "2030-01-02 10:00", "--zone", "Europe/Berlin"];
    let book = [book.as_slice(), &new_year, &["--idempotency-key", "k"]].concat();
    assert_eq!(refused(&world, &book).await?, (4, "zoom".to_owned()));

    let mut connect = greenroom(&world, &["zoom", "connect", "--no-browser"])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(connect.stdout.take().context("its output")?).lines();
    let first: Value = serde_json::from_str(&lines.next_line().await?.context("a line")?)?;
    let address = first["authorize_url"].as_str().context("an address")?;
    let location = sandbox::consent(address, DANA, Decision::Allow).await?;
    let paste = done(&world, &["zoom", "connect", "--paste", &location]).await?;
    assert_eq!(paste["state"], "connected");
    // Anyone who waits for the browser sees that another command was first.
    assert!(connect.wait().await?.success());

    let booked = done(&world, &book).await?;
    assert_eq!(booked["start"], "2030-01-02T09:00:00Z");
    assert_eq!(booked["meeting"]["state"], "ready");
    assert!(booked["meeting"]["meeting_id"].is_string());
    let again = done(&world, &book).await?;
    assert_eq!(
        (&again["id"], &again["repeated"]),
        (&booked["id"], &Value::Bool(true))
    );

    let id = booked["id"].as_str().context("an id")?;
    let cancelled = done(&world, &["interview", "cancel", id]).await?;
    assert_eq!(cancelled["meeting"]["state"], "gone");
    let list = done(&world, &["interview", "list", "--all"]).await?;
    assert_eq!(
        (&list["total"], &list["next"]),
        (&Value::from(1), &Value::Null)
    );

    let disconnect = ["zoom", "disconnect"];
    assert_eq!(refused(&world, &disconnect).await?, (2, "usage".to_owned()));
    let disconnected = done(&world, &["zoom", "disconnect", "--yes"]).await?;
    assert_eq!(disconnected["revoked"], true);
    Ok(())
}

#[tokio::test]
async fn a_script_finds_a_time_and_learns_why_another_does_not_work() -> anyhow::Result<()> {
    let world = World::start(PROGRAM).await?;
    opens(&world, &[]).await?;
    let slots = [
        "slots",
        "--candidate",
        "ana@mail.example",
        "--type",
        "phone",
    ];
    let three = [
        slots.as_slice(),
        &["--zone", "Europe/Berlin", "--limit", "3"],
    ]
    .concat();
    let found = done(&world, &three).await?;
    let starts = found["items"].as_array().context("slots")?;
    assert_eq!(starts.len(), 3, "{found}");
    assert_eq!(found["zone"], "Europe/Berlin");
    assert_eq!(found["assumed_hours"][0]["name"], "Dana Reyes");

    let past = ["--explain", "2020-01-02 10:00", "--zone", "Europe/Berlin"];
    let explained = done(&world, &[slots.as_slice(), &past].concat()).await?;
    assert_eq!(explained["person_may"], false);
    assert_eq!(explained["findings"][0]["code"], "in-the-past");
    let mixed = [slots.as_slice(), &past, &["--best"]].concat();
    assert_eq!(refused(&world, &mixed).await?.0, 2);
    let nobody = ["slots", "--candidate", "nobody@mail.example"];
    assert_eq!(refused(&world, &nobody).await?.0, 7);
    Ok(())
}

#[tokio::test]
async fn a_wait_for_an_admin_outlives_the_daemon_and_ends_with_a_connect() -> anyhow::Result<()> {
    let config = Config::needing_approval();
    let mut world = World::with(PROGRAM, config).await?;
    world.set_up().await?;
    let ask = ["zoom", "request-approval"];
    let request = done(
        &world,
        &[ask.as_slice(), &["--admin", "it@acme.example"]].concat(),
    )
    .await?;
    assert_eq!(request["admin"], "it@acme.example");
    assert_eq!(request["sent"], false);
    assert_eq!(request["connection"]["state"], "pre-approval-requested");
    let since = request["connection"]["since"].clone();
    assert!(since.is_string());

    world.kill_daemon();
    world.run_daemon().await?;
    let status = done(&world, &["zoom", "status"]).await?;
    assert_eq!(status["state"], "pre-approval-requested");
    assert_eq!(
        (&status["since"], &status["approval"]["requested_at"]),
        (&since, &since)
    );

    // The admin's address is known; the request is saved for anyone who sends it.
    let file = world.directory().join("request.txt");
    let save = ["--save", file.to_str().context("a path")?];
    let again = done(&world, &[ask.as_slice(), &save].concat()).await?;
    assert_eq!(again["admin"], "it@acme.example");
    let saved = std::fs::read_to_string(&file)?;
    let marketplace = world.zoom.marketplace_url();
    assert!(
        saved.starts_with("Subject: Please approve Greenroom"),
        "{saved}"
    );
    assert!(saved.contains(&marketplace), "{saved}");

    world.zoom.approve("acme", true)?;
    world.connect_zoom(&world.client().await?, DANA).await?;
    let status = done(&world, &["zoom", "status"]).await?;
    for field in ["reason", "reason_code", "hint", "approval"] {
        assert_eq!(status[field], Value::Null, "{field}");
    }
    for field in [
        "zoom_user",
        "scopes",
        "expires_at",
        "last_refresh",
        "client_id",
    ] {
        assert_ne!(status[field], Value::Null, "{field}");
    }
    assert_eq!(refused(&world, &ask).await?, (6, "conflict".to_owned()));
    Ok(())
}

#[tokio::test]
async fn a_person_switches_between_workspaces() -> anyhow::Result<()> {
    let world = World::start(PROGRAM).await?;
    world.set_up().await?;
    done(&world, &["job", "add", "Engineer"]).await?;
    let add = ["workspace", "add", "Beta", "--zoom-client-id", "betas-app"];
    done(&world, &add).await?;
    let jobs = async |workspace: &[&str]| {
        let list = [workspace, &["job", "list"]].concat();
        anyhow::Ok(done(&world, &list).await?["total"].clone())
    };
    assert_eq!(jobs(&[]).await?, 1);
    assert_eq!(jobs(&["--workspace", "Beta"]).await?, 0);

    let used = done(&world, &["workspace", "use", "Beta"]).await?;
    assert_eq!(
        (&used["name"], &used["current"]),
        (&"Beta".into(), &true.into())
    );
    assert_eq!(used["zoom_client_id"], "betas-app");
    assert_eq!(jobs(&[]).await?, 0);
    assert_eq!(
        done(&world, &["status"]).await?["workspace"]["name"],
        "Beta"
    );
    assert_eq!(jobs(&["--workspace", "Acme"]).await?, 1);

    let nowhere = ["workspace", "use", "Gamma"];
    assert_eq!(
        refused(&world, &nowhere).await?,
        (7, "not-found".to_owned())
    );
    Ok(())
}

#[tokio::test]
async fn a_saved_view_is_listed_by_name_and_options_replace_its_own() -> anyhow::Result<()> {
    let world = World::start(PROGRAM).await?;
    let (dana, _) = world.set_up().await?;
    for job in ["Designer", "Welder"] {
        add_job(&dana, job).await?;
    }
    for (job, name) in [("Designer", "Ana"), ("Welder", "Ben")] {
        let email = format!("{name}@mail.example");
        let add = ["candidate", "add", "--name", name, "--email", &email];
        done(&world, &[add.as_slice(), &["--job", job]].concat()).await?;
    }
    let view = |rest: &[&'static str]| [&["candidate", "view"], rest].concat();
    let saved = done(&world, &view(&["save", "Mine", "--job", "Welder"])).await?;
    assert_eq!(saved["name"], "Mine");
    let listed = done(&world, &view(&["list"])).await?;
    assert_eq!((&listed["total"], &listed["items"][0]), (&json!(1), &saved));
    assert_eq!(done(&world, &view(&["show", "mine"])).await?, saved);
    let output = for_people(&world, &view(&["list"])).output().await?;
    let shown = String::from_utf8(output.stdout)?;
    assert!(shown.contains("job Welder"), "{shown}");

    let list = ["candidate", "list", "--view", "MINE"];
    let names = async |more: &[&str]| {
        let page = done(&world, &[list.as_slice(), more].concat()).await?;
        let rows = page["items"].as_array().context("items")?;
        let names = rows.iter().map(|row| row["name"].to_string());
        anyhow::Ok(names.collect::<Vec<_>>().join(" "))
    };
    assert_eq!(names(&[]).await?, "\"Ben\"");
    assert_eq!(names(&["--job", "Designer"]).await?, "\"Ana\"");

    done(&world, &view(&["remove", "mine"])).await?;
    let gone = (7, "not-found".to_owned());
    assert_eq!(refused(&world, &list).await?, gone);
    assert_eq!(refused(&world, &view(&["show", "mine"])).await?, gone);
    Ok(())
}

#[tokio::test]
async fn candidates_come_from_json_in_pages_with_a_dry_run_and_their_mistakes_by_number()
-> anyhow::Result<()> {
    let world = World::start(PROGRAM).await?;
    let (dana, _) = world.set_up().await?;
    add_job(&dana, "Designer").await?;
    let file = world.directory().join("candidates.json");
    let path = file.display().to_string();
    // More than two pages, with a mistake for this side and one for the daemon, and a twin.
    let mut rows: Vec<Value> = (0..2100)
        .map(|number| json!({"name": format!("Candidate {number}"), "email": format!("c{number}@mail.example")}))
        .collect();
    rows[6] = json!(["no", "object"]);
    rows[1500]["zone"] = json!("Nowhere/Land");
    rows[2099] =
        json!({"name": "Candidate 0", "email": "C0@mail.example", "applied": "2026-11-02"});
    std::fs::write(&file, serde_json::to_vec_pretty(&rows)?)?;

    let import = ["candidate", "import", path.as_str(), "--job", "Designer"];
    let (code, tried) = run(&world, &[import.as_slice(), &["--dry-run"]].concat()).await?;
    assert_eq!((code, &tried["import"]["dry_run"]), (1, &json!(true)));
    assert_eq!(tried["import"]["added"], 2098, "{tried}");
    let list = ["candidate", "list"];
    assert_eq!(done(&world, &list).await?["total"], 0);

    let (code, imported) = run(&world, &import).await?;
    let report = &imported["import"];
    assert_eq!(code, 1);
    assert_eq!(
        (&report["added"], &report["unchanged"]),
        (&json!(2097), &json!(1))
    );
    let wrong: Vec<_> = report["errors"]
        .as_array()
        .context("errors")?
        .iter()
        .map(|error| (&error["line"], &error["field"]))
        .collect();
    assert_eq!(
        wrong,
        [(&json!(7), &json!("row")), (&json!(1501), &json!("zone"))]
    );
    assert_eq!(done(&world, &list).await?["total"], 2097);

    // What a list prints, and an object a line, can be read back; known ones stay unchanged.
    let printed = done(&world, &["candidate", "list", "--limit", "50"]).await?;
    std::fs::write(&file, printed.to_string())?;
    let again = done(&world, &["candidate", "import", &path]).await?;
    assert_eq!(
        (&again["added"], &again["unchanged"]),
        (&json!(0), &json!(50))
    );
    let lines: String = rows[..3].iter().map(|row| format!("{row}\n")).collect();
    std::fs::write(&file, lines)?;
    let again = done(&world, &["candidate", "import", &path]).await?;
    assert_eq!(again["unchanged"], 3);
    std::fs::write(&file, "[{\"name\":")?;
    let broken = refused(&world, &["candidate", "import", &path]).await?;
    assert_eq!(broken, (2, "usage".to_owned()));
    Ok(())
}

#[tokio::test]
async fn the_manual_has_a_page_for_every_command_and_reads_without_a_warning() -> anyhow::Result<()>
{
    let directory = tempfile::tempdir()?;
    let pages = directory.path().join("man");
    for part in [["client", "generate", "man"].as_slice(), &["daemon", "man"]] {
        let mut command = Command::new(PROGRAM);
        let written = command.args(part).arg(&pages).output().await?;
        assert!(written.status.success(), "{part:?}: {written:?}");
    }
    let page = |name: &str| std::fs::read_to_string(pages.join(name));
    assert!(page("greenroom.1")?.contains("greenroom\\-candidate(1)"));
    assert!(page("greenroom-candidate-import.1")?.contains("JSON"));
    assert!(page("greenroomd.8")?.contains(".SH FILES"));
    assert!(page("greenroomd-rekey.8")?.contains("new\\-key\\-file"));

    let mut groff = Command::new("groff");
    groff.args(["-man", "-K", "utf8", "-T", "utf8", "-ww", "-z"]);
    for entry in std::fs::read_dir(&pages)? {
        groff.arg(entry?.path());
    }
    match groff.output().await {
        Ok(read) => assert!(
            read.stderr.is_empty(),
            "{}",
            String::from_utf8_lossy(&read.stderr)
        ),
        Err(_) => tools::missing(Tool::Groff),
    }
    Ok(())
}

#[tokio::test]
async fn times_are_read_from_an_argument_and_from_standard_input() -> anyhow::Result<()> {
    let world = World::start(PROGRAM).await?;
    opens(&world, &[]).await?;
    let read = [
        "time",
        "read",
        "--now",
        "2026-12-02T08:15:00Z",
        "--zone",
        "Europe/Berlin",
    ];
    let read = |text| [read.as_slice(), &[text]].concat();
    let found = done(&world, &read("thu 10:30 or fri 3-4pm")).await?;
    let thursday = json!({
        "start": "2026-12-03T09:30:00Z",
        "end": null,
        "grain": "minute",
        "zone": "Europe/Berlin",
        "words": "thu 10:30",
        "rule": "bare-hour-in-work-hours",
        "others": [{"start": "2026-12-03T21:30:00Z", "end": null, "rule": "twelve-hours-later"}],
    });
    assert_eq!(found["times"][0], thursday);
    assert_eq!(found["times"][1]["end"], "2026-12-04T15:00:00Z");
    assert_eq!(
        (&found["ambiguous"], &found["unread"]),
        (&json!([]), &json!([]))
    );

    let none = done(&world, &read("thank you for your application")).await?;
    assert_eq!(none, json!({"times": [], "ambiguous": [], "unread": []}));
    let doubt = done(&world, &read("friday 3 december")).await?;
    assert_eq!(doubt["ambiguous"][0]["why"], "weekday-differs");
    assert_eq!(doubt["times"], json!([]));
    let american = [read("12/3 10am").as_slice(), &["--locale", "en_US.UTF-8"]].concat();
    let found = done(&world, &american).await?;
    assert_eq!(found["times"][0]["start"], "2026-12-03T09:00:00Z");

    let mut command = greenroom(&world, &read("-"));
    let mut piped = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = piped.stdin.take().context("its input")?;
    input
        .write_all("How about tomorrow\nat 2?".as_bytes())
        .await?;
    drop(input);
    let printed = piped.wait_with_output().await?.stdout;
    let found: Value = serde_json::from_slice(&printed)?;
    assert_eq!(found["times"][0]["start"], "2026-12-03T13:00:00Z");
    assert_eq!(found["times"][0]["words"], "tomorrow\nat 2");

    // A start is one time with an hour, or nothing is booked.
    let book = [
        "interview",
        "new",
        "--candidate",
        "ana@mail.example",
        "--type",
        "phone",
    ];
    let book = [
        book.as_slice(),
        &["--details", "+1 212 555 0100", "--start"],
    ]
    .concat();
    for start in ["tuesday", "tomorrow 10 or 11", "after 3", "soon"] {
        let (code, answer) = run(&world, &[book.as_slice(), &[start]].concat()).await?;
        assert_eq!(
            (code, &answer["error"]["field"]),
            (2, &json!("start")),
            "{answer}"
        );
    }
    let booked = done(&world, &[book.as_slice(), &["tomorrow 3pm"]].concat()).await?;
    let today = ["interview", "list", "--from", "today", "--to", "in 3 days"];
    assert_eq!(done(&world, &today).await?["items"][0]["id"], booked["id"]);
    let (code, _) = refused(&world, &["interview", "list", "--from", "soon"]).await?;
    assert_eq!(code, 2);
    Ok(())
}

#[tokio::test]
async fn mistakes_have_the_promised_exit_codes() -> anyhow::Result<()> {
    let mut world = World::start(PROGRAM).await?;
    world.set_up().await?;
    for (arguments, code, kind) in [
        (["candidate", "show", "nobody"].as_slice(), 7, "not-found"),
        (&["rpc", "Sing"], 2, "usage"),
        (&["rpc", "candidate_get", "{\"wrong\":1}"], 2, "usage"),
        (
            &["rpc", "JobAdd", "{\"job\":{\"title\":\"x\"}}", "--dry-run"],
            2,
            "usage",
        ),
        (&["nonsense"], 2, "usage"),
        (
            &["--as", "nobody@acme.example", "job", "list"],
            7,
            "not-found",
        ),
    ] {
        let found = refused(&world, arguments).await?;
        assert_eq!(found, (code, kind.to_owned()), "{arguments:?}");
    }
    world.kill_daemon();
    let (code, kind) = refused(&world, &["status"]).await?;
    assert_eq!((code, kind.as_str()), (3, "unreachable"));
    Ok(())
}

/// Case C4: the row itself.
#[tokio::test]
async fn a_raw_call_with_a_slip_in_it_does_nothing() -> anyhow::Result<()> {
    let world = World::start(PROGRAM).await?;
    opens(&world, &[]).await?;
    let book = [
        "interview",
        "new",
        "--candidate",
        "ana@mail.example",
        "--type",
        "phone",
    ];
    let when = [
        "--details",
        "+49 30 5550 1234",
        "--start",
        "2031-12-01T10:00:00Z",
        "--confirm",
    ];
    let booked = done(&world, &[book.as_slice(), &when].concat()).await?;
    let id = booked["id"].as_str().context("an id")?;
    let argument = |besides: Value| {
        let mut interview = json!({ "reference": id });
        let fields = besides.as_object().cloned().unwrap_or_default();
        interview
            .as_object_mut()
            .into_iter()
            .for_each(|it| it.extend(fields.clone()));
        json!({ "interview": interview }).to_string()
    };
    let status = async || -> anyhow::Result<Value> {
        Ok(done(&world, &["interview", "show", id]).await?["status"].clone())
    };

    for method in ["InterviewCancel", "interview_cancel"] {
        let slip = argument(json!({ "dry-run": true }));
        let (code, answer) = run(&world, &["rpc", method, &slip]).await?;
        assert_eq!(
            (code, &answer["error"]["kind"]),
            (2, &json!("usage")),
            "{answer}"
        );
        let message = answer["error"]["message"].as_str().context("a message")?;
        assert!(
            message.contains("`interview.dry-run`") && message.contains("`dry_run`"),
            "{message}"
        );
        assert_eq!(answer["error"]["field"], "interview.dry-run");
    }
    assert_eq!(status().await?, "confirmed");

    let tried = done(
        &world,
        &["rpc", "InterviewCancel", &argument(json!({})), "--dry-run"],
    )
    .await?;
    assert_eq!(tried["dry_run"], true);
    assert_eq!(status().await?, "confirmed");
    let (code, answer) = run(&world, &["rpc", "Status", "--dry-run"]).await?;
    let message = answer["error"]["message"].as_str().context("a message")?;
    assert_eq!(code, 2);
    assert!(message.contains("Status has no dry run"), "{message}");

    done(&world, &["rpc", "InterviewCancel", &argument(json!({}))]).await?;
    assert_eq!(status().await?, "cancelled");
    Ok(())
}

/// Cases Z2 and Z3: what Zoom refuses for good ends with 8, what it refuses for a while is waited
/// for, and neither is taken for done.
#[tokio::test]
async fn nothing_that_zoom_did_not_do_is_done() -> anyhow::Result<()> {
    let world = World::start(PROGRAM).await?;
    let (client, _) = world.set_up().await?;
    add_job(&client, "Engineer").await?;
    let ana = "ana@mail.example";
    add_candidate(&client, "Ana Ruiz", ana, "Engineer").await?;
    world.connect_zoom(&client, DANA).await?;
    let refuses = |endpoint, code: u32| {
        let body = json!({ "code": code, "message": "Not today." });
        let answer = Answer::Json { status: 400, body };
        world
            .zoom
            .fault(Fault::once(endpoint, FaultKind::Answer(answer)));
    };
    let book = |start: &'static str| {
        let whom = ["interview", "new", "--candidate", ana, "--confirm"];
        [
            whom.as_slice(),
            &["--zone", "Europe/Berlin", "--start", start],
        ]
        .concat()
    };

    // Good keys are refused twice: it takes some seconds.
    world.zoom.refuse_tokens(2);
    let booked = done(&world, &book("2030-01-02 10:00")).await?;
    assert_eq!(booked["meeting"]["state"], "ready");
    let id = booked["id"].as_str().context("an id")?;
    let to = |start: &'static str| ["interview", "reschedule", id, "--start", start];
    world.zoom.refuse_tokens(2);
    let moved = done(&world, &to("2030-01-03 10:00")).await?;
    assert_eq!(moved["meeting"]["state"], "ready");
    let start = world.zoom.meetings()[0].start_time.to_string();
    assert_eq!(start, "2030-01-03T09:00:00Z");

    refuses(Endpoint::UpdateMeeting, 3000);
    let (code, answer) = run(&world, &to("2030-01-04 10:00")).await?;
    assert_eq!((code, &answer["error"]["kind"]), (8, &json!("upstream")));
    assert_eq!(answer["interview"]["start"], "2030-01-04T09:00:00Z");
    let message = answer["error"]["message"].to_string();
    assert!(message.contains("Not today."), "{message}");

    refuses(Endpoint::DeleteMeeting, 3018);
    let (code, answer) = run(&world, &["interview", "cancel", id]).await?;
    assert_eq!((code, &answer["error"]["kind"]), (8, &json!("upstream")));
    assert_eq!(answer["interview"]["status"], "cancelled");

    // RequestContext again cannot help, so nobody is advised to.
    refuses(Endpoint::CreateMeeting, 3161);
    let (code, answer) = run(&world, &book("2030-02-02 10:00")).await?;
    assert_eq!(code, 8);
    let hint = answer["error"]["hint"].as_str().context("a hint")?;
    assert!(
        hint.contains("--zoom-user") && !hint.contains("try again"),
        "{hint}"
    );
    refuses(Endpoint::CreateMeeting, 3000);
    let (code, answer) = run(&world, &book("2030-02-03 10:00")).await?;
    assert_eq!(code, 8);
    let hint = answer["error"]["hint"].as_str().context("a hint")?;
    assert!(hint.starts_with("try again: "), "{hint}");

    world.zoom.refuse_tokens(2);
    let other = done(&world, &book("2030-03-02 10:00")).await?;
    let id = other["id"].as_str().context("an id")?;
    world.zoom.refuse_tokens(2);
    let gone = done(&world, &["interview", "cancel", id]).await?;
    assert_eq!(gone["meeting"]["state"], "gone");
    Ok(())
}

#[tokio::test]
async fn the_log_is_followed_as_it_grows() -> anyhow::Result<()> {
    let world = World::start(PROGRAM).await?;
    let state = world.directory().join(".local/state/greenroom");
    std::fs::create_dir_all(&state)?;
    let mut log = std::fs::File::create(state.join("greenroomd.log"))?;
    writeln!(log, "long ago\nready")?;
    let mut following = greenroom(&world, &["daemon", "logs", "-n", "1", "--follow"])
        .env_remove("XDG_STATE_HOME")
        .stdout(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(following.stdout.take().context("its output")?).lines();
    assert_eq!(lines.next_line().await?.as_deref(), Some("ready"));
    writeln!(log, "stopping")?;
    assert_eq!(lines.next_line().await?.as_deref(), Some("stopping"));
    following.kill().await?;
    Ok(())
}

#[tokio::test]
async fn a_day_and_a_week_are_those_of_who_asks() -> anyhow::Result<()> {
    let world = World::start(PROGRAM).await?;
    // Where it is Dana's day first, and this machine's last.
    let there = "Pacific/Kiritimati";
    opens(&world, &["--zone", there]).await?;
    let now = jiff::Timestamp::now();
    let mut starts = Vec::new();
    for hours in [1, 12, 23, 36, 100, 200] {
        let start = now.checked_add(jiff::SignedDuration::from_hours(hours))?;
        let start = format!("{start:.0}");
        let book = [
            "interview",
            "new",
            "--candidate",
            "ana@mail.example",
            "--type",
            "phone",
        ];
        let when = ["--details", "+49 30 5550 1234", "--start", &start];
        let booked = done(&world, &[book.as_slice(), &when].concat()).await?;
        starts.push(booked["start"].as_str().context("a start")?.to_owned());
    }
    let today = now.in_tz(there)?.date();
    let monday = today
        .checked_sub(jiff::Span::new().days(i64::from(today.weekday().to_monday_zero_offset())))?;
    for (which, first, days) in [("--today", today, 1), ("--week", monday, 7)] {
        let until = first.checked_add(jiff::Span::new().days(days))?;
        let expected = starts.iter().filter(|start| {
            let start: jiff::Timestamp = start.parse().unwrap();
            let date = start.in_tz(there).unwrap().date();
            first <= date && date < until
        });
        let expected: Vec<_> = expected.cloned().collect();
        let mut list = greenroom(&world, &["interview", "list", which]);
        let answer = list.env("TZ", "Pacific/Honolulu").output().await?;
        let answer: Value = serde_json::from_slice(&answer.stdout)?;
        let items = answer["items"].as_array().context("items")?;
        let found: Vec<_> = items
            .iter()
            .map(|it| it["start"].as_str().unwrap())
            .collect();
        assert_eq!(found, expected, "{which} at {now}");
    }
    Ok(())
}

/// What needs the caller is printed whole for programs, and line by line for people.
#[tokio::test]
async fn the_day_names_what_is_next_what_needs_one_and_who_waits() -> anyhow::Result<()> {
    let world = World::start(PROGRAM).await?;
    let (dana, _) = world.set_up().await?;
    add_job(&dana, "Designer").await?;
    add_candidate(&dana, "Ana Lima", "ana@mail.example", "Designer").await?;
    let quiet = done(&world, &["today"]).await?;
    assert_eq!(quiet["next_total"], 0);
    assert_eq!(quiet["needs_me"], json!([]));

    let start = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(20);
    let start = start.strftime("%Y-%m-%dT%H:%M:00Z").to_string();
    let new = ["interview", "new", "--candidate", "ana@mail.example"];
    let how = ["--type", "phone", "--details", "+49 30 5550 1234"];
    let new = [&new[..], &how[..], &["--start", &start]].concat();
    let booked = done(&world, &new).await?;
    let day = done(&world, &["today", "--waiting", "1"]).await?;
    assert_eq!(day["next"][0]["interview"]["id"], booked["id"]);
    let need = &day["needs_me"][0];
    assert_eq!(need["kind"], "unconfirmed");
    assert_eq!(
        (&need["action"], &need["urgent"]),
        (&json!("confirm"), &json!(true))
    );
    assert_eq!(day["badges"], json!({"today": 1, "assistant": 0}));

    let people = for_people(&world, &["today"]).output().await?;
    let text = String::from_utf8(people.stdout)?;
    for words in ["Next", "Ana Lima", "Needs you", "is not confirmed"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let wrong = refused(&world, &["today", "--waiting", "0"]).await?;
    assert_eq!(wrong, (2, "usage".to_owned()));
    Ok(())
}

/// Case Z4: a script never reads "all as booked" while a meeting was not looked at.
#[tokio::test]
async fn a_check_that_could_not_look_at_everything_ends_with_8() -> anyhow::Result<()> {
    let world = World::start(PROGRAM).await?;
    opens(&world, &[]).await?;
    world.connect_zoom(&world.client().await?, DANA).await?;
    let book = [
        "interview",
        "new",
        "--candidate",
        "ana@mail.example",
        "--confirm",
    ];
    let when = ["--start", "2030-01-02T10:00:00Z"];
    let booked = done(&world, &[book.as_slice(), &when].concat()).await?;
    let id = booked["id"].as_str().context("an id")?;
    let good = done(&world, &["interview", "check"]).await?;
    assert_eq!(good["unchecked"], json!([]));

    let meeting = booked["meeting"]["meeting_id"]
        .as_str()
        .context("a number")?;
    let refused = Answer::Json {
        status: 403,
        body: json!({ "code": 403, "message": "Forbidden." }),
    };
    world.zoom.answer_about(meeting.parse()?, Some(refused));
    let (code, answer) = run(&world, &["interview", "check"]).await?;
    assert_eq!((code, &answer["error"]["kind"]), (8, &json!("upstream")));
    let [open] = answer["unchecked"].as_array().context("a list")?.as_slice() else {
        anyhow::bail!("one is open: {answer}")
    };
    assert_eq!(open["interview"], id);
    assert!(
        open["reason"]
            .as_str()
            .context("why")?
            .contains("Forbidden")
    );
    assert_eq!(answer["report"]["unchecked"], answer["unchecked"]);

    let mut person = for_people(&world, &["interview", "check"]);
    let Output { status, stdout, .. } = person.output().await?;
    let text = String::from_utf8(stdout)?;
    assert_eq!(status.code(), Some(8));
    assert!(!text.contains("as booked"), "{text}");
    assert!(
        text.contains("1 not checked") && text.contains("Ana Ruiz"),
        "{text}"
    );
    Ok(())
}

/// Case Z14: the report is one line for a program, and a daemon that is killed in the middle
/// deletes its meeting afterwards.
#[tokio::test]
async fn a_test_of_zoom_says_how_it_went_and_cleans_up_after_a_kill() -> anyhow::Result<()> {
    let mut world = World::start(PROGRAM).await?;
    opens(&world, &[]).await?;
    let unconnected = refused(&world, &["zoom", "test"]).await?;
    assert_eq!(unconnected, (4, "zoom".to_owned()));
    world.connect_zoom(&world.client().await?, DANA).await?;
    let would = done(&world, &["zoom", "test", "--dry-run"]).await?;
    assert_eq!(would["running"], false);
    assert_eq!(world.zoom.counters().meetings_made, 0);

    let test = done(&world, &["zoom", "test"]).await?;
    assert_eq!(test["result"], "ok", "{test}");
    assert_eq!(world.zoom.meetings().len(), 0);
    let mut person = for_people(&world, &["zoom", "test"]);
    let Output { status, stdout, .. } = person.output().await?;
    let text = String::from_utf8(stdout)?;
    assert!(
        status.success() && text.contains("Zoom works as Greenroom needs it"),
        "{text}"
    );

    if !ARMED {
        tools::skipped("this build has no failpoints");
        return Ok(());
    }
    world.stop_daemon();
    world.start_daemon(&[(VARIABLE, "MeetingMade:1")])?;
    world.answering().await?;
    let killed = refused(&world, &["zoom", "test"]).await?;
    assert_eq!(killed.0, 3);
    world.daemon_ended().await?;
    assert_eq!(world.zoom.meetings().len(), 1);
    world.run_daemon().await?;
    let client = world.client().await?;
    let (mut after, query) = (client.hello().revision, ZoomTestQuery::default());
    let deadline = Deadline::here();
    while client.zoom_test_show(query.clone()).await?.running {
        deadline.check();
        after = client
            .changes(after, Duration::from_secs(1))
            .await?
            .revision;
    }
    assert_eq!(world.zoom.meetings().len(), 0);
    Ok(())
}

/// Case Z11: a connect that another one replaced ends at once, and an error of Zoom's is named as
/// it is.
#[tokio::test]
async fn a_connect_that_was_replaced_ends_at_once() -> anyhow::Result<()> {
    let world = World::start(PROGRAM).await?;
    opens(&world, &[]).await?;
    let mut first = greenroom(&world, &["zoom", "connect", "--no-browser"])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(first.stdout.take().context("its output")?).lines();
    let line: Value = serde_json::from_str(&lines.next_line().await?.context("a line")?)?;
    assert!(line["authorize_url"].is_string());
    let second = ["zoom", "connect", "--no-browser", "--no-wait"];
    let second = done(&world, &second).await?;
    let ended: Value = serde_json::from_str(&lines.next_line().await?.context("a line")?)?;
    assert_eq!(ended["error"]["kind"], "conflict", "{ended}");
    let message = ended["error"]["message"].as_str().context("words")?;
    assert!(message.contains("replaced"), "{message}");
    assert_eq!(first.wait().await?.code(), Some(6));

    // The other one goes on; Zoom answers it with an error.
    let address = second["authorize_url"].as_str().context("an address")?;
    let address = url::Url::parse(address)?;
    let mut query = address.query_pairs();
    let value = |name: &str| query.clone().find(|(key, _)| key == name).map(|it| it.1);
    let (state, back) = (value("state"), query.find(|(key, _)| key == "redirect_uri"));
    let mut back = url::Url::parse(&back.context("a way back")?.1)?;
    back.query_pairs_mut()
        .append_pair("state", &state.context("a state")?)
        .append_pair("error", "temporarily_unavailable")
        .append_pair("error_description", "Zoom is being looked after");
    let (code, answer) = run(&world, &["zoom", "connect", "--paste", back.as_str()]).await?;
    assert_eq!(
        (code, &answer["error"]["kind"]),
        (4, &json!("zoom")),
        "{answer}"
    );
    let message = answer["error"]["message"].as_str().context("words")?;
    for words in ["temporarily_unavailable", "Zoom is being looked after"] {
        assert!(message.contains(words), "{message}");
    }
    assert!(!message.contains("declined"), "{message}");
    Ok(())
}

#[tokio::test]
async fn a_calendar_is_read_from_a_file_of_any_length() -> anyhow::Result<()> {
    let world = World::start(PROGRAM).await?;
    opens(&world, &[]).await?;
    let entry = "BEGIN:VEVENT\r\nDTSTART:20261201T090000\r\nDURATION:PT1H\r\nEND:VEVENT\r\n";
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("sam.ics");
    let path = file.to_str().context("a path")?;
    let read = [
        "calendar",
        "read",
        path,
        "--from",
        "2026-12-01",
        "--to",
        "2026-12-02T00:00:00Z",
        "--zone",
        "Europe/Berlin",
    ];
    let busy = json!([{"start": "2026-12-01T08:00:00Z", "end": "2026-12-01T09:00:00Z"}]);
    // The longer one takes several frames.
    for padding in [0, 400_000] {
        let padding = format!("DESCRIPTION:{}\r\n", "é".repeat(padding));
        let text = format!("BEGIN:VCALENDAR\r\n{padding}{entry}END:VCALENDAR\r\n");
        tokio::fs::write(&file, text).await?;
        let found = done(&world, &read).await?;
        assert_eq!(found, json!({"busy": busy, "warnings": []}));
    }
    tokio::fs::write(&file, "<html><body>Sign in</body></html>").await?;
    let refused = greenroom(&world, &read).output().await?;
    assert_eq!(refused.status.code(), Some(2));
    Ok(())
}

#[tokio::test]
async fn a_candidates_email_is_read_and_the_reading_is_measured() -> anyhow::Result<()> {
    let world = World::start(PROGRAM).await?;
    opens(&world, &[]).await?;
    let directory = tempfile::tempdir()?;
    let proposal = directory.path().join("proposal.json");
    let slots = json!({
        "slots": [
            {"n": 1, "start": "2026-12-09T13:00:00Z", "end": "2026-12-09T13:45:00Z"},
            {"n": 2, "start": "2026-12-10T08:30:00Z", "end": "2026-12-10T09:15:00Z"},
        ],
        "zone": "Europe/Berlin",
    });
    tokio::fs::write(&proposal, slots.to_string()).await?;
    let path = proposal.to_str().context("a path")?;
    let arguments = [
        "outreach",
        "read",
        "--now",
        "2026-12-07T06:00:00Z",
        "--zone",
        "Europe/Berlin",
        "--proposal",
        path,
    ];
    let mut command = greenroom(&world, &arguments);
    let mut reader = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = reader.stdin.take().context("its input")?;
    let mail = "From: jo@mail.example\n\nThursday 9:30 works for me\n";
    input.write_all(mail.as_bytes()).await?;
    drop(input);
    let output = reader.wait_with_output().await?;
    let found: Value = serde_json::from_slice(&output.stdout)?;
    assert_eq!(
        found["act"],
        json!({"kind": "book", "option": 2, "why": "chosen"})
    );
    assert_eq!(found["intents"][0]["kind"], "accept-time");
    assert_eq!(found["times"][0]["words"], "Thursday 9:30");
    assert_eq!(found["unread"], json!([]));

    let set = directory.path().join("set.txt");
    let frame = "[set=mine now=2026-12-04T10:00 zone=Europe/Berlin slots=2026-12-09T14:00/45]";
    tokio::fs::write(&set, format!("{frame}\n1 please | book 1 | accept\n")).await?;
    let path = set.to_str().context("a path")?;
    let report = done(&world, &["assistant", "eval", path]).await?;
    assert_eq!(report["sets"][0]["figures"]["clear_right"], 1);
    let shown = for_people(&world, &["assistant", "eval", path])
        .output()
        .await?;
    let shown = String::from_utf8(shown.stdout)?;
    assert!(shown.contains("100.0% (1 of 1)"), "{shown}");
    tokio::fs::write(&set, "no set").await?;
    assert_eq!(
        refused(&world, &["assistant", "eval", path]).await?,
        (2, "usage".into())
    );
    assert_eq!(
        refused(&world, &["assistant", "eval", "/nowhere"]).await?.0,
        2
    );
    Ok(())
}
