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
    /// The provider ends the grants of an app in testing after days.
    TestingApp,
    /// The access was limited in time when it was given.
    TimeLimited,
    /// The keys were not used for as long as the provider keeps them.
    Unused,
    /// The user's password changed or was reset.
    PasswordChanged,
    /// The password changed, or the access was removed: the provider does not say which.
    PasswordOrRemoved,
    /// A second factor is wanted now that was not given at the consent.
    MfaRequired,
    /// A rule of the organization about sign-ins refuses the keys.
    ConditionalAccess,
    /// Consent to what is asked for is missing, or was withdrawn.
    ConsentMissing,
    /// Only an administrator may consent.
    AdminConsent,
    /// An administrator's rule keeps the app out.
    AdminPolicy,
    /// The user belongs to another organization than the app serves.
    OutsideOrganization,
    /// The app is not for this user.
    AppNotForUser,
    /// The provider knows no such app there.
    AppUnknown,
    /// The provider knows no such organization.
    TenantUnknown,
    /// The app has another redirect address than the client's.
    RedirectWrong,
    /// The app is registered as another kind of client.
    ClientKind,
    /// The organization does not have the service the keys are for.
    ResourceMissing,
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
    /// Connected, but not for this.
    NotGranted,
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
            Self::NotGranted => format!("{name} is connected without the permission this needs"),
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
            Self::NotGranted => Some(format!("connect {} again and allow it", words.name)),
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
    pub const ALL: [Self; 37] = [
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
        Self::TestingApp,
        Self::TimeLimited,
        Self::Unused,
        Self::PasswordChanged,
        Self::PasswordOrRemoved,
        Self::MfaRequired,
        Self::ConditionalAccess,
        Self::ConsentMissing,
        Self::AdminConsent,
        Self::AdminPolicy,
        Self::OutsideOrganization,
        Self::AppNotForUser,
        Self::AppUnknown,
        Self::TenantUnknown,
        Self::RedirectWrong,
        Self::ClientKind,
        Self::ResourceMissing,
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
            Self::TestingApp => {
                format!("{name} ended the connection after days, as it does for apps in testing")
            }
            Self::TimeLimited => {
                "the access was given for a limited time, which is over".to_owned()
            }
            Self::Unused => "the connection was not used for too long".to_owned(),
            Self::PasswordChanged => format!("the password of the {name} user changed"),
            Self::PasswordOrRemoved => format!(
                "{name} ended the connection: the password changed, or the access was removed"
            ),
            Self::MfaRequired => format!("{name} now asks this user for a second factor"),
            Self::ConditionalAccess => {
                format!("a sign-in rule of the organization at {name} refuses the connection")
            }
            Self::ConsentMissing => format!("{name} no longer has the consent that is needed"),
            Self::AdminConsent => format!("only a {name} admin can approve what the app asks for"),
            Self::AdminPolicy => format!("a rule of the {name} admin keeps the app out"),
            Self::OutsideOrganization => {
                format!("that {name} user is outside the organization the app is for")
            }
            Self::AppNotForUser => format!("the app is not for this {name} user"),
            Self::AppUnknown => format!("{name} knows no app with this client id"),
            Self::TenantUnknown => format!("{name} knows no such organization"),
            Self::RedirectWrong => "the app's redirect address is another one".to_owned(),
            Self::ClientKind => "the app is registered as another kind of client".to_owned(),
            Self::ResourceMissing => {
                format!("the organization at {name} does not have the service this needs")
            }
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
            Self::TestingApp => "testing-app",
            Self::TimeLimited => "time-limited",
            Self::Unused => "unused",
            Self::PasswordChanged => "password-changed",
            Self::PasswordOrRemoved => "password-or-removed",
            Self::MfaRequired => "mfa-required",
            Self::ConditionalAccess => "conditional-access",
            Self::ConsentMissing => "consent-missing",
            Self::AdminConsent => "admin-consent",
            Self::AdminPolicy => "admin-policy",
            Self::OutsideOrganization => "outside-organization",
            Self::AppNotForUser => "app-not-for-user",
            Self::AppUnknown => "app-unknown",
            Self::TenantUnknown => "tenant-unknown",
            Self::RedirectWrong => "redirect-wrong",
            Self::ClientKind => "client-kind",
            Self::ResourceMissing => "resource-missing",
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
            Self::TestingApp => {
                "ask an admin to take the app out of testing, then reconnect".to_owned()
            }
            Self::TimeLimited
            | Self::Unused
            | Self::PasswordChanged
            | Self::PasswordOrRemoved
            | Self::MfaRequired
            | Self::ConsentMissing => "reconnect".to_owned(),
            Self::ConditionalAccess => format!(
                "reconnect from this machine; if it is refused again, ask your {name} admin to \
                 exempt the app from the rule"
            ),
            Self::AdminConsent | Self::AdminPolicy => {
                format!("request approval from your {name} admin, then connect again")
            }
            Self::OutsideOrganization | Self::AppNotForUser => {
                format!("sign in as a user of the organization, or ask your {name} admin")
            }
            Self::AppUnknown | Self::TenantUnknown => {
                format!("an admin checks the workspace's {name} app: Settings, {name} app")
            }
            Self::RedirectWrong | Self::ClientKind => {
                format!("an admin corrects the app's registration at {name}, then connect again")
            }
            Self::ResourceMissing => format!("ask your {name} admin which services you have"),
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
