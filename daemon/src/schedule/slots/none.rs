//! Why nothing is offered.
//!
//! Each reason is a clause that may follow a colon or a semicolon. Invariant: each share is that of the starts on the grid which one reason rules out, whatever
//! other reasons there are; so shares may add up to more than all.

use greenroom_protocol::pipeline::PanelRule;
use greenroom_protocol::schedule::{FindingCode, FindingWho, NoneBecause};

use super::{Choices, World, explain, free};
use crate::schedule::civil::Civil;
use crate::schedule::grid;
use crate::schedule::hours::Said;
use crate::schedule::predicate::{Limits, Party, told_night};
use crate::schedule::ranges::{Seconds, around, common, merged, without};

/// Reasons that are named at most.
const MOST: usize = 12;

/// What rules out the starts in `span`, the commonest first.
#[must_use]
pub fn none_because(world: &World, span: &Seconds) -> Vec<NoneBecause> {
    let civil = Civil::of(&world.grid, span);
    let starts: Vec<i64> = grid::starts(&civil, world.step, span).collect();
    let whole = std::slice::from_ref(span);
    let mut found = of_the_time(world, &civil, &starts);
    let count = |ruled_out: &[Seconds]| {
        let out = starts.iter().filter(|it| around(ruled_out, **it).is_some());
        out.count()
    };
    let places = world.places();
    let named = world.named(&places);
    let always = named.iter().map(|place| &world.people[*place].1);
    for party in always.chain(&world.candidate).chain(&world.host) {
        for (code, ruled_out) in free::ruled_out(world, party, span) {
            found.push(Found {
                code,
                who: Some(party.who()),
                what: what(world, code, party),
                count: count(&ruled_out),
            });
        }
    }
    for group in world.of(PanelRule::AnyOf) {
        let members = group.members.iter().filter_map(|id| places.get(id));
        let members = members.filter(|place| !named.contains(place));
        let free = members.flat_map(|place| free::starts(world, &world.people[*place].1, span));
        let nobody = without(whole, &merged(free.collect()));
        found.push(Found {
            code: FindingCode::NobodyOfGroup,
            who: None,
            what: explain::nobody_has_time(world, group),
            count: count(&common(whole, &nobody)),
        });
    }
    let without_panel = starts.len() - filled(world, &civil, span, &starts);
    let of_one_group = |it: &Found| it.code == FindingCode::NobodyOfGroup;
    let most = found
        .iter()
        .filter(|it| of_one_group(it))
        .map(|it| it.count)
        .max();
    if without_panel > most.unwrap_or_default() {
        found.push(Found {
            code: FindingCode::NobodyOfGroup,
            who: None,
            what: "too few people have time for the groups of the panel together".to_owned(),
            count: without_panel,
        });
    }
    found.retain(|it| it.count > 0);
    found.sort_by_key(|it| std::cmp::Reverse(it.count));
    found.truncate(MOST);
    found.into_iter().map(|it| it.told(starts.len())).collect()
}

/// For how many of the starts each group that takes part has somebody of its own.
fn filled(world: &World, civil: &Civil, span: &Seconds, starts: &[i64]) -> usize {
    let places = world.places();
    let named = world.named(&places);
    let starts = starts.iter().map(|start| (*start, civil.day(*start)));
    let choices = Choices::new(world, &places, named);
    choices.of(world, span, starts.collect()).len()
}

/// One reason.
struct Found {
    code: FindingCode,
    who: Option<FindingWho>,
    /// Said of the times it rules out.
    what: String,
    count: usize,
}

impl Found {
    fn told(self, all: usize) -> NoneBecause {
        let rounded = (self.count * 100 + all / 2) / all.max(1);
        let share = u32::try_from(rounded).unwrap_or(100).clamp(1, 100);
        let share = if self.count < all {
            share.min(99)
        } else {
            share
        };
        NoneBecause {
            code: self.code,
            who: self.who,
            share,
            message: format!("{} ({share} % of the times)", self.what),
        }
    }
}

fn of_the_time(world: &World, civil: &Civil, starts: &[i64]) -> Vec<Found> {
    let now = world.now.second();
    let (earliest, last_day) = (world.earliest(), world.last_day().unwrap_or(i64::MAX));
    let count =
        |rules_out: &dyn Fn(i64) -> bool| starts.iter().filter(|it| rules_out(**it)).count();
    let of = |code, what: &str, count| Found {
        code,
        who: None,
        what: what.to_owned(),
        count,
    };
    vec![
        of(FindingCode::InThePast, "in the past", count(&|it| it < now)),
        of(
            FindingCode::ShortNotice,
            "sooner than the notice",
            count(&|it| now <= it && it < earliest),
        ),
        of(
            FindingCode::BeyondHorizon,
            "further ahead than the stage allows",
            count(&|it| civil.day(it) > last_day),
        ),
        of(
            FindingCode::WishUnmet,
            "outside the hours that were asked for",
            count(&|it| now <= it && !world.wishes.allow(&(it..it + world.length()))),
        ),
    ]
}

fn what(world: &World, code: FindingCode, party: &Party) -> String {
    let name = &party.name;
    let said = match &party.limits {
        Limits::WorkDays(days) => match days.hours.said {
            Said::Assumed => " (assumed)",
            Said::Calendar => " (from their calendar)",
            Said::Set => "",
        },
        _ => "",
    };
    match code {
        FindingCode::OutsideHours => format!("outside {name}'s hours{said}"),
        FindingCode::OutsideWindows => format!("outside the stage's hours for {name}"),
        FindingCode::PersonBusy => format!("{name} has other interviews"),
        FindingCode::CandidateBusy => format!("{name} has other interviews"),
        FindingCode::HostBusy => format!("{name}'s Zoom is booked"),
        FindingCode::Buffer => format!("too close to other interviews of {name}"),
        FindingCode::DayCap => format!("{name} has enough interviews that day"),
        FindingCode::WeekCap => format!("{name} has enough interviews that week"),
        FindingCode::DayOff => format!("{name} has days off"),
        FindingCode::BusyElsewhere => format!("{name} is busy elsewhere"),
        FindingCode::StaleCalendar => format!("a calendar of {name} is out of date"),
        FindingCode::CandidateNight => match &party.limits {
            Limits::Nights(nights) => {
                format!("at night for {name} ({})", told_night(nights.hours))
            }
            Limits::WorkDays(_) | Limits::None => format!("at night for {name}"),
        },
        FindingCode::Held => format!("slots of {name} are on hold"),
        _ => format!("{name} can't, for {} min", world.minutes),
    }
}
