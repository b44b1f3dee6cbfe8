//! Killed while everybody's calendars are being read: of each member there are all weeks or none,
//! and the next daemon reads the rest.

use std::collections::{BTreeMap, BTreeSet};

use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::company::{
    CompanyCalendarState, CompanyCalendarsQuery, CompanyCalendarsSet,
};
use greenroom_protocol::workspace::MemberAdd;
use greenroom_tests::sandbox::microsoft::{Account, Entry, Status};
use greenroom_tests::wait;
use greenroomd::failpoint::{ARMED, Point};
use greenroomd::store;
use greenroomd::store::key::Prefix;
use jiff::{SignedDuration, Timestamp};

use super::fixture::{OURS_AT_MICROSOFT, Office};

/// Three lists of people.
const MEMBERS: usize = 45;

/// Weeks in which each of them is busy.
const WEEKS: usize = 3;

/// Once in each list: a commit holds four members at most, and who was read before has no spans to
/// write.
const KILLED_AT: [u32; 3] = [2, 4, 3];

fn person(number: usize) -> String {
    format!("person{number:02}@acme.example")
}

/// How many weeks are stored of each calendar, and whether it says when it was read.
async fn stored(office: &Office) -> BTreeMap<String, (usize, bool)> {
    let directory = office.desk.world.directory().join("data/store");
    let settings = store::sled::Settings::default();
    let store = store::open(&directory, settings).await.unwrap();
    let rows = store.engine().scan(Prefix::everything(), None, usize::MAX);
    let rows = rows.await.unwrap().rows;
    store.close().await;
    let mut found = BTreeMap::<String, (usize, bool)>::new();
    for (key, _) in rows {
        let feed = |id: &str| id.split('/').take(2).collect::<Vec<_>>().join("/");
        match key.table() {
            "busy" => found.entry(feed(key.id())).or_default().0 += 1,
            "feed-read" => found.entry(feed(key.id())).or_default().1 = true,
            _ => {}
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_is_killed_between_members_leaves_whole_calendars() {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let mut office = Office::open().await;
    office.connect(OURS_AT_MICROSOFT).await;
    let client = office.desk.client().await;
    for number in 0..MEMBERS {
        let email = person(number);
        let account = Account::new(&email);
        office.microsoft.add_account(account).unwrap();
        let entry = |week: i64| {
            let start = Timestamp::now() + SignedDuration::from_hours(7 * 24 * week);
            Entry {
                start,
                end: start + SignedDuration::from_hours(1),
                status: Status::Busy,
                subject: "Dentist".to_owned(),
            }
        };
        let weeks = 1..=i64::try_from(WEEKS).unwrap();
        let entries = weeks.map(entry).collect();
        office.microsoft.set_calendar(&email, entries).unwrap();
        let member = MemberAdd {
            name: format!("Person {number}"),
            email,
            zoom_email: None,
            zone: None,
            roles: Vec::new(),
            hiring_jobs: Vec::new(),
        };
        client.member_add(member).await.unwrap();
    }
    let mut sizes = BTreeSet::new();
    for (turn, time) in KILLED_AT.into_iter().enumerate() {
        office.desk.doom((Point::CommitDurable, time), "busy");
        if turn == 0 {
            office.desk.world.answering().await.unwrap();
            let on = CompanyCalendarsSet {
                provider: AccountProvider::Microsoft,
                on: true,
                member: None,
                dry_run: false,
            };
            let client = office.desk.client().await;
            client.company_calendars_set(on).await.unwrap();
        }
        office.desk.dies().await;
        let stored = stored(&office).await;
        for (calendar, (weeks, read)) in &stored {
            let whole = *weeks == 0 || *weeks == WEEKS || *weeks == WEEKS + 1;
            assert!(
                whole && (*read || *weeks == 0),
                "{calendar}: {weeks} {read}"
            );
        }
        sizes.insert(stored.len());
    }
    assert!(
        sizes.iter().all(|size| (1..MEMBERS).contains(size)),
        "{sizes:?}"
    );

    office.desk.world.run_daemon().await.unwrap();
    let client = office.desk.client().await;
    let all_read = async || {
        let query = CompanyCalendarsQuery::default();
        let page = client.company_calendars(query).await.unwrap();
        let read = page.items[0].members.iter().filter(|it| {
            let ours = it.member.email.starts_with("person");
            ours && it.state == CompanyCalendarState::Ok
        });
        read.count() == MEMBERS
    };
    wait::so("everybody was read", all_read).await;
}
