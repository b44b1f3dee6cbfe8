//! What the provider will ask for, each with its reason: in a column beside it, or where that is too
//! narrow right after it, or below.

use greenroom_protocol::zoom::{PERMISSIONS, SHARED_NOTE};
use ratatui::layout::Rect;

use super::target::{AccountTarget, Target};
use super::{Connect, draw_buttons};
use crate::theme;
use crate::widgets::{Canvas, below, part, row, text};

/// [`SHARED_NOTE`], where it is said to somebody else.
const SHARED_NOTE_OF_OTHERS: &str = "Colleagues can host interviews on this Zoom account.";

/// A permission as it is listed.
struct Asked {
    title: &'static str,
    reason: &'static str,
    optional: bool,
}

pub(crate) fn draw(connect: &Connect, canvas: &mut Canvas<'_>, area: Rect) {
    let all = asked(&connect.target);
    let wide = area.width >= 96 && all.iter().all(|it| it.title.len() < 32);
    let width = if wide { 94 } else { 78 };
    let cells = usize::from(width.min(area.width)).saturating_sub(6);
    let listed = all.iter().map(|it| it.lines(wide, cells)).sum::<u16>();
    let optional = all.iter().any(|it| it.optional);
    let height = listed + if wide { 8 } else { 7 } + if optional { 2 } else { 0 };
    let inside = canvas.float(area, width, height, &connect.target.title());
    let mut rest = below(inside, 1);
    let (name, whom) = (connect.target.name(), connect.target.whom());
    let words = format!("{name} will ask {whom} to allow:");
    canvas.text(row(rest, 0), &words, theme::PLAIN);
    rest = below(rest, 1);
    for later in [false, true] {
        if later && optional {
            rest = below(rest, 1);
            let words = "and, if your Zoom app has them:";
            canvas.text(row(rest, 0), words, theme::PLAIN);
            rest = below(rest, 1);
        }
        for permission in all.iter().filter(|it| it.optional == later) {
            permission.draw(canvas, rest, wide, cells);
            rest = below(rest, permission.lines(wide, cells));
        }
    }
    let (note, button) = match &connect.target {
        Target::Zoom(Some(_)) => (SHARED_NOTE_OF_OTHERS.to_owned(), "Get the address to send"),
        Target::Zoom(None) => (SHARED_NOTE.to_owned(), "Continue in the browser"),
        Target::Account(account) => (note(account), "Continue in the browser"),
    };
    canvas.text(row(rest, 1), &note, theme::PLAIN);
    draw_buttons(canvas, row(inside, inside.height.saturating_sub(1)), button);
}

fn asked(target: &Target) -> Vec<Asked> {
    match target {
        Target::Zoom(_) => {
            let all = PERMISSIONS.iter().map(|it| Asked {
                title: it.title,
                reason: it.reason,
                optional: it.optional,
            });
            all.collect()
        }
        Target::Account(account) => {
            let all = account.provider.permissions().iter().map(|it| Asked {
                title: it.title,
                reason: it.reason,
                optional: false,
            });
            all.collect()
        }
    }
}

/// What is worth knowing before the browser opens.
fn note(account: &AccountTarget) -> String {
    match (account.for_workspace, &account.email) {
        (true, Some(email)) => format!("Sign in as {email}: the workspace's email leaves from it."),
        (true, None) => "Sign in with the mailbox that invitations leave from.".to_owned(),
        (false, _) => "Sign in with your own account. You can disconnect at any time.".to_owned(),
    }
}

impl Asked {
    /// How many lines it takes.
    fn lines(&self, wide: bool, cells: usize) -> u16 {
        let after = self.title.len() + 1 + self.reason.len();
        if wide || after <= cells {
            return match wide {
                true => self.reasons(cells.saturating_sub(32)),
                false => 1,
            };
        }
        1 + self.reasons(cells.saturating_sub(4))
    }

    fn reasons(&self, cells: usize) -> u16 {
        u16::try_from(text::wrap(self.reason, cells).len()).unwrap_or(1)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, wide: bool, cells: usize) {
        let style = match self.optional {
            true => theme::PLAIN,
            false => theme::STRONG,
        };
        let first = row(area, 0);
        canvas.text(part(first, 2, first.width), self.title, style);
        let after = u16::try_from(self.title.len()).unwrap_or(0) + 3;
        let lines = self.lines(wide, cells);
        let beside = |from: u16| Rect {
            height: lines,
            ..part(area, from, area.width)
        };
        let reason = match (wide, lines) {
            (true, _) => beside(34),
            (false, 1) => part(first, after, first.width),
            (false, _) => Rect {
                height: lines - 1,
                ..part(below(area, 1), 4, area.width)
            },
        };
        canvas.paragraph(reason, self.reason, theme::DIM);
    }
}
