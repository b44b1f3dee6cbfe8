//! While the browser is waited for: the address, the way back, and what the provider's own pages
//! mean.
//!
//! The address is shown over the full width without a frame, so that it can also be copied with the
//! mouse.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::target::{Attempt, Target};
use super::{Connect, page};
use crate::keys::Command;
use crate::state::{State, key_of};
use crate::theme;
use crate::widgets::{Canvas, below, part, row, text, times};

pub(crate) fn draw(
    connect: &Connect,
    state: &State,
    canvas: &mut Canvas<'_>,
    area: Rect,
    attempt: &Attempt,
) {
    canvas.blank(area);
    let title = Line::from(vec![
        Span::styled(
            format!(" {}", text::clean(&connect.target.title())),
            theme::STRONG,
        ),
        Span::styled(" · waiting for the browser", theme::WAIT),
    ]);
    canvas.line(row(area, 0), title);
    let left = times::left(attempt.expires_at.timestamp(), state.now);
    let place = part(row(area, 0), 0, area.width.saturating_sub(1));
    canvas.text_right(place, &format!("{left} left"), theme::DIM);
    let mut rest = below(area, 2);
    let inside = part(rest, 1, rest.width.saturating_sub(2));
    let taken = canvas.paragraph(inside, &who_agrees(connect, attempt), theme::PLAIN);
    rest = below(rest, taken);
    let inside = part(rest, 1, rest.width.saturating_sub(2));
    if let Some(words) = sandbox(connect, state) {
        rest = below(rest, canvas.paragraph(inside, &words, theme::WAIT));
    }
    rest = below(rest, 1);
    for line in text::wrap_whole(&attempt.authorize_url, usize::from(area.width)) {
        canvas.text(row(rest, 0), &line, theme::GOOD);
        rest = below(rest, 1);
    }
    rest = below(rest, 1);
    let inside = part(rest, 1, rest.width.saturating_sub(2));
    draw_paste(connect, canvas, inside);
    let taken = 3 + u16::from(connect.refused.is_some());
    let foot = below(inside, taken);
    match connect.page {
        None => page::draw_question(&connect.target, state, canvas, foot),
        Some(page) => page.draw(&connect.target, state, canvas, foot, attempt),
    }
}

/// The way on where Zoom is a sandbox, while the letter is no text.
fn sandbox(connect: &Connect, state: &State) -> Option<String> {
    let key = key_of(state, Command::SandboxAnswer)?;
    let name = connect.target.name();
    Some(format!("This {name} is a sandbox: press {key} to approve."))
}

fn who_agrees(connect: &Connect, attempt: &Attempt) -> String {
    let user = attempt.user.as_deref();
    let own = match user {
        Some(user) => {
            format!("Approve in your browser as {user}. This page updates automatically.")
        }
        None => "Approve in your browser. This page updates automatically.".to_owned(),
    };
    match &connect.target {
        Target::Zoom(Some(member)) => format!(
            "Send this address to {}, who approves it as {}. On this machine the page updates automatically; elsewhere they send you the final address from their browser.",
            member.name,
            user.unwrap_or("themselves")
        ),
        Target::Zoom(None) | Target::Account(_) => own,
    }
}

fn draw_paste(connect: &Connect, canvas: &mut Canvas<'_>, area: Rect) {
    let style = if connect.pasting {
        theme::SELECTED
    } else {
        theme::PLAIN
    };
    let words = "Browser elsewhere? Paste the final address here:";
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
