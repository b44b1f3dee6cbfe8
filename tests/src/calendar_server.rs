//! Real CalDAV servers on loopback: Radicale, which has users with passwords, and Xandikos, which
//! has an outbox.
//!
//! Who logs in at Radicale is in a file of this server's; Xandikos takes everybody for `dana`.
//! Their calendars are in a directory of their own. A server ends when dropped.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail, ensure};
use reqwest::{Client, Method, StatusCode};
use tokio::net::TcpStream;
use url::Url;

use crate::lifeline::Held;
use crate::tools::{self, Tool};
use crate::wait::Deadline;

/// Whose account is used.
pub const USER: &str = "dana";
/// With what; it has a colon and a space, as passwords may have.
pub const PASSWORD: &str = "open: sesame";
/// Another account, which sees of [`USER`]'s calendars only when these are busy.
pub const OTHER: &str = "sam";

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Radicale.
    Radicale,
    /// Xandikos.
    Xandikos,
}

impl Kind {
    fn tool(self) -> Tool {
        match self {
            Self::Radicale => Tool::Radicale,
            Self::Xandikos => Tool::Xandikos,
        }
    }

    /// Where the program is: `.ci/run` puts it into the target directory.
    fn program(self) -> Option<PathBuf> {
        let here = std::env::current_exe().ok()?;
        let target = here.ancestors().find(|it| it.join("python/bin").is_dir())?;
        let program = target.join("python/bin").join(self.tool().name());
        program.exists().then_some(program)
    }

    /// Where the account's calendars are.
    #[must_use]
    pub fn home(self) -> &'static str {
        match self {
            Self::Radicale => "/dana/",
            Self::Xandikos => "/dana/calendars/",
        }
    }

    /// Where the account itself is.
    #[must_use]
    pub fn principal(self) -> &'static str {
        "/dana/"
    }

    /// Whether it can be run here; where not, it says what is missing.
    ///
    /// # Panics
    ///
    /// Where `GREENROOM_REQUIRE` names it.
    #[must_use]
    pub fn is_there(self) -> bool {
        let is_there = self.program().is_some();
        if !is_there {
            tools::missing(self.tool());
        }
        is_there
    }
}

/// A server with a calendar named `work`.
pub struct CalendarServer {
    kind: Kind,
    directory: PathBuf,
    port: u16,
    http: Client,
    _held: Held,
}

impl CalendarServer {
    /// Starts one in `directory`, and makes the calendar.
    ///
    /// # Errors
    ///
    /// Where it does not start or answer, or a file cannot be written.
    pub async fn open(kind: Kind, directory: &Path) -> anyhow::Result<Self> {
        let program = kind.program().context("the server is not installed")?;
        fs::create_dir_all(directory.join("calendars"))?;
        fs::write(directory.join("rights"), RIGHTS)?;
        // Fails only where another client of this process installed a provider before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().no_proxy().build()?;
        // A port that was free may be taken by the time the server wants it.
        for _ in 0..10 {
            let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
            let log = fs::File::create(directory.join("log"))?;
            let mut command = command(kind, &program, directory, port)?;
            let mut held = Held::start(command.stdout(Stdio::null()).stderr(log))?;
            if !listens(&mut held, port).await? {
                continue;
            }
            let server = Self {
                kind,
                directory: directory.to_owned(),
                port,
                http,
                _held: held,
            };
            server.set_password(USER, PASSWORD)?;
            if kind == Kind::Xandikos {
                // Made with the account's outbox.
                server.remove("calendar").await?;
            }
            server.make("work").await?;
            return Ok(server);
        }
        let log = fs::read_to_string(directory.join("log"))?;
        bail!("no server started: {log}")
    }

    /// Its address.
    ///
    /// # Panics
    ///
    /// Never: a port makes an address.
    #[must_use]
    pub fn url(&self, path: &str) -> Url {
        let text = format!("http://127.0.0.1:{}{path}", self.port);
        Url::parse(&text).expect("an address")
    }

    /// A calendar's address.
    #[must_use]
    pub fn calendar(&self, name: &str) -> Url {
        self.url(&format!("{}{name}/", self.kind.home()))
    }

    /// From now on these are the passwords of [`USER`] and [`OTHER`].
    ///
    /// # Errors
    ///
    /// Where the file cannot be written.
    pub fn set_password(&self, user: &str, password: &str) -> anyhow::Result<()> {
        // Put in place whole: the server reads it whenever somebody logs in.
        let path = self.directory.join("users");
        let other = format!("{OTHER}:{PASSWORD}\n");
        fs::write(
            path.with_extension("new"),
            format!("{user}:{password}\n{other}"),
        )?;
        Ok(fs::rename(path.with_extension("new"), path)?)
    }

    /// Makes a calendar.
    ///
    /// # Errors
    ///
    /// Where the server refuses.
    pub async fn make(&self, name: &str) -> anyhow::Result<()> {
        let body = format!(
            "<c:mkcalendar xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:caldav\"><d:set>\
             <d:prop><d:displayname>{name}</d:displayname></d:prop></d:set></c:mkcalendar>"
        );
        let url = self.calendar(name);
        self.send("MKCALENDAR", &url, &body, "application/xml")
            .await
    }

    /// Removes a calendar.
    ///
    /// # Errors
    ///
    /// Where the server refuses.
    pub async fn remove(&self, name: &str) -> anyhow::Result<()> {
        self.send("DELETE", &self.calendar(name), "", "text/plain")
            .await
    }

    /// Puts an entry into the calendar `work`.
    ///
    /// # Errors
    ///
    /// Where the server refuses.
    pub async fn put(&self, name: &str, entry: &str) -> anyhow::Result<()> {
        let url = self.calendar("work").join(&format!("{name}.ics"))?;
        self.send("PUT", &url, entry, "text/calendar").await
    }

    /// Takes an entry out of the calendar `work`.
    ///
    /// # Errors
    ///
    /// Where the server refuses.
    pub async fn delete(&self, name: &str) -> anyhow::Result<()> {
        let url = self.calendar("work").join(&format!("{name}.ics"))?;
        self.send("DELETE", &url, "", "text/plain").await
    }

    /// Says at Xandikos which email address the account has.
    ///
    /// # Errors
    ///
    /// Where the server refuses.
    pub async fn set_email(&self, email: &str) -> anyhow::Result<()> {
        let body = format!(
            "<d:propertyupdate xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:caldav\"><d:set>\
             <d:prop><c:calendar-user-address-set><d:href>mailto:{email}</d:href>\
             </c:calendar-user-address-set></d:prop></d:set></d:propertyupdate>"
        );
        let url = self.url(self.kind.principal());
        self.send("PROPPATCH", &url, &body, "application/xml").await
    }

    async fn send(&self, method: &str, url: &Url, body: &str, kind: &str) -> anyhow::Result<()> {
        let method = Method::from_bytes(method.as_bytes())?;
        let request = self.http.request(method, url.clone());
        let request = request.basic_auth(USER, Some(PASSWORD));
        let request = request.header("content-type", kind).body(body.to_owned());
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        let is_done = status.is_success() && (status != StatusCode::MULTI_STATUS || is_ok(&text));
        ensure!(is_done, "{url}: {status} {text}");
        Ok(())
    }
}

/// Whether a multistatus refuses nothing.
fn is_ok(text: &str) -> bool {
    text.matches("HTTP/1.1 ").count() == text.matches("HTTP/1.1 200").count()
}

/// Who may what at Radicale: everybody their own, and [`OTHER`] when [`USER`] is busy.
const RIGHTS: &str = "[root]\nuser: .+\ncollection:\npermissions: R\n\
    [own]\nuser: .+\ncollection: {user}\npermissions: RW\n\
    [calendars]\nuser: .+\ncollection: {user}/[^/]+\npermissions: rw\n\
    [busy]\nuser: sam\ncollection: dana/[^/]+\npermissions: f\n";

fn command(kind: Kind, program: &Path, directory: &Path, port: u16) -> anyhow::Result<Command> {
    let mut command = Command::new(program);
    let at = directory.display();
    match kind {
        Kind::Radicale => {
            let path = directory.join("config");
            let config = format!(
                "[server]\nhosts = 127.0.0.1:{port}\n\
                 [auth]\ntype = htpasswd\nhtpasswd_filename = {at}/users\n\
                 htpasswd_encryption = plain\ndelay = 0\n\
                 [rights]\ntype = from_file\nfile = {at}/rights\n\
                 [storage]\nfilesystem_folder = {at}/calendars\n[web]\ntype = none\n"
            );
            fs::write(&path, config)?;
            fs::write(directory.join("users"), format!("{USER}:{PASSWORD}\n"))?;
            command.arg("--config").arg(path);
        }
        Kind::Xandikos => {
            command.args(["--no-detect-systemd", "-l", "127.0.0.1", "-p"]);
            command.arg(port.to_string()).arg("-d");
            command.arg(directory.join("calendars"));
            command.args(["--defaults", "--current-user-principal", "/dana/"]);
            command.arg("--state-dir").arg(directory.join("state"));
        }
    }
    Ok(command)
}

/// Whether the server listens; not, where it ended.
async fn listens(held: &mut Held, port: u16) -> anyhow::Result<bool> {
    let deadline = Deadline::new("a calendar server listens");
    loop {
        if held.child().try_wait()?.is_some() {
            return Ok(false);
        }
        if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            // It may have been somebody else's who has the port, while the server ends.
            return Ok(held.child().try_wait()?.is_none());
        }
        deadline.pause().await;
    }
}
