//! Choosing a time: what the forms that schedule share.
//!
//! Owns the way from what stands in the time field to a time: written by a person and read by the
//! daemon, walked to in the calendar from one time that works to the next, or the best one for
//! everyone. Invariant: what is booked is the text together with the time that is shown beside it,
//! and nothing is sent before that time is known; what was pressed means the same however fast the
//! daemon answers. `C` is the call that is judged while the form is filled in.

pub(super) mod fields;
mod free;
mod marks;
pub(super) mod plan;
mod reading;
mod seek;
mod steps;

use greenroom_protocol::Error;
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::outreach::{OutreachPropose, Proposed};
use greenroom_protocol::schedule::{ExplainQuery, Planned, Slot, Slots, TimeRead};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use ratatui::layout::{Position, Rect};

use self::fields::{Key, Name};
use self::free::{Free, Leads};
use self::marks::Marks;
use self::plan::Plan;
use self::reading::Reader;
use self::seek::{Seek, Wish};
use self::steps::Steps;
use super::calendar::{self, Calendar, Seen, Step};
use crate::forms::draw::entry_cells;
use crate::forms::sheet::{Field, Note, Sheet};
use crate::forms::{Ask, unexpected};
use crate::keys::Command;
use crate::state::State;
use crate::theme;
use crate::widgets::{Canvas, times};

/// What a form knows of its time beside its fields.
#[derive(Debug)]
pub(super) struct Timing<C> {
    pub(super) plan: Plan<C>,
    reader: Reader,
    seek: Seek,
    free: Free,
    steps: Steps,
    marks: Marks,
    calendar: Calendar,
    /// Why it was refused as it stands there; with the text that was.
    refused: Option<(String, String)>,
    /// The zone that the text was read in.
    zone: String,
    /// The time that was put to be judged last.
    judged: Option<Instant>,
    now: Timestamp,
}

/// What a form would schedule.
pub(super) struct Subject<C> {
    /// With whom and how long, as it stands in the form.
    pub(super) planned: Planned,
    /// Times are looked for with the people that the stage's panel comes to at each of them.
    pub(super) by_panel: bool,
    /// The call to be judged; `None` where nothing stands there that could be.
    pub(super) call: Option<C>,
    /// The request that judges it.
    pub(super) judge: fn(C) -> Q,
    /// The zone of the candidate.
    pub(super) there: Option<String>,
    /// What marked times would be proposed with; `None`: none are.
    pub(super) proposal: Option<OutreachPropose>,
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
            seek: Seek::default(),
            free: Free::default(),
            steps: Steps::default(),
            marks: Marks::default(),
            calendar: Calendar::default(),
            refused: None,
            zone: String::new(),
            judged: None,
            now: Timestamp::UNIX_EPOCH,
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
        self.now = state.now;
        self.step(sheet, &zone, state.link.is_up());
        let minutes = fields::minutes(sheet).unwrap_or(45);
        let focused = sheet.is_on(Name::When.into());
        let this_year = times::at(state.now, &zone).year();
        let entry = entry_cells(state.size.0, self.calendar.shows_why());
        let cells = fields::cells_beside(entry);
        let rows_of_always = u16::try_from(always.len()).unwrap_or(0);
        let Some(input) = sheet.time_mut(Name::When.into()) else {
            return;
        };
        let looks = self.seek.is_asked() && self.seek.is_looking(input) && state.link.is_up();
        input.waits_for(match looks {
            true => "looking for the best time…",
            false => "",
        });
        input.awaits(self.reader.is_reading(input) || self.seek.is_awaited(input));
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
        notes.extend(self.seek.note(input));
        let now = input.time().map(|time| Instant::from(time.timestamp()));
        // While the daemon is away, what was said of another time says nothing about this one.
        if state.link.is_up() || self.judged == now {
            notes.extend(self.plan.notes(state.link.is_up()));
        }
        // What has no room is what matters least.
        notes.sort_by_key(Note::is_no_error);
        notes.extend(always);
        let best = self.seek.is_best(input);
        let reserved = fields::reserved(state.size.1) + rows_of_always;
        if notes.is_empty() && (focused || best) {
            let known = input.time().map(|_| input.turns());
            notes.push(Note::Hint(way(known.filter(|_| focused), best)));
        } else if best && Field::lines(&notes, entry) < usize::from(reserved) {
            notes.push(Note::Hint(way(None, true)));
        }
        let Some(field) = sheet.field_mut(Name::When.into()) else {
            return;
        };
        field.aside = aside.or_else(|| (!looks).then(String::new));
        field.reserved = Some(reserved);
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
        // Who is chosen from a panel is chosen for each time anew.
        let searched = Planned {
            with: match subject.by_panel {
                true => Vec::new(),
                false => planned.with.clone(),
            },
            ..planned.clone()
        };
        let searched = has_people.then_some(searched);
        let why = input.time().filter(|_| self.calendar.shows_why());
        let why = why
            .zip(searched.clone())
            .map(|(time, planned)| ExplainQuery {
                planned,
                start: time.timestamp().to_string(),
                locale: None,
            });
        let monday = self.calendar.monday(times::at(state.now, &zone).date());
        let knows_why = state
            .link
            .hello()
            .is_some_and(|it| it.protocol >= TimeRead::SINCE);
        let seen = match knows_why {
            true => planned,
            // An earlier daemon takes no question about whom times are looked for.
            false => Planned {
                job: None,
                interview: None,
                ..planned
            },
        };
        self.judged = input.time().map(|time| time.timestamp().into());
        let asks = [
            self.reader.ask(input, read),
            self.seek.ask(input, searched.clone()),
            self.free.ask(searched.as_ref(), monday, &zone),
            self.plan.ask_to_judge(subject.call, subject.judge),
            self.plan.ask_to_see(&seen, monday, &zone),
            self.plan.ask_why(why),
            self.marks.ask(subject.proposal),
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
            (Ask::Seek, reply, Some(input)) => {
                let before = input.value().to_owned();
                self.seek.take(input, &zone, slots(reply));
                self.steps.follow(&before, input.value());
            }
            (Ask::Free, reply, _) => self.free.take(slots(reply)),
            (Ask::Mark, reply, _) => self.marks.take(proposed(reply)),
            (_, reply, _) => self.plan.take(reply),
        }
        self.step(sheet, &zone, true);
    }

    /// The time that stands there as one that works for everyone, where it is known to.
    pub(super) fn slot<N: Key>(&self, sheet: &Sheet<N>) -> Option<&Slot> {
        let start = fields::time(sheet)?.timestamp().into();
        let of_seek = || self.seek.slot().filter(|slot| slot.start == start);
        self.free.at(start).or_else(of_seek)
    }

    /// Whether the time is not known before the daemon has answered.
    pub(super) fn waits<N: Key>(&self, sheet: &Sheet<N>) -> bool {
        let input = sheet.time(Name::When.into());
        input.is_some_and(|it| {
            let steps = self.steps.next(it.value()).is_some();
            self.reader.is_reading(it) || self.seek.is_looking(it) || steps
        })
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
        self.seek.invalidate();
        self.free.invalidate();
        self.marks.invalidate();
    }

    /// Moves in the calendar; false when the command does not.
    pub(super) fn walk<N: Key>(
        &mut self,
        sheet: &mut Sheet<N>,
        state: &State,
        command: Command,
    ) -> bool {
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
                self.want(sheet, Wish::First);
                return true;
            }
            (Command::BestTime, true) => {
                self.want(sheet, Wish::Best);
                return true;
            }
            (Command::Enter, true) => {
                sheet.focus_button();
                return true;
            }
            (_, true) if self.calendar.read_on(command) => return true,
            _ => {}
        }
        let Some(step) = calendar::step(command) else {
            return false;
        };
        self.marks.calm();
        if let Some(input) = sheet.time(Name::When.into()) {
            self.steps.push(step, input.value());
        }
        self.step(sheet, &fields::zone(sheet, state), state.link.is_up());
        true
    }

    fn want<N: Key>(&mut self, sheet: &Sheet<N>, wish: Wish) {
        if let Some(input) = sheet.time(Name::When.into()) {
            self.steps = Steps::default();
            self.seek.want(wish, input);
        }
    }

    /// Makes the steps that were pressed, as far as it is known where they lead.
    fn step<N: Key>(&mut self, sheet: &mut Sheet<N>, zone: &TimeZone, is_up: bool) {
        while let Some(input) = sheet.time(Name::When.into())
            && let Some(step) = self.steps.next(input.value())
        {
            let sought = is_up && self.seek.is_asked() && self.seek.is_looking(input);
            if self.reader.is_reading(input) || sought || is_up && self.seek.is_wanted(input) {
                return;
            }
            let Some(at) = input.time().cloned() else {
                if step == Step::Mark {
                    self.steps.made();
                    continue;
                }
                let now = times::at(self.now, zone);
                self.steps.made();
                self.walk_to(sheet, self.calendar.beginning(&now));
                continue;
            };
            let to = match step {
                Step::Mark => {
                    self.steps.made();
                    self.marks.toggle(&at, self.now);
                    continue;
                }
                Step::ByHand(turn) => calendar::turned(&at, turn),
                Step::Free(way) => match self.free.leads(&at, way, is_up) {
                    Leads::To(time) => time,
                    Leads::Nowhere => calendar::turned(&at, way.by_hand()),
                    Leads::Later => return,
                    Leads::Beyond(moment) => {
                        self.steps.made();
                        let wish = match way.is_forward() {
                            true => Wish::After(moment),
                            false => Wish::Before(moment),
                        };
                        self.seek.want(wish, input);
                        return;
                    }
                },
            };
            self.steps.made();
            self.walk_to(sheet, to);
        }
    }

    /// Writes the time that a step leads to; what was pressed behind it goes on from there.
    fn walk_to<N: Key>(&mut self, sheet: &mut Sheet<N>, time: Zoned) {
        let before = sheet
            .time(Name::When.into())
            .map(|it| it.value().to_owned());
        self.write(sheet, time);
        if let (Some(before), Some(input)) = (before, sheet.time(Name::When.into())) {
            self.steps.follow(&before, input.value());
        }
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
        let Some((time, minutes)) = self.calendar.hit(at, &zone) else {
            return false;
        };
        // Of what the cell stands for, the time that works.
        let works = self.free.within(time.timestamp().into(), minutes.into());
        let works = works.map(|slot| slot.start.timestamp().to_zoned(zone));
        self.write(sheet, works.unwrap_or(time));
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

    /// The marked times, in order.
    fn marked(&self, zone: &TimeZone) -> Vec<Zoned> {
        let starts = self.marks.starts().into_iter();
        starts.map(|it| times::at(it.timestamp(), zone)).collect()
    }

    /// How many times are marked.
    pub(super) fn count_marked(&self) -> usize {
        self.marks.count()
    }

    /// Whether the time that stands there is marked.
    pub(super) fn is_marked<N: Key>(&self, sheet: &Sheet<N>) -> bool {
        let time = fields::time(sheet);
        time.is_some_and(|time| self.marks.is_marked(time.timestamp().into()))
    }

    /// What is to be proposed: the marked times, beside what `proposal` has.
    pub(super) fn proposal(&self, proposal: OutreachPropose) -> OutreachPropose {
        let starts = self.marks.starts().into_iter();
        OutreachPropose {
            slots: starts.map(|it| it.to_string()).collect(),
            ..proposal
        }
    }

    /// Draws the list of marked times, or why one is not; false where there is nothing to say.
    pub(super) fn draw_marked<N: Key>(
        &self,
        sheet: &Sheet<N>,
        state: &State,
        canvas: &mut Canvas<'_>,
        line: Rect,
    ) -> bool {
        let zone = fields::zone(sheet, state);
        if let Some(why) = self.marks.refusal(&zone, state.now) {
            canvas.text(line, &why, theme::BAD);
            return true;
        }
        let Some(list) = self.marks.list(&zone, state.now, line.width.into()) else {
            return false;
        };
        canvas.text(line, &list, theme::SELECTED);
        true
    }

    /// What the calendar shows.
    fn seen<'a, N: Key>(&'a self, sheet: &'a Sheet<N>, state: &State) -> Seen<'a> {
        let zone = fields::zone(sheet, state);
        Seen {
            chosen: fields::time(sheet),
            minutes: fields::minutes(sheet).unwrap_or(45),
            lanes: self.plan.lanes(),
            free: self.free.slots(),
            marks: self.marked(&zone),
            sources: self.free.sources(),
            own: self.plan.own(),
            zone,
            now: state.now,
            focused: sheet.is_on_calendar(),
            stale: !state.link.is_up(),
        }
    }
}

/// What a dry run of a proposal came to, whatever the answer is to.
fn proposed(reply: Result<R, Error>) -> Result<Proposed, Error> {
    match reply {
        Ok(R::OutreachPropose(proposed)) => proposed,
        Ok(_) => Err(unexpected()),
        Err(error) => Err(error),
    }
}

/// The slots in an answer, whatever it is to.
fn slots(reply: Result<R, Error>) -> Result<Slots, Error> {
    match reply {
        Ok(R::Slots(slots)) => slots,
        Ok(_) => Err(unexpected()),
        Err(error) => Err(error),
    }
}

/// The ways to fill the field in, said while nothing else is; `turns` is what the arrows turn, where
/// they do.
fn way(turns: Option<&str>, is_best: bool) -> String {
    match (turns, is_best) {
        (Some(turns), true) => {
            format!("The best time for everyone. Or type one: thu 2pm · ↑↓ {turns} · F2 why")
        }
        (Some(turns), false) => {
            format!("Type a time, such as thu 2pm · ↑↓ {turns} · PgUp PgDn day · F2 who and why")
        }
        (None, true) => "The best time for everyone · F2 who and why".to_owned(),
        (None, false) => "Type a time, such as thu 2pm, tomorrow 10:30 or 2.12. 11:30".to_owned(),
    }
}
