//! The shape of what a mail server sends: lines, and in IMAP literals between them. Pure.
//!
//! Invariant: what is allowed has no line longer, no literal larger and no parentheses deeper than
//! they may be, so that no parser of lines can be made to hold much, to begin again often, or to
//! descend far. It does not understand what is said.

/// How deep an answer's parentheses may nest. Source: the answers we ask for nest three levels (RFC
/// 9051, 7.5.2); the parser of `imap-proto` takes a stack frame for each.
const DEEPEST: usize = 50;

/// The end of a line, in which a literal is announced: `{4294967295+}\r`.
const TAIL: usize = 14;

/// The shape so far.
#[derive(Debug)]
pub(in crate::mail) struct Shape {
    longest_line: usize,
    /// The lines that may still follow.
    most_lines: usize,
    /// The largest literal; 0: there are none.
    largest_literal: usize,
    /// Bytes of the line so far, without literals.
    line: usize,
    depth: usize,
    tail: Vec<u8>,
    /// Bytes of a literal that are still to come.
    literal: usize,
}

impl Shape {
    /// So many lines alone.
    pub fn lines(longest_line: usize, most_lines: usize) -> Self {
        Self {
            most_lines,
            ..Self::with_literals(longest_line, 0)
        }
    }

    /// Lines with literals in them. Source: RFC 9051, 4.3.
    pub fn with_literals(longest_line: usize, largest_literal: usize) -> Self {
        Self {
            longest_line,
            most_lines: usize::MAX,
            largest_literal,
            line: 0,
            depth: 0,
            tail: Vec::with_capacity(TAIL),
            literal: 0,
        }
    }

    /// Whether these bytes may follow.
    pub fn allows(&mut self, bytes: &[u8]) -> bool {
        let mut rest = bytes;
        while !rest.is_empty() {
            let inside = self.literal.min(rest.len());
            self.literal -= inside;
            rest = &rest[inside..];
            let Some((byte, after)) = rest.split_first() else {
                break;
            };
            rest = after;
            if !self.allows_byte(*byte) {
                return false;
            }
        }
        true
    }

    fn allows_byte(&mut self, byte: u8) -> bool {
        if byte == b'\n' {
            let literal = self.announced();
            let Some(left) = self.most_lines.checked_sub(1) else {
                return false;
            };
            self.most_lines = left;
            self.tail.clear();
            self.literal = literal;
            // A line goes on behind its literal.
            if literal == 0 {
                (self.line, self.depth) = (0, 0);
            }
            return literal <= self.largest_literal;
        }
        self.line += 1;
        match byte {
            b'(' => self.depth += 1,
            b')' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if self.tail.len() == TAIL {
            self.tail.remove(0);
        }
        self.tail.push(byte);
        let nests = self.largest_literal == 0 || self.depth <= DEEPEST;
        nests && self.line <= self.longest_line
    }

    /// The literal that the line announces at its end.
    fn announced(&self) -> usize {
        if self.largest_literal == 0 {
            return 0;
        }
        let digits = || {
            let tail = self.tail.strip_suffix(b"\r").unwrap_or(&self.tail);
            let tail = tail.strip_suffix(b"}")?;
            let tail = tail.strip_suffix(b"+").unwrap_or(tail);
            let open = tail.iter().rposition(|byte| *byte == b'{')?;
            std::str::from_utf8(&tail[open + 1..]).ok()?.parse().ok()
        };
        digits().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_literals_are_as_long_as_they_may_be() {
        let whole = |text: &str| Shape::with_literals(60, 10).allows(text.as_bytes());
        let bytewise = |text: &str| {
            let mut shape = Shape::with_literals(60, 10);
            text.bytes().all(|byte| shape.allows(&[byte]))
        };
        let line = "x".repeat(60);
        for (text, fine) in [
            ("* OK hello\r\n* 1 EXISTS\r\n".to_owned(), true),
            (format!("{line}\n{line}\n"), true),
            (format!("{line}x"), false),
            ("* 1 FETCH (BODY[] {10}\r\n((((((((()\r\n)".to_owned(), true),
            ("* 1 FETCH (BODY[] {11}\r\n".to_owned(), false),
            (
                "* 1 FETCH (BODY[] {99999999999999999999}\r\n".to_owned(),
                true,
            ),
            // A literal does not end the line.
            (
                format!("{}{{1}}\r\nx{}", "y".repeat(50), "z".repeat(10)),
                false,
            ),
            ("{1+}\r\nx\r\n".repeat(50), true),
        ] {
            assert_eq!(whole(&text), fine, "{text}");
            assert_eq!(bytewise(&text), fine, "{text}");
        }
    }

    /// Case R7: the parser of answers goes a stack frame deeper with each.
    #[test]
    fn parentheses_nest_as_deep_as_they_may() {
        let mut shape = Shape::with_literals(1 << 20, 10);
        assert!(shape.allows("()".repeat(1000).as_bytes()));
        assert!(!shape.allows("(".repeat(DEEPEST + 1).as_bytes()));
        assert!(Shape::lines(1 << 20, 3).allows("(".repeat(1000).as_bytes()));
        assert!(Shape::lines(9, 3).allows(b"1\n2\n3\n4"));
        assert!(!Shape::lines(9, 3).allows(b"1\n2\n3\n4\n"));
    }
}
