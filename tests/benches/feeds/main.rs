//! A thousand calendars of two hundred entries each, read from a server on this machine: the first
//! time, then for an hour in which none changes, once from a server that says so (304) and once from
//! one that sends the same again; what processor and memory it takes, the server's included, which
//! is in this process. And calendars that are made to be expensive.
//!
//! Goals: in an hour in which nothing changes a feed takes at most 20 ms of processor time where the
//! server says so; a feed at most 32 kB of memory; a calendar of 5 MB that repeats every second is
//! read within 200 ms.
//!
//! `cargo bench -p greenroom-tests --bench feeds [-- COUNT]`

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant as Watch};

use anyhow::Result;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::routing::get;
use greenroom_protocol::calendar::FeedAdd;
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::workspace::Role;
use greenroom_tests::figures::{processor, resident, timed, verdict};
use greenroom_tests::harness::add_member;
use greenroom_tests::test_daemon::{Story, TestDaemon};
use greenroomd::calendars::{self, Frame, LONGEST};
use jiff::tz::TimeZone;
use tokio::runtime::Runtime;

/// As many as a member may have.
const EACH: usize = 10;

/// Entries of a calendar.
const ENTRIES: usize = 200;

/// What an hour in which nothing changes may cost for each feed.
const PROCESSOR_OF_ONE: Duration = Duration::from_millis(20);

/// What a feed may take of memory, in bytes.
const MEMORY_OF_ONE: u64 = 32 << 10;

/// How long the most expensive calendar may take.
const BOMB: Duration = Duration::from_millis(200);

/// 2026-11-30T00:00:00Z, a Monday.
const MONDAY: i64 = 1_795_996_800;

const DAY: i64 = 24 * 3600;

fn main() -> Result<()> {
    bombs()?;
    // Whatever else cargo passes (`--bench`) is not a count.
    let count = std::env::args().find_map(|arg| arg.parse().ok());
    Runtime::new()?.block_on(feeds(count.unwrap_or(1000)))
}

/// What the server does.
#[derive(Clone)]
struct Server {
    place: SocketAddr,
    /// Whether it names what it sends, so that it need not send it again.
    names: Arc<AtomicBool>,
}

impl Server {
    async fn start() -> Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let server = Self {
            place: listener.local_addr()?,
            names: Arc::new(AtomicBool::new(true)),
        };
        let router = Router::new().route("/{number}", get(answer));
        let router = router.with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(server)
    }
}

async fn answer(
    State(server): State<Server>,
    Path(number): Path<usize>,
    headers: HeaderMap,
) -> Response<Body> {
    let name = format!("\"{number}\"");
    let names = server.names.load(Ordering::Relaxed);
    let is_known = headers
        .get(IF_NONE_MATCH)
        .is_some_and(|it| it.as_bytes() == name.as_bytes());
    let mut response = Response::new(Body::empty());
    if names && is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    if names && let Ok(name) = name.parse() {
        response.headers_mut().insert(ETAG, name);
    }
    *response.body_mut() = Body::from(calendar(number));
    response
}

/// Two hundred entries over half a year, a tenth of which repeat every week.
fn calendar(number: usize) -> String {
    let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
    for entry in 0..ENTRIES {
        let at = MONDAY + (entry as i64 * 180 / ENTRIES as i64) * DAY;
        let hour = 8 + (entry + number) % 9;
        let day = jiff::Timestamp::from_second(at).unwrap_or_default();
        let day = day.strftime("%Y%m%d");
        let rule = match entry % 10 {
            0 => "RRULE:FREQ=WEEKLY;COUNT=20\r\n",
            _ => "",
        };
        text.push_str(&format!(
            "BEGIN:VEVENT\r\nUID:{entry}@{number}.example\r\nSUMMARY:Entry {entry}\r\n\
             DTSTART:{day}T{hour:02}0000Z\r\nDTEND:{day}T{hour:02}4500Z\r\n{rule}END:VEVENT\r\n"
        ));
    }
    text.push_str("END:VCALENDAR\r\n");
    text
}

async fn feeds(count: usize) -> Result<()> {
    let me = std::process::id();
    let server = Server::start().await?;
    let builder = TestDaemon::builder().calendars(&["127.0.0.1"]);
    let Story { daemon, dana } = builder.open().await?;
    let mut of = HashMap::new();
    for member in 0..count.div_ceil(EACH) {
        let email = format!("person{member}@acme.example");
        add_member(
            &dana,
            &format!("Person {member}"),
            &email,
            &[Role::Interviewer],
        )
        .await?;
        of.insert(member, email);
    }
    let (begun, used, empty) = (Watch::now(), processor(me)?, resident(me)?);
    for number in 0..count {
        let add = FeedAdd {
            member: of.get(&(number / EACH)).cloned(),
            name: format!("Calendar {number}"),
            url: Some(Opaque::new(format!("http://{}/{number}", server.place))),
            ..FeedAdd::default()
        };
        dana.feed_add(add).await?;
    }
    daemon.rests().await?;
    let (took, spent) = (begun.elapsed(), processor(me)? - used);
    let one = (resident(me)? - empty.min(resident(me)?)) / count as u64;
    println!("{count} calendars of {ENTRIES} entries");
    println!("  added and read   {took:>9.2?}, processor {spent:.2?}");
    println!(
        "  memory           {:>6} kB each, {}",
        one >> 10,
        verdict(one <= MEMORY_OF_ONE)
    );
    for (names, what) in [(true, "says so"), (false, "sends it again")] {
        server.names.store(names, Ordering::Relaxed);
        let (begun, used, before) = (Watch::now(), processor(me)?, daemon.revision().0);
        daemon
            .time_passes_until(daemon.now().plus_minutes(60))
            .await?;
        let spent = processor(me)? - used;
        let one = spent / u32::try_from(count)?;
        let commits = daemon.revision().0 - before;
        println!(
            "  an hour, {what:<14} {:>9.2?}, processor {spent:.2?} ({one:.2?} each), {commits} commits{}",
            begun.elapsed(),
            match names {
                true => format!(", {}", verdict(one <= PROCESSOR_OF_ONE)),
                false => String::new(),
            }
        );
    }
    Ok(())
}

/// Calendars that are made to be expensive: what is read of each, and how long that takes.
fn bombs() -> Result<()> {
    let entry = |rule: &str, start: &str| {
        format!(
            "BEGIN:VEVENT\r\nUID:{start}\r\nDTSTART:{start}\r\nDURATION:PT1S\r\n\
             RRULE:{rule}\r\nEND:VEVENT\r\n"
        )
    };
    let filled = |one: &str| {
        let room = LONGEST - 100;
        let many = one.repeat(room / one.len());
        format!("BEGIN:VCALENDAR\r\n{many}END:VCALENDAR\r\n")
    };
    let alone = |one: &str| format!("BEGIN:VCALENDAR\r\n{one}END:VCALENDAR\r\n");
    let every_second = entry("FREQ=SECONDLY", "20200101T000000Z");
    let never = entry("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "20200101T000000Z");
    let all = entry(
        "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11;BYMINUTE=0,10,20,30,40,50",
        "20200101T000000Z",
    );
    let long = format!(
        "BEGIN:VEVENT\r\nUID:x\r\nDTSTART:20261201T100000Z\r\nDTEND:20261201T110000Z\r\n\
         SUMMARY:{}\r\nEND:VEVENT\r\n",
        "x".repeat(100_000)
    );
    for (what, text) in [
        ("every second, alone", alone(&every_second)),
        ("every second, 5 MB of them", filled(&every_second)),
        ("on February 30, 5 MB of them", filled(&never)),
        ("72 times a day, 5 MB of them", filled(&all)),
        ("100 kB of summary, 5 MB of them", filled(&long)),
    ] {
        let frame = Frame {
            span: MONDAY..MONDAY + 27 * 7 * DAY,
            zone: TimeZone::UTC,
            addresses: &[],
            is_ours: &|_| false,
        };
        let (took, read) = timed(|| calendars::read(&text, &frame));
        let spans = read?.busy.len();
        let met = verdict(took <= BOMB);
        println!("  {what:<32} {took:>9.2?}, {spans} spans, {met}");
    }
    Ok(())
}
