//! Markdown as calm lines: headings and emphasis stand out, lists hang, and no markup is left.
//!
//! The text is untrusted. Nothing of it reaches the terminal but through [`text::clean`]; an
//! address stands beside the words that hide it; HTML and images are words like others.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::text;
use crate::theme;

/// Deeper lists and quotes are not moved in any further.
const DEEPEST: usize = 6;

/// The text in lines of at most `cells` cells.
pub(crate) fn lines(markdown: &str, cells: usize) -> Vec<Line<'static>> {
    let mut page = Page::new(cells);
    for event in Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH) {
        page.take(event);
    }
    page.end_paragraph();
    page.lines
}

/// What is written so far, and how the next word is written.
struct Page {
    cells: usize,
    lines: Vec<Line<'static>>,
    /// Words of the paragraph under way; what follows a space is a word of its own.
    words: Vec<(String, Style, bool)>,
    /// Whether the next piece follows a space.
    apart: bool,
    strong: usize,
    slanted: usize,
    heading: bool,
    code: bool,
    /// Lists around: the next number, or nothing for points.
    lists: Vec<Option<u64>>,
    quotes: usize,
    /// What stands before the next line, once.
    point: Option<String>,
    address: Option<String>,
    /// An empty line comes before the next paragraph.
    gap: bool,
}

impl Page {
    fn new(cells: usize) -> Self {
        Self {
            cells: cells.max(1),
            lines: Vec::new(),
            words: Vec::new(),
            apart: false,
            strong: 0,
            slanted: 0,
            heading: false,
            code: false,
            lists: Vec::new(),
            quotes: 0,
            point: None,
            address: None,
            gap: false,
        }
    }

    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.begin(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(words) if self.code => self.lines_of_code(&words),
            Event::Text(words)
            | Event::Code(words)
            | Event::Html(words)
            | Event::InlineHtml(words)
            | Event::InlineMath(words)
            | Event::DisplayMath(words)
            | Event::FootnoteReference(words) => self.say(&words),
            Event::SoftBreak => self.apart = true,
            Event::HardBreak => {
                self.end_paragraph();
                self.gap = false;
            }
            Event::Rule => {
                self.end_paragraph();
                self.lines
                    .push(Line::styled("─".repeat(self.cells.min(24)), theme::DIM));
            }
            Event::TaskListMarker(done) => self.say(if done { "[x] " } else { "[ ] " }),
        }
    }

    fn begin(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { .. } => {
                self.end_paragraph();
                self.gap = !self.lines.is_empty();
                self.heading = true;
            }
            Tag::Strong => self.strong += 1,
            Tag::Emphasis => self.slanted += 1,
            Tag::BlockQuote(_) => {
                self.end_paragraph();
                self.quotes += 1;
            }
            Tag::CodeBlock(_) => {
                self.end_paragraph();
                self.code = true;
            }
            Tag::List(first) => {
                self.end_paragraph();
                self.lists.push(first);
            }
            Tag::Item => {
                self.end_paragraph();
                let point = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let point = format!("{number}. ");
                        *number += 1;
                        point
                    }
                    _ => "· ".to_owned(),
                };
                self.point = Some(point);
            }
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.address = Some(dest_url.to_string());
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => {
                self.end_paragraph();
                // Within a list they stay together.
                self.gap = self.lists.is_empty();
            }
            TagEnd::Heading(_) => {
                self.end_paragraph();
                self.heading = false;
                self.gap = false;
            }
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Emphasis => self.slanted = self.slanted.saturating_sub(1),
            TagEnd::BlockQuote(_) => {
                self.end_paragraph();
                self.quotes = self.quotes.saturating_sub(1);
                self.gap = true;
            }
            TagEnd::CodeBlock => {
                self.code = false;
                self.gap = true;
            }
            TagEnd::List(_) => {
                self.end_paragraph();
                self.lists.pop();
                self.gap = self.lists.is_empty();
            }
            TagEnd::Item => {
                self.end_paragraph();
                self.point = None;
            }
            TagEnd::Link | TagEnd::Image => {
                if let Some(address) = self.address.take() {
                    self.beside(&address);
                }
            }
            TagEnd::HtmlBlock => self.end_paragraph(),
            _ => {}
        }
    }

    /// The address beside the words that hide it, unless they are the address.
    fn beside(&mut self, address: &str) {
        let said: String = self.words.iter().map(|(word, ..)| word.as_str()).collect();
        if said.ends_with(&text::clean(address)) {
            return;
        }
        self.apart = true;
        self.word(&format!("({address})"), theme::DIM);
    }

    fn say(&mut self, words: &str) {
        let style = self.style();
        let mut first = true;
        for word in words.split([' ', '\t', '\n', '\r']) {
            if !first {
                self.apart = true;
            }
            first = false;
            if !word.is_empty() {
                self.word(word, style);
            }
        }
    }

    fn word(&mut self, word: &str, style: Style) {
        let apart = std::mem::take(&mut self.apart);
        self.words.push((text::clean(word), style, apart));
    }

    fn style(&self) -> Style {
        let mut style = match self.heading || self.strong > 0 {
            true => theme::STRONG,
            false => theme::PLAIN,
        };
        if self.slanted > 0 {
            style = style.add_modifier(Modifier::ITALIC);
        }
        style
    }

    /// What stands before a line: quotes, and the depth of lists.
    fn margin(&mut self) -> (String, String) {
        let quotes = "│ ".repeat(self.quotes.min(DEEPEST));
        let depth = self.lists.len().saturating_sub(1).min(DEEPEST);
        let inner = format!("{quotes}{}", "  ".repeat(depth));
        let point = self.point.take();
        let hang = match (&point, self.lists.last()) {
            (Some(point), _) => text::blanks(text::width(point)),
            (None, Some(_)) => "  ".to_owned(),
            (None, None) => String::new(),
        };
        let first = point.unwrap_or_else(|| hang.clone());
        (format!("{inner}{first}"), format!("{inner}{hang}"))
    }

    fn end_paragraph(&mut self) {
        self.apart = false;
        if self.words.is_empty() {
            return;
        }
        if std::mem::take(&mut self.gap) && !self.lines.is_empty() {
            self.lines.push(Line::default());
        }
        let (first, others) = self.margin();
        let words = std::mem::take(&mut self.words);
        let room = self.cells.saturating_sub(text::width(&first)).max(1);
        let mut margin = first;
        for spans in wrapped(words, room) {
            let mut line = Line::from(Span::styled(margin, theme::DIM));
            line.spans.extend(spans);
            self.lines.push(line);
            margin = others.clone();
        }
    }

    /// Lines that keep their blanks.
    fn lines_of_code(&mut self, code: &str) {
        if std::mem::take(&mut self.gap) && !self.lines.is_empty() {
            self.lines.push(Line::default());
        }
        let (margin, _) = self.margin();
        let room = self.cells.saturating_sub(text::width(&margin) + 2).max(1);
        for line in code.lines() {
            for piece in text::wrap_whole(line, room) {
                let line = format!("{margin}  {piece}");
                self.lines.push(Line::styled(line, theme::PLAIN));
            }
        }
    }
}

/// Words in lines, broken where a space was, and inside a word only where it is longer than a line.
fn wrapped(words: Vec<(String, Style, bool)>, cells: usize) -> Vec<Vec<Span<'static>>> {
    let mut lines = Vec::new();
    let mut line: Vec<Span<'static>> = Vec::new();
    let mut used = 0;
    let mut at = 0;
    while at < words.len() {
        // Pieces in several styles without a space between them are one word.
        let joined = words[at + 1..].iter().take_while(|(.., apart)| !apart);
        let end = at + 1 + joined.count();
        let word = &words[at..end];
        let wide: usize = word.iter().map(|(piece, ..)| text::width(piece)).sum();
        if used > 0 && used + 1 + wide > cells {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(Span::styled(" ", word[0].1));
            used += 1;
        }
        for (piece, style, _) in word {
            for part in text::wrap_whole(piece, cells) {
                let wide = text::width(&part);
                if used > 0 && used + wide > cells {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push(Span::styled(part, *style));
                used += wide;
            }
        }
        at = end;
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(markdown: &str, cells: usize) -> Vec<String> {
        let text = |line: &Line<'_>| -> String {
            let spans = line.spans.iter().map(|span| span.content.as_ref());
            spans.collect::<String>().trim_end().to_owned()
        };
        lines(markdown, cells).iter().map(text).collect()
    }

    #[test]
    fn a_summary_reads_without_its_markup() {
        let summary = "# Quick recap\nPriya *spoke* about **queues** and `sled`.\n\n## Next steps\n- Sam: send the\n  exercise\n- \
                       Priya:\n  1. read it\n  2. answer\n\n> she asked twice\n\n[the notes](https://notes.example/1)";
        assert_eq!(
            read(summary, 30),
            [
                "Quick recap",
                "Priya spoke about queues and",
                "sled.",
                "",
                "Next steps",
                "· Sam: send the exercise",
                "· Priya:",
                "  1. read it",
                "  2. answer",
                "",
                "│ she asked twice",
                "",
                "the notes",
                "(https://notes.example/1)",
            ]
        );
    }

    #[test]
    fn headings_and_emphasis_stand_out() {
        let lines = lines("## Next\nplain **strong**, done", 40);
        assert_eq!(lines[0].spans[1].style, theme::STRONG);
        let strong = lines[1].spans.iter().find(|it| it.content == "strong");
        assert_eq!(strong.unwrap().style, theme::STRONG);
        // The comma stays with the word it follows.
        assert_eq!(read("plain **strong**, done", 40), ["plain strong, done"]);
    }

    #[test]
    fn what_steers_a_terminal_or_hides_an_address_does_not() {
        let hostile = "\u{1b}[2Jclear\u{202e}\n\n<script>x</script>\n\n[bank](https://evil.example) &#27;[31mred\n\n```\n\u{7}a  b\n```";
        assert_eq!(
            read(hostile, 60),
            [
                "[2Jclear",
                "",
                "<script>x</script>",
                "bank (https://evil.example) [31mred",
                "",
                "  a  b"
            ]
        );
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_asked_and_none_steers(markdown in "[ -~\u{1b}\u{202e}田#*`>\n-]{0,200}", cells in 20_usize..60) {
            for line in lines(&markdown, cells) {
                prop_assert!(line.width() <= cells, "{line:?}");
                for span in &line.spans {
                    prop_assert_eq!(text::clean(&span.content), span.content.as_ref());
                }
            }
        }
    }
}
