//! `greenroom daemon …`: one's own daemon; the system's belongs to systemd.

use clap::Subcommand;
use greenroom_protocol::Error;
use serde_json::json;

use super::log;
use super::session::Session;
use crate::client::{self, Client, Stopped, log_path};
use crate::output::{Lines, Output, Stop};

#[derive(Debug, Subcommand)]
pub(crate) enum Daemon {
    /// Start it, unless it runs
    Start,
    /// Let it finish what is under way, and end it
    Stop,
    /// End it, even when it does not answer, and start it again
    Restart,
    /// Print the end of its log
    Logs {
        /// Lines at most
        #[arg(long, short = 'n', default_value_t = 200)]
        lines: usize,
        /// Go on with what is written from now on
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
                not_the_systems(session, "restart")?;
                tell(session.output, client::stop(&session.target).await?);
                start(session).await
            }
            Self::Logs { lines, follow } => logs(session, lines, follow).await,
        }
    }
}

async fn start(session: &Session) -> Result<(), Stop> {
    let client = Client::open(&session.target).await?;
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
    not_the_systems(session, "stop")?;
    let stopped = client::stop(&session.target).await?;
    tell(session.output, stopped);
    if session.output.is_json() {
        let was_running = stopped != Stopped::WasNotRunning;
        session
            .output
            .json(&json!({ "was_running": was_running }))?;
    }
    Ok(())
}

fn tell(output: Output, stopped: Stopped) {
    output.note(match stopped {
        Stopped::WasNotRunning => "no daemon was running",
        Stopped::Asked => "the daemon has ended",
        Stopped::Signalled => "the daemon did not answer and was ended by a signal",
    });
}

fn not_the_systems(session: &Session, verb: &str) -> Result<(), Error> {
    if !session.target.socket.system {
        return Ok(());
    }
    Err(
        Error::denied(format!("{verb} the daemon: the system runs this one"))
            .hint(format!("as root: systemctl {verb} greenroomd")),
    )
}

async fn logs(session: &Session, lines: usize, follow: bool) -> Result<(), Stop> {
    if session.target.socket.system {
        return Err(
            Error::failed("read the log: the system's daemon writes to the journal")
                .hint("journalctl -u greenroomd (-f to follow it)")
                .into(),
        );
    }
    let path = log_path().ok_or_else(|| Error::failed("read the log: no home directory"))?;
    log::show(session.output, path, lines, follow).await
}
