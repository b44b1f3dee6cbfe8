//! Today: one line a row under three names, and the selected row in full at the foot.

use greenroom_protocol::today::{NeedKind, NeedsMe, Today, Upcoming, Waiting};
use jiff::tz::TimeZone;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::first_steps::steps;
use super::keys_of;
use crate::state::State;
use crate::state::selected::{TodayRow, today_rows};
use crate::theme;
use crate::widgets::{Canvas, below, draw_empty, draw_failure, part, row, rows, text, times};
use crate::wording;

/// Cells of the names of the groups, and of the mark.
const GROUP: usize = 11;
const MARK: usize = 2;
/// Cells of a time and day: `Tue 10:00`.
const WHEN: usize = 9;
/// The most cells of a name.
const NAME: usize = 20;
/// From this width on a row names its keys.
const WITH_KEYS: u16 = 110;
/// From this width on the groups' names stand beside the rows.
const BESIDE: u16 = 60;
/// From this height on the selected row is written out at the foot.
const WITH_FOOT: u16 = 12;

pub(super) fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(today) = state.cache.today.latest() else {
        if let Some(error) = state.cache.today.failure() {
            draw_failure(canvas, area, error);
        }
        return;
    };
    let all = today_rows(state);
    let foot = foot(state, &all, area);
    let body = Rect {
        height: area.height - foot,
        ..area
    };
    if all.is_empty() {
        draw_empty(
            canvas,
            body,
            "Nothing needs you, and you have no interviews today or tomorrow.",
            "/ finds a candidate, n schedules an interview.",
        );
        return draw_steps(state, canvas, below(body, 4));
    }
    let lines = lines(state, today, &all, body);
    let marked = state.today.place(&all).unwrap_or(0);
    let at = lines.iter().position(|line| line.row() == Some(marked));
    let visible = state
        .today
        .visible(lines.len(), at.unwrap_or(0), body.height);
    let used = visible.len();
    let zone = state.zone();
    let sheet = Sheet::new(state, today, &zone);
    for (place, line) in rows(body).zip(&lines[visible]) {
        sheet.draw(canvas, place, line, marked);
    }
    let rest = below(body, u16::try_from(used + 1).unwrap_or(u16::MAX));
    draw_steps(state, canvas, rest);
    draw_foot(state, canvas, below(area, body.height), all.get(marked));
}

fn draw_steps(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let steps = steps(state);
    if usize::from(area.height) <= steps.len() || steps.is_empty() {
        return;
    }
    let area = part(area, 1, area.width.saturating_sub(2));
    canvas.text(row(area, 0), "First steps", theme::STRONG);
    for (step, line) in steps.iter().zip(rows(below(area, 1))) {
        let (sign, style) = match step.done {
            true => ("✓", theme::GOOD),
            false => ("○", theme::PLAIN),
        };
        canvas.text(line, &format!("{sign} {}", step.words), style);
    }
}

/// A line of the screen.
enum Shown<'a> {
    Blank,
    /// A group's name on a line of its own.
    Heading(&'static str),
    /// A group with nothing in it.
    None(&'static str, &'static str),
    Row(usize, &'static str, TodayRow<'a>),
}

impl Shown<'_> {
    fn row(&self) -> Option<usize> {
        match self {
            Self::Row(at, ..) => Some(*at),
            _ => None,
        }
    }
}

/// Everything that is shown, from the top; groups are apart where there is room.
fn lines<'a>(state: &State, today: &Today, all: &[TodayRow<'a>], area: Rect) -> Vec<Shown<'a>> {
    let groups = [
        ("Next", "no interviews of yours today or tomorrow"),
        ("Needs you", "nothing right now"),
        ("Waiting", ""),
    ];
    let counts = [today.next.len(), today.needs_me.len(), today.waiting.len()];
    let apart = all.len() + steps(state).len() + 6 <= usize::from(area.height);
    let beside = area.width >= BESIDE;
    let (mut lines, mut from) = (Vec::new(), 0);
    for ((name, none), count) in groups.into_iter().zip(counts) {
        if count == 0 && none.is_empty() {
            continue;
        }
        if apart && !lines.is_empty() {
            lines.push(Shown::Blank);
        }
        if count == 0 {
            lines.push(Shown::None(name, none));
            continue;
        }
        if !beside {
            lines.push(Shown::Heading(name));
        }
        let rows = all.iter().enumerate().skip(from).take(count);
        lines.extend(rows.map(|(at, row)| {
            let name = if at == from && beside { name } else { "" };
            Shown::Row(at, name, *row)
        }));
        from += count;
    }
    lines
}

/// What all rows are drawn with.
struct Sheet<'a> {
    state: &'a State,
    zone: &'a TimeZone,
    /// Cells of a name of what needs somebody.
    names: usize,
    days: u32,
}

impl<'a> Sheet<'a> {
    fn new(state: &'a State, today: &Today, zone: &'a TimeZone) -> Self {
        let names = today.needs_me.iter().map(|need| text::width(&need.who));
        Self {
            state,
            zone,
            names: names.max().unwrap_or(0).clamp(WHEN, NAME),
            days: today.waiting_days,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, line: Rect, shown: &Shown<'_>, marked: usize) {
        let beside = line.width >= BESIDE;
        let line = part(line, 1, line.width.saturating_sub(2));
        let group = |name: &str| text::left(name, if beside { GROUP } else { 0 });
        match shown {
            Shown::Blank => {}
            Shown::Heading(name) => canvas.text(line, name, theme::STRONG),
            Shown::None(name, words) => {
                let name = if beside {
                    group(name)
                } else {
                    format!("{name}  ")
                };
                let spans = vec![
                    Span::styled(name, theme::STRONG),
                    Span::styled(format!("  {words}"), theme::DIM),
                ];
                canvas.line(line, Line::from(spans));
            }
            Shown::Row(at, name, row) => {
                let label = Span::styled(group(name), theme::STRONG);
                self.draw_row(canvas, line, label, *row, *at == marked);
            }
        }
    }

    fn draw_row(
        &self,
        canvas: &mut Canvas<'_>,
        line: Rect,
        label: Span<'static>,
        row: TodayRow<'_>,
        marked: bool,
    ) {
        let style = match marked {
            true => theme::SELECTED,
            false => theme::PLAIN,
        };
        let mut left = vec![label, Span::styled(if marked { "▸ " } else { "  " }, style)];
        let keys = match line.width >= WITH_KEYS - 2 {
            true => self.keys(row, marked),
            false => Vec::new(),
        };
        let keys_cells: usize = keys.iter().map(Span::width).sum();
        let room = usize::from(line.width).saturating_sub(keys_cells);
        let (words, right) = match row {
            TodayRow::Next(upcoming) => self.next(upcoming, style),
            TodayRow::Needs(need) => self.need(need, style),
            TodayRow::Waits(waiting) => {
                let taken: usize = left.iter().map(Span::width).sum();
                let room = room.saturating_sub(taken);
                (vec![self.waits(waiting, style, room)], None)
            }
        };
        left.extend(words);
        let (words, tone) = right.unwrap_or_default();
        let right_cells = match words.is_empty() {
            true => 0,
            false => text::width(&words) + 2,
        };
        // What is wrong is worth more than the names of those who come, but not than who it is.
        let taken: usize = left.iter().map(Span::width).sum();
        let least = (room / 2).max(GROUP + MARK + WHEN + 2);
        let kept = taken.min(room.saturating_sub(right_cells).max(least.min(room)));
        let mut spans = fitted(left, kept);
        let used: usize = spans.iter().map(Span::width).sum();
        let space = room.saturating_sub(used);
        let words = text::fit(&words, space.saturating_sub(2));
        let gap = space.saturating_sub(text::width(&words));
        spans.push(Span::raw(text::blanks(gap)));
        spans.push(Span::styled(words, tone));
        spans.extend(keys);
        canvas.line(line, Line::from(spans));
    }

    fn next(
        &self,
        upcoming: &Upcoming,
        style: Style,
    ) -> (Vec<Span<'static>>, Option<(String, Style)>) {
        let interview = &upcoming.interview;
        let start = times::at(interview.start.timestamp(), self.zone);
        let clock = times::clock(&start);
        let today = times::at(self.state.now, self.zone).date();
        let when = match start.date() == today {
            true => clock,
            false => format!("{} {clock}", times::weekday(start.date().weekday())),
        };
        let stage = text::clean(&interview.stage_name);
        let people = text::clean(&wording::people(&interview.interviewers));
        let words = vec![
            Span::styled(format!("{when:>WHEN$}  "), style),
            Span::styled(text::clean(&interview.candidate.name), style),
            Span::styled(format!(" · {stage} · {people}"), theme::PLAIN),
        ];
        let beside = match &upcoming.note {
            Some(note) => (text::clean(note), theme::WAIT),
            None => soon(interview.start.timestamp(), self.state.now),
        };
        (words, Some(beside))
    }

    fn need(&self, need: &NeedsMe, style: Style) -> (Vec<Span<'static>>, Option<(String, Style)>) {
        let name = text::left(&text::clean(&need.who), self.names);
        let words = vec![
            Span::styled(format!("{name}  "), style),
            Span::styled(text::clean(&need.message), tone(need)),
        ];
        (words, None)
    }

    /// The longer of two wordings that fits.
    fn waits(&self, waiting: &Waiting, style: Style, room: usize) -> Span<'static> {
        let (who, have) = match waiting.candidates {
            1 => ("1 candidate".to_owned(), "has"),
            many => (format!("{many} candidates"), "have"),
        };
        let (stage, days) = (text::clean(&waiting.stage_name), self.days);
        let job = text::clean(&waiting.job_title);
        let long = format!(
            "{who} {have} been in {stage} ({job}) for more than {days} days without an interview"
        );
        let words = match text::width(&long) <= room {
            true => long,
            false => {
                let many = waiting.candidates;
                format!("{many:>2} in {stage} ({job}) over {days} days, no interview")
            }
        };
        Span::styled(words, style)
    }

    /// The keys of a row; those of the selected one stand out, for they work now.
    fn keys(&self, row: TodayRow<'_>, marked: bool) -> Vec<Span<'static>> {
        let places = self.state.places_below_help();
        let mut spans = Vec::new();
        for (command, words) in keys_of(self.state, row) {
            let Some(key) = self.state.keymap.key(command, &places) else {
                continue;
            };
            if marked && self.state.disabled_reason(command).is_some() {
                continue;
            }
            let style = if marked { theme::KEY } else { theme::DIM };
            spans.push(Span::styled(format!("   {key}"), style));
            spans.push(Span::styled(format!(" {words}"), theme::DIM));
        }
        spans
    }
}

/// How something that needs somebody looks: broken, waiting, or to be read.
fn tone(need: &NeedsMe) -> Style {
    match need.kind {
        NeedKind::MeetingFailed | NeedKind::OutOfSync => theme::BAD,
        NeedKind::Reconnect | NeedKind::ReconnectAccount => theme::BAD,
        NeedKind::Calendar => theme::WAIT,
        NeedKind::EmailBounced | NeedKind::EmailRefused | NeedKind::Declined => theme::BAD,
        NeedKind::ProposedTime | NeedKind::OtherAddress | NeedKind::NoReply => theme::WAIT,
        NeedKind::Unconfirmed | NeedKind::ProposedSlots => theme::WAIT,
        NeedKind::Approved | NeedKind::AccountApproved => theme::GOOD,
        NeedKind::WroteEmail | NeedKind::ApprovalReply | NeedKind::NewInsight | NeedKind::Other => {
            theme::PLAIN
        }
    }
}

fn soon(start: jiff::Timestamp, now: jiff::Timestamp) -> (String, Style) {
    match start <= now {
        true => ("now".to_owned(), theme::GOOD),
        false => (times::until(start, now), theme::DIM),
    }
}

/// The spans, cut to so many cells.
fn fitted(spans: Vec<Span<'static>>, cells: usize) -> Vec<Span<'static>> {
    let mut left = cells;
    let mut fitted = Vec::new();
    for span in spans {
        let words = text::fit(&span.content, left);
        left -= text::width(&words).min(left);
        fitted.push(Span::styled(words, span.style));
    }
    fitted
}

/// The selected row in full.
fn written_out(state: &State, row: &TodayRow<'_>) -> (String, Style) {
    match row {
        TodayRow::Next(upcoming) => {
            let interview = &upcoming.interview;
            let (when, there) = wording::when(interview, state);
            let there = there.map(|there| format!(" ({there})")).unwrap_or_default();
            let note = upcoming.note.as_deref();
            let note = note.map(|note| format!(" · {note}")).unwrap_or_default();
            let words = format!(
                "{} · {} · {when}{there} · {} with {} · {}{note}",
                interview.candidate.name,
                interview.stage_name,
                wording::meeting_type(interview.meeting.kind),
                wording::people(&interview.interviewers),
                wording::stands(interview),
            );
            (words, theme::PLAIN)
        }
        TodayRow::Needs(need) => {
            let since = times::age(need.since.timestamp(), state.now);
            let since = match since.as_str() {
                "now" => String::new(),
                age => format!(" · {age} ago"),
            };
            (format!("{} {}{since}", need.who, need.message), tone(need))
        }
        TodayRow::Waits(waiting) => {
            let age =
                |since: greenroom_protocol::time::Instant| times::age(since.timestamp(), state.now);
            let longest = waiting.longest.iter();
            let names: Vec<_> = longest
                .map(|it| format!("{} {}", it.name, age(it.since)))
                .collect();
            let more = match waiting.candidates > names.len() as u64 {
                true => ", …",
                false => "",
            };
            let words = format!(
                "{} · {}: {}{more}",
                waiting.job_title,
                waiting.stage_name,
                names.join(", ")
            );
            (words, theme::PLAIN)
        }
    }
}

/// How many rows the foot has: a rule, and as many lines as the selected row needs.
fn foot(state: &State, all: &[TodayRow<'_>], area: Rect) -> u16 {
    let selected = state.today.place(all).and_then(|place| all.get(place));
    let Some(selected) = selected.filter(|_| area.height >= WITH_FOOT) else {
        return 0;
    };
    let (words, _) = written_out(state, selected);
    let lines = text::wrap(&words, usize::from(area.width.saturating_sub(2))).len();
    // Two at least, so that the rule seldom moves.
    let lines = u16::try_from(lines)
        .unwrap_or(u16::MAX)
        .clamp(2, area.height / 4);
    lines + 1
}

fn draw_foot(state: &State, canvas: &mut Canvas<'_>, area: Rect, selected: Option<&TodayRow<'_>>) {
    let Some(selected) = selected.filter(|_| area.height > 0) else {
        return;
    };
    canvas.rule(row(area, 0));
    let place = part(below(area, 1), 1, area.width.saturating_sub(2));
    let (words, style) = written_out(state, selected);
    canvas.paragraph(place, &words, style);
}
