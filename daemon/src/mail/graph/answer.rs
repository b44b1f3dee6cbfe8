//! ★ What an answer of Graph means for email: pure functions over status, headers and bytes.
//!
//! Refused is only what Graph itself refused; what something between us and Graph answers, or an
//! error of Graph's own, leaves open what became of a message. Sources:
//! <https://learn.microsoft.com/graph/errors>, <https://learn.microsoft.com/graph/throttling-limits>,
//! <https://learn.microsoft.com/graph/api/user-sendmail>.

use greenroom_protocol::time::Instant;
use serde::Deserialize;

use crate::grants::{Reply, believed, retry_after};
use crate::mail::refusal::Refusal;
use crate::mail::sender::Held;
use crate::mail::wire::Failure;
use crate::outbox::Handed;

/// Of a refusal no more is read, in bytes.
const MOST_BYTES: usize = 64 << 10;

/// How long one waits who is to wait and does not hear how long, in seconds.
const USUAL_WAIT: i64 = 60;

/// The longest that one waits, in seconds: Exchange counts over ten minutes.
const LONGEST_WAIT: i64 = 60 * 60;

/// Why Graph did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The access token is not taken.
    Token,
    /// It is asked too often, or is busy; nothing happened there.
    Limited {
        /// When to ask again at the earliest.
        until: Instant,
    },
    /// A permission is missing.
    Permission,
    /// The account has no mailbox at Exchange Online.
    NoMailbox,
    /// The account may not send from this address.
    SendAs,
    /// The mailbox may not send at all.
    Blocked,
    /// The message is too large.
    TooLarge,
    /// The recipient's address is none.
    Recipient,
    /// It does not take the message as it is.
    Content,
    /// What is asked for is not there.
    Gone,
    /// The folder's changes are not known from there on.
    Resync,
    /// It refuses for a reason of its own.
    Other(u16),
    /// It may have been done: there is no answer that says.
    Unclear(String),
}

#[derive(Deserialize)]
struct Body {
    error: Error,
}

#[derive(Deserialize)]
struct Error {
    code: String,
}

/// What an answer other than the expected one means.
pub fn refused(reply: &Reply, now: Instant) -> Refused {
    let body = Some(&reply.body[..]).filter(|body| body.len() <= MOST_BYTES);
    let body = body.and_then(|body| serde_json::from_slice::<Body>(body).ok());
    let code = body.map(|body| body.error.code.to_ascii_lowercase());
    let named = code.as_deref().and_then(named);
    let limited = || {
        let until = retry_after(&reply.headers, now);
        let until = until.unwrap_or_else(|| now.plus_seconds(USUAL_WAIT));
        Refused::Limited {
            until: believed(until, now).min(now.plus_seconds(LONGEST_WAIT)),
        }
    };
    match (reply.status, named) {
        (401, _) => Refused::Token,
        (429, _) => limited(),
        // Only with Graph's own words, else it is a page of something in between.
        (503, _) if code.is_some() => limited(),
        (410, _) => Refused::Resync,
        (413, _) => Refused::TooLarge,
        (400..=499, Some(named)) => named,
        (403, None) if code.is_some() => Refused::Permission,
        (404, None) if code.is_some() => Refused::Gone,
        (status @ 400..=499, _) if code.is_some() => Refused::Other(status),
        (408, _) => Refused::Unclear("Microsoft answered with HTTP 408".to_owned()),
        (status @ 400..=499, _) => Refused::Other(status),
        (status, _) => Refused::Unclear(format!("Microsoft answered with HTTP {status}")),
    }
}

/// What a code means whatever the status beside it. In lower case: Graph writes some in both.
fn named(code: &str) -> Option<Refused> {
    Some(match code {
        "errorsendasdenied" => Refused::SendAs,
        "erroraccessdenied" | "authorization_requestdenied" | "accessdenied" => Refused::Permission,
        "mailboxnotenabledforrestapi"
        | "mailboxnotsupportedforrestapi"
        | "errornonexistentmailbox"
        | "resourcenotfound" => Refused::NoMailbox,
        "errormessagesubmissionblocked"
        | "erroraccountsuspend"
        | "erroraccountsuspendshowtierupgrade" => Refused::Blocked,
        "errormessagesizeexceeded" | "errorrequesttoolarge" => Refused::TooLarge,
        "errorinvalidrecipients" => Refused::Recipient,
        "errormimecontentinvalid"
        | "errormimecontentinvalidbase64string"
        | "errormimecontentconversionfailed" => Refused::Content,
        "erroritemnotfound" | "errorfoldernotfound" => Refused::Gone,
        "syncstatenotfound"
        | "syncstateinvalid"
        | "resyncrequired"
        | "errorinvalidsyncstatedata" => Refused::Resync,
        _ => return None,
    })
}

impl Refused {
    /// Why, and what to do about it. `user` is the account's address.
    pub fn failure(self, user: &str) -> Failure {
        let told = |text: &str, hint: &str| Failure::Told {
            text: text.to_owned(),
            hint: Some(hint.to_owned()).filter(|hint| !hint.is_empty()),
        };
        match self {
            Self::Token => Failure::LogIn(Refusal::Token),
            Self::Limited { .. } => told("Microsoft limits how often it may be asked", ""),
            Self::Permission => told(
                "Microsoft does not allow this with the permissions of the account",
                "reconnect Microsoft with every permission for email",
            ),
            Self::NoMailbox => told(
                "the account has no mailbox at Exchange Online",
                "use the account of a mailbox there, or have a Microsoft 365 administrator give \
                 this one a licence",
            ),
            Self::SendAs => Held::SendAs.failure(user),
            Self::Blocked => Held::Blocked.failure(user),
            Self::TooLarge => told("the email is too large for Microsoft Graph", ""),
            Self::Recipient => told("Microsoft does not take the recipient's address", ""),
            Self::Content => told("Microsoft cannot read the email", ""),
            Self::Gone => told(
                "Microsoft does not have the folder or the email",
                "check the folder that replies are read from",
            ),
            Self::Resync => told("Microsoft does not know any more how far was read", ""),
            Self::Other(status) => told(&format!("Microsoft refused (HTTP {status})"), ""),
            Self::Unclear(why) => told(&why, ""),
        }
    }

    /// What it says of a message that was to be sent. What is wrong with the account or its mailbox
    /// is never the message's fault.
    pub fn of_message(&self, why: String) -> Handed {
        match self {
            Self::Limited { until } => Handed::NotBefore { until: *until, why },
            Self::Unclear(_) => Handed::Unknown(why),
            Self::Recipient => Handed::Refused { why, address: true },
            Self::TooLarge | Self::Content => Handed::Refused {
                why,
                address: false,
            },
            Self::Token
            | Self::Permission
            | Self::NoMailbox
            | Self::SendAs
            | Self::Blocked
            | Self::Gone
            | Self::Resync
            | Self::Other(_) => Handed::NotTaken(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderValue};
    use zeroize::Zeroizing;

    use super::*;

    fn noon() -> Instant {
        Instant::from_second(1_800_014_400)
    }

    fn reply(status: u16, body: &str) -> Reply {
        Reply {
            status,
            headers: HeaderMap::new(),
            body: Zeroizing::new(body.as_bytes().to_vec()),
        }
    }

    fn error(status: u16, code: &str) -> Reply {
        let body = format!(r#"{{"error":{{"code":"{code}","message":"m","innerError":{{}}}}}}"#);
        reply(status, &body)
    }

    #[test]
    fn every_refusal_has_its_meaning() {
        for (reply, expected) in [
            (error(401, "InvalidAuthenticationToken"), Refused::Token),
            (error(403, "ErrorAccessDenied"), Refused::Permission),
            (error(403, "Forbidden"), Refused::Permission),
            (error(403, "ErrorSendAsDenied"), Refused::SendAs),
            (
                error(404, "MailboxNotEnabledForRESTAPI"),
                Refused::NoMailbox,
            ),
            (error(404, "ErrorItemNotFound"), Refused::Gone),
            (error(413, "RequestEntityTooLarge"), Refused::TooLarge),
            (reply(413, "<html>"), Refused::TooLarge),
            (error(400, "ErrorMessageSizeExceeded"), Refused::TooLarge),
            (error(400, "ErrorInvalidRecipients"), Refused::Recipient),
            (
                error(400, "ErrorMimeContentInvalidBase64String"),
                Refused::Content,
            ),
            (error(410, "SyncStateNotFound"), Refused::Resync),
            (error(400, "syncStateNotFound"), Refused::Resync),
            (error(400, "RequestBodyRead"), Refused::Other(400)),
            (
                error(403, "ErrorMessageSubmissionBlocked"),
                Refused::Blocked,
            ),
            (reply(407, "a proxy"), Refused::Other(407)),
        ] {
            assert_eq!(refused(&reply, noon()), expected, "{}", reply.status);
        }
    }

    /// A gateway that gave up says nothing of the message behind it.
    #[test]
    fn what_may_have_been_done_is_not_called_refused() {
        for reply in [
            error(500, "ErrorInternalServerError"),
            reply(502, "<html>"),
            reply(503, "<html>"),
            error(504, "GatewayTimeout"),
            reply(408, ""),
            reply(200, ""),
            reply(302, ""),
        ] {
            let refused = refused(&reply, noon());
            assert!(matches!(refused, Refused::Unclear(_)), "{}", reply.status);
            let handed = refused.of_message("why".to_owned());
            assert_eq!(handed, Handed::Unknown("why".to_owned()));
        }
    }

    #[test]
    fn a_limit_lasts_as_long_as_it_says_within_reason() {
        let limited = |status, wait: Option<&'static str>| {
            let mut reply = error(status, "ApplicationThrottled");
            if let Some(wait) = wait {
                let wait = HeaderValue::from_static(wait);
                reply.headers.insert("Retry-After", wait);
            }
            match refused(&reply, noon()) {
                Refused::Limited { until } => until.since(noon()).as_secs(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(limited(429, Some("90")), 90);
        assert_eq!(limited(503, Some("90")), 90);
        assert_eq!(limited(429, None), USUAL_WAIT);
        assert_eq!(limited(429, Some("4000000000")), LONGEST_WAIT);
    }
}
