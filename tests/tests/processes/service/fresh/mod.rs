//! README's service section on a fresh Debian: every command as it is written there, but for the
//! build.
//!
//! Nothing of this machine's is in that system but two programs of the test itself (the story and
//! the sandbox). What README copies lies there in a checkout, as after a build. The root is made
//! once, by debootstrap, and kept in the target directory; each story boots a copy of it.

mod inside;
mod one;
mod readme;
mod root;
mod several;

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use greenroom_tests::tools::{self, Tool};

use crate::service::booted::{alone, boots};
use crate::service::units;

/// The checkout, in that system.
const CHECKOUT: &str = "root/greenroom";

/// Tells a story and ends the system with it.
const STORY: &str = "\
[Unit]
Requires=dbus.socket systemd-logind.service
After=dbus.socket systemd-logind.service
SuccessAction=poweroff
FailureAction=exit
FailureActionExitStatus=1

[Service]
Type=oneshot
Environment=GREENROOM_TEST_FRESH=MACHINE
ExecStart=/mnt/test/story --ignored --exact service::fresh::inside::inside --nocapture
ExecStopPost=/bin/sh -c 'journalctl --boot --no-pager --output=short-monotonic >/mnt/said/journal'
StandardOutput=file:/mnt/said/said
StandardError=inherit
TimeoutStartSec=400
";

/// A machine: a copy of the fresh root with a checkout in it.
struct Machine {
    root: PathBuf,
    name: &'static str,
}

impl Machine {
    fn set_up(directory: &Path, fresh: &Path, name: &'static str) -> anyhow::Result<Self> {
        let root = directory.join(name);
        root::copy(fresh, &root)?;
        let release = root.join(CHECKOUT).join("target/release");
        fs::create_dir_all(&release)?;
        // It is whichever of the programs it is named after.
        let program = release.join("greenroomd");
        root::stripped(Path::new(env!("CARGO_BIN_EXE_demo")), &program)?;
        fs::hard_link(&program, release.join("greenroom"))?;
        root::copy(
            &units::folder(),
            &root.join(CHECKOUT).join("daemon/systemd"),
        )?;
        let story = STORY.replace("MACHINE", name);
        fs::write(root.join("etc/systemd/system/story.service"), story)?;
        Ok(Self { root, name })
    }

    /// Boots it and waits until its story has run. What it said; `None` where no system could be
    /// booted.
    fn boot(&self, directory: &Path) -> anyhow::Result<Option<String>> {
        let (said, test) = (
            directory.join(format!("said-{}", self.name)),
            directory.join("test"),
        );
        fs::create_dir_all(&said)?;
        fs::create_dir_all(&test)?;
        for (from, name) in [
            (std::env::current_exe()?, "story"),
            (env!("CARGO_BIN_EXE_demo").into(), "demo"),
        ] {
            let to = test.join(name);
            if !to.exists() {
                fs::copy(from, &to)?;
                fs::set_permissions(&to, fs::Permissions::from_mode(0o755))?;
            }
        }
        let booted = Command::new("timeout")
            .args(["--kill-after=10", "430", "systemd-nspawn", "--quiet"])
            .arg(format!("--directory={}", self.root.display()))
            .args([
                "--boot",
                "--register=no",
                "--keep-unit",
                "--private-network",
            ])
            .arg("--console=pipe")
            .arg(format!(
                "--machine=greenroom-{}-{}",
                self.name,
                std::process::id()
            ))
            .arg(format!("--bind-ro={}:/mnt/test", test.display()))
            .arg(format!("--bind={}:/mnt/said", said.display()))
            .args([
                "systemd.unit=story.service",
                "systemd.mask=systemd-firstboot.service",
            ])
            .output()?;
        let of = |name: &str| fs::read_to_string(said.join(name)).unwrap_or_default();
        let text = of("said");
        if !text.contains(inside::SAID) {
            let console = String::from_utf8_lossy(&booted.stderr).into_owned();
            tools::skipped(&format!("no system could be booted here: {console}{text}"));
            return Ok(None);
        }
        anyhow::ensure!(
            booted.status.success(),
            "{}: {text}\n{}",
            self.name,
            of("journal")
        );
        Ok(Some(text))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.root.join(CHECKOUT).join(name)
    }
}

/// Case C1, and with it C2, C3, C7, C8 and C10 where systemd runs the daemon.
#[test]
fn readmes_service_section_works_as_written_on_a_fresh_debian() -> anyhow::Result<()> {
    if !boots() {
        return Ok(());
    }
    let alone = alone()?;
    let fresh = match root::fresh() {
        Ok(fresh) => fresh,
        Err(why) => {
            match why.downcast_ref::<std::io::Error>() {
                Some(error) if error.kind() == ErrorKind::NotFound => {
                    tools::missing(Tool::Debootstrap);
                }
                // The mirror refuses it today.
                _ => tools::skipped(&format!("{why:#}")),
            }
            return Ok(());
        }
    };
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let directory = directory.path();
    let first = Machine::set_up(directory, &fresh, "first")?;
    let Some(said) = first.boot(directory)? else {
        return Ok(());
    };
    print!("{said}");
    let second = Machine::set_up(directory, &fresh, "second")?;
    for name in ["acme.backup", "vault-key.kept"] {
        fs::copy(first.file(name), second.file(name))?;
    }
    if let Some(said) = second.boot(directory)? {
        print!("{said}");
    }
    drop(alone);
    Ok(())
}
