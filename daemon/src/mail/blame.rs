//! Whose affair a refusal is: the address's, or ours. Pure.
//!
//! A server that will not relay for us, or does not like our network, our domain or what we wrote,
//! says nothing about the candidate's address: an administrator has to act, and the address stays
//! as good as it was.

/// Words for an address that does not receive, whatever code stands beside them.
const ADDRESS: &[&str] = &[
    "user unknown",
    "unknown user",
    "no such user",
    "no such recipient",
    "no such mailbox",
    "no mailbox here",
    "user not found",
    "recipient not found",
    "mailbox not found",
    "mailbox unavailable",
    "does not exist",
    "doesn't exist",
    "invalid recipient",
    "invalid mailbox",
    "unknown recipient",
    "recipient unknown",
    "unrouteable address",
    "not listed in",
    "recipient address rejected: access denied",
    "mailbox full",
    "mailbox is full",
    "over quota",
    "quota exceeded",
    "account disabled",
    "account is disabled",
    "inactive user",
];

/// Words about who sends, through whom, and what.
const OURS: &[&str] = &[
    "relay",
    "authentication required",
    "must authenticate",
    "not authenticated",
    "please log in",
    "log in first",
    "sender address rejected",
    "sender rejected",
    "sender verify failed",
    "sender not allowed",
    "not allowed to send",
    "not authorized to send",
    "not permitted to send",
    "client host rejected",
    "helo command rejected",
    "ehlo command rejected",
    "reverse dns",
    "ptr record",
    "reverse hostname",
    "spf ",
    "dkim",
    "dmarc",
    "blacklist",
    "blocklist",
    "block list",
    "blocked using",
    "blocked by",
    "spamhaus",
    "barracuda",
    "spamcop",
    "reputation",
    "spam",
    "virus",
    "rate limit",
    "sending limit",
    "sending quota",
    "too many messages",
    "too many recipients",
    "message too big",
    "message too large",
    "exceeds size limit",
    "message size exceeds",
    "starttls",
    "tls required",
];

/// Enhanced codes about who sends or what: wrong sender, too large, protocol, content, security and
/// policy. Source: RFC 3463, 3.
const OUR_CODES: &[&str] = &["5.1.7", "5.1.8", "5.3.4", "5.2.3", "5.5.", "5.6.", "5.7."];

/// Of those, the ones that Exchange gives to recipients who take mail from colleagues only:
/// <https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online>
const CLOSED_CODES: &[&str] = &["5.7.12", "5.7.13", "5.7.17"];

/// Whether a refusal in these words is about us. Where neither words nor code tell, it is about the
/// address.
pub fn is_ours(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|it| text.contains(it));
    match () {
        () if says(&["relay"]) => true,
        () if says(ADDRESS) => false,
        () if says(OURS) => true,
        () => codes(&text).any(|code| {
            let is = |known: &&str| code.starts_with(*known);
            OUR_CODES.iter().any(is) && !CLOSED_CODES.iter().any(is)
        }),
    }
}

/// The enhanced codes of a text: three numbers with dots, of a failure for good.
pub(super) fn codes(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|it: char| !it.is_ascii_digit() && it != '.');
    words.map(|word| word.trim_matches('.')).filter(|word| {
        let mut parts = word.split('.');
        let short = |part: &str| matches!(part.len(), 1..=3);
        parts.next() == Some("5") && parts.clone().count() == 2 && parts.all(short)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Case M6: a refusal that is not the candidate's.
    #[test]
    fn what_is_about_our_server_is_told_from_what_is_about_an_address() {
        for ours in [
            "554 5.7.1 <ana@mail.example>: Relay access denied",
            "550 5.7.1 Unable to relay",
            "550 relay not permitted",
            "550-5.7.26 This mail has been blocked because the sender is unauthenticated",
            "550 5.7.1 Service unavailable; client host [192.0.2.1] blocked using a list",
            "550 5.7.64 TenantAttribution; Relay Access Denied",
            "530 5.7.0 Must issue a STARTTLS command first",
            "553 5.1.8 <interviews@acme.example>: Sender address rejected: Domain not found",
            "552 5.3.4 Message size exceeds fixed limit",
            "554 5.7.1 Message rejected under suspicion of SPAM",
            "454 4.7.1 Relay access denied",
        ] {
            assert!(is_ours(ours), "{ours}");
        }
        for theirs in [
            "550 5.1.1 no such user here",
            "550 5.1.1 <ana@mail.example>: Recipient address rejected: User unknown in virtual mailbox table",
            "552 5.2.2 mailbox is full",
            "550 5.4.1 Recipient address rejected: Access denied",
            "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup",
            "550 Requested action not taken: mailbox unavailable",
            "554 delivery error: This user doesn't have an account",
            "550 5.7.1 <ana@mail.example>: user unknown",
            "5.1.1",
            "it was not delivered",
            "550 192.0.2.5 says no",
        ] {
            assert!(!is_ours(theirs), "{theirs}");
        }
    }
}
