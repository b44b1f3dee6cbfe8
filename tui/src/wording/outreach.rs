//! How times proposed to candidates read.

use greenroom_protocol::outreach::{
    Outreach, OutreachBrief, OutreachSlot, OutreachState, OutreachWhy, ShadowFigures, SlotState,
    Would, WouldHelp,
};
use greenroom_protocol::received::Understood;
use greenroom_protocol::reply::{ActKind, IntentKind};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::style::Style;

use crate::state::State;
use crate::theme;
use crate::widgets::{text, times};

/// What the assistant made of an email, in a line.
pub(crate) fn understood(made: &Understood) -> String {
    let said = made.intents.iter().map(|it| {
        let words = text::clean(&it.words);
        let words = words.trim_start_matches(|it: char| !it.is_alphanumeric());
        format!("{} “{}”", intent(it.kind), words.trim_end())
    });
    let said = said.collect::<Vec<_>>().join(", ");
    let follows = match (made.act, made.n) {
        (Some(ActKind::Book), Some(n)) => format!("time {n} is chosen"),
        (Some(ActKind::Book), None) => "a time is chosen".to_owned(),
        (Some(ActKind::Propose), _) => "other times are looked for".to_owned(),
        (Some(ActKind::Ask), _) => "not clear which time".to_owned(),
        (Some(ActKind::Wait), _) => "not decided yet".to_owned(),
        (Some(ActKind::None), _) => "nothing to do".to_owned(),
        (Some(ActKind::Person) | None, _) => "for a person".to_owned(),
    };
    match said.is_empty() {
        true => follows,
        false => format!("{said}: {follows}"),
    }
}

/// What the assistant would have done about an answer, after "it would have".
pub(crate) fn would(would: Would) -> String {
    match would {
        Would::Book { n } => format!("booked time {n}"),
        Would::Ask => "asked which time they mean".to_owned(),
        Would::Others => "sent other times".to_owned(),
        Would::Wait => "waited".to_owned(),
        Would::Person => "left it to you".to_owned(),
        Would::Unknown => "done something this version does not know".to_owned(),
    }
}

/// `31 of 32 as you did, 0 wrong, 1 would have asked`: what watching has shown.
pub(crate) fn watched(figures: ShadowFigures) -> String {
    let ShadowFigures {
        same,
        wrong,
        asked,
        left,
    } = figures;
    let mut words = format!("{same} of {} as you did, {wrong} wrong", figures.total());
    if asked > 0 {
        words += &format!(", {asked} would have asked");
    }
    if left > 0 {
        words += &format!(", {left} left to you");
    }
    words
}

/// Answers after which what watching has shown may speak for sending emails automatically.
const ENOUGH: u32 = 20;

/// Whether it does: often enough, and nothing was wrong.
pub(crate) fn speaks_for_auto(figures: ShadowFigures) -> bool {
    figures.total() >= ENOUGH && figures.wrong == 0
}

/// What an email says, in a word or two.
fn intent(kind: IntentKind) -> &'static str {
    match kind {
        IntentKind::Human => "wants a person",
        IntentKind::WrongPerson => "wrong person",
        IntentKind::Withdraw => "withdraws",
        IntentKind::Cancel => "cancels",
        IntentKind::Late => "is late",
        IntentKind::Reschedule => "wants another time",
        IntentKind::Accept | IntentKind::AcceptTime => "accepts",
        IntentKind::AcceptAny => "accepts any",
        IntentKind::DeclineAll => "declines all",
        IntentKind::Propose => "proposes",
        IntentKind::Constrain => "wishes",
        IntentKind::Away => "is away",
        IntentKind::Question => "asks",
        IntentKind::Confirm => "confirms",
        IntentKind::Thanks => "thanks",
        IntentKind::Other => "says",
    }
}

/// The letters that the times of one outreach are chosen by.
pub(crate) const LETTERS: [&str; 5] = ["a", "b", "c", "d", "e"];

/// `15:30 in Kolkata`, where the clock there is another one than here.
pub(crate) fn there(start: Timestamp, zone: &str, here: &TimeZone) -> Option<String> {
    let there = times::at(start, &TimeZone::get(zone).ok()?);
    let differs = there.offset() != times::at(start, here).offset();
    differs.then(|| format!("{} in {}", times::clock(&there), times::city(zone)))
}

/// A proposed time, here and where the candidate is.
pub(crate) fn slot(outreach: &Outreach, slot: &OutreachSlot, state: &State) -> String {
    let (zone, start) = (state.zone(), slot.start.timestamp());
    let minutes = i64::from(outreach.duration_minutes);
    let when = times::span(start, minutes, &zone, state.now);
    let there = outreach.candidate.zone.as_deref();
    let there = there.and_then(|there| self::there(start, there, &zone));
    match there {
        Some(there) => format!("{when}  {there}"),
        None => when,
    }
}

/// What became of a proposed time; nothing is said of one that is held.
pub(crate) fn became(slot: SlotState) -> (&'static str, Style) {
    match slot {
        SlotState::Held => ("held", theme::GOOD),
        SlotState::Booked => ("booked", theme::GOOD),
        SlotState::Taken => ("taken", theme::BAD),
        SlotState::Past => ("past", theme::DIM),
        SlotState::Released => ("released", theme::DIM),
        SlotState::Drafted => ("not sent", theme::WAIT),
        SlotState::Other => ("", theme::DIM),
    }
}

/// `away until 14 Dec`.
fn away(brief: &OutreachBrief, zone: &TimeZone) -> String {
    let back = brief.away.map(|at| times::at(at.timestamp(), zone));
    let back = back.map(|at| format!(" until {}", times::short_day(at.date())));
    format!("away{}", back.unwrap_or_default())
}

/// `4 slots sent, 1 d` or `answered: needs you`, under a candidate who has an open outreach.
pub(crate) fn line(brief: &OutreachBrief, zone: &TimeZone, now: Timestamp) -> (String, Style) {
    let slots = match brief.slots {
        1 => "1 slot".to_owned(),
        many => format!("{many} slots"),
    };
    let needs = |what: &str| (format!("{what}: needs you"), theme::WAIT);
    match (brief.state, brief.why) {
        (OutreachState::Sending, _) => (format!("sending {slots}"), theme::PLAIN),
        (OutreachState::Proposed, _) if brief.away.is_some() => {
            (format!("{slots} sent, {}", away(brief, zone)), theme::PLAIN)
        }
        (OutreachState::Proposed, _) => {
            let age = times::age(brief.since.timestamp(), now);
            (format!("{slots} sent, {age}"), theme::PLAIN)
        }
        (OutreachState::Person, Some(why)) => match why {
            OutreachWhy::Answered => needs("answered"),
            OutreachWhy::Expired => needs("no reply"),
            OutreachWhy::Address => needs("address"),
            OutreachWhy::Email => needs("not sent"),
            OutreachWhy::Gone => needs("no slot left"),
            OutreachWhy::Restored => needs("restored"),
            OutreachWhy::Paused => needs("assistant paused"),
            _ => ("needs you".to_owned(), theme::WAIT),
        },
        (OutreachState::Person, None) => ("needs you".to_owned(), theme::WAIT),
        (OutreachState::Settling, _) => ("assistant writes soon".to_owned(), theme::PLAIN),
        (OutreachState::Draft, _) => ("to approve".to_owned(), theme::WAIT),
        (OutreachState::Taken, _) => ("taken over".to_owned(), theme::PLAIN),
        (OutreachState::Waiting, Some(why)) => match why {
            OutreachWhy::Time => ("waits: no time".to_owned(), theme::PLAIN),
            OutreachWhy::Quiet => ("waits: their day".to_owned(), theme::PLAIN),
            OutreachWhy::Away => (away(brief, zone), theme::PLAIN),
            OutreachWhy::Zoom => ("waits: Zoom".to_owned(), theme::WAIT),
            OutreachWhy::Email => ("waits: email".to_owned(), theme::WAIT),
            OutreachWhy::Switch => ("waits: paused".to_owned(), theme::WAIT),
            OutreachWhy::Plan => ("waits: settings".to_owned(), theme::WAIT),
            OutreachWhy::Address => needs("address"),
            _ => ("waits".to_owned(), theme::PLAIN),
        },
        (OutreachState::Booked, _) => ("booked".to_owned(), theme::GOOD),
        (OutreachState::Over, _) => ("ended".to_owned(), theme::DIM),
        // A later version may have more; the list says what it is.
        _ => ("being arranged".to_owned(), theme::PLAIN),
    }
}

/// Whether what would help may be known: of those who wait for times.
pub(crate) fn waits_for_times(brief: &OutreachBrief) -> bool {
    (brief.state, brief.why) == (OutreachState::Waiting, Some(OutreachWhy::Time))
}

/// `no time · add Lena Vogel: +6`, where a column of the board has room for no more.
pub(crate) fn helped(help: &WouldHelp) -> String {
    text::clean(&format!("no time · {}: +{}", help.what, help.slots))
}

/// `add Lena Vogel: +6 slots`
fn help(help: &WouldHelp) -> String {
    let slots = match help.slots {
        1 => "slot",
        _ => "slots",
    };
    text::clean(&format!("{}: +{} {slots}", help.what, help.slots))
}

/// `would help: add Lena Vogel: +6 slots · cap 3→4 a day: +5 slots`; `None` where nothing is known to.
pub(crate) fn helps(helps: &[WouldHelp]) -> Option<String> {
    let each: Vec<_> = helps.iter().map(help).collect();
    (!each.is_empty()).then(|| format!("would help: {}", each.join(" · ")))
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::id::OutreachId;
    use greenroom_protocol::time::Instant;

    use super::*;

    #[test]
    fn watching_speaks_for_automatic_emails_once_enough_was_compared_and_nothing_was_wrong() {
        let figures = |same, wrong, asked, left| ShadowFigures {
            same,
            wrong,
            asked,
            left,
        };
        let good = figures(31, 0, 1, 0);
        assert_eq!(
            watched(good),
            "31 of 32 as you did, 0 wrong, 1 would have asked"
        );
        assert!(speaks_for_auto(good));
        assert!(!speaks_for_auto(figures(40, 1, 0, 0)));
        let few = figures(3, 0, 0, 2);
        assert!(!speaks_for_auto(few));
        assert_eq!(watched(few), "3 of 5 as you did, 0 wrong, 2 left to you");
    }

    #[test]
    fn a_board_says_what_is_sent_and_whether_somebody_is_needed() {
        let now = Timestamp::from_second(1_796_000_000).unwrap();
        let day = Instant::from(now).plus_minutes(-24 * 60);
        let said = |state, why, slots| {
            let brief = OutreachBrief {
                id: OutreachId::new(),
                state,
                why,
                since: day,
                slots,
                away: None,
            };
            line(&brief, &TimeZone::UTC, now).0
        };
        use OutreachState as S;
        assert_eq!(said(S::Sending, None, 1), "sending 1 slot");
        assert_eq!(said(S::Proposed, None, 4), "4 slots sent, 1 d");
        let answered = Some(OutreachWhy::Answered);
        assert_eq!(said(S::Person, answered, 4), "answered: needs you");
        assert_eq!(said(S::Person, Some(OutreachWhy::Other), 4), "needs you");
        assert_eq!(said(S::Other, None, 0), "being arranged");
        // Until 20 November 2026.
        let away = |state, why| {
            let brief = OutreachBrief {
                id: OutreachId::new(),
                state,
                why,
                since: day,
                slots: 2,
                away: Some(Instant::from_second(1_795_165_200)),
            };
            line(&brief, &TimeZone::UTC, now).0
        };
        let why = Some(OutreachWhy::Away);
        assert_eq!(away(S::Waiting, why), "away until 20 Nov");
        assert_eq!(away(S::Proposed, None), "2 slots sent, away until 20 Nov");
    }
}
