//! Mail and reminders at the command line.

use greenroom_tests::mail_server::MailServer;
use greenroom_tests::post::Folders;
use serde_json::Value;

use crate::mail::fixture::ANA;
use crate::shell::Shell;

const CALL: [&str; 15] = [
    "interview",
    "new",
    "--candidate",
    ANA,
    "--type",
    "phone",
    "--details",
    "+49 30 5550 1234",
    "--start",
    "2030-12-02 10:00",
    "--zone",
    "Europe/Berlin",
    "--duration",
    "30m",
    "--confirm",
];

#[tokio::test]
async fn an_invitation_is_printed_and_whoever_confirms_is_told_that_nobody_receives_it() {
    let shell = Shell::open().await;
    let nobody = "nobody receives them";
    let confirmed = shell.run(&CALL).await;
    assert_eq!(confirmed.code, 0, "{}", confirmed.err);
    assert!(confirmed.err.contains(nobody), "{}", confirmed.err);
    for verb in ["status", "doctor"] {
        let said = shell.run(&[verb]).await;
        let words = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(nobody), "{verb}: {}", said.out);
    }

    let listed = shell.json(&["interview", "list", "--all"]).await;
    let id = listed["items"][0]["id"].as_str().unwrap();
    let invite = shell.run(&["interview", "invite", id]).await;
    assert!(invite.out.starts_with("BEGIN:VCALENDAR"), "{}", invite.out);
    assert!(invite.out.contains("METHOD:REQUEST"), "{}", invite.out);
    let cancelled = shell.run(&["interview", "cancel", id, "--yes"]).await;
    assert_eq!(cancelled.code, 0, "{}", cancelled.err);
    let invite = shell.run(&["interview", "invite", id]).await;
    assert!(invite.out.contains("METHOD:CANCEL"), "{}", invite.out);
    assert!(!invite.out.contains("REQUEST"), "{}", invite.out);
}

#[tokio::test]
async fn reminders_are_set_and_shown() {
    let shell = Shell::open().await;
    let usual = shell.json(&["workspace", "list"]).await;
    assert_eq!(
        usual["items"][0]["reminders"],
        serde_json::json!([1440, 60])
    );
    let edit = |times| ["workspace", "edit", "--reminders", times];
    let edited = shell.run(&edit("30m,2d")).await;
    assert_eq!(edited.code, 0, "{}", edited.err);
    assert!(edited.out.contains("48h,30m"), "{}", edited.out);
    let listed = shell.run(&["workspace", "list"]).await;
    assert!(listed.out.contains("48h,30m"), "{}", listed.out);
    let none = shell.json(&edit("none")).await;
    assert_eq!(none["reminders"], serde_json::json!([]));
    for wrong in ["3m", "15d", "soon", "30"] {
        let refused = shell.run(&edit(wrong)).await;
        assert_eq!(refused.code, 2, "{wrong}: {}", refused.err);
    }
}

/// One line of what is printed, however it was wrapped.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Case M13: warnings stand wherever the interview is shown, for people and for programs.
#[tokio::test]
async fn warnings_are_printed_wherever_an_interview_is_shown() {
    let shell = Shell::open().await;
    let booked = shell.json(&CALL).await;
    let id = booked["id"].as_str().unwrap();
    let warning = words(booked["warnings"][0]["message"].as_str().unwrap());
    for arguments in [
        &["interview", "show", id][..],
        &["candidate", "show", ANA],
        &["interview", "list"],
    ] {
        let said = shell.run(arguments).await;
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(
            words(&said.out).contains(&warning),
            "{arguments:?}: {}",
            said.out
        );
    }
    let said = shell.run(&["interview", "show", id]).await;
    assert!(words(&said.err).contains(&warning), "{}", said.err);
    let record = shell.json(&["interview", "show", id]).await;
    assert_eq!(record["warnings"], booked["warnings"]);
}

/// Case M14: what came in is listed, stands beside the candidate, is read in full and then no
/// longer unread.
#[tokio::test]
async fn what_came_in_is_listed_read_and_marked_as_read() {
    let shell = Shell::open().await;
    let inbox = Folders::of(&shell.0.directory().join("data/mail"));
    let text = format!("From: {ANA}\nSubject: Ill\n\nI am ill.\u{1b}[2J\n\n> Dear Ana\n");
    inbox.answer("1", &text).unwrap();
    let unread = ["mail", "list", "--received", "--unread"];
    let found = loop {
        let found = shell.json(&unread).await;
        if found["total"] == 1 {
            break found;
        }
    };
    let id = found["items"][0]["id"].as_str().unwrap();
    let listed = shell.run(&["mail", "list", "--received"]).await;
    assert!(
        listed.out.contains("unread") && listed.out.contains("I am ill."),
        "{}",
        listed.out
    );
    let candidate = shell.run(&["candidate", "show", ANA]).await;
    assert!(
        candidate.out.contains("[unread]: I am ill."),
        "{}",
        candidate.out
    );
    let record = shell.json(&["candidate", "show", ANA]).await;
    assert_eq!(record["received"][0]["id"], id);
    let shown = shell.run(&["mail", "show", &id[20..]]).await;
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert!(
        shown.out.contains("\nI am ill.[2J\n\n> Dear Ana\n"),
        "{}",
        shown.out
    );
    assert!(!shown.out.contains('\u{1b}'));
    assert_eq!(shell.json(&unread).await["total"], 0);
    let refused = shell.run(&["mail", "accept", id]).await;
    assert_eq!(refused.code, 6, "{}", refused.err);
    let unknown = shell.run(&["mail", "show", "zzzzzz"]).await;
    assert_eq!(unknown.code, 7, "{}", unknown.err);
}

#[tokio::test]
async fn templates_are_listed_shown_edited_previewed_and_reset() {
    let shell = Shell::open().await;
    let listed = shell.json(&["template", "list"]).await;
    assert_eq!(listed["total"], 14);
    assert_eq!(listed["items"][0]["name"], "invitation");
    assert_eq!(listed["items"][0]["source"], "built-in");
    let shown = shell.run(&["template", "show", "invitation"]).await;
    assert_eq!(shown.code, 0, "{}", shown.err);
    let first = shown.out.lines().next().unwrap();
    assert_eq!(
        first,
        "Subject: Interview for {{job}} at {{workspace}}, {{when_short}}"
    );
    assert!(shown.err.contains("the built-in words"), "{}", shown.err);

    // What `show` prints is what `edit` reads.
    let file = shell.0.directory().join("invitation.txt");
    let own = shown.out.replace("{{greeting}}", "Dear {{candidate}},");
    std::fs::write(&file, own).unwrap();
    let path = file.to_str().unwrap();
    let edited = shell
        .json(&["template", "edit", "invitation", "--file", path])
        .await;
    assert_eq!(edited["source"], "workspace");
    let preview = shell
        .run(&["template", "preview", "invitation", "--candidate", ANA])
        .await;
    assert_eq!(preview.code, 0, "{}", preview.err);
    assert!(
        preview.out.contains("\nDear Ana Lima,\n"),
        "{}",
        preview.out
    );
    assert!(
        preview.err.contains("no upcoming interview"),
        "{}",
        preview.err
    );

    std::fs::write(&file, "Subject: Hi\n\n{{salry}}\n").unwrap();
    let refused = shell
        .run(&["template", "edit", "invitation", "--file", path])
        .await;
    assert_eq!(refused.code, 2);
    assert!(
        refused.err.contains("invitation has no variable {{salry}}"),
        "{}",
        refused.err
    );
    let stage = ["template", "edit", "on-hold", "--stage", "Designer/Applied"];
    std::fs::write(&file, "We will write to you.\n").unwrap();
    let of_stage = shell.json(&[&stage[..], &["--file", path]].concat()).await;
    assert_eq!(of_stage["stage"]["name"], "Applied");
    assert_eq!(of_stage["source"], "stage");
    assert_eq!(shell.json(&["template", "list"]).await["total"], 15);

    // An export takes them along.
    let directory = shell.0.directory().join("export");
    let exported = shell.run(&["export", directory.to_str().unwrap()]).await;
    assert_eq!(exported.code, 0, "{}", exported.err);
    let templates = std::fs::read_to_string(directory.join("templates.json")).unwrap();
    let templates: Value = serde_json::from_str(&templates).unwrap();
    assert_eq!(templates.as_array().unwrap().len(), 2);

    let reset = shell
        .json(&["template", "edit", "invitation", "--reset"])
        .await;
    assert_eq!(reset["source"], "built-in");
    let unknown = shell.run(&["template", "show", "invite"]).await;
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.err.contains("there is no template invite"),
        "{}",
        unknown.err
    );
}

#[tokio::test]
async fn email_is_set_up_tested_and_given_up_in_a_script() {
    let shell = Shell::open().await;
    assert_eq!(shell.json(&["mail", "settings"]).await["source"], "nobody");
    let server = MailServer::start().await.unwrap();
    let port = server.settings("robin").port;
    let url = format!("smtp://robin@127.0.0.1:{port}");
    let set_up = [
        "mail",
        "setup",
        "--from",
        "jobs@acme.example",
        "--smtp",
        &url,
    ];

    // What is missing or would be seen by others on the machine is refused, and nothing is kept.
    let refused = shell.run(&set_up).await;
    assert_eq!(refused.code, 2, "{}", refused.err);
    assert!(
        refused
            .err
            .contains("Enter the password of robin at 127.0.0.1"),
        "{}",
        refused.err
    );
    let told = format!("smtp://robin:hunter2@127.0.0.1:{port}");
    let refused = shell.run(&["mail", "setup", "--smtp", &told]).await;
    assert_eq!(refused.code, 2);
    assert!(
        refused.err.contains("--password-file") && !refused.err.contains("hunter2"),
        "{}",
        refused.err
    );

    let file = shell.0.directory().join("mail.password");
    std::fs::write(&file, "correct horse\n").unwrap();
    let file = file.display().to_string();
    let set_up = [&set_up[..], &["--password-file", &file]].concat();
    let would = shell.json(&[&set_up[..], &["--dry-run"]].concat()).await;
    assert_eq!(would["source"], "workspace");
    assert_eq!(shell.json(&["mail", "settings"]).await["source"], "nobody");
    let set = shell.run(&set_up).await;
    assert_eq!(set.code, 0, "{}", set.err);
    assert!(
        set.out.contains("the workspace's own settings"),
        "{}",
        set.out
    );
    assert!(!set.out.contains("correct horse") && !set.err.contains("correct horse"));
    let set = shell.json(&["mail", "settings"]).await;
    assert_eq!(
        (&set["smtp_log_in"], &set["smtp"]["port"]),
        (&"password".into(), &port.into())
    );
    assert_eq!(set["delivers"], true);

    // It sends; what is replied would be read from files, which is said.
    let tested = shell.run(&["mail", "test"]).await;
    assert_eq!(tested.code, 0, "{}", tested.err);
    assert!(
        tested.out.contains("replies to invitations are not read"),
        "{}",
        tested.out
    );
    assert_eq!(server.taken_by("jobs@acme.example").unwrap().len(), 1);
    let log_ins = server.log_ins();
    assert!(
        log_ins.iter().all(|it| it == "robin correct horse"),
        "{log_ins:?}"
    );

    let reset = shell.json(&["mail", "setup", "--reset"]).await;
    assert_eq!(
        (&reset["source"], &reset["from"]),
        (&"nobody".into(), &Value::Null)
    );
}
