//! Which week and which interview are selected, and in which zone times are shown.

use greenroom_protocol::id::InterviewId;
use greenroom_protocol::interview::Interview;
use greenroom_protocol::time::Instant;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span as Length, Timestamp};

use crate::state::State;
use crate::widgets::times;

/// How the interviews are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Form {
    /// Days as columns.
    #[default]
    Week,
    /// A day, its people as columns.
    People,
    /// A list by day.
    Days,
}

/// A zone that is not the person's own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Elsewhere {
    pub(crate) zone: String,
    /// The first name of the candidate whose zone it is, if it was taken from one.
    pub(crate) of: Option<String>,
}

/// Which interview is selected.
#[derive(Clone, Copy, Debug, Default)]
enum Selected {
    First,
    /// The one that is on now, or next.
    #[default]
    Now,
    /// This one; where it is gone, the one in its place.
    This(InterviewId, usize),
}

/// Where a person is among the interviews.
#[derive(Debug)]
pub(crate) struct InterviewsView {
    /// The Monday of the week that is shown.
    pub(crate) monday: Date,
    pub(crate) form: Form,
    /// The zone that was chosen for the times; `None`: the person's own.
    pub(crate) elsewhere: Option<Elsewhere>,
    /// Whether the week of what comes next is still to be found.
    seeks: bool,
    selected: Selected,
}

impl InterviewsView {
    pub(crate) fn new(today: Date) -> Self {
        Self {
            monday: times::monday(today),
            form: Form::default(),
            elsewhere: None,
            seeks: true,
            selected: Selected::default(),
        }
    }

    /// The zone times are shown in.
    pub(crate) fn zone(&self, own: &TimeZone) -> TimeZone {
        let chosen = self
            .elsewhere
            .as_ref()
            .and_then(|it| TimeZone::get(&it.zone).ok());
        chosen.unwrap_or_else(|| own.clone())
    }

    /// The week's first moment, and the first one after it.
    pub(crate) fn stretch(&self, own: &TimeZone) -> (Instant, Instant) {
        let zone = self.zone(own);
        let begin = |date: Date| {
            let midnight = date.to_zoned(zone.clone());
            midnight
                .map_or(Timestamp::UNIX_EPOCH, |midnight| midnight.timestamp())
                .into()
        };
        (begin(self.monday), begin(plus_days(self.monday, 7)))
    }

    pub(crate) fn turn(&mut self, weeks: i32) {
        self.monday = plus_days(self.monday, weeks * 7);
        self.seeks = false;
        self.selected = Selected::First;
    }

    /// Shows the week of that date, at what is on now or next; the week of what comes next once that
    /// is known.
    pub(crate) fn show_now(&mut self, today: Date) {
        self.monday = times::monday(today);
        self.seeks = true;
        self.selected = Selected::Now;
    }

    /// Whether the week of what comes next is still to be found.
    pub(crate) fn seeks(&self) -> bool {
        self.seeks
    }

    /// Goes to the week that was looked for.
    pub(crate) fn found(&mut self, monday: Date) {
        self.monday = monday;
        self.seeks = false;
    }

    /// Whether what is on now, or next in this week, is selected.
    pub(crate) fn is_at_now(&self, state: &State) -> bool {
        let shown = self.shown(state);
        let now = Self {
            selected: Selected::Now,
            elsewhere: self.elsewhere.clone(),
            ..*self
        };
        self.place(state, &shown) == now.place(state, &shown)
    }

    /// The week, a day by people, a list, and the week again.
    pub(crate) fn change_form(&mut self) {
        self.form = match self.form {
            Form::Week => Form::People,
            Form::People => Form::Days,
            Form::Days => Form::Week,
        };
    }

    /// The week's interviews in order: of those that begin together one's own come first.
    pub(crate) fn shown<'a>(&self, state: &'a State) -> Vec<&'a Interview> {
        let stretch = self.stretch(&state.zone());
        let mut shown: Vec<_> = state
            .cache
            .interviews
            .get(&stretch)
            .into_iter()
            .flatten()
            .collect();
        shown.sort_by_key(|it| (it.start, !state.is_mine(it), it.id));
        shown
    }

    /// The place of the selected one in that order.
    pub(crate) fn place(&self, state: &State, shown: &[&Interview]) -> Option<usize> {
        let last = shown.len().checked_sub(1)?;
        let is_over = |it: &Interview| {
            let end = it.start.plus_minutes(it.duration_minutes.into());
            end.timestamp() <= state.now
        };
        Some(match self.selected {
            Selected::First => 0,
            Selected::Now => shown.iter().position(|it| !is_over(it)).unwrap_or(last),
            Selected::This(id, before) => {
                let there = shown.iter().position(|it| it.id == id);
                there.unwrap_or(before.min(last))
            }
        })
    }

    pub(crate) fn selected<'a>(&self, state: &'a State) -> Option<&'a Interview> {
        let shown = self.shown(state);
        shown.get(self.place(state, &shown)?).copied()
    }

    /// What stays selected from now on, whatever time does: the one before where it is still there,
    /// else the one the keys act on.
    pub(crate) fn settled(
        &self,
        state: &State,
        before: Option<InterviewId>,
    ) -> Option<(InterviewId, usize)> {
        let shown = self.shown(state);
        let there = shown.iter().position(|it| Some(it.id) == before);
        let place = there.or_else(|| self.place(state, &shown))?;
        Some((shown.get(place)?.id, place))
    }

    pub(crate) fn select(&mut self, (id, place): (InterviewId, usize)) {
        self.selected = Selected::This(id, place);
    }
}

pub(crate) fn plus_days(date: Date, days: i32) -> Date {
    date.checked_add(Length::new().days(days)).unwrap_or(date)
}
