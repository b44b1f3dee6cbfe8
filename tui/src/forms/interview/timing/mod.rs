//! Choosing a time: what the forms that schedule share.
//!
//! Owns the way from what stands in the time field to a time: written by a person and read by the
//! daemon, walked to in the calendar, or the first one that works for everyone. Invariant: what is
//! booked is the text together with the time that is shown beside it, and nothing is sent before
//! that time is known. `C` is the call that is judged while the form is filled in.

pub(super) mod fields;
mod first;
pub(super) mod plan;
mod reading;

use greenroom_protocol::Error;
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::schedule::{ExplainQuery, Planned, Slot, SlotQuery, TimeRead};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;
use jiff::Zoned;
use ratatui::layout::{Position, Rect};

use self::fields::{Key, Name};
use self::first::FirstFree;
use self::plan::Plan;
use self::reading::Reader;
use super::calendar::{self, Calendar, Moved, Seen};
use crate::forms::Ask;
use crate::forms::draw::entry_cells;
use crate::forms::sheet::{Note, Sheet};
use crate::keys::Command;
use crate::state::State;
use crate::widgets::{Canvas, times};

/// What a form knows of its time beside its fields.
#[derive(Debug)]
pub(super) struct Timing<C> {
    pub(super) plan: Plan<C>,
    reader: Reader,
    first: FirstFree,
    calendar: Calendar,
    /// Why it was refused as it stands there; with the text that was.
    refused: Option<(String, String)>,
    /// The zone that the text was read in.
    zone: String,
    /// The time that was put to be judged last.
    judged: Option<Instant>,
}

/// What a form would schedule.
pub(super) struct Subject<C> {
    /// With whom and how long, as it stands in the form.
    pub(super) planned: Planned,
    /// The first time is looked for with the people that the stage's panel comes to.
    pub(super) by_panel: bool,
    /// The call to be judged; `None` where nothing stands there that could be.
    pub(super) call: Option<C>,
    /// The request that judges it.
    pub(super) judge: fn(C) -> Q,
    /// The zone of the candidate.
    pub(super) there: Option<String>,
}

/// The start that a form sends.
pub(super) enum Start {
    Known(Written),
    /// It is not known yet.
    Later,
    /// There is none, which is said beside the field.
    None,
}

/// A start as it was written, and what goes with it.
pub(super) struct Written {
    pub(super) text: String,
    /// The time that is shown for it.
    pub(super) instant: Instant,
    /// The same, where the daemon compares it with what it reads.
    pub(super) shown: Option<Instant>,
    pub(super) locale: Option<String>,
}

impl<C: Clone + PartialEq> Timing<C> {
    /// For an interview that is changed; `None`: for a new one.
    pub(super) fn of(own: Option<InterviewId>) -> Self {
        Self {
            plan: Plan::of(own),
            reader: Reader::default(),
            first: FirstFree::default(),
            calendar: Calendar::default(),
            refused: None,
            zone: String::new(),
            judged: None,
        }
    }

    /// Brings the time field up to date; `always` is said whatever stands there.
    pub(super) fn refresh<N: Key>(
        &mut self,
        sheet: &mut Sheet<N>,
        state: &State,
        there: Option<&str>,
        always: Vec<Note>,
    ) {
        self.follow_zone(sheet);
        let zone = fields::zone(sheet, state);
        let minutes = fields::minutes(sheet).unwrap_or(45);
        let focused = sheet.is_on(Name::When.into());
        let this_year = times::at(state.now, &zone).year();
        let entry = entry_cells(state.size.0, self.calendar.shows_why());
        let cells = fields::cells_beside(entry);
        let rows_of_always = u16::try_from(always.len()).unwrap_or(0);
        let Some(input) = sheet.time_mut(Name::When.into()) else {
            return;
        };
        let looks = self.first.is_asked() && self.first.is_looking(input) && state.link.is_up();
        input.waits_for(match looks {
            true => "looking for the first free time…",
            false => "",
        });
        input.awaits(self.reader.is_reading(input) || self.first.is_awaited(input));
        let known = input.time().cloned();
        if let Some(time) = &known {
            self.calendar.show(time.clone());
        }
        let echo = known.map(|time| fields::echo(&time, minutes, there, this_year, cells));
        let (aside, left_out) = echo.unzip();
        let mut notes = Vec::new();
        notes.extend(left_out.flatten().map(Note::Hint));
        let refused = self.refused.as_ref();
        let refused = refused.filter(|(text, _)| text == input.value());
        notes.extend(refused.map(|(_, why)| Note::Error(why.clone())));
        notes.extend(self.reader.note(input, &zone, state.now));
        notes.extend(self.first.note(input));
        let now = input.time().map(|time| Instant::from(time.timestamp()));
        // While the daemon is away, what was said of another time says nothing about this one.
        if state.link.is_up() || self.judged == now {
            notes.extend(self.plan.notes(state.link.is_up()));
        }
        // What has no room is what matters least.
        notes.sort_by_key(Note::is_no_error);
        notes.extend(always);
        if notes.is_empty() && focused {
            notes.push(Note::Hint(way(input.time().is_some(), input.turns())));
        }
        let Some(field) = sheet.field_mut(Name::When.into()) else {
            return;
        };
        field.aside = aside.or_else(|| (!looks).then(String::new));
        field.reserved = Some(fields::reserved(state.size.1) + rows_of_always);
        field.notes = notes;
    }

    /// Where the zone is another one, what was written is read in it.
    fn follow_zone<N: Key>(&mut self, sheet: &mut Sheet<N>) {
        let zone = sheet.chosen(Name::Zone.into()).to_owned();
        let before = std::mem::replace(&mut self.zone, zone);
        if before.is_empty() || before == self.zone {
            return;
        }
        if let Some(input) = sheet.time_mut(Name::When.into()) {
            input.forget();
        }
    }

    /// What to ask the daemon: each question once.
    pub(super) fn asks<N: Key>(
        &mut self,
        sheet: &Sheet<N>,
        state: &State,
        subject: Subject<C>,
    ) -> Vec<(Ask, Q)> {
        let zone = fields::zone(sheet, state);
        let zone_name = zone.iana_name().map(str::to_owned);
        let Some(input) = sheet.time(Name::When.into()) else {
            return Vec::new();
        };
        let planned = Planned {
            zone: zone_name.clone(),
            duration_minutes: fields::minutes(sheet),
            ..subject.planned
        };
        let has_people = planned.candidate.is_some() && planned.duration_minutes.is_some();
        let read = TimeRead {
            text: input.value().to_owned(),
            now: None,
            zone: zone_name,
            their_zone: subject.there,
            locale: state.locale.clone(),
        };
        let first = SlotQuery {
            planned: Planned {
                with: match subject.by_panel {
                    true => Vec::new(),
                    false => planned.with.clone(),
                },
                ..planned.clone()
            },
            limit: Some(1),
            ..SlotQuery::default()
        };
        let why = input.time().filter(|_| self.calendar.shows_why());
        let why = why.map(|time| ExplainQuery {
            planned: planned.clone(),
            start: time.timestamp().to_string(),
            locale: None,
        });
        let monday = self.calendar.monday(times::at(state.now, &zone).date());
        self.judged = input.time().map(|time| time.timestamp().into());
        let asks = [
            self.reader.ask(input, read),
            self.first.ask(input, has_people.then_some(first)),
            self.plan.ask_to_judge(subject.call, subject.judge),
            self.plan.ask_to_see(&planned, monday, &zone),
            self.plan.ask_why(why.filter(|_| has_people)),
        ];
        asks.into_iter().flatten().collect()
    }

    /// The answer to one of these questions.
    pub(super) fn told<N: Key>(&mut self, sheet: &mut Sheet<N>, ask: Ask, reply: Result<R, Error>) {
        let zone = jiff::tz::TimeZone::get(sheet.chosen(Name::Zone.into()));
        let zone = zone.unwrap_or(jiff::tz::TimeZone::UTC);
        let input = sheet.time_mut(Name::When.into());
        match (ask, reply, input) {
            (Ask::Time, Ok(R::TimeRead(read)), Some(input)) => {
                let minutes = self.reader.take(input, &zone, read);
                let minutes = minutes.filter(|it| (5..=1440).contains(it));
                if let Some(minutes) = minutes {
                    sheet.set_text(Name::Duration.into(), &minutes.to_string());
                }
            }
            (Ask::Time, Err(error), Some(input)) => {
                self.reader.take(input, &zone, Err(error));
            }
            (Ask::FirstFree, Ok(R::Slots(slots)), Some(input)) => {
                self.first.take(input, &zone, slots);
            }
            (Ask::FirstFree, Err(error), Some(input)) => {
                self.first.take(input, &zone, Err(error));
            }
            (_, reply, _) => self.plan.take(reply),
        }
    }

    /// The first time that works for everyone, once it is known.
    pub(super) fn first(&self) -> Option<&Slot> {
        self.first.slot()
    }

    /// Whether the time is not known before the daemon has answered.
    pub(super) fn waits<N: Key>(&self, sheet: &Sheet<N>) -> bool {
        let input = sheet.time(Name::When.into());
        input.is_some_and(|it| self.reader.is_reading(it) || self.first.is_looking(it))
    }

    /// The start to send. What stops it from being sent is said beside the field.
    pub(super) fn start<N: Key>(&mut self, sheet: &Sheet<N>, state: &State) -> Start {
        if self.waits(sheet) {
            return Start::Later;
        }
        let Some(input) = sheet.time(Name::When.into()) else {
            return Start::None;
        };
        let text = input.value().to_owned();
        if let Some(time) = input.time() {
            let instant = time.timestamp().into();
            let hello = state.link.hello();
            let reads = hello.is_some_and(|hello| hello.protocol >= TimeRead::SINCE);
            return Start::Known(Written {
                text: match reads {
                    true => text,
                    false => time.timestamp().to_string(),
                },
                instant,
                shown: reads.then_some(instant),
                locale: state.locale.clone().filter(|_| reads),
            });
        }
        if text.is_empty() {
            self.refused = Some((text, "Enter a time".to_owned()));
        }
        Start::None
    }

    /// Says why what stands there is not sent.
    pub(super) fn say<N: Key>(&mut self, sheet: &Sheet<N>, why: &str) {
        let text = sheet.time(Name::When.into()).map(|input| input.value());
        self.refused = Some((text.unwrap_or_default().to_owned(), why.to_owned()));
    }

    /// Why the time was refused. It is read again: what stood there may mean another time now.
    pub(super) fn refuse<N: Key>(&mut self, sheet: &mut Sheet<N>, error: Error) {
        let Some(input) = sheet.time_mut(Name::When.into()) else {
            return;
        };
        self.refused = Some((input.value().to_owned(), error.message));
        input.forget();
        self.reader.invalidate();
        sheet.focus(Name::When.into());
    }

    /// What is known of the daemon is out of date.
    pub(super) fn invalidate(&mut self) {
        self.plan.invalidate();
        self.reader.invalidate();
        self.first.invalidate();
    }

    /// Moves in the calendar; false when the command does not.
    pub(super) fn walk<N: Key>(
        &mut self,
        sheet: &mut Sheet<N>,
        state: &State,
        command: Command,
    ) -> bool {
        let zone = fields::zone(sheet, state);
        let now = times::at(state.now, &zone);
        let at = fields::time(sheet).cloned();
        match (command, sheet.is_on_calendar()) {
            (Command::WhoAndWhy, _) => {
                self.look(sheet);
                return true;
            }
            (Command::Back, true) if self.calendar.shows_why() => {
                self.look(sheet);
                return true;
            }
            (Command::FirstFree | Command::First, true) => {
                if let Some(input) = sheet.time(Name::When.into()) {
                    self.first.want(input);
                }
                return true;
            }
            (Command::Enter, true) => {
                sheet.focus_button();
                return true;
            }
            (_, true) if self.calendar.read_on(command) => return true,
            _ => {}
        }
        if let Some(turn) = calendar::turn(command)
            && let Some(input) = sheet.time_mut(Name::When.into())
            && input.is_awaited()
        {
            return input.turn(turn);
        }
        match self.calendar.walk(command, at, &now) {
            Some(Moved(time)) => self.write(sheet, time),
            None => return false,
        }
        true
    }

    /// Shows who and why, or shows it no longer: the keys are then where they were.
    fn look<N: Key>(&mut self, sheet: &mut Sheet<N>) {
        let on_calendar = sheet.is_on_calendar();
        match self.calendar.toggle_why(sheet.focus_at(), on_calendar) {
            Some(back) => sheet.focus_to(back),
            None => sheet.focus_calendar(),
        }
    }

    /// Takes a click; false where no time was hit.
    pub(super) fn click<N: Key>(
        &mut self,
        sheet: &mut Sheet<N>,
        state: &State,
        at: Position,
    ) -> bool {
        let zone = fields::zone(sheet, state);
        let Some(time) = self.calendar.hit(at, &zone) else {
            return false;
        };
        self.write(sheet, time);
        sheet.focus_calendar();
        true
    }

    fn write<N: Key>(&mut self, sheet: &mut Sheet<N>, time: Zoned) {
        if let Some(field) = sheet.field_mut(Name::When.into()) {
            field.write(time);
        }
    }

    pub(super) fn shows_why(&self) -> bool {
        self.calendar.shows_why()
    }

    pub(super) fn draw<N: Key>(
        &self,
        sheet: &Sheet<N>,
        state: &State,
        canvas: &mut Canvas<'_>,
        area: Rect,
    ) {
        self.calendar.draw(&self.seen(sheet, state), canvas, area);
    }

    pub(super) fn draw_why<N: Key>(
        &self,
        sheet: &Sheet<N>,
        state: &State,
        canvas: &mut Canvas<'_>,
        area: Rect,
    ) {
        self.calendar.draw_why(
            &self.seen(sheet, state),
            self.plan.explained(),
            canvas,
            area,
        );
    }

    /// What the calendar shows.
    fn seen<'a, N: Key>(&'a self, sheet: &'a Sheet<N>, state: &State) -> Seen<'a> {
        Seen {
            chosen: fields::time(sheet),
            minutes: fields::minutes(sheet).unwrap_or(45),
            lanes: self.plan.lanes(),
            own: self.plan.own(),
            zone: fields::zone(sheet, state),
            now: state.now,
            focused: sheet.is_on_calendar(),
            stale: !state.link.is_up(),
        }
    }
}

/// The ways to fill the field in, said while nothing else is.
fn way(is_known: bool, turns: &str) -> String {
    match is_known {
        true => {
            format!("Type a time, such as thu 2pm · ↑↓ {turns} · PgUp PgDn day · F2 who and why")
        }
        false => "Type a time, such as thu 2pm, tomorrow 10:30 or 2.12. 11:30".to_owned(),
    }
}
