//! What is stored of an interview's invitations: who was invited, by which letter, and what they
//! answered.

use greenroom_protocol::id::{CandidateId, MailId, MemberId};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::interview::InterviewRecord;

/// The invitations of an interview.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Invitation {
    /// How often the time, the way to join or the being of the interview was changed since people
    /// were invited.
    pub sequence: u32,
    /// Who is or was invited.
    pub invitees: Vec<Invitee>,
    /// Who asked for another time, newest last.
    pub asks: Vec<Ask>,
    /// Of what people were reminded last.
    pub reminded: Option<Reminded>,
    /// The first number that no change had before a backup was restored; what was changed under the
    /// numbers between somebody's last email and this one is not known.
    pub restored: u32,
    /// Whether people may have been invited before a backup was restored that knows of no
    /// invitation.
    pub in_doubt: bool,
    /// Whether one commit did not hold every email about the latest change; the work for the
    /// interview asks for the others.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unfinished: bool,
    /// Which interviewers were asked about which times, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<Asked>,
}

/// More than the interviewers of an interview that is moved twice; older ones that are over go.
const MOST_ASKED: usize = 60;

/// That an interviewer was asked about a time, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Whom.
    pub member: MemberId,
    /// When the interview was to begin.
    pub start: Instant,
    /// How long, in minutes.
    pub duration_minutes: u32,
    /// When the invitation left.
    pub at: Instant,
    /// When the first answer came, in whatever way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Instant>,
    /// When it stood no more: cancelled, or they were asked about another time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Instant>,
    /// When they were last reminded to reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded_at: Option<Instant>,
    /// The email of that, where a person asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminder: Option<MailId>,
    /// When the organizer was notified that they do not reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notified_at: Option<Instant>,
    /// What was done about their decline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decline: Option<Decline>,
}

/// What was done about a decline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decline {
    /// Somebody took the place.
    Replaced {
        /// Who.
        by: MemberId,
    },
    /// The organizer was notified.
    ToOrganizer,
}

impl Asked {
    /// Asked just now.
    pub(crate) fn new(
        member: MemberId,
        start: Instant,
        duration_minutes: u32,
        now: Instant,
    ) -> Self {
        Self {
            member,
            start,
            duration_minutes,
            at: now,
            answered_at: None,
            ended_at: None,
            reminded_at: None,
            reminder: None,
            notified_at: None,
            decline: None,
        }
    }
}

/// A reminder that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    /// Of which start.
    pub start: Instant,
    /// How long before it, in minutes.
    pub minutes: u32,
}

impl Reminded {
    /// When it is due.
    pub(crate) fn at(&self) -> Instant {
        self.start.plus_minutes(-i64::from(self.minutes))
    }

    /// Whether anyone who has this one needs the other no more.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        self.start == other.start && self.minutes <= other.minutes
    }

    /// Reads what was noted with a letter.
    pub(crate) fn from_memo(memo: Option<&str>) -> Option<Self> {
        serde_json::from_str(memo?).ok()
    }

    /// What is noted with a letter.
    pub(crate) fn memo(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }
}

/// Whom an invitation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Peer {
    /// The candidate.
    Candidate(CandidateId),
    /// An interviewer.
    Member(MemberId),
}

/// Somebody invited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Invitee {
    /// Who.
    pub guest: Peer,
    /// The newest letter to them.
    pub mail: MailId,
    /// The first letter that left, which those that follow it stand below.
    #[serde(default)]
    pub first: Option<MailId>,
    /// Where the newest letter went: their answers come from there.
    #[serde(default)]
    pub address: Option<String>,
    /// When the newest invitation left.
    #[serde(default)]
    pub invited_at: Option<Instant>,
    /// What they were last told; `None`: they know of nothing.
    #[serde(default)]
    pub told: Option<Told>,
    /// Whether they may have read something else since, in an email that was called back when
    /// it may have left already. Only the next one that leaves ends that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsure: bool,
    /// What they answered to that.
    #[serde(default)]
    pub answer: Answer,
    /// What they wrote with it: untrusted text, made plain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When their calendar says they answered: an older answer that comes later is passed over.
    #[serde(default)]
    pub answered_at: Option<Instant>,
    /// Why a letter did not reach them.
    #[serde(default)]
    pub unreached: Option<String>,
    /// Whether they are not wanted any more.
    #[serde(default)]
    pub dismissed: bool,
}

/// What a letter told of an interview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// When it begins.
    pub start: Instant,
    /// How long, in minutes.
    pub duration_minutes: u32,
    /// A digest of the rest: how to join, who takes part, who invites.
    pub rest: String,
    /// Which change of the interview it was.
    pub sequence: u32,
    /// That Zoom writes a summary of it. Not part of the digest: those who were invited before
    /// there were notes get no update for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub notes: bool,
}

impl Told {
    /// What a letter tells that is written now.
    pub(crate) fn by(interview: &InterviewRecord) -> Self {
        let made = match &interview.meeting.manual {
            None => interview.meeting.zoom.meeting(),
            Some(_) => None,
        };
        let rest = (
            &interview.zone,
            interview.organizer,
            &interview.interviewers,
            interview.meeting.kind,
            &interview.meeting.manual,
            made.map(|made| (&made.join_url, &made.passcode)),
        );
        // Plain values have a JSON; without one nothing would ever count as told, which is the safe
        // side.
        let rest = serde_json::to_vec(&rest).unwrap_or_default();
        let digest = Sha256::digest(&rest);
        Self {
            start: interview.start,
            duration_minutes: interview.duration_minutes,
            rest: digest
                .iter()
                .take(16)
                .map(|byte| format!("{byte:02x}"))
                .collect(),
            sequence: interview.invitation.sequence,
            notes: interview.zoom_writes_notes(),
        }
    }

    /// Whether it is the same time.
    pub(crate) fn same_time(&self, other: &Self) -> bool {
        self.start == other.start && self.duration_minutes == other.duration_minutes
    }

    /// Whether it says the same.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.same_time(other) && self.rest == other.rest && self.notes == other.notes
    }

    /// Reads what was noted with a letter.
    pub(crate) fn from_memo(memo: Option<&str>) -> Option<Self> {
        serde_json::from_str(memo?).ok()
    }

    /// What is noted with a letter.
    pub(crate) fn memo(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }
}

/// What somebody answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Nothing yet.
    #[default]
    None,
    /// They come.
    Accepted,
    /// They do not.
    Declined,
    /// Perhaps.
    Tentative,
}

/// Somebody asks for another time. Nothing is done about it but to show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// Who.
    pub guest: Peer,
    /// When it came.
    pub at: Instant,
    /// The start they propose.
    pub start: Option<Instant>,
    /// How long, in minutes, where they propose another length.
    pub duration_minutes: Option<u32>,
    /// What they say about it: untrusted text, made plain.
    pub comment: Option<String>,
}

impl Invitation {
    /// The invitation of this guest.
    pub fn of(&self, guest: Peer) -> Option<&Invitee> {
        self.invitees.iter().find(|it| it.guest == guest)
    }

    /// The invitation of this guest, to be changed.
    pub fn of_mut(&mut self, guest: Peer) -> Option<&mut Invitee> {
        self.invitees.iter_mut().find(|it| it.guest == guest)
    }

    /// What an interviewer is asked now.
    pub fn open(&self, member: MemberId) -> Option<&Asked> {
        let mut asked = self.asked.iter().rev();
        asked.find(|it| it.member == member && it.ended_at.is_none())
    }

    /// The same, to be changed.
    pub fn open_mut(&mut self, member: MemberId) -> Option<&mut Asked> {
        let mut asked = self.asked.iter_mut().rev();
        asked.find(|it| it.member == member && it.ended_at.is_none())
    }

    /// Notes that somebody was asked.
    pub(crate) fn ask(&mut self, asked: Asked) {
        self.asked.push(asked);
        while self.asked.len() > MOST_ASKED {
            let over = self.asked.iter().position(|it| it.ended_at.is_some());
            self.asked.remove(over.unwrap_or(0));
        }
    }

    /// Keeps an invitation in the place of the one before.
    pub(crate) fn keep(&mut self, invitee: Invitee) {
        match self.of_mut(invitee.guest) {
            Some(known) => *known = invitee,
            None => self.invitees.push(invitee),
        }
    }
}

impl Invitee {
    /// Whether they surely know how it stands now.
    pub(crate) fn knows(&self, now: &Told) -> bool {
        !self.unsure && self.told.as_ref().is_some_and(|told| told.same(now))
    }

    /// Whether they have an invitation, or may have: then nothing ends without a word to them.
    pub(crate) fn may_have_one(&self) -> bool {
        self.unsure || self.told.is_some()
    }

    /// What they answered to the time the interview has now.
    pub(crate) fn answer_to(&self, now: &Told) -> Answer {
        match &self.told {
            Some(told) if told.same_time(now) => self.answer,
            _ => Answer::None,
        }
    }

    /// What was sent did not reach them, or went where they are no longer written to, so the next
    /// email to them is a first invitation. They may still read what did not bounce.
    pub(crate) fn begin_again(&mut self) {
        self.unsure |= self.told.is_some() && self.unreached.is_none();
        self.first = None;
        self.told = None;
        self.invited_at = None;
        self.forget_answer();
    }

    /// What they answered does not count any more.
    pub(crate) fn forget_answer(&mut self) {
        self.answer = Answer::None;
        self.answered_at = None;
        self.note = None;
    }

    /// Somebody who gets their first letter.
    pub(crate) fn new(guest: Peer, mail: MailId) -> Self {
        Self {
            guest,
            mail,
            first: None,
            address: None,
            invited_at: None,
            told: None,
            unsure: false,
            answer: Answer::None,
            note: None,
            answered_at: None,
            unreached: None,
            dismissed: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_from_before_reminders_reminded_nobody() {
        let stored = r#"{"sequence":2,"invitees":[],"asks":[]}"#;
        let read: Invitation = serde_json::from_str(stored).unwrap();
        assert_eq!((read.sequence, read.reminded, read.restored), (2, None, 0));
        assert!(!read.in_doubt);
        assert_eq!(read.asked, []);
    }

    #[test]
    fn what_somebody_is_asked_is_the_newest_that_stands_and_old_ones_go() {
        let sam = MemberId::new();
        let at = |second: i64| Instant::from_second(second);
        let mut invitation = Invitation::default();
        assert_eq!(invitation.open(sam), None);
        for number in 0..100 {
            if let Some(open) = invitation.open_mut(sam) {
                open.ended_at = Some(at(number));
            }
            invitation.ask(Asked::new(sam, at(5000), 45, at(number)));
        }
        assert_eq!(invitation.open(sam).unwrap().at, at(99));
        assert_eq!(invitation.asked.len(), MOST_ASKED);
        let stored = r#"{"member":"mem_01kf00000074080000000000r1","start":"2026-12-01T10:00:00Z",
            "duration_minutes":45,"at":"2026-11-30T10:00:00Z"}"#;
        let read: Asked = serde_json::from_str(stored).unwrap();
        assert_eq!((read.answered_at, read.decline), (None, None));
    }

    #[test]
    fn an_invitee_from_before_notes_wrote_none() {
        let stored = r#"{"guest":{"member":"mem_01kf00000074080000000000r1"},"mail":"mal_01kf00000074080000000000r2","answer":"declined"}"#;
        let read: Invitee = serde_json::from_str(stored).unwrap();
        assert_eq!((read.answer, read.note), (Answer::Declined, None));
        assert!(!read.unsure);
    }

    #[test]
    fn a_later_reminder_covers_an_earlier_one_of_the_same_start_only() {
        let at = |start: i64, minutes: u32| Reminded {
            start: Instant::from_second(start),
            minutes,
        };
        assert!(at(0, 60).covers(&at(0, 60)) && at(0, 60).covers(&at(0, 1440)));
        assert!(!at(0, 1440).covers(&at(0, 60)) && !at(0, 60).covers(&at(1, 1440)));
        let noted = at(0, 60).memo();
        assert_eq!(Reminded::from_memo(noted.as_deref()), Some(at(0, 60)));
    }
}
