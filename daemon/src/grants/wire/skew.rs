//! ★ Owns how far this machine's clock is from a provider's, as the `Date` of its answers tells, and from
//! when on that matters.
//!
//! Nothing is computed with it: keys go by what the provider says they live. It explains what would look
//! contradictory otherwise, such as a code that ended before its time.

use greenroom_protocol::time::Instant;
use reqwest::header::{DATE, HeaderMap};

/// A difference that no slow answer explains (one may take twenty seconds), and that a code of five
/// minutes feels.
const TOLERANCE_SECONDS: i64 = 2 * 60;

/// How many seconds this machine's clock is ahead of the provider's; negative: behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skew(pub(crate) i64);

impl Skew {
    /// What an answer tells that came at `now`.
    pub(crate) fn of(headers: &HeaderMap, now: Instant) -> Option<Self> {
        let date = headers.get(DATE)?.to_str().ok()?;
        let date = jiff::fmt::rfc2822::parse(date).ok()?;
        Some(Self(now.second() - date.timestamp().as_second()))
    }

    /// Whether one of the two clocks is wrong, and the provider's hardly is.
    #[must_use]
    pub fn matters(self) -> bool {
        self.0.abs() > TOLERANCE_SECONDS
    }

    /// How far it is from the clock of `name`, in the largest unit that fits.
    #[must_use]
    pub fn from(self, name: &str) -> String {
        let side = if self.0 < 0 { "behind" } else { "ahead of" };
        let seconds = self.0.unsigned_abs();
        let (count, unit) = match seconds {
            0..120 => (seconds, "seconds"),
            120..7200 => (seconds / 60, "minutes"),
            7200..172_800 => (seconds / 3600, "hours"),
            _ => (seconds / 86_400, "days"),
        };
        format!("{count} {unit} {side} {name}'s")
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn skew(date: &'static str) -> Option<Skew> {
        let mut headers = HeaderMap::new();
        headers.insert(DATE, HeaderValue::from_static(date));
        // Monday, 30 November 2026, 09:00 UTC.
        Skew::of(&headers, Instant::from_second(1_796_029_200))
    }

    #[test]
    fn the_date_of_an_answer_tells_whose_clock_is_where() {
        let table = [
            ("Mon, 30 Nov 2026 09:00:00 GMT", 0, false),
            ("Mon, 30 Nov 2026 08:58:00 GMT", 120, false),
            ("Mon, 30 Nov 2026 08:57:59 GMT", 121, true),
            ("Mon, 30 Nov 2026 09:30:00 GMT", -1800, true),
        ];
        for (date, seconds, matters) in table {
            let found = skew(date).unwrap();
            assert_eq!((found, found.matters()), (Skew(seconds), matters), "{date}");
        }
        assert_eq!(skew("yesterday"), None);
        assert_eq!(Skew::of(&HeaderMap::new(), Instant::from_second(0)), None);
    }

    #[test]
    fn it_is_said_in_the_largest_unit_that_fits() {
        let table = [
            (5, "5 seconds ahead of Acme's"),
            (-1800, "30 minutes behind Acme's"),
            (-7200, "2 hours behind Acme's"),
            (400_000, "4 days ahead of Acme's"),
        ];
        for (seconds, said) in table {
            assert_eq!(Skew(seconds).from("Acme"), said);
        }
    }
}
