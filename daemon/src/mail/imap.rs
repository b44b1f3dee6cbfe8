//! Reading a mailbox over IMAP. It is looked at and left as it is: nothing is marked, moved or deleted, so people can go on
//! reading it.
//!
//! How far it was read is a record: the mailbox's validity and the last UID, which together name a message for ever (RFC 3501,
//! 2.3.1.1). It moves on in the commit that hears the message, so each is heard once.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_imap::types::{Fetch, Uid};
use async_imap::{Client, Session};
use futures::TryStreamExt as _;
use greenroom_protocol::time::Instant;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use rustls_platform_verifier::BuilderVerifierExt as _;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::read::MOST_BYTES;
use super::ways::password;
use crate::config::mail::{Privacy, Server};
use crate::secrets::Source;
use crate::store::Record;

/// How long one exchange with the server may take.
const ANSWER: Duration = Duration::from_secs(60);

/// How old the mail is that a mailbox seen for the first time is read back to, in days.
const FIRST_LOOK_DAYS: i64 = 14;

/// Messages fetched in one visit; the next goes on there.
const MOST_MESSAGES: usize = 200;

/// How far a mailbox was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ReadTo {
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
pub(super) struct Imap {
    server: Server,
    password: Source,
}

/// What one visit brings.
pub(super) struct Visit {
    /// The mailbox's validity.
    pub validity: u32,
    /// Messages by UID, in order.
    pub messages: Vec<(Uid, Vec<u8>)>,
    /// Everything up to here was looked at.
    pub last: Uid,
    /// Whether there is more to fetch.
    pub more: bool,
}

trait Stream: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin> Stream for T {}

type Open = Session<Box<dyn Stream>>;

impl Imap {
    pub fn new(server: Server, password: Source) -> Self {
        Self { server, password }
    }

    /// The mailbox's name, for people.
    pub fn name(&self) -> String {
        format!("{}:{}", self.server.host, self.server.port)
    }

    /// The mailbox's name in the store.
    pub fn key(&self) -> String {
        let user = self.server.user.as_deref().unwrap_or_default();
        format!("{user}@{}:{}", self.server.host, self.server.port)
    }

    /// Logs in and goes away again.
    pub async fn check(&self) -> Result<(), String> {
        let mut session = self.open().await?;
        let _ = within(session.logout()).await;
        Ok(())
    }

    /// Fetches what came since.
    pub async fn visit(&self, read_to: &ReadTo, now: Instant) -> Result<Visit, String> {
        let mut session = self.open().await?;
        let visit = self.fetch(&mut session, read_to, now).await;
        // The messages are here; what a server says to a farewell changes nothing.
        let _ = within(session.logout()).await;
        visit
    }

    async fn fetch(
        &self,
        session: &mut Open,
        read_to: &ReadTo,
        now: Instant,
    ) -> Result<Visit, String> {
        let failed = |why: String| format!("read the mailbox at {}: {why}", self.name());
        let mailbox = within(session.examine("INBOX")).await.map_err(failed)?;
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
        let found = within(session.uid_search(query)).await.map_err(failed)?;
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
        let mut messages = Vec::with_capacity(uids.len());
        for uid in uids {
            let query = format!("(UID BODY.PEEK[]<0.{MOST_BYTES}>)");
            let fetching = async {
                let fetched = session.uid_fetch(uid.to_string(), query).await?;
                fetched.try_collect::<Vec<Fetch>>().await
            };
            let fetched = within(fetching).await.map_err(failed)?;
            let body = fetched.iter().find(|it| it.uid == Some(uid));
            // One that was deleted meanwhile is no loss.
            messages.extend(
                body.and_then(|it| it.body())
                    .map(|body| (uid, body.to_vec())),
            );
        }
        Ok(Visit {
            validity,
            messages,
            last,
            more,
        })
    }

    async fn open(&self) -> Result<Open, String> {
        let failed = |what: &str, why: String| format!("{what} {}: {why}", self.name());
        let Server {
            host,
            port,
            user,
            privacy,
        } = &self.server;
        let reaching = TcpStream::connect((host.as_str(), *port));
        let stream = within(reaching)
            .await
            .map_err(|why| failed("connect to", why))?;
        let mut client = match privacy {
            Privacy::Tls => Client::new(self.private(stream).await?),
            Privacy::StartTls | Privacy::Plain => Client::new(Box::new(stream) as Box<dyn Stream>),
        };
        let greeting = within(client.read_response()).await;
        let greeting = greeting.map_err(|why| failed("connect to", why))?;
        if greeting.is_none() {
            return Err(failed("connect to", "it closed the connection".to_owned()));
        }
        if *privacy == Privacy::StartTls {
            let begun = within(client.run_command_and_check_ok("STARTTLS", None)).await;
            begun.map_err(|why| failed("start TLS with", why))?;
            client = Client::new(self.private(client.into_inner()).await?);
        }
        let user = user.as_deref().unwrap_or_default();
        let password = password(&self.password, "mail.imap.password").await?;
        let login = client.login(user, password.expose_secret());
        let login = async { login.await.map_err(|(error, _)| error) };
        within(login).await.map_err(|why| failed("log in to", why))
    }

    async fn private(&self, stream: impl Stream + 'static) -> Result<Box<dyn Stream>, String> {
        let failed = |why: String| format!("start TLS with {}: {why}", self.name());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_platform_verifier());
        let config = config.map_err(|error| failed(error.to_string()))?;
        let connector = TlsConnector::from(Arc::new(config.with_no_client_auth()));
        let name = ServerName::try_from(self.server.host.clone());
        let name = name.map_err(|error| failed(error.to_string()))?;
        let private = within(connector.connect(name, stream))
            .await
            .map_err(failed)?;
        Ok(Box::new(private))
    }
}

/// Waits for an exchange, and says why it failed.
async fn within<T, E: fmt::Display>(
    exchange: impl Future<Output = Result<T, E>>,
) -> Result<T, String> {
    match tokio::time::timeout(ANSWER, exchange).await {
        Ok(done) => done.map_err(|error| error.to_string()),
        Err(_) => Err("it does not answer".to_owned()),
    }
}
