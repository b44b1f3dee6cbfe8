//! What a story begins with: the Zoom, the way emails leave, and who and what is in the workspace.
//!
//! The same description opens a [`TestDaemon`] in this process and a [`World`] with the real
//! program. Everything in the workspace is made by the calls anybody else would make.

use std::path::PathBuf;

use greenroom::client::Client;
use greenroom_protocol::pipeline::CandidateAdd;
use greenroom_protocol::workspace::{MemberAdd, Role};
use greenroomd::config::accounts::{GoogleConfig, MicrosoftConfig};
use greenroomd::config::mail::MailConfig;
use greenroomd::network::Network;

use super::TestDaemon;
use super::story::Story;
use crate::harness::{World, add_job, connect_zoom};
use crate::sandbox::Config;

/// A description of a daemon and the workspace Acme, whose first member is Dana Reyes.
#[derive(Default)]
pub struct Builder {
    pub(super) zoom: Config,
    pub(super) mail: MailConfig,
    pub(super) calendars: Vec<Network>,
    pub(super) google: GoogleConfig,
    pub(super) microsoft: MicrosoftConfig,
    pub(super) store: Option<PathBuf>,
    pub(super) idle: bool,
    pub(super) quiet_hours: bool,
    members: Vec<MemberAdd>,
    jobs: Vec<&'static str>,
    candidates: Vec<CandidateAdd>,
    connected: Vec<&'static str>,
}

impl Builder {
    /// Against a Zoom like this.
    #[must_use]
    pub fn zoom(mut self, config: Config) -> Self {
        self.zoom = config;
        self
    }

    /// Emails leave this way, as `[mail] transport` names it; else they are written to a folder.
    #[must_use]
    pub fn transport(mut self, transport: &'static str) -> Self {
        self.mail.transport = transport.to_owned();
        self
    }

    /// The assistant keeps to the candidates' nights and weekends, and to three emails a day.
    #[must_use]
    pub fn quiet_hours(mut self) -> Self {
        self.quiet_hours = true;
        self
    }

    /// Emails leave as this says, through a mail server for example.
    #[must_use]
    pub fn mail(mut self, mail: MailConfig) -> Self {
        self.mail = mail;
        self
    }

    /// Calendars are also read from these networks, as `[calendars] allow` names them.
    ///
    /// # Panics
    ///
    /// Where one is none.
    #[must_use]
    #[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    pub fn calendars(mut self, networks: &[&str]) -> Self {
        let networks = networks.iter().map(|it| it.parse().unwrap());
        self.calendars = networks.collect();
        self
    }

    /// With a Google at these addresses.
    #[must_use]
    pub fn google(mut self, google: GoogleConfig) -> Self {
        self.google = google;
        self
    }

    /// With a Microsoft at these addresses.
    #[must_use]
    pub fn microsoft(mut self, microsoft: MicrosoftConfig) -> Self {
        self.microsoft = microsoft;
        self
    }

    /// Over a copy of the store in this directory, such as another version left.
    #[must_use]
    pub fn store(mut self, directory: impl Into<PathBuf>) -> Self {
        self.store = Some(directory.into());
        self
    }

    /// Answers calls and does none of the work that waits.
    #[must_use]
    pub fn idle(mut self) -> Self {
        self.idle = true;
        self
    }

    /// With a colleague in Dana's time zone, who has these roles.
    #[must_use]
    pub fn member(self, name: &str, email: &str, roles: &[Role]) -> Self {
        self.colleague(MemberAdd {
            name: name.into(),
            email: email.into(),
            zoom_email: None,
            zone: None,
            roles: roles.to_vec(),
            hiring_jobs: Vec::new(),
        })
    }

    /// With this colleague.
    #[must_use]
    pub fn colleague(mut self, member: MemberAdd) -> Self {
        self.members.push(member);
        self
    }

    /// With a job that has the usual stages.
    #[must_use]
    pub fn job(mut self, title: &'static str) -> Self {
        self.jobs.push(title);
        self
    }

    /// With a candidate for a job.
    #[must_use]
    pub fn candidate(mut self, name: &str, email: &str, job: &str) -> Self {
        self.candidates.push(CandidateAdd {
            name: name.into(),
            email: email.into(),
            job: Some(job.into()),
            ..CandidateAdd::default()
        });
        self
    }

    /// With this member's Zoom connected.
    #[must_use]
    pub fn connected(mut self, email: &'static str) -> Self {
        self.connected.push(email);
        self
    }

    /// The daemon in this process without a workspace, or with the one that its store holds.
    ///
    /// # Errors
    ///
    /// What failed, of the sandbox, the store or the directories.
    pub async fn bare(self) -> anyhow::Result<TestDaemon> {
        TestDaemon::built(self).await
    }

    /// The daemon in this process with the workspace, and Dana at it.
    ///
    /// # Errors
    ///
    /// What failed, of the sandbox, the daemon, or a call that makes the workspace.
    pub async fn open(mut self) -> anyhow::Result<Story> {
        let workspace = self.workspace();
        let daemon = TestDaemon::built(self).await?;
        let (dana, _) = daemon.set_up().await?;
        workspace.make(&dana).await?;
        Ok(Story { daemon, dana })
    }

    /// The real program with the workspace, and a client of Dana's. `program` is the `demo` binary.
    ///
    /// # Errors
    ///
    /// What failed, of the sandbox, the daemon, or a call that makes the workspace.
    pub async fn run(mut self, program: &str) -> anyhow::Result<(World, Client)> {
        let workspace = self.workspace();
        let world = World::with(program, self.zoom).await?;
        let (dana, _) = world.set_up().await?;
        workspace.make(&dana).await?;
        Ok((world, dana))
    }

    /// Takes out what is made by calls.
    fn workspace(&mut self) -> Workspace {
        Workspace {
            members: std::mem::take(&mut self.members),
            jobs: std::mem::take(&mut self.jobs),
            candidates: std::mem::take(&mut self.candidates),
            connected: std::mem::take(&mut self.connected),
        }
    }
}

struct Workspace {
    members: Vec<MemberAdd>,
    jobs: Vec<&'static str>,
    candidates: Vec<CandidateAdd>,
    connected: Vec<&'static str>,
}

impl Workspace {
    async fn make(self, client: &Client) -> anyhow::Result<()> {
        for job in self.jobs {
            add_job(client, job).await?;
        }
        for member in self.members {
            client.member_add(member).await?;
        }
        for candidate in self.candidates {
            client.candidate_add(candidate).await?;
        }
        for member in self.connected {
            connect_zoom(client, member).await?;
        }
        Ok(())
    }
}
