//! When the demo's people work: hours, limits, a buffer and days off, so that a newcomer sees in the
//! week, and beside proposed times, why one works and another does not. Who is not named has the
//! assumed hours.

use anyhow::Context as _;
use greenroom::client::Client;
use greenroom_protocol::availability::{
    DayHoursChange, DayOff, DaysOffAction, DaysOffEdit, MemberHoursSet,
};
use greenroom_protocol::edit::Edit;
use greenroom_protocol::pipeline::Window;
use jiff::Zoned;

/// Somebody's week.
struct Worker {
    email: &'static str,
    /// From one minute of the day to another, Monday to Friday.
    hours: &'static [(u16, u16)],
    /// Minutes kept free after each interview.
    buffer_after: u32,
    /// Interviews a day and a week at most.
    caps: (u32, u32),
}

const fn clock(hour: u16, minute: u16) -> u16 {
    hour * 60 + minute
}

const WORKERS: [Worker; 4] = [
    Worker {
        email: crate::harness::DANA,
        hours: &[(clock(9, 0), clock(17, 30))],
        buffer_after: 10,
        caps: (0, 0),
    },
    Worker {
        email: "mina.okafor@acme.example",
        hours: &[(clock(8, 30), clock(12, 0)), (clock(12, 45), clock(17, 0))],
        buffer_after: 0,
        caps: (3, 0),
    },
    Worker {
        email: "sam.ito@acme.example",
        hours: &[(clock(9, 30), clock(17, 0))],
        buffer_after: 15,
        caps: (2, 6),
    },
    Worker {
        email: LENA,
        hours: &[(clock(8, 0), clock(15, 0))],
        buffer_after: 0,
        caps: (0, 8),
    },
];

const LENA: &str = "lena.bauer@acme.example";

/// Sets them; everybody is off on `everyone_off`, and Lena on `lena_off`, too.
pub(super) async fn set(
    client: &Client,
    everyone_off: &Zoned,
    lena_off: &Zoned,
) -> anyhow::Result<()> {
    let date = |day: &Zoned| day.date().to_string().parse();
    for worker in WORKERS {
        let window = |(from_minute, to_minute): &(u16, u16)| Window {
            days: vec![1, 2, 3, 4, 5],
            from_minute: *from_minute,
            to_minute: *to_minute,
        };
        let off = DayHoursChange {
            date: date(lena_off).context("Lena's day off")?,
            hours: Some(Vec::new()),
        };
        let set = MemberHoursSet {
            member: Some(worker.email.into()),
            hours: Edit::Set(worker.hours.iter().map(window).collect()),
            overrides: [off].into_iter().filter(|_| worker.email == LENA).collect(),
            buffer_after_minutes: Some(worker.buffer_after),
            cap_day: Some(worker.caps.0),
            cap_week: Some(worker.caps.1),
            ..MemberHoursSet::default()
        };
        client.member_hours_set(set).await?;
    }
    let day = DayOff {
        date: date(everyone_off).context("the team's day off")?,
        label: None,
    };
    let edit = DaysOffEdit {
        days_off: "Team day".into(),
        action: DaysOffAction::Add,
        days: vec![day],
        members: None,
        expected_revision: None,
        dry_run: false,
    };
    client.days_off_edit(edit).await?;
    Ok(())
}
