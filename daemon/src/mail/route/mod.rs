//! The route of a workspace's email: the way out and the way in, and what everybody must know about
//! them.
//!
//! Owns a transport and an inbox, built from `settings` ★ and a [`LogIn`] for each server. A route
//! never changes: other settings are another route, so what is under way ends by the one it began
//! with. Must not know where settings are kept, nor an interview.

pub mod settings;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context as _;
use greenroom_protocol::id::{MailId, WorkspaceId};
use greenroom_protocol::mail_settings::{MailLogIn, MailSource, MailTransport};
use greenroom_protocol::time::Instant;

use self::settings::Settings;
use super::graph::Graph;
use super::inbound::imap::Imap;
use super::log_in::{LogIn, Protocol};
use super::maildir::Maildir;
use super::message::Envelope;
use super::smtp::Smtp;
use super::token;
use super::trouble::Trouble;
use super::wire::{Failure, hello};
use crate::config::mail::MailConfig;
use crate::outbox::{Handed, Message};

/// The sender where nobody named one: no mail can go there, so no answer is waited for in vain.
const NOBODY: &str = "greenroom@greenroom.invalid";

/// How long a check may take. Servers answer a wrong password late so that nobody tries many:
/// Dovecot after 2 seconds, and after up to 15 where there were several (<https://doc.dovecot.org/configuration_manual/authentication/auth_penalty/>). Both checks
/// of `doctor` are shorter than the deadline of its call.
const CHECK: Duration = Duration::from_secs(25);

/// No silent mail: said with every confirmation, by `status` and by `doctor`.
const NOBODY_RECEIVES: &str = "invitations are written to a folder and nobody receives them: tell the candidate and the \
                               interviewers yourself";

/// The same, where this version does not know how.
const UNREADABLE: &str = "this version can't read the workspace's email settings, so no email leaves: update greenroomd, or \
                          set up email again with greenroom mail setup";

/// How a workspace's email leaves, and where replies are read.
pub struct Route {
    settings: Settings,
    transport: Transport,
    inbox: Inbox,
    /// How reading answers went: since when it fails, or when it worked last. `None` before the
    /// first look.
    reading: Mutex<Option<(Instant, Result<(), String>)>>,
}

/// Where answers come in.
pub(in crate::mail) enum Inbox {
    /// Files.
    Folder(Maildir),
    /// A server's mailbox.
    Server { imap: Imap, every: Duration },
    /// A folder at Microsoft Graph.
    Graph { graph: Arc<Graph>, every: Duration },
    /// Nowhere that this version knows.
    Unusable,
}

enum Transport {
    /// Files.
    Folder(Maildir),
    /// A server.
    Server(Smtp),
    /// Microsoft Graph.
    Graph(Arc<Graph>),
    /// Nothing leaves: this version does not know how.
    Unusable,
}

/// What every route on this machine has in common.
pub(in crate::mail) struct Ground {
    /// Where emails are written that nobody receives.
    outbox: Maildir,
    /// Where replies are read from files.
    inbox: Maildir,
    /// What this machine calls itself, where the administrator says so.
    helo: String,
    /// How often a server is asked for replies.
    every: Duration,
}

impl Ground {
    /// `directory` is where the Maildir folders are; they are made where they are not there.
    pub fn open(config: &MailConfig, directory: &Path) -> anyhow::Result<Self> {
        let folder = |name: &str| {
            let path = directory.join(name);
            Maildir::open(&path).with_context(|| format!("Couldn't open {}", path.display()))
        };
        Ok(Self {
            outbox: folder("outbox")?,
            inbox: folder("inbox")?,
            helo: config.smtp.helo.clone(),
            every: Duration::from_secs(config.poll_seconds.into()),
        })
    }

    /// The route of `[mail]`, for every workspace without settings of its own.
    pub fn default_route(&self, config: &MailConfig) -> anyhow::Result<Route> {
        let settings = Settings::of_config(config).map_err(anyhow::Error::msg)?;
        let smtp = LogIn::configured(&config.smtp, Protocol::Smtp);
        let imap = LogIn::configured(&config.imap, Protocol::Imap);
        Ok(self.route(settings, smtp, imap, None))
    }

    /// The route of these settings, with how one logs in at each server. `graph` is the mailbox of
    /// their account there.
    pub fn route(
        &self,
        settings: Settings,
        smtp: LogIn,
        imap: LogIn,
        graph: Option<Graph>,
    ) -> Route {
        let graph = graph.filter(|_| settings.transport == MailTransport::Graph);
        let graph = graph.map(Arc::new);
        let from = settings.from.as_deref().unwrap_or_default();
        let transport = match (settings.transport, settings.smtp.clone()) {
            (MailTransport::Smtp, Some(server)) => {
                let hello = hello::name(&self.helo, &hello::hostname(), from);
                Transport::Server(Smtp::new(server, smtp, hello))
            }
            (MailTransport::Maildir | MailTransport::Sandbox, _) => {
                Transport::Folder(self.outbox.clone())
            }
            (MailTransport::Graph, _) => match &graph {
                Some(graph) => Transport::Graph(graph.clone()),
                None => Transport::Unusable,
            },
            (MailTransport::Smtp, None) => Transport::Unusable,
        };
        let every = self.every;
        let inbox = match (settings.imap.clone(), graph) {
            (Some(server), _) => Inbox::Server {
                imap: Imap::new(server, imap, settings.folder.clone()),
                every,
            },
            (None, Some(graph)) => Inbox::Graph { graph, every },
            (None, None) => Inbox::Folder(self.inbox.clone()),
        };
        Route {
            settings,
            transport,
            inbox,
            reading: Mutex::default(),
        }
    }

    /// The route of a workspace whose settings this version can't read: nothing leaves, rather than
    /// by a way that was not meant.
    pub fn unusable(&self, revision: u64) -> Route {
        let settings = Settings {
            source: MailSource::Workspace,
            revision,
            system: None,
            transport: MailTransport::Maildir,
            from: None,
            account: None,
            smtp: None,
            smtp_log_in: MailLogIn::None,
            imap: None,
            imap_log_in: MailLogIn::None,
            folder: settings::INBOX.to_owned(),
        };
        Route {
            settings,
            transport: Transport::Unusable,
            inbox: Inbox::Unusable,
            reading: Mutex::default(),
        }
    }

    /// The folders on this machine that mail is written to and read from.
    pub fn folders(&self) -> Vec<PathBuf> {
        [&self.outbox, &self.inbox]
            .map(|folder| folder.path().to_owned())
            .into()
    }
}

impl Route {
    /// What was decided.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The address letters come from and answers return to.
    pub fn from(&self) -> &str {
        self.settings.from.as_deref().unwrap_or(NOBODY)
    }

    /// Where answers come in.
    pub(in crate::mail) fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    /// Whether answers are read anywhere.
    pub fn reads_answers(&self) -> bool {
        !matches!(self.inbox, Inbox::Unusable)
    }

    /// Where answers are read, for people.
    pub fn answers(&self) -> String {
        match &self.inbox {
            Inbox::Folder(folder) => format!("read from {}", folder.path().display()),
            Inbox::Server { imap, .. } => format!("read from {}", imap.name()),
            Inbox::Graph { graph, .. } => format!("read by {}", graph.name()),
            Inbox::Unusable => UNREADABLE.to_owned(),
        }
    }

    /// Why answers could not be read the last time.
    pub fn answers_error(&self) -> Option<String> {
        self.reading()?.1.err()
    }

    /// How reading answers went: since when it fails, or when it worked last. `None` before the
    /// first look.
    pub fn reading(&self) -> Option<(Instant, Result<(), String>)> {
        self.reading.lock().ok()?.clone()
    }

    /// Notes how reading went.
    pub(in crate::mail) fn note_reading(&self, now: Instant, outcome: Result<(), String>) {
        let Ok(mut reading) = self.reading.lock() else {
            return;
        };
        let fails_since = reading.as_ref().filter(|(_, former)| former.is_err());
        let since = fails_since
            .filter(|_| outcome.is_err())
            .map_or(now, |(since, _)| *since);
        *reading = Some((since, outcome));
    }

    /// Whether answers can be read now: logs in at the server and goes away again.
    ///
    /// # Errors
    /// Why they can't, for people.
    pub async fn check_answers(&self) -> Result<(), Trouble> {
        match &self.inbox {
            Inbox::Server { imap, .. } => in_time(&imap.name(), imap.check()).await,
            Inbox::Graph { graph, .. } => in_time(&graph.name(), graph.check()).await,
            Inbox::Folder(_) | Inbox::Unusable => Ok(()),
        }
    }

    /// What stands on an email that is written now and follows none.
    pub fn envelope(&self, workspace: WorkspaceId, id: MailId, at: Instant) -> Envelope {
        Envelope {
            from: self.from().to_owned(),
            message_id: token::message_id(id, workspace, self.from()),
            follows: None,
            at,
        }
    }

    /// How letters leave, in a word.
    pub fn transport(&self) -> &'static str {
        match self.settings.transport {
            MailTransport::Maildir => "maildir",
            MailTransport::Sandbox => "sandbox",
            MailTransport::Smtp => "smtp",
            MailTransport::Graph => "graph",
        }
    }

    /// Whether letters leave this machine.
    pub fn delivers(&self) -> bool {
        matches!(self.transport, Transport::Server(_) | Transport::Graph(_))
    }

    fn is_sandbox(&self) -> bool {
        self.settings.transport == MailTransport::Sandbox
    }

    /// What everybody must know about mail here; nothing where it goes to those it is for.
    pub fn warning(&self) -> Option<&'static str> {
        match &self.transport {
            Transport::Server(_) | Transport::Graph(_) => None,
            Transport::Folder(_) => (!self.is_sandbox()).then_some(NOBODY_RECEIVES),
            Transport::Unusable => Some(UNREADABLE),
        }
    }

    /// How letters leave, for people.
    pub fn note(&self) -> String {
        match &self.transport {
            Transport::Server(server) => format!("mail leaves through {}", server.name()),
            Transport::Graph(graph) => format!("mail leaves through {}", graph.name()),
            Transport::Folder(folder) if self.is_sandbox() => format!(
                "SANDBOX: mail is written to {}, where the demo's people read it",
                folder.path().display()
            ),
            Transport::Folder(folder) => {
                format!("{NOBODY_RECEIVES}; they are in {}", folder.path().display())
            }
            Transport::Unusable => UNREADABLE.to_owned(),
        }
    }

    /// Whether letters can leave now: logs in at the server and goes away again.
    ///
    /// # Errors
    /// Why they can't, for people.
    pub async fn check(&self) -> Result<(), Trouble> {
        match &self.transport {
            Transport::Server(server) => in_time(&server.name(), server.check()).await,
            Transport::Graph(graph) => in_time(&graph.name(), graph.check()).await,
            Transport::Folder(_) => Ok(()),
            Transport::Unusable => Err(Trouble::told(UNREADABLE)),
        }
    }

    /// Whether replies are read from a mailbox, not from files.
    pub fn reads_a_mailbox(&self) -> bool {
        matches!(self.inbox, Inbox::Server { .. } | Inbox::Graph { .. })
    }

    /// Whether an email with these characters in its Message-ID, or in what it refers to, has come
    /// in at the server.
    ///
    /// # Errors
    /// The mailbox can't be read.
    pub async fn holds(&self, name: &str) -> Result<bool, Trouble> {
        match &self.inbox {
            Inbox::Server { imap, .. } => imap.holds(name).await,
            Inbox::Graph { graph, .. } => {
                let domain = self
                    .from()
                    .rsplit_once('@')
                    .map_or("", |(_, domain)| domain);
                let id = format!("<{name}@{domain}>");
                graph.has_received(&self.settings.folder, &id).await
            }
            Inbox::Folder(_) | Inbox::Unusable => Ok(false),
        }
    }

    /// Hands a finished message over. `again`: it may have been handed over before.
    pub async fn hand_over(&self, message: &Message, again: bool) -> Handed {
        match &self.transport {
            Transport::Server(server) => server.send(message).await,
            Transport::Graph(graph) => graph.send(message, again).await,
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
            Transport::Unusable => Handed::NotTaken(UNREADABLE.to_owned()),
        }
    }
}

async fn in_time(
    name: &str,
    check: impl Future<Output = Result<(), Trouble>>,
) -> Result<(), Trouble> {
    let checked = tokio::time::timeout(CHECK, check).await;
    let silent = || Trouble::new(format!("check {name}"), Failure::SilentFor(CHECK), None);
    checked.unwrap_or_else(|_| Err(silent()))
}
