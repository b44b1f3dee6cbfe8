//! Settings: connected apps, the team, the workspaces.
//!
//! One list of rows under headings. What Enter does on a row is decided by [`Row`].

use greenroom_protocol::id::MemberId;
use greenroom_protocol::workspace::{Member, Workspace};
use greenroom_protocol::zoom::{Connection, ConnectionState};
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::wording;
use crate::app::State;
use crate::keys::Command;
use crate::theme;
use crate::widgets::{Canvas, List, part, rows, text, times};

/// Cells of the first column.
const NAMES: usize = 22;

/// Where a person is in the settings.
#[derive(Debug, Default)]
pub(crate) struct SettingsView {
    list: List,
}

/// Something in the settings that can be selected.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Row {
    /// The person's own Zoom.
    Zoom,
    /// The workspace's Zoom app.
    ZoomApp,
    /// How mail leaves.
    Mail,
    /// Someone of the team.
    Member(MemberId),
    /// A workspace, by name; whether it is this one.
    Workspace(String, bool),
}

impl SettingsView {
    pub(crate) fn selected(&self, state: &State) -> Option<Row> {
        let mut all = selectable(state);
        let at = self.list.selected(all.len())?;
        Some(all.swap_remove(at))
    }

    pub(crate) fn go(&mut self, command: Command, len: usize) -> bool {
        self.list.go(command, len)
    }
}

/// Everything that can be selected, from the top.
pub(crate) fn selectable(state: &State) -> Vec<Row> {
    let mut all = vec![Row::Zoom, Row::ZoomApp, Row::Mail];
    let members = state.mirror.members.latest().into_iter().flatten();
    all.extend(members.map(|member| Row::Member(member.id)));
    let workspaces = state.mirror.workspaces.latest().into_iter().flatten();
    all.extend(workspaces.map(|it| Row::Workspace(it.name.clone(), it.current)));
    all
}

/// The person's own connection.
pub(crate) fn my_zoom(state: &State) -> Option<&Connection> {
    let me = state.link.hello()?.caller.as_ref()?.member.id;
    let listed = state.mirror.connections.latest().into_iter().flatten();
    let own = listed
        .into_iter()
        .find(|connection| connection.member.id == me);
    own.or_else(|| state.mirror.status.latest()?.connection.as_ref())
}

type Shown = (Option<Row>, Line<'static>);

pub(super) fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let selected = state.settings.selected(state);
    let width = usize::from(area.width.saturating_sub(2));
    let mut lines: Vec<Shown> = Vec::new();
    apps(state, &mut lines, selected.as_ref(), width);
    team(state, &mut lines, selected.as_ref(), width);
    workspaces(state, &mut lines, selected.as_ref());
    let at = lines
        .iter()
        .position(|(row, _)| row.is_some() && *row == selected)
        .unwrap_or(0);
    let skipped = (at + 3)
        .saturating_sub(usize::from(area.height))
        .min(lines.len());
    for (place, (_, line)) in rows(area).zip(lines.into_iter().skip(skipped)) {
        canvas.line(part(place, 1, place.width.saturating_sub(2)), line);
    }
}

fn heading(lines: &mut Vec<Shown>, words: &str) {
    if !lines.is_empty() {
        lines.push((None, Line::default()));
    }
    lines.push((None, Line::styled(words.to_owned(), theme::STRONG)));
}

fn entry(row: Row, selected: Option<&Row>, name: &str) -> (Row, Vec<Span<'static>>) {
    let marked = selected == Some(&row);
    let style = if marked {
        theme::SELECTED
    } else {
        theme::PLAIN
    };
    let mark = if marked { "▸ " } else { "  " };
    (
        row,
        vec![Span::styled(
            format!("{mark}{}", text::left(name, NAMES - 2)),
            style,
        )],
    )
}

fn note(lines: &mut Vec<Shown>, words: &str, width: usize) {
    for line in text::wrap(words, width.saturating_sub(NAMES)) {
        let words = format!("{}{line}", text::blanks(NAMES));
        lines.push((None, Line::styled(words, theme::DIM)));
    }
}

fn apps(state: &State, lines: &mut Vec<Shown>, selected: Option<&Row>, width: usize) {
    heading(lines, "Connected Apps");
    let (row, mut spans) = entry(Row::Zoom, selected, "Zoom");
    match my_zoom(state) {
        Some(zoom) => zoom_line(state, lines, row, spans, zoom, width),
        None => {
            spans.push(Span::styled("…", theme::DIM));
            lines.push((Some(row), spans.into()));
        }
    }
    let current = state.mirror.workspaces.latest().into_iter().flatten();
    let app = current
        .into_iter()
        .find(|workspace| workspace.current)
        .map_or("…", app_words);
    let (row, mut spans) = entry(Row::ZoomApp, selected, "Zoom app");
    spans.push(Span::raw(app));
    lines.push((Some(row), spans.into()));
    mail_lines(state, lines, selected, width);
    let rest = format!("{}comes later", text::left("Assistant", NAMES - 2));
    lines.push((None, Line::styled(format!("  {rest}"), theme::DIM)));
}

fn mail_lines(state: &State, lines: &mut Vec<Shown>, selected: Option<&Row>, width: usize) {
    let (row, mut spans) = entry(Row::Mail, selected, "Mail");
    let mail = state.mirror.status.latest().map(|status| &status.mail);
    let style = match mail {
        Some(mail) if mail.delivers => theme::PLAIN,
        Some(_) => theme::WAIT,
        None => theme::DIM,
    };
    let words = mail.map_or("…", |mail| &mail.note);
    let mut wrapped = text::wrap(words, width.saturating_sub(NAMES)).into_iter();
    spans.push(Span::styled(wrapped.next().unwrap_or_default(), style));
    lines.push((Some(row), spans.into()));
    for line in wrapped {
        let words = format!("{}{line}", text::blanks(NAMES));
        lines.push((None, Line::styled(words, style)));
    }
}

fn zoom_line(
    state: &State,
    lines: &mut Vec<Shown>,
    row: Row,
    mut spans: Vec<Span<'static>>,
    zoom: &Connection,
    width: usize,
) {
    let (words, style) = wording::connection(zoom.state);
    spans.push(Span::styled(words, style));
    let button = match zoom.state {
        ConnectionState::Connected | ConnectionState::Retrying => "[ Disconnect ]",
        ConnectionState::ReconnectRequired => "[ Reconnect ]",
        _ => "[ Connect ]",
    };
    let used = NAMES + text::width(words);
    let room = width.saturating_sub(used + text::width(button) + 4);
    let user = text::left(&wording::zoom_user(zoom), room);
    spans.push(Span::raw(format!("  {user}  ")));
    spans.push(Span::styled(button, theme::STRONG));
    lines.push((Some(row), spans.into()));
    if let Some(reason) = &zoom.reason {
        note(lines, reason, width);
    }
    if let Some(hint) = &zoom.hint {
        note(lines, hint, width);
    }
    if zoom.state != ConnectionState::Connected {
        return;
    }
    let refreshed = zoom
        .last_refresh
        .map(|at| times::age(at.timestamp(), state.now));
    let refreshed = match refreshed.as_deref() {
        Some("now") => "refreshed just now · ".to_owned(),
        Some(age) => format!("refreshed {age} ago · "),
        None => String::new(),
    };
    let may = granted(zoom);
    note(lines, &format!("{refreshed}may: {may}"), width);
    if !zoom.missing_scopes.is_empty() {
        note(
            lines,
            &format!("not granted: {}", zoom.missing_scopes.join(", ")),
            width,
        );
    }
}

/// What was granted, in Zoom's words for people.
fn granted(zoom: &Connection) -> String {
    let has = |scope: &str| zoom.scopes.iter().any(|granted| granted == scope);
    let titles: Vec<String> = greenroom_protocol::zoom::PERMISSIONS
        .iter()
        .filter(|permission| has(permission.scope) || has(permission.classic))
        .map(|permission| permission.title.to_lowercase())
        .collect();
    titles.join(", ")
}

fn team(state: &State, lines: &mut Vec<Shown>, selected: Option<&Row>, width: usize) {
    heading(lines, "Team");
    let Some(members) = state.mirror.members.latest() else {
        return;
    };
    for member in members {
        lines.push(member_line(state, member, selected, width));
    }
}

fn member_line(state: &State, member: &Member, selected: Option<&Row>, width: usize) -> Shown {
    let name = if member.you {
        format!("{} (you)", member.name)
    } else {
        member.name.clone()
    };
    let (row, mut spans) = entry(Row::Member(member.id), selected, &name);
    let known = state.mirror.connections.latest().into_iter().flatten();
    let connection = known
        .into_iter()
        .find(|connection| connection.member.id == member.id);
    let (words, style) = wording::connection(member.zoom);
    let roles: Vec<&str> = member
        .roles
        .iter()
        .map(|role| wording::role(*role))
        .collect();
    let roles_cells = width.saturating_sub(NAMES + 24).min(34);
    spans.push(Span::styled(text::left(words, 24), style));
    spans.push(Span::styled(
        text::left(&roles.join(", "), roles_cells),
        theme::PLAIN,
    ));
    let rest = width.saturating_sub(NAMES + 24 + roles_cells + 2);
    let reason = connection.and_then(|connection| connection.reason.clone());
    let last =
        reason.unwrap_or_else(|| format!("{} · {}", member.email, times::city(&member.zone)));
    spans.push(Span::styled(
        format!("  {}", text::fit(&last, rest)),
        theme::DIM,
    ));
    (Some(row), spans.into())
}

fn workspaces(state: &State, lines: &mut Vec<Shown>, selected: Option<&Row>) {
    let Some(all) = state.mirror.workspaces.latest() else {
        return;
    };
    heading(lines, "Workspaces");
    for workspace in all {
        let row = Row::Workspace(workspace.name.clone(), workspace.current);
        let (row, mut spans) = entry(row, selected, &workspace.name);
        let (words, style) = match workspace.current {
            true => ("● this one", theme::GOOD),
            false => ("", theme::DIM),
        };
        spans.push(Span::styled(text::left(words, 24), style));
        spans.push(Span::styled(app_words(workspace), theme::DIM));
        lines.push((Some(row), spans.into()));
    }
}

fn app_words(workspace: &Workspace) -> &'static str {
    match (&workspace.zoom_client_id, workspace.zoom_confidential) {
        (Some(_), true) => "own Zoom app, with a secret",
        (Some(_), false) => "own Zoom app",
        (None, _) => "the daemon's Zoom app",
    }
}
