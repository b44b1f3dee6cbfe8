//! A client of others: MCP's own for Python.

use std::path::{Path, PathBuf};
use std::process::Command;

use greenroom_tests::harness::World;
use greenroom_tests::tools::{self, Tool};
use tokio::task::spawn_blocking;

use super::{PROGRAM, acme, booked};

/// A Python that has MCP's client, if there is one: `.ci/run` puts it into the target directory.
fn python() -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent()?;
    let ours = target.join("python/bin/python3");
    let mut candidates = [ours, PathBuf::from("python3")].into_iter();
    candidates.find(|python| {
        let has = Command::new(python)
            .args(["-c", "from mcp import Client"])
            .output();
        has.is_ok_and(|output| output.status.success())
    })
}

/// The command that a client starts.
fn command(world: &World, options: &[&str]) -> Vec<String> {
    let socket = world.socket();
    let socket = socket.to_string_lossy();
    let fixed = [PROGRAM, "client", "--no-start", "--socket", &*socket, "mcp"];
    let all = fixed.into_iter().chain(options.iter().copied());
    all.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_python_client_reads_and_books() -> anyhow::Result<()> {
    let Some(python) = python() else {
        tools::missing(Tool::McpPython);
        return Ok(());
    };
    let (world, dana) = acme().await?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/processes/mcp");
    let mut check = Command::new(python);
    check
        .arg("-B")
        .arg(folder.join("check_mcp.py"))
        .args(command(&world, &["--allow", "book"]))
        .env("HOME", world.directory())
        .env_remove("XDG_CONFIG_HOME");
    let output = spawn_blocking(move || check.output()).await??;
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{complained}");
    assert_eq!(said.trim(), "all as expected");
    // One for each of the three ways of confirming.
    assert_eq!(booked(&dana).await?, 3);
    Ok(())
}
