//! The service's key changed, as README tells an administrator to.

use std::fs;
use std::process::Command;

use anyhow::{Context, ensure};
use greenroom_tests::harness::DANA;

use super::inside::{done, run, systemctl};

/// The daemon runs and Dana's Zoom is connected, before and afterwards.
pub fn story() -> anyhow::Result<()> {
    let readme = include_str!("../../../../../daemon/README.md");
    let lines = readme
        .split("```")
        .find(|part| part.contains("greenroomd rekey --new-key-file"));
    let lines = lines.context("README says how")?;
    let lines = lines
        .strip_prefix("sh\n")
        .context("README says it for a shell")?;
    let former = fs::read("/etc/credstore.encrypted/vault-key")?;
    let script = format!("set -e -o pipefail\n{lines}");
    let said = run(Command::new("bash").args(["-c", &script]))?;
    ensure!(said.contains("Every secret is sealed anew."), "{said}");
    let connected = done("dana", &["zoom", "status"])?.to_string();
    ensure!(connected.contains("\"connected\""), "{connected}");

    let next = fs::read("/etc/credstore.encrypted/vault-key")?;
    fs::write("/etc/credstore.encrypted/vault-key", former)?;
    ensure!(systemctl(&["restart", "greenroomd.service"]).is_err());
    fs::write("/etc/credstore.encrypted/vault-key", next)?;
    let again = Command::new("systemctl").arg("reset-failed").status()?;
    ensure!(again.success());
    systemctl(&["start", "greenroomd.socket", "greenroomd.service"])?;
    let connected = done("dana", &["zoom", "status"])?.to_string();
    ensure!(connected.contains(DANA), "{connected}");
    println!("its key is changed, and the former one opens nothing");
    Ok(())
}
