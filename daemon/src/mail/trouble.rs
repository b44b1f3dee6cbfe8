//! What went wrong with a mail server, for people: what was tried, why it did not work, and what to
//! do. It holds no secret, and of a server's words only those of an answer to a message.

use std::fmt;

use super::wire::Failure;

/// What went wrong with a mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What was tried, and where: `log in to mail.example:465`.
    doing: String,
    why: Failure,
    /// Who logs in; empty: nobody.
    user: String,
}

impl Trouble {
    pub(in crate::mail) fn new(doing: String, why: Failure, user: Option<&str>) -> Self {
        Self {
            doing,
            why,
            user: user.unwrap_or_default().to_owned(),
        }
    }

    /// What these words say.
    pub(in crate::mail) fn told(why: &str) -> Self {
        Self::new(String::new(), Failure::NoSecret(why.to_owned()), None)
    }

    /// What was tried, and why it did not work, as a sentence.
    #[must_use]
    pub fn message(&self) -> String {
        match &self.why {
            Failure::NoSecret(why) => why.clone(),
            why => format!("Couldn't {}: {why}", self.doing),
        }
    }

    /// What to do, and who does it, where that is known.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        self.why.hint(&self.user)
    }

    /// Whether another password or a fresh token could help.
    pub(in crate::mail) fn may_be_stale(&self) -> bool {
        matches!(self.why, Failure::LogIn(refusal) if refusal.may_be_stale())
    }

    /// The same without a secret that the server may have repeated.
    pub(in crate::mail) fn without(self, secret: &str) -> Self {
        let why = self.why.without(secret);
        Self { why, ..self }
    }
}

/// All of it in one line.
impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message())?;
        match self.hint() {
            Some(hint) => write!(out, "; {hint}"),
            None => Ok(()),
        }
    }
}
