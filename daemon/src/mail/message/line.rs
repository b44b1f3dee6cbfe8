//! Content lines of iCalendar: escaped, folded, ended. Source: RFC 5545, 3.1 and 3.3.11.
//!
//! Invariant: whatever a name or a text holds, it stays inside its own value: no line, property or
//! parameter begins in it.

/// Octets a line may have without its end.
const LONGEST: usize = 75;

/// Lines of one calendar, in order.
#[derive(Debug, Default)]
pub(super) struct Lines(String);

impl Lines {
    /// A line whose value needs no escaping: a number, a time, a closed word.
    pub fn plain(&mut self, name: &str, value: &str) {
        self.fold(&format!("{name}:{}", one_line(value)));
    }

    /// A line whose value is text.
    pub fn text(&mut self, name: &str, value: &str) {
        self.fold(&format!("{name}:{}", escaped(value)));
    }

    /// A line with parameters, whose value is an address or another URI.
    pub fn uri(&mut self, name: &str, parameters: &[(&str, &str)], value: &str) {
        let mut line = name.to_owned();
        for (parameter, value) in parameters {
            line.push_str(&format!(";{parameter}={}", quoted(value)));
        }
        // A URI has neither spaces nor controls; what is none must not become two words either.
        let value: String = one_line(value)
            .chars()
            .filter(|it| !it.is_whitespace())
            .collect();
        self.fold(&format!("{line}:{value}"));
    }

    /// The calendar.
    pub fn finish(self) -> String {
        self.0
    }

    fn fold(&mut self, line: &str) {
        let mut room = LONGEST;
        for letter in line.chars() {
            if letter.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = LONGEST - 1;
            }
            self.0.push(letter);
            room -= letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// One line of text: what would end a line or steer a terminal becomes a space.
pub(in crate::mail) fn one_line(text: &str) -> String {
    let plain = |letter: char| match breaks(letter) || letter.is_control() {
        true => ' ',
        false => letter,
    };
    text.chars().map(plain).collect()
}

/// Several lines of text, each of them plain.
pub(super) fn lines(text: &str) -> String {
    text.lines().map(one_line).collect::<Vec<_>>().join("\n")
}

/// Line ends that are no control characters; some readers break lines there.
fn breaks(letter: char) -> bool {
    matches!(letter, '\u{2028}' | '\u{2029}')
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in lines(text).chars() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\n' => escaped.push_str("\\n"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

/// A parameter's value. There is no escape for a quotation mark that every reader knows, so it
/// becomes an apostrophe; readers that know one take a caret for its beginning. Source: RFC 6868,
/// 3.
fn quoted(value: &str) -> String {
    let value = one_line(value).replace('"', "'").replace('^', "^^");
    match value.contains([':', ';', ',', ' ', '\'', '=']) || !value.is_ascii() {
        true => format!("\"{value}\""),
        false => value,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unfolded(calendar: &str) -> String {
        calendar.replace("\r\n ", "")
    }

    #[test]
    fn text_is_escaped_and_stays_one_property() {
        let mut calendar = Lines::default();
        calendar.text("SUMMARY", "A; B, C\\D\nE\r\nATTENDEE:mailto:x@example.com");
        let expected = "SUMMARY:A\\; B\\, C\\\\D\\nE\\nATTENDEE:mailto:x@example.com\r\n";
        assert_eq!(unfolded(&calendar.finish()), expected);
    }

    #[test]
    fn a_name_cannot_end_its_parameter() {
        let mut calendar = Lines::default();
        let name = "Eve\";ROLE=CHAIR:mailto:boss@example.com\r\nX-EVIL:1";
        calendar.uri("ATTENDEE", &[("CN", name)], "mailto:eve@example.com");
        let expected = "ATTENDEE;CN=\"Eve';ROLE=CHAIR:mailto:boss@example.com  X-EVIL:1\":mailto:eve@example.com\r\n";
        assert_eq!(unfolded(&calendar.finish()), expected);
    }

    proptest! {
        #[test]
        fn no_line_is_too_long_and_no_letter_is_split(text in "\\PC{0,400}", hostile in ".{0,200}") {
            let mut calendar = Lines::default();
            calendar.text("DESCRIPTION", &text);
            calendar.text("COMMENT", &hostile);
            calendar.uri("ATTENDEE", &[("CN", &hostile)], &hostile);
            let calendar = calendar.finish();
            prop_assert!(calendar.ends_with("\r\n"));
            for line in calendar.strip_suffix("\r\n").unwrap_or_default().split("\r\n") {
                prop_assert!(line.len() <= LONGEST, "{} octets", line.len());
                prop_assert!(!line.contains(['\r', '\n']));
            }
            let whole = unfolded(&calendar);
            prop_assert_eq!(whole.split_terminator("\r\n").count(), 3);
            let described = format!("DESCRIPTION:{}", escaped(&text));
            prop_assert!(whole.contains(&described));
        }
    }
}
