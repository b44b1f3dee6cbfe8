//! Owns what a person reads when connecting did not work, and the kind a script branches on.

use std::fmt;
use std::sync::Arc;

use greenroom_protocol::{Error, ErrorKind, text};

use crate::grants::id::ConnectionId;
use crate::grants::reason::Reason;
use crate::grants::terms::{FIRST, Terms};
use crate::store::StoreError;
use crate::vault::VaultError;

/// What is kept of a text of a provider or of a browser, in characters.
const LONGEST_TEXT: usize = 200;

/// Why connecting or disconnecting did not work.
#[derive(Debug, Clone)]
pub enum ConnectFailure {
    /// The redirect address is not the provider's callback.
    Redirect,
    /// There is no app to connect with.
    NoApp,
    /// The user belongs to another connection, which goes on working.
    Held(ConnectionId),
    /// There is nothing to approve: the app serves already.
    Connected,
    /// An attempt of this member is being finished right now.
    InProgress,
    /// The attempt ended, or never was.
    Gone,
    /// The state is not the attempt's; the attempt goes on waiting.
    State,
    /// The person declined, or access was denied for them; with the provider's words, if it gave
    /// any.
    Declined(Option<String>),
    /// The provider's answer was another error.
    RefusedByProvider(String),
    /// Another user answered.
    WrongUser {
        /// The address of the user who consented.
        got: String,
        /// The address that was expected.
        expected: String,
    },
    /// The provider refused, or could not be asked.
    Failed(Reason),
    /// The provider granted, and could not be asked whose user it is; that goes on.
    Unverified(Reason),
    /// The daemon is stopping.
    Stopping,
    /// The store or the vault failed.
    Keys(Arc<VaultError>),
}

/// A failure in the words of its provider.
#[derive(Clone)]
pub struct ConnectError {
    /// Why.
    pub why: ConnectFailure,
    terms: &'static Terms,
}

impl ConnectFailure {
    /// What an OAuth error that came back through the browser means; `reason`: as the provider's
    /// own code reads it. Its words come from outside: short, and no control characters.
    pub(crate) fn answered(reason: Reason, error: &str, description: Option<&str>) -> Self {
        let words = description.map(printable).filter(|words| !words.is_empty());
        match (reason, words) {
            (Reason::Declined, words) => Self::Declined(words),
            (Reason::CodeRefused, Some(words)) => {
                Self::RefusedByProvider(format!("{}: {words}", printable(error)))
            }
            (Reason::CodeRefused, None) => Self::RefusedByProvider(printable(error)),
            (reason, _) => Self::Failed(reason),
        }
    }

    /// The same as people read it.
    #[must_use]
    pub const fn of(self, terms: &'static Terms) -> ConnectError {
        ConnectError { why: self, terms }
    }
}

impl ConnectError {
    /// The provider's name for people.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.terms.words.name
    }

    /// What a script branches on.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        use ConnectFailure as F;
        let not_connected = match self.terms.id {
            FIRST => ErrorKind::Zoom,
            _ => ErrorKind::Account,
        };
        match &self.why {
            F::Redirect => ErrorKind::Usage,
            F::Held(_) | F::InProgress | F::Connected => ErrorKind::Conflict,
            F::Gone | F::State => ErrorKind::NotFound,
            F::NoApp | F::Declined(_) | F::RefusedByProvider(_) | F::WrongUser { .. } => {
                not_connected
            }
            F::Unverified(_) => ErrorKind::Upstream,
            F::Failed(Reason::Unreachable | Reason::Limited | Reason::ProviderTrouble) => {
                ErrorKind::Upstream
            }
            F::Failed(_) => not_connected,
            F::Stopping => ErrorKind::Unreachable,
            F::Keys(_) => ErrorKind::Failed,
        }
    }

    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> String {
        use ConnectFailure as F;
        let (words, id) = (self.terms.words, self.terms.id);
        let of = |reason: Reason| reason.hint(words).unwrap_or_default();
        match &self.why {
            F::Redirect => format!("let the client listen on {}", self.terms.redirect.host()),
            F::NoApp => {
                let name = words.name;
                format!("an admin sets the workspace's {name} app: Settings, {name} app")
            }
            F::Held(_) => of(Reason::HeldElsewhere),
            F::Connected => format!("look at it with `greenroom {id} status`"),
            F::InProgress => "wait a moment, then look at the connection".to_owned(),
            F::Gone | F::RefusedByProvider(_) => "start connecting again".to_owned(),
            F::State => "answer the page opened last, or start connecting again".to_owned(),
            F::Declined(_) => of(Reason::Declined),
            F::WrongUser { .. } => format!(
                "{}; where the other user should not keep the app, {}",
                of(Reason::WrongUser),
                words.remove
            ),
            F::Failed(reason) => reason
                .hint_for_attempt(words)
                .unwrap_or_else(|| "connect again".to_owned()),
            F::Unverified(_) => {
                format!("nothing to do: it is retried for an hour; see `greenroom {id} status`")
            }
            F::Stopping => "try again in a moment".to_owned(),
            F::Keys(_) => "run `greenroom doctor`".to_owned(),
        }
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        use ConnectFailure as F;
        let words = self.terms.words;
        let name = words.name;
        match &self.why {
            F::Redirect => {
                let shape = self.terms.redirect.shape();
                write!(out, "The redirect must be {shape}")
            }
            F::NoApp => write!(
                out,
                "Neither the workspace nor this daemon has a {name} app"
            ),
            F::Held(_) => write!(
                out,
                "That {name} user already belongs to another connection"
            ),
            F::Connected => write!(out, "{name} is already connected"),
            F::InProgress => write!(
                out,
                "Another attempt to connect {name} is being finished right now"
            ),
            F::Gone => write!(out, "This attempt to connect {name} has ended"),
            F::State => write!(
                out,
                "The answer does not belong to this attempt to connect {name}"
            ),
            F::Declined(None) => write!(out, "Access was declined at {name}"),
            F::Declined(Some(why)) => write!(out, "Access was declined at {name}: {why}"),
            F::RefusedByProvider(why) => {
                write!(out, "Couldn't connect {name}: {name} answered {why}")
            }
            F::WrongUser { got, expected } => {
                write!(
                    out,
                    "{name} user {got} approved, but {expected} was expected"
                )
            }
            F::Failed(reason) => write!(out, "Couldn't connect {name}: {}", reason.text(words)),
            F::Unverified(reason) => write!(
                out,
                "Approved in {name}, but the {name} user could not be looked up yet: {}",
                reason.text(words)
            ),
            F::Stopping => write!(out, "Couldn't connect {name}: the daemon is stopping"),
            F::Keys(error) => write!(out, "Couldn't connect {name}: {error}"),
        }
    }
}

impl fmt::Debug for ConnectError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.why.fmt(out)
    }
}

impl std::error::Error for ConnectError {}

impl From<VaultError> for ConnectFailure {
    fn from(error: VaultError) -> Self {
        Self::Keys(Arc::new(error))
    }
}

impl From<StoreError> for ConnectFailure {
    fn from(error: StoreError) -> Self {
        VaultError::from(error).into()
    }
}

impl From<ConnectError> for Error {
    fn from(error: ConnectError) -> Self {
        Self::new(error.kind(), error.to_string()).hint(error.hint())
    }
}

/// What is kept of a text from outside.
pub(crate) fn printable(text: &str) -> String {
    text::printable(text, LONGEST_TEXT)
}
