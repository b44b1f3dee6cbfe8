//! `greenroom setup`.

use std::path::PathBuf;

use clap::Args;
use greenroom_protocol::workspace;
use jiff::tz::TimeZone;

use super::ask;
use super::session::Session;
use super::words::person;
use super::workspace::secret_from;
use crate::client::{Client, Target};
use crate::output::{Lines, Stop};

/// Makes the workspace named by `--workspace`. What is not given is asked for on a terminal.
#[derive(Debug, Args)]
pub(crate) struct Setup {
    /// Your name
    #[arg(long)]
    name: Option<String>,
    /// Your email
    #[arg(long)]
    email: Option<String>,
    /// Your IANA time zone [default: this machine's]
    #[arg(long)]
    zone: Option<String>,
    /// The client ID of your Zoom app [default: the daemon's default app]
    #[arg(long, value_name = "ID")]
    zoom_client_id: Option<String>,
    /// A file with the app's secret, for a confidential client
    #[arg(long, value_name = "FILE")]
    zoom_client_secret_file: Option<PathBuf>,
}

impl Setup {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let zoom_client_secret = secret_from(self.zoom_client_secret_file.as_deref())?;
        // The workspace is not there yet: the greeting must not name it.
        let target = Target {
            workspace: None,
            ..session.target.clone()
        };
        let client = Client::open(&target).await?;
        let system = TimeZone::system();
        let here = system.iana_name().unwrap_or("UTC");
        let named = session.target.workspace.clone();
        let client_id = ask::value(
            self.zoom_client_id,
            "--zoom-client-id",
            "Zoom app's client ID (empty: the default app)",
            Some(""),
        );
        let setup = workspace::Setup {
            workspace: ask::value(named, "--workspace", "Workspace (your company)", None)?,
            name: ask::value(self.name, "--name", "Your name", None)?,
            email: ask::value(self.email, "--email", "Your email", None)?,
            zone: ask::value(self.zone, "--zone", "Your time zone", Some(here))?,
            zoom_client_id: client_id.map(|id| Some(id).filter(|id| !id.is_empty()))?,
            zoom_client_secret,
        };
        let done = client.setup(setup).await?;
        session.output.record(&done, || {
            Lines::new()
                .line("workspace", &done.workspace.name)
                .line("you", person(&done.member.name, &done.member.email))
        })?;
        session.output.note("next: greenroom zoom connect");
        Ok(())
    }
}
