//! Why a server's calendars could not be read, and what to do about it.

use std::fmt;

use greenroom_protocol::text::printable;

use crate::network::{self, NoAnswer};

/// Why, at which server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The server's name.
    pub host: String,
    /// What went wrong.
    pub cause: Cause,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// No answer came.
    Network(network::Cause),
    /// The user name or the password is refused.
    Password,
    /// The account may not see it.
    Forbidden,
    /// There is nothing at the address.
    Missing,
    /// It is no CalDAV server, or not at this address.
    NotCalDav,
    /// The server belongs to a provider whose calendars take no password.
    NoPassword(&'static str),
    /// The account has no calendar that says when it is busy.
    NoCalendars,
    /// More calendars than are read.
    TooManyCalendars,
    /// The server's answer cannot be read; why.
    Unreadable(String),
    /// It is busy, or something is wrong with it: this status.
    Unwell(u16),
    /// It answered this status.
    Status(u16),
    /// One of the calendars cannot be read.
    Calendar {
        /// What the calendar is called.
        name: String,
        /// Why.
        why: Box<Cause>,
    },
    /// The server has no outbox to ask about colleagues.
    NoOutbox,
}

impl Failure {
    pub(super) fn new(host: &str, cause: Cause) -> Self {
        Self {
            host: printable(host, 100),
            cause,
        }
    }

    /// The same of one calendar.
    pub(super) fn of_calendar(self, name: &str) -> Self {
        let why = Box::new(self.cause);
        let name = printable(name, 60);
        Self {
            host: self.host,
            cause: Cause::Calendar { name, why },
        }
    }

    /// Whether it may pass without anybody doing anything.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        self.cause.may_pass(&self.host)
    }

    /// What to do about it, where something can be done.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        self.cause.hint(&self.host)
    }
}

impl From<NoAnswer> for Failure {
    fn from(none: NoAnswer) -> Self {
        Self {
            host: none.host,
            cause: Cause::Network(none.cause),
        }
    }
}

impl Cause {
    fn may_pass(&self, host: &str) -> bool {
        match self {
            Self::Network(cause) => no_answer(host, cause).may_pass(),
            Self::Unwell(_) => true,
            Self::Calendar { why, .. } => why.may_pass(host),
            _ => false,
        }
    }

    fn hint(&self, host: &str) -> Option<String> {
        let hint = match self {
            Self::Password => return Some(password_hint(host)),
            Self::Forbidden => "check the user name, and that this account may see the calendar",
            Self::Missing => {
                "give the server alone, such as https://dav.acme.example, or the address that the \
                 calendar's own settings show for CalDAV"
            }
            Self::NotCalDav => "give the address that the calendar's own settings show for CalDAV",
            Self::NoPassword("Google") => {
                "give the secret address in iCal format, from the calendar's settings at Google"
            }
            Self::NoPassword(_) => {
                "publish the calendar and give its ICS address, from the calendar's settings"
            }
            Self::NoCalendars => {
                "make a calendar there, or give the address of a single calendar: those of others, \
                 and those that are marked as free, are not counted"
            }
            Self::TooManyCalendars => "give the address of a single calendar",
            Self::NoOutbox => {
                "have them add their own account: greenroom member busy add --caldav URL --user USER"
            }
            Self::Calendar { why, .. } => return why.hint(host),
            Self::Network(cause) => no_answer(host, cause).hint()?,
            _ => return None,
        };
        Some(hint.to_owned())
    }

    fn text(&self, host: &str) -> String {
        match self {
            Self::Network(cause) => no_answer(host, cause).to_string(),
            Self::Password => format!("{host} refuses the user name or the password"),
            Self::Forbidden => format!("{host} does not let this account read it (403)"),
            Self::Missing => format!("{host} has no calendar at this address (404)"),
            Self::NotCalDav => format!("{host} does not answer as a CalDAV server at this address"),
            Self::NoPassword(whose) => {
                format!("{whose}'s calendars cannot be read by CalDAV with a password")
            }
            Self::NoCalendars => format!("{host} has no calendar of this account to read"),
            Self::TooManyCalendars => format!("{host} has more calendars than are read"),
            Self::Unreadable(why) => format!("The answer of {host} cannot be read: {why}"),
            Self::Unwell(status) => format!("{host} is busy or unwell ({status})"),
            Self::Status(status) => format!("{host} answered {status}"),
            Self::Calendar { name, why } => {
                format!("The calendar {name} cannot be read: {}", why.text(host))
            }
            Self::NoOutbox => format!("{host} does not tell when colleagues are busy"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.cause.text(&self.host))
    }
}

impl std::error::Error for Failure {}

fn no_answer(host: &str, cause: &network::Cause) -> NoAnswer {
    NoAnswer {
        host: host.to_owned(),
        cause: cause.clone(),
    }
}

/// What a system wants in place of the account's own password.
fn password_hint(host: &str) -> String {
    let of = |domain: &str| host == domain || host.ends_with(&format!(".{domain}"));
    let hint = if of("icloud.com") {
        "iCloud takes an app-specific password, from https://account.apple.com"
    } else if of("fastmail.com") || of("messagingengine.com") {
        "Fastmail takes an app password for calendars (Settings, Privacy & Security)"
    } else if of("zoho.com") || of("zoho.eu") || of("zoho.in") || of("zoho.com.au") {
        "with two-factor authentication Zoho takes an application-specific password"
    } else {
        "with two-factor authentication most systems take an app password, which the account's \
         security settings make (Nextcloud: Settings, Security)"
    };
    hint.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_password_names_what_the_system_wants() {
        for (host, word) in [
            ("caldav.icloud.com", "account.apple.com"),
            ("p42-caldav.icloud.com", "account.apple.com"),
            ("caldav.fastmail.com", "Fastmail"),
            ("calendar.zoho.eu", "Zoho"),
            ("cloud.acme.example", "Nextcloud"),
            ("noticloud.com", "Nextcloud"),
        ] {
            let failure = Failure::new(host, Cause::Password);
            assert!(failure.hint().unwrap().contains(word), "{host}");
            assert!(!failure.may_pass());
        }
    }

    #[test]
    fn a_calendar_fails_as_its_server_does_and_is_named() {
        let unwell = Failure::new("dav.acme.example", Cause::Unwell(503)).of_calendar("Work\u{7}");
        assert!(unwell.may_pass());
        assert_eq!(
            unwell.to_string(),
            "The calendar Work cannot be read: dav.acme.example is busy or unwell (503)"
        );
        let gone = Failure::new("dav.acme.example", Cause::Missing).of_calendar("Work");
        assert!(!gone.may_pass());
        assert!(gone.hint().is_some());
    }
}
