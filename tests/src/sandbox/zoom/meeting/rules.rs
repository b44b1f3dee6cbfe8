//! Owns what Zoom makes of a request: the beginning, the passcode, and the waiting room nobody
//! asked for.

use jiff::Timestamp;

use super::draft::Draft;
use super::{Meeting, Settings};
use crate::sandbox::dice::Dice;
use crate::sandbox::zoom::directory::{Account, Locked, Passcodes, Plan, User};

/// The rules of a host and their account.
pub(in crate::sandbox::zoom) struct Policy {
    /// Whether the AI Companion may write summaries of this host's meetings.
    may_have_summaries: bool,
    /// Whether one starts where a request does not say.
    auto_summaries: bool,
    passcodes: Passcodes,
    force_waiting_room: bool,
    locked: Locked,
}

impl Policy {
    pub(in crate::sandbox::zoom) fn of(account: &Account, host: &User) -> Self {
        let passcodes = match account.plan {
            Plan::Free => Passcodes::Locked,
            Plan::Pro | Plan::Business => account.passcodes,
        };
        Self {
            may_have_summaries: host.may_have_summaries(account),
            auto_summaries: host.auto_summaries,
            passcodes,
            force_waiting_room: account.force_waiting_room,
            locked: account.locked.clone(),
        }
    }
}

/// What making or changing a meeting needs to know besides the request.
pub(in crate::sandbox::zoom) struct Rules<'a> {
    pub(in crate::sandbox::zoom) policy: Policy,
    pub(in crate::sandbox::zoom) now: Timestamp,
    pub(in crate::sandbox::zoom) dice: &'a mut Dice,
}

impl Rules<'_> {
    /// A new meeting of this host. `made` counts the meetings so far: some UUIDs begin with `/`,
    /// some ids are short.
    pub(in crate::sandbox::zoom) fn create(
        &mut self,
        host: &User,
        draft: Draft,
        made: u64,
    ) -> Meeting {
        let mut meeting = Meeting {
            id: self.dice.meeting_id(made % 2 == 1),
            uuid: self.dice.uuid(made % 4 == 2),
            host_id: host.id.clone(),
            host_email: host.email.clone(),
            topic: "Zoom Meeting".to_owned(),
            kind: 2,
            start_time: self.now,
            duration: 60,
            timezone: host.timezone.clone(),
            agenda: String::new(),
            created_at: self.now,
            password: String::new(),
            encrypted_password: String::new(),
            started: false,
            settings: Settings::default(),
            summary: None,
            occurrences: Vec::new(),
            instances: Vec::new(),
        };
        let unasked = match self.policy.passcodes {
            Passcodes::Off => false,
            Passcodes::ByDefault => draft.default_password.unwrap_or(true),
            Passcodes::Locked => true,
        };
        // Left out, a meeting has its host's own setting (Zoom's changelog of 2026-03-05).
        meeting.settings.auto_start_meeting_summary = self.policy.auto_summaries;
        self.apply(&mut meeting, draft);
        if meeting.password.is_empty() && unasked {
            meeting.password = self.dice.passcode();
            meeting.encrypted_password = self.dice.opaque(24);
        }
        self.guard(&mut meeting);
        meeting
    }

    /// Changes a meeting.
    pub(in crate::sandbox::zoom) fn change(&mut self, meeting: &mut Meeting, draft: Draft) {
        self.apply(meeting, draft);
        self.guard(meeting);
    }

    /// Takes what was asked for. A beginning in the past is silently not taken.
    fn apply(&mut self, meeting: &mut Meeting, draft: Draft) {
        if let Some(start) = draft
            .start(&meeting.timezone)
            .filter(|start| *start >= self.now)
        {
            meeting.start_time = start;
        }
        set(&mut meeting.topic, draft.topic);
        set(&mut meeting.kind, draft.kind);
        if meeting.kind != 8 {
            meeting.occurrences.clear();
        }
        set(&mut meeting.duration, draft.duration);
        set(&mut meeting.timezone, draft.timezone);
        set(&mut meeting.agenda, draft.agenda);
        if let Some(password) = draft
            .password
            .filter(|password| *password != meeting.password)
        {
            meeting.password = password;
            meeting.encrypted_password = self.dice.opaque(24);
        }
        let (kept, asked) = (&mut meeting.settings, draft.settings);
        set(&mut kept.host_video, asked.host_video);
        set(&mut kept.participant_video, asked.participant_video);
        set(&mut kept.mute_upon_entry, asked.mute_upon_entry);
        set(&mut kept.join_before_host, asked.join_before_host);
        set(&mut kept.jbh_time, asked.jbh_time);
        set(&mut kept.waiting_room, asked.waiting_room);
        set(
            &mut kept.meeting_authentication,
            asked.meeting_authentication,
        );
        set(&mut kept.approval_type, asked.approval_type);
        set(&mut kept.auto_recording, asked.auto_recording);
        set(&mut kept.alternative_hosts, asked.alternative_hosts);
        set(&mut kept.email_notification, asked.email_notification);
        set(&mut kept.private_meeting, asked.private_meeting);
        set(&mut kept.encryption_type, asked.encryption_type);
        set(
            &mut kept.auto_start_meeting_summary,
            asked.auto_start_meeting_summary,
        );
    }

    /// Zoom's own say, after every create and update: an unguarded meeting gets a waiting room
    /// (Zoom's page on meeting API security enhancements), and a waiting room ends
    /// `join_before_host`.
    fn guard(&self, meeting: &mut Meeting) {
        let settings = &mut meeting.settings;
        let unguarded = meeting.password.is_empty() && !settings.meeting_authentication;
        settings.waiting_room |= unguarded || self.policy.force_waiting_room;
        let locked = &self.policy.locked;
        set(&mut settings.waiting_room, locked.waiting_room);
        set(&mut settings.join_before_host, locked.join_before_host);
        set(&mut settings.jbh_time, locked.jbh_time);
        set(
            &mut settings.meeting_authentication,
            locked.meeting_authentication,
        );
        set(&mut settings.auto_recording, locked.auto_recording.clone());
        set(
            &mut settings.auto_start_meeting_summary,
            locked.auto_start_meeting_summary,
        );
        // What the plan does not have, or the user turned off, is silently not taken.
        settings.auto_start_meeting_summary &= self.policy.may_have_summaries;
        settings.join_before_host &= !settings.waiting_room;
    }
}

fn set<T>(kept: &mut T, asked: Option<T>) {
    if let Some(asked) = asked {
        *kept = asked;
    }
}
