//! What is asked of Google and Microsoft, each with its reason, as it is shown before the browser.

use super::Purpose;

/// A permission, with its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission {
    /// The provider's scope.
    pub scope: &'static str,
    /// The permission in words for people.
    pub title: &'static str,
    /// Why it is asked for.
    pub reason: &'static str,
    /// What it is for; `None`: to know who signed in, always asked for.
    pub purpose: Option<Purpose>,
}

const fn always(scope: &'static str, title: &'static str, reason: &'static str) -> Permission {
    Permission {
        scope,
        title,
        reason,
        purpose: None,
    }
}

const fn mail(scope: &'static str, title: &'static str, reason: &'static str) -> Permission {
    Permission {
        scope,
        title,
        reason,
        purpose: Some(Purpose::Mail),
    }
}

const fn busy(scope: &'static str, title: &'static str, reason: &'static str) -> Permission {
    Permission {
        scope,
        title,
        reason,
        purpose: Some(Purpose::FreeBusy),
    }
}

/// What is asked of Google. Source of the names:
/// <https://developers.google.com/identity/protocols/oauth2/scopes>.
pub const GOOGLE_PERMISSIONS: [Permission; 4] = [
    always("openid", "Sign in", "to know that it is you"),
    always(
        "https://www.googleapis.com/auth/userinfo.email",
        "See your email address",
        "to verify which account is connected",
    ),
    mail(
        "https://mail.google.com/",
        "Read and send email",
        "to send invitations from this mailbox and read the replies to them; Google has no smaller \
         permission for SMTP and IMAP",
    ),
    busy(
        "https://www.googleapis.com/auth/calendar.events.freebusy",
        "See the availability on calendars you have access to",
        "to offer times when everybody on the panel is free; no titles are read",
    ),
];

/// What is asked of Microsoft. Source of the names:
/// <https://learn.microsoft.com/en-us/graph/permissions-reference> and, for SMTP and IMAP,
/// <https://learn.microsoft.com/en-us/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth>.
pub const MICROSOFT_PERMISSIONS: [Permission; 8] = [
    always("openid", "Sign in", "to know that it is you"),
    always(
        "offline_access",
        "Maintain access",
        "to stay connected without asking you every hour",
    ),
    always(
        "User.Read",
        "Sign you in and read your profile",
        "to verify which account is connected",
    ),
    mail(
        "Mail.Send",
        "Send mail as you",
        "to send invitations from this mailbox",
    ),
    mail(
        "Mail.Read",
        "Read your mail",
        "to read the replies to invitations",
    ),
    mail(
        "https://outlook.office.com/SMTP.Send",
        "Send mail by SMTP",
        "to send invitations with their calendar part unchanged",
    ),
    mail(
        "https://outlook.office.com/IMAP.AccessAsUser.All",
        "Read mail by IMAP",
        "to read the replies to invitations",
    ),
    busy(
        "Calendars.ReadBasic",
        "Read basic details of your calendars",
        "to offer times when everybody on the panel is free; no titles are kept",
    ),
];

#[cfg(test)]
mod tests {
    use super::super::AccountProvider;
    use super::*;

    #[test]
    fn every_purpose_has_a_permission_at_every_provider() {
        for provider in AccountProvider::ALL {
            for purpose in Purpose::ALL {
                let all = provider.permissions();
                assert!(all.iter().any(|it| it.purpose == Some(purpose)));
            }
        }
    }

    #[test]
    fn every_permission_has_a_reason() {
        for provider in AccountProvider::ALL {
            for it in provider.permissions() {
                assert!(it.reason.starts_with("to "), "{}", it.scope);
            }
        }
    }
}
