//! `greenroom zoom connect`.

use clap::Args;
use greenroom_protocol::id::AttemptId;
use greenroom_protocol::zoom::{
    ConnectCancel, ConnectStart, Connection, ConnectionQuery, PERMISSIONS, SHARED_NOTE,
};
use greenroom_protocol::{Error, ErrorKind};

use super::super::session::Session;
use super::super::zoom::show;
use super::{Begun, Side, Standing, connect};
use crate::callback::{Loopback, Redirect};
use crate::client::Client;
use crate::output::Stop;

/// Zoom keeps some refusals to itself: nothing ever comes back from those pages.
const OWN_PAGES: [&str; 4] = [
    "stuck on a Zoom page? Nothing comes back from it:",
    "  an admin must approve the app     greenroom zoom request-approval --admin EMAIL",
    "  the app cannot be installed       sign in with the Zoom account that owns the app",
    "  invalid redirect or client_id     check the app's settings; see the README",
];

#[derive(Debug, Args)]
pub(crate) struct Connect {
    /// For whom: email, name or ID [default: you]
    #[arg(long, value_name = "EMAIL")]
    member: Option<String>,
    /// Print the address instead of opening a browser
    #[arg(long)]
    no_browser: bool,
    /// Finish an earlier attempt with the final address from the browser
    #[arg(long, value_name = "URL", conflicts_with = "no_browser")]
    paste: Option<String>,
}

impl Connect {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        connect(&self, session, self.no_browser, self.paste.as_deref()).await
    }
}

impl Side for Connect {
    type Shown = Connection;

    const TABLE: &'static str = "connection";

    fn name(&self) -> &'static str {
        "Zoom"
    }

    fn failure(&self) -> ErrorKind {
        ErrorKind::Zoom
    }

    fn loopback(&self) -> Loopback {
        Loopback::Address
    }

    fn permissions(&self) -> Vec<String> {
        let lines = PERMISSIONS.iter().map(|permission| {
            let optional = if permission.optional {
                " (optional)"
            } else {
                ""
            };
            format!("  {}{optional}: {}", permission.title, permission.reason)
        });
        lines.chain([SHARED_NOTE.to_owned()]).collect()
    }

    fn own_pages(&self) -> Vec<String> {
        OWN_PAGES.map(str::to_owned).to_vec()
    }

    async fn start(&self, client: &Client, redirect_uri: String) -> Result<Begun, Error> {
        let start = ConnectStart {
            member: self.member.clone(),
            redirect_uri,
        };
        let attempt = client.zoom_connect_start(start).await?;
        Ok(Begun {
            attempt: attempt.attempt,
            authorize_url: attempt.authorize_url,
            expected: Some(attempt.expected_zoom_user),
        })
    }

    async fn finish(
        &self,
        client: &Client,
        attempt: AttemptId,
        redirect: Redirect,
    ) -> Result<Connection, Error> {
        let finish = redirect.finish(attempt, client.hello().protocol);
        client.zoom_connect_finish(finish).await
    }

    async fn cancel(&self, client: &Client, attempt: AttemptId) {
        let cancelled = client.zoom_connect_cancel(ConnectCancel { attempt });
        cancelled.await.ok();
    }

    async fn look(&self, client: &Client) -> Result<Connection, Error> {
        let member = self.member.clone();
        client.zoom_status(ConnectionQuery { member }).await
    }

    fn standing(&self, shown: &Connection) -> Standing {
        Standing {
            whose: format!("{}'s Zoom", shown.member.name),
            state: shown.state,
            reason: shown.reason.clone(),
            hint: shown.hint.clone(),
            attempt: shown.attempt,
            renewed: shown.since.max(shown.last_refresh),
        }
    }

    fn show(&self, session: &Session, shown: &Connection) -> Result<(), Stop> {
        show(session, shown)
    }
}
