//! A night as people write it: `21:00-07:00`, `9pm-7am`, or `off`.

use std::fmt;
use std::str::FromStr;

use greenroom_protocol::pipeline::{Night, NightHours};

use super::hours;

/// A [`Night`], to type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TypedNight(pub(crate) Night);

impl FromStr for TypedNight {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = hours::plain(text);
        if text == "off" {
            return Ok(Self(Night::Off));
        }
        let wrong = || format!("“{text}” is not a night: write 21:00-07:00, or off");
        let (from, to) = text.split_once('-').ok_or_else(wrong)?;
        // 24:00 is when the next day begins.
        let minute = |text: &str| hours::clock(text).map(|minute| minute % (24 * 60));
        let (from_minute, to_minute) = minute(from).zip(minute(to)).ok_or_else(wrong)?;
        if from_minute == to_minute {
            return Err(format!(
                "“{text}” ends as it begins: write 21:00-07:00, or off"
            ));
        }
        Ok(Self(Night::Hours(NightHours {
            from_minute,
            to_minute,
        })))
    }
}

impl fmt::Display for TypedNight {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Night::Off => write!(out, "off"),
            Night::Hours(it) => write!(out, "{}", hours::shown(it.from_minute, it.to_minute)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nights_are_read_as_people_write_them_or_refused() {
        for (text, read) in [
            ("21:00-07:00", "21:00-07:00"),
            (" 9pm – 7am ", "21:00-07:00"),
            ("22-6:30", "22:00-06:30"),
            ("0-6", "00:00-06:00"),
            ("20-24", "20:00-00:00"),
            ("Off", "off"),
        ] {
            let night = text.parse::<TypedNight>().expect(text);
            assert_eq!(night.to_string(), read);
            assert_eq!(read.parse(), Ok(night), "{read}");
        }
        for text in ["", "21", "7-7", "0-24", "21-25", "nine-seven", "on"] {
            assert!(text.parse::<TypedNight>().is_err(), "{text}");
        }
    }
}
