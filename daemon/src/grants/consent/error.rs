//! Owns what a person reads when connecting did not work, and the kind a script branches on.

use std::sync::Arc;

use greenroom_protocol::{Error, ErrorKind};

use crate::grants::consent::disconnect::REMOVE_AT_ZOOM;
use crate::grants::id::Who;
use crate::grants::reason::Reason;
use crate::store::StoreError;
use crate::vault::VaultError;
use crate::zoom::outcome::printable;

/// Why connecting or disconnecting did not work.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ConnectError {
    /// The redirect address is not a loopback callback.
    #[error("The redirect must be http://127.0.0.1:PORT/callback")]
    Redirect,
    /// There is no Zoom app to connect with.
    #[error("Neither the workspace nor this daemon has a Zoom app")]
    NoApp,
    /// The Zoom user belongs to another connection, which goes on working.
    #[error("That Zoom user already belongs to another connection")]
    Held(Who),
    /// There is nothing to approve: the app serves already.
    #[error("Zoom is already connected")]
    Connected,
    /// An attempt of this member is being finished right now.
    #[error("Another attempt to connect Zoom is being finished right now")]
    InProgress,
    /// The attempt ended, or never was.
    #[error("This attempt to connect Zoom has ended")]
    Gone,
    /// The state is not the attempt's; the attempt goes on waiting.
    #[error("The answer does not belong to this attempt to connect Zoom")]
    State,
    /// The person declined, or Zoom denied access for them; with Zoom's words, if it gave any.
    #[error("Access was declined at Zoom{}", .0.as_ref().map(|why| format!(": {why}")).unwrap_or_default())]
    Declined(Option<String>),
    /// Zoom's answer was another error.
    #[error("Couldn't connect Zoom: Zoom answered {0}")]
    RefusedByZoom(String),
    /// Another Zoom user answered.
    #[error("Zoom user {got} approved, but {expected} was expected")]
    WrongUser {
        /// The address of the Zoom user who consented.
        got: String,
        /// The address that was expected.
        expected: String,
    },
    /// Zoom refused, or could not be asked.
    #[error("Couldn't connect Zoom: {}", .0.text())]
    Failed(Reason),
    /// Zoom granted, and could not be asked whose Zoom user it is; that goes on.
    #[error("Approved in Zoom, but the Zoom user could not be looked up yet: {}", .0.text())]
    Unverified(Reason),
    /// The daemon is stopping.
    #[error("Couldn't connect Zoom: the daemon is stopping")]
    Stopping,
    /// The store or the vault failed.
    #[error("Couldn't connect Zoom: {0}")]
    Keys(Arc<VaultError>),
}

impl ConnectError {
    /// What an OAuth error that came back through the browser means. Its words come from outside:
    /// short, and no control characters.
    pub(crate) fn answered(error: &str, description: Option<&str>) -> Self {
        let words = description.map(printable).filter(|words| !words.is_empty());
        match (error, words) {
            ("access_denied", words) => Self::Declined(words),
            (error, Some(words)) => Self::RefusedByZoom(format!("{}: {words}", printable(error))),
            (error, None) => Self::RefusedByZoom(printable(error)),
        }
    }

    /// What a script branches on.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Redirect => ErrorKind::Usage,
            Self::Held(_) | Self::InProgress | Self::Connected => ErrorKind::Conflict,
            Self::Gone | Self::State => ErrorKind::NotFound,
            Self::NoApp | Self::Declined(_) | Self::RefusedByZoom(_) | Self::WrongUser { .. } => {
                ErrorKind::Zoom
            }
            Self::Unverified(_) => ErrorKind::Upstream,
            Self::Failed(Reason::Unreachable | Reason::Limited | Reason::ZoomTrouble) => {
                ErrorKind::Upstream
            }
            Self::Failed(_) => ErrorKind::Zoom,
            Self::Stopping => ErrorKind::Unreachable,
            Self::Keys(_) => ErrorKind::Failed,
        }
    }

    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Redirect => "let the client listen on 127.0.0.1".into(),
            Self::NoApp => "an admin sets the workspace's Zoom app: Settings, Zoom app".into(),
            Self::Held(_) => Reason::HeldElsewhere.hint().unwrap_or_default().into(),
            Self::Connected => "look at it with `greenroom zoom status`".into(),
            Self::InProgress => "wait a moment, then look at the connection".into(),
            Self::Gone => "start connecting again".into(),
            Self::State => "answer the page that was opened last, or start connecting again".into(),
            Self::Declined(_) => Reason::Declined.hint().unwrap_or_default().into(),
            Self::RefusedByZoom(_) => "start connecting again".into(),
            Self::WrongUser { .. } => {
                let hint = Reason::WrongZoomUser.hint().unwrap_or_default();
                format!("{hint}; where the other user should not keep the app, {REMOVE_AT_ZOOM}")
            }
            Self::Failed(reason) => reason.hint_for_attempt().unwrap_or("connect again").into(),
            Self::Unverified(_) => {
                "nothing to do: it is asked again for an hour; see `greenroom zoom status`".into()
            }
            Self::Stopping => "try again in a moment".into(),
            Self::Keys(_) => "run `greenroom doctor`".into(),
        }
    }
}

impl From<VaultError> for ConnectError {
    fn from(error: VaultError) -> Self {
        Self::Keys(Arc::new(error))
    }
}

impl From<StoreError> for ConnectError {
    fn from(error: StoreError) -> Self {
        VaultError::from(error).into()
    }
}

impl From<ConnectError> for Error {
    fn from(error: ConnectError) -> Self {
        Self::new(error.kind(), error.to_string()).hint(error.hint())
    }
}
