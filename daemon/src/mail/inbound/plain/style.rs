//! ★ How a piece of an HTML email looks, as far as that decides whether a reader sees it. Pure.
//!
//! Knows inline styles, the old attributes, and simple rules of a style sheet (an element, a class,
//! an identifier). What it cannot judge counts as visible: a word too many does less harm than one
//! that is lost.

/// How a piece looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Look {
    /// It and everything inside it is left out.
    gone: bool,
    /// Letters have no size. Something inside may have one again.
    tiny: bool,
    /// It is not drawn. Something inside may be again.
    invisible: bool,
    /// The colour of letters, where one is named.
    ink: Option<Colour>,
    /// The colour behind them; `None` where it is a picture or not understood.
    paper: Option<Colour>,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            gone: false,
            tiny: false,
            invisible: false,
            ink: None,
            paper: Some(Colour(255, 255, 255)),
        }
    }
}

impl Look {
    pub(super) fn is_hidden(&self) -> bool {
        let same = match (self.ink, self.paper) {
            (Some(ink), Some(paper)) => ink.is_like(paper),
            _ => false,
        };
        self.gone || self.tiny || self.invisible || same
    }
}

/// A colour's red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Colour(u8, u8, u8);

/// Colours nearer than this in each part look the same on a screen unless one looks for it.
const ALIKE: u8 = 16;

impl Colour {
    fn is_like(self, other: Self) -> bool {
        let near = |a: u8, b: u8| a.abs_diff(b) <= ALIKE;
        near(self.0, other.0) && near(self.1, other.1) && near(self.2, other.2)
    }
}

/// Rules of a sheet that are looked at.
const MOST_RULES: usize = 300;

/// The simple rules of an email's style sheets.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    element: String,
    id: String,
    classes: Vec<String>,
    declarations: String,
}

impl Sheet {
    /// Reads a style element.
    pub(super) fn read(&mut self, css: &str) {
        let css = without_comments(css).to_ascii_lowercase();
        let mut rest = css.as_str();
        while let Some(at) = rest.find('{') {
            let selectors = rest[..at].trim();
            let (inside, after) = braced(&rest[at + 1..]);
            rest = after;
            // Rules of a medium may hold elsewhere and not here.
            let selectors = selectors.rsplit(';').next().unwrap_or_default().trim();
            if selectors.starts_with('@') {
                continue;
            }
            for selector in selectors.split(',') {
                if self.rules.len() == MOST_RULES {
                    return;
                }
                self.rules.extend(Rule::read(selector.trim(), inside));
            }
        }
    }
}

impl Rule {
    fn read(selector: &str, declarations: &str) -> Option<Self> {
        let simple = |letter: char| letter.is_alphanumeric() || "-_.#".contains(letter);
        if selector.is_empty() || !selector.chars().all(simple) {
            return None;
        }
        let mut rule = Self {
            element: String::new(),
            id: String::new(),
            classes: Vec::new(),
            declarations: declarations.to_owned(),
        };
        let mut rest = selector;
        while !rest.is_empty() {
            let (kind, named) = match rest.as_bytes()[0] {
                b'.' | b'#' => rest.split_at(1),
                _ => ("", rest),
            };
            let end = named.find(['.', '#']).unwrap_or(named.len());
            let name = named[..end].to_owned();
            match kind {
                "." => rule.classes.push(name),
                "#" => rule.id = name,
                _ => rule.element = name,
            }
            rest = &named[end..];
        }
        Some(rule)
    }

    fn fits(&self, name: &str, id: &str, classes: &[&str]) -> bool {
        (self.element.is_empty() || self.element == name)
            && (self.id.is_empty() || self.id == id)
            && self.classes.iter().all(|it| classes.contains(&it.as_str()))
    }
}

fn without_comments(css: &str) -> String {
    let (mut plain, mut rest) = (String::with_capacity(css.len()), css);
    while let Some(at) = rest.find("/*") {
        plain.push_str(&rest[..at]);
        rest = match rest[at + 2..].find("*/") {
            Some(end) => &rest[at + 2 + end + 2..],
            None => "",
        };
    }
    plain.push_str(rest);
    plain.replace("<!--", "").replace("-->", "")
}

/// What stands to the brace that closes, and what follows it.
fn braced(text: &str) -> (&str, &str) {
    let mut depth = 1;
    for (at, letter) in text.bytes().enumerate() {
        match letter {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (&text[..at], &text[at + 1..]);
        }
    }
    (text, "")
}

/// How an element looks inside one that looks like `above`.
pub(super) fn look(
    above: Look,
    name: &str,
    attribute: &impl Fn(&str) -> Option<String>,
    sheet: &Sheet,
) -> Look {
    let mut look = above;
    if matches!(
        name,
        "script" | "style" | "title" | "template" | "object" | "iframe" | "noembed" | "noframes"
    ) {
        look.gone = true;
    }
    if attribute("hidden").is_some() {
        look.gone = true;
    }
    let lower = |wanted: &str| attribute(wanted).unwrap_or_default().to_ascii_lowercase();
    if let Some(colour) = attribute("bgcolor") {
        look.paper = read_colour(&colour).and_then(Named::seen);
    }
    let ink = match name {
        "font" => attribute("color"),
        "body" => attribute("text"),
        // A link has a colour of its own unless it is given another.
        "a" => Some("#0000ee".to_owned()),
        _ => None,
    };
    if let Some(ink) = ink {
        look.set_ink(&ink);
    }
    if !sheet.rules.is_empty() {
        let (id, classes) = (lower("id"), lower("class"));
        let classes: Vec<_> = classes.split_ascii_whitespace().collect();
        for rule in sheet.rules.iter().filter(|it| it.fits(name, &id, &classes)) {
            look.apply(&rule.declarations);
        }
    }
    look.apply(&lower("style"));
    look
}

impl Look {
    fn set_ink(&mut self, text: &str) {
        match read_colour(text) {
            Some(Named::Clear) => self.ink = self.paper,
            Some(Named::Seen(colour)) => self.ink = Some(colour),
            None => self.ink = None,
        }
    }

    /// Applies declarations, all lower case.
    fn apply(&mut self, declarations: &str) {
        let mut cut = false;
        let (mut flat, mut aside, mut lifted) = (false, false, false);
        for declaration in declarations.split(';') {
            let Some((property, value)) = declaration.split_once(':') else {
                continue;
            };
            let value = value.replace("!important", "");
            let (property, value) = (property.trim(), value.trim());
            match property {
                "display" => self.gone |= value == "none",
                "visibility" => self.invisible = matches!(value, "hidden" | "collapse"),
                "mso-hide" => self.gone |= value == "all",
                "opacity" => self.gone |= value.parse::<f32>().is_ok_and(|it| it < 0.05),
                "font-size" => self.set_size(value),
                "font" => {
                    let size = value
                        .split_ascii_whitespace()
                        .map(|word| word.split('/').next().unwrap_or_default())
                        .find(|word| word.starts_with(|it: char| it.is_ascii_digit() || it == '.'));
                    // A weight is a number without a unit too, but never a small one.
                    let size = size.filter(|it| pixels(it).is_none_or(|size| size < 100.0));
                    size.into_iter().for_each(|size| self.set_size(size));
                }
                "overflow" | "overflow-x" | "overflow-y" => cut |= value == "hidden",
                "height" | "max-height" | "width" | "max-width" => {
                    flat |= pixels(value).is_some_and(|it| it <= 1.0);
                }
                "position" => lifted = matches!(value, "absolute" | "fixed"),
                "left" | "top" | "right" => aside |= pixels(value).is_some_and(|it| it <= -500.0),
                "text-indent" => self.gone |= pixels(value).is_some_and(|it| it <= -500.0),
                "color" => match value {
                    "inherit" | "initial" | "unset" | "currentcolor" => {}
                    value => self.set_ink(value),
                },
                "background-color" | "background" => self.set_paper(value),
                _ => {}
            }
        }
        self.gone |= (cut && flat) || (lifted && aside);
    }

    fn set_size(&mut self, value: &str) {
        match pixels(value) {
            Some(size) => self.tiny = size <= 1.0,
            // A part of nothing is nothing; a name of a size is a size.
            None => {
                self.tiny &= value.ends_with('%') || value.ends_with("em") || value == "inherit"
            }
        }
    }

    fn set_paper(&mut self, value: &str) {
        if value.contains("url(") || value.contains("gradient(") {
            self.paper = None;
            return;
        }
        let whole = read_colour(value);
        let mut words = value.split_ascii_whitespace();
        let found = whole.or_else(|| words.find_map(read_colour));
        match found {
            Some(Named::Seen(colour)) => self.paper = Some(colour),
            Some(Named::Clear) => {}
            None if matches!(value, "none" | "inherit" | "initial") => {}
            None => self.paper = None,
        }
    }
}

/// A length in pixels, or in a unit of about that size; `None` for a part of something else.
fn pixels(value: &str) -> Option<f32> {
    let end = value
        .find(|letter: char| !(letter.is_ascii_digit() || matches!(letter, '.' | '-' | '+')))
        .unwrap_or(value.len());
    let (number, unit) = value.split_at(end);
    let number: f32 = number.parse().ok()?;
    match unit.trim() {
        "px" | "pt" | "" => Some(number),
        // Nothing is nothing in any unit, and far outside is far outside.
        _ if number == 0.0 || number <= -500.0 => Some(number),
        _ => None,
    }
}

/// What a colour's text names.
enum Named {
    Seen(Colour),
    Clear,
}

impl Named {
    fn seen(self) -> Option<Colour> {
        match self {
            Self::Seen(colour) => Some(colour),
            Self::Clear => None,
        }
    }
}

fn read_colour(text: &str) -> Option<Named> {
    let text = text.trim().to_ascii_lowercase();
    if let Some(digits) = text.strip_prefix('#') {
        return hex(digits);
    }
    if let Some(inside) = text.strip_prefix("rgb") {
        let inside = inside
            .trim_start_matches('a')
            .trim_start()
            .strip_prefix('(')?;
        let inside = inside.split(')').next()?;
        let numbers: Vec<f32> = inside
            .split(|letter: char| letter == ',' || letter == '/' || letter.is_ascii_whitespace())
            .filter(|it| !it.is_empty())
            .filter_map(|it| match it.strip_suffix('%') {
                Some(part) => part.parse::<f32>().ok().map(|it| it * 2.55),
                None => it.parse().ok(),
            })
            .collect();
        let part = |at: usize| numbers.get(at).map(|it| it.clamp(0.0, 255.0) as u8);
        if numbers.get(3).is_some_and(|alpha| *alpha < 0.05) {
            return Some(Named::Clear);
        }
        return Some(Named::Seen(Colour(part(0)?, part(1)?, part(2)?)));
    }
    let (red, green, blue) = match text.as_str() {
        "transparent" => return Some(Named::Clear),
        "white" => (255, 255, 255),
        "snow" | "ghostwhite" | "floralwhite" => (252, 250, 250),
        "whitesmoke" => (245, 245, 245),
        "ivory" => (255, 255, 240),
        "black" => (0, 0, 0),
        "silver" => (192, 192, 192),
        "lightgray" | "lightgrey" => (211, 211, 211),
        "gray" | "grey" => (128, 128, 128),
        "red" => (255, 0, 0),
        "maroon" => (128, 0, 0),
        "yellow" => (255, 255, 0),
        "olive" => (128, 128, 0),
        "lime" => (0, 255, 0),
        "green" => (0, 128, 0),
        "aqua" | "cyan" => (0, 255, 255),
        "teal" => (0, 128, 128),
        "blue" => (0, 0, 255),
        "navy" => (0, 0, 128),
        "fuchsia" | "magenta" => (255, 0, 255),
        "purple" => (128, 0, 128),
        "orange" => (255, 165, 0),
        // The old attributes take digits without their sign.
        digits if matches!(digits.len(), 3 | 6) => return hex(digits),
        _ => return None,
    };
    Some(Named::Seen(Colour(red, green, blue)))
}

fn hex(digits: &str) -> Option<Named> {
    let digits: Vec<u8> = digits
        .chars()
        .map(|it| it.to_digit(16).and_then(|it| u8::try_from(it).ok()))
        .collect::<Option<_>>()?;
    let parts: Vec<u8> = match digits.len() {
        3 | 4 => digits.iter().map(|it| it * 17).collect(),
        6 | 8 => digits
            .chunks(2)
            .map(|pair| pair[0] * 16 + pair[1])
            .collect(),
        _ => return None,
    };
    match parts[..] {
        [_, _, _, alpha] if alpha < 13 => Some(Named::Clear),
        [red, green, blue, ..] => Some(Named::Seen(Colour(red, green, blue))),
        _ => None,
    }
}
