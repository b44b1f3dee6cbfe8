//! Owns why a connection stands as it does: a closed set, each with what a person reads and what
//! they can do. Nothing of Zoom's own text gets here, so nothing hostile and nothing secret can.

use serde::{Deserialize, Serialize};

use crate::grants::wire::skew::Skew;

/// Why a connection is not simply connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The person declined at Zoom.
    Declined,
    /// The person or an admin ended the attempt.
    Cancelled,
    /// Nothing came back within ten minutes.
    Expired,
    /// Zoom did not accept the code.
    CodeRefused,
    /// Another Zoom user answered than the one expected.
    WrongZoomUser,
    /// That Zoom user belongs to another connection.
    HeldElsewhere,
    /// Disconnected here.
    Revoked,
    /// Zoom ended the grant: connected again elsewhere, or the app was removed.
    ReplacedElsewhere,
    /// Zoom rotated the keys and its answer never arrived.
    AnswerLost,
    /// Zoom does not accept the app's client id or secret.
    SecretWrong,
    /// The app, or its approval, was switched off.
    AppDisabled,
    /// The Zoom user to whom the keys belong is not in the Zoom account any more.
    UserGone,
    /// A permission that is needed was not granted.
    ScopeMissing,
    /// The stored keys do not open with this vault key.
    VaultKey,
    /// Zoom cannot be reached.
    Unreachable,
    /// Zoom limits how often it may be asked.
    Limited,
    /// Zoom answers with errors.
    ZoomTrouble,
    /// This machine's clock is far from Zoom's, and what Zoom says contradicts itself by it.
    ClockWrong,
    /// A Zoom admin was asked to approve the app.
    ApprovalAwaited,
    /// Somebody else could connect with the app that had to be approved.
    Approved,
}

impl Reason {
    /// Every one of them.
    pub const ALL: [Self; 20] = [
        Self::Declined,
        Self::Cancelled,
        Self::Expired,
        Self::CodeRefused,
        Self::WrongZoomUser,
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
        Self::ZoomTrouble,
        Self::ClockWrong,
        Self::ApprovalAwaited,
        Self::Approved,
    ];

    /// Why something fresh was refused as if it had ended: the clock explains it, where it is far
    /// from Zoom's.
    #[must_use]
    pub(crate) fn unless_the_clock_is_wrong(self, skew: Option<Skew>) -> Self {
        match skew {
            Some(skew) if skew.matters() => Self::ClockWrong,
            _ => self,
        }
    }

    /// What a number of Zoom's about a token or an app means, wherever it stands; `None` where it
    /// says nothing of its own. Source: Zoom's OAuth error messages.
    #[must_use]
    pub(crate) const fn of_token_code(code: Option<u64>) -> Option<Self> {
        Some(match code {
            Some(4702 | 4704) => Self::SecretWrong,
            // The token's scopes are no longer the app's.
            Some(4711) => Self::ScopeMissing,
            Some(4717 | 4738) => Self::AppDisabled,
            Some(4735) => Self::UserGone,
            // Not found, used too often, superseded by a later consent.
            Some(4737 | 4740 | 4741) => Self::ReplacedElsewhere,
            _ => return None,
        })
    }

    /// What a person reads.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Declined => "access was declined at Zoom",
            Self::Cancelled => "the attempt was cancelled",
            Self::Expired => "nothing came back from Zoom within ten minutes",
            Self::CodeRefused => "Zoom did not accept the authorization code",
            Self::WrongZoomUser => "another Zoom user answered than the one expected",
            Self::HeldElsewhere => "that Zoom user belongs to another connection",
            Self::Revoked => "disconnected",
            Self::ReplacedElsewhere => {
                "Zoom ended the connection: replaced elsewhere, or the app was removed in Zoom"
            }
            Self::AnswerLost => {
                "an answer was lost: Zoom changed the keys and we never saw the new ones"
            }
            Self::SecretWrong => "Zoom does not accept the app's client id or secret",
            Self::AppDisabled => "the app or its approval was switched off in Zoom",
            Self::UserGone => "the Zoom user was removed from their Zoom account",
            Self::ScopeMissing => "a permission that is needed was not granted",
            Self::VaultKey => "the stored keys do not open with this daemon's vault key",
            Self::Unreachable => "Zoom cannot be reached",
            Self::Limited => "Zoom limits how often it may be asked",
            Self::ZoomTrouble => "Zoom answers with errors",
            Self::ClockWrong => "this machine's clock is far from Zoom's",
            Self::ApprovalAwaited => "a Zoom admin has to approve the app first",
            Self::Approved => "the app was approved: a colleague could connect with it",
        }
    }

    /// The reason in a word that stays: what programs branch on.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::CodeRefused => "code-refused",
            Self::WrongZoomUser => "wrong-zoom-user",
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
            Self::ZoomTrouble => "zoom-trouble",
            Self::ClockWrong => "clock-wrong",
            Self::ApprovalAwaited => "approval-awaited",
            Self::Approved => "approved",
        }
    }

    /// What to do next, where there is something.
    #[must_use]
    pub const fn hint(self) -> Option<&'static str> {
        Some(match self {
            Self::Declined => "connect again and choose Allow",
            Self::Cancelled | Self::Expired | Self::CodeRefused => "connect again",
            Self::WrongZoomUser => {
                "sign in at Zoom as the expected user, or set the member's Zoom address"
            }
            Self::HeldElsewhere => {
                "disconnect it there first, or enter the meeting's link and passcode manually"
            }
            Self::Revoked => return None,
            Self::ReplacedElsewhere | Self::AnswerLost => {
                "reconnect; booked meetings keep their links"
            }
            Self::SecretWrong => {
                "an admin sets the workspace's Zoom app again; nobody has to reconnect for that"
            }
            Self::AppDisabled => "ask your Zoom admin to approve the app again, then reconnect",
            Self::UserGone => {
                "ask your Zoom admin; with another Zoom user, change the member's Zoom email and reconnect"
            }
            Self::ScopeMissing => "add the permission to the Zoom app, then reconnect",
            Self::VaultKey => "restore the vault key, or disconnect and connect again",
            Self::Unreachable | Self::Limited | Self::ZoomTrouble => {
                "nothing to do: it is retried automatically"
            }
            Self::ClockWrong => "set this machine's clock; it is retried automatically",
            Self::ApprovalAwaited => "try again once approved; everyone waiting is notified",
            Self::Approved => "connect now",
        })
    }

    /// What to do next where it ended an attempt to connect: that is not tried again by itself.
    #[must_use]
    pub const fn hint_for_attempt(self) -> Option<&'static str> {
        match self {
            Self::Unreachable | Self::Limited | Self::ZoomTrouble => {
                Some("connect again in a few minutes")
            }
            Self::AnswerLost | Self::ReplacedElsewhere => Some("connect again"),
            Self::ClockWrong => Some("set this machine's clock, then connect again"),
            other => other.hint(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_word_that_is_stored() {
        for reason in Reason::ALL {
            let stored = serde_json::to_value(reason).unwrap();
            assert_eq!(stored, reason.code());
            assert!(!reason.text().ends_with('.'), "{}", reason.text());
        }
        let mut codes = Reason::ALL.map(Reason::code);
        codes.sort_unstable();
        assert!(codes.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
