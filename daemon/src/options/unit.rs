//! The system's service as its unit says it is, so that root can run something in its place.
//!
//! Owns which of the unit's settings make a difference to what the daemon reads: its user,
//! environment, credentials and state directory, and the arguments of `greenroomd run`. Drop-ins
//! count: the text is systemd's own (`systemctl cat`).

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

const UNIT: &str = "greenroomd.service";

/// Where units are that a boot ends.
const UNITS: &str = "/run/systemd/system";

/// Settings that decide what the daemon reads, and as whom.
const KEPT: [&str; 11] = [
    "User",
    "Group",
    "SupplementaryGroups",
    "Environment",
    "EnvironmentFile",
    "StateDirectory",
    "StateDirectoryMode",
    "LoadCredential",
    "LoadCredentialEncrypted",
    "SetCredential",
    "SetCredentialEncrypted",
];

/// The system's service.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// `Setting=value`, in the order of the unit: an empty value forgets those before it, as
    /// systemd has it.
    properties: Vec<String>,
    /// The program, and what follows `run`.
    program: String,
    arguments: Vec<String>,
}

impl Unit {
    /// The unit of the system's service; `None` where systemd has none, or does not run here.
    pub(super) fn of_the_system() -> anyhow::Result<Option<Self>> {
        let Ok(shown) = Command::new("systemctl")
            .args(["cat", "--no-pager", UNIT])
            .output()
        else {
            return Ok(None);
        };
        if !shown.status.success() {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&shown.stdout);
        let unit = Self::read(&text);
        unit.with_context(|| format!("{UNIT} does not run `greenroomd run`"))
            .map(Some)
    }

    fn read(text: &str) -> Option<Self> {
        let text = text.replace("\\\n", " ");
        let mut section = "";
        let (mut properties, mut start) = (Vec::new(), None);
        for line in text.lines().map(str::trim) {
            if line.starts_with('[') {
                section = line;
            }
            let Some((name, value)) = line.split_once('=') else {
                continue;
            };
            if section != "[Service]" || line.starts_with(['#', ';']) {
                continue;
            }
            let (name, value) = (name.trim(), value.trim());
            if KEPT.contains(&name) {
                properties.push(format!("{name}={value}"));
            }
            if name == "ExecStart" && !value.is_empty() {
                start = Some(value.to_owned());
            }
        }
        let start = start?;
        let mut words = start.split_whitespace().map(str::to_owned);
        // What systemd itself takes from the front of it.
        let program = words
            .next()?
            .trim_start_matches(['-', '@', ':', '+', '!'])
            .to_owned();
        words.find(|word| word == "run")?;
        Some(Self {
            properties,
            program,
            arguments: words.collect(),
        })
    }

    /// Runs `greenroomd VERB` in the place of the service, with what follows `run` in its unit and
    /// `more`, its input from the file `input`. Says what it said; whether it went well.
    ///
    /// A unit of its own in `/run`, not `systemd-run --pipe`: that asks the system bus, which small
    /// servers do not have. systemd opens the input before it becomes the service's user, so
    /// the file may be root's alone.
    pub(super) fn run_in_its_place(
        &self,
        verb: &str,
        more: &[&str],
        input: &Path,
    ) -> anyhow::Result<bool> {
        let input = fs::canonicalize(input)
            .with_context(|| format!("could not open {}", input.display()))?;
        let name = format!("greenroomd-{verb}-{}.service", std::process::id());
        let (file, said) = (Path::new(UNITS).join(&name), Path::new("/run").join(&name));
        let _gone = Gone(vec![file.clone(), said.clone()]);
        let unit = self.in_its_place(verb, more, &input, &said);
        fs::create_dir_all(UNITS)
            .and_then(|()| fs::write(&file, unit))
            .and_then(|()| fs::set_permissions(&file, fs::Permissions::from_mode(0o644)))
            .with_context(|| format!("could not write {}", file.display()))?;
        let ended = Command::new("systemctl").args(["start", &name]).output();
        let ended = ended.context("could not run systemctl")?;
        let said = fs::read_to_string(&said).unwrap_or_default();
        if ended.status.success() {
            print!("{said}");
            return Ok(true);
        }
        eprint!("{said}");
        // Nothing is left of it in `systemctl --failed`.
        let _ = Command::new("systemctl")
            .args(["reset-failed", &name])
            .output();
        Ok(false)
    }

    fn in_its_place(&self, verb: &str, more: &[&str], input: &Path, said: &Path) -> String {
        let path = |path: &Path| path.display().to_string().replace('%', "%%");
        let mut text = format!(
            "[Unit]\nDescription=greenroomd {verb}\nCollectMode=inactive-or-failed\n\n[Service]\nType=oneshot\nUMask=0077\n"
        );
        for property in &self.properties {
            text += &format!("{property}\n");
        }
        let words = [self.program.as_str(), verb].into_iter();
        let words = words.chain(self.arguments.iter().map(String::as_str));
        let words: Vec<_> = words.chain(more.iter().copied()).collect();
        text += &format!(
            "StandardInput=file:{}\nStandardOutput=truncate:{}\nStandardError=inherit\nExecStart={}\n",
            path(input),
            path(said),
            words.join(" ")
        );
        text
    }
}

/// Files of ours that go when this does.
struct Gone(Vec<PathBuf>);

impl Drop for Gone {
    fn drop(&mut self) {
        for path in &self.0 {
            // Under /run: at the latest the next boot removes it.
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Case C8.
    #[test]
    fn what_the_service_would_use_is_read_with_its_drop_ins() {
        let unit = Unit::read(include_str!("../../systemd/system/greenroomd.service")).unwrap();
        assert_eq!(unit.program, "/usr/local/bin/greenroomd");
        assert_eq!(unit.arguments, Vec::<String>::new());
        for property in [
            "User=greenroom",
            "Group=greenroom",
            "StateDirectory=greenroom",
            "LoadCredentialEncrypted=vault-key",
        ] {
            assert!(unit.properties.contains(&property.to_owned()), "{property}");
        }
        let text = "[Unit]\nUser=no\n[Service]\nExecStart=/old/greenroomd run\n#User=none\nEnvironment=A=1 \\\n B=2\n\
                    # /etc/systemd/system/greenroomd.service.d/own.conf\n[Service]\nUser = other\nEnvironment=\n\
                    ExecStart=\nExecStart=-/opt/greenroomd run --config /srv/greenroom.toml\n";
        let unit = Unit::read(text).unwrap();
        assert_eq!(
            unit.properties,
            ["Environment=A=1   B=2", "User=other", "Environment="]
        );
        assert_eq!(unit.program, "/opt/greenroomd");
        assert_eq!(unit.arguments, ["--config", "/srv/greenroom.toml"]);
        assert_eq!(Unit::read("[Service]\nExecStart=/bin/true\n"), None);
    }

    /// Case C11.
    #[test]
    fn a_restore_in_the_place_of_the_service_has_its_user_its_key_and_its_directories() {
        let unit = Unit::read(include_str!("../../systemd/system/greenroomd.service")).unwrap();
        let text = unit.in_its_place(
            "restore",
            &["-"],
            Path::new("/root/100% acme.backup"),
            Path::new("/run/said"),
        );
        for line in [
            "User=greenroom",
            "StateDirectory=greenroom",
            "LoadCredentialEncrypted=vault-key",
            "UMask=0077",
            "StandardInput=file:/root/100%% acme.backup",
            "ExecStart=/usr/local/bin/greenroomd restore -",
        ] {
            assert!(text.lines().any(|it| it == line), "{line}: {text}");
        }
    }
}
