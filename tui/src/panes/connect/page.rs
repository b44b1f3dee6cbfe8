//! Zoom's own pages: which there are, and what to do about each. Nothing comes back from them, so
//! the person says which one it is.

use greenroom_protocol::zoom::ConnectAttempt;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::keys::Command;
use crate::state::{State, key_of};
use crate::theme;
use crate::widgets::{Canvas, below, row};

/// A page of Zoom's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ZoomPage {
    /// The app is private to another Zoom account.
    Private,
    /// The redirect address or the client id is wrong.
    Invalid,
}

/// The key for each page, and how to know it.
const PAGES: [(Command, &str); 3] = [
    (
        Command::AskAdmin,
        "You cannot authorize, or an admin must approve the app first",
    ),
    (
        Command::PagePrivate,
        "The app belongs to another account, or cannot be installed",
    ),
    (
        Command::PageInvalid,
        "Invalid redirect (4700) or invalid client ID (4702)",
    ),
];

/// Asks which page it is.
pub(crate) fn draw_question(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let words = "Stuck on a Zoom page? Tell us which one:";
    canvas.text(row(area, 0), words, theme::PLAIN);
    let mut rest = below(area, 1);
    for (command, words) in PAGES {
        let Some(key) = key_of(state, command) else {
            continue;
        };
        let line = Line::from(vec![
            Span::styled(format!("  {key}  "), theme::KEY),
            Span::raw(words),
        ]);
        canvas.line(row(rest, 0), line);
        rest = below(rest, 1);
    }
}

impl ZoomPage {
    /// Says what to do.
    pub(crate) fn draw(
        self,
        state: &State,
        canvas: &mut Canvas<'_>,
        area: Rect,
        attempt: &ConnectAttempt,
    ) {
        let (title, words) = match self {
            Self::Private => (
                "The app belongs to another account",
                private(state, attempt),
            ),
            Self::Invalid => ("The redirect URL or client ID is wrong", invalid(attempt)),
        };
        canvas.text(row(area, 0), title, theme::STRONG);
        canvas.paragraph(below(area, 1), &words, theme::PLAIN);
    }
}

fn private(state: &State, attempt: &ConnectAttempt) -> String {
    let again = key_of(state, Command::OpenBrowser).map(|key| format!(" ({key})"));
    format!(
        "Only people in the Zoom account that owns a private app can connect to it, and your browser is signed in to another account. Sign out at zoom.us or use a private window, sign in as {}, and open the address again{}. If that is the right account, the workspace needs an app created in it: Settings, Zoom app.",
        attempt.expected_zoom_user,
        again.unwrap_or_default(),
    )
}

fn invalid(attempt: &ConnectAttempt) -> String {
    let app = match client_id(attempt) {
        Some(id) => format!("no app has the client ID {id}"),
        None => "no app has that client ID".to_owned(),
    };
    format!(
        "The app's owner must open it at marketplace.zoom.us. Redirect (4700): its redirect URL for OAuth and its OAuth allow list must both say http://127.0.0.1/callback, not localhost. Client ID (4702): {app}; change it in Settings, Zoom app. Then try again."
    )
}

/// The client id the browser was sent to Zoom with.
fn client_id(attempt: &ConnectAttempt) -> Option<String> {
    let address = url::Url::parse(&attempt.authorize_url).ok()?;
    let mut pairs = address.query_pairs();
    let (_, id) = pairs.find(|(name, _)| name == "client_id")?;
    Some(id.into_owned())
}
