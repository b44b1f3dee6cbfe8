//! An iCalendar file on this side: read within a bound, in the encodings that calendars come in, and
//! cut into parts that fit a call. What it says is the daemon's to read.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use greenroom_protocol::Error;

/// The longest calendar that the daemon reads, and one byte more to see that it is longer.
const LONGEST: u64 = (5 << 20) + 1;

/// Bytes of text in one frame: each may need six in JSON.
const PART: usize = 128 << 10;

/// A calendar's text; `-` is standard input.
pub(crate) fn contents(file: &Path) -> Result<String, Error> {
    let failed = |error: io::Error| {
        let why = format!("Couldn't read {}: {error}", file.display());
        Error::usage(why).field("file")
    };
    let mut bytes = Vec::new();
    let read = match file == Path::new("-") {
        true => io::stdin().take(LONGEST).read_to_end(&mut bytes),
        false => File::open(file)
            .map_err(failed)?
            .take(LONGEST)
            .read_to_end(&mut bytes),
    };
    read.map_err(failed)?;
    if bytes.len() as u64 >= LONGEST {
        return Err(Error::usage("The calendar is larger than 5 MB").field("file"));
    }
    Ok(decoded(&bytes))
}

/// The text of a calendar's bytes, in the encodings that calendars come in.
fn decoded(bytes: &[u8]) -> String {
    let wide = |bytes: &[u8], join: fn([u8; 2]) -> u16| {
        let pairs = bytes.chunks_exact(2).map(|it| join([it[0], it[1]]));
        String::from_utf16_lossy(&pairs.collect::<Vec<_>>())
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        bytes => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// A text in parts that fit a call each, in order; at least one.
pub(crate) fn parts(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while rest.len() > PART {
        let (part, after) = rest.split_at(rest.floor_char_boundary(PART));
        parts.push(part.to_owned());
        rest = after;
    }
    parts.push(rest.to_owned());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_short_and_together_the_whole() {
        assert_eq!(parts(""), [""]);
        assert_eq!(parts("BEGIN:VCALENDAR"), ["BEGIN:VCALENDAR"]);
        // A letter of three bytes lies on every bound.
        let long = "€".repeat(PART);
        let parts = parts(&long);
        assert_eq!(parts.len(), 4);
        assert!(parts.iter().all(|part| part.len() <= PART));
        assert_eq!(parts.concat(), long);
    }

    #[test]
    fn utf_16_is_read_by_its_mark() {
        assert_eq!(decoded(b"\xff\xfeB\0E\0"), "BE");
        assert_eq!(decoded(b"\xfe\xff\0B\0E"), "BE");
        assert_eq!(decoded(b"BE"), "BE");
    }
}
