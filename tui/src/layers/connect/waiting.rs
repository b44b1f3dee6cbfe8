//! While the browser has the word: Zoom's address, the way back, and what Zoom's own pages mean.
//!
//! The address is shown over the full width without a frame, so that it can also be copied with the
//! mouse.

use greenroom_protocol::zoom::ConnectAttempt;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Connect, ZoomPage};
use crate::app::{State, key_of};
use crate::keys::Command;
use crate::theme;
use crate::widgets::{Canvas, below, part, row, text, times};

pub(super) fn draw(
    connect: &Connect,
    state: &State,
    canvas: &mut Canvas<'_>,
    area: Rect,
    attempt: &ConnectAttempt,
) {
    canvas.blank(area);
    let title = Line::from(vec![
        Span::styled(format!(" {}", text::clean(&connect.title())), theme::STRONG),
        Span::styled(" · waiting for the browser", theme::WAIT),
    ]);
    canvas.line(row(area, 0), title);
    let left = times::left(attempt.expires_at.timestamp(), state.now);
    let place = part(row(area, 0), 0, area.width.saturating_sub(1));
    canvas.text_right(place, &format!("{left} left"), theme::DIM);
    let mut rest = below(area, 2);
    let inside = part(rest, 1, rest.width.saturating_sub(2));
    let taken = canvas.paragraph(inside, &who_agrees(connect, attempt), theme::PLAIN);
    rest = below(rest, taken + 1);
    for line in text::wrap_whole(&attempt.authorize_url, usize::from(area.width)) {
        canvas.text(row(rest, 0), &line, theme::GOOD);
        rest = below(rest, 1);
    }
    rest = below(rest, 1);
    let inside = part(rest, 1, rest.width.saturating_sub(2));
    draw_paste(connect, canvas, inside);
    let taken = 3 + u16::from(connect.refused.is_some());
    draw_pages(connect, state, canvas, below(inside, taken), attempt);
}

fn who_agrees(connect: &Connect, attempt: &ConnectAttempt) -> String {
    let user = &attempt.expected_zoom_user;
    match &connect.whose {
        Some(member) => format!(
            "Send this address to {}, to be opened and agreed to as {user}. On this machine it goes on by itself; \
             from elsewhere they send you back the address their browser ends at.",
            member.name
        ),
        None => format!("Agree in the browser as {user}. This goes on by itself."),
    }
}

fn draw_paste(connect: &Connect, canvas: &mut Canvas<'_>, area: Rect) {
    let style = if connect.pasting {
        theme::SELECTED
    } else {
        theme::PLAIN
    };
    let words = "Browser on another machine? Paste here the address it ends at:";
    canvas.text(row(area, 0), words, style);
    let field = row(area, 1);
    let mark = if connect.pasting { "▸ " } else { "  " };
    canvas.text(part(field, 0, 2), mark, style);
    let place = part(field, 2, field.width);
    match (connect.pasting, connect.paste.is_empty()) {
        (false, true) => canvas.text(place, "tab, then paste", theme::DIM),
        _ => connect
            .paste
            .draw(canvas, place, theme::FIELD, connect.pasting),
    }
    if let Some(refused) = &connect.refused {
        canvas.text(row(area, 2), &format!("  ✗ {refused}"), theme::BAD);
    }
}

/// Which page is it, or what to do about the one it is.
fn draw_pages(
    connect: &Connect,
    state: &State,
    canvas: &mut Canvas<'_>,
    area: Rect,
    attempt: &ConnectAttempt,
) {
    match connect.page {
        None => draw_question(state, canvas, area),
        Some(ZoomPage::Private) => {
            let words = format!(
                "Only people of the Zoom account that a private app was made in can connect to it, and the browser is \
                 signed in to another one. Sign out at zoom.us or take a private window, sign in as {}, and open the \
                 address again{}. If that is the right account, the workspace needs an app made in it: Settings, Zoom \
                 app.",
                attempt.expected_zoom_user,
                with_key(state, Command::OpenBrowser),
            );
            draw_answer(canvas, area, "The app belongs to another account", &words);
        }
        Some(ZoomPage::Invalid) => {
            let words = format!(
                "Whoever made the app opens it at marketplace.zoom.us. Redirect (4700): the redirect URL for OAuth and \
                 the OAuth allow list must both say http://127.0.0.1/callback, not localhost. Client id (4702): the app \
                 must be the one of {}; Settings, Zoom app changes it. Then try again.",
                client_id(attempt),
            );
            draw_answer(
                canvas,
                area,
                "The redirect or the client id is wrong",
                &words,
            );
        }
    }
}

fn draw_question(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let words = "Zoom shows a page of its own? Then no answer comes back. Which one?";
    canvas.text(row(area, 0), words, theme::PLAIN);
    let pages = [
        (
            Command::PagePrivate,
            "The app belongs to another account, or cannot be installed",
        ),
        (
            Command::PageInvalid,
            "Invalid redirect (4700), or invalid client id (4702)",
        ),
    ];
    let mut rest = below(area, 1);
    for (command, words) in pages {
        let Some(key) = key_of(state, command) else {
            continue;
        };
        let line = Line::from(vec![
            Span::styled(format!("  {key}  "), theme::KEY),
            Span::raw(words),
        ]);
        canvas.line(row(rest, 0), line);
        rest = below(rest, 1);
    }
}

fn draw_answer(canvas: &mut Canvas<'_>, area: Rect, title: &str, words: &str) {
    canvas.text(row(area, 0), title, theme::STRONG);
    canvas.paragraph(below(area, 1), words, theme::PLAIN);
}

/// ` (o)`, where that key works here.
fn with_key(state: &State, command: Command) -> String {
    match key_of(state, command) {
        Some(key) => format!(" ({key})"),
        None => String::new(),
    }
}

/// The client id the browser was sent to Zoom with.
fn client_id(attempt: &ConnectAttempt) -> String {
    let address = url::Url::parse(&attempt.authorize_url);
    let pairs = address.iter().flat_map(|address| address.query_pairs());
    let mut ids = pairs.filter(|(name, _)| name == "client_id");
    match ids.next() {
        Some((_, id)) => format!("client id {id}"),
        None => "this workspace".to_owned(),
    }
}
