//! An ssh server on loopback, with keys of its own, and ssh that carries a socket through it.
//!
//! Nothing of the user's own ssh is read or written. Both end when dropped.

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

/// How long either may take to be there.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where servers are that are in no user's PATH.
const SERVER: &str = "/usr/sbin/sshd";

/// A server. Anyone who holds its key may log in as any user who is let in by it.
pub struct Sshd {
    directory: PathBuf,
    port: u16,
    _server: Ended,
}

/// A process that ends when dropped.
#[derive(Debug)]
pub struct Ended(Child);

impl Ended {
    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Whether this machine has both ends of ssh.
pub fn is_there() -> bool {
    let client = Command::new("ssh").arg("-V").stderr(Stdio::null()).status();
    Path::new(SERVER).exists() && client.is_ok_and(|status| status.success())
}

impl Sshd {
    /// Starts one that keeps its keys in `directory`, which others must not be able to write to.
    ///
    /// # Errors
    ///
    /// Where the program does not start, with what it said.
    pub fn start(directory: &Path) -> anyhow::Result<Self> {
        if rustix::process::geteuid().is_root() {
            // It drops its privileges into this directory, and refuses to run without.
            fs::create_dir_all("/run/sshd").context("make /run/sshd")?;
        }
        let directory = directory.to_owned();
        for name in ["host", "key"] {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-f"])
                .arg(directory.join(name))
                .status()
                .context("run ssh-keygen")?;
            anyhow::ensure!(made.success(), "ssh-keygen ended with {made}");
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let at = |name: &str| directory.join(name).display().to_string();
        let config = [
            format!("ListenAddress 127.0.0.1:{port}"),
            format!("HostKey {}", at("host")),
            format!("AuthorizedKeysFile {}", at("key.pub")),
            format!("PidFile {}", at("pid")),
            "StrictModes no".to_owned(),
            "UsePAM no".to_owned(),
            "PasswordAuthentication no".to_owned(),
            "PermitRootLogin prohibit-password".to_owned(),
        ];
        fs::write(at("config"), config.join("\n") + "\n")?;
        let server = Command::new(SERVER)
            .args(["-D", "-e", "-f", &at("config")])
            .stdin(Stdio::null())
            .stderr(File::create(at("log"))?)
            .spawn()
            .context("start sshd")?;
        let mut server = Ended(server);
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if !server.runs() || Instant::now() > until {
                bail!("sshd does not answer: {}", fs::read_to_string(at("log"))?);
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(Self {
            directory,
            port,
            _server: server,
        })
    }

    /// `ssh -L local:remote` as `user`, once `local` is there.
    ///
    /// # Errors
    ///
    /// Where the program does not start, with what it said.
    pub fn forward(&self, user: &str, local: &Path, remote: &Path) -> anyhow::Result<Ended> {
        let at = |name: &str| self.directory.join(name).display().to_string();
        let known = format!("UserKnownHostsFile={}", at("known"));
        let ssh = Command::new("ssh")
            .args(["-F", "none", "-N", "-i", &at("key"), "-o", &known])
            .args(["-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes"])
            .args([
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "ExitOnForwardFailure=yes",
            ])
            .args(["-p", &self.port.to_string(), "-L"])
            .arg(format!("{}:{}", local.display(), remote.display()))
            .arg(format!("{user}@127.0.0.1"))
            .stdin(Stdio::null())
            .stderr(File::create(at("ssh-log"))?)
            .spawn()
            .context("start ssh")?;
        let mut ssh = Ended(ssh);
        let until = Instant::now() + PATIENCE;
        while !local.exists() {
            if !ssh.runs() || Instant::now() > until {
                let (log, server) = (at("ssh-log"), at("log"));
                let (log, server) = (fs::read_to_string(log)?, fs::read_to_string(server)?);
                bail!("ssh carries nothing as {user}: {log}\n{server}");
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(ssh)
    }
}
