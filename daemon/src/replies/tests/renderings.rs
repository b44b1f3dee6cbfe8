//! Every slot in the ways that people write a day and an hour.

use greenroom_protocol::reply::{ActKind, ReplyProposal, ReplySlot};
use jiff::civil::DateTime;

use super::*;

/// Slots in a zone, and when they were sent.
struct Sent {
    now: &'static str,
    zone: &'static str,
    slots: &'static [&'static str],
    month_first: bool,
}

const SENT: [Sent; 4] = [
    // The next Friday is none of them, and the one after is.
    Sent {
        now: "2026-12-03T09:10",
        zone: "Europe/Madrid",
        slots: &[
            "2026-12-09T09:00",
            "2026-12-10T12:30",
            "2026-12-11T17:00",
            "2026-12-15T10:30",
        ],
        month_first: false,
    },
    // Two of one day.
    Sent {
        now: "2027-05-20T17:45",
        zone: "America/Los_Angeles",
        slots: &["2027-05-24T08:30", "2027-05-25T11:00", "2027-05-25T15:15"],
        month_first: true,
    },
    Sent {
        now: "2027-01-19T18:30",
        zone: "Asia/Kolkata",
        slots: &["2027-01-20T11:00", "2027-01-22T17:00", "2027-01-25T14:30"],
        month_first: false,
    },
    Sent {
        now: "2026-10-01T08:00",
        zone: "Australia/Sydney",
        slots: &["2026-10-05T10:00", "2026-10-13T16:00"],
        month_first: false,
    },
];

fn at(text: &str, zone: &str) -> Instant {
    let local: DateTime = text.parse().expect("a local time");
    let moment = local.in_tz(zone).expect("a moment");
    moment.timestamp().into()
}

fn suffix(day: i8) -> &'static str {
    match day {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    }
}

/// What somebody writes who takes the slot that begins then.
fn renderings(slot: DateTime, sent: &Sent, alone: bool) -> Vec<String> {
    let (day, suffix) = (slot.day(), suffix(slot.day()));
    let weekday = slot.strftime("%A").to_string();
    let short = slot.strftime("%a").to_string();
    let (month, brief) = (
        slot.strftime("%B").to_string(),
        slot.strftime("%b").to_string(),
    );
    let minutes = match slot.minute() {
        0 => String::new(),
        minutes => format!(":{minutes:02}"),
    };
    let hour = match slot.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let half = if slot.hour() < 12 { "am" } else { "pm" };
    let (clock, exact) = (
        format!("{hour}{minutes}{half}"),
        slot.strftime("%H:%M").to_string(),
    );
    let mut all = vec![
        format!("{weekday} at {clock} works"),
        format!("{weekday} {clock} please"),
        format!("{clock} on {weekday} is good"),
        format!("{brief} {day} at {clock}"),
        format!("{month} {day}{suffix}, {clock} works for me"),
        format!("{day} {month} {exact}"),
        format!("{weekday} the {day}{suffix} at {clock} works"),
        format!("{short} {exact} is fine"),
        format!("{weekday} {day} {brief} {exact} please"),
        format!("I can do {weekday} at {exact}"),
        format!("{day}{suffix} of {month} at {clock}"),
        format!("{weekday} {exact} would be great"),
        match sent.month_first {
            true => format!("{}/{day} at {clock} works", slot.month()),
            false => format!("{day}/{} at {exact} works", slot.month()),
        },
    ];
    if alone {
        all.extend([
            format!("{weekday} works"),
            format!("{weekday} is perfect"),
            format!("the {day}{suffix} works"),
            format!("{month} {day}{suffix} please"),
            format!("{weekday} the {day}{suffix} suits me"),
            format!("{weekday}'s fine"),
        ]);
    }
    all
}

#[test]
fn every_slot_is_taken_in_every_usual_rendering_of_its_time() {
    for sent in &SENT {
        let slots = (1..).zip(sent.slots).map(|(n, start)| {
            let start = at(start, sent.zone);
            let end = start.plus_minutes(45);
            ReplySlot { n, start, end }
        });
        let proposal = ReplyProposal {
            slots: slots.collect(),
            zone: sent.zone.to_owned(),
        };
        let now = at(sent.now, sent.zone);
        let frame = Frame {
            written: Written::At(now, None),
            now,
            zone: sent.zone,
            locale: None,
            proposal: Some(&proposal),
            booked: None,
        };
        let around = Around::of(Some(&proposal));
        let days: Vec<DateTime> = sent
            .slots
            .iter()
            .map(|it| it.parse().expect("a time"))
            .collect();
        for (n, slot) in (1..).zip(&days) {
            let alone = days.iter().filter(|it| it.date() == slot.date()).count() == 1;
            for text in renderings(*slot, sent, alone) {
                let reading = read(&own(&text), Hearing::default(), &frame).expect("a reading");
                let act = decide(&reading, &around, now);
                assert_eq!((act.kind, act.option), (ActKind::Book, Some(n)), "{text}");
            }
        }
    }
}
