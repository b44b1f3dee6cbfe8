//! Which reminder is due. Pure.
//!
//! A reminder is so many minutes of time before the start: 24 hours before a Sunday's interview may
//! be another hour of Saturday's clock where clocks change in between.

use greenroom_protocol::time::Instant;

/// A reminder that is so late, in minutes, is dropped where the next one is as near: two letters at
/// once help nobody.
const LATE_MINUTES: i64 = 15;

/// The moment so many minutes before a start.
fn moment(start: Instant, minutes: u32) -> Instant {
    start.plus_minutes(-i64::from(minutes))
}

/// The moment of the next reminder, of which people get these, in minutes before the start.
pub(super) fn next(start: Instant, minutes: &[u32], now: Instant) -> Option<Instant> {
    let moments = minutes.iter().map(|minutes| moment(start, *minutes));
    moments.filter(|moment| *moment > now).min()
}

/// Which reminder is to be given now, by its minutes before the start, where none was looked for
/// since `since`. Of several whose moment has come the latest; those before it are dropped.
pub(super) fn due(start: Instant, minutes: &[u32], since: Instant, now: Instant) -> Option<u32> {
    if now >= start {
        return None;
    }
    let has_come = |minutes: &u32| (since..=now).contains(&moment(start, *minutes));
    let due = minutes.iter().copied().filter(has_come).min()?;
    let late = moment(start, due).plus_minutes(LATE_MINUTES) <= now;
    let soon = now.plus_minutes(LATE_MINUTES);
    let near = next(start, minutes, now).is_some_and(|next| next < soon);
    (!(late && near)).then_some(due)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: i64 = 1_800_000_000;

    fn before(minutes: i64) -> Instant {
        Instant::from_second(START).plus_minutes(-minutes)
    }

    fn start() -> Instant {
        Instant::from_second(START)
    }

    #[test]
    fn each_is_due_at_its_time_and_a_late_one_until_the_next_is_near() {
        let usual = [1440, 60];
        for (since, now, expected) in [
            (1440, 1441, None),
            (1440, 1440, Some(1440)),
            // The daemon was down.
            (1440, 600, Some(1440)),
            (1440, 75, Some(1440)),
            (1440, 74, None),
            (1440, 60, Some(60)),
            (60, 60, Some(60)),
            (60, 1, Some(60)),
            (60, 0, None),
            (60, -10, None),
            // It was given, or its moment had come before anybody wanted it.
            (1439, 600, None),
        ] {
            let found = due(start(), &usual, before(since), before(now));
            assert_eq!(found, expected, "{now} after {since}");
        }
        for (now, expected) in [(1441, Some(1440)), (1440, Some(60)), (60, None), (0, None)] {
            let found = next(start(), &usual, before(now));
            assert_eq!(found, expected.map(before), "{now}");
        }
        // Two that are near each other on purpose both come.
        assert_eq!(due(start(), &[10, 5], before(10), before(10)), Some(10));
        assert_eq!(due(start(), &[10, 5], before(5), before(5)), Some(5));
        assert_eq!(due(start(), &[], before(60), before(60)), None);
    }

    proptest! {
        #[test]
        fn going_from_moment_to_moment_meets_each_once(
            mut reminders in proptest::collection::vec(5u32..20_160, 0..5),
            from in 0i64..30_000,
        ) {
            reminders.sort_unstable();
            reminders.dedup();
            let (mut met, mut now) = (Vec::new(), before(from));
            while let Some(then) = next(start(), &reminders, now) {
                prop_assert!(then > now);
                now = then;
                met.extend(due(start(), &reminders, then, now));
            }
            let to_come = reminders.iter().rev().filter(|it| i64::from(**it) < from).copied();
            prop_assert_eq!(met, to_come.collect::<Vec<_>>());
        }
    }
}
