//! The commands of the service section in `daemon/README.md`.

use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::service::booted::inside::run;

/// What tells the blocks of the section apart; a test holds that there are no others.
pub const FOR_YOURSELF: &str = "cp daemon/systemd/user/*";
pub const INSTALL: &str = "head -c 32 /dev/urandom | systemd-creds encrypt";
pub const MEMBERS: &str = "greenroom setup --workspace";
pub const UPGRADE: &str = "greenroom backup before-upgrade.backup";
pub const REKEY: &str = "greenroomd rekey --new-key-file";
pub const SSH: &str = "ssh -N";
/// In another section: the way to a new machine.
pub const ARRIVE: &str = "base64 -d vault-key.kept";

/// Within a sentence: how the key is kept.
const KEEP: &str = "systemd-creds decrypt /etc/credstore.encrypted/vault-key - | base64";

const README: &str = include_str!("../../../../../daemon/README.md");

/// The commands of every block, as they are written.
fn blocks(text: &'static str) -> Vec<&'static str> {
    let parts = text.split("```").skip(1).step_by(2);
    parts.filter_map(|part| part.strip_prefix("sh\n")).collect()
}

/// The section about services.
fn section() -> &'static str {
    let section = README.split("\n## Run it as a service").nth(1);
    let section = section.and_then(|rest| rest.split("\n## ").next());
    section.unwrap_or_default()
}

/// The command that keeps the key.
pub fn keep() -> anyhow::Result<String> {
    ensure!(
        section().contains(KEEP),
        "README does not say how to keep the key"
    );
    Ok(format!("{KEEP} > vault-key.kept"))
}

/// The commands of the block with these words.
pub fn block(words: &str) -> anyhow::Result<&'static str> {
    let mut found = blocks(README)
        .into_iter()
        .filter(|block| block.contains(words));
    found
        .next()
        .with_context(|| format!("README has no {words}"))
}

/// Runs commands as root would type them into a shell in the checkout, each of which has to work.
pub fn type_in(commands: &str) -> anyhow::Result<String> {
    let script = format!("set -e -o pipefail\ncd /root/greenroom\n{commands}");
    run(Command::new("bash")
        .args(["-c", &script])
        .env("HOME", "/root"))
}

/// Case C1.
#[test]
fn every_block_of_the_section_has_its_place_in_a_story() {
    let all = [FOR_YOURSELF, INSTALL, MEMBERS, UPGRADE, REKEY, SSH];
    let blocks = blocks(section());
    assert_eq!(blocks.len(), all.len(), "{blocks:#?}");
    for words in all {
        let found = blocks.iter().filter(|block| block.contains(words));
        assert_eq!(found.count(), 1, "{words}");
    }
}
