//! What the predicate finds, case by case.

use greenroom_protocol::id::{InterviewId, MemberId, OutreachId};
use jiff::tz;

use super::*;
use crate::schedule::hours::{Off, Said};

fn at(minute: i64) -> Instant {
    Instant::from_second(minute * 60)
}

fn interview(start: i64, end: i64) -> Interval {
    Interval {
        start: at(start),
        end: at(end),
        taken_by: TakenBy::Interview {
            id: InterviewId::new(),
            planned: false,
        },
        kept_free: Buffer::default(),
    }
}

fn party(kind: LaneKind, capacity: usize, busy: &[(i64, i64)]) -> Party {
    Party {
        kind,
        id: MemberId::new().to_string(),
        name: "Mina".into(),
        capacity,
        busy: busy
            .iter()
            .map(|(from, to)| interview(*from, *to))
            .collect(),
        limits: Limits::None,
    }
}

/// 45 minutes from minute 600 with one party.
fn question(party: Party) -> Question {
    Question {
        now: at(0),
        start: at(600),
        duration_minutes: 45,
        zone: TimeZone::UTC,
        grid: TimeZone::UTC,
        parties: vec![party],
        host: None,
        own: Own::default(),
        rules: Rules::default(),
        wishes: Wishes::default(),
    }
}

fn rules(ends_after: Option<u32>, sent: u32) -> HostRules {
    HostRules {
        host: party(LaneKind::Host, 1, &[]).who(),
        ends_after,
        calls_today: CallsToday { sent, most: 100 },
        no_notes: None,
    }
}

fn messages(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|it| it.message.as_str()).collect()
}

#[test]
fn every_block_and_when_it_is_none() {
    use FindingCode::{CandidateBusy, HostBusy, PersonBusy};
    use LaneKind::{Candidate, Host, Member};
    for (kind, capacity, busy, blocks) in [
        (Member, 1, vec![], vec![]),
        (Member, 1, vec![(500, 600), (645, 700)], vec![]),
        (Member, 1, vec![(644, 700)], vec![PersonBusy]),
        (Candidate, 1, vec![(590, 601)], vec![CandidateBusy]),
        (Host, 1, vec![(610, 620)], vec![HostBusy]),
        (Host, 2, vec![(610, 620)], vec![]),
        (Host, 2, vec![(600, 620), (620, 645)], vec![]),
        (Host, 2, vec![(600, 621), (620, 645)], vec![HostBusy; 2]),
        // The third is alone in its time.
        (
            Host,
            2,
            vec![(590, 610), (600, 615), (630, 645)],
            vec![HostBusy; 2],
        ),
    ] {
        let verdict = judge(&question(party(kind, capacity, &busy)));
        let found: Vec<_> = verdict.blocks.iter().map(|it| it.code).collect();
        assert_eq!(found, blocks, "{kind:?} {capacity} {busy:?}");
        let is_block = |it: &Finding| it.class == Some(FindingClass::Block);
        assert!(verdict.blocks.iter().all(is_block));
    }
}

#[test]
fn every_overlap_is_named_in_the_order_of_people_and_time() {
    let mut asked = question(party(LaneKind::Member, 1, &[(630, 660), (590, 610)]));
    let mut sam = party(LaneKind::Member, 1, &[(600, 615), (620, 621)]);
    sam.name = "Sam Ito".into();
    asked.parties.push(sam.clone());
    asked.parties.push(party(LaneKind::Host, 1, &[(600, 645)]));
    let verdict = judge(&asked);
    let expected = [
        "Mina has an interview from 09:50 to 10:10 UTC",
        "Mina has an interview from 10:30 to 11:00 UTC",
        "Sam Ito has an interview from 10:00 to 10:15 UTC",
        "Sam Ito has an interview from 10:20 to 10:21 UTC",
        "Mina's Zoom (one meeting at a time) is already booked from 10:00 to 10:45 UTC",
    ];
    assert_eq!(messages(&verdict.blocks), expected);
    let second = &verdict.blocks[2];
    assert_eq!(second.who, Some(sam.who()));
    assert_eq!(second.until, Some(at(615)));
    assert!(second.interview.is_some());
}

#[test]
fn what_takes_the_time_is_named_as_what_it_is() {
    let outreach = OutreachId::new();
    let with = |taken_by: TakenBy| {
        let mut asked = question(party(LaneKind::Member, 1, &[]));
        asked.parties[0].busy = Busy::from_iter([Interval {
            taken_by,
            ..interview(600, 645)
        }]);
        judge(&asked)
    };
    let id = InterviewId::new();
    for (taken_by, has) in [
        (
            TakenBy::Interview { id, planned: true },
            "Mina has an unconfirmed interview from 10:00 to 10:45 UTC",
        ),
        (TakenBy::Unknown, "Mina is busy from 10:00 to 10:45 UTC"),
    ] {
        assert_eq!(messages(&with(taken_by).blocks), [has]);
    }
    // A person may book over what is only kept for somebody.
    let held = with(TakenBy::HeldSlot {
        outreach,
        n: 2,
        shared: false,
    });
    assert_eq!(held.blocks, []);
    let has = "Mina has a slot on hold from 10:00 to 10:45 UTC";
    assert_eq!(messages(&held.advises), [has]);
    assert_eq!(held.advises[0].code, FindingCode::Held);
}

#[test]
fn another_day_than_the_one_asked_about_is_named() {
    let mut asked = question(party(LaneKind::Member, 1, &[(600, 645 + 1440)]));
    let text = "Mina has an interview from Thu 1 Jan 10:00 to Fri 2 Jan 10:45 UTC";
    assert_eq!(messages(&judge(&asked).blocks), [text]);
    // In the zone of the interview it is the same day, though not in UTC.
    asked.zone = TimeZone::fixed(tz::offset(-11));
    asked.parties = vec![party(LaneKind::Member, 1, &[(590, 670)])];
    let text = "Mina has an interview from Wed 31 Dec 22:50 to Thu 1 Jan 00:10 -11";
    assert_eq!(messages(&judge(&asked).blocks), [text]);
}

#[test]
fn the_past_blocks_and_the_present_does_not() {
    let mut asked = question(party(LaneKind::Member, 1, &[]));
    asked.now = asked.start;
    assert_eq!(judge(&asked), Verdict::default());
    asked.now = asked.start.plus_seconds(1);
    assert_eq!(judge(&asked).blocks[0].code, FindingCode::InThePast);
}

#[test]
fn forty_minutes_on_basic_are_advice_about_the_plan() {
    let mut asked = question(party(LaneKind::Member, 1, &[]));
    asked.host = Some(rules(Some(40), 0));
    let verdict = judge(&asked);
    assert!(verdict.blocks.is_empty());
    let [advice] = &verdict.advises[..] else {
        panic!("{verdict:?}")
    };
    assert_eq!(advice.code, FindingCode::BasicFortyMinutes);
    assert_eq!(advice.class, Some(FindingClass::Plan));
    assert_eq!(advice.who, asked.host.as_ref().map(|it| it.host.clone()));
    asked.duration_minutes = 40;
    assert_eq!(judge(&asked), Verdict::default());
}

#[test]
fn few_changes_left_today_are_advice_until_the_count_starts_again() {
    let mut asked = question(party(LaneKind::Host, 1, &[]));
    asked.now = at(90);
    asked.host = Some(rules(None, 79));
    assert_eq!(judge(&asked), Verdict::default());
    asked.host = Some(rules(None, 80));
    let verdict = judge(&asked);
    let [advice] = &verdict.advises[..] else {
        panic!("{verdict:?}")
    };
    assert_eq!(advice.code, FindingCode::HostBudget);
    assert!(advice.message.contains("80 of the 100"), "{advice:?}");
    assert_eq!(advice.until, Some(at(24 * 60)));
    assert!(verdict.blocks.is_empty());
}

#[test]
fn an_interview_is_not_in_its_own_way() {
    let own = interview(600, 645);
    let mut asked = question(party(LaneKind::Member, 1, &[]));
    asked.parties[0].busy = Busy::from_iter([own]);
    asked.own.interview = own.taken_by.interview();
    assert_eq!(judge(&asked), Verdict::default());
    asked.own.interview = Some(InterviewId::new());
    assert_eq!(judge(&asked).blocks.len(), 1);
}

/// A window of every day of the first fortnight of 1970, by UTC.
fn daily(from: i64, to: i64) -> Arc<[Seconds]> {
    let days = (0..14).map(|day| day * DAY);
    days.map(|day| day + from * 3600..day + to * 3600).collect()
}

fn work_days(place: &str) -> WorkDays {
    WorkDays {
        place: Place::of(place).unwrap(),
        hours: Hours::of(daily(9, 17), Said::Assumed),
        windows: None,
        buffer: Buffer::default(),
        most_a_day: 0,
        most_a_week: 0,
    }
}

/// Advice about the slot for an interviewer with these working days.
fn advice(busy: &[(i64, i64)], start: i64, days: WorkDays) -> Vec<String> {
    let mut asked = question(party(LaneKind::Member, 1, busy));
    asked.start = at(start);
    asked.parties[0].limits = Limits::WorkDays(days);
    let verdict = judge(&asked);
    let of_mina = |it: &Finding| {
        it.class == Some(FindingClass::Slot) && it.who == Some(asked.parties[0].who())
    };
    assert!(verdict.advises.iter().all(of_mina), "{verdict:?}");
    verdict.advises.into_iter().map(|it| it.message).collect()
}

#[test]
fn outside_somebodys_hours_is_advice_that_names_the_hours() {
    let none: [&str; 0] = [];
    for (start, place, told) in [
        (9 * 60, "UTC", &none[..]),
        (16 * 60 + 15, "UTC", &none),
        (
            16 * 60 + 16,
            "UTC",
            &["Outside Mina's hours (09:00–17:00, assumed)"],
        ),
        (
            8 * 60 + 59,
            "UTC",
            &["Outside Mina's hours (09:00–17:00, assumed)"],
        ),
        (
            8 * 60,
            "Asia/Kolkata",
            &["Outside Mina's hours (14:30–22:30 in Kolkata, assumed)"],
        ),
        // It is Friday there by then, and the hours of Friday are named.
        (
            19 * 60,
            "Asia/Kolkata",
            &["Outside Mina's hours (14:30–22:30 in Kolkata, assumed)"],
        ),
    ] {
        assert_eq!(
            advice(&[], start, work_days(place)),
            told,
            "{start} {place}"
        );
    }
    let set = WorkDays {
        hours: Hours::of([9 * 3600..12 * 3600, 13 * 3600..17 * 3600], Said::Set),
        ..work_days("UTC")
    };
    // The interview lies in one stretch of the hours, not in two.
    let told = ["Outside Mina's hours (09:00–12:00, 13:00–17:00)"];
    assert_eq!(advice(&[], 11 * 60 + 30, set.clone()), told);
    let told = ["Outside Mina's hours (none on Friday)"];
    assert_eq!(advice(&[], (24 + 10) * 60, set), told);
    let theirs = WorkDays {
        hours: Hours::of(daily(9, 17), Said::Calendar),
        ..work_days("UTC")
    };
    let told = ["Outside Mina's hours (09:00–17:00, from their calendar)"];
    assert_eq!(advice(&[], 18 * 60, theirs), told);
}

#[test]
fn outside_the_stages_hours_is_said_beside_it() {
    let days = WorkDays {
        windows: Some(daily(10, 12)),
        ..work_days("UTC")
    };
    assert_eq!(advice(&[], 10 * 60, days.clone()), [""; 0]);
    let told = ["Outside the stage's hours for Mina (10:00–12:00)"];
    assert_eq!(advice(&[], 9 * 60, days.clone()), told);
    let both = [
        "Outside Mina's hours (09:00–17:00, assumed)",
        "Outside the stage's hours for Mina (10:00–12:00)",
    ];
    assert_eq!(advice(&[], 8 * 60, days), both);
}

#[test]
fn what_is_to_stay_free_is_the_more_of_both_interviews() {
    let days = |before, after| WorkDays {
        buffer: Buffer { before, after },
        ..work_days("UTC")
    };
    let busy = [(9 * 60, 10 * 60), (12 * 60, 13 * 60)];
    let told = |start, before, after| advice(&busy, start, days(before, after));
    let before = "Mina has an interview until 10:00 UTC, and 15 min in between are to stay free";
    let after = "Mina has an interview from 12:00 UTC, and 20 min in between are to stay free";
    assert_eq!(told(10 * 60 + 14, 15, 0), [before]);
    assert_eq!(told(10 * 60 + 15, 15, 0), [""; 0]);
    assert_eq!(told(11 * 60, 15, 20), [after]);
    assert_eq!(told(10 * 60 + 55, 15, 20), [""; 0]);
    assert_eq!(
        told(10 * 60 + 10, 0, 60),
        [""; 0],
        "what is before does not need what is after"
    );

    // The other interview keeps what it was booked with.
    let mut asked = question(party(LaneKind::Member, 1, &[]));
    let kept_free = Buffer {
        before: 30,
        after: 5,
    };
    asked.parties[0].limits = Limits::WorkDays(days(10, 10));
    for (start, clean) in [(615, false), (620, true)] {
        asked.parties[0].busy = Busy::from_iter([Interval {
            kept_free,
            ..interview(start - 10, start)
        }]);
        asked.start = at(start + 10 - 5 * i64::from(!clean));
        assert_eq!(judge(&asked).advises.is_empty(), clean, "{start}");
    }
    asked.start = at(600);
    asked.parties[0].busy = Busy::from_iter([Interval {
        kept_free,
        ..interview(645 + 29, 800)
    }]);
    assert_eq!(judge(&asked).advises[0].code, FindingCode::Buffer);
}

#[test]
fn a_full_day_is_advice_by_the_interviewers_own_date() {
    let days = |most_a_day| WorkDays {
        most_a_day,
        ..work_days("UTC")
    };
    let busy = [(9 * 60, 10 * 60), (24 * 60 - 30, 24 * 60 + 30)];
    assert_eq!(advice(&busy, 11 * 60, days(3)), [""; 0]);
    let told = ["Mina already has 2 interviews that day, and at most 2 are to be on one"];
    assert_eq!(advice(&busy, 11 * 60, days(2)), told);
    // What began the day before is none of this day.
    assert_eq!(advice(&busy, (24 + 11) * 60, days(1)), [""; 0]);
}

/// 1970-01-01 was a Thursday, and a week begins on Monday.
#[test]
fn a_full_week_is_advice_by_the_interviewers_own_calendar() {
    let days = |most_a_week, place| WorkDays {
        most_a_week,
        ..work_days(place)
    };
    let day = 24 * 60;
    let busy = [
        (10 * 60, 11 * 60),
        (day + 600, day + 660),
        (3 * day + 23 * 60, 3 * day + 24 * 60),
    ];
    let told = |most, place, start| advice(&busy, start, days(most, place));
    let full = "Mina already has 3 interviews that week, and at most 3 are to be in one";
    assert_eq!(told(4, "UTC", 11 * 60), [""; 0]);
    assert_eq!(told(3, "UTC", 11 * 60), [full]);
    // The last of them is on Monday in Kolkata, of the next week.
    assert_eq!(told(3, "Asia/Kolkata", 11 * 60), [""; 0]);
    let next = "Mina already has 1 interview that week, and at most 1 are to be in one";
    assert_eq!(told(1, "Asia/Kolkata", 5 * day + 11 * 60), [next]);
    assert_eq!(told(1, "UTC", 5 * day + 11 * 60), [""; 0]);
}

#[test]
fn a_day_off_is_advice_that_names_the_day_beside_the_hour() {
    let off = |label: Option<&str>| {
        let hours = Hours {
            off: [Off {
                span: 0..DAY,
                date: jiff::civil::date(1970, 1, 1),
                label: label.map(Into::into),
            }]
            .into(),
            open: Arc::default(),
            ..Hours::of(daily(9, 17), Said::Set)
        };
        WorkDays {
            hours,
            ..work_days("UTC")
        }
    };
    let told = |start, label| advice(&[], start, off(label));
    let holiday = "Thu 1 Jan is a day off for Mina (New Year's Day)";
    assert_eq!(told(600, Some("New Year's Day")), [holiday]);
    assert_eq!(told(600, None), ["Thu 1 Jan is a day off for Mina"]);
    let both = ["Outside Mina's hours (09:00–17:00)", holiday];
    assert_eq!(told(480, Some("New Year's Day")), both);
    assert_eq!(told(24 * 60 + 600, None), [""; 0]);
}

/// Case U5.
#[test]
fn the_candidates_night_is_advice() {
    let night = |start: i64| {
        let mut asked = question(party(LaneKind::Candidate, 1, &[]));
        asked.start = at(start);
        let place = Place::of("Asia/Shanghai").unwrap();
        let span = 0..14 * DAY;
        let hours = NightHours {
            from_minute: 21 * 60,
            to_minute: 7 * 60,
        };
        asked.parties[0].limits = Limits::Nights(Nights {
            nights: crate::schedule::hours::nights(hours, &place.zone, &span).into(),
            hours,
            place,
        });
        messages(&judge(&asked).advises).join("; ")
    };
    assert_eq!(
        night(16 * 60 + 45),
        "It is 00:45 for Mina in Shanghai (night is 21:00–07:00)"
    );
    assert_eq!(
        night(12 * 60 + 30),
        "It ends at 21:15 for Mina in Shanghai (night is 21:00–07:00)"
    );
    assert_eq!(
        night(22 * 60 + 30),
        "It is 06:30 for Mina in Shanghai (night is 21:00–07:00)"
    );
    assert_eq!(night(12 * 60 + 15), "");
    assert_eq!(night(23 * 60), "");
}

#[test]
fn notice_horizon_and_grid_are_advice_about_the_time() {
    let told = |start: i64, rules: Rules| {
        let mut asked = question(party(LaneKind::Member, 1, &[]));
        asked.now = at(60);
        asked.start = at(start);
        asked.rules = rules;
        messages(&judge(&asked).advises).join("; ")
    };
    let rules = |notice_minutes, horizon_days, step: Option<u32>| Rules {
        notice_minutes,
        horizon_days,
        offer: step.map(|step| Offer { step }),
    };
    let day = 24 * 60;
    for (start, given, expected) in [
        (60, Rules::default(), ""),
        (
            59 + day,
            rules(24 * 60, None, None),
            "Short notice: less than 24 h ahead",
        ),
        (60 + day, rules(24 * 60, None, None), ""),
        (
            60 + 89,
            rules(90, None, None),
            "Short notice: less than 90 min ahead",
        ),
        (
            60 + 3 * day - 1,
            rules(3 * 24 * 60, None, None),
            "Short notice: less than 3 days ahead",
        ),
        // What is offered needs time until it is taken up.
        (
            60 + day,
            rules(24 * 60, None, Some(15)),
            "Short notice: less than 24 h and 10 min ahead",
        ),
        (75 + day, rules(24 * 60, None, Some(15)), ""),
        (
            60,
            rules(0, None, Some(15)),
            "That starts in less than 10 min, too soon to be offered",
        ),
        (4 * day - 1, rules(0, Some(3), None), ""),
        (4 * day, rules(0, Some(3), None), "More than 3 days ahead"),
        (2 * day, rules(0, Some(1), None), "More than 1 day ahead"),
        (600, rules(0, None, Some(20)), ""),
        (
            610,
            rules(0, None, Some(20)),
            "Only starts every 20 min are offered",
        ),
        (610, rules(0, None, None), ""),
    ] {
        assert_eq!(told(start, given), expected, "{start} {given:?}");
    }
}

#[test]
fn what_is_taken_elsewhere_is_advice_and_takes_no_place_here() {
    let elsewhere = |start, end| Interval {
        taken_by: TakenBy::Elsewhere,
        ..interview(start, end)
    };
    let mut busy = party(LaneKind::Member, 1, &[]);
    busy.busy = [
        elsewhere(630, 700),
        elsewhere(640, 720),
        elsewhere(645, 645),
    ]
    .into_iter()
    .collect();
    let verdict = judge(&question(busy.clone()));
    assert_eq!(verdict.blocks, []);
    let found: Vec<_> = verdict
        .advises
        .iter()
        .map(|it| it.message.as_str())
        .collect();
    assert_eq!(found, ["Mina is busy elsewhere from 10:30 to 12:00 UTC"]);
    assert_eq!(verdict.advises[0].code, FindingCode::BusyElsewhere);
    assert_eq!(verdict.advises[0].until, Some(at(720)));

    busy.busy = [elsewhere(500, 600), elsewhere(645, 700)]
        .into_iter()
        .collect();
    assert_eq!(judge(&question(busy)), Verdict::default());
}

#[test]
fn a_calendar_is_named_where_it_is_old_or_not_known_of_that_time() {
    let known = |read: i64, to: i64| {
        let mut party = party(LaneKind::Member, 1, &[]);
        let calendar = crate::schedule::busy::OtherCalendar {
            name: "Work".into(),
            read_at: Some(at(read)),
            known_to: at(to),
            good_for: 14 * 24 * 3600,
            fault: None,
        };
        party.busy = Busy::default().beside(calendar, std::iter::empty());
        let verdict = judge(&question(party));
        let codes = verdict.advises.iter().map(|it| it.code);
        assert!(codes.into_iter().all(|it| it == FindingCode::StaleCalendar));
        let found = verdict.advises.into_iter().map(|it| it.message);
        found.collect::<Vec<_>>()
    };
    let day = 24 * 60;
    assert_eq!(known(0, 645), [""; 0]);
    assert_eq!(
        known(0, 644),
        ["Mina's calendar `Work` is only known until Thu 1 Jan 1970"]
    );
    assert_eq!(known(-14 * day, 700), [""; 0]);
    assert_eq!(
        known(-15 * day, 700),
        ["Mina's calendar `Work` was last read 15 days ago"]
    );
}
