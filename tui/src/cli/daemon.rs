//! `greenroom daemon …`: one's own daemon; the system's belongs to systemd.

use clap::Subcommand;
use greenroom_protocol::Error;
use serde_json::json;

use super::journal::Journal;
use super::log;
use super::session::Session;
use crate::client::{self, Client, Stopped, log_path};
use crate::output::{Lines, Output, Stop};

#[derive(Debug, Subcommand)]
pub(crate) enum Daemon {
    /// Start the daemon, unless it is running
    Start,
    /// Stop the daemon after it has finished what is in progress
    Stop,
    /// Restart the daemon, even if it does not respond
    Restart,
    /// Print the end of the daemon's log: the journal for a service, else its log file
    Logs {
        /// Maximum number of lines
        #[arg(long, short = 'n', default_value_t = 200)]
        lines: usize,
        /// Keep printing new lines
        #[arg(long, short = 'f')]
        follow: bool,
    },
}

impl Daemon {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        match self {
            Self::Start => start(session).await,
            Self::Stop => stop(session).await,
            Self::Restart => {
                tell(session.output, end(session, "restart").await?);
                start(session).await
            }
            Self::Logs { lines, follow } => logs(session, lines, follow).await,
        }
    }
}

async fn start(session: &Session) -> Result<(), Stop> {
    // Asked for in so many words, so also at a socket that was named.
    let target = session.target.clone().started_by(session.starter.clone());
    let client = Client::open(&target).await?;
    let hello = client.hello();
    let socket = session.target.socket.path.display().to_string();
    let answer = json!({ "socket": socket, "build": hello.build, "protocol": hello.protocol });
    session.output.record(&answer, || {
        Lines::new()
            .line("daemon", &hello.build)
            .line("socket", &socket)
    })
}

async fn stop(session: &Session) -> Result<(), Stop> {
    let stopped = end(session, "stop").await?;
    tell(session.output, stopped);
    if session.output.is_json() {
        let was_running = stopped != Stopped::WasNotRunning;
        session
            .output
            .json(&json!({ "was_running": was_running }))?;
    }
    Ok(())
}

/// Ends the daemon behind the socket, and, unless somebody named the socket, whichever has this
/// user's store: one that serves another socket is the reason why no other starts.
async fn end(session: &Session, verb: &str) -> Result<Stopped, Error> {
    let system = session.target.socket.system;
    let asked = match system {
        true => Ok(Stopped::WasNotRunning),
        false => client::stop(&session.target).await,
    };
    let holder = match session.settings.store_directory() {
        Some(store) if !session.named => client::stop_holder(&store).await?,
        _ => None,
    };
    match (asked, holder) {
        (Ok(Stopped::WasNotRunning) | Err(_), Some(ended)) => Ok(ended),
        (Ok(_), None) if system => Err(not_ours(verb)),
        (asked, _) => asked,
    }
}

fn tell(output: Output, stopped: Stopped) {
    output.note(match stopped {
        Stopped::WasNotRunning => "no daemon was running",
        Stopped::Asked => "daemon stopped",
        Stopped::Signalled => "the daemon did not respond and was ended with a signal",
    });
}

fn not_ours(verb: &str) -> Error {
    Error::denied(format!("Can't {verb} this daemon: it is a system service"))
        .hint(format!("as root: systemctl {verb} greenroomd"))
}

async fn logs(session: &Session, lines: usize, follow: bool) -> Result<(), Stop> {
    if let Some(journal) = Journal::of(session).await {
        return journal.show(session.output, lines, follow).await;
    }
    let path = log_path()
        .ok_or_else(|| Error::failed("Couldn't read the log: this user has no home directory"))?;
    log::show(session.output, path, lines, follow).await
}
