//! `greenroom google` and `greenroom microsoft` in a shell, against a real daemon and the sandboxes of
//! both: connecting in every way there is, why it could not be, and disconnecting.

use std::process::Stdio;

use anyhow::Context;
use greenroom_tests::harness::{DANA, World};
use greenroom_tests::sandbox::google::AppAccess;
use greenroom_tests::sandbox::{ConsentError, Decision, consent, google, http_client, microsoft};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};

use crate::cli::{PROGRAM, done, opens, run};

const OMAR: &str = "omar.haddad@acme.example";
const INTERVIEWS: &str = "interviews@acme.example";
const ADMIN: &str = "aoife.byrne@acme.example";

/// Both providers, by their words in commands.
const BOTH: [&str; 2] = ["google", "microsoft"];

struct Office {
    world: World,
    google: google::Sandbox,
    _microsoft: microsoft::Sandbox,
}

/// How the final address gets from the browser to the command.
#[derive(Clone, Copy, PartialEq)]
enum Back {
    /// The browser comes back to the port.
    Port,
    /// The person pastes it into another command.
    Pasted,
}

/// What a command said, and how it ended.
struct Said {
    code: i32,
    /// Its last line of data.
    json: Value,
    /// What it said to people.
    notes: String,
}

/// A connect that waits for its browser.
struct Waiting {
    child: Child,
    lines: tokio::io::Lines<BufReader<ChildStdout>>,
    address: String,
}

impl Office {
    async fn open() -> anyhow::Result<Self> {
        let (mut at_google, mut at_microsoft) =
            (google::Config::default(), microsoft::Config::default());
        for email in [OMAR, INTERVIEWS] {
            at_google = at_google.with_account(google::Account::new(email));
            at_microsoft = at_microsoft.with_account(microsoft::Account::new(email));
        }
        let google = google::Sandbox::start(at_google).await?;
        let microsoft = microsoft::Sandbox::start(at_microsoft).await?;
        let mut world = World::start(PROGRAM).await?;
        let config = format!("{}{}", google.config(None), microsoft.config(None));
        world.reconfigure(&config, &[]).await?;
        opens(&world, &[]).await?;
        let member = ["member", "add", "--name", "Omar Haddad", "--email", OMAR];
        done(
            &world,
            &[member.as_slice(), &["--role", "recruiter"]].concat(),
        )
        .await?;
        let secret = world.directory().join("google.secret");
        std::fs::write(&secret, google::CLIENT_SECRET)?;
        let secret = secret.to_str().context("a path")?;
        let edit = ["workspace", "edit", "--google-client-id", google::CLIENT_ID];
        let edit = [edit.as_slice(), &["--google-client-secret-file", secret]].concat();
        let ours = ["--microsoft-client-id", microsoft::CLIENT_ID];
        let tenant = ["--microsoft-tenant", microsoft::TENANT];
        done(&world, &[edit.as_slice(), &ours, &tenant].concat()).await?;
        Ok(Self {
            world,
            google,
            _microsoft: microsoft,
        })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(["client", "--no-start", "--json", "--socket"])
            .arg(self.world.socket())
            .args(arguments)
            .env("HOME", self.world.directory())
            .env_remove("XDG_CONFIG_HOME")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// A command, to its end.
    async fn says(&self, arguments: &[&str]) -> anyhow::Result<Said> {
        let output = self.command(arguments).output().await?;
        let data = String::from_utf8(output.stdout)?;
        let last = data.lines().last().unwrap_or("null");
        Ok(Said {
            code: output.status.code().context("an exit code")?,
            json: serde_json::from_str(last)?,
            notes: String::from_utf8(output.stderr)?,
        })
    }

    /// Begins to connect with the browser elsewhere.
    async fn begins(&self, word: &str, besides: &[&str]) -> anyhow::Result<Waiting> {
        let connect = [&[word, "connect", "--no-browser"], besides].concat();
        let mut child = self.command(&connect).spawn()?;
        let stdout = child.stdout.take().context("its output")?;
        let mut lines = BufReader::new(stdout).lines();
        let first = lines.next_line().await?.context("a line")?;
        let first: Value = serde_json::from_str(&first)?;
        let address = first["authorize_url"].as_str().context("an address")?;
        Ok(Waiting {
            address: address.to_owned(),
            child,
            lines,
        })
    }

    /// Connects, signed in as this user, who decides so.
    async fn connects(
        &self,
        (word, besides): (&str, &[&str]),
        (user, decision): (&str, Decision),
        back: Back,
    ) -> anyhow::Result<Said> {
        let mut waiting = self.begins(word, besides).await?;
        let location = consent(&waiting.address, user, decision).await?;
        match back {
            Back::Port => {
                let page = http_client()?.get(at_an_address(&location)).send().await?;
                anyhow::ensure!(page.status().is_success(), "{}", page.status());
            }
            Back::Pasted => {
                let (code, _) = run(&self.world, &[word, "connect", "--paste", &location]).await?;
                let expected = if decision == Decision::Allow { 0 } else { 4 };
                anyhow::ensure!(code == expected, "paste ended with {code}");
            }
        }
        let mut json = Value::Null;
        while let Some(line) = waiting.lines.next_line().await? {
            json = serde_json::from_str(&line)?;
        }
        let mut notes = String::new();
        let mut errors = waiting.child.stderr.take().context("its notes")?;
        errors.read_to_string(&mut notes).await?;
        let status = waiting.child.wait().await?;
        Ok(Said {
            code: status.code().context("an exit code")?,
            json,
            notes,
        })
    }
}

/// Where a browser goes that looks for `localhost`: to ::1, where this machine has it.
fn at_an_address(location: &str) -> String {
    let host = match std::net::TcpListener::bind("[::1]:0") {
        Ok(_) => "http://[::1]:",
        Err(_) => "http://127.0.0.1:",
    };
    location.replacen("http://localhost:", host, 1)
}

#[tokio::test]
async fn accounts_are_connected_in_a_shell_and_disconnected_with_what_that_ends_said_before()
-> anyhow::Result<()> {
    let office = Office::open().await?;
    for word in BOTH {
        let allow = |user: &'static str| (user, Decision::Allow);
        let member: &[&str] = &["--member", OMAR];
        let ours: &[&str] = &["--for-workspace"];
        for (besides, user, back) in [
            (&[][..], DANA, Back::Port),
            (member, OMAR, Back::Port),
            (ours, INTERVIEWS, Back::Pasted),
        ] {
            let said = office.connects((word, besides), allow(user), back).await?;
            assert_eq!(said.code, 0, "{word} {besides:?}: {}", said.notes);
            assert_eq!(said.json["state"], "connected", "{}", said.json);
            assert_eq!(said.json["user"]["email"], user, "{}", said.json);
            // What is asked for, and why, comes before the address.
            assert!(said.notes.contains("Greenroom asks"), "{}", said.notes);
            let status = [&[word, "status"], besides].concat();
            let shown = done(&office.world, &status).await?;
            assert_eq!(
                (&shown["state"], &shown["reason"]),
                (&said.json["state"], &Value::Null)
            );
        }

        // Without a terminal it wants a yes, and has said by then what would be lost.
        let disconnect = [word, "disconnect", "--for-workspace"];
        let asked = office.says(&disconnect).await?;
        assert_eq!(
            (asked.code, &asked.json["error"]["kind"]),
            (2, &"usage".into())
        );
        let lost = format!("Email can't be sent or read with {INTERVIEWS} any more");
        assert!(asked.notes.contains(&lost), "{}", asked.notes);
        let shown = done(&office.world, &[word, "status", "--for-workspace"]).await?;
        assert_eq!(shown["state"], "connected");
        let dry = office
            .says(&[&disconnect[..], &["--dry-run"]].concat())
            .await?;
        assert_eq!((dry.code, &dry.json["dry_run"]), (0, &true.into()));

        let gone = office.says(&[&disconnect[..], &["--yes"]].concat()).await?;
        assert_eq!(gone.code, 0, "{}", gone.notes);
        match word {
            "google" => {
                assert_eq!(gone.json["revoked"], true, "{}", gone.json);
                let all = "Google ends everything this app may do";
                assert!(asked.notes.contains(all), "{}", asked.notes);
            }
            _ => {
                // There is nothing to ask for at Microsoft: the way there is shown.
                assert_eq!(gone.json["revoked"], false, "{}", gone.json);
                assert!(
                    gone.notes.contains("myapps.microsoft.com"),
                    "{}",
                    gone.notes
                );
            }
        }
        let shown = done(&office.world, &[word, "status", "--for-workspace"]).await?;
        assert_eq!(
            (&shown["state"], &shown["user"]),
            (&"disconnected".into(), &Value::Null)
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_shell_says_why_an_account_could_not_be_connected_or_only_in_part() -> anyhow::Result<()>
{
    let office = Office::open().await?;
    for word in BOTH {
        // Declined at the provider, and told so at the port or by another command.
        for back in [Back::Port, Back::Pasted] {
            let decline = (DANA, Decision::Decline);
            let said = office.connects((word, &[]), decline, back).await?;
            let (kind, message) = (&said.json["error"]["kind"], &said.json["error"]["message"]);
            assert_eq!((said.code, kind), (4, &"account".into()), "{}", said.json);
            let message = message.as_str().context("a message")?;
            assert!(message.contains("declined"), "{message}");
        }
        // Signed in as somebody else than the member whose it is.
        let wrong = (OMAR, Decision::Allow);
        let said = office.connects((word, &[]), wrong, Back::Port).await?;
        assert_eq!(
            (said.code, &said.json["error"]["kind"]),
            (4, &"account".into())
        );
        let message = said.json["error"]["message"]
            .as_str()
            .context("a message")?;
        assert!(
            message.contains(OMAR) && message.contains(DANA),
            "{message}"
        );
    }

    // Google lets people untick; what is left works, and what is missing is named.
    let ticked = ["openid", "https://www.googleapis.com/auth/userinfo.email"];
    let ticked = Some(ticked.map(str::to_owned).to_vec());
    let untick = |account: &mut google::Account| account.only_scopes = ticked;
    office.google.edit_account(DANA, untick)?;
    let said = office
        .connects(("google", &[]), (DANA, Decision::Allow), Back::Port)
        .await?;
    assert_eq!((said.code, &said.json["state"]), (0, &"connected".into()));
    assert_eq!(said.json["reason_code"], "scope-missing", "{}", said.json);
    let missing = said.json["missing_scopes"].as_array().context("scopes")?;
    assert!(
        missing.contains(&"https://mail.google.com/".into()),
        "{missing:?}"
    );

    // A page from which nothing comes back: an admin is asked, and status says who is waited for.
    office
        .google
        .set_access("acme.example", AppAccess::Limited)?;
    let waiting = office.begins("google", &["--member", OMAR]).await?;
    let page = consent(&waiting.address, OMAR, Decision::Allow).await;
    let Err(ConsentError::Page { text, .. }) = page else {
        anyhow::bail!("{page:?}")
    };
    assert!(text.contains("admin_policy_enforced"), "{text}");
    for word in BOTH {
        let ask = [word, "request-approval", "--admin", ADMIN, "--member", OMAR];
        let asked = office.says(&ask).await?;
        assert_eq!(asked.code, 0, "{}", asked.notes);
        assert_eq!(
            (&asked.json["admin"], &asked.json["sent"]),
            (&ADMIN.into(), &false.into())
        );
        let link = asked.json["link"].as_str().context("a link")?;
        let text = asked.json["text"].as_str().context("a text")?;
        assert!(text.contains(link), "{text}");
        assert!(
            asked.notes.contains(&format!("send this to {ADMIN}")),
            "{}",
            asked.notes
        );
        let shown = done(&office.world, &[word, "status", "--member", OMAR]).await?;
        let stands = (&shown["state"], &shown["reason_code"]);
        assert_eq!(
            stands,
            (&"pre-approval-requested".into(), &"approval-awaited".into())
        );
    }
    drop(waiting);
    Ok(())
}
