//! Owns why a call to a provider's API came to nothing, in a closed set: what a person reads of it,
//! what they can do, and when it is worth asking again. Nothing of the provider's words gets here.

use greenroom_protocol::time::Instant;
use reqwest::header::HeaderMap;

use super::reason::{Reason, Unavailable, Words};
use super::wire::http::NoReply;
use super::{believed, retry_after};

/// How long one waits who is asked to wait and not for how long, in seconds: quotas are a minute's.
const USUAL_WAIT: i64 = 60;

/// Why there is no answer that can be used.
#[derive(Debug, Clone)]
pub enum Unanswered {
    /// There are no keys for it, or none is taken.
    Keys(Unavailable),
    /// It is asked too often.
    Limited {
        /// When to ask again at the earliest.
        until: Instant,
    },
    /// The API is switched off for the app.
    ApiOff,
    /// The account has no mailbox, and so no calendar, there.
    NoMailbox,
    /// It refuses for a reason of its own, with this HTTP status.
    Refused(u16),
    /// There was no answer.
    NoReply(NoReply),
    /// It has trouble of its own, or its answer cannot be read.
    Trouble,
}

impl From<Unavailable> for Unanswered {
    fn from(why: Unavailable) -> Self {
        Self::Keys(why)
    }
}

impl Unanswered {
    /// It is asked too often, and says in these headers, or not, when to ask again.
    #[must_use]
    pub fn limited(headers: &HeaderMap, now: Instant) -> Self {
        let until = retry_after(headers, now);
        let until = until.unwrap_or_else(|| now.plus_seconds(USUAL_WAIT));
        Self::Limited {
            until: believed(until, now),
        }
    }

    /// Why, as a sentence without its full stop.
    #[must_use]
    pub fn text(&self, words: &Words) -> String {
        let name = words.name;
        match self {
            Self::Keys(why) => why.text(words),
            Self::Limited { .. } => Reason::Limited.text(words),
            Self::ApiOff => format!("the calendar API is switched off in the {name} app's project"),
            Self::NoMailbox => format!("the account has no mailbox at {name}"),
            Self::Refused(status) => format!("{name} refused (HTTP {status})"),
            Self::NoReply(NoReply::NotSent(cause) | NoReply::Lost(cause)) => cause.text(name),
            Self::Trouble => Reason::ProviderTrouble.text(words),
        }
    }

    /// What to do next, where there is something.
    #[must_use]
    pub fn hint(&self, words: &Words) -> Option<String> {
        Some(match self {
            Self::Keys(why) => return why.hint(words),
            Self::ApiOff => {
                "enable the Google Calendar API in the app's project (APIs & Services, Library)"
                    .to_owned()
            }
            Self::NoMailbox => "use the account of somebody with a mailbox there".to_owned(),
            Self::Refused(_) => "run `greenroom doctor`".to_owned(),
            Self::Limited { .. } | Self::NoReply(_) | Self::Trouble => return None,
        })
    }

    /// The reason for programs: one short word that stays.
    #[must_use]
    pub fn code(&self, words: &Words) -> &'static str {
        match self {
            Self::Keys(Unavailable::NotConnected) => "not-connected",
            Self::Keys(Unavailable::NotGranted) => Reason::ScopeMissing.code(words),
            Self::Keys(
                Unavailable::ReconnectRequired(reason) | Unavailable::Retrying { reason, .. },
            ) => reason.code(words),
            Self::Keys(Unavailable::Stopping) => "stopping",
            Self::Keys(Unavailable::Keys(_)) => Reason::VaultKey.code(words),
            Self::Limited { .. } => Reason::Limited.code(words),
            Self::ApiOff => "api-off",
            Self::NoMailbox => "no-mailbox",
            Self::Refused(_) => "refused",
            Self::NoReply(_) => Reason::Unreachable.code(words),
            Self::Trouble => Reason::ProviderTrouble.code(words),
        }
    }

    /// Whether it stays so until somebody does something.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        match self {
            Self::Keys(why) => matches!(
                why,
                Unavailable::NotConnected
                    | Unavailable::NotGranted
                    | Unavailable::ReconnectRequired(_)
            ),
            Self::ApiOff | Self::NoMailbox | Self::Refused(_) => true,
            Self::Limited { .. } | Self::NoReply(_) | Self::Trouble => false,
        }
    }

    /// When it is worth asking again at the earliest, where that is known.
    #[must_use]
    pub fn not_before(&self) -> Option<Instant> {
        match self {
            Self::Limited { until } => Some(*until),
            Self::Keys(Unavailable::Retrying { next, .. }) => Some(*next),
            _ => None,
        }
    }
}
