//! Owns codes and tokens: who consented to what, and which of the values handed out still opens it.
//!
//! Invariants, as Microsoft's page on refresh tokens has them
//! (<https://learn.microsoft.com/entra/identity-platform/refresh-tokens>):
//! - every use of a refresh token brings another one, and the used one stays good for its own time;
//! - a refresh token is of a user and an app, and serves every API they have consent for;
//! - an access token is for one API, and lives on when the refresh token dies.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::scopes::{Resource, Scope};
use crate::sandbox::clock::later;
use crate::sandbox::codes::{Binding, Claim, CodeRefused, Codes};
use crate::sandbox::dice::Dice;

/// Ten minutes, as Microsoft's page on the code flow says.
const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// How long a refresh token of a desktop app may lie unused.
const UNUSED: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Whose consent it is: an account's address and an app's client id.
pub(super) type Owner = (String, String);

/// What a user agreed to, until it is exchanged.
pub(super) struct Consent {
    pub(super) owner: Owner,
    /// The words of the authorize address.
    pub(super) asked: Vec<String>,
    pub(super) nonce: Option<String>,
}

/// How refresh tokens were ended from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Death {
    /// Another password, or an admin revoked all sessions. AADSTS50173.
    Revoked,
    /// A second factor is wanted now. AADSTS50076.
    SecondFactor,
    /// A second factor has to be set up first. AADSTS50079.
    SetUpSecondFactor,
}

/// Why a refresh token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RefreshRefused {
    Unknown,
    OtherClient,
    /// It lay unused for too long; when it was made.
    Unused(Timestamp),
    /// When it was made, and when it was ended.
    Ended(Death, Timestamp, Timestamp),
}

struct Refresh {
    owner: Owner,
    asked: Vec<String>,
    made: Timestamp,
    ended: Option<(Death, Timestamp)>,
}

/// An access token.
#[derive(Debug, Clone)]
pub(super) struct Access {
    pub(super) owner: Owner,
    pub(super) resource: Resource,
    pub(super) scopes: BTreeSet<Scope>,
    pub(super) ends: Timestamp,
}

/// Every code and token.
pub(super) struct Grants {
    codes: Codes<Consent>,
    /// By the user.
    allowed: BTreeMap<Owner, BTreeSet<Scope>>,
    /// By an admin, for everybody: a tenant's id and an app.
    allowed_for_all: BTreeMap<Owner, BTreeSet<Scope>>,
    refresh: HashMap<String, Refresh>,
    access: HashMap<String, Access>,
    handed_out: Vec<String>,
}

impl Default for Grants {
    fn default() -> Self {
        Self {
            codes: Codes::living(CODE_LIFETIME),
            allowed: BTreeMap::new(),
            allowed_for_all: BTreeMap::new(),
            refresh: HashMap::new(),
            access: HashMap::new(),
            handed_out: Vec::new(),
        }
    }
}

impl Grants {
    /// What this user's tokens may be good for: their own consent and the admin's.
    pub(super) fn allowed(&self, (user, app): &Owner, tenant: &str) -> BTreeSet<Scope> {
        let own = self.allowed.get(&(user.clone(), app.clone()));
        let all = self.allowed_for_all.get(&(tenant.to_owned(), app.clone()));
        own.into_iter().chain(all).flatten().cloned().collect()
    }

    /// The user allows this besides.
    pub(super) fn allow(&mut self, owner: &Owner, scopes: impl IntoIterator<Item = Scope>) {
        self.allowed
            .entry(owner.clone())
            .or_default()
            .extend(scopes);
    }

    /// An admin allows this besides, for everybody of the tenant.
    pub(super) fn allow_for_all(
        &mut self,
        tenant: &str,
        app: &str,
        scopes: impl IntoIterator<Item = Scope>,
    ) {
        let owner = (tenant.to_owned(), app.to_owned());
        self.allowed_for_all
            .entry(owner)
            .or_default()
            .extend(scopes);
    }

    /// A code for what was agreed to.
    pub(super) fn code(
        &mut self,
        consent: Consent,
        binding: Binding,
        now: Timestamp,
        dice: &mut Dice,
    ) -> String {
        let code = format!("1.AXkA{}.AgABBAIAAAD{}", dice.opaque(16), dice.opaque(180));
        self.handed_out.push(code.clone());
        self.codes.add(code.clone(), binding, consent, now);
        code
    }

    pub(super) fn redeem(
        &mut self,
        code: &str,
        claim: &Claim<'_>,
        now: Timestamp,
    ) -> Result<Consent, CodeRefused> {
        self.codes.redeem(code, claim, now)
    }

    /// Whose refresh token this is, and what it was first asked for with.
    pub(super) fn use_refresh(
        &self,
        token: &str,
        client_id: &str,
        now: Timestamp,
    ) -> Result<(Owner, Vec<String>), RefreshRefused> {
        let known = self.refresh.get(token).ok_or(RefreshRefused::Unknown)?;
        if known.owner.1 != client_id {
            return Err(RefreshRefused::OtherClient);
        }
        if let Some((death, at)) = known.ended {
            return Err(RefreshRefused::Ended(death, known.made, at));
        }
        if later(known.made, UNUSED) <= now {
            return Err(RefreshRefused::Unused(known.made));
        }
        Ok((known.owner.clone(), known.asked.clone()))
    }

    /// A refresh token more.
    pub(super) fn add_refresh(
        &mut self,
        owner: &Owner,
        asked: Vec<String>,
        now: Timestamp,
        dice: &mut Dice,
    ) -> String {
        let token = format!("1.AXkA{}.AgABAwEAAAB{}", dice.opaque(16), dice.opaque(420));
        self.handed_out.push(token.clone());
        let refresh = Refresh {
            owner: owner.clone(),
            asked,
            made: now,
            ended: None,
        };
        self.refresh.insert(token.clone(), refresh);
        token
    }

    /// An access token more.
    pub(super) fn add_access(&mut self, access: Access, dice: &mut Dice) -> String {
        let token = format!(
            "eyJ0eXAiOiJKV1QiLCJub25jZSI6I.{}.{}",
            dice.opaque(600),
            dice.opaque(256)
        );
        self.handed_out.push(token.clone());
        self.access.insert(token.clone(), access);
        token
    }

    /// Whose access token this is, dead or alive; `None` where it was never handed out.
    pub(super) fn bearer(&self, token: &str) -> Option<&Access> {
        self.access.get(token)
    }

    /// Ends every refresh token and code of a user; returns how many refresh tokens were live.
    pub(super) fn end(&mut self, user: &str, how: Death, now: Timestamp) -> usize {
        self.codes.retain(|consent| consent.owner.0 != user);
        let of_user = self.refresh.values_mut().filter(|it| it.owner.0 == user);
        let live = of_user.filter(|it| it.ended.is_none());
        live.map(|it| it.ended = Some((how, now))).count()
    }

    /// The user's own consent is removed, in their account or by an admin. Tokens stay and say
    /// so.
    pub(super) fn forget_consent(&mut self, user: &str) {
        self.allowed.retain(|owner, _| owner.0 != user);
    }

    /// An admin's consent is removed.
    pub(super) fn forget_consent_for_all(&mut self, tenant: &str) {
        self.allowed_for_all.retain(|owner, _| owner.0 != tenant);
    }

    /// Access tokens of a user end at once.
    pub(super) fn end_access(&mut self, user: &str) {
        self.access.retain(|_, access| access.owner.0 != user);
    }

    /// How many refresh tokens are live, the used ones among them.
    pub(super) fn live(&self, now: Timestamp) -> usize {
        let live = |it: &&Refresh| it.ended.is_none() && now < later(it.made, UNUSED);
        self.refresh.values().filter(live).count()
    }

    /// Every consent, by users and by admins.
    pub(super) fn consents(&self) -> impl Iterator<Item = (&Owner, &BTreeSet<Scope>)> {
        self.allowed.iter().chain(&self.allowed_for_all)
    }

    /// Every code and token there ever was, dead ones too.
    pub(super) fn handed_out(&self) -> &[String] {
        &self.handed_out
    }
}
