//! The pictures of the README, drawn from the real screens: a screen that changed and a picture that
//! did not fail here. `INSTA_UPDATE=always cargo test -p greenroom pictures` draws them anew.

use std::fmt::Write as _;
use std::path::Path;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::records;
use super::stage::Stage;
use crate::widgets::text;

/// Of a cell, in the picture's own unit, and the margin around everything.
const WIDTH: f32 = 8.4;
const HEIGHT: f32 = 17.0;
const MARGIN: f32 = 14.0;

#[test]
fn the_readmes_pictures_are_of_the_screens_as_they_are() {
    let mut today = Stage::open(122, 24);
    today.daemon.needs = records::needs();
    today.daemon.waiting = records::waiting();
    today.daemon.depends = records::depends();
    today.changed("interview").press("1").wait(1);
    today.press("down down down down");
    picture("today.svg", &today.buffer());

    let mut week = Stage::open(122, 34);
    week.press("4 home right right");
    picture("week.svg", &week.buffer());
}

/// Compares a screen with its picture, or draws it.
fn picture(name: &str, buffer: &Buffer) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let drawn = svg(buffer);
    if std::env::var("INSTA_UPDATE").is_ok_and(|it| it == "always") {
        std::fs::write(&path, &drawn).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == drawn,
        "{name} shows another screen; draw it anew: INSTA_UPDATE=always cargo test -p greenroom pictures"
    );
}

fn svg(buffer: &Buffer) -> String {
    let (columns, rows) = (f32::from(buffer.area.width), f32::from(buffer.area.height));
    let (width, height) = (columns * WIDTH + 2.0 * MARGIN, rows * HEIGHT + 2.0 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"ui-monospace, Menlo, Consolas, \
         'DejaVu Sans Mono', monospace\" font-size=\"14\" xml:space=\"preserve\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1e222a\"/>\n"
    );
    for y in 0..buffer.area.height {
        for (x, words, cell) in runs(buffer, y) {
            // Far from what is written a blank says nothing.
            if words.trim().is_empty() {
                continue;
            }
            let at = (
                MARGIN + f32::from(x) * WIDTH,
                MARGIN + (f32::from(y) + 0.75) * HEIGHT,
            );
            let cells = text::width(&words) as f32;
            let _ = writeln!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{}\" textLength=\"{:.1}\" \
                 lengthAdjust=\"spacingAndGlyphs\"{}>{}</text>",
                at.0,
                at.1,
                colour(cell.fg),
                cells * WIDTH,
                weight(cell.modifier),
                escaped(&words),
            );
        }
    }
    out.push_str("</svg>\n");
    out
}

/// What stands in one row in one style, from where on; the blanks at its ends left out.
fn runs(buffer: &Buffer, y: u16) -> Vec<(u16, String, Cell)> {
    let mut runs: Vec<(u16, String, Cell)> = Vec::new();
    let mut skip = 0;
    for x in 0..buffer.area.width {
        let cell = &buffer[(x, y)];
        if skip > 0 {
            skip -= 1;
            continue;
        }
        skip = text::width(cell.symbol()).saturating_sub(1);
        let same = |other: &Cell| other.fg == cell.fg && other.modifier == cell.modifier;
        let gap = |words: &str| words.ends_with("  ");
        match runs.last_mut() {
            Some((_, words, last)) if same(last) && !(gap(words) && cell.symbol() != " ") => {
                words.push_str(cell.symbol());
            }
            _ => runs.push((x, cell.symbol().to_owned(), cell.clone())),
        }
    }
    let trimmed = runs.into_iter().map(|(x, words, cell)| {
        let before = words.len() - words.trim_start().len();
        let from = x + u16::try_from(before).unwrap();
        (from, words.trim().to_owned(), cell)
    });
    trimmed.collect()
}

fn colour(colour: Color) -> &'static str {
    match colour {
        Color::Green => "#8fbf7f",
        Color::Yellow => "#d9b36c",
        Color::Red => "#e06c75",
        _ => "#d8dee9",
    }
}

fn weight(modifier: Modifier) -> String {
    let mut words = String::new();
    if modifier.contains(Modifier::BOLD) {
        words.push_str(" font-weight=\"bold\"");
    }
    if modifier.contains(Modifier::DIM) {
        words.push_str(" opacity=\"0.6\"");
    }
    words
}

fn escaped(words: &str) -> String {
    let words = words.replace('&', "&amp;");
    words.replace('<', "&lt;").replace('>', "&gt;")
}
