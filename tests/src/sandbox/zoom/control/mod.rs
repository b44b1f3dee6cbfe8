//! Owns what tests and the demo steer: people, approvals, time, faults, and what happens "in Zoom"
//! behind our back.
//!
//! [`Zoom`] is the one way into the world; `routes` offers the same over HTTP.

mod routes;

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
pub(super) use routes::routes;

use super::Fault;
use super::answers::Answer;
use super::config::{Config, Decline};
use super::directory::{Account, User};
use super::grants::Death;
use super::meeting::{Instance, Meeting};
use super::world::{Counters, World};
use crate::sandbox::clock::Clock;

/// What is wrong with a control call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// No such account.
    #[error("steer the sandbox: no account {0}; add it first")]
    NoAccount(String),
    /// No such user.
    #[error("steer the sandbox: no Zoom user {0}; add them first")]
    NoUser(String),
    /// No such meeting.
    #[error("steer the sandbox: no meeting {0}; list them with GET /sandbox/meetings")]
    NoMeeting(u64),
}

/// The sandbox's inside. Clones share it.
#[derive(Clone)]
pub struct Zoom(Arc<Mutex<World>>);

impl Zoom {
    pub(super) fn new(config: Config, url: String, seed: u64) -> Self {
        Self(Arc::new(Mutex::new(World::new(config, url, seed))))
    }

    /// Runs with the world locked; nothing in it may wait.
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds an account, or replaces the one of this id.
    pub fn add_account(&self, account: Account) {
        self.with(|world| world.accounts.insert(account.id.clone(), account));
    }

    /// Adds a user, or replaces the one of this address. Their account must exist.
    ///
    /// # Errors
    ///
    /// Where there is no such account.
    pub fn add_user(&self, user: User) -> Result<(), ControlError> {
        self.with(|world| {
            if !world.accounts.contains_key(&user.account) {
                return Err(ControlError::NoAccount(user.account));
            }
            world.seat(user);
            Ok(())
        })
    }

    /// A user gets another email address; id, meetings and grants stay theirs.
    ///
    /// # Errors
    ///
    /// Where there is no such user.
    pub fn rename_user(&self, user: &str, email: &str) -> Result<(), ControlError> {
        self.with(|world| {
            let no_user = || ControlError::NoUser(user.to_owned());
            let former = world.user(user).ok_or_else(no_user)?.email.clone();
            let mut renamed = world.users.remove(&former).ok_or_else(no_user)?;
            renamed.email = email.to_lowercase();
            for meeting in world.meetings.values_mut() {
                if meeting.host_email == former {
                    meeting.host_email.clone_from(&renamed.email);
                }
            }
            world.grants.rename(&former, &renamed.email);
            world.users.insert(renamed.email.clone(), renamed);
            Ok(())
        })
    }

    /// A user leaves Zoom: their grants end, their meetings are gone, their address cannot sign in.
    ///
    /// # Errors
    ///
    /// Where there is no such user.
    pub fn remove_user(&self, user: &str) -> Result<(), ControlError> {
        self.with(|world| {
            let no_user = || ControlError::NoUser(user.to_owned());
            let email = world.user(user).ok_or_else(no_user)?.email.clone();
            world
                .grants
                .end_of(Death::OwnerGone, |owner| owner == email);
            world
                .meetings
                .retain(|_, meeting| meeting.host_email != email);
            world.users.remove(&email);
            Ok(())
        })
    }

    /// An admin approves every app for an account, or takes that back, which ends its users'
    /// grants.
    ///
    /// # Errors
    ///
    /// Where there is no such account.
    pub fn approve(&self, account: &str, approved: bool) -> Result<(), ControlError> {
        self.with(|world| {
            if !world.accounts.contains_key(account) {
                return Err(ControlError::NoAccount(account.to_owned()));
            }
            world
                .approval_requests
                .retain(|(waiting, _)| waiting != account);
            if approved {
                let apps = world
                    .apps
                    .iter()
                    .map(|app| (account.to_owned(), app.name.clone()));
                world.approvals.extend(apps);
                return Ok(());
            }
            world.approvals.retain(|(approved, _)| approved != account);
            let World { grants, users, .. } = world;
            grants.end_of(Death::Disabled, |user| {
                users.get(user).is_some_and(|user| user.account == account)
            });
            Ok(())
        })
    }

    /// Accounts whose users asked for an approval that no admin answered yet.
    pub fn approvals_wanted(&self) -> Vec<String> {
        let account = |(account, _): &(String, String)| account.clone();
        self.with(|world| world.approval_requests.iter().map(account).collect())
    }

    /// Ends every grant of a user, as when they remove the app in Zoom; returns how many there
    /// were.
    ///
    /// # Errors
    ///
    /// Where there is no such user.
    pub fn end_grants(&self, user: &str) -> Result<usize, ControlError> {
        self.with(|world| {
            let no_user = || ControlError::NoUser(user.to_owned());
            let email = world.user(user).ok_or_else(no_user)?.email.clone();
            Ok(world.grants.end_of(Death::Removed, |owner| owner == email))
        })
    }

    /// How many grants are live.
    pub fn live_grants(&self) -> usize {
        self.with(|world| world.grants.live().len())
    }

    /// Whether a user's newest keys were used: anyone who holds the grant has them, and cannot say
    /// that they never arrived.
    pub fn newest_keys_used(&self, user: &str) -> bool {
        self.with(|world| world.grants.used(&user.to_lowercase()))
    }

    /// Every code and token ever handed out: what must be found nowhere else.
    pub fn handed_out(&self) -> Vec<String> {
        self.with(|world| world.grants.handed_out().to_vec())
    }

    /// How long access tokens made from now on live.
    pub fn set_access_lifetime(&self, lifetime: SignedDuration) {
        self.with(|world| world.access_lifetime = lifetime);
    }

    /// What declining does from now on.
    pub fn set_decline(&self, decline: Decline) {
        self.with(|world| world.decline = decline);
    }

    /// Deletes a meeting behind the app's back.
    ///
    /// # Errors
    ///
    /// Where there is no such meeting.
    pub fn delete_meeting(&self, id: u64) -> Result<(), ControlError> {
        let removed = self.with(|world| world.meetings.remove(&id));
        removed.map(drop).ok_or(ControlError::NoMeeting(id))
    }

    /// Moves a meeting behind the app's back.
    ///
    /// # Errors
    ///
    /// Where there is no such meeting.
    pub fn move_meeting(&self, id: u64, start: Timestamp) -> Result<(), ControlError> {
        self.edit_meeting(id, |meeting| meeting.start_time = start)
    }

    /// Changes a meeting behind the app's back; none of Zoom's rules is applied.
    ///
    /// # Errors
    ///
    /// Where there is no such meeting.
    pub fn edit_meeting(
        &self,
        id: u64,
        edit: impl FnOnce(&mut Meeting),
    ) -> Result<(), ControlError> {
        self.with(|world| {
            let meeting = world
                .meetings
                .get_mut(&id)
                .ok_or(ControlError::NoMeeting(id))?;
            edit(meeting);
            Ok(())
        })
    }

    /// Answers every call about one meeting so from now on, as Zoom does where one is out of the
    /// app's reach (403, 1010, 3000) while the host's others are not. `None`: as usual again.
    pub fn answer_about(&self, id: u64, answer: Option<Answer>) {
        self.with(|world| match answer {
            Some(answer) => world.odd_meetings.insert(id, answer),
            None => world.odd_meetings.remove(&id),
        });
    }

    /// Gives a meeting the AI Companion's summary, in Markdown.
    ///
    /// # Errors
    ///
    /// Where there is no such meeting.
    pub fn summarize(&self, id: u64, content: &str) -> Result<(), ControlError> {
        self.edit_meeting(id, |meeting| meeting.summary = Some(content.to_owned()))
    }

    /// Somebody opens the room of a meeting, and it ends again: that instance keeps the uuid it
    /// had, and the meeting gets another one, every other time with a slash in front. Returns
    /// the instance's.
    ///
    /// # Errors
    ///
    /// Where there is no such meeting.
    pub fn open_room(&self, id: u64, at: Timestamp) -> Result<String, ControlError> {
        self.with(|world| {
            let World { meetings, dice, .. } = world;
            let meeting = meetings.get_mut(&id).ok_or(ControlError::NoMeeting(id))?;
            let next = dice.uuid(meeting.instances.len() % 2 == 0);
            let uuid = std::mem::replace(&mut meeting.uuid, next);
            meeting.instances.push(Instance {
                uuid: uuid.clone(),
                start_time: at,
                summary: meeting.summary.take(),
            });
            Ok(uuid)
        })
    }

    /// Gives one past instance the AI Companion's summary, in Markdown; an empty one is still being
    /// written.
    ///
    /// # Errors
    ///
    /// Where there is no such meeting.
    pub fn summarize_instance(
        &self,
        id: u64,
        uuid: &str,
        content: &str,
    ) -> Result<(), ControlError> {
        self.edit_meeting(id, |meeting| {
            let mut past = meeting.instances.iter_mut();
            if let Some(instance) = past.find(|it| it.uuid == uuid) {
                instance.summary = Some(content.to_owned());
            }
        })
    }

    /// Every meeting, whole, by id.
    pub fn meetings(&self) -> Vec<Meeting> {
        self.with(|world| world.meetings.values().cloned().collect())
    }

    /// What was counted since the start.
    pub fn counters(&self) -> Counters {
        self.with(|world| world.counters.clone())
    }

    /// Switches a fault on.
    pub fn fault(&self, fault: Fault) {
        self.with(|world| world.faults.add(fault));
    }

    /// Switches every fault off.
    pub fn clear_faults(&self) {
        self.with(|world| world.faults.clear());
    }

    /// The next so many calls of the API refuse their token (401, 124), however good it is.
    pub fn refuse_tokens(&self, calls: u32) {
        self.with(|world| world.tokens_refused = calls);
    }

    /// The next so many requests for a meeting that is there do not find it, as where one part of
    /// Zoom does not know yet what another has done.
    pub fn lag(&self, requests: u32) {
        self.with(|world| world.lags = requests);
    }

    /// Gives the next meeting this id.
    pub fn give_next_meeting(&self, id: u64) {
        self.with(|world| world.next_meeting_id = Some(id));
    }

    /// An admin gives a meeting to another host: its former host does not find it any more, and its
    /// link goes on working.
    ///
    /// # Errors
    ///
    /// Where there is no such meeting or user.
    pub fn hand_over(&self, id: u64, to: &str) -> Result<(), ControlError> {
        self.with(|world| {
            let no_user = || ControlError::NoUser(to.to_owned());
            let host = world.user(to).ok_or_else(no_user)?.clone();
            let meeting = world.meetings.get_mut(&id);
            let meeting = meeting.ok_or(ControlError::NoMeeting(id))?;
            meeting.host_id = host.id;
            meeting.host_email = host.email;
            Ok(())
        })
    }

    /// People enter a meeting, or have all left it.
    ///
    /// # Errors
    ///
    /// Where there is no such meeting.
    pub fn set_started(&self, id: u64, started: bool) -> Result<(), ControlError> {
        self.edit_meeting(id, |meeting| meeting.started = started)
    }

    /// An admin takes a user out of their account, or in again. Grants stay; calls answer 1010.
    ///
    /// # Errors
    ///
    /// Where there is no such user.
    pub fn unlink(&self, user: &str, unlinked: bool) -> Result<(), ControlError> {
        self.with(|world| {
            let no_user = || ControlError::NoUser(user.to_owned());
            let email = world.user(user).ok_or_else(no_user)?.email.clone();
            match unlinked {
                true => world.unlinked.insert(email),
                false => world.unlinked.remove(&email),
            };
            Ok(())
        })
    }

    /// Whether refusals are XML even where JSON was asked for; else they are only where it was not.
    pub fn refuse_in_xml(&self, always: bool) {
        self.with(|world| world.refuses_in_xml = always);
    }

    /// The time it is at Zoom.
    pub fn now(&self) -> Timestamp {
        self.with(|world| world.now())
    }

    /// Goes by this clock from now on.
    pub fn set_clock(&self, clock: Clock) {
        self.with(|world| world.clock = clock);
    }

    /// Moves the clock on, or back.
    pub fn advance(&self, by: SignedDuration) {
        self.with(|world| world.clock = world.clock.moved(by));
    }
}
