//! Dana's desk without Zoom, her hours, and what is found about a time.

use greenroom_protocol::availability::{
    DayHoursChange, DayOff, DayWindow, DaysOffAction, DaysOffEdit, DaysOffEdited, MemberHours,
    MemberHoursSet,
};
use greenroom_protocol::edit::Edit;
use greenroom_protocol::interview::{InterviewNew, MeetingType};
use greenroom_protocol::pipeline::Window;
use greenroom_protocol::schedule::{ExplainQuery, Finding, FindingCode, Planned};
use greenroom_protocol::workspace::Role;
use greenroom_tests::harness::add_member;
use greenroom_tests::sandbox::Config;

pub use crate::booking::fixture::{ANA, BEN, Fixture, assert_refused, with};

pub const OMAR: &str = "omar.haddad@acme.example";

pub async fn desk() -> Fixture {
    Fixture::unconnected(Config::default()).await
}

/// Half an hour by telephone.
pub fn phone(candidate: &str, start: &str) -> InterviewNew {
    InterviewNew {
        kind: MeetingType::Phone,
        details: Some("+1 212 555 0100".into()),
        ..with(candidate, start)
    }
}

/// Every day of the week, from one minute of it to another.
pub fn daily(from_minute: u16, to_minute: u16) -> Window {
    Window {
        days: (1..=7).collect(),
        from_minute,
        to_minute,
    }
}

/// Hours every day.
pub fn always(from_minute: u16, to_minute: u16) -> MemberHoursSet {
    MemberHoursSet {
        hours: Edit::Set(vec![daily(from_minute, to_minute)]),
        ..MemberHoursSet::default()
    }
}

/// Other hours on one day; none: off.
pub fn on(date: &str, hours: &[(u16, u16)]) -> DayHoursChange {
    let window = |(from_minute, to_minute): &(u16, u16)| DayWindow {
        from_minute: *from_minute,
        to_minute: *to_minute,
    };
    DayHoursChange {
        date: date.parse().unwrap(),
        hours: Some(hours.iter().map(window).collect()),
    }
}

/// Days off with nothing but their dates.
pub fn add_days(name: &str, dates: &[&str]) -> DaysOffEdit {
    let day = |date: &&str| DayOff {
        date: date.parse().unwrap(),
        label: None,
    };
    DaysOffEdit {
        days_off: name.into(),
        action: DaysOffAction::Add,
        days: dates.iter().map(day).collect(),
        members: None,
        expected_revision: None,
        dry_run: false,
    }
}

/// What of the findings is about hours, days, limits and nights.
pub fn about_hours(findings: &[Finding]) -> Vec<FindingCode> {
    use FindingCode::{
        Buffer, CandidateNight, DayCap, DayOff, OutsideHours, OutsideWindows, WeekCap,
    };
    let ours = [
        Buffer,
        CandidateNight,
        DayCap,
        DayOff,
        OutsideHours,
        OutsideWindows,
        WeekCap,
    ];
    let codes = findings.iter().map(|it| it.code);
    codes.filter(|code| ours.contains(code)).collect()
}

impl Fixture {
    pub async fn sets(&self, set: MemberHoursSet) -> MemberHours {
        self.dana.member_hours_set(set).await.unwrap()
    }

    pub async fn edits_days_off(&self, edit: DaysOffEdit) -> DaysOffEdited {
        self.dana.days_off_edit(edit).await.unwrap()
    }

    /// What is said of half an hour by telephone with Ana, then, by these interviewers.
    pub async fn found(&self, start: &str, with: &[&str]) -> Vec<Finding> {
        let query = ExplainQuery {
            planned: Planned {
                candidate: Some(ANA.into()),
                kind: Some(MeetingType::Phone),
                duration_minutes: Some(30),
                with: with.iter().map(|it| (*it).to_owned()).collect(),
                ..Planned::default()
            },
            start: start.into(),
            locale: None,
        };
        self.dana.explain(query).await.unwrap().findings
    }

    /// What of it is about hours, days, limits and nights, where Dana interviews.
    pub async fn codes(&self, start: &str) -> Vec<FindingCode> {
        about_hours(&self.found(start, &[]).await)
    }

    pub async fn omar_joins(&self) {
        add_member(&self.dana, "Omar Haddad", OMAR, &[Role::Interviewer])
            .await
            .unwrap();
    }
}
