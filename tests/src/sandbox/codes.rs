//! Owns codes of OAuth between the consent page and the token endpoint.
//!
//! A code is good once and for a while, and bound to the client, the redirect address and the PKCE
//! challenge it was asked for with. Whatever comes of an exchange, the code is used up.

use std::collections::{HashMap, HashSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::clock::later;

/// A PKCE challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Challenge {
    Plain(String),
    S256(String),
}

impl Challenge {
    fn answered_by(&self, verifier: &str) -> bool {
        match self {
            Self::Plain(challenge) => challenge == verifier,
            Self::S256(challenge) => {
                *challenge == URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
            }
        }
    }
}

/// What a code is bound to.
#[derive(Clone)]
pub(super) struct Binding {
    pub(super) client_id: String,
    /// As it was sent; the exchange has to repeat it to the letter.
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<Challenge>,
}

/// What an exchange hands in with its code.
pub(super) struct Claim<'a> {
    pub(super) client_id: &'a str,
    pub(super) redirect_uri: &'a str,
    pub(super) verifier: Option<&'a str>,
}

/// Why a code was not exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CodeRefused {
    Unknown,
    Used,
    Expired,
    OtherClient,
    OtherRedirect,
    NoVerifier,
    WrongVerifier,
}

/// The codes that were not exchanged yet, each with what was consented to.
pub(super) struct Codes<C> {
    waiting: HashMap<String, (Binding, C, Timestamp)>,
    used: HashSet<String>,
    lifetime: SignedDuration,
}

impl<C> Codes<C> {
    pub(super) fn living(lifetime: SignedDuration) -> Self {
        Self {
            waiting: HashMap::new(),
            used: HashSet::new(),
            lifetime,
        }
    }

    pub(super) fn add(&mut self, code: String, binding: Binding, consent: C, now: Timestamp) {
        let ends = later(now, self.lifetime);
        self.waiting.insert(code, (binding, consent, ends));
    }

    pub(super) fn redeem(
        &mut self,
        code: &str,
        claim: &Claim<'_>,
        now: Timestamp,
    ) -> Result<C, CodeRefused> {
        let Some((binding, consent, ends)) = self.waiting.remove(code) else {
            let used = self.used.contains(code);
            return Err(if used {
                CodeRefused::Used
            } else {
                CodeRefused::Unknown
            });
        };
        self.used.insert(code.to_owned());
        if now >= ends {
            return Err(CodeRefused::Expired);
        }
        if binding.client_id != claim.client_id {
            return Err(CodeRefused::OtherClient);
        }
        if binding.redirect_uri != claim.redirect_uri {
            return Err(CodeRefused::OtherRedirect);
        }
        match (&binding.challenge, claim.verifier) {
            (Some(_), None) => Err(CodeRefused::NoVerifier),
            (Some(challenge), Some(verifier)) if !challenge.answered_by(verifier) => {
                Err(CodeRefused::WrongVerifier)
            }
            _ => Ok(consent),
        }
    }

    /// Forgets the codes of consents that the closure does not name.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(&C) -> bool) {
        self.waiting.retain(|_, (_, consent, _)| keep(consent));
    }
}
