//! Email through Microsoft Graph: the third transport, and a mailbox that needs no IMAP.
//!
//! A message is sent as the MIME it is, in base64; 202 says that it was accepted, not that it was
//! sent. Invariants: a message whose answer was lost is looked for among the sent ones, by its
//! Message-ID, before it is handed over again, and not before Microsoft had time to put it there;
//! no more leave in a minute than a mailbox may; nothing of Microsoft's words is kept, only its
//! codes. Sources: <https://learn.microsoft.com/graph/api/user-sendmail>,
//! <https://learn.microsoft.com/graph/outlook-send-mime-message>.

mod answer;
mod delta;
mod pace;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use greenroom_protocol::time::Instant;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use url::Url;

use self::answer::Refused;
pub(in crate::mail) use self::delta::{Link, Listed, Page, ReadTo};
use self::pace::Pace;
use super::inbound::read::MOST_BYTES;
use super::log_in::{Credential, LogIn};
use super::trouble::Trouble;
use super::wire::Failure;
use crate::clock::{Clock, Steady};
use crate::grants::{Http, NoReply, Reply};
use crate::outbox::{Handed, Message};

/// The most a request may have, in bytes: <https://learn.microsoft.com/graph/use-the-api>.
const MOST_SENT: usize = 4_000_000;

/// How long Microsoft may take to put what it accepted among the sent messages, in seconds. It
/// takes a few; a message that is repeated too soon comes twice, and one that waits comes late.
const SETTLES_SECONDS: i64 = 90;

/// Messages whose answer was lost that are remembered.
const MOST_DOUBTS: usize = 1_000;

/// The folder that has a name of its own in every language.
const INBOX: &str = "inbox";

/// The folder of what was sent, by its name in addresses.
const SENT: &str = "sentitems";

/// Names that do not change when a message is moved:
/// <https://learn.microsoft.com/graph/outlook-immutable-id>.
const SAME_NAMES: &str = "IdType=\"ImmutableId\"";

/// Where Graph is, and how it is reached. Clones are one.
#[derive(Clone)]
pub struct Endpoint {
    /// `https://graph.microsoft.com/v1.0`
    pub base: Url,
    /// The client.
    pub http: Http,
    /// What time it is.
    pub clock: Clock,
}

/// A mailbox at Microsoft.
pub(in crate::mail) struct Graph {
    at: Endpoint,
    log_in: LogIn,
    /// The account's address.
    user: String,
    pace: Mutex<Pace>,
    /// Messages that may have left, and since when their answer is missed.
    doubts: Mutex<HashMap<String, Steady>>,
}

#[derive(Deserialize)]
struct Found {
    value: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

impl Graph {
    pub fn new(at: Endpoint, log_in: LogIn, user: String) -> Self {
        Self {
            at,
            log_in,
            user,
            pace: Mutex::default(),
            doubts: Mutex::default(),
        }
    }

    /// Its name, for people.
    pub fn name(&self) -> String {
        format!("Microsoft Graph as {}", self.user)
    }

    /// Its name in the store, with a folder's.
    pub fn key(&self, folder: &str) -> String {
        let host = self.at.base.host_str().unwrap_or_default();
        format!("{}@{host}/{folder}", self.user.to_ascii_lowercase())
    }

    /// Hands a message over. `again`: it may have been handed over before.
    pub async fn send(&self, message: &Message, again: bool) -> Handed {
        let body = STANDARD.encode(&message.bytes);
        if body.len() > MOST_SENT {
            let why = self.told("send by", Refused::TooLarge.failure(&self.user));
            return Handed::Refused {
                why: why.to_string(),
                address: false,
            };
        }
        if again && let Some(handed) = self.resolve(message).await {
            return handed;
        }
        if let Err(wait) = self.pace().take(self.at.clock.steady()) {
            return Handed::NotBefore {
                until: self.at.clock.now().plus_seconds(wait),
                why: "30 emails left this mailbox in a minute, and Microsoft takes no more"
                    .to_owned(),
            };
        }
        let handed = self.hand_over(body).await;
        let mut doubts = self.doubts();
        match handed {
            Handed::Unknown(_) if doubts.len() < MOST_DOUBTS => {
                doubts.insert(message.name.clone(), self.at.clock.steady());
            }
            Handed::Unknown(_) => {}
            _ => drop(doubts.remove(&message.name)),
        }
        handed
    }

    async fn hand_over(&self, body: String) -> Handed {
        let asked = self.ask("send by", |graph| {
            let request = graph.request(Method::POST, &["me", "sendMail"]);
            let plain = HeaderValue::from_static("text/plain");
            request.header(CONTENT_TYPE, plain).body(body.clone())
        });
        let reply = match asked.await {
            Ok(reply) => reply,
            Err(Stopped::NoToken(why)) => return Handed::NotTaken(why.to_string()),
            Err(Stopped::NotSent(why)) => return Handed::NotTaken(why.to_string()),
            Err(Stopped::Lost(why)) => return Handed::Unknown(why.to_string()),
        };
        // Only this one says that it was accepted: a message that is too large has been answered
        // with 200 (<https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/3079>).
        if reply.status == 202 {
            return Handed::Taken;
        }
        let refused = answer::refused(&reply, self.at.clock.now());
        let why = self.told("send by", refused.clone().failure(&self.user));
        refused.of_message(why.to_string())
    }

    /// What became of a message that may have left; `None`: it did not, and is sent.
    async fn resolve(&self, message: &Message) -> Option<Handed> {
        let (name, now) = (&message.name, self.at.clock.steady());
        let missed = *self.doubts().entry(name.clone()).or_insert(now);
        match self.has_sent(&message_id(message)).await {
            Ok(true) => {
                self.doubts().remove(name);
                Some(Handed::Taken)
            }
            Ok(false) => {
                let left = SETTLES_SECONDS - now.since(missed);
                (left > 0).then(|| Handed::NotBefore {
                    until: self.at.clock.now().plus_seconds(left),
                    why: "Microsoft may have taken it: its sent emails are looked at again before \
                          it is repeated"
                        .to_owned(),
                })
            }
            Err(why) => Some(Handed::NotTaken(why.to_string())),
        }
    }

    /// Whether a message is among the sent ones.
    async fn has_sent(&self, message_id: &str) -> Result<bool, Trouble> {
        self.holds("look for a sent email by", SENT, message_id)
            .await
    }

    /// Whether a message with this Message-ID has come into a folder.
    pub async fn has_received(&self, folder: &str, message_id: &str) -> Result<bool, Trouble> {
        let folder = self.folder(folder).await?;
        self.holds("read the mailbox by", &folder, message_id).await
    }

    async fn holds(
        &self,
        doing: &'static str,
        folder: &str,
        message_id: &str,
    ) -> Result<bool, Trouble> {
        let filter = format!("internetMessageId eq '{}'", message_id.replace('\'', "''"));
        let reply = self.get(doing, |graph| {
            let path = ["me", "mailFolders", folder, "messages"];
            let request = graph.request(Method::GET, &path);
            request.query(&[
                ("$filter", filter.as_str()),
                ("$select", "id"),
                ("$top", "1"),
            ])
        });
        let found = serde_json::from_slice::<Found>(&reply.await?.body);
        let found = found.map_err(|_| self.told(doing, Failure::Garbled))?;
        Ok(!found.value.is_empty())
    }

    /// Asks for the mailbox and goes away again.
    pub async fn check(&self) -> Result<(), Trouble> {
        let asked = self.get("reach the mailbox by", |graph| {
            let request = graph.request(Method::GET, &["me", "mailFolders", INBOX]);
            request.query(&[("$select", "id")])
        });
        asked.await.map(drop)
    }

    /// The next page of what is new in a folder; `None`: Graph does not know any more how far was
    /// read.
    pub async fn page(
        &self,
        folder: &str,
        read_to: &ReadTo,
        now: Instant,
    ) -> Result<Option<Page>, Trouble> {
        let doing = "read the mailbox by";
        let known = read_to.link.as_deref();
        let known = known.and_then(|link| delta::address_below(&self.at.base, link));
        let prefer = format!("odata.maxpagesize={}, {SAME_NAMES}", delta::PAGE);
        let folder = match &known {
            Some(_) => String::new(),
            None => self.folder(folder).await?,
        };
        let since = read_to.first_since(now).timestamp();
        let since = format!(
            "receivedDateTime ge {}",
            since.strftime("%Y-%m-%dT%H:%M:%SZ")
        );
        let asked = self.ask(doing, |graph| {
            let request = match &known {
                Some(link) => graph.at.http.request(Method::GET, link.clone()),
                None => graph
                    .request(
                        Method::GET,
                        &["me", "mailFolders", &folder, "messages", "delta"],
                    )
                    .query(&[
                        ("changeType", "created"),
                        ("$select", "id,receivedDateTime"),
                        ("$filter", &since),
                    ]),
            };
            request.header("Prefer", &prefer)
        });
        let reply = asked.await.map_err(Stopped::trouble)?;
        if reply.status == 200 {
            let page = delta::page(&self.at.base, &reply.body);
            return page
                .map(Some)
                .ok_or_else(|| self.told(doing, Failure::Garbled));
        }
        match answer::refused(&reply, now) {
            Refused::Resync if known.is_some() => Ok(None),
            refused => Err(self.told(doing, refused.failure(&self.user))),
        }
    }

    /// A message, or the beginning of a long one; `None`: it is not there any more.
    pub async fn message(&self, listed: &Listed) -> Result<Option<Vec<u8>>, Trouble> {
        let doing = "read the mailbox by";
        let asked = self.ask_for(doing, Some(MOST_BYTES as usize), |graph| {
            let request = graph.request(Method::GET, &["me", "messages", &listed.id, "$value"]);
            request.header("Prefer", SAME_NAMES)
        });
        let reply = asked.await.map_err(Stopped::trouble)?;
        if reply.status == 200 {
            return Ok(Some(reply.body.to_vec()));
        }
        match answer::refused(&reply, self.at.clock.now()) {
            Refused::Gone => Ok(None),
            refused => Err(self.told(doing, refused.failure(&self.user))),
        }
    }

    /// A folder's name in addresses: the inbox has one of its own, another is looked for by the name
    /// that people gave it.
    async fn folder(&self, name: &str) -> Result<String, Trouble> {
        if name.eq_ignore_ascii_case(INBOX) {
            return Ok(INBOX.to_owned());
        }
        let doing = "read the mailbox by";
        let filter = format!("displayName eq '{}'", name.replace('\'', "''"));
        let reply = self.get(doing, |graph| {
            let request = graph.request(Method::GET, &["me", "mailFolders"]);
            request.query(&[
                ("$filter", filter.as_str()),
                ("$select", "id"),
                ("$top", "1"),
            ])
        });
        let found = serde_json::from_slice::<Found>(&reply.await?.body);
        let found = found.map_err(|_| self.told(doing, Failure::Garbled))?;
        let first = found.value.into_iter().next().map(|folder| folder.id);
        first.ok_or_else(|| self.told(doing, Refused::Gone.failure(&self.user)))
    }

    /// Asks for something that is answered with 200.
    async fn get(
        &self,
        doing: &'static str,
        request: impl Fn(&Self) -> RequestBuilder,
    ) -> Result<Reply, Trouble> {
        let reply = self.ask(doing, request).await.map_err(Stopped::trouble)?;
        match reply.status {
            200 => Ok(reply),
            _ => {
                let refused = answer::refused(&reply, self.at.clock.now());
                Err(self.told(doing, refused.failure(&self.user)))
            }
        }
    }

    async fn ask(
        &self,
        doing: &'static str,
        request: impl Fn(&Self) -> RequestBuilder,
    ) -> Result<Reply, Stopped> {
        self.ask_for(doing, None, request).await
    }

    /// Asks with a token, and once more with a fresh one where it is refused: what was refused was
    /// not carried out. `most`: no more of the answer is read, in bytes.
    async fn ask_for(
        &self,
        doing: &'static str,
        most: Option<usize>,
        request: impl Fn(&Self) -> RequestBuilder,
    ) -> Result<Reply, Stopped> {
        let request = &request;
        let log_in = format!("{doing} {}", self.name());
        let asked = self.log_in.log_in(&log_in, |credential| async move {
            let Credential::Token(token) = credential else {
                return Err(self.told(doing, Failure::NoUser));
            };
            let request = request(self).bearer_auth(token.expose_secret());
            let http = &self.at.http;
            let answered = match most {
                Some(most) => http.send_up_to(request, most).await,
                None => http.send(request).await,
            };
            match answered {
                Ok(reply) if reply.status == 401 => {
                    Err(self.told(doing, Refused::Token.failure(&self.user)))
                }
                answered => Ok(answered),
            }
        });
        let answered = asked.await.map_err(Stopped::NoToken)?;
        answered.map_err(|none| {
            let (cause, stopped): (_, fn(Trouble) -> Stopped) = match none {
                NoReply::NotSent(cause) => (cause, Stopped::NotSent),
                NoReply::Lost(cause) => (cause, Stopped::Lost),
            };
            let text = cause.text("Microsoft");
            stopped(self.told(doing, Failure::Told { text, hint: None }))
        })
    }

    /// An address below Graph's; each part is one segment, whatever is in it.
    fn request(&self, method: Method, path: &[&str]) -> RequestBuilder {
        let mut url = self.at.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        self.at.http.request(method, url)
    }

    fn told(&self, what: &str, why: Failure) -> Trouble {
        Trouble::new(format!("{what} {}", self.name()), why, Some(&self.user))
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn doubts(&self) -> MutexGuard<'_, HashMap<String, Steady>> {
        self.doubts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why there is no answer.
enum Stopped {
    /// There is no token, or none is taken: nothing was done.
    NoToken(Trouble),
    /// Nothing reached Microsoft.
    NotSent(Trouble),
    /// It may have been done.
    Lost(Trouble),
}

impl Stopped {
    fn trouble(self) -> Trouble {
        let (Self::NoToken(why) | Self::NotSent(why) | Self::Lost(why)) = self;
        why
    }
}

/// The Message-ID it has, in brackets.
fn message_id(message: &Message) -> String {
    let domain = message
        .from
        .rsplit_once('@')
        .map_or("", |(_, domain)| domain);
    format!("<{}@{domain}>", message.name)
}

/// What the fuzz target of mail servers reaches for.
#[cfg(any(test, fuzzing))]
pub(in crate::mail) mod fuzzing {
    use greenroom_protocol::time::Instant;
    use url::Url;

    use super::answer;
    use super::delta::{self, Link};
    use crate::grants::Reply;
    use crate::outbox::Handed;

    pub fn sent(reply: &Reply, now: Instant) -> Handed {
        let refused = answer::refused(reply, now);
        let why = refused.clone().failure("interviews@acme.example");
        refused.of_message(why.to_string())
    }

    pub fn page(base: &Url, body: &[u8]) -> Option<(String, Vec<String>)> {
        let page = delta::page(base, body)?;
        let (Link::More(link) | Link::UpToDate(link)) = page.link;
        let names = page.messages.into_iter().map(|listed| listed.id);
        Some((link, names.collect()))
    }
}

#[cfg(test)]
mod tests;
