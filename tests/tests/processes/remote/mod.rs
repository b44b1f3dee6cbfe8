//! A person at another machine, whose client speaks to the server's daemon through `ssh -L`. Here
//! both machines are this one, the way between them is real.

use std::path::PathBuf;
use std::process::{Output, Stdio};

use anyhow::Context;
use greenroom_tests::harness::{DANA, World};
use greenroom_tests::sandbox::{self, Decision};
use greenroom_tests::sshd::{self, Ended, Sshd};
use greenroom_tests::tools::{self, Tool};
use rustix::process::Signal;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

const PROGRAM: &str = env!("CARGO_BIN_EXE_demo");

/// A server with its daemon, and the person's own machine.
struct Far {
    world: World,
    home: TempDir,
    ssh: Ended,
    _server: Sshd,
}

impl Far {
    /// Nothing, with a notice, where there is no ssh.
    async fn away() -> anyhow::Result<Option<Self>> {
        if !sshd::is_there() {
            tools::missing(Tool::Ssh);
            return Ok(None);
        }
        let world = World::start(PROGRAM).await?;
        world.set_up().await?;
        let home = tempfile::tempdir()?;
        let server = Sshd::start(home.path())?;
        let me = std::process::Command::new("id").arg("-un").output()?;
        let me = String::from_utf8(me.stdout)?;
        let ssh = server.forward(me.trim(), &local(&home), &world.socket())?;
        Ok(Some(Self {
            world,
            home,
            ssh,
            _server: server,
        }))
    }

    /// `greenroom` at the person's machine.
    fn greenroom(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(["client", "--no-start", "--json", "--socket"])
            .arg(local(&self.home))
            .args(arguments)
            .env("HOME", self.home.path())
            .env_remove("XDG_CONFIG_HOME")
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        command
    }

    async fn run(&self, arguments: &[&str]) -> anyhow::Result<(i32, Value)> {
        let Output { status, stdout, .. } = self.greenroom(arguments).output().await?;
        let answer = serde_json::from_slice(&stdout)
            .with_context(|| format!("{arguments:?}: {}", String::from_utf8_lossy(&stdout)))?;
        Ok((status.code().context("an exit code")?, answer))
    }
}

/// Where the socket comes out.
fn local(home: &TempDir) -> PathBuf {
    home.path().join("greenroom.sock")
}

#[tokio::test(flavor = "multi_thread")]
async fn zoom_is_connected_from_the_browser_at_home() -> anyhow::Result<()> {
    let Some(far) = Far::away().await? else {
        return Ok(());
    };
    // Who one logged in as on the server, which here is who set it up.
    let (_, status) = far.run(&["status"]).await?;
    assert_eq!(status["caller"]["member"]["email"], DANA);

    let mut connect = far
        .greenroom(&["zoom", "connect", "--no-browser"])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(connect.stdout.take().context("its output")?).lines();
    let first: Value = serde_json::from_str(&lines.next_line().await?.context("a line")?)?;
    let address = first["authorize_url"].as_str().context("an address")?;
    let location = sandbox::consent(address, DANA, Decision::Allow).await?;
    // The browser follows to the client's own port; code and state go on through ssh.
    let page = sandbox::http_client()?.get(location).send().await?;
    assert!(page.status().is_success(), "{}", page.status());
    assert!(connect.wait().await?.success());
    let (code, status) = far.run(&["zoom", "status"]).await?;
    assert_eq!((code, &status["state"]), (0, &"connected".into()));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_hangs_far_away_is_not_taken_for_the_ssh_that_leads_there()
-> anyhow::Result<()> {
    let Some(mut far) = Far::away().await? else {
        return Ok(());
    };
    let daemon = far.world.daemon().context("a daemon")?;
    daemon.signal(Signal::STOP);
    let stopped = far.run(&["daemon", "stop"]).await;
    far.world.daemon().context("a daemon")?.signal(Signal::CONT);
    let (code, refused) = stopped?;
    assert_eq!(code, 5, "{refused}");
    assert!(far.ssh.runs(), "the way there is left alone");
    assert_eq!(far.run(&["status"]).await?.0, 0);
    Ok(())
}
