//! A server, an account, and entries of every kind.

use std::ops::Range;

use greenroom_tests::calendar_server::{CalendarServer, Kind, PASSWORD, USER};
use greenroomd::caldav::{self, Failure, Found, Heard, Told};
use greenroomd::calendars::{Frame, Read, read_pieces};
use greenroomd::network::{Login, Reader};
use jiff::tz::TimeZone;
use tempfile::TempDir;
use url::Url;

/// 2026-10-19T00:00:00Z, and 120 days later: the clocks of Berlin change within.
pub const SPAN: Range<i64> = 1_792_368_000..1_802_736_000;

/// The UID of an interview of ours.
pub const OURS: &str = "ours@greenroom.example";

/// The account's email address.
pub const EMAIL: &str = "dana@acme.example";

/// The servers, as far as they are on this machine.
pub fn kinds() -> impl Iterator<Item = Kind> {
    [Kind::Radicale, Kind::Xandikos]
        .into_iter()
        .filter(|it| it.is_there())
}

pub struct Stage {
    pub server: CalendarServer,
    pub reader: Reader,
    pub login: Login,
    _directory: TempDir,
}

impl Stage {
    pub async fn open(kind: Kind) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let server = CalendarServer::open(kind, directory.path()).await.unwrap();
        Self {
            server,
            reader: Reader::new(&["127.0.0.0/8".parse().unwrap()]).unwrap(),
            login: login(USER, PASSWORD),
            _directory: directory,
        }
    }

    pub async fn find(&self, url: &Url) -> Result<Found, Failure> {
        caldav::find(&self.reader, &self.login, url).await
    }

    pub async fn read(&self, found: &Found, known: Option<&str>) -> Result<Heard, Failure> {
        caldav::read(&self.reader, &self.login, found, &SPAN, known).await
    }

    /// What is read of an account that is not known yet, and what its state is called.
    pub async fn busy(&self, found: &Found) -> (Read, String) {
        match self.read(found, None).await.unwrap() {
            Heard::New { calendars, version } => (spans(&texts(calendars)), version.unwrap()),
            Heard::Same => panic!("nothing is known yet"),
        }
    }
}

/// All that calendars say, each of which was read.
pub fn texts(calendars: Vec<Told>) -> Vec<String> {
    let texts = calendars.into_iter().map(|it| it.texts.unwrap());
    texts.flatten().collect()
}

pub fn login(user: &str, password: &str) -> Login {
    Login {
        user: user.to_owned(),
        password: password.to_owned().into(),
    }
}

/// When the account is busy by these texts, as `calendar read` reads them.
pub fn spans(texts: &[String]) -> Read {
    let addresses = [EMAIL.to_owned()];
    let frame = Frame {
        span: SPAN,
        zone: TimeZone::get("Europe/Berlin").unwrap(),
        addresses: &addresses,
        is_ours: &|uid| uid == OURS,
    };
    read_pieces(texts, &frame).unwrap()
}

/// A calendar with one entry.
pub fn entry(uid: &str, lines: &str) -> String {
    let lines = lines.trim().lines().map(str::trim);
    let lines = lines.collect::<Vec<_>>().join("\r\n");
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n{BERLIN}BEGIN:VEVENT\r\n\
         UID:{uid}\r\nDTSTAMP:20261001T000000Z\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

const BERLIN: &str = "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n\
    BEGIN:DAYLIGHT\r\nDTSTART:19700329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n\
    TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\n\
    BEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n\
    TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";

/// Entries of every kind that matters, by name.
pub fn entries() -> Vec<(&'static str, String)> {
    let at = |uid, lines| (uid, entry(uid, lines));
    vec![
        at(
            "weekly",
            "DTSTART;TZID=Europe/Berlin:20261021T090000\nDTEND;TZID=Europe/Berlin:20261021T093000
             RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=12\nEXDATE;TZID=Europe/Berlin:20261028T090000
             SUMMARY:Stand-up",
        ),
        (
            "moved",
            entry(
                "moved",
                "DTSTART;TZID=Europe/Berlin:20261102T140000
                 DTEND;TZID=Europe/Berlin:20261102T150000
                 RRULE:FREQ=DAILY;COUNT=3
                 END:VEVENT\nBEGIN:VEVENT\nUID:moved\nDTSTAMP:20261001T000000Z
                 RECURRENCE-ID;TZID=Europe/Berlin:20261103T140000
                 DTSTART;TZID=Europe/Berlin:20261103T163000
                 DTEND;TZID=Europe/Berlin:20261103T170000",
            ),
        ),
        at(
            "utc",
            "DTSTART:20261201T100000Z\nDTEND:20261201T110000Z\nSUMMARY:\u{d6}l & <b>",
        ),
        at(
            "day",
            "DTSTART;VALUE=DATE:20261210\nDTEND;VALUE=DATE:20261211",
        ),
        at(
            "free-day",
            "DTSTART;VALUE=DATE:20261211\nDTEND;VALUE=DATE:20261212\nTRANSP:TRANSPARENT",
        ),
        at("floating", "DTSTART:20261215T080000\nDURATION:PT45M"),
        at(
            "free",
            "DTSTART:20261202T100000Z\nDTEND:20261202T110000Z\nTRANSP:TRANSPARENT",
        ),
        at(
            "off",
            "DTSTART:20261203T100000Z\nDTEND:20261203T110000Z\nSTATUS:CANCELLED",
        ),
        at(
            "perhaps",
            "DTSTART:20261204T100000Z\nDTEND:20261204T110000Z\nSTATUS:TENTATIVE",
        ),
        at(
            "declined",
            "DTSTART:20261207T100000Z\nDTEND:20261207T110000Z\nORGANIZER:mailto:x@acme.example
             ATTENDEE;PARTSTAT=DECLINED:mailto:dana@acme.example",
        ),
        (
            "ours",
            entry(OURS, "DTSTART:20261208T100000Z\nDTEND:20261208T110000Z"),
        ),
        at("before", "DTSTART:20250101T100000Z\nDTEND:20250101T110000Z"),
        at("after", "DTSTART:20280101T100000Z\nDTEND:20280101T110000Z"),
    ]
}
