//! ★ What Google is as a provider of grants: its words, its permissions, and the rules its keys
//! follow (README).

use greenroom_protocol::account::{GOOGLE_PERMISSIONS, Permission};

use crate::grants::{
    AskedBy, Audience, Ends, Own, Reason, Reconsent, Redirect, RevokeBy, Revoking, Rotation, Scope,
    Scopes, Terms, Words, WorkKinds,
};

/// The kind of the work that notifies people of an account that must be connected again.
pub const BROKEN_WORK: &str = "google-broken";

/// The kind of the work that notifies somebody that a colleague could connect.
pub const APPROVED_WORK: &str = "google-approved";

/// Reading and sending email, by SMTP and IMAP.
pub const MAIL_SCOPE: &str = "https://mail.google.com/";

/// Reading when people are busy, in every calendar the account may see.
pub const FREE_BUSY_SCOPE: &str = "https://www.googleapis.com/auth/calendar.events.freebusy";

/// What people read of Google.
pub static WORDS: Words = Words {
    name: "Google",
    remove: "remove Greenroom in the Google account: myaccount.google.com/connections",
    without: "use another account",
    own,
};

/// What Google is.
pub static TERMS: Terms = Terms {
    id: "google",
    words: &WORDS,
    scopes: &Scopes {
        all: &ALL,
        asked: AskedBy::Request,
        covers,
        repeated: &[],
    },
    redirect: Redirect::Loopback,
    rotation: Rotation::Never,
    consent: Reconsent::KeepsFormer,
    // It takes all scopes of the project from the user, not those of one consent.
    revocation: Some(Revoking {
        by: RevokeBy::Refresh,
        ends: Ends::AllOfUserAndApp,
    }),
    work: WorkKinds {
        broken: BROKEN_WORK,
        approved: APPROVED_WORK,
    },
};

const ALL: [Scope; GOOGLE_PERMISSIONS.len()] = {
    let mut all = [scope(&GOOGLE_PERMISSIONS[0]); GOOGLE_PERMISSIONS.len()];
    let mut i = 1;
    while i < all.len() {
        all[i] = scope(&GOOGLE_PERMISSIONS[i]);
        i += 1;
    }
    all
};

const fn scope(permission: &Permission) -> Scope {
    Scope {
        name: permission.scope,
        also: None,
        title: permission.title,
        reason: permission.reason,
        optional: false,
        audience: Audience::MAIN,
    }
}

/// Answers have the long name of what may be asked for by a short one.
fn covers(granted: &str, wanted: &Scope) -> bool {
    let long = match granted {
        "email" => "https://www.googleapis.com/auth/userinfo.email",
        other => other,
    };
    long == wanted.name
}

fn own(reason: Reason) -> Own {
    let text = match reason {
        Reason::TestingApp => {
            "Google ended the connection a week after it was made, as it does for apps in testing"
        }
        Reason::Unused => "Google ended the connection: it was not used for six months",
        Reason::ReplacedElsewhere => {
            "Google ended the connection, and does not say why: the access was removed, in the \
             Google account or by an admin, or more than 100 newer connections of this account \
             took its place"
        }
        Reason::PasswordOrRemoved => {
            "Google ended the connection, and does not say why: the password changed, the access \
             was removed, in the Google account or by an admin, or more than 100 newer connections \
             of this account took its place"
        }
        Reason::ConditionalAccess => {
            "your organization's Google session control wants this user to sign in again"
        }
        Reason::AdminPolicy => "your Google admin does not allow the app what it asks for",
        Reason::OutsideOrganization => {
            "the app is Internal: that Google user is outside the organization of its project"
        }
        Reason::AppNotForUser => {
            "the app is switched off for this user in the Google Admin console"
        }
        _ => return own_hint(reason),
    };
    Own {
        text: Some(text),
        ..own_hint(reason)
    }
}

fn own_hint(reason: Reason) -> Own {
    let hint = match reason {
        Reason::TestingApp => {
            "set the app's audience to Internal (Google Cloud console, Google Auth Platform, \
             Audience), then reconnect"
        }
        Reason::ScopeMissing => "connect again and leave every box ticked",
        Reason::ConditionalAccess => {
            "ask your Google admin to exempt trusted apps (Admin console, Security, Google Cloud \
             session control), then reconnect"
        }
        Reason::AdminPolicy => {
            "ask your Google admin to trust internal apps (Admin console, Security, API controls), \
             then connect again"
        }
        Reason::OutsideOrganization => {
            "sign in as a user of the organization that owns the Google Cloud project"
        }
        Reason::AppNotForUser => {
            "ask your Google admin to switch the service on for this user, then connect again"
        }
        Reason::RedirectWrong | Reason::ClientKind => {
            "make a client of type Desktop app at Google and set its id and secret here"
        }
        _ => return Own::default(),
    };
    Own {
        hint: Some(hint),
        ..Own::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_is_the_long_one() {
        let granted = ["openid".to_owned(), "email".to_owned()];
        let scopes = TERMS.scopes;
        assert!(scopes.grants(&granted, "https://www.googleapis.com/auth/userinfo.email"));
        assert!(!scopes.grants(&granted, MAIL_SCOPE));
        assert!(TERMS.asks(&[]).any(|scope| scope.name == MAIL_SCOPE));
    }

    #[test]
    fn a_renewal_names_no_scopes() {
        assert_eq!(TERMS.named_to(Audience::MAIN, &[]), None);
        assert!(!TERMS.has_audiences());
    }
}
