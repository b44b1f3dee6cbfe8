//! Who and why: each person at the chosen time, what speaks against it, and the nearest times.

use greenroom_protocol::Error;
use greenroom_protocol::schedule::{
    BusyLane, Explained, Finding, FindingClass, FindingWho, GroupExplained, GroupRule, LaneKind,
    NoneBecause, Source,
};
use greenroom_protocol::time::Instant;
use jiff::SignedDuration;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Calendar, Seen};
use crate::theme;
use crate::widgets::{Canvas, below, row, rows, text, times};
use crate::wording::slots::why;

/// Cells of the column of names.
const NAMES: usize = 22;

type Lines = Vec<(String, Style)>;

impl Calendar {
    /// Draws who and why; `explained` is `None` while the daemon is being asked.
    pub(crate) fn draw_why(
        &self,
        seen: &Seen<'_>,
        explained: Option<&Result<Explained, Error>>,
        canvas: &mut Canvas<'_>,
        area: Rect,
    ) {
        let when = seen.chosen.map(|time| {
            let minutes = i64::from(seen.minutes);
            times::span(time.timestamp(), minutes, &seen.zone, seen.now)
        });
        let title = match &when {
            Some(when) => format!("Who and why · {when}"),
            None => "Who and why · no time is chosen".to_owned(),
        };
        canvas.text(row(area, 0), &title, theme::STRONG);
        // While the daemon is away nothing is asked, and what was found may be of another time.
        let chosen = seen.chosen.map(|time| Instant::from(time.timestamp()));
        let is_of_it = |it: &&Result<Explained, Error>| match it {
            Ok(explained) => Some(explained.start) == chosen,
            Err(_) => true,
        };
        let explained = explained.filter(is_of_it);
        if let Some(Ok(explained)) = explained {
            let (words, style) = verdict(explained);
            let last_known = if seen.stale { "last known: " } else { "" };
            canvas.text_right(row(area, 0), &format!("{last_known}{words}"), style);
        }
        if area.height < 2 {
            return;
        }
        let cells = usize::from(area.width);
        let lines = match explained {
            None if when.is_none() => Vec::new(),
            None if seen.stale => vec![("The daemon can't be reached".to_owned(), theme::DIM)],
            None => vec![("asking the daemon…".to_owned(), theme::DIM)],
            Some(Err(error)) => styled(&format!("✗ {}", error.message), theme::BAD, cells),
            Some(Ok(explained)) => told(seen, explained, cells),
        };
        let body = below(area, 1);
        // Where not all of it has room, the last row says how to read on.
        let foot = u16::from(lines.len() > usize::from(body.height));
        let shown = self.read.visible(lines.len(), body.height - foot);
        for (place, (words, style)) in rows(body).zip(&lines[shown]) {
            canvas.text(place, words, *style);
        }
        if foot > 0 {
            let last = row(body, body.height - 1);
            let words = format!("{}: PgDn, PgUp", self.read.rest());
            canvas.text(last, &words, theme::WAIT);
        }
    }
}

/// All there is to say: the nearest times first, then everybody.
fn told(seen: &Seen<'_>, explained: &Explained, cells: usize) -> Lines {
    let mut lines = reasons(seen, cells);
    lines.extend(nearest(seen, explained, cells));
    for lane in seen.lanes {
        lines.extend(of_person(lane, &explained.findings, cells));
        lines.extend(calendars(seen, lane, cells));
    }
    let about = |finding: &&Finding| {
        let mut lanes = seen.lanes.iter();
        !lanes.any(|lane| is_about(finding, lane))
    };
    for finding in explained.findings.iter().filter(about) {
        let (sign, style) = sign(finding);
        lines.extend(styled(&format!("{sign} {}", finding.message), style, cells));
    }
    for group in &explained.groups {
        lines.extend(of_group(group, cells));
    }
    lines
}

/// What makes the chosen time better or worse than others that work.
fn reasons(seen: &Seen<'_>, cells: usize) -> Lines {
    let start = seen.chosen.map(|time| Instant::from(time.timestamp()));
    let mut slots = seen.free.unwrap_or_default().iter();
    let Some(slot) = slots.find(|slot| Some(slot.start) == start) else {
        return Lines::new();
    };
    styled(&why(&slot.why), theme::PLAIN, cells)
}

/// Who was chosen of a group, and why nobody else; of those who are optional, who has time.
fn of_group(group: &GroupExplained, cells: usize) -> Lines {
    let name = |who: &FindingWho| who.name.clone().unwrap_or_default();
    let names = |all: &mut dyn Iterator<Item = &FindingWho>| {
        let all: Vec<_> = all.map(name).collect();
        all.join(", ")
    };
    let heading = match group.rule {
        GroupRule::AllOf => return Lines::new(),
        GroupRule::AnyOf if group.each.len() < 2 => return Lines::new(),
        GroupRule::AnyOf => {
            let each = names(&mut group.each.iter().map(|it| &it.who));
            match group.chosen.is_empty() {
                true => format!("one of {each}: nobody has time"),
                false => format!("one of {each}: {}", names(&mut group.chosen.iter())),
            }
        }
        GroupRule::Optional => "optional:".to_owned(),
    };
    let mut lines = styled(&heading, theme::PLAIN, cells);
    let others = group.each.iter();
    let others = others.filter(|it| !group.chosen.contains(&it.who));
    for person in others {
        let words = match &person.findings[..] {
            [] => vec![format!("  ✓ {} has time", name(&person.who))],
            findings => {
                let found = findings.iter();
                found.map(|it| format!("  ! {}", it.message)).collect()
            }
        };
        for words in words {
            lines.extend(styled(&words, theme::DIM, cells));
        }
    }
    lines
}

fn nearest(seen: &Seen<'_>, explained: &Explained, cells: usize) -> Lines {
    let at = |at: Instant| times::moment(at.timestamp(), &seen.zone, seen.now);
    let side = |name: &str, start: Option<Instant>, because: &[NoneBecause]| match start {
        Some(start) => format!("{name}: {}", at(start)),
        None => none(name, because),
    };
    let earlier = side("free before", explained.earlier, &explained.none_earlier);
    let later = side("free after", explained.later, &explained.none_later);
    let together = format!("{earlier} · {later}");
    if text::width(&together) <= cells {
        return styled(&together, theme::PLAIN, cells);
    }
    let mut lines = styled(&earlier, theme::PLAIN, cells);
    lines.extend(styled(&later, theme::PLAIN, cells));
    lines
}

/// That nothing is free on one side within a week, and what stands in the way most.
fn none(name: &str, because: &[NoneBecause]) -> String {
    let why: Vec<_> = because.iter().take(2).map(|it| &*it.message).collect();
    match why.is_empty() {
        true => format!("{name}: none within a week"),
        false => format!("{name}: none within a week: {}", why.join("; ")),
    }
}

/// Whether the time can be booked; it stands beside the time, so that the reasons have the rows.
fn verdict(explained: &Explained) -> (&'static str, Style) {
    match (explained.offered, explained.person_may) {
        (true, _) => ("✓ works for everyone", theme::GOOD),
        (false, true) => ("! can be booked; see below", theme::WAIT),
        (false, false) => ("✗ cannot be booked", theme::BAD),
    }
}

/// A person, with everything that was found of them.
fn of_person(lane: &BusyLane, findings: &[Finding], cells: usize) -> Lines {
    let role = match lane.kind {
        LaneKind::Member => "",
        LaneKind::Candidate => " (candidate)",
        LaneKind::Host => "'s Zoom",
    };
    let name = text::left(&format!("{}{role}", lane.name), NAMES);
    let assumed = match lane.hours_assumed {
        true => " · hours assumed",
        false => "",
    };
    let found: Vec<_> = findings.iter().filter(|it| is_about(it, lane)).collect();
    if found.is_empty() {
        let words = format!("{name}  ✓ free{assumed}");
        return vec![(text::fit(&words, cells), theme::PLAIN)];
    }
    let mut lines = Lines::new();
    for (at, finding) in found.into_iter().enumerate() {
        let (sign, style) = sign(finding);
        let name = match at {
            0 => name.clone(),
            _ => text::blanks(NAMES),
        };
        let room = cells.saturating_sub(NAMES + 4);
        for (at, line) in text::wrap(&finding.message, room).into_iter().enumerate() {
            let (name, sign) = match at {
                0 => (name.clone(), sign),
                _ => (text::blanks(NAMES), " "),
            };
            lines.push((format!("{name}  {sign} {line}"), style));
        }
    }
    lines
}

/// The calendars that say when somebody is busy elsewhere, with their age.
fn calendars(seen: &Seen<'_>, lane: &BusyLane, cells: usize) -> Lines {
    let is_theirs = |it: &&Source| it.who.kind == lane.kind && it.who.id == lane.id;
    let of_them = seen.sources.iter().filter(is_theirs);
    let words = of_them.filter_map(|source| {
        let name = source.feed.as_deref()?;
        let age = SignedDuration::from_secs(i64::try_from(source.age).ok()?);
        let then = seen.now.checked_sub(age).ok()?;
        let age = match &*times::age(then, seen.now) {
            "now" => "just now".to_owned(),
            age => format!("{age} ago"),
        };
        Some(format!("{name}, read {age}"))
    });
    let words: Vec<_> = words.collect();
    if words.is_empty() {
        return Lines::new();
    }
    let words = format!("calendars: {}", words.join(" · "));
    let room = cells.saturating_sub(NAMES + 4);
    let wrapped = text::wrap(&text::clean(&words), room).into_iter();
    let beside = text::blanks(NAMES + 4);
    wrapped
        .map(|line| (format!("{beside}{line}"), theme::DIM))
        .collect()
}

fn is_about(finding: &Finding, lane: &BusyLane) -> bool {
    let who = finding.who.as_ref();
    who.is_some_and(|who| who.kind == lane.kind && who.id == lane.id)
}

fn sign(finding: &Finding) -> (&'static str, Style) {
    match finding.class {
        Some(FindingClass::Block) => ("✗", theme::BAD),
        _ => ("!", theme::WAIT),
    }
}

fn styled(words: &str, style: Style, cells: usize) -> Lines {
    let lines = text::wrap(words, cells).into_iter();
    lines.map(|line| (line, style)).collect()
}
