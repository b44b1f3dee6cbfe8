//! The way out and the way in, as the administrator chose them, and what everybody must know about
//! them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context as _;
use futures::future::BoxFuture;
use greenroom_protocol::id::{MailId, WorkspaceId};
use greenroom_protocol::time::Instant;

use super::inbound::imap::Imap;
use super::log_in::{LogIn, Protocol};
use super::maildir::Maildir;
use super::message::Envelope;
use super::smtp::Smtp;
use super::trouble::Trouble;
use super::wire::Failure;
use super::wire::hello;
use super::{Author, Written};
use super::{InboundHandler, token};
use crate::config::mail::MailConfig;
use crate::outbox::record::MessageRecord;
use crate::outbox::{self, Channel, Handed, Message, Place, Settled};
use crate::store::{StoreError, Tx};

/// The sender where the administrator named none: no mail can go there, so no answer is waited for
/// in vain.
const NOBODY: &str = "greenroom@greenroom.invalid";

/// How long a check may take. Servers answer a wrong password late so that nobody tries many:
/// Dovecot after 2 seconds, and after up to 15 where there were several (<https://doc.dovecot.org/configuration_manual/authentication/auth_penalty/>). Both checks
/// of `doctor` are shorter than the deadline of its call.
const CHECK: Duration = Duration::from_secs(25);

/// No silent mail: said with every confirmation, by `status` and by `doctor`.
const NOBODY_RECEIVES: &str = "invitations are written to a folder and nobody receives them: tell the candidate and the \
                               interviewers yourself";

/// The way out and the way in. Clones are one.
#[derive(Clone)]
pub struct Mail(Arc<Inner>);

struct Inner {
    from: String,
    author: Arc<dyn Author>,
    inbound: Arc<dyn InboundHandler>,
    transport: Transport,
    inbox: Inbox,
    /// How reading answers went: since when it fails, or when it worked last. `None` before the
    /// first look.
    reading: Mutex<Option<(Instant, Result<(), String>)>>,
    /// Whether the folder is the demo's, whose people read it.
    sandbox: bool,
    /// Names this run of the daemon.
    run: String,
}

/// Where answers come in.
pub(super) enum Inbox {
    /// Files.
    Folder(Maildir),
    /// A server's mailbox.
    Server { imap: Imap, every: Duration },
}

enum Transport {
    /// Files.
    Folder(Maildir),
    /// A server.
    Server(Smtp),
}

impl Mail {
    /// The ways the administrator chose. `directory` is where the Maildir folders are.
    pub fn open(
        config: &MailConfig,
        directory: &Path,
        author: Arc<dyn Author>,
        inbound: Arc<dyn InboundHandler>,
    ) -> anyhow::Result<Self> {
        let folder = |name: &str| {
            let path = directory.join(name);
            Maildir::open(&path).with_context(|| format!("Couldn't open {}", path.display()))
        };
        let server = config.smtp.server("smtp").map_err(anyhow::Error::msg)?;
        let transport = match (config.transport.as_str(), server) {
            ("smtp", Some(server)) => {
                let hello = hello::name(&config.smtp.helo, &hello::hostname(), &config.from);
                let log_in = LogIn::configured(&config.smtp, Protocol::Smtp);
                Transport::Server(Smtp::new(server, log_in, hello))
            }
            _ => Transport::Folder(folder("outbox")?),
        };
        let mailbox = config.imap.server("imap").map_err(anyhow::Error::msg)?;
        let inbox = match mailbox {
            Some(server) => Inbox::Server {
                imap: Imap::new(server, LogIn::configured(&config.imap, Protocol::Imap)),
                every: Duration::from_secs(config.poll_seconds.into()),
            },
            None => Inbox::Folder(folder("inbox")?),
        };
        let from = match config.from.as_str() {
            "" => NOBODY.to_owned(),
            from => from.to_owned(),
        };
        let sandbox = config.transport == "sandbox";
        Ok(Self(Arc::new(Inner {
            from,
            author,
            inbound,
            transport,
            inbox,
            reading: Mutex::default(),
            sandbox,
            run: uuid::Uuid::now_v7().to_string(),
        })))
    }

    /// The address letters come from and answers return to.
    pub fn from(&self) -> &str {
        &self.0.from
    }

    /// Who writes letters.
    pub fn author(&self) -> &dyn Author {
        self.0.author.as_ref()
    }

    /// Who hears answers.
    pub(super) fn inbound(&self) -> &dyn InboundHandler {
        self.0.inbound.as_ref()
    }

    /// The name of this run of the daemon.
    pub(super) fn run(&self) -> &str {
        &self.0.run
    }

    /// Where answers come in.
    pub(super) fn inbox(&self) -> &Inbox {
        &self.0.inbox
    }

    /// The folders on this machine that mail is written to and read from.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        let outgoing = match &self.0.transport {
            Transport::Folder(folder) => Some(folder),
            Transport::Server(_) => None,
        };
        let inbox = match &self.0.inbox {
            Inbox::Folder(folder) => Some(folder),
            Inbox::Server { .. } => None,
        };
        let folders = [outgoing, inbox].into_iter().flatten();
        folders.map(|folder| folder.path().to_owned()).collect()
    }

    /// Where answers are read, for people.
    pub fn answers(&self) -> String {
        match &self.0.inbox {
            Inbox::Folder(folder) => format!("read from {}", folder.path().display()),
            Inbox::Server { imap, .. } => format!("read from {}", imap.name()),
        }
    }

    /// Why answers could not be read the last time.
    pub fn answers_error(&self) -> Option<String> {
        self.reading()?.1.err()
    }

    /// How reading answers went: since when it fails, or when it worked last. `None` before the
    /// first look.
    pub fn reading(&self) -> Option<(Instant, Result<(), String>)> {
        self.0.reading.lock().ok()?.clone()
    }

    /// Notes how reading went.
    pub(super) fn note_reading(&self, now: Instant, outcome: Result<(), String>) {
        let Ok(mut reading) = self.0.reading.lock() else {
            return;
        };
        let fails_since = reading.as_ref().filter(|(_, former)| former.is_err());
        let since = fails_since
            .filter(|_| outcome.is_err())
            .map_or(now, |(since, _)| *since);
        *reading = Some((since, outcome));
    }

    /// Whether answers can be read now: logs in at the server and goes away again.
    pub async fn check_answers(&self) -> Result<(), Trouble> {
        let Inbox::Server { imap, .. } = &self.0.inbox else {
            return Ok(());
        };
        match tokio::time::timeout(CHECK, imap.check()).await {
            Ok(checked) => checked,
            Err(_) => Err(silent(&imap.name())),
        }
    }

    /// What stands on a letter that is written now.
    pub fn envelope(
        &self,
        workspace: WorkspaceId,
        id: MailId,
        follows: Option<MailId>,
        at: Instant,
    ) -> Envelope {
        let message_id = |id| token::message_id(id, workspace, self.from());
        Envelope {
            from: self.from().to_owned(),
            message_id: message_id(id),
            follows: follows.map(message_id),
            at,
        }
    }

    /// How letters leave, in a word.
    pub fn transport(&self) -> &'static str {
        match self.0.transport {
            Transport::Folder(_) if self.0.sandbox => "sandbox",
            Transport::Folder(_) => "maildir",
            Transport::Server(_) => "smtp",
        }
    }

    /// Whether letters leave this machine.
    pub fn delivers(&self) -> bool {
        matches!(self.0.transport, Transport::Server(_))
    }

    /// What everybody must know about mail here; nothing where it goes to those it is for.
    pub fn warning(&self) -> Option<&'static str> {
        (!self.delivers() && !self.0.sandbox).then_some(NOBODY_RECEIVES)
    }

    /// How letters leave, for people.
    pub fn note(&self) -> String {
        match &self.0.transport {
            Transport::Server(server) => format!("mail leaves through {}", server.name()),
            Transport::Folder(folder) if self.0.sandbox => format!(
                "SANDBOX: mail is written to {}, where the demo's people read it",
                folder.path().display()
            ),
            Transport::Folder(folder) => {
                format!("{NOBODY_RECEIVES}; they are in {}", folder.path().display())
            }
        }
    }

    /// Whether letters can leave now: logs in at the server and goes away again.
    pub async fn check(&self) -> Result<(), Trouble> {
        let Transport::Server(server) = &self.0.transport else {
            return Ok(());
        };
        match tokio::time::timeout(CHECK, server.check()).await {
            Ok(checked) => checked,
            Err(_) => Err(silent(&server.name())),
        }
    }
}

impl Channel for Mail {
    fn write<'a>(
        &'a self,
        tx: &'a Tx,
        place: Place<'a>,
        record: &'a MessageRecord,
    ) -> BoxFuture<'a, Result<outbox::Written, StoreError>> {
        Box::pin(async move {
            let (letter, memo) = match self.author().write(tx, place.space, record).await? {
                Written::Letter { letter, memo } => (letter, memo),
                Written::Unwanted(why) => return Ok(outbox::Written::Unwanted(why)),
            };
            let envelope = self.envelope(place.workspace, place.id, record.follows, place.at);
            Ok(match letter.build(&envelope) {
                Ok(email) => outbox::Written::Message {
                    message: Message {
                        name: format!("{}.{}", place.id, place.workspace),
                        from: email.from.to_string(),
                        to: email.to.to_string(),
                        bytes: email.bytes,
                    },
                    address: letter.to.address,
                    memo,
                },
                Err(error) => outbox::Written::Impossible(error.to_string()),
            })
        })
    }

    fn hand_over<'a>(&'a self, message: &'a Message, again: bool) -> BoxFuture<'a, Handed> {
        Box::pin(async move {
            match &self.0.transport {
                Transport::Server(server) => server.send(message).await,
                Transport::Folder(folder) => {
                    let (folder, message) = (folder.clone(), message.clone());
                    let write = move || folder.deliver(&message.name, &message.bytes, again);
                    match tokio::task::spawn_blocking(write).await {
                        Ok(Ok(())) => Handed::Taken,
                        Ok(Err(error)) => {
                            Handed::NotTaken(format!("Couldn't write the email: {error}"))
                        }
                        Err(error) => Handed::Unknown(error.to_string()),
                    }
                }
            }
        })
    }

    fn settled<'a>(
        &'a self,
        tx: &'a Tx,
        place: Place<'a>,
        record: &'a MessageRecord,
        outcome: Settled,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.author()
            .settled(tx, place.space, place.id, record, outcome)
    }
}

fn silent(name: &str) -> Trouble {
    Trouble::new(format!("check {name}"), Failure::SilentFor(CHECK), None)
}
