//! How long what failed waits, apart from every other: a renewal, and a call that a provider limits.

use greenroom_protocol::time::Instant;

/// Waits between tries of a renewal that fails for now: doubling, between these.
const FIRST_WAIT_SECONDS: i64 = 5;
pub(crate) const LONGEST_WAIT_SECONDS: i64 = 15 * 60;

/// Waits where calls are limited by the second and no time is named: doubling, between these. The
/// longest is shorter than people wait for a change to arrive.
const FIRST_LIMITED_SECONDS: i64 = 2;
const LONGEST_LIMITED_SECONDS: i64 = 5 * 60;

/// The wait after so many failures, with up to a fifth more so that connections do not try in step.
pub(crate) fn wait_seconds(failures: u32) -> i64 {
    let wait = FIRST_WAIT_SECONDS << failures.min(10);
    let wait = wait.min(LONGEST_WAIT_SECONDS);
    wait + wait * i64::from(chance()) / (5 * 255)
}

/// When a call is tried again that was refused before `until` because of too many of them, after so
/// many tries before. Where a later time was named that holds, but a limit that strikes
/// again and again is asked less and less often; with up to half more, so that what was refused in
/// one second is not all tried again in one.
#[must_use]
pub fn after_limit(until: Instant, now: Instant, attempts: u32) -> Instant {
    paced(until, now, attempts, chance())
}

fn paced(until: Instant, now: Instant, attempts: u32, chance: u8) -> Instant {
    let wait = FIRST_LIMITED_SECONDS << attempts.min(20);
    let wait = wait.min(LONGEST_LIMITED_SECONDS);
    until.max(now.plus_seconds(wait + wait * i64::from(chance) / (2 * 255)))
}

fn chance() -> u8 {
    let mut byte = [0];
    match getrandom::fill(&mut byte) {
        Ok(()) => byte[0],
        Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_quarter_of_an_hour() {
        for (failures, least) in [
            (0, 5),
            (1, 10),
            (2, 20),
            (7, 640),
            (8, 900),
            (u32::MAX, 900),
        ] {
            let wait = wait_seconds(failures);
            assert!(
                (least..=least + least / 5).contains(&wait),
                "{failures}: {wait}"
            );
        }
    }

    /// Case Z8: a limit by the second is asked 2, 4, 8 … seconds later, one that names a time then.
    #[test]
    fn a_limit_is_asked_less_and_less_often() {
        let now = Instant::from_second(1_800_014_400);
        let soon = now.plus_seconds(2);
        let midnight = now.plus_minutes(12 * 60);
        let table = [
            (soon, 0, 0, 2),
            (soon, 1, 0, 4),
            (soon, 2, 0, 8),
            (soon, 2, 255, 12),
            (soon, 7, 0, 256),
            (soon, 8, 0, 300),
            (soon, u32::MAX, 255, 450),
            (now.plus_seconds(7), 0, 255, 7),
            (now.plus_seconds(7), 3, 0, 16),
            (midnight, 0, 255, 12 * 60 * 60),
            (midnight, 9, 255, 12 * 60 * 60),
        ];
        for (until, attempts, chance, expected) in table {
            let again = paced(until, now, attempts, chance);
            assert_eq!(again.since(now).as_secs(), expected, "{attempts} {chance}");
        }
        // In 200 s of refusals a host is asked seven times, not a hundred.
        let (mut asked, mut passed) = (0, 0);
        while passed < 200 {
            passed += paced(now, now, asked, 0).since(now).as_secs();
            asked += 1;
        }
        assert_eq!(asked, 7);
    }
}
