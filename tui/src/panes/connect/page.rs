//! The provider's own pages: which there are, and what to do about each. Nothing comes back from
//! them, so the person says which one it is.

use greenroom_protocol::account::AccountProvider;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::target::{Attempt, Target};
use crate::keys::Command;
use crate::state::{State, key_of};
use crate::theme;
use crate::widgets::{Canvas, below, row};

/// A page of the provider's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ZoomPage {
    /// The app is private to another account or organization.
    Private,
    /// The redirect address or the client id is wrong.
    Invalid,
}

/// The key for each page, and how to know it.
fn pages(target: &Target) -> [(Command, &'static str); 3] {
    let [admin, private, invalid] = match target {
        Target::Zoom(_) => [
            "You cannot authorize, or an admin must approve the app first",
            "The app belongs to another account, or cannot be installed",
            "Invalid redirect (4700) or invalid client ID (4702)",
        ],
        Target::Account(account) => match account.provider {
            AccountProvider::Google => [
                "Access blocked: the admin's policy does not allow it (admin_policy_enforced)",
                "Access blocked: only for people of the organization (org_internal)",
                "redirect_uri_mismatch, invalid_client, or deleted_client",
            ],
            AccountProvider::Microsoft => [
                "Need admin approval (AADSTS90094, 65001, 900941)",
                "The account does not exist in the tenant (AADSTS50020)",
                "The redirect or application is not known (AADSTS50011, 700016)",
            ],
        },
    };
    [
        (Command::AskAdmin, admin),
        (Command::PagePrivate, private),
        (Command::PageInvalid, invalid),
    ]
}

/// Asks which page it is.
pub(crate) fn draw_question(target: &Target, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let words = format!("Stuck on a {} page? Tell us which one:", target.name());
    canvas.text(row(area, 0), &words, theme::PLAIN);
    let mut rest = below(area, 1);
    for (command, words) in pages(target) {
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
        target: &Target,
        state: &State,
        canvas: &mut Canvas<'_>,
        area: Rect,
        attempt: &Attempt,
    ) {
        let (title, words) = match self {
            Self::Private => (
                "The app belongs to another account",
                private(target, state, attempt),
            ),
            Self::Invalid => (
                "The redirect URL or client ID is wrong",
                invalid(target, attempt),
            ),
        };
        canvas.text(row(area, 0), title, theme::STRONG);
        canvas.paragraph(below(area, 1), &words, theme::PLAIN);
    }
}

fn private(target: &Target, state: &State, attempt: &Attempt) -> String {
    let again = key_of(state, Command::OpenBrowser).map(|key| format!(" ({key})"));
    let again = again.unwrap_or_default();
    let user = attempt.user.as_deref().unwrap_or("the right account");
    match target {
        Target::Zoom(_) => format!(
            "Only people in the Zoom account that owns a private app can connect to it, and your browser is signed in to another account. Sign out at zoom.us or use a private window, sign in as {user}, and open the address again{again}. If that is the right account, the workspace needs an app created in it: Settings, Zoom app."
        ),
        Target::Account(account) => {
            let name = account.provider.name();
            format!(
                "The app is for people of the organization it was created in, and your browser is signed in to another account. Use a private window, sign in as {user}, and open the address again{again}. If that is the right account, the workspace needs an app created in its organization: Settings, {name}."
            )
        }
    }
}

fn invalid(target: &Target, attempt: &Attempt) -> String {
    let app = match client_id(attempt) {
        Some(id) => format!("no app has the client ID {id}"),
        None => "no app has that client ID".to_owned(),
    };
    match target {
        Target::Zoom(_) => format!(
            "The app's owner must open it at marketplace.zoom.us. Redirect (4700): its redirect URL for OAuth and its OAuth allow list must both say http://127.0.0.1/callback, not localhost. Client ID (4702): {app}; change it in Settings, Zoom app. Then try again."
        ),
        Target::Account(account) => match account.provider {
            AccountProvider::Google => format!(
                "The client must be of the type Desktop app, which takes any redirect to 127.0.0.1. Client ID: {app}, or it was deleted; change it in Settings, Google. Then try again."
            ),
            AccountProvider::Microsoft => format!(
                "The app needs the platform Mobile and desktop applications with the redirect URI http://localhost. Application ID: {app} in this tenant; change it in Settings, Microsoft. Then try again."
            ),
        },
    }
}

/// The client id the browser was sent there with.
fn client_id(attempt: &Attempt) -> Option<String> {
    let address = url::Url::parse(&attempt.authorize_url).ok()?;
    let mut pairs = address.query_pairs();
    let (_, id) = pairs.find(|(name, _)| name == "client_id")?;
    Some(id.into_owned())
}
