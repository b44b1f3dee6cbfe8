//! Real mail servers on loopback: Exim takes mail by SMTP over TLS and delivers it, Dovecot shows a
//! mailbox by IMAP over TLS.
//!
//! Their configuration, certificates and mail are in a directory of their own; nothing of the
//! machine's mail is read or written. Both end when dropped. Exim lets only root start it, and goes
//! on without root's rights.

mod configured;
mod mailboxes;
mod token;

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use anyhow::{Context, bail};
use greenroom_protocol::mail_settings::{MailSecurity, MailServer};
use lettre::address::Envelope;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{SmtpTransport, Transport as _};
pub use mailboxes::Mailboxes;

use self::configured::By;
pub use self::token::Token;
use crate::lifeline::Held;
use crate::post::Found;
use crate::tools::{self, Tool};

/// How long either may take to be there.
const PATIENCE: Duration = Duration::from_secs(20);

/// Who logs in.
pub const USER: &str = "robin";
/// With what: it has a space, as passwords of apps do.
pub const PASSWORD: &str = "s3cret pass";
/// Whose mailbox Dovecot shows; everybody else's mail is in one folder.
pub const INTERVIEWS: &str = "interviews@acme.example";

/// The unprivileged user and group both run as. Every Debian has them.
const UNIX: &str = "mail";

const EXIM: &str = "/usr/sbin/exim4";
const DOVECOT: &str = "/usr/sbin/dovecot";

/// The servers. Addresses whose local part is `refused` are refused with 550, `later` is put off
/// with 451, `gone` is taken and bounces; all others are delivered.
pub struct PostOffice {
    directory: PathBuf,
    smtp: Ports,
    imap: Ports,
    dovecot: Held,
    _exim: Held,
}

/// Where a server listens.
#[derive(Debug, Clone, Copy)]
struct Ports {
    /// Private from the first byte.
    tls: u16,
    /// In the open, until somebody starts TLS; nobody logs in before.
    open: u16,
}

impl Ports {
    fn free() -> anyhow::Result<Self> {
        Ok(Self {
            tls: free_port()?,
            open: free_port()?,
        })
    }
}

/// Whether mail servers can be run here; where not, it says what is missing.
///
/// # Panics
///
/// Where `GREENROOM_REQUIRE` names what is missing.
#[must_use]
pub fn is_there() -> bool {
    if !Path::new(EXIM).exists() {
        tools::missing(Tool::Exim);
        return false;
    }
    dovecot_is_there()
}

/// The same for Dovecot alone.
fn dovecot_is_there() -> bool {
    let openssl = Command::new("openssl").arg("version").output();
    let missing = match () {
        () if !Path::new(DOVECOT).exists() => Tool::Dovecot,
        () if openssl.is_err() => Tool::Openssl,
        () if !rustix::process::geteuid().is_root() => {
            tools::skipped("only root may start mail servers");
            return false;
        }
        () => return true,
    };
    tools::missing(missing);
    false
}

impl PostOffice {
    /// Opens one in `directory`.
    ///
    /// # Errors
    ///
    /// Where a server does not start or answer, or a file cannot be written.
    pub fn open(directory: &Path) -> anyhow::Result<Self> {
        let directory = directory.to_owned();
        for folder in ["spool", "run", "state", "home"] {
            fs::create_dir_all(directory.join(folder))?;
        }
        for folder in ["interviews", "people"] {
            for part in ["cur", "new", "tmp"] {
                fs::create_dir_all(directory.join(folder).join(part))?;
            }
        }
        certify(&directory)?;
        let (smtp, imap) = (Ports::free()?, Ports::free()?);
        let at = directory.display().to_string();
        let user = format!("{USER}:{{PLAIN}}{PASSWORD}\n");
        fs::write(directory.join("users"), user)?;
        fs::write(directory.join("exim.conf"), configured::exim(&at, smtp))?;
        fs::write(
            directory.join("dovecot.conf"),
            configured::dovecot(&at, imap, By::Password),
        )?;
        fs::write(directory.join("oauth2.conf"), configured::tokens(&at))?;
        let keys = directory.join("keys/default/HS256");
        fs::create_dir_all(&keys)?;
        fs::write(keys.join("default"), token::KEY_IN_BASE64)?;
        fs::write(directory.join("fresh"), "none")?;
        run(Command::new("chown").args(["-R", &format!("{UNIX}:{UNIX}"), &at]))?;
        // The configuration may only be root's, or Exim does not trust it.
        run(Command::new("chown").args(["root:root", &format!("{at}/exim.conf")]))?;
        run(Command::new("chmod").args(["711", &at]))?;
        let log = |name: &str| fs::File::create(directory.join(name));
        let exim = Held::start(
            Command::new(EXIM)
                .args(["-bdf", "-C", &format!("{at}/exim.conf")])
                .stdout(Stdio::null())
                .stderr(log("exim.log")?),
        );
        let office = Self {
            smtp,
            imap,
            _exim: exim.context("start Exim")?,
            dovecot: start_dovecot(&directory)?,
            directory,
        };
        for port in [smtp.tls, smtp.open, imap.tls, imap.open] {
            wait_for(&office.directory, port)?;
        }
        Ok(office)
    }

    /// What a daemon's configuration says to use them.
    #[must_use]
    pub fn config(&self) -> String {
        self.configured(("smtps", self.smtp.tls), ("imaps", self.imap.tls))
    }

    /// The same, where TLS is started on a connection that is open.
    #[must_use]
    pub fn config_starting_tls(&self) -> String {
        self.configured(
            ("smtp+starttls", self.smtp.open),
            ("imap+starttls", self.imap.open),
        )
    }

    fn configured(&self, (smtp, out): (&str, u16), (imap, back): (&str, u16)) -> String {
        let password = self.directory.join("password");
        let password = password.display();
        format!(
            "\n[mail]\ntransport = \"smtp\"\nfrom = \"{INTERVIEWS}\"\npoll_seconds = 1\n\
             [mail.smtp]\nurl = \"{smtp}://{USER}@127.0.0.1:{out}\"\npassword_file = \"{password}\"\n\
             [mail.imap]\nurl = \"{imap}://{USER}@127.0.0.1:{back}\"\npassword_command = [\"cat\", \"{password}\"]\n"
        )
    }

    /// What a daemon's configuration says to log in with access tokens, which a command prints:
    /// those of [`PostOffice::set_tokens`], each once, and the last again and again.
    #[must_use]
    pub fn config_with_tokens(&self) -> String {
        let tokens = self.directory.join("tokens");
        let command = |name: &str| {
            let file = tokens.with_extension(name);
            let file = file.display();
            format!(
                "token_command = [\"sh\", \"-c\", \"head -n 1 {file}; if [ $(wc -l < {file}) -gt 1 ]; then sed -i 1d {file}; fi\"]"
            )
        };
        let (out, back) = (self.smtp.tls, self.imap.tls);
        format!(
            "\n[mail]\ntransport = \"smtp\"\nfrom = \"{INTERVIEWS}\"\npoll_seconds = 1\n\
             [mail.smtp]\nurl = \"smtps://{USER}@127.0.0.1:{out}\"\n{}\n\
             [mail.imap]\nurl = \"imaps://{USER}@127.0.0.1:{back}\"\n{}\n",
            command("smtp"),
            command("imap"),
        )
    }

    /// Puts these tokens where the command finds them. Both servers take the last, and Dovecot
    /// each that has not ended.
    ///
    /// # Errors
    ///
    /// Where a file cannot be written.
    pub fn set_tokens(&self, tokens: &[&Token]) -> anyhow::Result<()> {
        let lines: Vec<&str> = tokens.iter().map(|token| token.0.as_str()).collect();
        let fresh = lines.last().context("no token is given")?;
        let fresh_at = self.directory.join("fresh");
        fs::write(&fresh_at, fresh)?;
        run(Command::new("chown")
            .arg(format!("{UNIX}:{UNIX}"))
            .arg(&fresh_at))?;
        for name in ["smtp", "imap"] {
            let path = self.directory.join("tokens").with_extension(name);
            fs::write(path, lines.join("\n") + "\n")?;
        }
        Ok(())
    }

    /// From now on Dovecot takes no token: it begins anew with another key.
    ///
    /// # Errors
    ///
    /// Where a file cannot be written, or Dovecot does not start.
    pub fn refuse_every_token(&mut self) -> anyhow::Result<()> {
        let key = self.directory.join("keys/default/HS256/default");
        fs::write(key, "YW5vdGhlciBrZXkgb2YgdGhpcyB0ZXN0")?;
        self.close_the_mailbox();
        self.open_the_mailbox()
    }

    /// The servers as a workspace's settings name them: where emails are handed over, and where
    /// replies are read.
    #[must_use]
    pub fn servers(&self) -> (MailServer, MailServer) {
        let server = |port| MailServer {
            host: "127.0.0.1".to_owned(),
            port,
            security: MailSecurity::Tls,
            user: Some(USER.to_owned()),
        };
        (server(self.smtp.tls), server(self.imap.tls))
    }

    /// Puts this password where the configuration says it is.
    ///
    /// # Errors
    ///
    /// Where a server does not start or answer, or a file cannot be written.
    pub fn set_password(&self, password: &str) -> anyhow::Result<()> {
        use std::os::unix::fs::OpenOptionsExt as _;
        let path = self.directory.join("password");
        let _ = fs::remove_file(&path);
        let file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        Ok(std::io::Write::write_all(
            &mut &file,
            format!("{password}\n").as_bytes(),
        )?)
    }

    /// The certificate of the authority that vouches for both.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.directory.join("ca.pem")
    }

    /// The mail delivered to this address.
    ///
    /// # Errors
    ///
    /// Where a server does not start or answer, or a file cannot be written.
    pub fn delivered_to(&self, address: &str) -> anyhow::Result<Vec<Found>> {
        let folder = match address {
            INTERVIEWS => "interviews",
            _ => "people",
        };
        let mut found = self.folder(folder)?;
        found.retain(|letter| letter.to == address);
        Ok(found)
    }

    /// The mail delivered to everybody else.
    ///
    /// # Errors
    ///
    /// Where a server does not start or answer, or a file cannot be written.
    pub fn delivered(&self) -> anyhow::Result<Vec<Found>> {
        self.folder("people")
    }

    /// The Message-IDs of the mail that was taken, in that order, each as often as it was. Exim
    /// notes one before it says so.
    ///
    /// # Errors
    ///
    /// Where a server does not start or answer, or a file cannot be written.
    pub fn taken(&self) -> anyhow::Result<Vec<String>> {
        let log = match fs::read_to_string(self.directory.join("spool/mainlog")) {
            Ok(log) => log,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let taken = log.lines().filter(|line| line.contains(" <= "));
        let id = |line: &str| {
            line.split(' ')
                .find_map(|it| it.strip_prefix("id="))
                .map(str::to_owned)
        };
        Ok(taken.filter_map(id).collect())
    }

    fn folder(&self, folder: &str) -> anyhow::Result<Vec<Found>> {
        let mut found = Vec::new();
        for part in ["new", "cur"] {
            for entry in fs::read_dir(self.directory.join(folder).join(part))? {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                if let Ok(letter) = Found::read(name, fs::read(entry.path())?) {
                    found.push(letter);
                }
            }
        }
        Ok(found)
    }

    /// Somebody sends a message.
    ///
    /// # Errors
    ///
    /// Where a server does not start or answer, or a file cannot be written.
    pub fn send(&self, from: &str, to: &str, text: &str) -> anyhow::Result<()> {
        let authority = Certificate::from_pem(&fs::read(self.authority())?)?;
        let tls = TlsParameters::builder("127.0.0.1".to_owned())
            .add_root_certificate(authority)
            .build_rustls()?;
        let transport = SmtpTransport::builder_dangerous("127.0.0.1")
            .port(self.smtp.tls)
            .tls(Tls::Wrapper(tls))
            .credentials(Credentials::new(USER.to_owned(), PASSWORD.to_owned()))
            .build();
        let envelope = Envelope::new(Some(from.parse()?), vec![to.parse()?])?;
        let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
        transport.send_raw(&envelope, text.as_bytes())?;
        Ok(())
    }

    /// Dovecot stops for a while.
    pub fn close_the_mailbox(&mut self) {
        self.dovecot.kill();
    }

    /// Dovecot is there again.
    ///
    /// # Errors
    ///
    /// Where a server does not start or answer, or a file cannot be written.
    pub fn open_the_mailbox(&mut self) -> anyhow::Result<()> {
        self.dovecot = start_dovecot(&self.directory)?;
        wait_for(&self.directory, self.imap.tls)
    }
}

/// Until a server in this directory answers.
fn wait_for(directory: &Path, port: u16) -> anyhow::Result<()> {
    let until = Instant::now() + PATIENCE;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if Instant::now() > until {
            let logs = ["exim.log", "dovecot.log", "spool/mainlog", "spool/paniclog"];
            let logs = logs.map(|name| fs::read_to_string(directory.join(name)));
            bail!("a mail server does not answer: {logs:?}");
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

fn start_dovecot(directory: &Path) -> anyhow::Result<Held> {
    let config = directory.join("dovecot.conf");
    let mut command = Command::new(DOVECOT);
    command.args(["-F", "-c"]).arg(config);
    let started = Held::start(command.stdout(Stdio::null()).stderr(Stdio::null()));
    started.context("start Dovecot")
}

/// An authority, and a certificate of it for this machine.
fn certify(directory: &Path) -> anyhow::Result<()> {
    let openssl = |line: &str| {
        let mut command = Command::new("openssl");
        run(command.current_dir(directory).args(line.split(' ')))
    };
    let key = "ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(&format!(
        "req -x509 -newkey {key} -keyout ca.key -out ca.pem -days 30 -subj /CN=Authority"
    ))?;
    openssl(&format!(
        "req -newkey {key} -keyout key.pem -out request.pem -subj /CN=localhost"
    ))?;
    fs::write(
        directory.join("names"),
        "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n",
    )?;
    openssl(
        "x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile names -out cert.pem",
    )
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("run {command:?}"))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    anyhow::ensure!(output.status.success(), "{command:?}: {said}");
    Ok(())
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
