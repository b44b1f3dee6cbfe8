//! Reading a mailbox over IMAP. It is looked at and left as it is: nothing is marked, moved or
//! deleted, so people can go on reading it.
//!
//! How far it was read is a record: the mailbox's validity and the last UID, which together name a
//! message for ever (RFC 3501, 2.3.1.1). It moves on in the commit that hears the message, so each
//! is heard once.

mod folder;
mod token;

use std::time::Duration;

use async_imap::types::{Fetch, Uid};
use async_imap::{Client, Session};
use futures::TryStreamExt as _;
use greenroom_protocol::time::Instant;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::read::MOST_BYTES;
use crate::config::mail::{Privacy, Server};
use crate::mail::log_in::{Credential, LogIn};
use crate::mail::refusal::{Refusal, With};
use crate::mail::route::settings::INBOX;
use crate::mail::trouble::Trouble;
use crate::mail::wire::shape::Shape;
use crate::mail::wire::{self, Failure, Wire};
use crate::store::Record;

/// How long one exchange with the server may take.
const ANSWER: Duration = Duration::from_secs(60);

/// How long one visit may take. What was not fetched then is fetched in the next.
const WHOLE: Duration = Duration::from_secs(600);

/// How long a farewell may take.
const FAREWELL: Duration = Duration::from_secs(5);

/// The most a server may send until one has logged in, in bytes.
const MOST_BEFORE: usize = 256 << 10;

/// The most a server may send in one exchange, in bytes: the numbers of a quarter of a million
/// messages.
const MOST_ANSWER: usize = 2 << 20;

/// The longest line of an answer: all those numbers stand in one. `async-imap` parses a line anew
/// with every 4 KiB of it.
const LONGEST_LINE: usize = 2 << 20;

/// The largest literal: what is asked for of a message, and some more for a server that counts
/// otherwise.
const LARGEST_LITERAL: usize = MOST_BYTES as usize + 1024;

/// The most that is fetched in one visit, in bytes.
const MOST_FETCHED: usize = 16 << 20;

/// How old the mail is that a mailbox seen for the first time is read back to, in days.
const FIRST_LOOK_DAYS: i64 = 14;

/// Messages fetched in one visit; the next goes on there.
const MOST_MESSAGES: usize = 200;

/// How far a mailbox was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::mail) struct ReadTo {
    /// The mailbox's validity: another one means that UIDs begin anew.
    pub validity: u32,
    /// The last UID that was heard.
    pub last: Uid,
}

impl Record for ReadTo {
    const TABLE: &'static str = "mailbox";
    const SCHEMA: u32 = 1;
}

/// A mail server that is asked for messages.
pub(in crate::mail) struct Imap {
    server: Server,
    log_in: LogIn,
    /// The mailbox there that is read, as the server names it.
    folder: String,
}

/// A mailbox's server at which one has logged in.
struct Opened {
    session: Open,
    /// What it was done with, which the server may repeat.
    credential: Credential,
}

/// What one visit brings.
pub(in crate::mail) struct Visit {
    /// The mailbox's validity.
    pub validity: u32,
    /// Messages by UID, in order; or why one cannot be had.
    pub messages: Vec<(Uid, Result<Vec<u8>, &'static str>)>,
    /// Everything up to here was looked at.
    pub last: Uid,
    /// Whether there is more to fetch.
    pub more: bool,
}

type Open = Session<Wire>;

impl Imap {
    pub fn new(server: Server, log_in: LogIn, folder: String) -> Self {
        let user = log_in.user().map(str::to_owned);
        let server = Server {
            user: user.or(server.user),
            ..server
        };
        Self {
            server,
            log_in,
            folder,
        }
    }

    /// The mailbox's name, for people.
    pub fn name(&self) -> String {
        let Server { host, port, .. } = &self.server;
        match self.folder.as_str() {
            INBOX => format!("{host}:{port}"),
            folder => format!("{host}:{port}, folder {folder}"),
        }
    }

    /// The mailbox's name in the store.
    pub fn key(&self) -> String {
        let Server { host, port, .. } = &self.server;
        let user = self.server.user.as_deref().unwrap_or_default();
        match self.folder.as_str() {
            INBOX => format!("{user}@{host}:{port}"),
            folder => format!("{user}@{host}:{port}/{folder}"),
        }
    }

    /// Logs in and goes away again.
    pub async fn check(&self) -> Result<(), Trouble> {
        self.log_in.read_anew();
        let mut opened = self.open().await?;
        farewell(&mut opened.session).await;
        Ok(())
    }

    /// Whether the mailbox has an email with these characters in its Message-ID, or in what it
    /// refers to: some servers give every email a Message-ID of their own.
    pub async fn holds(&self, name: &str) -> Result<bool, Trouble> {
        let query = format!("OR HEADER Message-ID \"{name}\" HEADER References \"{name}\"");
        let looking = async {
            let mut opened = self.open().await?;
            let session = &mut opened.session;
            let examined = exchange(session, MOST_BEFORE, async |session| {
                session.examine(folder::in_ascii(&self.folder)).await
            });
            let found = match examined.await {
                Ok(_) => {
                    let searched = exchange(session, MOST_ANSWER, async |session| {
                        session.uid_search(&query).await
                    });
                    searched.await.map(|uids| !uids.is_empty())
                }
                Err(why) => Err(why),
            };
            farewell(session).await;
            let found = found.map_err(|why| self.told("read the mailbox at", why));
            found.map_err(|trouble| trouble.without(&opened.credential.secret()))
        };
        match tokio::time::timeout(ANSWER, looking).await {
            Ok(found) => found,
            Err(_) => Err(self.told("read the mailbox at", Failure::Silent)),
        }
    }

    /// Fetches what came since.
    pub async fn visit(&self, read_to: &ReadTo, now: Instant) -> Result<Visit, Trouble> {
        let visiting = async {
            let mut opened = self.open().await?;
            let visit = self.fetch(&mut opened.session, read_to, now).await;
            farewell(&mut opened.session).await;
            visit.map_err(|trouble| trouble.without(&opened.credential.secret()))
        };
        match tokio::time::timeout(WHOLE, visiting).await {
            Ok(visit) => visit,
            Err(_) => Err(self.told("read the mailbox at", Failure::Silent)),
        }
    }

    async fn fetch(
        &self,
        session: &mut Open,
        read_to: &ReadTo,
        now: Instant,
    ) -> Result<Visit, Trouble> {
        let failed = |why: Failure| self.told("read the mailbox at", why);
        let examined = exchange(session, MOST_BEFORE, async |session| {
            session.examine(folder::in_ascii(&self.folder)).await
        });
        let mailbox = examined.await.map_err(failed)?;
        let validity = mailbox.uid_validity.unwrap_or_default();
        let known = read_to.validity == validity;
        let query = match known {
            true => format!("UID {}:*", u64::from(read_to.last) + 1),
            false => {
                let first = now.plus_minutes(-FIRST_LOOK_DAYS * 24 * 60);
                let day = first.timestamp().strftime("%-d-%b-%Y");
                format!("SINCE {day}")
            }
        };
        let after = if known { read_to.last } else { 0 };
        let found = exchange(session, MOST_ANSWER, async |session| {
            session.uid_search(&query).await
        });
        let found = found.await.map_err(failed)?;
        // `n:*` names the newest message even where it is older than `n`.
        let mut uids: Vec<Uid> = found.into_iter().filter(|uid| *uid > after).collect();
        uids.sort_unstable();
        let more = uids.len() > MOST_MESSAGES;
        uids.truncate(MOST_MESSAGES);
        let newest = mailbox
            .uid_next
            .map_or(after, |next| next.saturating_sub(1));
        let last = match (more, uids.last()) {
            (true, Some(last)) => *last,
            (_, last) => last.copied().unwrap_or(after).max(newest),
        };
        let (mut messages, mut fetched) = (Vec::with_capacity(uids.len()), 0);
        for (place, uid) in uids.iter().copied().enumerate() {
            match self.body(session, uid).await {
                // One that was deleted meanwhile is no loss.
                Ok(None) => {}
                Ok(Some(body)) => {
                    fetched += body.len();
                    messages.push((uid, Ok(body)));
                }
                // The connection cannot be used any more, and the others need not wait for this
                // one.
                Err(Failure::TooMuch) => {
                    messages.push((uid, Err("the server sent more of it than was asked for")));
                    return Ok(Visit {
                        validity,
                        messages,
                        last: uid,
                        more: true,
                    });
                }
                Err(why) => return Err(failed(why)),
            }
            if fetched > MOST_FETCHED && place + 1 < uids.len() {
                return Ok(Visit {
                    validity,
                    messages,
                    last: uid,
                    more: true,
                });
            }
        }
        Ok(Visit {
            validity,
            messages,
            last,
            more,
        })
    }

    /// The beginning of a message.
    async fn body(&self, session: &mut Open, uid: Uid) -> Result<Option<Vec<u8>>, Failure> {
        let query = format!("(UID BODY.PEEK[]<0.{MOST_BYTES}>)");
        let fetched = exchange(session, LARGEST_LITERAL + MOST_BEFORE, async |session| {
            let fetched = session.uid_fetch(uid.to_string(), &query).await?;
            fetched.try_collect::<Vec<Fetch>>().await
        });
        let fetched = fetched.await?;
        let message = fetched.iter().find(|it| it.uid == Some(uid));
        Ok(message.and_then(|it| it.body()).map(<[u8]>::to_vec))
    }

    async fn open(&self) -> Result<Opened, Trouble> {
        let doing = format!("log in to {}", self.name());
        self.log_in
            .log_in(&doing, |credential| self.connect(credential))
            .await
    }

    async fn connect(&self, credential: Credential) -> Result<Opened, Trouble> {
        let Server {
            host,
            user,
            privacy,
            ..
        } = &self.server;
        let bounds = || {
            (
                MOST_BEFORE,
                Shape::with_literals(LONGEST_LINE, LARGEST_LITERAL),
            )
        };
        let reached = in_time(wire::reach(&self.server)).await;
        let (stream, peer) = reached.map_err(|why| self.told("connect to", why))?;
        let (most, shape) = bounds();
        let mut client = match privacy {
            Privacy::Tls => {
                let private = in_time(wire::private(stream, host)).await;
                let private = private.map_err(|why| self.told("connect to", why))?;
                Client::new(Wire::new(private, peer, most, shape))
            }
            Privacy::StartTls | Privacy::Plain => Client::new(Wire::new(stream, peer, most, shape)),
        };
        let greeting = within(client.read_response()).await;
        let greeting = greeting.map_err(|why| self.told("connect to", why))?;
        if greeting.is_none() {
            return Err(self.told("connect to", Failure::Closed));
        }
        if *privacy == Privacy::StartTls {
            let begun = within(client.run_command_and_check_ok("STARTTLS", None)).await;
            begun.map_err(|why| match why {
                Failure::Said(_) => self.told("start TLS with", Failure::NoTls),
                why => self.told("start TLS with", why),
            })?;
            // What was said before TLS and not read is dropped with the client.
            let private = in_time(wire::private(client.into_inner(), host)).await;
            let private = private.map_err(|why| self.told("start TLS with", why))?;
            let (most, shape) = bounds();
            client = Client::new(Wire::new(private, peer, most, shape));
        }
        let user = user.as_deref().unwrap_or_default();
        let logging_in = async {
            match &credential {
                Credential::None => Err(Failure::NoUser),
                Credential::Password(password) => log_in_by_password(client, user, password).await,
                Credential::Token(token) => token::log_in(client, user, token).await,
            }
        };
        let session = match tokio::time::timeout(ANSWER, logging_in).await {
            Ok(Ok(session)) => session,
            Ok(Err(why)) => return Err(self.told("log in to", why)),
            Err(_) => return Err(self.told("log in to", Failure::Silent)),
        };
        Ok(Opened {
            session,
            credential,
        })
    }

    fn told(&self, what: &str, why: Failure) -> Trouble {
        let doing = format!("{what} {}", self.name());
        Trouble::new(doing, why, self.server.user.as_deref())
    }
}

async fn log_in_by_password(
    client: Client<Wire>,
    user: &str,
    password: &SecretString,
) -> Result<Open, Failure> {
    let login = client.login(user, password.expose_secret()).await;
    login.map_err(|(error, _)| login_failure(&error, With::Password))
}

/// One exchange in which the server may send so much, and what it tells of other things is let go.
async fn exchange<T>(
    session: &mut Open,
    most: usize,
    exchange: impl AsyncFnOnce(&mut Open) -> async_imap::error::Result<T>,
) -> Result<T, Failure> {
    session.as_mut().allow(most);
    let done = within(exchange(session)).await;
    while session.unsolicited_responses.try_recv().is_ok() {}
    match session.as_mut().is_exceeded() {
        true => Err(Failure::TooMuch),
        false => done,
    }
}

async fn farewell(session: &mut Open) {
    session.as_mut().allow(MOST_BEFORE);
    // What a server says to a farewell changes nothing.
    let _ = tokio::time::timeout(FAREWELL, session.logout()).await;
}

/// Waits for an exchange, and says why it failed.
async fn within<T, E: Into<async_imap::error::Error>>(
    exchange: impl Future<Output = Result<T, E>>,
) -> Result<T, Failure> {
    match tokio::time::timeout(ANSWER, exchange).await {
        Ok(done) => done.map_err(|error| failure(&error.into())),
        Err(_) => Err(Failure::Silent),
    }
}

async fn in_time<T>(step: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let done = tokio::time::timeout(ANSWER, step).await;
    done.unwrap_or(Err(Failure::Silent))
}

/// Why an exchange failed, without what the library adds for programmers.
fn failure(error: &async_imap::error::Error) -> Failure {
    use async_imap::error::Error as E;
    match error {
        E::Io(error) => Failure::of(error),
        E::ConnectionLost => Failure::Closed,
        // Microsoft lets in whom it opens no mailbox to, and says so afterwards.
        E::Bad(text) | E::No(text) if closed(text) => Failure::LogIn(Refusal::MailboxClosed),
        E::Bad(text) | E::No(text) => Failure::Said(words(text)),
        _ => Failure::Garbled,
    }
}

fn closed(text: &str) -> bool {
    Refusal::of_imap(text, With::Token) == Refusal::MailboxClosed
}

/// Why logging in failed. Of what the server said nothing is kept.
fn login_failure(error: &async_imap::error::Error, with: With) -> Failure {
    use async_imap::error::Error as E;
    match error {
        E::No(text) | E::Bad(text) => Failure::LogIn(Refusal::of_imap(text, with)),
        E::Validate(_) => Failure::Unsayable,
        error => failure(error),
    }
}

/// What a server said, out of what the library makes of it: `code: None, info: Some("…")`, or
/// `information: Some("…") }`.
fn words(text: &str) -> String {
    let info = ["info: Some(\"", "information: Some(\""]
        .iter()
        .find_map(|key| text.split_once(key));
    let (mut said, mut escaped) = (String::new(), false);
    for letter in info.map(|(_, info)| info.chars()).into_iter().flatten() {
        match letter {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => break,
            letter => {
                said.push(letter);
                escaped = false;
            }
        }
    }
    match said.is_empty() {
        true => "the server refused, and did not say why".to_owned(),
        false => wire::said(&format!("the server said: {said}")),
    }
}

#[cfg(test)]
mod tests;
