//! A workspace with two members who have a Zoom user each, and the ways their browsers can go.

use std::time::Duration;

use greenroom::client::Client;
use greenroom_protocol::Error;
use greenroom_protocol::workspace::Role;
use greenroom_protocol::zoom::{ConnectAttempt, ConnectStart, Connection, ConnectionQuery};
use greenroom_tests::harness::{connection_when, finish_of};
use greenroom_tests::sandbox::{Config, ConsentError, Decision, User, consent};
use greenroom_tests::test_daemon::{Story, TestDaemon};

pub const OMAR: &str = "omar.haddad@acme.example";
pub const REDIRECT: &str = "http://127.0.0.1:49200/callback";

pub struct Fixture {
    pub daemon: TestDaemon,
    /// Dana, who looks after everything.
    pub dana: Client,
}

/// What a connect came to.
#[derive(Debug)]
pub enum Came {
    /// Connected.
    Connected(Box<Connection>),
    /// Zoom showed a page of its own, with this text.
    Page(String),
    /// The daemon refused.
    Refused(Error),
}

impl Fixture {
    pub async fn open(config: Config) -> Self {
        Self::with(config, "maildir").await
    }

    async fn with(config: Config, transport: &'static str) -> Self {
        let builder = TestDaemon::builder().zoom(config.with_user(User::new(OMAR)));
        let builder = builder.member("Omar Haddad", OMAR, &[Role::Recruiter]);
        let Story { daemon, dana } = builder.transport(transport).open().await.unwrap();
        Self { daemon, dana }
    }

    /// One whose Zoom account lets nobody connect before an admin has approved the app.
    pub async fn in_need_of_approval() -> Self {
        Self::open(Config::needing_approval()).await
    }

    /// The same, where email leaves.
    pub async fn mailing_in_need_of_approval() -> Self {
        Self::with(Config::needing_approval(), "sandbox").await
    }

    /// What `zoom status` says of a member.
    pub async fn status(&self, member: &str) -> Connection {
        let member = Some(member.to_owned());
        self.dana
            .zoom_status(ConnectionQuery { member })
            .await
            .unwrap()
    }

    /// A member connects as the Zoom user that is expected of them, and agrees.
    pub async fn connect(&self, member: &str) -> Came {
        self.connect_as(member, None).await
    }

    /// A member connects, signed in at Zoom as somebody.
    pub async fn connect_as(&self, member: &str, zoom_user: Option<&str>) -> Came {
        connect_as(&self.dana, member, zoom_user).await
    }

    /// The browser opens for a member.
    pub async fn start(&self, member: &str) -> ConnectAttempt {
        let start = self.dana.zoom_connect_start(start_of(member)).await;
        start.unwrap()
    }

    /// What the browser comes back with, or the page Zoom shows instead.
    pub async fn browse(
        &self,
        attempt: &ConnectAttempt,
        zoom_user: &str,
        decision: Decision,
    ) -> Result<String, String> {
        browse(attempt, zoom_user, decision).await
    }

    /// What the daemon makes of it.
    pub async fn finish(&self, attempt: &ConnectAttempt, back: &str) -> Came {
        finish(&self.dana, attempt, back).await
    }

    /// A member's connection once it is so.
    pub async fn when(&self, member: &str, so: impl Fn(&Connection) -> bool) -> Connection {
        connection_when(&self.dana, member, so).await.unwrap()
    }

    /// Which tables changed since `revision`.
    pub async fn tables_changed(&self, since: u64) -> Vec<String> {
        let changes = self.dana.changes(since, Duration::ZERO).await.unwrap();
        changes.changed.into_iter().map(|row| row.table).collect()
    }
}

/// A member connects, signed in at Zoom as somebody; else as who is expected of them.
pub async fn connect_as(client: &Client, member: &str, zoom_user: Option<&str>) -> Came {
    let attempt = match client.zoom_connect_start(start_of(member)).await {
        Ok(attempt) => attempt,
        Err(refused) => return Came::Refused(refused),
    };
    let user = zoom_user.unwrap_or(&attempt.expected_zoom_user);
    match browse(&attempt, user, Decision::Allow).await {
        Ok(back) => finish(client, &attempt, &back).await,
        Err(page) => Came::Page(page),
    }
}

async fn browse(
    attempt: &ConnectAttempt,
    zoom_user: &str,
    decision: Decision,
) -> Result<String, String> {
    match consent(&attempt.authorize_url, zoom_user, decision).await {
        Ok(back) => Ok(back),
        Err(ConsentError::Page { text, .. }) => Err(text),
        Err(error) => panic!("{error}"),
    }
}

async fn finish(client: &Client, attempt: &ConnectAttempt, back: &str) -> Came {
    let finish = finish_of(&attempt.attempt, back).unwrap();
    match client.zoom_connect_finish(finish).await {
        Ok(connection) => Came::Connected(Box::new(connection)),
        Err(refused) => Came::Refused(refused),
    }
}

fn start_of(member: &str) -> ConnectStart {
    ConnectStart {
        member: Some(member.to_owned()),
        redirect_uri: REDIRECT.to_owned(),
    }
}

impl Came {
    pub fn connected(self) -> Connection {
        match self {
            Self::Connected(connection) => *connection,
            other => panic!("{other:?}"),
        }
    }

    pub fn page(self) -> String {
        match self {
            Self::Page(text) => text,
            other => panic!("{other:?}"),
        }
    }

    pub fn refused(self) -> Error {
        match self {
            Self::Refused(refused) => refused,
            other => panic!("{other:?}"),
        }
    }
}
