//! ★ The text of an HTML email as its reader sees it. Pure.
//!
//! Walks the tokens once and keeps only what is open around them, so neither nesting nor size costs
//! more than the email is long. Invariant: what a mail program would not show (see [`style`]) is
//! not in the text; every visible word is, in order. Quoted parts become lines that begin with `>
//! `, as in plain text. It knows nothing of who wrote.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::style::{self, Look, Sheet};

/// Elements open at once that are distinguished. Real emails nest tables some thirty deep; what is
/// deeper counts to the last of them.
const MOST_OPEN: usize = 400;

/// The text that is written at most, in bytes: more than is kept of an email.
const MOST_TEXT: usize = 128 * 1024;

/// The longest address of a link that is written beside its words.
const LONGEST_LINK: usize = 300;

/// The visible text of an HTML part.
pub(super) fn text(html: &str) -> String {
    let tokenizer = Tokenizer::new(Walk::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    // The walk never pauses the tokenizer, so one call reads all of it.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let page = tokenizer.sink.0.into_inner();
    page.finish()
}

/// The sink: the tokenizer hands it tokens by shared reference.
#[derive(Default)]
struct Walk(RefCell<Page>);

impl TokenSink for Walk {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => page.tag(&tag),
            Token::CharacterTokens(words) => {
                page.words(&words);
                TokenSinkResult::Continue
            }
            _ => TokenSinkResult::Continue,
        }
    }
}

/// An open element.
struct Open {
    name: String,
    look: Look,
    link: Option<String>,
}

#[derive(Default)]
struct Page {
    text: String,
    line: String,
    /// Blank lines wanted before the next words.
    gap: u8,
    open: Vec<Open>,
    quotes: usize,
    pre: usize,
    sheet: Sheet,
    /// The text of the `style` element that is being read.
    css: Option<String>,
}

impl Page {
    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        match tag.kind {
            TagKind::StartTag => self.start(name, tag),
            TagKind::EndTag => {
                self.end(name);
                TokenSinkResult::Continue
            }
        }
    }

    fn start(&mut self, name: &str, tag: &Tag) -> TokenSinkResult<()> {
        self.imply_ends(name);
        let attribute = |wanted: &str| {
            let found = tag.attrs.iter().find(|it| &*it.name.local == wanted);
            found.map(|it| it.value.to_string())
        };
        match name {
            "br" => self.end_line(),
            "hr" => {
                self.block(0);
                self.write("---");
                self.end_line();
            }
            "img" if self.is_visible() => {
                if let Some(alt) = attribute("alt").filter(|alt| !alt.trim().is_empty()) {
                    self.write(&format!("[{}]", alt.trim()));
                }
            }
            "td" | "th" if !self.line.is_empty() => self.write(" "),
            _ if is_block(name) => self.block(u8::from(is_spaced(name))),
            _ => {}
        }
        if is_void(name) {
            return TokenSinkResult::Continue;
        }
        if self.open.len() < MOST_OPEN {
            let above = self.open.last().map(|it| it.look).unwrap_or_default();
            let look = style::look(above, name, &attribute, &self.sheet);
            let link = attribute("href").filter(|_| name == "a");
            self.quotes += usize::from(name == "blockquote");
            self.pre += usize::from(name == "pre");
            self.open.push(Open {
                name: name.to_owned(),
                look,
                link,
            });
        }
        // What a browser does not read as markup. Source: HTML, 13.2.6.4.7.
        match name {
            "style" => {
                self.css = Some(String::new());
                TokenSinkResult::RawData(RawKind::Rawtext)
            }
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            "xmp" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
            _ => TokenSinkResult::Continue,
        }
    }

    fn end(&mut self, name: &str) {
        if name == "style"
            && let Some(css) = self.css.take()
        {
            self.sheet.read(&css);
        }
        if matches!(name, "p" | "br") && !self.is_open(name) {
            return self.block(u8::from(name == "p"));
        }
        let Some(at) = self.place(name) else { return };
        self.close_to(at);
    }

    /// Where the innermost open element of this name is, unless a table stands between.
    fn place(&self, name: &str) -> Option<usize> {
        let of_table = is_of_table(name);
        for (at, open) in self.open.iter().enumerate().rev() {
            if open.name == name {
                return Some(at);
            }
            let wall = match of_table {
                true => open.name == "table",
                false => matches!(open.name.as_str(), "td" | "th" | "caption" | "table"),
            };
            if wall {
                return None;
            }
        }
        None
    }

    fn is_open(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    fn close_to(&mut self, at: usize) {
        while self.open.len() > at {
            let Some(closed) = self.open.pop() else {
                return;
            };
            if let Some(link) = closed.link.filter(|_| !closed.look.is_hidden()) {
                self.link(&link);
            }
            if is_block(&closed.name) {
                self.block(u8::from(is_spaced(&closed.name)));
            }
            // The gap before the line was written with the quote still open.
            if closed.name == "blockquote" {
                self.end_written_line();
                self.quotes = self.quotes.saturating_sub(1);
            }
            self.pre -= usize::from(closed.name == "pre" && self.pre > 0);
        }
    }

    /// Start tags that end what came before without a tag of its own. Source: HTML, 13.1.2.4.
    fn imply_ends(&mut self, name: &str) {
        let (ended, walls): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl"]),
            "td" | "th" => (&["td", "th"], &["table", "tr"]),
            "tr" => (&["tr"], &["table"]),
            "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot"], &["table"]),
            "option" => (&["option"], &["select"]),
            "body" => (&["head"], &[]),
            _ if is_block(name) => (&["p"], &["td", "th", "table", "button"]),
            _ => return,
        };
        for at in (0..self.open.len()).rev() {
            let open = self.open[at].name.as_str();
            if walls.contains(&open) {
                return;
            }
            if ended.contains(&open) {
                return self.close_to(at);
            }
        }
    }

    fn is_visible(&self) -> bool {
        self.open.last().is_none_or(|it| !it.look.is_hidden())
    }

    fn words(&mut self, words: &str) {
        if let Some(css) = &mut self.css {
            // A style sheet longer than any email needs is read to here.
            if css.len() < MOST_TEXT {
                css.push_str(words);
            }
            return;
        }
        if !self.is_visible() {
            return;
        }
        if self.pre > 0 {
            for (at, line) in words.split('\n').enumerate() {
                if at > 0 {
                    self.end_line();
                }
                self.write(line.trim_end_matches('\r'));
            }
            return;
        }
        let (mut plain, mut spaced) = (String::with_capacity(words.len()), false);
        for letter in words.chars() {
            // A space that does not break is one that is meant; the others are layout of the
            // markup.
            let is_space = letter.is_ascii_whitespace();
            if !is_space {
                plain.push(letter);
            } else if !spaced {
                plain.push(' ');
            }
            spaced = is_space;
        }
        self.write(&plain);
    }

    fn write(&mut self, words: &str) {
        let starts = self.line.is_empty() || self.line.ends_with(' ');
        let words = match starts && self.pre == 0 {
            true => words.trim_start_matches(' '),
            false => words,
        };
        self.line.push_str(words);
    }

    /// Words that lead elsewhere keep where to, unless they say it themselves.
    fn link(&mut self, to: &str) {
        let to = to.trim();
        let told = to.strip_prefix("mailto:").unwrap_or(to);
        let leads = ["http://", "https://", "mailto:"]
            .iter()
            .any(|it| to.to_ascii_lowercase().starts_with(it));
        let said = self.line.contains(told.trim_end_matches('/'));
        if leads && !said && to.len() <= LONGEST_LINK {
            self.write(&format!(" <{to}>"));
        }
    }

    /// A block begins or ends: what follows stands on a line of its own.
    fn block(&mut self, gap: u8) {
        self.end_written_line();
        self.gap = self.gap.max(gap);
    }

    fn end_written_line(&mut self) {
        if !self.line.trim().is_empty() {
            self.end_line();
        } else {
            self.line.clear();
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if self.text.len() > MOST_TEXT {
            return;
        }
        let marks = "> ".repeat(self.quotes.min(5));
        if self.gap > 0 && !self.text.is_empty() {
            self.text.push_str(marks.trim_end());
            self.text.push('\n');
        }
        self.gap = 0;
        self.text.push_str(&marks);
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn finish(mut self) -> String {
        self.end_written_line();
        self.text
    }
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "html"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "table"
            | "tbody"
            | "tfoot"
            | "thead"
            | "tr"
            | "ul"
    )
}

/// Blocks with a blank line around them.
fn is_spaced(name: &str) -> bool {
    matches!(
        name,
        "p" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "pre"
    )
}

fn is_of_table(name: &str) -> bool {
    matches!(
        name,
        "table" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" | "caption"
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_cells_lists_and_links_read_as_they_look() {
        let html = "<html><head><title>No</title><style>p{margin:0}</style></head><body>\
            <p>Dear  Dana,\n I am <b>ill</b>.</p><p>Tomorrow<br>not.</p>\
            <ul><li>one<li>two</ul><table><tr><td>Tue<td>10:00</tr></table>\
            <a href=\"https://cal.example/ana\">here</a> <script>alert(1)</script>&lt;&nbsp;Ana</body></html>";
        let lines = "Dear Dana, I am ill.\n\nTomorrow\nnot.\n\none\ntwo\n\nTue 10:00\nhere <https://cal.example/ana> <\u{a0}Ana\n";
        assert_eq!(text(html), lines);
    }

    /// Case M14: what a reader does not see is not shown as their words.
    #[test]
    fn what_a_reader_does_not_see_is_left_out() {
        for hidden in [
            "<div style=\"display:none\">SECRET</div>",
            "<div style=\"DISPLAY : none !important\"><p>SECRET<b>SECRET</b></p></div>",
            "<div hidden>SECRET</div>",
            "<span style='visibility:hidden'>SECRET</span>",
            "<span style='font-size:0'>SECRET</span>",
            "<span style='font-size:0px;line-height:0'>SECRET</span>",
            "<span style='font-size:1px'>SECRET</span>",
            "<font size=1><span style='font:0/0 a'>SECRET</span></font>",
            "<div style='max-height:0;overflow:hidden'>SECRET</div>",
            "<div style='height:0px;overflow:hidden'>SECRET</div>",
            "<div style='width:0;overflow:hidden'>SECRET</div>",
            "<div style='opacity:0'>SECRET</div>",
            "<div style='mso-hide:all'>SECRET</div>",
            "<div style='text-indent:-9999px'>SECRET</div>",
            "<div style='position:absolute;left:-10000px'>SECRET</div>",
            "<span style='color:#fff'>SECRET</span>",
            "<font color=white>SECRET</font>",
            "<span style='color:rgb(254, 254, 254)'>SECRET</span>",
            "<span style='color:transparent'>SECRET</span>",
            "<div style='background:#102030'><i style='color:#102030'>SECRET</i></div>",
            "<table bgcolor='#336699'><tr><td><font color='#336699'>SECRET</font></td></tr></table>",
            "<style>.pre, #x {display:none}</style><p class='a pre'>SECRET</p><p id=x>SECRET</p>",
            "<style>/* x */ @media print {p{color:red}} span.z{font-size:0}</style><span class=z>SECRET</span>",
            "<!-- SECRET --><template>SECRET</template>",
            "<ul><li style='display:none'>SECRET<li>seen</ul>",
            "<p style='display:none'>SECRET<p>seen</p>",
        ] {
            let shown = text(&format!("<p>before</p>{hidden}<p>after</p>"));
            assert!(!shown.contains("SECRET"), "{hidden}: {shown}");
            assert!(
                shown.contains("before") && shown.contains("after"),
                "{hidden}: {shown}"
            );
        }
    }

    #[test]
    fn what_only_looks_hidden_to_a_machine_is_shown() {
        for seen in [
            // A table that closes the gaps between its cells so.
            "<td style='font-size:0px'><div style='font-size:13px'>SEEN</div></td>",
            "<div style='visibility:hidden'><p style='visibility:visible'>SEEN</p></div>",
            "<div style='background:#000'><span style='color:#fff'>SEEN</span></div>",
            "<body bgcolor='#000000' text='#ffffff'><p>SEEN</p></body>",
            "<div style='background:url(x.png)'><span style='color:white'>SEEN</span></div>",
            "<div style='max-height:0'>SEEN</div>",
            "<div style='opacity:0.9;display:block'>SEEN</div>",
            "<style>@media (max-width:600px){.m{display:none}} .n p{display:none}</style><p class=m>SEEN</p>",
            "<div style='display:none'>x</div>SEEN",
            "<table><tr><td style='display:none'>x<td>SEEN</table>",
            "</div></td></p>SEEN",
            "<pre>  SEEN</pre>",
        ] {
            assert!(text(seen).contains("SEEN"), "{seen}: {}", text(seen));
        }
    }

    #[test]
    fn quotes_become_marked_lines() {
        let html = "<div>Yes.</div><div class=gmail_quote><div>On Mon, Dana wrote:<br></div><blockquote><p>Can you?</p>\
            <blockquote>older</blockquote></blockquote></div><p>Best</p>";
        let shown = text(html);
        assert!(shown.starts_with("Yes.\nOn Mon, Dana wrote:\n"), "{shown}");
        assert!(
            shown.contains("> Can you?\n") && shown.contains("> > older\n"),
            "{shown}"
        );
        assert!(shown.lines().any(|line| line == "Best"), "{shown}");
    }

    #[test]
    fn depth_and_size_cost_no_more_than_they_are_long() {
        for piece in [
            "<div>",
            "<b>",
            "<table><tr><td>",
            "<p>",
            "<blockquote>",
            "</div>",
            "<a href=x>",
            "&lt;",
        ] {
            let html = piece.repeat(100_000) + "end";
            assert!(text(&html).len() <= 2 * MOST_TEXT + html.len());
        }
    }

    proptest! {
        #[test]
        fn anything_is_read(html in "(<|>|/|[a-d=\"' ]|style|display:none|<p>|</p>|<td>|&amp;){0,80}") {
            text(&html);
        }
    }
}
