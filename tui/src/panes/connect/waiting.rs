//! While the browser is waited for: the address, the way back, and what the provider's own pages
//! mean.
//!
//! The address is shown over the full width without a frame, so that it can also be copied with the
//! mouse.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::target::{Attempt, Target};
use super::{Connect, Phase, page};
use crate::keys::Command;
use crate::state::{State, key_of};
use crate::theme;
use crate::widgets::{Canvas, Qr, below, part, row, text, times};

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
    if let Some(qr) = attempt
        .qr
        .as_ref()
        .filter(|qr| connect.shows_qr && fits(qr, area))
    {
        return draw_qr(connect, qr, canvas, below(area, 1));
    }
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

/// Rows of the words over a QR code.
const OVER_QR: u16 = 3;

/// Rows of a window that are no pane's: its top and bottom lines, with their rules.
const AROUND: u16 = 4;

fn fits(qr: &Qr, area: Rect) -> bool {
    let (columns, rows) = qr.size();
    columns <= area.width && rows + OVER_QR < area.height
}

/// Why the address cannot be shown as a QR code.
pub(super) fn no_qr(state: &State) -> Option<&'static str> {
    let connect = state.panes.below_help_as::<Connect>();
    let Some(Phase::Waiting(attempt)) = connect.map(|it| &it.phase) else {
        return Some("no address yet");
    };
    let (width, height) = state.size;
    let area = Rect::new(0, 0, width, height.saturating_sub(AROUND));
    match &attempt.qr {
        _ if !state.look.has_qr() => Some("a QR code needs colors and block characters"),
        Some(qr) if fits(qr, area) => None,
        _ => Some("the window is too small for the QR code"),
    }
}

fn draw_qr(connect: &Connect, qr: &Qr, canvas: &mut Canvas<'_>, area: Rect) {
    let name = connect.target.name();
    let words = format!(
        "Scan it with a phone that is signed in to {name}. The phone ends at an address it can't open: tab, then paste that address here."
    );
    let inside = part(area, 1, area.width.saturating_sub(2));
    let place = Rect {
        height: OVER_QR - 1,
        ..inside
    };
    canvas.paragraph(place, &words, theme::PLAIN);
    let (columns, _) = qr.size();
    let left = area.width.saturating_sub(columns) / 2;
    let place = below(area, OVER_QR - 1);
    qr.draw(canvas, part_of(place, left));
}

fn part_of(area: Rect, left: u16) -> Rect {
    Rect {
        x: area.x + left,
        width: area.width.saturating_sub(left),
        ..area
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
