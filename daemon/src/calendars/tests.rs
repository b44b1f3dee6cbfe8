//! Calendars as their makers write them, each with what is busy.

use greenroom_protocol::calendar::WarningCode as W;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;

/// Of an entry, what tables say: its lines without BEGIN and END.
fn calendar(head: &[&str], entries: &[&[&str]]) -> String {
    let mut lines = vec!["BEGIN:VCALENDAR", "VERSION:2.0"];
    lines.extend(head);
    for entry in entries {
        lines.push("BEGIN:VEVENT");
        lines.extend(*entry);
        lines.push("END:VEVENT");
    }
    lines.push("END:VCALENDAR");
    lines.join("\r\n") + "\r\n"
}

fn moment(text: &str) -> i64 {
    text.parse::<Timestamp>().expect("a moment").as_second()
}

fn read_as(text: &str, from: &str, to: &str, addresses: &[String]) -> Read {
    let frame = Frame {
        span: moment(from)..moment(to),
        zone: TimeZone::get("Europe/Berlin").expect("a zone"),
        addresses,
        is_ours: &|uid| uid.ends_with("@ours"),
    };
    read(text, &frame).expect("a calendar")
}

/// December 2026 and January 2027.
fn winter(text: &str) -> Read {
    read_as(text, "2026-12-01T00:00:00Z", "2027-02-01T00:00:00Z", &[])
}

/// As people compare it: `12-01T09:00 12-01T10:00`, in UTC.
fn told(read: &Read) -> Vec<String> {
    let short = |second: i64| {
        let at = Timestamp::from_second(second).expect("a moment");
        at.strftime("%m-%dT%H:%M").to_string()
    };
    let spans = read.busy.iter();
    spans
        .map(|it| format!("{} {}", short(it.start), short(it.end)))
        .collect()
}

fn codes(read: &Read) -> Vec<W> {
    read.warnings.iter().map(|it| it.code).collect()
}

#[test]
fn an_entry_takes_the_time_that_its_maker_meant() {
    let table: &[(&str, &[&str], &[&str])] = &[
        (
            "in UTC",
            &["DTSTART:20261201T090000Z", "DTEND:20261201T100000Z"],
            &["12-01T09:00 12-01T10:00"],
        ),
        (
            "in a zone",
            &[
                "DTSTART;TZID=America/New_York:20261201T090000",
                "DTEND;TZID=America/New_York:20261201T100000",
            ],
            &["12-01T14:00 12-01T15:00"],
        ),
        (
            "in a zone as Windows names it, quoted",
            &[
                "DTSTART;TZID=\"Pacific Standard Time\":20261201T090000",
                "DURATION:PT30M",
            ],
            &["12-01T17:00 12-01T17:30"],
        ),
        (
            "in a zone as Outlook shows it",
            &[
                "DTSTART;TZID=\"(UTC-05:00) Eastern Time (US & Canada)\":20261201T090000",
                "DURATION:PT30M",
            ],
            &["12-01T14:00 12-01T14:30"],
        ),
        (
            "in a zone behind a registry",
            &[
                "DTSTART;TZID=/freeassociation.sourceforge.net/Asia/Kolkata:20261201T090000",
                "DURATION:PT30M",
            ],
            &["12-01T03:30 12-01T04:00"],
        ),
        (
            "from one zone into another",
            &[
                "DTSTART;TZID=Europe/Berlin:20261201T100000",
                "DTEND;TZID=America/New_York:20261201T080000",
            ],
            &["12-01T09:00 12-01T13:00"],
        ),
        (
            "a whole day, by the owner's clock",
            &["DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20261202"],
            &["12-01T00:00 12-01T23:00"],
        ),
        (
            "a day without an end",
            &["DTSTART;VALUE=DATE:20261205"],
            &["12-04T23:00 12-05T23:00"],
        ),
        (
            "without a zone, by the owner's clock",
            &["DTSTART:20261201T090000", "DTEND:20261201T100000"],
            &["12-01T08:00 12-01T09:00"],
        ),
        ("without length", &["DTSTART:20261201T090000Z"], &[]),
        (
            "swapped",
            &["DTSTART:20261201T100000Z", "DTEND:20261201T090000Z"],
            &["12-01T09:00 12-01T10:00"],
        ),
        (
            "tentative",
            &[
                "DTSTART:20261201T090000Z",
                "DURATION:PT1H",
                "STATUS:TENTATIVE",
            ],
            &["12-01T09:00 12-01T10:00"],
        ),
        (
            "cancelled",
            &[
                "DTSTART:20261201T090000Z",
                "DURATION:PT1H",
                "STATUS:CANCELLED",
            ],
            &[],
        ),
        (
            "free",
            &[
                "DTSTART:20261201T090000Z",
                "DURATION:PT1H",
                "TRANSP:TRANSPARENT",
            ],
            &[],
        ),
        (
            "free as Outlook alone says it",
            &[
                "DTSTART:20261201T090000Z",
                "DURATION:PT1H",
                "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
            ],
            &[],
        ),
        (
            "one of ours",
            &["UID:1@ours", "DTSTART:20261201T090000Z", "DURATION:PT1H"],
            &[],
        ),
        (
            "every day across the change of clocks, at the same local time",
            &[
                "DTSTART;TZID=Europe/Berlin:20261024T090000",
                "DURATION:PT1H",
                "RRULE:FREQ=WEEKLY;UNTIL=20261205T080000Z",
            ],
            &["12-05T08:00 12-05T09:00"],
        ),
        (
            "the last Friday of a month",
            &[
                "DTSTART:20200131T120000Z",
                "DURATION:PT1H",
                "RRULE:FREQ=MONTHLY;BYDAY=-1FR",
            ],
            &["12-25T12:00 12-25T13:00", "01-29T12:00 01-29T13:00"],
        ),
        (
            "the last working day, by position",
            &[
                "DTSTART:20200131T120000Z",
                "DURATION:PT1H",
                "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            ],
            &["12-31T12:00 12-31T13:00", "01-29T12:00 01-29T13:00"],
        ),
        (
            "some excepted: by moment, by local time, by day",
            &[
                "DTSTART;TZID=Europe/Berlin:20261201T100000",
                "DURATION:PT1H",
                "RRULE:FREQ=DAILY;COUNT=5",
                "EXDATE:20261202T090000Z",
                "EXDATE;TZID=America/New_York:20261203T040000",
                "EXDATE;VALUE=DATE:20261204",
            ],
            &["12-01T09:00 12-01T10:00", "12-05T09:00 12-05T10:00"],
        ),
        (
            "at dates besides, one with an end of its own",
            &[
                "DTSTART:20261201T100000Z",
                "DURATION:PT1H",
                "RDATE:20261203T100000Z",
                "RDATE;VALUE=PERIOD:20261205T100000Z/PT3H",
            ],
            &[
                "12-01T10:00 12-01T11:00",
                "12-03T10:00 12-03T11:00",
                "12-05T10:00 12-05T13:00",
            ],
        ),
    ];
    for (name, lines, busy) in table {
        let text = calendar(&[], &[lines]);
        assert_eq!(told(&winter(&text)), *busy, "{name}");
        let bare = text.replace("\r\n", "\n");
        assert_eq!(told(&winter(&bare)), *busy, "{name}, bare line breaks");
        let folded = text.replace(":20", ":\r\n 20");
        assert_eq!(told(&winter(&folded)), *busy, "{name}, folded");
        let marked = super::text(format!("\u{feff}{text}").as_bytes());
        assert_eq!(
            told(&winter(&marked)),
            *busy,
            "{name}, with a byte order mark"
        );
        let wide: Vec<u8> = format!("\u{feff}{text}")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(
            told(&winter(&super::text(&wide))),
            *busy,
            "{name}, in UTF-16"
        );
    }
}

#[test]
fn a_calendars_own_zone_is_that_of_bare_times_and_of_how_utc_repeats() {
    let head = ["X-WR-TIMEZONE:America/New_York"];
    let bare = calendar(&head, &[&["DTSTART:20261201T090000", "DURATION:PT1H"]]);
    assert_eq!(told(&winter(&bare)), ["12-01T14:00 12-01T15:00"]);
    let repeating = calendar(
        &head,
        &[&[
            "DTSTART:20261030T130000Z",
            "DURATION:PT1H",
            "RRULE:FREQ=WEEKLY;COUNT=6",
        ]],
    );
    assert_eq!(told(&winter(&repeating)), ["12-04T14:00 12-04T15:00"]);
    let day = calendar(&head, &[&["DTSTART;VALUE=DATE:20261205"]]);
    assert_eq!(told(&winter(&day)), ["12-04T23:00 12-05T23:00"]);
}

#[test]
fn a_zone_that_only_the_calendar_knows_is_read_from_it() {
    let zone = [
        "BEGIN:VTIMEZONE",
        "TZID:Customized Time Zone",
        "BEGIN:STANDARD",
        "DTSTART:16011028T030000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZOFFSETFROM:+0430",
        "TZOFFSETTO:+0330",
        "END:STANDARD",
        "BEGIN:DAYLIGHT",
        "DTSTART:16010325T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZOFFSETFROM:+0330",
        "TZOFFSETTO:+0430",
        "END:DAYLIGHT",
        "END:VTIMEZONE",
    ];
    let entry: &[&str] = &[
        "DTSTART;TZID=Customized Time Zone:20261201T090000",
        "DURATION:PT1H",
    ];
    let text = calendar(&zone, &[entry]);
    assert_eq!(told(&winter(&text)), ["12-01T05:30 12-01T06:30"]);
    let summer = text.replace("20261201", "20260701");
    let summer = read_as(&summer, "2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z", &[]);
    assert_eq!(told(&summer), ["07-01T04:30 07-01T05:30"]);
}

#[test]
fn a_zone_that_nobody_knows_or_that_leads_in_a_circle_is_named_and_the_time_still_taken() {
    let circle = [
        "BEGIN:VTIMEZONE",
        "TZID:One",
        "X-LIC-LOCATION:Two",
        "END:VTIMEZONE",
        "BEGIN:VTIMEZONE",
        "TZID:Two",
        "X-LIC-LOCATION:One",
        "BEGIN:STANDARD",
        "DTSTART;TZID=Two:20200101T000000",
        "END:STANDARD",
        "END:VTIMEZONE",
    ];
    for name in ["One", "Two", "Mars/Olympus"] {
        let start = format!("DTSTART;TZID={name}:20261201T090000");
        let text = calendar(&circle, &[&[start.as_str(), "DURATION:PT1H"]]);
        let read = winter(&text);
        assert_eq!(told(&read), ["12-01T08:00 12-01T09:00"], "{name}");
        assert_eq!(codes(&read), [W::UnknownZone], "{name}");
        assert!(read.warnings[0].message.contains(name));
    }
}

#[test]
fn what_its_owner_declined_takes_no_time_and_only_then() {
    let one = |line: &str| calendar(&[], &[&["DTSTART:20261201T090000Z", "DURATION:PT1H", line]]);
    let busy = ["12-01T09:00 12-01T10:00"];
    let sam = ["sam@acme.example".to_owned()];
    let span = ("2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z");
    for (line, declined) in [
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:sam@acme.example", true),
        ("ATTENDEE;PARTSTAT=declined:MAILTO:Sam@Acme.example", true),
        (
            "ATTENDEE;EMAIL=sam@acme.example;PARTSTAT=DECLINED:urn:uuid:1",
            true,
        ),
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:dana@acme.example", false),
        ("ATTENDEE;PARTSTAT=ACCEPTED:mailto:sam@acme.example", false),
    ] {
        let text = one(line);
        let read = read_as(&text, span.0, span.1, &sam);
        let expected: &[&str] = if declined { &[] } else { &busy };
        assert_eq!(told(&read), expected, "{line}");
        assert_eq!(told(&read_as(&text, span.0, span.1, &[])), busy, "{line}");
    }
}

#[test]
fn a_moved_time_of_a_series_is_there_and_not_where_it_was() {
    let series: &[&str] = &[
        "UID:1",
        "DTSTART;TZID=Europe/Berlin:20261201T100000",
        "DURATION:PT1H",
        "RRULE:FREQ=DAILY;COUNT=3",
    ];
    let moved: &[&str] = &[
        "UID:1",
        "RECURRENCE-ID:20261202T090000Z",
        "DTSTART:20261202T150000Z",
        "DURATION:PT2H",
    ];
    let read = winter(&calendar(&[], &[series, moved]));
    let all = [
        "12-01T09:00 12-01T10:00",
        "12-02T15:00 12-02T17:00",
        "12-03T09:00 12-03T10:00",
    ];
    assert_eq!(told(&read), all);
    assert_eq!(told(&winter(&calendar(&[], &[moved, series]))), all);

    let cancelled: &[&str] = &[
        "UID:1",
        "RECURRENCE-ID;TZID=Europe/Berlin:20261202T100000",
        "DTSTART:20261202T090000Z",
        "DURATION:PT1H",
        "STATUS:CANCELLED",
    ];
    let read = winter(&calendar(&[], &[series, cancelled]));
    assert_eq!(told(&read), [all[0], all[2]]);

    let onward: &[&str] = &[
        "UID:1",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20261202T090000Z",
        "DTSTART:20261202T150000Z",
        "DURATION:PT2H",
    ];
    let read = winter(&calendar(&[], &[series, onward]));
    assert_eq!(told(&read), [all[0], all[1], "12-03T15:00 12-03T17:00"]);
}

#[test]
fn an_older_version_of_a_series_gives_way_to_the_newer() {
    let old: &[&str] = &[
        "UID:1",
        "SEQUENCE:1",
        "DTSTART:20261201T090000Z",
        "DURATION:PT1H",
    ];
    let new: &[&str] = &[
        "UID:1",
        "SEQUENCE:2",
        "DTSTART:20261202T090000Z",
        "DURATION:PT1H",
    ];
    let read = winter(&calendar(&[], &[old, new]));
    assert_eq!(told(&read), ["12-02T09:00 12-02T10:00"]);
}

#[test]
fn free_busy_is_read_as_it_says() {
    let text = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VFREEBUSY\r\n\
        DTSTART:20261201T000000Z\r\nDTEND:20261231T000000Z\r\n\
        FREEBUSY:20261201T090000Z/20261201T100000Z,20261202T090000Z/PT30M\r\n\
        FREEBUSY;FBTYPE=BUSY-TENTATIVE:20261203T090000Z/PT30M\r\n\
        FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20261204T090000Z/PT30M\r\n\
        FREEBUSY;FBTYPE=FREE:20261205T090000Z/PT30M\r\n\
        END:VFREEBUSY\r\nEND:VCALENDAR\r\n";
    let expected = [
        "12-01T09:00 12-01T10:00",
        "12-02T09:00 12-02T09:30",
        "12-03T09:00 12-03T09:30",
        "12-04T09:00 12-04T09:30",
    ];
    assert_eq!(told(&winter(text)), expected);
}

#[test]
fn what_could_not_be_read_is_named() {
    let cases: &[(&[&str], &[W], &[&str])] = &[
        (
            &["DTSTART:soon"],
            &[W::UnreadableEntry, W::UnreadableTime],
            &[],
        ),
        (
            &[
                "DTSTART:20261201T090000Z",
                "DURATION:PT1H",
                "RRULE:FREQ=NEVER",
            ],
            &[W::UnreadableRule],
            &["12-01T09:00 12-01T10:00"],
        ),
        (
            &["DTSTART:20261201T100000Z", "DTEND:20261201T090000Z"],
            &[W::EndsBeforeItBegins],
            &["12-01T09:00 12-01T10:00"],
        ),
        (
            &["DTSTART;VALUE=DATE:20261203", "TRANSP:TRANSPARENT"],
            &[W::AllDayFree],
            &[],
        ),
        (
            &[
                "DTSTART:20261201T090000Z",
                "DURATION:PT1S",
                "RRULE:FREQ=SECONDLY",
            ],
            &[W::TooManyOccurrences],
            &["12-01T09:00 12-01T11:46"],
        ),
    ];
    for (lines, expected, busy) in cases {
        let read = winter(&calendar(&[], &[lines]));
        assert_eq!(
            (codes(&read), told(&read)),
            (
                expected.to_vec(),
                busy.iter().map(|it| (*it).to_owned()).collect()
            ),
            "{lines:?}"
        );
    }
    let whole = calendar(&[], &[&["DTSTART:20261201T090000Z", "DURATION:PT1H"]]);
    let cut = whole.replace("END:VCALENDAR", "");
    let read = winter(&cut);
    assert!(read.is_cut_off);
    assert_eq!(codes(&read), [W::CutOff]);
    assert_eq!(told(&read), ["12-01T09:00 12-01T10:00"]);
}

#[test]
fn what_is_no_calendar_is_refused() {
    let frame = Frame {
        span: 0..1,
        zone: TimeZone::UTC,
        addresses: &[],
        is_ours: &|_| false,
    };
    for (text, why) in [
        ("", Unread::NoCalendar),
        ("hello", Unread::NoCalendar),
        (
            "<!DOCTYPE html><html><body>Sign in</body></html>",
            Unread::WebPage,
        ),
        ("BEGIN:VCARD\r\nFN:Sam\r\nEND:VCARD", Unread::NoCalendar),
    ] {
        assert_eq!(read(text, &frame).unwrap_err(), why, "{text}");
    }
    assert_eq!(read(&"x".repeat(LONGEST + 1), &frame), Err(Unread::TooLong));
}

/// The bound is on what is done, so this holds however fast the machine is: every entry names some
/// times until all are used up, then none.
#[test]
fn five_megabytes_of_entries_that_repeat_every_second_end_at_the_bound() {
    let mut text = String::from("BEGIN:VCALENDAR\r\n");
    let mut entries = 0;
    while text.len() < LONGEST - 400 {
        text.push_str("BEGIN:VEVENT\r\nDTSTART:19700101T000000Z\r\nDURATION:PT1S\r\n");
        text.push_str("RRULE:FREQ=SECONDLY;BYMONTH=1,2,12;BYSECOND=0,1,2,3,4,5,6,7,8,9,58,59\r\n");
        text.push_str("END:VEVENT\r\n");
        entries += 1;
    }
    text.push_str("END:VCALENDAR\r\n");
    let read = winter(&text);
    assert_eq!(read.entries, entries);
    assert!(codes(&read).contains(&W::TooManyOccurrences));
    assert!(!read.busy.is_empty());
}

fn lines() -> impl Strategy<Value = String> {
    let frequency = prop::sample::select(vec![
        "YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY",
    ]);
    let part = prop::sample::select(vec![
        "BYDAY=-1SU,2MO",
        "BYDAY=MO,WE",
        "BYMONTHDAY=31,-1",
        "BYSETPOS=-1,2",
        "BYMONTH=2,12",
        "BYWEEKNO=53,-1",
        "BYYEARDAY=366,1",
        "BYHOUR=0,23",
        "BYMINUTE=0,59",
        "COUNT=70000",
        "UNTIL=20270101",
        "INTERVAL=65535",
        "BYMONTH=2;BYMONTHDAY=30",
    ]);
    let zone = prop::sample::select(vec![
        "",
        ";TZID=Europe/Berlin",
        ";TZID=Nowhere",
        ";VALUE=DATE",
    ]);
    (
        frequency,
        prop::collection::vec(part, 0..4),
        zone,
        1i32..2100,
        1u8..13,
        1u8..32,
        0u8..25,
        0u32..100_000,
    )
        .prop_map(
            |(frequency, parts, zone, year, month, day, hour, minutes)| {
                let parts: String = parts.iter().map(|it| format!(";{it}")).collect();
                let time = match zone {
                    ";VALUE=DATE" => String::new(),
                    _ => format!("T{hour:02}3000"),
                };
                format!(
                    "BEGIN:VEVENT\nUID:1\nDTSTART{zone}:{year:04}{month:02}{day:02}{time}\n\
                 DURATION:PT{minutes}M\nRRULE:FREQ={frequency}{parts}\nEND:VEVENT\n"
                )
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_busy_is_in_order_apart_and_within_what_was_asked(
        entries in prop::collection::vec(lines(), 0..4),
        from in 1_700_000_000i64..1_900_000_000,
        length in 1i64..40 * 86_400,
    ) {
        let text = format!("BEGIN:VCALENDAR\n{}END:VCALENDAR\n", entries.concat());
        let span = from..from + length;
        let at = |span: Seconds| {
            let frame = Frame {
                span,
                zone: TimeZone::get("Australia/Lord_Howe").unwrap(),
                addresses: &[],
                is_ours: &|_| false,
            };
            read(&text, &frame).unwrap()
        };
        let whole = at(span.clone());
        for it in &whole.busy {
            prop_assert!(span.start <= it.start && it.start < it.end && it.end <= span.end);
        }
        for pair in whole.busy.windows(2) {
            prop_assert!(pair[0].end < pair[1].start);
        }
        // Whatever while is asked about, the same time is busy, unless a bound was reached.
        let half = from + length / 2;
        let halves = [at(from..half.max(from + 1)), at(half..span.end)];
        let bounded = |read: &Read| codes(read).contains(&W::TooManyOccurrences);
        if !bounded(&whole) && !halves.iter().any(bounded) && length > 1 {
            let both = halves.into_iter().flat_map(|it| it.busy);
            prop_assert_eq!(merged(both.collect()), whole.busy);
        }
    }

    #[test]
    fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let text = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{}", super::text(&bytes));
        let frame = Frame {
            span: 0..1 << 40,
            zone: TimeZone::UTC,
            addresses: &[],
            is_ours: &|_| false,
        };
        let _ = read(&text, &frame);
    }
}
