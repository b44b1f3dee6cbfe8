//! Owns why a connection stands as it does: a closed set, each with what a person reads and what
//! they can do. Nothing of a provider's answers gets here, so nothing hostile and nothing secret
//! can.

use std::sync::Arc;

use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use super::wire::skew::Skew;
use crate::vault::VaultError;

/// Why a connection is not simply connected. The stored words are older than the second provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The person declined at the provider.
    Declined,
    /// The person or an admin ended the attempt.
    Cancelled,
    /// Nothing came back within ten minutes.
    Expired,
    /// The provider did not accept the code.
    CodeRefused,
    /// Another user answered than the one expected.
    #[serde(rename = "wrong-zoom-user")]
    WrongUser,
    /// That user belongs to another connection.
    HeldElsewhere,
    /// Disconnected here.
    Revoked,
    /// The provider ended the grant: connected again elsewhere, or the app was removed.
    ReplacedElsewhere,
    /// The provider rotated the keys and its answer never arrived.
    AnswerLost,
    /// The provider does not accept the app's client id or secret.
    SecretWrong,
    /// The app, or its approval, was switched off.
    AppDisabled,
    /// The user to whom the keys belong is not in their account any more.
    UserGone,
    /// A permission that is needed was not granted.
    ScopeMissing,
    /// The stored keys do not open with this vault key.
    VaultKey,
    /// The provider cannot be reached.
    Unreachable,
    /// The provider limits how often it may be asked.
    Limited,
    /// The provider answers with errors.
    #[serde(rename = "zoom-trouble")]
    ProviderTrouble,
    /// This machine's clock is far from the provider's, and what it says contradicts itself by it.
    ClockWrong,
    /// An administrator at the provider was asked to approve the app.
    ApprovalAwaited,
    /// Somebody else could connect with the app that had to be approved.
    Approved,
}

/// What people read of a provider.
pub struct Words {
    /// Its name.
    pub name: &'static str,
    /// Where a person removes the app themselves, as an order.
    pub remove: &'static str,
    /// How to go on without a connection.
    pub without: &'static str,
    /// What it says in its own words. The rest is said for every provider alike.
    pub own: fn(Reason) -> Own,
}

/// A provider's own words for a reason, where it has them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Own {
    /// What programs branch on.
    pub code: Option<&'static str>,
    /// What a person reads.
    pub text: Option<&'static str>,
    /// What to do next.
    pub hint: Option<&'static str>,
}

/// Why there is no access token.
#[derive(Debug, Clone)]
pub enum Unavailable {
    /// Not connected.
    NotConnected,
    /// The grant is gone.
    ReconnectRequired(Reason),
    /// It is retried automatically.
    Retrying {
        /// What is in the way.
        reason: Reason,
        /// When it is tried next.
        next: Instant,
    },
    /// The daemon is stopping.
    Stopping,
    /// The keys could not be read or written.
    Keys(Arc<VaultError>),
}

impl Unavailable {
    /// Why, as a sentence.
    #[must_use]
    pub fn text(&self, words: &Words) -> String {
        let name = words.name;
        match self {
            Self::NotConnected => format!("{name} is not connected"),
            Self::ReconnectRequired(reason) => {
                format!("{name} must be reconnected: {}", reason.text(words))
            }
            Self::Retrying { reason, .. } => {
                format!("{name} is not available for now: {}", reason.text(words))
            }
            Self::Stopping => "the daemon is stopping".to_owned(),
            Self::Keys(error) => error.to_string(),
        }
    }

    /// What to do next, where there is something.
    #[must_use]
    pub fn hint(&self, words: &Words) -> Option<String> {
        match self {
            Self::NotConnected => Some(format!("connect {}, or {}", words.name, words.without)),
            Self::ReconnectRequired(reason) | Self::Retrying { reason, .. } => reason.hint(words),
            Self::Stopping => Some("try again in a moment".to_owned()),
            Self::Keys(_) => Some("run `greenroom doctor`".to_owned()),
        }
    }
}

impl From<VaultError> for Unavailable {
    fn from(error: VaultError) -> Self {
        Self::Keys(Arc::new(error))
    }
}

impl Reason {
    /// Every one of them.
    pub const ALL: [Self; 20] = [
        Self::Declined,
        Self::Cancelled,
        Self::Expired,
        Self::CodeRefused,
        Self::WrongUser,
        Self::HeldElsewhere,
        Self::Revoked,
        Self::ReplacedElsewhere,
        Self::AnswerLost,
        Self::SecretWrong,
        Self::AppDisabled,
        Self::UserGone,
        Self::ScopeMissing,
        Self::VaultKey,
        Self::Unreachable,
        Self::Limited,
        Self::ProviderTrouble,
        Self::ClockWrong,
        Self::ApprovalAwaited,
        Self::Approved,
    ];

    /// Why something fresh was refused as if it had ended: the clock explains it, where it is far
    /// from the provider's.
    #[must_use]
    pub(crate) fn unless_the_clock_is_wrong(self, skew: Option<Skew>) -> Self {
        match skew {
            Some(skew) if skew.matters() => Self::ClockWrong,
            _ => self,
        }
    }

    /// What a person reads.
    #[must_use]
    pub fn text(self, words: &Words) -> String {
        let name = words.name;
        if let Some(text) = (words.own)(self).text {
            return text.to_owned();
        }
        match self {
            Self::Declined => format!("access was declined at {name}"),
            Self::Cancelled => "the attempt was cancelled".to_owned(),
            Self::Expired => format!("nothing came back from {name} within ten minutes"),
            Self::CodeRefused => format!("{name} did not accept the authorization code"),
            Self::WrongUser => format!("another {name} user answered than the one expected"),
            Self::HeldElsewhere => format!("that {name} user belongs to another connection"),
            Self::Revoked => "disconnected".to_owned(),
            Self::ReplacedElsewhere => format!(
                "{name} ended the connection: replaced elsewhere, or the app was removed in {name}"
            ),
            Self::AnswerLost => {
                format!("an answer was lost: {name} changed the keys and we never saw the new ones")
            }
            Self::SecretWrong => format!("{name} does not accept the app's client id or secret"),
            Self::AppDisabled => format!("the app or its approval was switched off in {name}"),
            Self::UserGone => format!("the {name} user was removed from their {name} account"),
            Self::ScopeMissing => "a permission that is needed was not granted".to_owned(),
            Self::VaultKey => "the stored keys do not open with this daemon's vault key".to_owned(),
            Self::Unreachable => format!("{name} cannot be reached"),
            Self::Limited => format!("{name} limits how often it may be asked"),
            Self::ProviderTrouble => format!("{name} answers with errors"),
            Self::ClockWrong => format!("this machine's clock is far from {name}'s"),
            Self::ApprovalAwaited => format!("a {name} admin has to approve the app first"),
            Self::Approved => "the app was approved: a colleague could connect with it".to_owned(),
        }
    }

    /// The reason in a word that stays: what programs branch on.
    #[must_use]
    pub fn code(self, words: &Words) -> &'static str {
        if let Some(code) = (words.own)(self).code {
            return code;
        }
        match self {
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::CodeRefused => "code-refused",
            Self::WrongUser => "wrong-user",
            Self::HeldElsewhere => "held-elsewhere",
            Self::Revoked => "revoked",
            Self::ReplacedElsewhere => "replaced-elsewhere",
            Self::AnswerLost => "answer-lost",
            Self::SecretWrong => "secret-wrong",
            Self::AppDisabled => "app-disabled",
            Self::UserGone => "user-gone",
            Self::ScopeMissing => "scope-missing",
            Self::VaultKey => "vault-key",
            Self::Unreachable => "unreachable",
            Self::Limited => "limited",
            Self::ProviderTrouble => "provider-trouble",
            Self::ClockWrong => "clock-wrong",
            Self::ApprovalAwaited => "approval-awaited",
            Self::Approved => "approved",
        }
    }

    /// What to do next, where there is something.
    #[must_use]
    pub fn hint(self, words: &Words) -> Option<String> {
        let name = words.name;
        if let Some(hint) = (words.own)(self).hint {
            return Some(hint.to_owned());
        }
        Some(match self {
            Self::Declined => "connect again and choose Allow".to_owned(),
            Self::Cancelled | Self::Expired | Self::CodeRefused => "connect again".to_owned(),
            Self::WrongUser => format!("sign in at {name} as the expected user"),
            Self::HeldElsewhere => format!("disconnect it there first, or {}", words.without),
            Self::Revoked => return None,
            Self::ReplacedElsewhere | Self::AnswerLost => "reconnect".to_owned(),
            Self::SecretWrong => format!(
                "an admin sets the workspace's {name} app again; nobody has to reconnect for that"
            ),
            Self::AppDisabled => {
                format!("ask your {name} admin to approve the app again, then reconnect")
            }
            Self::UserGone => format!("ask your {name} admin, then reconnect"),
            Self::ScopeMissing => format!("add the permission to the {name} app, then reconnect"),
            Self::VaultKey => "restore the vault key, or disconnect and connect again".to_owned(),
            Self::Unreachable | Self::Limited | Self::ProviderTrouble => {
                "nothing to do: it is retried automatically".to_owned()
            }
            Self::ClockWrong => "set this machine's clock; it is retried automatically".to_owned(),
            Self::ApprovalAwaited => {
                "try again once approved; everyone waiting is notified".to_owned()
            }
            Self::Approved => "connect now".to_owned(),
        })
    }

    /// What to do next where it ended an attempt to connect: that is not retried automatically.
    #[must_use]
    pub fn hint_for_attempt(self, words: &Words) -> Option<String> {
        let again = match self {
            Self::Unreachable | Self::Limited | Self::ProviderTrouble => {
                "connect again in a few minutes"
            }
            Self::AnswerLost | Self::ReplacedElsewhere => "connect again",
            Self::ClockWrong => "set this machine's clock, then connect again",
            other => return other.hint(words),
        };
        Some(again.to_owned())
    }
}
