//! `greenroom zoom connect`: the permissions, the browser, and the way back.
//!
//! Owns the order of a connect at the command line. Invariant: an attempt that nobody waits for any
//! longer is ended, unless `--no-wait` left it for `--paste`.

use std::io::BufRead;
use std::time::Duration;

use clap::Args;
use greenroom_protocol::change::Changed;
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::zoom::{
    ConnectAttempt, ConnectCancel, ConnectStart, Connection, ConnectionQuery, ConnectionState,
    PERMISSIONS, SHARED_NOTE,
};
use greenroom_protocol::{Error, ErrorKind};
use serde_json::json;
use tokio::sync::mpsc;

use super::session::Session;
use super::zoom::show;
use crate::callback::{Callback, Doorway, Redirect, expected_state, read_redirect};
use crate::client::Client;
use crate::clipboard;
use crate::output::{Output, Stop, is_interactive};

/// How long a person may take in the browser.
const PATIENCE: Duration = Duration::from_secs(600);

/// One long poll while waiting for somebody else to finish the attempt.
const POLL: Duration = Duration::from_secs(20);

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

/// How an attempt ended.
enum Ended {
    /// The redirect is here.
    Here(Redirect),
    /// Another command finished it with `--paste`.
    Elsewhere(Box<Connection>),
}

impl Connect {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        let connection = match &self.paste {
            Some(pasted) => finish_pasted(&client, pasted).await?,
            None => match self.begin(session, &client).await? {
                Some(connection) => connection,
                None => return Ok(()),
            },
        };
        show(session, &connection)?;
        if connection.state == ConnectionState::Connected {
            return Ok(());
        }
        let why = connection
            .reason
            .as_deref()
            .unwrap_or("Zoom gave no reason");
        Err(Error::new(ErrorKind::Zoom, format!("Couldn't connect Zoom: {why}")).into())
    }

    /// Starts an attempt and sees it through; nothing with `--no-wait`.
    async fn begin(&self, session: &Session, client: &Client) -> Result<Option<Connection>, Stop> {
        let callback = Callback::bind(session.settings.redirect_port)
            .await
            .map_err(|error| {
                Error::failed(format!(
                    "Couldn't wait for the browser on 127.0.0.1: {error}"
                ))
                .hint("another attempt may be waiting there; see redirect_port")
            })?;
        list_permissions(session.output);
        let start = ConnectStart {
            member: self.member.clone(),
            redirect_uri: callback.redirect_uri().to_owned(),
        };
        let attempt = client.zoom_connect_start(start).await?;
        self.show_address(session.output, &attempt, &callback.doorway())?;
        if session.no_wait {
            return Ok(None);
        }
        let waiting = wait(session.output, client, callback, &attempt);
        let ended = tokio::select! {
            ended = waiting => ended,
            _ = tokio::time::sleep(session.patience_or(PATIENCE)) => {
                Err(Error::new(ErrorKind::Zoom, "Zoom didn't respond in time")
                    .hint("try again; what to do about Zoom's own pages is described above"))
            }
            _ = tokio::signal::ctrl_c() => Err(Error::failed("Connecting Zoom was cancelled")),
        };
        let connection = match ended {
            Ok(Ended::Here(redirect)) => {
                let protocol = client.hello().protocol;
                client
                    .zoom_connect_finish(redirect.finish(attempt.attempt, protocol))
                    .await
            }
            Ok(Ended::Elsewhere(connection)) => Ok(*connection),
            Err(error) => {
                let attempt = attempt.attempt;
                // Without it the attempt ends in ten minutes anyway.
                client
                    .zoom_connect_cancel(ConnectCancel { attempt })
                    .await
                    .ok();
                Err(error)
            }
        };
        Ok(Some(connection?))
    }

    /// Data for programs, words for people; the address is whole and alone on its line.
    fn show_address(
        &self,
        output: Output,
        attempt: &ConnectAttempt,
        doorway: &Doorway,
    ) -> Result<(), Stop> {
        let address = &attempt.authorize_url;
        if !self.no_browser && is_opened(doorway, address) {
            output.note("Opening Zoom in your browser. If it doesn't open, use this address:");
            output.note(address);
        } else if output.is_json() {
            output.json(&json!({ "authorize_url": address }))?;
        } else {
            output.note("Open this address in a browser:");
            output.print(&format!("{address}\n"))?;
        }
        output.note(&format!("approve there as {}", attempt.expected_zoom_user));
        OWN_PAGES.iter().for_each(|line| output.note(line));
        if is_interactive() {
            output.note("or paste the final address from the browser here; Ctrl-C cancels");
        }
        Ok(())
    }
}

/// Opens the browser. Every user of a machine sees its command line, so Zoom's address, which
/// carries the attempt's state, is not in it.
fn is_opened(doorway: &Doorway, address: &str) -> bool {
    let door = doorway.to(address);
    door.is_ok_and(|door| clipboard::browse(&door).is_ok())
}

fn list_permissions(output: Output) {
    output.note("Greenroom asks Zoom for:");
    for permission in PERMISSIONS {
        let optional = if permission.optional {
            " (optional)"
        } else {
            ""
        };
        output.note(&format!(
            "  {}{optional}: {}",
            permission.title, permission.reason
        ));
    }
    output.note(SHARED_NOTE);
}

async fn finish_pasted(client: &Client, pasted: &str) -> Result<Connection, Error> {
    let redirect = read_redirect(pasted).map_err(|error| Error::usage(error.to_string()))?;
    let attempt = redirect.attempt().ok_or_else(|| {
        Error::usage("The pasted address doesn't belong to an attempt of this daemon")
    })?;
    let finish = redirect.finish(attempt, client.hello().protocol);
    client.zoom_connect_finish(finish).await
}

/// Waits for the redirect: at the port, pasted here, or pasted into another command.
async fn wait(
    output: Output,
    client: &Client,
    callback: Callback,
    attempt: &ConnectAttempt,
) -> Result<Ended, Error> {
    let state = expected_state(&attempt.authorize_url)
        .ok_or_else(|| Error::failed("The daemon sent an address without a state"))?;
    let mut pasted = pasted_lines();
    tokio::select! {
        redirect = callback.wait(state.clone()) => redirect
            .map(Ended::Here)
            .map_err(|error| Error::failed(format!("Couldn't wait for the browser: {error}"))),
        redirect = right_one(output, &mut pasted, &state) => Ok(Ended::Here(redirect)),
        connection = elsewhere(client, attempt) => Ok(Ended::Elsewhere(Box::new(connection?))),
    }
}

/// Lines a person types; none where nobody sits.
fn pasted_lines() -> mpsc::Receiver<String> {
    let (send, lines) = mpsc::channel(1);
    if is_interactive() {
        // A thread of its own: reading a terminal cannot be called off, and this one ends with the
        // process.
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                if send.blocking_send(line).is_err() {
                    return;
                }
            }
        });
    }
    lines
}

async fn right_one(output: Output, lines: &mut mpsc::Receiver<String>, state: &Opaque) -> Redirect {
    while let Some(line) = lines.recv().await {
        match read_redirect(&line) {
            Ok(redirect) if redirect.is_for(state) => return redirect,
            Ok(_) => output.note("This address belongs to another attempt"),
            Err(error) => output.note(&error.to_string()),
        }
    }
    std::future::pending().await
}

/// The first protocol whose daemons say which attempt waits.
const ATTEMPT_SINCE: u32 = 2;

/// Why nobody waits for this attempt any longer, where that is so: another one replaced it, or it
/// ended elsewhere.
fn ended(connection: &Connection, attempt: &ConnectAttempt) -> Option<Error> {
    if connection.attempt == Some(attempt.attempt) {
        return None;
    }
    let name = &connection.member.name;
    Some(match (connection.attempt, &connection.reason) {
        (Some(_), _) => Error::conflict(format!(
            "Another attempt to connect {name}'s Zoom replaced this one"
        ))
        .hint("finish that one, or try again"),
        (None, Some(reason)) => {
            Error::new(ErrorKind::Zoom, format!("Couldn't connect Zoom: {reason}")).hint(
                connection
                    .hint
                    .clone()
                    .unwrap_or_else(|| "try again".into()),
            )
        }
        (None, None) => Error::conflict("This attempt was ended elsewhere").hint("try again"),
    })
}

/// Ends when the connection of the attempt's member stands by another's hand, or the attempt is
/// over.
async fn elsewhere(client: &Client, attempt: &ConnectAttempt) -> Result<Connection, Error> {
    let member = attempt.member.id.to_string();
    let look = async || {
        let member = Some(member.clone());
        client.zoom_status(ConnectionQuery { member }).await
    };
    // A connection that stood before keeps its `since`; a fresh pair shows as a refresh.
    let renewed = |connection: &Connection| connection.since.max(connection.last_refresh);
    let told = client.hello().protocol >= ATTEMPT_SINCE;
    let first = look().await?;
    if let Some(error) = ended(&first, attempt).filter(|_| told) {
        return Err(error);
    }
    let before = renewed(&first);
    let mut after = client.hello().revision;
    loop {
        let changes = client.changes(after, POLL).await?;
        after = changes.revision;
        let connections = |changed: &Changed| changed.table == "connection";
        if !changes.reset && !changes.changed.iter().any(connections) {
            continue;
        }
        let connection = look().await?;
        if connection.state == ConnectionState::Connected && renewed(&connection) > before {
            return Ok(connection);
        }
        if let Some(error) = ended(&connection, attempt).filter(|_| told) {
            return Err(error);
        }
    }
}
