//! A member's hours: shown to who schedules, changed by themselves or an admin.

use std::collections::BTreeMap;

use greenroom_protocol::Error;
use greenroom_protocol::availability::{
    DayHours, DayHoursChange, DayOff, DayWindow, MOST_BUFFER_MINUTES, MOST_CAP, MOST_OVERRIDES,
    MemberHours, MemberHoursQuery, MemberHoursSet,
};
use greenroom_protocol::date::Date;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::pipeline::Window;
use greenroom_protocol::time::Instant;
use jiff::{ToSpan as _, tz::TimeZone};

use crate::access::{RequestContext, Scope};
use crate::input;
use crate::records::availability::{AvailabilityRecord, CalendarHoursRecord};
use crate::records::workspace::MemberRecord;
use crate::schedule::hours::{self, is_day_window, is_window};
use crate::schedule::time;
use crate::services::Services;
use crate::store::{Revision, Tx};

/// The most stretches of one day, and of a week.
const MOST_A_DAY: usize = 8;
const MOST_WINDOWS: usize = 7 * MOST_A_DAY;

/// How far ahead days off are shown.
const SHOWN_DAYS: i32 = 366;

/// When a member works.
///
/// # Errors
/// There is no such member, or they are somebody else and the caller schedules nothing.
pub async fn member_hours(
    services: &Services,
    context: &RequestContext,
    query: MemberHoursQuery,
) -> Result<MemberHours, Error> {
    let id = named(services, context, query.member.as_deref())?;
    may_see(context, id)?;
    shown(services, context, id)
}

/// Changes when a member works.
///
/// # Errors
/// `usage` for hours that cannot be, `denied` for somebody else's but by an admin.
pub async fn set_member_hours(
    services: &Services,
    context: &RequestContext,
    request: MemberHoursSet,
) -> Result<MemberHours, Error> {
    let id = named(services, context, request.member.as_deref())?;
    context.own_or_admin(id, "change the hours")?;
    let ((member, record), _) = services
        .store
        .transact(|tx| {
            let request = &request;
            async move { write(services, context, &tx, id, request).await }
        })
        .await?;
    match request.dry_run {
        true => Ok(wire(services, context, (id, &member), &record, 0)),
        false => shown(services, context, id),
    }
}

async fn write(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    id: MemberId,
    request: &MemberHoursSet,
) -> Result<(MemberRecord, AvailabilityRecord), Error> {
    let (space, key, now) = (context.space(), id.to_string(), services.clock.now());
    // Who is removed meanwhile leaves no hours behind.
    let member = tx.get::<MemberRecord>(&space, &key).await?;
    let mut member = member.ok_or_else(|| Error::not_found("The member is gone"))?;
    let stored = tx.get::<AvailabilityRecord>(&space, &key).await?;
    if let Some(expected) = request.expected_revision {
        let revision = tx.revision_of::<AvailabilityRecord>(&space, &key).await?;
        if revision.unwrap_or(Revision(0)) != Revision(expected) {
            let why = format!("{}'s hours were changed by someone else", member.name);
            return Err(Error::conflict(why).hint("look at them again, then decide"));
        }
    }
    let mut fields = Vec::new();
    let calendar = match &stored {
        Some(stored) if stored.hours.is_some() => None,
        _ => tx.get::<CalendarHoursRecord>(&space, &key).await?,
    };
    let theirs = match (&request.hours, &calendar) {
        // Hours that were shown by their calendar's clock are set by it.
        (Edit::Set(_), Some(calendar)) => Some(&calendar.working.zone),
        _ => None,
    };
    if let Some(zone) = request.zone.as_ref().or(theirs) {
        let zone = input::zone("zone", zone)?;
        if zone != member.zone {
            member.zone = zone;
            fields.push("zone");
        }
    }
    let before = stored.clone().unwrap_or_default();
    let today = today(&member, now);
    let record = changed(before.clone(), request, today)?;
    fields.extend(differing(&before, &record));
    if request.dry_run || fields.is_empty() {
        return Ok((member, record));
    }
    if fields.contains(&"zone") {
        tx.put(&space, &key, &member)?;
    }
    match (stored.is_some(), record == AvailabilityRecord::default()) {
        (true, true) => tx.delete::<AvailabilityRecord>(&space, &key)?,
        (false, true) => {}
        (_, false) => tx.put(&space, &key, &record)?,
    }
    context.audit(tx, now, id, &fields, &[])?;
    Ok((member, record))
}

/// The record after a change.
fn changed(
    mut record: AvailabilityRecord,
    request: &MemberHoursSet,
    today: Date,
) -> Result<AvailabilityRecord, Error> {
    match &request.hours {
        Edit::Keep => {}
        Edit::Clear => record.hours = None,
        Edit::Set(windows) => record.hours = Some(week(windows)?),
    }
    for change in &request.overrides {
        match day(change)? {
            Some(windows) => record.overrides.insert(change.date, windows),
            None => record.overrides.remove(&change.date),
        };
    }
    if record.overrides.len() > MOST_OVERRIDES {
        // What has passed decides nothing any more.
        record.overrides = record.overrides.split_off(&today);
    }
    if record.overrides.len() > MOST_OVERRIDES {
        let why = format!("At most {MOST_OVERRIDES} days can differ from the usual week");
        return Err(Error::usage(why).field("overrides"));
    }
    let buffer = |field, minutes: Option<u32>, before| match minutes {
        Some(minutes) if minutes > MOST_BUFFER_MINUTES => {
            let why = format!("A buffer has at most {MOST_BUFFER_MINUTES} minutes");
            Err(Error::usage(why).field(field))
        }
        minutes => Ok(minutes.unwrap_or(before)),
    };
    let cap = |field, most: Option<u32>, before| match most {
        Some(most) if most > MOST_CAP => {
            let why = format!("A limit has at most {MOST_CAP} interviews; 0 is no limit");
            Err(Error::usage(why).field(field))
        }
        most => Ok(most.unwrap_or(before)),
    };
    let (before, after) = (request.buffer_before_minutes, request.buffer_after_minutes);
    record.buffer_before = buffer("buffer_before_minutes", before, record.buffer_before)?;
    record.buffer_after = buffer("buffer_after_minutes", after, record.buffer_after)?;
    record.cap_day = cap("cap_day", request.cap_day, record.cap_day)?;
    record.cap_week = cap("cap_week", request.cap_week, record.cap_week)?;
    Ok(record)
}

/// The windows of a week, the days of each in order.
fn week(windows: &[Window]) -> Result<Vec<Window>, Error> {
    if !windows.iter().all(is_window) {
        let why = "Hours need days from 1 to 7, and end after they begin on the same day";
        return Err(Error::usage(why).field("hours"));
    }
    if windows.len() > MOST_WINDOWS {
        let why = format!("A week has at most {MOST_WINDOWS} stretches of hours");
        return Err(Error::usage(why).field("hours"));
    }
    let mut windows = windows.to_vec();
    for window in &mut windows {
        window.days.sort_unstable();
        window.days.dedup();
    }
    windows.sort_by_key(|it| (it.days.clone(), it.from_minute, it.to_minute));
    windows.dedup();
    Ok(windows)
}

/// The windows of one day; `None`: as usual.
fn day(change: &DayHoursChange) -> Result<Option<Vec<DayWindow>>, Error> {
    let Some(windows) = &change.hours else {
        return Ok(None);
    };
    let fits = |it: &DayWindow| is_day_window(it.from_minute, it.to_minute);
    if !windows.iter().all(fits) || windows.len() > MOST_A_DAY {
        let why = format!(
            "The hours of {} end after they begin on that day, and are at most {MOST_A_DAY} stretches",
            change.date
        );
        return Err(Error::usage(why).field("overrides"));
    }
    let mut windows = windows.clone();
    windows.sort_unstable();
    windows.dedup();
    Ok(Some(windows))
}

/// The names of what differs, as the contract has them.
fn differing(before: &AvailabilityRecord, after: &AvailabilityRecord) -> Vec<&'static str> {
    let all = [
        ("hours", before.hours != after.hours),
        ("overrides", before.overrides != after.overrides),
        (
            "buffer_before_minutes",
            before.buffer_before != after.buffer_before,
        ),
        (
            "buffer_after_minutes",
            before.buffer_after != after.buffer_after,
        ),
        ("cap_day", before.cap_day != after.cap_day),
        ("cap_week", before.cap_week != after.cap_week),
    ];
    let differ = all.into_iter().filter(|(_, differs)| *differs);
    differ.map(|(name, _)| name).collect()
}

/// The member named, else the caller.
fn named(
    services: &Services,
    context: &RequestContext,
    text: Option<&str>,
) -> Result<MemberId, Error> {
    let Some(text) = text else {
        let me = context.member();
        return me.map(|me| me.brief.id).map_err(|it| it.field("member"));
    };
    let found = services.index.find_member(context.workspace, text);
    found.map_err(|error| Error::from(error).field("member"))
}

/// Who schedules sees everybody's.
fn may_see(context: &RequestContext, id: MemberId) -> Result<(), Error> {
    let schedules = matches!(context.scope(), Scope::All | Scope::Jobs(..));
    let own = context.me().is_some_and(|me| me.brief.id == id);
    match schedules || own || context.is_admin() {
        true => Ok(()),
        false => Err(Error::denied(
            "not permitted: only those who schedule see the hours of others",
        )),
    }
}

fn shown(
    services: &Services,
    context: &RequestContext,
    id: MemberId,
) -> Result<MemberHours, Error> {
    let row = services.index.member(context.workspace, id);
    let member = row.ok_or_else(|| Error::not_found("The member is gone"))?;
    let row = services.index.availability(context.workspace, id);
    let revision = row.as_ref().map_or(0, |row| row.revision);
    let record = row.map(|row| row.record).unwrap_or_default();
    let member = (id, &*member.record);
    Ok(wire(services, context, member, &record, revision))
}

fn wire(
    services: &Services,
    context: &RequestContext,
    (id, member): (MemberId, &MemberRecord),
    record: &AvailabilityRecord,
    revision: u64,
) -> MemberHours {
    let calendar = match record.hours {
        Some(_) => None,
        None => services.index.calendar_hours(context.workspace, id),
    };
    let calendar = calendar.map(|row| row.record);
    let today = today(member, services.clock.now());
    let last = today.civil().saturating_add(SHOWN_DAYS.days()).into();
    let mut off = services
        .index
        .days_off_for(context.workspace, id, (today, last));
    off.retain(|date, _| !record.overrides.contains_key(date));
    let day_off = |(date, label)| DayOff {
        date,
        label: Some(label),
    };
    MemberHours {
        member: member.brief(id),
        zone: match &calendar {
            Some(calendar) => calendar.working.zone.clone(),
            None => member.zone.clone(),
        },
        hours: match (&record.hours, &calendar) {
            (Some(set), _) => set.clone(),
            (None, Some(calendar)) => calendar.working.hours.clone(),
            (None, None) => vec![hours::assumed()],
        },
        assumed: record.hours.is_none() && calendar.is_none(),
        from_calendar: calendar.map(|it| it.provider),
        overrides: days(&record.overrides),
        buffer_before_minutes: record.buffer_before,
        buffer_after_minutes: record.buffer_after,
        cap_day: record.cap_day,
        cap_week: record.cap_week,
        days_off: off.into_iter().map(day_off).collect(),
        revision,
    }
}

fn days(overrides: &BTreeMap<Date, Vec<DayWindow>>) -> Vec<DayHours> {
    let day = |(date, hours): (&Date, &Vec<DayWindow>)| DayHours {
        date: *date,
        hours: hours.clone(),
    };
    overrides.iter().map(day).collect()
}

/// The present day where a member is.
fn today(member: &MemberRecord, now: Instant) -> Date {
    let zone = time::zone(&member.zone).unwrap_or(TimeZone::UTC);
    now.timestamp().to_zoned(zone).date().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn set(overrides: Vec<DayHoursChange>) -> MemberHoursSet {
        MemberHoursSet {
            overrides,
            ..MemberHoursSet::default()
        }
    }

    /// One day after the other.
    fn off(first: &str, count: usize) -> Vec<DayHoursChange> {
        let days = std::iter::successors(Some(date(first)), |it| Some(it.next()));
        let change = |date| DayHoursChange {
            date,
            hours: Some(Vec::new()),
        };
        days.take(count).map(change).collect()
    }

    #[test]
    fn days_that_have_passed_make_room_for_new_ones_and_only_then() {
        let today = date("2026-11-30");
        let record = changed(
            AvailabilityRecord::default(),
            &set(off("2026-11-29", 400)),
            today,
        );
        let record = record.unwrap();
        assert_eq!(record.overrides.len(), 400);
        let more = changed(record.clone(), &set(off("2028-01-03", 1)), today).unwrap();
        assert_eq!(more.overrides.len(), 400);
        assert!(!more.overrides.contains_key(&date("2026-11-29")));
        let refused = changed(more, &set(off("2028-01-04", 1)), today).unwrap_err();
        assert_eq!(refused.field.as_deref(), Some("overrides"));
    }

    #[test]
    fn a_week_is_kept_in_order_and_what_cannot_be_is_refused() {
        let window = |days: &[u8], from_minute, to_minute| Window {
            days: days.to_vec(),
            from_minute,
            to_minute,
        };
        let kept = week(&[window(&[5, 1, 5], 780, 1020), window(&[1, 5], 540, 720)]).unwrap();
        assert_eq!(
            kept,
            [window(&[1, 5], 540, 720), window(&[1, 5], 780, 1020)]
        );
        for wrong in [
            window(&[], 540, 720),
            window(&[0], 540, 720),
            window(&[8], 540, 720),
            window(&[1], 720, 720),
            window(&[1], 720, 1441),
        ] {
            let refused = week(&[wrong]).unwrap_err();
            assert_eq!(refused.field.as_deref(), Some("hours"));
        }
    }
}
