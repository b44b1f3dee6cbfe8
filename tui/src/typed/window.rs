//! One stretch of the week as people write it: `mon-fri:09:00-17:00`, `tue,thu 13-18`.

use std::fmt;
use std::str::FromStr;

use greenroom_protocol::pipeline::Window;

use super::hours;

/// A [`Window`], to type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stretch(pub(crate) Window);

impl FromStr for Stretch {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match &hours::week(text)?[..] {
            [only] => Ok(Self(only.clone())),
            _ => Err("write one stretch at a time, such as tue,thu 13-18".to_owned()),
        }
    }
}

impl fmt::Display for Stretch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(window) = self;
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let (from, to) = (clock(window.from_minute), clock(window.to_minute));
        write!(out, "{}:{from}-{to}", hours::ranges(&window.days).join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_or_refused() {
        let read = |text: &str| text.parse::<Stretch>().map(|Stretch(window)| window);
        let window = read("Mon-Wed,fri:09:00-24:00").unwrap();
        assert_eq!(window.days, [1, 2, 3, 5]);
        assert_eq!((window.from_minute, window.to_minute), (540, 1440));
        assert_eq!(Stretch(window).to_string(), "mon-wed,fri:09:00-24:00");
        let short = read("mon-wed, fri 9-24").unwrap();
        assert_eq!(Stretch(short).to_string(), "mon-wed,fri:09:00-24:00");
        for text in [
            "",
            "mon",
            "mon:09:00",
            "mon-fri 9-12,13-17",
            "day:09:00-17:00",
            "mon:17:00-09:00",
            "mon:09:60-17:00",
            "mon:09:00-25:00",
            "mon:+9:00-17:00",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
