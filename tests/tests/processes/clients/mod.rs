//! A client in another language, with nothing but its standard library, speaks to the real daemon.

use std::path::Path;
use std::process::Command;

use greenroom_tests::harness::World;
use greenroom_tests::tools::{self, Tool};

fn python() -> Option<Command> {
    let there = Command::new("python3")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success());
    there.then(|| Command::new("python3"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_python_client_does_what_its_page_says() -> anyhow::Result<()> {
    let Some(mut python) = python() else {
        tools::missing(Tool::Python);
        return Ok(());
    };
    let world = World::start(env!("CARGO_BIN_EXE_demo")).await?;
    world.set_up().await?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
    python
        .current_dir(folder)
        .arg("-B")
        .arg("check_client.py")
        .env("GREENROOM_SOCKET", world.socket());
    let output = tokio::task::spawn_blocking(move || python.output()).await??;
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{complained}");
    assert_eq!(said.trim(), "all as expected");
    Ok(())
}
