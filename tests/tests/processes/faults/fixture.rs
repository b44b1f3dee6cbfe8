//! The world of this test: hosts, half of whom granted the list of their meetings, a caller for
//! each, and what must hold.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures::future::join_all;
use greenroom::client::Client;
use greenroom_protocol::interview::{Interview, MeetingState};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::workspace::Role;
use greenroom_protocol::zoom::{ConnectionQuery, ConnectionState};
use greenroom_tests::harness::{PATIENCE, World, add_candidate, add_job, add_member, settled};
use greenroom_tests::sandbox::{Config, Endpoint, User};
use greenroomd::failpoint::VARIABLE;
use greenroomd::zoom::{Reason, WORDS};
use jiff::SignedDuration;

use crate::faults::accounts::{self, Rules};
use crate::faults::caller::{Caller, Standing, Wishes};
use crate::faults::kill::Kill;
use crate::faults::newcomer::{GUS, Newcomer};
use crate::faults::receiver::{Receiver, mail};

/// Everything but the list of meetings.
const WITHOUT_LIST: [&str; 5] = [
    "meeting:read:meeting",
    "meeting:write:meeting",
    "meeting:update:meeting",
    "meeting:delete:meeting",
    "user:read:user",
];

const CAN_LIST: [&str; 3] = [
    "ana.lopez@acme.example",
    "ben.okafor@acme.example",
    "chloe.martin@acme.example",
];
const CANNOT_LIST: [&str; 3] = [
    "dev.patel@acme.example",
    "eva.novak@acme.example",
    "finn.berg@acme.example",
];

/// Keys are renewed five minutes before they end: these are good for a second or two.
const KEYS_LIVE: SignedDuration = SignedDuration::from_secs(302);

pub struct Fixture {
    pub world: World,
    receiver: Receiver,
    callers: Vec<Caller>,
    newcomer: Newcomer,
    /// Hosts whose Zoom had to be reconnected at some time.
    cut_off: BTreeSet<String>,
    reconnects: usize,
}

impl Fixture {
    /// Everybody connected, nothing booked.
    pub async fn open() -> Self {
        let mut config = Config {
            access_lifetime: KEYS_LIVE,
            host_calls_a_day: u32::MAX,
            ..Config::default()
        };
        config.users.push(User::new(GUS));
        config.users.extend(CAN_LIST.map(User::new));
        config
            .users
            .extend(CANNOT_LIST.map(|it| User::new(it).granting_only(&WITHOUT_LIST)));
        let mut world = World::with(env!("CARGO_BIN_EXE_demo"), config)
            .await
            .unwrap();
        let receiver = Receiver::open(&mut world).await;
        let (client, _) = world.set_up().await.unwrap();
        let job = add_job(&client, "Compiler Engineer").await.unwrap();
        add_member(&client, "Gus Olsen", GUS, &[Role::Recruiter])
            .await
            .unwrap();
        let mut callers = Vec::new();
        for host in CAN_LIST.iter().chain(&CANNOT_LIST) {
            add_member(&client, host, host, &[Role::Recruiter])
                .await
                .unwrap();
            world.connect_zoom(&client, host).await.unwrap();
            let address = format!("candidate-of-{host}");
            add_candidate(&client, &address, &address, &job.title)
                .await
                .unwrap();
            callers.push(Caller::new(host, &address));
        }
        Self {
            world,
            receiver,
            callers,
            newcomer: Newcomer::new(),
            cut_off: BTreeSet::new(),
            reconnects: 0,
        }
    }

    /// Lets every caller work until the daemon is killed there.
    pub async fn work_until_killed(&mut self, kill: Kill, wishes: Wishes) {
        if let Some(point) = &kill.point {
            self.world.kill_daemon();
            self.world.start_daemon(&[(VARIABLE, point)]).unwrap();
            // It may come there on its own, before anybody calls.
            let _ = self.world.answering().await;
        }
        let until = Instant::now() + kill.latest;
        let Ok(client) = self.world.client().await else {
            return self.world.kill_daemon();
        };
        let working = self.callers.iter_mut();
        let working = join_all(working.map(|caller| caller.work(&client, wishes)));
        let connecting = self.newcomer.work(&client);
        // The kill may come when all is asked for and the daemon is alone with Zoom.
        let (_, (), ()) = tokio::join!(working, connecting, async {
            while Instant::now() < until && self.world.daemon_lives().unwrap() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            self.world.kill_daemon();
        });
    }

    /// Every acknowledged interview is there and stands as it was acknowledged.
    pub async fn nothing_acknowledged_is_lost(&self, when: &str) {
        let interviews = accounts::interviews(&self.client().await).await;
        for booking in self.callers.iter().flat_map(|it| &it.bookings) {
            let Some(id) = &booking.id else { continue };
            let found = interviews.get(id).map(Standing::of);
            let stands = found.is_some_and(|found| booking.may_stand(found));
            assert!(stands, "{when}: lost: {booking:?} is {found:?}");
        }
    }

    /// What is recorded as sent is never taken again.
    pub async fn nothing_recorded_is_mailed_again(&mut self, when: &str) {
        let client = self.client().await;
        let receiver = &mut self.receiver;
        receiver
            .nothing_recorded_is_taken_again(&client, when)
            .await;
    }

    /// Everybody's newest letter says how their interview stands.
    pub async fn everybody_knows(&self, when: &str) {
        let interviews = accounts::interviews(&self.client().await).await;
        self.receiver.everybody_knows(&interviews, when).await;
    }

    /// Asks again for what got no answer.
    pub async fn ask_again(&mut self) {
        let client = self.client().await;
        join_all(self.callers.iter_mut().map(|it| it.ask_again(&client))).await;
    }

    /// Reconnects what must be, as its host would. Only keys that never arrived may be lost: those
    /// that were used had been committed.
    pub async fn look_after_connections(&mut self, when: &str) {
        let client = self.client().await;
        for caller in &self.callers {
            let connection = client.zoom_status(of(&caller.host)).await.unwrap();
            match connection.state {
                ConnectionState::Connected | ConnectionState::Retrying => continue,
                ConnectionState::ReconnectRequired => {}
                state => panic!("{when}: {} is {state:?}", caller.host),
            }
            let lost = Some(Reason::AnswerLost.text(&WORDS));
            assert_eq!(connection.reason.as_deref(), lost.as_deref(), "{when}");
            let used = self.world.zoom.newest_keys_used(&caller.host);
            assert!(
                !used,
                "{when}: the keys of {} were kept and used, and are lost",
                caller.host
            );
            self.cut_off.insert(caller.host.clone());
            self.reconnects += 1;
            self.world
                .connect_zoom(&client, &caller.host)
                .await
                .unwrap();
        }
    }

    /// Anyone who connects and disconnects meanwhile finds what the daemon said.
    pub async fn compare_connects(&mut self, when: &str) {
        let client = self.client().await;
        self.newcomer.compare(&client, when).await;
    }

    /// Gives the daemon time until nothing is pending any more.
    pub async fn repair(&mut self, when: &str) {
        let client = self.client().await;
        let until = Instant::now() + PATIENCE;
        let mut revision = client.hello().revision;
        loop {
            self.look_after_connections(when).await;
            self.ask_again().await;
            let open = self.open_ends(&client).await;
            if open.is_empty() {
                return;
            }
            assert!(Instant::now() < until, "{when}: not repaired: {open:#?}");
            let changes = client.changes(revision, Duration::from_secs(5)).await;
            revision = changes.unwrap().revision;
        }
    }

    /// Zoom and the daemon agree about every interview, and nobody has one more than they asked
    /// for.
    pub async fn every_interview_has_its_meeting(&self, when: &str) {
        let interviews = accounts::interviews(&self.client().await).await;
        let mut meetings = accounts::meetings(&self.world.zoom);
        let mut wrong = Vec::new();
        for caller in &self.callers {
            let rules = Rules {
                can_list: CAN_LIST.contains(&caller.host.as_str()),
                was_cut_off: self.cut_off.contains(&caller.host),
            };
            for id in caller.bookings.iter().filter_map(|it| it.id.as_ref()) {
                let theirs = meetings.remove(id).unwrap_or_default();
                if let Err(why) = accounts::judge(&interviews[id], &theirs, &rules) {
                    wrong.push(format!("{why}: {:?} {theirs:?}", interviews[id]));
                }
            }
        }
        assert!(wrong.is_empty(), "{when}: {wrong:#?}");
        assert!(meetings.is_empty(), "{when}: nobody asked for {meetings:?}");
        let asked: usize = self.callers.iter().map(|it| it.bookings.len()).sum();
        assert_eq!(interviews.len(), asked, "{when}: one interview a key");
    }

    /// How much of what this test is about came to pass.
    pub async fn tell(&self) {
        let interviews = accounts::interviews(&self.client().await).await;
        let told = |code| {
            let told = |it: &&Interview| it.warnings.iter().any(|it| it.code == code);
            interviews.values().filter(told).count()
        };
        let counters = self.world.zoom.counters();
        eprintln!(
            "{} interviews, {} meetings made; {} searches, {} orphans possible, {} meetings stay; {}; {} renewals, {} reconnects; {} connects, {} of them lost",
            interviews.len(),
            counters.meetings_made,
            counters.of(Endpoint::ListMeetings),
            told(FindingCode::PossibleOrphan),
            told(FindingCode::MeetingStays),
            self.receiver.tell(),
            counters.refreshes,
            self.reconnects,
            self.newcomer.connects,
            self.newcomer.lost,
        );
    }

    /// Every host can still be booked.
    pub async fn every_connection_works(&mut self, when: &str) {
        let client = self.client().await;
        for caller in &mut self.callers {
            let id = caller.book_last(&client).await;
            let interview = settled(&client, &id).await.unwrap();
            assert_eq!(interview.meeting.state, MeetingState::Ready, "{when}");
        }
        self.newcomer.connects_at_last(&client).await;
        let live = self.world.zoom.live_grants();
        assert_eq!(live, self.callers.len() + 1, "{when}: one grant each");
    }

    /// What is not answered or not settled yet.
    async fn open_ends(&self, client: &Client) -> Vec<String> {
        let unanswered = self
            .callers
            .iter()
            .flat_map(|it| &it.bookings)
            .filter(|it| it.is_open());
        let unanswered = unanswered.map(|it| format!("unanswered: {it:?}"));
        let interviews = accounts::interviews(client).await.into_values();
        let pending = interviews.filter(|it| it.meeting.state == MeetingState::Pending);
        let pending = pending.map(|it| format!("{} {:?}: {:?}", it.id, it.status, it.meeting));
        let letters = mail(client, false).await.into_iter();
        let letters = letters.map(|it| format!("{:?} {:?}: {:?}", it.kind, it.state, it.reason));
        unanswered.chain(pending).chain(letters).collect()
    }

    async fn client(&self) -> Client {
        self.world.client().await.unwrap()
    }
}

fn of(member: &str) -> ConnectionQuery {
    ConnectionQuery {
        member: Some(member.to_owned()),
    }
}
