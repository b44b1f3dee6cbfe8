//! One run of the command line: its options, its output, its way to the daemon.

use std::time::Duration;

use greenroom_protocol::{Error, socket};

use super::Global;
use crate::client::{Client, DaemonCommand, Target};
use crate::output::{Output, Stop};
use crate::settings::{Options, Settings, Theme};

/// Runs the client on this terminal until the person leaves.
pub(crate) type OpenClient = fn(Options, Target) -> anyhow::Result<()>;

/// How long a verb waits for work outside when nothing else is said.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a verb needs besides its own arguments.
pub(crate) struct Session {
    /// Where answers go.
    pub(crate) output: Output,
    /// Which daemon, as whom.
    pub(crate) target: Target,
    /// The client's configuration.
    pub(crate) settings: Settings,
    /// The answer to every question is yes.
    pub(crate) yes: bool,
    /// Do not wait for work outside.
    pub(crate) no_wait: bool,
    /// Somebody named the socket, so this is about the daemon behind it and no other.
    pub(crate) named: bool,
    /// What starts a daemon where somebody asks for one; `None` with `--no-start`.
    pub(crate) starter: Option<DaemonCommand>,
    plain: bool,
    timeout: Option<Duration>,
}

impl Session {
    pub(crate) fn new(global: Global, daemon: DaemonCommand) -> Result<Self, Error> {
        let starter = (!global.no_start).then_some(daemon);
        let named = socket::named_path(global.socket.as_deref()).is_some();
        let target = Target {
            workspace: global.workspace,
            acting_as: global.acting_as,
            ..Target::find(global.socket.as_deref(), starter.clone())?
        };
        Ok(Self {
            output: Output::new(global.json, global.plain),
            target,
            settings: Settings::load()?,
            yes: global.yes,
            no_wait: global.no_wait,
            named,
            starter,
            plain: global.plain,
            timeout: global.timeout.map(Duration::from_secs),
        })
    }

    /// A connection to the daemon.
    pub(crate) async fn client(&self) -> Result<Client, Error> {
        Client::open(&self.target).await
    }

    /// How long to wait for work outside.
    pub(crate) fn patience(&self) -> Duration {
        self.timeout.unwrap_or(PATIENCE)
    }

    /// How long to wait for work outside where the usual time is another one.
    pub(crate) fn patience_or(&self, usual: Duration) -> Duration {
        self.timeout.unwrap_or(usual)
    }

    /// Hands over to the client on this terminal.
    pub(crate) fn open_client(self, open: OpenClient) -> Result<(), Stop> {
        let options = Options {
            plain: self.plain || self.settings.theme == Theme::Plain,
            is_light: match self.settings.theme {
                Theme::Light => Some(true),
                Theme::Dark => Some(false),
                Theme::Auto | Theme::Plain => None,
            },
            mouse: self.settings.mouse,
            keys: self.settings.keys,
            redirect_port: self.settings.redirect_port,
            workspace: self.target.workspace.clone(),
        };
        open(options, self.target)
            .map_err(|error| Error::failed(format!("Couldn't open the client: {error:#}")).into())
    }
}
