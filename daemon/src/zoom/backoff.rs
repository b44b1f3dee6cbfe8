//! How long a renewal that failed waits, apart from every other.

/// Waits between tries of a renewal that fails for now: doubling, between these.
const FIRST_WAIT_SECONDS: i64 = 5;
pub(crate) const LONGEST_WAIT_SECONDS: i64 = 15 * 60;

/// The wait after so many failures, with up to a fifth more so that connections do not try in step.
pub(crate) fn wait_seconds(failures: u32) -> i64 {
    let wait = FIRST_WAIT_SECONDS << failures.min(10);
    let wait = wait.min(LONGEST_WAIT_SECONDS);
    let mut byte = [0];
    let jitter = match getrandom::fill(&mut byte) {
        Ok(()) => wait * i64::from(byte[0]) / (5 * 255),
        Err(_) => 0,
    };
    wait + jitter
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
}
