//! A fresh Debian, made once and kept.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, ensure};

const RELEASE: &str = "bookworm";

/// Beside what every Debian has: what one that people log in to has too.
const MORE: &str = "systemd-sysv,dbus,libpam-systemd,ca-certificates,openssh-server,openssh-client";

/// Where the fresh root is. Another list of packages is another root.
pub fn fresh() -> anyhow::Result<PathBuf> {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let sum = MORE.bytes().fold(0_u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    });
    let path = place.join(format!("debian-{RELEASE}-{sum:08x}"));
    if path.exists() {
        return Ok(path);
    }
    let begun = Instant::now();
    let half = path.with_extension("new");
    if half.exists() {
        fs::remove_dir_all(&half)?;
    }
    let made = Command::new("debootstrap")
        .args(["--variant=minbase", &format!("--include={MORE}"), RELEASE])
        .arg(&half)
        .arg("http://deb.debian.org/debian")
        .stdin(Stdio::null())
        .output()
        .context("there is no debootstrap on this machine (package debootstrap)")?;
    let said = String::from_utf8_lossy(&made.stdout);
    let end = said.lines().rev().take(3).collect::<Vec<_>>().join("; ");
    ensure!(
        made.status.success(),
        "no fresh Debian could be made: {end}"
    );
    // The packages themselves are half of it, and nobody installs them again.
    fs::remove_dir_all(half.join("var/cache/apt/archives"))?;
    fs::rename(&half, &path)?;
    println!("made a fresh Debian in {} s", begun.elapsed().as_secs());
    Ok(path)
}

/// Copies a tree with its owners and permissions.
pub fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let parent = to.parent().context("a directory")?;
    fs::create_dir_all(parent)?;
    let copied = Command::new("cp")
        .args(["-a", "--reflink=auto"])
        .args([from, to])
        .status()?;
    ensure!(copied.success(), "copy {}: {copied}", from.display());
    Ok(())
}

/// Copies a program without what only a debugger reads.
pub fn stripped(from: &Path, to: &Path) -> anyhow::Result<()> {
    let stripped = Command::new("strip").arg("-o").args([to, from]).status();
    if !stripped.is_ok_and(|ended| ended.success()) {
        fs::copy(from, to)?;
    }
    Ok(())
}
