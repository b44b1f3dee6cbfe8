//! A daemon that dies where it has to, and what the next one makes of it.

use std::os::unix::process::ExitStatusExt as _;
use std::time::{Duration, Instant};

use greenroom::client::{Client, is_lost};
use greenroom_protocol::Error;
use greenroom_protocol::workspace::Role;
use greenroom_protocol::zoom::{ConnectFinish, ConnectStart, Connection, ConnectionQuery};
use greenroom_tests::harness::{DANA, World, connection_when, finish_of, settled, zoom_interview};
use greenroom_tests::sandbox::{Config, Decision, User, consent};
use greenroom_tests::test_daemon::TestDaemon;
use greenroom_tests::wait::{self, Deadline};
use greenroomd::failpoint::{Point, VARIABLE};
use jiff::SignedDuration;
use rustix::process::Signal;

use super::At;

pub const OMAR: &str = "omar.haddad@acme.example";
pub const ANA: &str = "ana.lima@mail.example";

/// Keys are renewed five minutes before they end: at every use, and as soon as the daemon looks. A
/// story that kills the daemon in something else must not have such keys: what it kills may be in
/// the middle of a renewal too, for another interview, and then Zoom's answer is lost and the
/// connection must be made again, rightly.
const KEYS_LIVE: SignedDuration = SignedDuration::from_secs(300);

/// Keys that no story outlives, so that nothing is renewed meanwhile.
pub const AN_HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Within this a connection says that an answer was lost.
const A_MINUTE: Duration = Duration::from_secs(60);

/// How long one look for changes waits.
const A_SECOND: Duration = Duration::from_secs(1);

pub struct Fixture {
    pub world: World,
    /// Meetings booked, half an hour each, all of them tomorrow: anyone who is booked soon has their
    /// keys renewed.
    booked: i64,
}

impl Fixture {
    /// Dana's and Omar's; neither has connected Zoom. Their keys will be renewed at every use.
    pub async fn open() -> Self {
        Self::with(Config {
            access_lifetime: KEYS_LIVE,
            ..Config::default()
        })
        .await
    }

    /// The same, whose keys last as long as Zoom's: longer than any story here.
    pub async fn with_lasting_keys() -> Self {
        Self::with(Config::default()).await
    }

    async fn with(config: Config) -> Self {
        let builder = TestDaemon::builder().zoom(config.with_user(User::new(OMAR)));
        let builder = builder.member("Omar Haddad", OMAR, &[Role::Recruiter]);
        let builder = builder.job("Designer");
        let builder = builder.candidate("Ana Lima", ANA, "Designer");
        let (world, _) = builder.run(env!("CARGO_BIN_EXE_demo")).await.unwrap();
        Self { world, booked: 0 }
    }

    pub async fn client(&self) -> Client {
        self.world.client().await.unwrap()
    }

    /// Starts a daemon that will die there, instead of the one that runs. Of commits those of
    /// `table` count.
    pub fn doom(&mut self, (point, time): At, table: &str) {
        self.world.stop_daemon();
        let named = match point {
            Point::CommitApplied | Point::CommitDurable => format!("{point:?}:{time}/{table}"),
            _ => format!("{point:?}:{time}"),
        };
        self.world.start_daemon(&[(VARIABLE, &named)]).unwrap();
    }

    /// Waits until the daemon has nothing of its own to do any more.
    pub async fn is_idle(&self) {
        let client = self.client().await;
        let deadline = Deadline::new("the daemon is idle");
        loop {
            let status = client.status().await.unwrap();
            if status.work_waiting == 0 {
                return;
            }
            deadline.check();
            client.changes(status.revision, A_SECOND).await.unwrap();
        }
    }

    /// A client of a daemon that will die there. Work of the daemon's own may come by the point
    /// before anybody called: then it is begun again.
    pub async fn client_of_the_doomed(&mut self, at: At, table: &str) -> Client {
        let deadline = Deadline::new("a daemon that is to die there answers");
        loop {
            deadline.check();
            self.doom(at, table);
            if self.world.answering().await.is_ok()
                && let Ok(client) = self.world.client().await
            {
                return client;
            }
            self.dies_and_comes_back().await;
        }
    }

    /// Waits until the daemon was killed, and starts another.
    pub async fn dies_and_comes_back(&mut self) {
        self.dies().await;
        self.world.run_daemon().await.unwrap();
    }

    /// Waits until the daemon was killed.
    pub async fn dies(&mut self) {
        let ended = self.world.daemon_ended().await.unwrap();
        let killed = Some(Signal::KILL.as_raw());
        assert_eq!(ended.signal(), killed, "{}", self.world.read_log());
    }

    /// The connection once it is so, which it must be within a minute.
    pub async fn in_a_minute(&self, member: &str, so: impl Fn(&Connection) -> bool) -> Connection {
        let begun = Instant::now();
        let client = self.client().await;
        let connection = connection_when(&client, member, so).await.unwrap();
        assert!(begun.elapsed() < A_MINUTE, "{:?}", begun.elapsed());
        connection
    }

    pub async fn connection(&self, member: &str) -> Connection {
        let member = Some(member.to_owned());
        let query = ConnectionQuery { member };
        self.client().await.zoom_status(query).await.unwrap()
    }

    /// Connects a member; nothing may be in the way.
    pub async fn connect(&self, member: &str) {
        let client = self.client().await;
        self.world.connect_zoom(&client, member).await.unwrap();
    }

    /// Begins to connect Omar, and answers Zoom's page as this user: what the browser brings back.
    pub async fn browse(&self, client: &Client, zoom_user: &str) -> Result<ConnectFinish, Error> {
        let start = ConnectStart {
            member: Some(OMAR.to_owned()),
            redirect_uri: "http://127.0.0.1:1/callback".to_owned(),
        };
        let started = client.zoom_connect_start(start).await?;
        let location = consent(&started.authorize_url, zoom_user, Decision::Allow).await;
        Ok(finish_of(&started.attempt, &location.unwrap()).unwrap())
    }

    /// A meeting can be made on this member's Zoom.
    pub async fn can_be_booked(&mut self, host: &str) {
        let client = self.client().await;
        self.booked += 1;
        let mut interview = zoom_interview(ANA, 24 * 60 + 30 * self.booked);
        interview.with = vec![host.to_owned()];
        interview.zoom_user = Some(host.to_owned());
        let booked = client.interview_new(interview).await.unwrap().interview;
        let booked = settled(&client, &booked.id.to_string()).await.unwrap();
        assert!(booked.meeting.join_url.is_some(), "{:?}", booked.meeting);
    }

    /// So many grants live at Zoom, within a minute.
    pub async fn grants_live(&self, live: usize) {
        let what = format!("{live} grants live at Zoom");
        wait::so(&what, async || self.world.zoom.live_grants() == live).await;
    }

    /// An interview that begins within the hour, so that every daemon renews Dana's keys when it
    /// starts.
    pub async fn dana_is_booked_soon(&mut self) {
        let client = self.client().await;
        let now = greenroom_protocol::time::Instant::now();
        let mut interview = zoom_interview(ANA, 0);
        interview.start = now.plus_minutes(45).to_string();
        interview.zoom_user = Some(DANA.to_owned());
        let booked = client.interview_new(interview).await.unwrap().interview;
        settled(&client, &booked.id.to_string()).await.unwrap();
    }
}

/// A call to a daemon that dies meanwhile gets no answer, or was answered before.
#[track_caller]
pub fn assert_lost<T>(answer: Result<T, Error>) {
    if let Err(error) = answer {
        assert!(is_lost(&error), "{error:?}");
    }
}
