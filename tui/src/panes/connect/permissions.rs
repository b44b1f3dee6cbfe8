//! What Zoom will ask for, each with its reason: in a column beside it, or where that is too narrow
//! right after it, or below.

use greenroom_protocol::zoom::{PERMISSIONS, Permission, SHARED_NOTE};
use ratatui::layout::Rect;

use super::{Connect, draw_buttons};
use crate::theme;
use crate::widgets::{Canvas, below, part, row};

/// [`SHARED_NOTE`], where it is said to somebody else.
const SHARED_NOTE_OF_OTHERS: &str = "Colleagues can host interviews on this Zoom account.";

pub(crate) fn draw(connect: &Connect, canvas: &mut Canvas<'_>, area: Rect) {
    let wide = area.width >= 96;
    let width = if wide { 94 } else { 78 };
    let listed = PERMISSIONS.iter().map(|it| lines(it, wide)).sum::<u16>();
    let height = listed + if wide { 10 } else { 9 };
    let inside = canvas.float(area, width, height, &connect.title());
    let mut rest = below(inside, 1);
    let whom = connect.whose.as_ref().map_or("you", |member| &member.name);
    let words = format!("Zoom will ask {whom} to allow:");
    canvas.text(row(rest, 0), &words, theme::PLAIN);
    rest = below(rest, 1);
    for optional in [false, true] {
        if optional {
            rest = below(rest, 1);
            let words = "and, if your Zoom app has them:";
            canvas.text(row(rest, 0), words, theme::PLAIN);
            rest = below(rest, 1);
        }
        for permission in PERMISSIONS.iter().filter(|it| it.optional == optional) {
            draw_permission(canvas, rest, permission, wide);
            rest = below(rest, lines(permission, wide));
        }
    }
    let (note, button) = match &connect.whose {
        Some(_) => (SHARED_NOTE_OF_OTHERS, "Get the address to send"),
        None => (SHARED_NOTE, "Continue in the browser"),
    };
    canvas.text(row(rest, 1), note, theme::PLAIN);
    draw_buttons(canvas, row(inside, inside.height.saturating_sub(1)), button);
}

/// Cells of a line where there is no column for the reasons.
const NARROW: usize = 72;

/// How many lines a permission takes.
fn lines(permission: &Permission, wide: bool) -> u16 {
    let cells = permission.title.len() + 1 + permission.reason.len();
    1 + u16::from(!wide && cells > NARROW)
}

fn draw_permission(canvas: &mut Canvas<'_>, area: Rect, permission: &Permission, wide: bool) {
    let style = if permission.optional {
        theme::PLAIN
    } else {
        theme::STRONG
    };
    let first = row(area, 0);
    canvas.text(part(first, 2, first.width), permission.title, style);
    let after = u16::try_from(permission.title.len()).unwrap_or(0) + 3;
    let reason = match (wide, lines(permission, wide)) {
        (true, _) => part(first, 34, first.width),
        (false, 1) => part(first, after, first.width),
        (false, _) => part(row(area, 1), 4, area.width),
    };
    canvas.text(reason, permission.reason, theme::DIM);
}
