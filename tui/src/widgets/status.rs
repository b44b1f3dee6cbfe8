//! Signs of work in progress.

use std::time::Duration;

/// How long work may take before it is shown to be under way.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

/// How often a spinner turns, and so how often the screen is drawn while one is visible.
pub(crate) const TURN: Duration = Duration::from_millis(125);

/// The spinner's sign after that long; none before [`PATIENCE`] is over. Plain ASCII, so it turns
/// everywhere.
pub(crate) fn spinner(waited: Duration) -> Option<&'static str> {
    const SIGNS: [&str; 4] = ["|", "/", "-", "\\"];
    let turning = waited.checked_sub(PATIENCE)?;
    let turns = turning.as_millis() / TURN.as_millis();
    Some(SIGNS[(turns % 4) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_work_shows_no_spinner() {
        assert_eq!(spinner(Duration::from_millis(1_999)), None);
        assert_eq!(spinner(PATIENCE), Some("|"));
        assert_eq!(spinner(PATIENCE + TURN), Some("/"));
    }
}
