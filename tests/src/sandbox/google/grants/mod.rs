//! Owns codes and tokens: who allowed which project what, and which of the values handed out still
//! opens it.
//!
//! Invariants, as Google's page on OAuth 2.0 has them
//! (<https://developers.google.com/identity/protocols/oauth2>):
//! - consent is the project's: ending one token of it ends all of that user's, with every scope;
//! - a refresh token never changes, and of one account and client the newest hundred live;
//! - a refresh token comes only with offline access, and only where the consent page was shown.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};

use super::scopes;
use crate::sandbox::clock::later;
use crate::sandbox::codes::{Binding, Claim, CodeRefused, Codes};
use crate::sandbox::dice::Dice;

/// No document names it; ten minutes is what OAuth 2.0 recommends at most.
const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// "A refresh token might stop working if it has not been used for six months."
const UNUSED: SignedDuration = SignedDuration::from_hours(183 * 24);
/// "… is issued a refresh token expiring in 7 days."
const IN_TESTING: SignedDuration = SignedDuration::from_hours(7 * 24);
/// "… 100 refresh tokens per Google Account per OAuth 2.0 client ID."
const MOST: usize = 100;
/// Google remembers a dead token for about half a day, and does not know it afterwards
/// (<https://github.com/AlphaTiles/AlphaTiles/pull/107>).
const REMEMBERED: SignedDuration = SignedDuration::from_hours(12);

/// Whose consent it is: an account's address and a project's number.
pub(super) type Owner = (String, u64);

/// What a user agreed to, until it is exchanged.
#[derive(Clone)]
pub(super) struct Consent {
    pub(super) owner: Owner,
    pub(super) client_id: String,
    /// What the tokens will be good for.
    pub(super) scopes: BTreeSet<String>,
    /// Offline access was asked for, and the page was shown: a refresh token comes.
    pub(super) lasting: bool,
    /// For so many days only.
    pub(super) days: Option<u16>,
    /// The app is in Testing.
    pub(super) testing: bool,
}

/// What an exchange or a refresh hands out.
#[derive(Debug)]
pub(super) struct Tokens {
    pub(super) owner: Owner,
    pub(super) client_id: String,
    pub(super) access: String,
    pub(super) refresh: Option<String>,
    /// When the refresh token ends, where the user chose a time.
    pub(super) refresh_ends: Option<Timestamp>,
    pub(super) scopes: BTreeSet<String>,
}

/// Why a refresh token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RefreshRefused {
    /// Never handed out, or dead for longer than Google remembers.
    Unknown,
    /// Of another client.
    OtherClient,
    /// Expired or revoked.
    Dead,
    /// The account is gone.
    AccountGone,
    /// The admins want a fresh sign-in.
    SignInAgain,
}

/// A refresh token.
struct Refresh {
    token: String,
    owner: Owner,
    client_id: String,
    scopes: BTreeSet<String>,
    used: Timestamp,
    chosen_end: Option<Timestamp>,
    ends: Timestamp,
    dead_since: Option<Timestamp>,
}

impl Refresh {
    /// When it stopped working, by now.
    fn dead_since(&self, now: Timestamp) -> Option<Timestamp> {
        let ended = self.ends.min(later(self.used, UNUSED));
        let ended = Some(ended).filter(|end| *end <= now);
        match (self.dead_since, ended) {
            (Some(killed), Some(ended)) => Some(killed.min(ended)),
            (killed, ended) => killed.or(ended),
        }
    }
}

/// An access token.
#[derive(Clone)]
pub(super) struct Access {
    pub(super) owner: Owner,
    pub(super) client_id: String,
    pub(super) scopes: BTreeSet<String>,
    pub(super) ends: Timestamp,
}

/// Every code and token.
pub(super) struct Grants {
    codes: Codes<Consent>,
    allowed: BTreeMap<Owner, BTreeSet<String>>,
    /// In the order they were made.
    refresh: Vec<Refresh>,
    access: HashMap<String, Access>,
    gone: BTreeSet<String>,
    sign_in_again: BTreeSet<String>,
    handed_out: Vec<String>,
}

impl Default for Grants {
    fn default() -> Self {
        Self {
            codes: Codes::living(CODE_LIFETIME),
            allowed: BTreeMap::new(),
            refresh: Vec::new(),
            access: HashMap::new(),
            gone: BTreeSet::new(),
            sign_in_again: BTreeSet::new(),
            handed_out: Vec::new(),
        }
    }
}

impl Grants {
    /// What a user has allowed a project so far.
    pub(super) fn allowed(&self, owner: &Owner) -> BTreeSet<String> {
        self.allowed.get(owner).cloned().unwrap_or_default()
    }

    /// Records a consent and returns its code. A fresh sign-in is one.
    pub(super) fn consent(
        &mut self,
        consent: Consent,
        binding: Binding,
        now: Timestamp,
        dice: &mut Dice,
    ) -> String {
        let allowed = self.allowed.entry(consent.owner.clone()).or_default();
        allowed.extend(consent.scopes.iter().cloned());
        self.sign_in_again.remove(&consent.owner.0);
        let code = format!("4/0A{}", dice.opaque(52));
        self.handed_out.push(code.clone());
        self.codes.add(code.clone(), binding, consent, now);
        code
    }

    /// Exchanges a code.
    pub(super) fn exchange(
        &mut self,
        code: &str,
        claim: &Claim<'_>,
        (now, lifetime): (Timestamp, SignedDuration),
        dice: &mut Dice,
    ) -> Result<Tokens, CodeRefused> {
        let consent = self.codes.redeem(code, claim, now)?;
        let days = |days: u16| later(now, SignedDuration::from_hours(24 * i64::from(days)));
        let chosen_end = consent.days.map(days);
        let refresh = consent.lasting.then(|| format!("1//0{}", dice.opaque(72)));
        if let Some(token) = &refresh {
            self.keep_newest(&consent, now);
            let only_sign_in = consent.scopes.iter().all(|scope| scopes::is_sign_in(scope));
            let testing = consent.testing && !only_sign_in;
            let testing_end = testing.then(|| later(now, IN_TESTING));
            let ends = chosen_end.into_iter().chain(testing_end).min();
            self.handed_out.push(token.clone());
            self.refresh.push(Refresh {
                token: token.clone(),
                owner: consent.owner.clone(),
                client_id: consent.client_id.clone(),
                scopes: consent.scopes.clone(),
                used: now,
                chosen_end,
                ends: ends.unwrap_or(Timestamp::MAX),
                dead_since: None,
            });
        }
        let access = Access {
            owner: consent.owner,
            client_id: consent.client_id,
            scopes: consent.scopes,
            ends: later(now, lifetime),
        };
        Ok(self.hand_out(access, refresh, chosen_end, dice))
    }

    /// Makes room for one more refresh token of this account and client. Nobody hears of it.
    fn keep_newest(&mut self, consent: &Consent, now: Timestamp) {
        let of_same = self.refresh.iter_mut().filter(|it| {
            let same = it.owner.0 == consent.owner.0 && it.client_id == consent.client_id;
            same && it.dead_since(now).is_none()
        });
        let mut live: Vec<_> = of_same.collect();
        let many = (live.len() + 1).saturating_sub(MOST);
        for oldest in live.iter_mut().take(many) {
            oldest.dead_since = Some(now);
        }
    }

    fn hand_out(
        &mut self,
        access: Access,
        refresh: Option<String>,
        refresh_ends: Option<Timestamp>,
        dice: &mut Dice,
    ) -> Tokens {
        let token = format!("ya29.a0{}", dice.opaque(160));
        self.handed_out.push(token.clone());
        self.access.insert(token.clone(), access.clone());
        Tokens {
            owner: access.owner,
            client_id: access.client_id,
            access: token,
            refresh,
            refresh_ends,
            scopes: access.scopes,
        }
    }

    /// A new access token; the refresh token stays as it is.
    pub(super) fn refresh(
        &mut self,
        token: &str,
        client_id: &str,
        (now, lifetime): (Timestamp, SignedDuration),
        dice: &mut Dice,
    ) -> Result<Tokens, RefreshRefused> {
        let known = self.refresh.iter_mut().find(|it| it.token == token);
        let known = known.ok_or(RefreshRefused::Unknown)?;
        if known.client_id != client_id {
            return Err(RefreshRefused::OtherClient);
        }
        if self.gone.contains(&known.owner.0) {
            return Err(RefreshRefused::AccountGone);
        }
        if let Some(since) = known.dead_since(now) {
            let remembered = now < later(since, REMEMBERED);
            return Err(match remembered {
                true => RefreshRefused::Dead,
                false => RefreshRefused::Unknown,
            });
        }
        if self.sign_in_again.contains(&known.owner.0) {
            return Err(RefreshRefused::SignInAgain);
        }
        known.used = now;
        let access = Access {
            owner: known.owner.clone(),
            client_id: known.client_id.clone(),
            scopes: known.scopes.clone(),
            ends: later(now, lifetime),
        };
        let ends = known.chosen_end;
        Ok(self.hand_out(access, None, ends, dice))
    }

    /// Whose access token this is, and what it may do; `None` where it does not open anything.
    pub(super) fn bearer(&self, token: &str, now: Timestamp) -> Option<&Access> {
        self.access.get(token).filter(|access| now < access.ends)
    }

    /// Ends everything the user of this access or refresh token allowed its project. False where
    /// the token is dead or unknown.
    pub(super) fn revoke(&mut self, token: &str, now: Timestamp) -> bool {
        let live = |it: &&Refresh| it.token == token && it.dead_since(now).is_none();
        let of_refresh = self.refresh.iter().find(live).map(|it| it.owner.clone());
        let of_access = || self.bearer(token, now).map(|it| it.owner.clone());
        let Some(owner) = of_refresh.or_else(of_access) else {
            return false;
        };
        self.end(now, |it| *it == owner, |_| true);
        true
    }

    /// Ends every live token whose owner and whose scopes the closures name, and the consent it
    /// came of; returns how many refresh tokens there were.
    pub(super) fn end(
        &mut self,
        now: Timestamp,
        owner: impl Fn(&Owner) -> bool,
        scopes: impl Fn(&BTreeSet<String>) -> bool,
    ) -> usize {
        let ends = |of: &Owner, with: &BTreeSet<String>| owner(of) && scopes(with);
        self.codes.retain(|it| !ends(&it.owner, &it.scopes));
        self.access.retain(|_, it| !ends(&it.owner, &it.scopes));
        self.allowed.retain(|of, with| !ends(of, with));
        let mut ended = 0;
        for it in &mut self.refresh {
            if ends(&it.owner, &it.scopes) && it.dead_since(now).is_none() {
                it.dead_since = Some(now);
                ended += 1;
            }
        }
        ended
    }

    /// The account is gone, or there again.
    pub(super) fn set_gone(&mut self, account: &str, gone: bool) {
        match gone {
            true => self.gone.insert(account.to_owned()),
            false => self.gone.remove(account),
        };
    }

    /// Refreshing asks for a fresh sign-in, until there is one.
    pub(super) fn ask_to_sign_in(&mut self, account: &str) {
        self.sign_in_again.insert(account.to_owned());
    }

    /// How many refresh tokens are live.
    pub(super) fn live(&self, now: Timestamp) -> usize {
        let live = self
            .refresh
            .iter()
            .filter(|it| it.dead_since(now).is_none());
        live.count()
    }

    /// Every consent.
    pub(super) fn consents(&self) -> impl Iterator<Item = (&Owner, &BTreeSet<String>)> {
        self.allowed.iter()
    }

    /// Every code and token there ever was, dead ones too.
    pub(super) fn handed_out(&self) -> &[String] {
        &self.handed_out
    }
}
