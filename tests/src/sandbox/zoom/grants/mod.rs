//! Owns codes and tokens: who granted what to which app, and which of the values handed out still
//! opens it.
//!
//! Invariant: one live grant per Zoom user and app, both client ids of the app together. A consent
//! ends the one before it; a refresh kills the pair it came from. A rotated pair is forgotten, so
//! it and an invented one are the same. Of a grant that was ended from outside it is remembered
//! how, for Zoom has a number for each.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};

use crate::sandbox::clock::later;
use crate::sandbox::codes::{Binding, Claim, CodeRefused, Codes};
use crate::sandbox::dice::Dice;

/// A code is good for five minutes (Zoom's OAuth guide).
const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(5);
/// Zoom calls ninety days typical.
const REFRESH_LIFETIME: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Whose grant it is: a user's address and an app's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Owner {
    pub(super) user: String,
    pub(super) app: String,
}

/// What a user agreed to, until it is exchanged.
pub(super) struct Consent {
    pub(super) owner: Owner,
    pub(super) client_id: String,
    pub(super) scopes: Vec<String>,
}

/// What an exchange or a refresh hands out.
pub(super) struct Pair {
    pub(super) access: String,
    pub(super) refresh: String,
    pub(super) scopes: Vec<String>,
}

impl Pair {
    fn tokens(&self) -> [String; 2] {
        [self.access.clone(), self.refresh.clone()]
    }
}

/// Why an access token does not open the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AccessRefused {
    Unknown,
    Expired,
    Ended(Death),
}

/// How a grant was ended from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Death {
    /// The user consented again.
    Superseded,
    /// The user is not there any more.
    OwnerGone,
    /// An admin withdrew the approval.
    Disabled,
    /// The user removed the app. Zoom has no words of its own for it.
    Removed,
}

impl Death {
    /// Zoom's number and words (its OAuth error messages).
    pub(super) fn words(self) -> (u32, &'static str) {
        match self {
            Self::Superseded => (4741, "The token has been revoked."),
            Self::OwnerGone => (4735, "The owner of the token does not exist."),
            Self::Disabled => (4738, "The token is disabled by admin."),
            Self::Removed => (124, "Invalid access token."),
        }
    }
}

/// A live grant.
pub(super) struct Grant {
    pub(super) client_id: String,
    pub(super) scopes: Vec<String>,
    pub(super) since: Timestamp,
    access: String,
    access_ends: Timestamp,
    refresh: String,
    refresh_ends: Timestamp,
    /// The access token has opened the API.
    used: bool,
}

/// Every code and every live grant.
pub(super) struct Grants {
    codes: Codes<Consent>,
    live: BTreeMap<Owner, Grant>,
    /// The last tokens of grants that were ended from outside.
    ended: HashMap<String, Death>,
    handed_out: Vec<String>,
}

impl Default for Grants {
    fn default() -> Self {
        Self {
            codes: Codes::living(CODE_LIFETIME),
            live: BTreeMap::new(),
            ended: HashMap::new(),
            handed_out: Vec::new(),
        }
    }
}

impl Grants {
    /// A user has another address now.
    pub(super) fn rename(&mut self, former: &str, email: &str) {
        let live = std::mem::take(&mut self.live).into_iter();
        let renamed = live.map(|(mut owner, grant)| {
            if owner.user == former {
                email.clone_into(&mut owner.user);
            }
            (owner, grant)
        });
        self.live = renamed.collect();
    }

    /// Records a consent and returns its code. Ends the grant, and any code, the user gave this app
    /// before.
    pub(super) fn consent(
        &mut self,
        consent: Consent,
        binding: Binding,
        now: Timestamp,
        dice: &mut Dice,
    ) -> String {
        if let Some(former) = self.live.get(&consent.owner) {
            let tokens = former.pair().tokens();
            self.ended
                .extend(tokens.map(|token| (token, Death::Superseded)));
        }
        self.end(&consent.owner);
        let code = dice.opaque(33);
        self.handed_out.push(code.clone());
        self.codes.add(code.clone(), binding, consent, now);
        code
    }

    /// Exchanges a code. Whatever comes of it, the code is used up.
    pub(super) fn exchange(
        &mut self,
        code: &str,
        claim: &Claim<'_>,
        (now, lifetime): (Timestamp, SignedDuration),
        dice: &mut Dice,
    ) -> Result<Pair, CodeRefused> {
        let consent = self.codes.redeem(code, claim, now)?;
        let grant = Grant {
            client_id: consent.client_id,
            scopes: consent.scopes,
            since: now,
            access: dice.token(),
            access_ends: later(now, lifetime),
            refresh: dice.token(),
            refresh_ends: later(now, REFRESH_LIFETIME),
            used: false,
        };
        let pair = grant.pair();
        self.live.insert(consent.owner, grant);
        self.handed_out.extend(pair.tokens());
        Ok(pair)
    }

    /// Rotates a pair; both old values are dead from here on. `None`: there is no such grant any
    /// more.
    pub(super) fn refresh(
        &mut self,
        token: &str,
        client_id: &str,
        (now, lifetime): (Timestamp, SignedDuration),
        dice: &mut Dice,
    ) -> Option<Pair> {
        let grant = self
            .live
            .values_mut()
            .find(|grant| grant.refresh == token)?;
        if grant.client_id != client_id || now >= grant.refresh_ends {
            return None;
        }
        grant.access = dice.token();
        grant.access_ends = later(now, lifetime);
        grant.refresh = dice.token();
        grant.refresh_ends = later(now, REFRESH_LIFETIME);
        grant.used = false;
        let pair = grant.pair();
        self.handed_out.extend(pair.tokens());
        Some(pair)
    }

    /// Whose access token this is, and what it may do. Remembers that it was used.
    pub(super) fn bearer(
        &mut self,
        token: &str,
        now: Timestamp,
    ) -> Result<(&Owner, &Grant), AccessRefused> {
        let mut live = self.live.iter_mut();
        let found = live.find(|(_, grant)| grant.access == token);
        let ended = self.ended.get(token).copied();
        let (owner, grant) =
            found.ok_or(ended.map_or(AccessRefused::Unknown, AccessRefused::Ended))?;
        if now >= grant.access_ends {
            return Err(AccessRefused::Expired);
        }
        grant.used = true;
        Ok((owner, grant))
    }

    /// Whether an access token of a live grant of this user has opened the API since it was made.
    pub(super) fn used(&self, user: &str) -> bool {
        let mut live = self.live.iter();
        live.any(|(owner, grant)| owner.user == user && grant.used)
    }

    /// Ends the grant this access or refresh token belongs to; false when there is none of this
    /// client.
    pub(super) fn revoke(&mut self, token: &str, client_id: &str) -> bool {
        let owned = |grant: &Grant| {
            grant.client_id == client_id && (grant.access == token || grant.refresh == token)
        };
        let found = self
            .live
            .iter()
            .find(|(_, grant)| owned(grant))
            .map(|(owner, _)| owner.clone());
        let Some(owner) = found else { return false };
        self.live.remove(&owner).is_some()
    }

    /// Ends what a user gave an app; false when there was no live grant.
    pub(super) fn end(&mut self, owner: &Owner) -> bool {
        self.codes.retain(|consent| consent.owner != *owner);
        self.live.remove(owner).is_some()
    }

    /// Ends every live grant whose user the closure names; returns how many there were.
    pub(super) fn end_of(&mut self, how: Death, mut user: impl FnMut(&str) -> bool) -> usize {
        let before = self.live.len();
        self.codes.retain(|consent| !user(&consent.owner.user));
        let Self { live, ended, .. } = self;
        live.retain(|owner, grant| {
            let ends = user(&owner.user);
            if ends {
                ended.extend(grant.pair().tokens().map(|token| (token, how)));
            }
            !ends
        });
        before - self.live.len()
    }

    /// How the grant of this token was ended from outside, if it was.
    pub(super) fn death(&self, token: &str) -> Option<Death> {
        self.ended.get(token).copied()
    }

    /// Every code and token there ever was, dead ones too.
    pub(super) fn handed_out(&self) -> &[String] {
        &self.handed_out
    }

    /// Every live grant.
    pub(super) fn live(&self) -> impl ExactSizeIterator<Item = (&Owner, &Grant)> {
        self.live.iter()
    }
}

impl Grant {
    fn pair(&self) -> Pair {
        Pair {
            access: self.access.clone(),
            refresh: self.refresh.clone(),
            scopes: self.scopes.clone(),
        }
    }
}
