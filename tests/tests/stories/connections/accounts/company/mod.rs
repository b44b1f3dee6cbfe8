//! Everybody's calendars, read with one account: who is busy is not offered, who cannot be read is
//! not free, and what cannot be read says why.

mod own;
mod people;
mod reading;
mod trouble;

use greenroom::client::Client;
use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::availability::{MemberHours, MemberHoursQuery};
use greenroom_protocol::company::{
    CompanyCalendar, CompanyCalendars, CompanyCalendarsQuery, CompanyCalendarsSet,
};
use greenroom_protocol::pipeline::{CandidateAdd, JobAdd};
use greenroom_protocol::schedule::{ExplainQuery, FindingCode, Planned};
use greenroom_protocol::workspace::MemberAdd;
use greenroom_tests::sandbox::microsoft;
use greenroom_tests::sandbox::microsoft::{Entry, Status};
use greenroom_tests::wait;
use jiff::Timestamp;

use super::fixture::Fixture;

pub const ANA: &str = "ana.lima@mail.example";

/// Ten in the morning in New York, where everybody works, on Tuesday.
pub const TEN: &str = "2026-12-01T15:00:00Z";

/// Between two readings, at the most.
pub const QUARTER: i64 = 16 * 60;

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn person(number: usize) -> String {
    format!("person{number:02}@acme.example")
}

/// A workspace with a job and a candidate.
pub async fn office() -> Fixture {
    let office = Fixture::open().await;
    let job = JobAdd {
        title: "Designer".into(),
        stages: Vec::new(),
    };
    office.dana.job_add(job).await.unwrap();
    let candidate = CandidateAdd {
        name: "Ana Lima".into(),
        email: ANA.into(),
        job: Some("Designer".into()),
        ..CandidateAdd::default()
    };
    office.dana.candidate_add(candidate).await.unwrap();
    office
}

pub async fn joins(office: &Fixture, email: &str) {
    let member = MemberAdd {
        name: email.split('@').next().unwrap_or_default().to_owned(),
        email: email.to_owned(),
        zoom_email: None,
        zone: None,
        roles: Vec::new(),
        hiring_jobs: Vec::new(),
    };
    office.dana.member_add(member).await.unwrap();
}

pub fn on(provider: AccountProvider) -> CompanyCalendarsSet {
    CompanyCalendarsSet {
        provider,
        on: true,
        member: None,
        dry_run: false,
    }
}

pub fn off(provider: AccountProvider) -> CompanyCalendarsSet {
    CompanyCalendarsSet {
        on: false,
        ..on(provider)
    }
}

/// The calendars, once they are as wanted.
pub async fn when(
    office: &Fixture,
    provider: AccountProvider,
    wanted: impl Fn(&CompanyCalendars) -> bool,
) -> CompanyCalendars {
    let query = CompanyCalendarsQuery {
        provider: Some(provider),
    };
    let look = async || {
        let page = office.dana.company_calendars(query.clone()).await.unwrap();
        page.items.into_iter().find(&wanted)
    };
    wait::until("the calendars stand as wanted", look).await
}

/// The calendars, once they were read after this moment.
pub async fn read(office: &Fixture, provider: AccountProvider) -> CompanyCalendars {
    let now = office.daemon.now();
    when(office, provider, |it| it.read_at == Some(now)).await
}

/// Reads once more, a while later.
pub async fn read_later(office: &Fixture, provider: AccountProvider) -> CompanyCalendars {
    office.seconds_pass(QUARTER);
    let query = CompanyCalendarsQuery {
        provider: Some(provider),
    };
    office.dana.company_calendars_refresh(query).await.unwrap();
    read(office, provider).await
}

pub fn of<'a>(shown: &'a CompanyCalendars, email: &str) -> &'a CompanyCalendar {
    let mut members = shown.members.iter();
    members.find(|it| it.member.email == email).unwrap()
}

/// What speaks against an interview of half an hour with these at that time.
pub async fn against(office: &Fixture, with: &[&str], start: &str) -> Vec<(FindingCode, String)> {
    let query = ExplainQuery {
        planned: Planned {
            candidate: Some(ANA.into()),
            with: with.iter().map(|it| (*it).to_owned()).collect(),
            duration_minutes: Some(30),
            kind: Some(greenroom_protocol::interview::MeetingType::Phone),
            ..Planned::default()
        },
        start: start.into(),
        locale: None,
    };
    let explained = office.dana.explain(query).await.unwrap();
    let findings = explained.findings.into_iter();
    let of_calendars = findings.filter(|it| {
        matches!(
            it.code,
            FindingCode::BusyElsewhere | FindingCode::StaleCalendar | FindingCode::OutsideHours
        )
    });
    of_calendars.map(|it| (it.code, it.message)).collect()
}

pub async fn codes(office: &Fixture, with: &[&str], start: &str) -> Vec<FindingCode> {
    let found = against(office, with, start).await;
    found.into_iter().map(|(code, _)| code).collect()
}

pub async fn hours(client: &Client, email: &str) -> MemberHours {
    let query = MemberHoursQuery {
        member: Some(email.into()),
    };
    client.member_hours(query).await.unwrap()
}

pub fn microsoft_has(office: &Fixture, email: &str, entries: Vec<Entry>) {
    let account = microsoft::Account::new(email);
    office.microsoft.add_account(account).unwrap();
    office.microsoft.set_calendar(email, entries).unwrap();
}

/// An hour from ten, as Google has it.
pub fn busy_at_ten() -> Vec<(Timestamp, Timestamp)> {
    vec![(at(TEN), at("2026-12-01T16:00:00Z"))]
}

pub fn dentist() -> Entry {
    Entry {
        start: at(TEN),
        end: at("2026-12-01T16:00:00Z"),
        status: Status::Busy,
        subject: "Dentist, do not tell".to_owned(),
    }
}
