//! When a member works, and how many interviews they should have.
//!
//! Invariant: what the person did not change stays as it is stored, but for hours that are only
//! assumed: saving the form sets them, as they stand there.

use greenroom_protocol::Error;
use greenroom_protocol::availability::{
    MOST_BUFFER_MINUTES, MOST_CAP, MemberHours, MemberHoursSet,
};
use greenroom_protocol::edit::Edit;
use greenroom_protocol::pipeline::Window;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use jiff::civil::Date;

use crate::forms::fill::{changed, line, maybe, number, zones};
use crate::forms::sheet::{Entry, Field, Sheet};
use crate::forms::{About, Answered, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::state::undo::{SavedBack, Undo};
use crate::typed::hours;
use crate::widgets::times;

/// Days off that are named beside the days that differ.
const NAMED: usize = 2;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Week,
    Zone,
    Days,
    Before,
    After,
    CapDay,
    CapWeek,
}

/// The form, and the hours as they were when it was opened.
#[derive(Debug)]
pub(crate) struct Hours(Option<MemberHours>);

impl FormType for Hours {
    type Name = Name;

    const DOING: &'static str = "saving the hours";

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let sheet = Sheet::new(Vec::new());
        let mut form = Frame::new(subject, "Hours", "Save", sheet, Self(None));
        Self::refresh(&mut form, state);
        form
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        let id = form.subject.parse().ok().filter(|_| form.own.0.is_none());
        let Some(known) = id.and_then(|id| state.cache.hours.get(&id)) else {
            return;
        };
        form.title = format!("Hours · {}", known.member.name);
        form.sheet = Sheet::new(fields(known, times::at(state.now, &state.zone()).date()));
        form.revision = Some(known.revision);
        form.own = Self(Some(known.clone()));
    }

    fn about(form: &Frame<Self>) -> About {
        About {
            hours: form.subject.parse().ok(),
            ..About::default()
        }
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "hours" => Name::Week,
            "zone" => Name::Zone,
            "overrides" => Name::Days,
            "buffer_before_minutes" => Name::Before,
            "buffer_after_minutes" => Name::After,
            "cap_day" => Name::CapDay,
            "cap_week" => Name::CapWeek,
            _ => return None,
        })
    }

    fn send(form: &mut Frame<Self>, _state: &State) -> Option<Send> {
        let known = form.own.0.as_ref()?;
        let (stored, assumed) = (known.overrides.clone(), known.assumed);
        let sheet = &mut form.sheet;
        let week = match assumed || sheet.is_changed(Name::Week) {
            true => week(sheet),
            false => Some(Edit::Keep),
        };
        let days = changed(sheet, Name::Days, |sheet| {
            let days = hours::overrides(sheet.text(Name::Days));
            days.map_err(|why| sheet.refuse(Name::Days, &why)).ok()
        });
        let before = changed(sheet, Name::Before, |sheet| minutes(sheet, Name::Before));
        let after = changed(sheet, Name::After, |sheet| minutes(sheet, Name::After));
        let cap_day = changed(sheet, Name::CapDay, |sheet| cap(sheet, Name::CapDay));
        let cap_week = changed(sheet, Name::CapWeek, |sheet| cap(sheet, Name::CapWeek));
        let set = MemberHoursSet {
            member: Some(form.subject.clone()),
            zone: maybe(sheet.chosen(Name::Zone)).filter(|_| sheet.is_changed(Name::Zone)),
            hours: week?,
            overrides: days?.map_or_else(Vec::new, |days| hours::changed(&stored, &days)),
            buffer_before_minutes: before?,
            buffer_after_minutes: after?,
            cap_day: cap_day?,
            cap_week: cap_week?,
            expected_revision: form.revision,
            dry_run: false,
        };
        Some(Send::Call(Box::new(Q::MemberHoursSet { set })))
    }

    fn answered(form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::MemberHoursSet(done) = reply else {
            return Err(unexpected());
        };
        let after = done?;
        let name = &after.member.name;
        let words = format!("Hours of {name} saved");
        let Some(before) = &form.own.0 else {
            return Ok(Answered::Done(words));
        };
        let undo = Undo::Saved {
            name: format!("hours of {name}"),
            call: Box::new(SavedBack::Hours(back(before, &after))),
        };
        Ok(Answered::Undoable(words, undo))
    }
}

/// What makes hours as they were before, unless somebody changed them since.
fn back(before: &MemberHours, after: &MemberHours) -> MemberHoursSet {
    let week = match before.assumed {
        true => Edit::Clear,
        false => Edit::Set(before.hours.clone()),
    };
    MemberHoursSet {
        member: Some(before.member.id.to_string()),
        zone: Some(before.zone.clone()).filter(|zone| *zone != after.zone),
        hours: week,
        overrides: hours::changed(&after.overrides, &before.overrides),
        buffer_before_minutes: Some(before.buffer_before_minutes),
        buffer_after_minutes: Some(before.buffer_after_minutes),
        cap_day: Some(before.cap_day),
        cap_week: Some(before.cap_week),
        expected_revision: Some(after.revision),
        dry_run: false,
    }
}

fn fields(known: &MemberHours, today: Date) -> Vec<(Name, Field)> {
    let shown = match hours::week_shown(&known.hours) {
        week if week.is_empty() => "none".to_owned(),
        week => week,
    };
    let hint = match (known.assumed, known.from_calendar) {
        (true, _) => "Assumed: nobody has set them. Saving sets them as they stand here".to_owned(),
        (false, Some(provider)) => {
            let name = provider.name();
            format!("From their calendar at {name}. What is set here goes before it")
        }
        (false, None) => "Such as mon-thu 9-12,13-17; fri 9-13, or none".to_owned(),
    };
    let week = line("Week", &shown).hint(&hint);
    let lines: Vec<_> = hours::overrides_shown(&known.overrides)
        .into_iter()
        .map(|(dates, hours)| format!("{dates} {hours}"))
        .collect();
    let days = Field::new("Other days", Entry::area(&lines.join("\n")));
    let days = days.hint(&beside(known, today));
    let minutes = |label, minutes: u32| line(label, &minutes.to_string()).unit("min");
    let cap = |label, most: u32| line(label, &most.to_string()).unit("0 = no limit");
    vec![
        (Name::Week, week),
        (
            Name::Zone,
            Field::new("Time zone", zones(Some(&known.zone))),
        ),
        (Name::Days, days),
        (
            Name::Before,
            minutes("Buffer before", known.buffer_before_minutes),
        ),
        (
            Name::After,
            minutes("Buffer after", known.buffer_after_minutes),
        ),
        (Name::CapDay, cap("Max per day", known.cap_day)),
        (Name::CapWeek, cap("Max per week", known.cap_week)),
    ]
}

/// How a day is written, and the days off that count already.
fn beside(known: &MemberHours, today: Date) -> String {
    let how = "A line each: 2026-12-24 off, or 2026-12-28..2026-12-30 9-12";
    let off: Vec<_> = known
        .days_off
        .iter()
        .take(NAMED)
        .map(|it| times::day(it.date.civil(), today))
        .collect();
    let more = known.days_off.len().saturating_sub(NAMED);
    match (off.is_empty(), more) {
        (true, _) => how.to_owned(),
        (false, 0) => format!("{how}. Days off: {}", off.join(", ")),
        (false, more) => format!("{how}. Days off: {} and {more} more", off.join(", ")),
    }
}

fn week(sheet: &mut Sheet<Name>) -> Option<Edit<Vec<Window>>> {
    let text = sheet.text(Name::Week).trim().to_owned();
    match &*text {
        "none" => Some(Edit::Set(Vec::new())),
        "assumed" => Some(Edit::Clear),
        text => {
            let week = hours::week(text);
            let week = week.map_err(|why| sheet.refuse(Name::Week, &why)).ok();
            week.map(Edit::Set)
        }
    }
}

fn minutes(sheet: &mut Sheet<Name>, name: Name) -> Option<u32> {
    number(sheet, name, 0, MOST_BUFFER_MINUTES)
}

fn cap(sheet: &mut Sheet<Name>, name: Name) -> Option<u32> {
    number(sheet, name, 0, MOST_CAP)
}
