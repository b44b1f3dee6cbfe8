//! ★ What Zoom is as a provider of grants: its words, its permissions, and the rules its keys follow
//! (README, "OAuth" and "Permissions").

use greenroom_protocol::zoom::{PERMISSIONS, Permission};

use crate::grants::{
    AskedBy, Audience, Ends, Own, Reason, Reconsent, Redirect, RevokeBy, Revoking, Rotation, Scope,
    Scopes, Terms, Words, WorkKinds,
};

/// The kind of the work that notifies a member that they must connect again.
pub const BROKEN_WORK: &str = "broken";

/// The kind of the work that notifies somebody that a colleague could connect.
pub const APPROVED_WORK: &str = "approval-given";

/// What people read of Zoom.
pub static WORDS: Words = Words {
    name: "Zoom",
    remove: "remove the app in Zoom: marketplace.zoom.us, Manage, Added Apps, then Remove",
    without: "enter the meeting's link and passcode manually",
    own,
};

/// What Zoom may be asked for.
pub static SCOPES: Scopes = Scopes {
    all: &ALL,
    asked: AskedBy::App,
    covers,
    repeated: &[],
};

/// What Zoom is.
pub static TERMS: Terms = Terms {
    id: "zoom",
    words: &WORDS,
    scopes: &SCOPES,
    // Zoom ignores the port there and refuses `localhost`.
    redirect: Redirect::Loopback,
    rotation: Rotation::EndsFormer,
    consent: Reconsent::EndsFormer,
    // Zoom documents revocation by access token only.
    revocation: Some(Revoking {
        by: RevokeBy::Access,
        ends: Ends::AllOfUserAndApp,
    }),
    work: WorkKinds {
        broken: BROKEN_WORK,
        approved: APPROVED_WORK,
    },
};

const ALL: [Scope; PERMISSIONS.len()] = {
    let mut all = [scope(&PERMISSIONS[0]); PERMISSIONS.len()];
    let mut i = 1;
    while i < all.len() {
        all[i] = scope(&PERMISSIONS[i]);
        i += 1;
    }
    all
};

const fn scope(permission: &Permission) -> Scope {
    Scope {
        name: permission.scope,
        also: Some(permission.classic),
        title: permission.title,
        reason: permission.reason,
        optional: permission.optional,
        audience: Audience::MAIN,
    }
}

/// By its granular or its classic name, for oneself or for the account.
fn covers(granted: &str, wanted: &Scope) -> bool {
    let same = |name: &str| granted == name || granted.strip_suffix(":admin") == Some(name);
    same(wanted.name) || wanted.also.is_some_and(same)
}

fn own(reason: Reason) -> Own {
    let code = match reason {
        Reason::WrongUser => Some("wrong-zoom-user"),
        Reason::ProviderTrouble => Some("zoom-trouble"),
        _ => None,
    };
    let hint = match reason {
        Reason::WrongUser => {
            Some("sign in at Zoom as the expected user, or set the member's Zoom email")
        }
        Reason::ReplacedElsewhere | Reason::AnswerLost => {
            Some("reconnect; booked meetings keep their links")
        }
        Reason::UserGone => Some(
            "ask your Zoom admin; with another Zoom user, change the member's Zoom email and reconnect",
        ),
        _ => None,
    };
    Own {
        code,
        text: None,
        hint,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_is_known_by_its_granular_and_its_classic_name() {
        let granted = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let lacks = |names: &[&str]| {
            let granted = granted(names);
            let needed = SCOPES.all.iter().filter(|scope| !scope.optional);
            needed
                .filter(|scope| !SCOPES.grants(&granted, scope.name))
                .count()
        };
        assert_eq!(lacks(&["user:read:user", "meeting:read:meeting"]), 2);
        let classic = [
            "user:read",
            "meeting:read",
            "meeting:write:admin",
            "meeting_summary:read",
        ];
        assert_eq!(lacks(&classic), 0);
    }

    #[test]
    fn every_reason_has_a_word_that_stays_and_a_sentence() {
        for reason in Reason::ALL {
            let stored = serde_json::to_value(reason).unwrap();
            assert_eq!(stored, reason.code(&WORDS));
            let text = reason.text(&WORDS);
            assert!(!text.is_empty() && !text.ends_with('.'), "{text}");
        }
        let mut codes = Reason::ALL.map(|reason| reason.code(&WORDS));
        codes.sort_unstable();
        assert!(codes.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
