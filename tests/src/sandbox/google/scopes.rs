//! Owns the scopes the sandbox knows, what they are called, and what they are for.

/// All of Gmail, by IMAP and SMTP too.
pub const MAIL: &str = "https://mail.google.com/";
/// Sending by the Gmail API, nothing else.
pub const GMAIL_SEND: &str = "https://www.googleapis.com/auth/gmail.send";
/// Reading by the Gmail API.
pub const GMAIL_READONLY: &str = "https://www.googleapis.com/auth/gmail.readonly";
/// All of the calendar.
pub const CALENDAR: &str = "https://www.googleapis.com/auth/calendar";
/// Reading the calendar.
pub const CALENDAR_READONLY: &str = "https://www.googleapis.com/auth/calendar.readonly";
/// Busy times of one's own calendars.
pub const CALENDAR_FREEBUSY: &str = "https://www.googleapis.com/auth/calendar.freebusy";
/// Busy times of all calendars one may see.
pub const CALENDAR_EVENTS_FREEBUSY: &str =
    "https://www.googleapis.com/auth/calendar.events.freebusy";
/// Entries of one's own calendars.
pub const CALENDAR_EVENTS_OWNED: &str = "https://www.googleapis.com/auth/calendar.events.owned";
/// The address of who signs in; `email` is its short name.
pub const USERINFO_EMAIL: &str = "https://www.googleapis.com/auth/userinfo.email";
/// The name of who signs in; `profile` is its short name.
pub const USERINFO_PROFILE: &str = "https://www.googleapis.com/auth/userinfo.profile";
/// An id token.
pub const OPENID: &str = "openid";

/// Every scope that is known, and what the consent page says of it.
const KNOWN: [(&str, &str); 11] = [
    (OPENID, "Associate you with your personal info on Google"),
    (
        USERINFO_EMAIL,
        "See your primary Google Account email address",
    ),
    (USERINFO_PROFILE, "See your personal info"),
    (
        MAIL,
        "Read, compose, send, and permanently delete all your email from Gmail",
    ),
    (GMAIL_SEND, "Send email on your behalf"),
    (GMAIL_READONLY, "View your email messages and settings"),
    (
        CALENDAR,
        "See, edit, share, and permanently delete all the calendars you can access",
    ),
    (
        CALENDAR_READONLY,
        "See and download any calendar you can access",
    ),
    (
        CALENDAR_FREEBUSY,
        "View your availability in your calendars",
    ),
    (
        CALENDAR_EVENTS_FREEBUSY,
        "See the availability on calendars you have access to",
    ),
    (
        CALENDAR_EVENTS_OWNED,
        "See, create, change, and delete events on calendars you own",
    ),
];

/// What the consent page says of a scope; `None` where it is unknown.
pub(super) fn meaning(scope: &str) -> Option<&'static str> {
    let known = KNOWN.iter().find(|(name, _)| *name == scope);
    known.map(|(_, meaning)| *meaning)
}

/// The long name; answers have it, whichever was asked for.
pub(super) fn canonical(scope: &str) -> &str {
    match scope {
        "email" => USERINFO_EMAIL,
        "profile" => USERINFO_PROFILE,
        other => other,
    }
}

/// Whether it only says who signs in. Such a scope has no box to untick.
pub(super) fn is_sign_in(scope: &str) -> bool {
    matches!(scope, OPENID | USERINFO_EMAIL | USERINFO_PROFILE)
}

/// Whether a changed password ends grants with this scope.
pub(super) fn is_gmail(scope: &str) -> bool {
    matches!(scope, MAIL | GMAIL_SEND | GMAIL_READONLY)
}
