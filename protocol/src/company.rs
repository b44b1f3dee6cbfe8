//! Calendars of everybody in a company, read with one account at Google or Microsoft: which account
//! that is, whose calendars it reads, and how each of them stands.
//!
//! Invariant: only when people are busy and when they work is read, never what they do; a calendar
//! that could not be read says so and is not free time.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::account::{AccountOwner, AccountProvider};
use crate::calendar::FeedStanding;
use crate::time::Instant;
use crate::workspace::MemberBrief;

/// Which company calendars; `None`: at both.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CompanyCalendarsQuery {
    /// Where.
    #[serde(default)]
    pub provider: Option<AccountProvider>,
}

/// The calendars of a company at one provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CompanyCalendars {
    /// Where.
    pub provider: AccountProvider,
    /// Whose account reads them.
    pub reader: AccountOwner,
    /// That account's address there, where it is connected.
    pub user: Option<String>,
    /// How reading them goes.
    pub state: FeedStanding,
    /// Why they cannot be read, where they cannot.
    pub reason: Option<String>,
    /// The reason for programs: one short word that stays, such as `scope-missing`.
    pub reason_code: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// When they were last read.
    pub read_at: Option<Instant>,
    /// When they are read next.
    pub next: Option<Instant>,
    /// The members, by name: all of them for those who schedule, else the caller.
    pub members: Vec<CompanyCalendar>,
    /// The record's revision.
    pub revision: u64,
    /// Nothing was changed.
    #[serde(default)]
    pub dry_run: bool,
}

/// How a member's calendar there stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CompanyCalendar {
    /// Whose.
    pub member: MemberBrief,
    /// How it stands.
    pub state: CompanyCalendarState,
    /// Why it cannot be read, where it cannot.
    pub reason: Option<String>,
    /// The reason for programs: one short word that stays, such as `not-found`.
    pub reason_code: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// When it was last read.
    pub read_at: Option<Instant>,
    /// Their working hours are taken from there, since nobody has set them here.
    pub hours: bool,
}

/// How a member's calendar stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CompanyCalendarState {
    /// It has not been read yet.
    New,
    /// It was read when it was last tried.
    Ok,
    /// It could not be read, which may pass.
    Retrying,
    /// It cannot be read until somebody does something.
    Broken,
    /// The member's calendar is elsewhere, and known from there.
    Elsewhere,
    /// It is not read: the member or an admin wants that.
    LeftOut,
    /// Something that only a later version knows.
    #[serde(other)]
    Unknown,
}

/// Has an account read the calendars of all members, or no more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CompanyCalendarsSet {
    /// Where.
    pub provider: AccountProvider,
    /// Read them; `false`: no more, and what was read is removed.
    pub on: bool,
    /// Whose connected account reads them, by reference; `None`: the workspace's own. A recruiter
    /// who is no admin names themselves.
    #[serde(default)]
    pub member: Option<String>,
    /// Only says what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// Leaves a member's calendar out, or reads it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CompanyCalendarsLeaveOut {
    /// Where.
    pub provider: AccountProvider,
    /// Whose, by reference; `None`: the caller's. Somebody else's is for admins.
    #[serde(default)]
    pub member: Option<String>,
    /// Leave it out, and remove what was read; `false`: read it again.
    pub leave_out: bool,
    /// Only says what would happen.
    #[serde(default)]
    pub dry_run: bool,
}
