//! ★ What Microsoft is as a provider of grants: its words, its permissions, and the rules its keys
//! follow (README).

use greenroom_protocol::account::{MICROSOFT_PERMISSIONS, Permission};

use crate::grants::{
    AskedBy, Audience, Own, Reason, Reconsent, Redirect, Rotation, Scope, Scopes, Terms, Words,
    WorkKinds,
};

/// The kind of the work that notifies people of an account that must be connected again.
pub const BROKEN_WORK: &str = "microsoft-broken";

/// The kind of the work that notifies somebody that a colleague could connect.
pub const APPROVED_WORK: &str = "microsoft-approved";

/// Exchange Online's SMTP and IMAP. Graph is [`Audience::MAIN`].
pub const OUTLOOK: Audience = Audience::named("outlook");

/// Reading when people are busy and when they work.
pub const FREE_BUSY_SCOPE: &str = "Calendars.ReadBasic";

/// How the names of [`OUTLOOK`]'s permissions begin.
const OUTLOOK_PREFIX: &str = "https://outlook.office.com/";

/// Answers may put this before a permission of Graph.
const GRAPH_PREFIX: &str = "https://graph.microsoft.com/";

/// Asked for with every key, of whichever audience: who it is, and a refresh token.
const REPEATED: [&str; 2] = ["openid", "offline_access"];

/// What people read of Microsoft.
pub static WORDS: Words = Words {
    name: "Microsoft",
    remove: "remove Greenroom at myapps.microsoft.com (Manage your application); for everybody an \
             admin does it in the Entra admin center, Enterprise applications",
    without: "use another account",
    own,
};

/// What Microsoft is.
pub static TERMS: Terms = Terms {
    id: "microsoft",
    words: &WORDS,
    scopes: &Scopes {
        all: &ALL,
        asked: AskedBy::Request,
        covers,
        repeated: &REPEATED,
    },
    redirect: Redirect::Localhost,
    rotation: Rotation::KeepsFormer,
    consent: Reconsent::KeepsFormer,
    // No endpoint ends the grant of one app.
    revocation: None,
    work: WorkKinds {
        broken: BROKEN_WORK,
        approved: APPROVED_WORK,
    },
};

const ALL: [Scope; MICROSOFT_PERMISSIONS.len()] = {
    let mut all = [scope(&MICROSOFT_PERMISSIONS[0]); MICROSOFT_PERMISSIONS.len()];
    let mut i = 1;
    while i < all.len() {
        all[i] = scope(&MICROSOFT_PERMISSIONS[i]);
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
        audience: match is_outlook(permission.scope.as_bytes()) {
            true => OUTLOOK,
            false => Audience::MAIN,
        },
    }
}

const fn is_outlook(name: &[u8]) -> bool {
    let prefix = OUTLOOK_PREFIX.as_bytes();
    if name.len() < prefix.len() {
        return false;
    }
    let mut i = 0;
    while i < prefix.len() {
        if name[i] != prefix[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// Graph's permissions come back short or long. What a refresh token and an id token are asked for
/// with is granted with anything, and not always repeated.
fn covers(granted: &str, wanted: &Scope) -> bool {
    if REPEATED.contains(&wanted.name) {
        return true;
    }
    let short = granted.strip_prefix(GRAPH_PREFIX).unwrap_or(granted);
    short.eq_ignore_ascii_case(wanted.name)
}

fn own(reason: Reason) -> Own {
    let text = match reason {
        Reason::Unused => "Microsoft ended the connection: it was not used for 90 days",
        Reason::ReplacedElsewhere => {
            "Microsoft ended the connection: sign-ins of this user were ended, or an admin removed \
             the app"
        }
        Reason::ConditionalAccess => {
            "a Conditional Access policy of your organization refuses the connection"
        }
        Reason::ConsentMissing => {
            "consent to what the app asks for is missing in your Microsoft organization, or was \
             withdrawn"
        }
        Reason::OutsideOrganization => {
            "that Microsoft user does not belong to the organization the app is registered in"
        }
        Reason::AppNotForUser => "the app is assigned to other Microsoft users only",
        Reason::ClientKind => {
            "the app is not registered as a public client: its platform is Web, or public client \
             flows are off"
        }
        Reason::RedirectWrong => "the app does not have http://localhost as a redirect URI",
        Reason::ResourceMissing => {
            "your Microsoft organization does not have the service this needs, such as Exchange \
             Online"
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
        Reason::MfaRequired => "reconnect, and confirm the sign-in with the second factor",
        Reason::ConditionalAccess => {
            "ask your Microsoft admin which policy it is (Entra admin center, Sign-in logs) and to \
             exempt the app, then reconnect"
        }
        Reason::ConsentMissing | Reason::AdminConsent | Reason::AdminPolicy => {
            "request approval: an admin opens the link in the request and accepts for the \
             organization, then connect again"
        }
        Reason::OutsideOrganization => {
            "sign in as a user of the organization, or set the workspace's Microsoft tenant to the \
             user's"
        }
        Reason::AppNotForUser => {
            "ask your Microsoft admin to assign the app to the user (Enterprise applications, \
             Users and groups)"
        }
        Reason::AppUnknown => {
            "check the client id and the tenant: the app must be registered in that directory"
        }
        Reason::TenantUnknown => {
            "check the tenant: the directory id or a domain, as the Entra admin center shows it"
        }
        Reason::ClientKind => {
            "in App registrations, Authentication: add the platform Mobile and desktop \
             applications and allow public client flows"
        }
        Reason::RedirectWrong => {
            "in App registrations, Authentication: add http://localhost under Mobile and desktop \
             applications"
        }
        Reason::AppDisabled => {
            "ask your Microsoft admin to enable the app (Enterprise applications, Properties), \
             then reconnect"
        }
        Reason::ResourceMissing => {
            "ask your Microsoft admin whether the organization and the user have a licence for it"
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

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn each_request_for_keys_names_one_audience_and_a_refresh_token() {
        let all = TERMS.named_to(Audience::MAIN, &[]).unwrap();
        assert_eq!(
            all,
            "User.Read Mail.Send Mail.Read Calendars.ReadBasic openid offline_access"
        );
        let outlook = TERMS.named_to(OUTLOOK, &[]).unwrap();
        assert_eq!(
            outlook,
            "https://outlook.office.com/SMTP.Send https://outlook.office.com/IMAP.AccessAsUser.All \
             openid offline_access"
        );
        let some = names(&[
            "openid",
            "offline_access",
            "User.Read",
            "Calendars.ReadBasic",
        ]);
        let named = TERMS.named_to(Audience::MAIN, &some).unwrap();
        assert_eq!(named, "User.Read Calendars.ReadBasic openid offline_access");
    }

    #[test]
    fn what_one_audience_grants_leaves_the_others_as_they_were() {
        let graph = names(&[
            "openid",
            "https://graph.microsoft.com/User.Read",
            "mail.send",
        ]);
        let smtp = "https://outlook.office.com/SMTP.Send";
        let with_outlook = TERMS.merged(OUTLOOK, &graph, names(&["openid", smtp]));
        assert_eq!(with_outlook, [&graph[..], &names(&[smtp])].concat());
        assert!(TERMS.scopes.grants(&with_outlook, "Mail.Send"));
        assert!(TERMS.scopes.grants(&with_outlook, "offline_access"));
        assert!(!TERMS.scopes.grants(&with_outlook, "Mail.Read"));
        let less = TERMS.merged(Audience::MAIN, &with_outlook, names(&["User.Read"]));
        assert_eq!(less, names(&[smtp, "User.Read"]));
    }
}
