//! ★ Refusals of a message that are about the account it leaves by: it may not send from that
//! address, has sent too much, or may not send at all. Pure.
//!
//! None of them is the message's fault or its reader's: it waits, and leaves once that is put in
//! order. Must not be asked about answers to a log-in, which are `refusal`'s.
//!
//! Sources:
//! - Exchange Online: <https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online>
//! - Gmail: <https://support.google.com/a/answer/3726730> and, for its limits,
//!   <https://support.google.com/a/answer/166852>

use super::blame;
use super::wire::Failure;

/// Words for having sent too much, of Gmail and of other servers.
const LIMIT: &[&str] = &[
    "sending limit",
    "sending quota",
    "rate limit",
    "too many messages",
];

/// Exchange's codes for the same: a day's recipients, and those outside the organization.
const LIMIT_CODES: &[&str] = &["5.1.90", "5.7.232", "5.7.233"];

/// Why an account sends nothing at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mail) enum Held {
    /// It may not send from this address.
    SendAs,
    /// It has sent as much as it may for now.
    Limit,
    /// It may not send at all.
    Blocked,
}

impl Held {
    /// What a server that takes messages says of the account in a refusal for good; `None`: it is
    /// about something else.
    pub fn of_smtp(words: &str) -> Option<Self> {
        let said = words.to_ascii_lowercase();
        let has = |known: &[&str]| blame::codes(&said).any(|code| known.contains(&code));
        match () {
            () if said.contains("sendasdenied") || has(&["5.2.252"]) => Some(Self::SendAs),
            () if said.contains("bad outbound sender") => Some(Self::Blocked),
            () if LIMIT.iter().any(|it| said.contains(it)) || has(LIMIT_CODES) => Some(Self::Limit),
            () => None,
        }
    }

    /// Why, and what to do about it. `user` is who logs in; empty: nobody.
    pub fn failure(self, user: &str) -> Failure {
        let who = match user {
            "" => "this account",
            user => user,
        };
        let (text, hint) = match self {
            Self::SendAs => (
                format!("{who} may not send from that address"),
                "set the address emails come from to the account's own, or have an Exchange \
                 administrator give it the right Send As",
            ),
            Self::Limit => (
                format!("{who} has sent as much as its mail system allows for now"),
                "it is sent as soon as the mail system takes more; its administrator knows the \
                 limit",
            ),
            Self::Blocked => (
                "Microsoft has stopped this mailbox from sending".to_owned(),
                "a Microsoft 365 administrator finds it in the Defender portal: Email & \
                 collaboration, Review, Restricted entities",
            ),
        };
        Failure::Told {
            text,
            hint: Some(hint.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each as the system says it, the trailing names of machines cut.
    #[test]
    fn what_is_about_the_account_is_told_from_what_is_about_the_email() {
        for (words, expected) in [
            (
                "554 5.2.252 SendAsDenied; interviews@acme.example not allowed to send as hr@acme.example",
                Some(Held::SendAs),
            ),
            (
                "550 5.4.5 Daily user sending limit exceeded. For more information on Gmail 5.4.5 sending limits go to",
                Some(Held::Limit),
            ),
            (
                "550 5.4.5 Daily SMTP relay sending quota exceeded for customer.",
                Some(Held::Limit),
            ),
            (
                "554 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients",
                Some(Held::Limit),
            ),
            (
                "550 5.7.233 Your message can't be sent because your tenant exceeded its tenant external recipient rate limit",
                Some(Held::Limit),
            ),
            (
                "550 5.1.8 Access denied, bad outbound sender AS(42004)",
                Some(Held::Blocked),
            ),
            (
                "553 5.1.8 <x@acme.example>: Sender address rejected: Domain not found",
                None,
            ),
            ("550 5.1.1 no such user here", None),
            ("552 5.2.2 mailbox is full", None),
            ("552 5.3.4 Message size exceeds fixed limit", None),
            ("550 5.7.1 Unable to relay", None),
        ] {
            assert_eq!(Held::of_smtp(words), expected, "{words}");
        }
    }
}
