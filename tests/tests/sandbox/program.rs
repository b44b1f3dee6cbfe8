//! `zoom-sandbox` as a process of its own, and the demo with the other vendors beside it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context as _, Result};
use greenroom::client::{Client, Target};
use greenroom_protocol::outreach::{OutreachQuery, OutreachState};
use greenroom_protocol::socket::SocketPath;
use greenroom_protocol::today::TodayQuery;
use greenroom_tests::sandbox::http_client;
use greenroom_tests::wait;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// A child that does not outlive its test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Program {
    fn start(arguments: &[&str]) -> Result<(Self, Value)> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zoom-sandbox"));
        let mut child = command.args(arguments).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().context("no output")?;
        let program = Self(child);
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        Ok((program, serde_json::from_str(&line)?))
    }

    fn end_by(mut self, signal: Signal) -> Result<ExitStatus> {
        kill_process(Pid::from_child(&self.0), signal)?;
        Ok(self.0.wait()?)
    }
}

#[tokio::test]
async fn it_says_where_it_is_and_knows_the_users_it_was_given() -> Result<()> {
    let users = [
        "--default-user",
        "li@acme.example",
        "--user",
        "mina@acme.example:basic",
    ];
    let (program, ready) = Program::start(&users)?;
    let url = ready["zoom_url"].as_str().context("no zoom_url")?;
    assert_eq!(ready["oauth_url"], format!("{url}/oauth"));
    assert_eq!(ready["api_url"], format!("{url}/v2"));
    let state: Value = http_client()?
        .get(format!("{url}/sandbox/state"))
        .send()
        .await?
        .json()
        .await?;
    let users = state["users"].as_array().context("no users")?;
    let licence = |email: &str| {
        let user = users.iter().find(|user| user["email"] == email)?;
        user["licence"].as_str()
    };
    assert_eq!(licence("mina@acme.example"), Some("basic"));
    assert_eq!(licence("li@acme.example"), Some("licensed"));
    assert!(program.end_by(Signal::TERM)?.success());
    Ok(())
}

#[test]
fn both_signals_end_it_well() -> Result<()> {
    for signal in [Signal::TERM, Signal::INT] {
        let (program, _) = Program::start(&[])?;
        assert!(program.end_by(signal)?.success());
    }
    Ok(())
}

#[tokio::test]
async fn the_demo_has_a_google_and_a_microsoft_where_they_are_asked_for() -> Result<()> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demo"));
    command.args(["--headless", "--google", "--microsoft"]);
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().context("no output")?;
    let program = Program(child);
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let ready: Value = serde_json::from_str(&line)?;
    let config = std::fs::read_to_string(ready["config"].as_str().context("no config")?)?;
    // Eight members, and the mailbox that invitations come from.
    for (name, people) in [("google", 9), ("microsoft", 9)] {
        let url = ready[format!("{name}_url")]
            .as_str()
            .context("no address")?;
        let state = format!("{url}/sandbox/state");
        let state: Value = http_client()?.get(state).send().await?.json().await?;
        let accounts = state["accounts"].as_array().context("no accounts")?;
        assert_eq!(accounts.len(), people, "{name}");
        assert!(config.contains(&format!("[{name}]\n")), "{config}");
        assert!(config.contains(url), "{config}");
    }
    assert!(config.contains("client_secret_file"), "{config}");
    assert!(program.end_by(Signal::TERM)?.success());
    Ok(())
}

#[tokio::test]
async fn the_demos_assistant_arranges_three_interviews_and_leaves_one_to_a_person() -> Result<()> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demo"));
    command.arg("--headless");
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().context("no output")?;
    let program = Program(child);
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let ready: Value = serde_json::from_str(&line)?;
    let socket = ready["socket"].as_str().context("no socket")?;
    let target = Target {
        socket: SocketPath {
            path: socket.into(),
            system: false,
        },
        workspace: None,
        acting_as: None,
        mcp: None,
        daemon: None,
    };
    let client = Client::connect(&target).await?;
    let settled = async || -> Option<(usize, usize)> {
        let query = OutreachQuery {
            past: true,
            ..OutreachQuery::default()
        };
        let all = client.outreach_list(query).await.ok()?.items;
        let of = |state| all.iter().filter(|it| it.state == state).count();
        let (booked, person) = (of(OutreachState::Booked), of(OutreachState::Person));
        (booked + person == all.len()).then_some((booked, person))
    };
    let settled = wait::until("everybody has answered", settled).await;
    assert_eq!(settled, (3, 1));
    // The one is among what a newcomer sees first.
    let today = client.today(TodayQuery::default()).await?;
    assert!(today.needs_me.iter().any(|it| it.outreach.is_some()));
    assert!(program.end_by(Signal::TERM)?.success());
    Ok(())
}
