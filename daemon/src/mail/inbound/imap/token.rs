//! Logging in at a mailbox's server with an access token (XOAUTH2). Source:
//! <https://developers.google.com/workspace/gmail/imap/xoauth2-protocol>.
//!
//! A server that refuses says so twice: first in a challenge, which is answered with nothing, then
//! with its words. The challenge is not looked at.

use async_imap::imap_proto::{Capability, Response};
use async_imap::types::UnsolicitedResponse;
use async_imap::{Authenticator, Client};
use secrecy::SecretString;

use super::{Open, failure, login_failure};
use crate::mail::log_in::{xoauth2, xoauth2_in_base64};
use crate::mail::refusal::{Refusal, With};
use crate::mail::wire::{Failure, Wire};

/// Answers beside its capabilities that a server may give before they are let go.
const MOST_ASIDE: usize = 16;

/// What a server can do.
#[derive(Debug, Default, PartialEq, Eq)]
struct Offers {
    xoauth2: bool,
    /// It reads the first words in the command itself. Source: RFC 4959.
    first_words: bool,
}

/// Logs in.
pub(super) async fn log_in(
    mut client: Client<Wire>,
    user: &str,
    token: &SecretString,
) -> Result<Open, Failure> {
    let offers = offers(&mut client).await?;
    if !offers.xoauth2 {
        return Err(Failure::LogIn(Refusal::NoMechanism(With::Token)));
    }
    let (command, answers) = match offers.first_words {
        true => {
            let words = xoauth2_in_base64(user, token);
            (format!("XOAUTH2 {}", words.as_str()), Answers(None))
        }
        false => {
            let words = xoauth2(user, token);
            ("XOAUTH2".to_owned(), Answers(Some(words.to_string())))
        }
    };
    let session = client.authenticate(command, answers).await;
    session.map_err(|(error, _)| login_failure(&error, With::Token))
}

async fn offers(client: &mut Client<Wire>) -> Result<Offers, Failure> {
    let (aside, told) = async_channel::bounded(MOST_ASIDE);
    let asked = client.run_command_and_check_ok("CAPABILITY", Some(aside));
    asked.await.map_err(|error| failure(&error))?;
    let mut offers = Offers::default();
    while let Ok(told) = told.try_recv() {
        if let UnsolicitedResponse::Other(told) = told
            && let Response::Capabilities(all) = told.parsed()
        {
            for one in all {
                offers.add(one);
            }
        }
    }
    Ok(offers)
}

impl Offers {
    fn add(&mut self, one: &Capability<'_>) {
        match one {
            Capability::Auth(name) => self.xoauth2 |= name.eq_ignore_ascii_case("XOAUTH2"),
            Capability::Atom(name) => self.first_words |= name.eq_ignore_ascii_case("SASL-IR"),
            Capability::Imap4rev1 => {}
        }
    }
}

/// What the challenges are answered with: the first words, where they were not said yet, then
/// nothing.
struct Answers(Option<String>);

impl Authenticator for Answers {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        self.0.take().unwrap_or_default()
    }
}
