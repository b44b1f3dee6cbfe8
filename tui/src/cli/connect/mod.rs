//! `greenroom zoom connect`, `google connect` and `microsoft connect`: the permissions, the browser,
//! and the way back.
//!
//! Owns the order of a connect at the command line; what is connected is a [`Side`]. Invariant: an
//! attempt that nobody waits for any longer is ended, unless `--no-wait` left it for `--paste`.

mod account;
mod zoom;

use std::io::BufRead;
use std::time::Duration;

use greenroom_protocol::change::Changed;
use greenroom_protocol::id::AttemptId;
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom::ConnectionState;
use greenroom_protocol::{Error, ErrorKind};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use serde_json::json;
use tokio::sync::mpsc;

pub(crate) use self::account::AccountConnect;
pub(crate) use self::zoom::Connect;
use super::session::Session;
use crate::callback::{Callback, Doorway, Loopback, Redirect, expected_state, read_redirect};
use crate::client::Client;
use crate::clipboard;
use crate::output::{Output, Stop, is_interactive};

/// How long a person may take in the browser.
const PATIENCE: Duration = Duration::from_secs(600);

/// One long poll while waiting for somebody else to finish the attempt.
const POLL: Duration = Duration::from_secs(20);

/// What is connected: its calls, and what a person has to know of it.
trait Side {
    /// The connection as the daemon shows it.
    type Shown;

    /// The table its changes are announced as.
    const TABLE: &'static str;

    /// Its name for people.
    fn name(&self) -> &'static str;

    /// The kind of a failure to connect it.
    fn failure(&self) -> ErrorKind;

    /// Where the browser comes back to.
    fn loopback(&self) -> Loopback;

    /// What is asked for, a line each.
    fn permissions(&self) -> Vec<String>;

    /// What to do about pages from which nothing comes back, a line each.
    fn own_pages(&self) -> Vec<String>;

    async fn start(&self, client: &Client, redirect_uri: String) -> Result<Begun, Error>;

    async fn finish(
        &self,
        client: &Client,
        attempt: AttemptId,
        redirect: Redirect,
    ) -> Result<Self::Shown, Error>;

    async fn cancel(&self, client: &Client, attempt: AttemptId);

    /// How the connection stands that an attempt is for.
    async fn look(&self, client: &Client) -> Result<Self::Shown, Error>;

    fn standing(&self, shown: &Self::Shown) -> Standing;

    fn show(&self, session: &Session, shown: &Self::Shown) -> Result<(), Stop>;
}

/// An attempt under way.
struct Begun {
    attempt: AttemptId,
    authorize_url: String,
    /// The address that must sign in; `None`: any.
    expected: Option<String>,
}

/// How a connection stands, as far as waiting for it goes.
struct Standing {
    /// Whose it is, such as `Dana Reyes's Zoom`.
    whose: String,
    state: ConnectionState,
    reason: Option<String>,
    hint: Option<String>,
    attempt: Option<AttemptId>,
    /// Since when it stands so, or was renewed; a fresh pair of keys moves it.
    renewed: Option<Instant>,
}

/// How an attempt ended.
enum Ended<T> {
    /// The redirect is here.
    Here(Redirect),
    /// Another command finished it with `--paste`.
    Elsewhere(T),
}

/// Connects, or finishes an earlier attempt with a pasted address.
async fn connect<S: Side>(
    side: &S,
    session: &Session,
    no_browser: bool,
    paste: Option<&str>,
) -> Result<(), Stop> {
    let client = session.client().await?;
    let shown = match paste {
        Some(pasted) => finish_pasted(side, &client, pasted).await?,
        None => match begin(side, session, &client, no_browser).await? {
            Some(shown) => shown,
            None => return Ok(()),
        },
    };
    side.show(session, &shown)?;
    let standing = side.standing(&shown);
    if standing.state == ConnectionState::Connected {
        return Ok(());
    }
    let name = side.name();
    let why = standing
        .reason
        .unwrap_or_else(|| format!("{name} gave no reason"));
    Err(Error::new(side.failure(), format!("Couldn't connect {name}: {why}")).into())
}

/// Starts an attempt and sees it through; nothing with `--no-wait`.
async fn begin<S: Side>(
    side: &S,
    session: &Session,
    client: &Client,
    no_browser: bool,
) -> Result<Option<S::Shown>, Stop> {
    let name = side.name();
    let callback = Callback::bind(session.settings.redirect_port, side.loopback()).await;
    let callback = callback.map_err(|error| {
        Error::failed(format!(
            "Couldn't wait for the browser on this machine: {error}"
        ))
        .hint("another attempt may be waiting there; see redirect_port")
    })?;
    let output = session.output;
    output.note(&format!("Greenroom asks {name} for:"));
    side.permissions().iter().for_each(|line| output.note(line));
    let redirect_uri = callback.redirect_uri().to_owned();
    let begun = side.start(client, redirect_uri).await?;
    show_address(side, output, &begun, &callback.doorway(), no_browser)?;
    if session.no_wait {
        return Ok(None);
    }
    let waiting = wait(side, output, client, callback, &begun);
    let ended = tokio::select! {
        ended = waiting => ended,
        _ = tokio::time::sleep(session.patience_or(PATIENCE)) => {
            Err(Error::new(side.failure(), format!("{name} didn't respond in time"))
                .hint(format!("try again; what to do about {name}'s own pages is described above")))
        }
        _ = tokio::signal::ctrl_c() => {
            Err(Error::failed(format!("Connecting {name} was cancelled")))
        }
    };
    let shown = match ended {
        Ok(Ended::Here(redirect)) => side.finish(client, begun.attempt, redirect).await,
        Ok(Ended::Elsewhere(shown)) => Ok(shown),
        Err(error) => {
            // Without it the attempt ends in ten minutes anyway.
            side.cancel(client, begun.attempt).await;
            Err(error)
        }
    };
    Ok(Some(shown?))
}

/// Data for programs, words for people; the address is whole and alone on its line.
fn show_address<S: Side>(
    side: &S,
    output: Output,
    begun: &Begun,
    doorway: &Doorway,
    no_browser: bool,
) -> Result<(), Stop> {
    let (name, address) = (side.name(), &begun.authorize_url);
    if !no_browser && is_opened(doorway, address) {
        output.note(&format!(
            "Opening {name} in your browser. If it doesn't open, use this address:"
        ));
        output.note(address);
    } else if output.is_json() {
        output.json(&json!({ "authorize_url": address }))?;
    } else {
        output.note("Open this address in a browser:");
        output.print(&format!("{address}\n"))?;
    }
    if let Some(expected) = &begun.expected {
        output.note(&format!("approve there as {expected}"));
    }
    side.own_pages().iter().for_each(|line| output.note(line));
    if is_interactive() {
        output.note("or paste the final address from the browser here; Ctrl-C cancels");
    }
    Ok(())
}

/// Opens the browser. Every user of a machine sees its command line, so the provider's address,
/// which carries the attempt's state, is not in it.
fn is_opened(doorway: &Doorway, address: &str) -> bool {
    let door = doorway.to(address);
    door.is_ok_and(|door| clipboard::browse(&door).is_ok())
}

async fn finish_pasted<S: Side>(
    side: &S,
    client: &Client,
    pasted: &str,
) -> Result<S::Shown, Error> {
    let redirect = read_redirect(pasted).map_err(|error| Error::usage(error.to_string()))?;
    let attempt = redirect.attempt().ok_or_else(|| {
        Error::usage("The pasted address doesn't belong to an attempt of this daemon")
    })?;
    side.finish(client, attempt, redirect).await
}

/// Waits for the redirect: at the port, pasted here, or pasted into another command.
async fn wait<S: Side>(
    side: &S,
    output: Output,
    client: &Client,
    callback: Callback,
    begun: &Begun,
) -> Result<Ended<S::Shown>, Error> {
    let state = expected_state(&begun.authorize_url)
        .ok_or_else(|| Error::failed("The daemon sent an address without a state"))?;
    let mut pasted = pasted_lines();
    tokio::select! {
        redirect = callback.wait(state.clone()) => redirect
            .map(Ended::Here)
            .map_err(|error| Error::failed(format!("Couldn't wait for the browser: {error}"))),
        redirect = right_one(output, &mut pasted, &state) => Ok(Ended::Here(redirect)),
        shown = elsewhere(side, client, begun) => Ok(Ended::Elsewhere(shown?)),
    }
}

/// How long a look at the terminal takes, so that one notices that nobody waits any longer.
const LOOK: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 100_000_000,
};

/// Lines a person types; none where nobody sits. What is typed after the receiver is gone is left
/// for the next question.
fn pasted_lines() -> mpsc::Receiver<String> {
    let (send, lines) = mpsc::channel(1);
    if is_interactive() {
        // A thread of its own, because reading a terminal cannot be called off: it reads only what
        // is there already.
        std::thread::spawn(move || {
            while let Some(line) = next_line(&send) {
                if send.blocking_send(line).is_err() {
                    return;
                }
            }
        });
    }
    lines
}

/// The next line typed while somebody waits for it.
fn next_line(send: &mpsc::Sender<String>) -> Option<String> {
    let input = std::io::stdin();
    loop {
        let mut terminal = [PollFd::new(&input, PollFlags::IN)];
        let ready = match poll(&mut terminal, Some(&LOOK)) {
            Err(Errno::INTR) => continue,
            ready => ready.ok()?,
        };
        if send.is_closed() {
            return None;
        }
        if ready > 0 {
            let mut line = String::new();
            let read = input.lock().read_line(&mut line).ok()?;
            return (read > 0).then_some(line);
        }
    }
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
fn ended<S: Side>(side: &S, standing: &Standing, begun: &Begun) -> Option<Error> {
    if standing.attempt == Some(begun.attempt) {
        return None;
    }
    Some(match (standing.attempt, &standing.reason) {
        (Some(_), _) => Error::conflict(format!(
            "Another attempt to connect {} replaced this one",
            standing.whose
        ))
        .hint("finish that one, or try again"),
        (None, Some(reason)) => {
            let why = format!("Couldn't connect {}: {reason}", side.name());
            let hint = standing.hint.clone();
            Error::new(side.failure(), why).hint(hint.unwrap_or_else(|| "try again".into()))
        }
        (None, None) => Error::conflict("This attempt was ended elsewhere").hint("try again"),
    })
}

/// Ends when the connection of the attempt stands by another's hand, or the attempt is over.
async fn elsewhere<S: Side>(side: &S, client: &Client, begun: &Begun) -> Result<S::Shown, Error> {
    let told = client.hello().protocol >= ATTEMPT_SINCE;
    let first = side.standing(&side.look(client).await?);
    if let Some(error) = ended(side, &first, begun).filter(|_| told) {
        return Err(error);
    }
    let mut after = client.hello().revision;
    loop {
        let changes = client.changes(after, POLL).await?;
        after = changes.revision;
        let own = |changed: &Changed| changed.table == S::TABLE;
        if !changes.reset && !changes.changed.iter().any(own) {
            continue;
        }
        let shown = side.look(client).await?;
        let standing = side.standing(&shown);
        if standing.state == ConnectionState::Connected && standing.renewed > first.renewed {
            return Ok(shown);
        }
        if let Some(error) = ended(side, &standing, begun).filter(|_| told) {
            return Err(error);
        }
    }
}
