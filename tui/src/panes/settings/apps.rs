//! Connected Apps: one's own Zoom whole, the workspace's Zoom app, mail.

use greenroom_protocol::drift::Unchecked;
use greenroom_protocol::mail_settings::{MailSettings, MailSource};
use greenroom_protocol::status::MailStatus;
use greenroom_protocol::zoom::{AdminReply, Connection, ConnectionState};
use ratatui::text::Span;

use super::accounts;
use super::draw::{Sheet, app_words};
use crate::keys::Command;
use crate::state::selected::Row;
use crate::state::{State, key_of};
use crate::theme;
use crate::widgets::{text, times};
use crate::wording::account;
use crate::wording::zoom::{self, my_zoom};

/// The most of an admin's reply that is shown here, in characters.
const MOST_REPLY: usize = 300;

pub(crate) fn list(state: &State, sheet: &mut Sheet) {
    sheet.heading("Connected Apps");
    match my_zoom(state) {
        Some(zoom) => own_zoom(state, sheet, zoom),
        None => {
            let hello = state.link.hello();
            let words = match hello.is_some_and(|hello| hello.caller.is_none()) {
                true => "you are not a member of this workspace",
                false => "…",
            };
            sheet.entry(Row::Zoom, "Zoom", vec![Span::styled(words, theme::DIM)]);
        }
    }
    let mut current = state.cache.workspaces.latest().into_iter().flatten();
    let app = current
        .find(|workspace| workspace.current)
        .map_or("…", app_words);
    sheet.entry(Row::ZoomApp, "Zoom app", vec![Span::raw(app)]);
    accounts::list(state, sheet);
    mail(state, sheet);
    assistant(state, sheet);
}

/// Where the assistant runs, and where it is paused.
fn assistant(state: &State, sheet: &mut Sheet) {
    let name = format!("  {}", text::left("Assistant", sheet.names - 2));
    let line = vec![
        Span::styled(name, theme::DIM),
        Span::raw("built in, on the daemon's machine"),
    ];
    sheet.lines.push((None, line.into()));
    let status = state.cache.status.latest();
    for paused in status.into_iter().flat_map(|it| &it.paused) {
        let of = paused.job.as_deref().unwrap_or("the workspace");
        let why = paused.switch.why.as_ref();
        let why = why.map_or(String::new(), |why| format!(": {why}"));
        sheet.note(&format!("paused for {of}{why}"), theme::WAIT);
    }
}

/// How email leaves, from which address and whether anybody receives it; below it who decided that,
/// what waits, what was refused, and where replies are read.
fn mail(state: &State, sheet: &mut Sheet) {
    let Some(mail) = state.cache.status.latest().map(|status| &status.mail) else {
        return sheet.entry(Row::Mail, "Email", vec![Span::styled("…", theme::DIM)]);
    };
    let settings = state.cache.mail_settings.latest();
    let mut first = leaves(state, mail, settings);
    let used: usize = first.iter().map(Span::width).sum();
    let button = match settings.map(|it| it.source) {
        Some(MailSource::Workspace) => "[ Change ]",
        _ => "[ Set up ]",
    };
    let room = sheet.room().checked_sub(used + text::width(button) + 2);
    if let Some(room) = room.filter(|_| state.sets_up() && settings.is_some()) {
        first.push(Span::raw(format!("  {}", text::blanks(room))));
        first.push(Span::styled(button, theme::STRONG));
    }
    sheet.entry(Row::Mail, "Email", first);
    if settings.is_some_and(|it| it.source == MailSource::Configuration) {
        let words = "set in the daemon's configuration, for workspaces without email of their own";
        sheet.note(words, theme::DIM);
    }
    if sheet.is_selected(&Row::Mail) {
        sheet.note(&mail.note, theme::DIM);
        let answers = format!("replies: {}", mail.answers);
        if !mail.answers.is_empty() {
            sheet.note(&answers, theme::DIM);
        }
    }
    match mail.waiting {
        0 => {}
        1 => sheet.note("1 email waiting", theme::PLAIN),
        many => sheet.note(&format!("{many} emails waiting"), theme::PLAIN),
    }
    if mail.held > 0 {
        let words = format!(
            "⚠ {} may have been sent before the restore: greenroom mail retry sends again",
            mail.held
        );
        sheet.note(&words, theme::WAIT);
    }
    if mail.refused > 0 {
        let words = format!("⚠ {} refused: greenroom mail list says why", mail.refused);
        sheet.note(&words, theme::WAIT);
    }
    if let Some(why) = &mail.answers_error {
        sheet.note(&format!("⚠ Can't read replies: {why}"), theme::WAIT);
    }
    for email in mail.skipped.iter().take(3) {
        let words = format!("⚠ skipped {}: {}", email.email, email.why);
        sheet.note(&words, theme::WAIT);
    }
}

/// How it leaves, what stops it, and from where.
fn leaves(state: &State, mail: &MailStatus, settings: Option<&MailSettings>) -> Vec<Span<'static>> {
    let transport = match mail.transport.as_str() {
        "maildir" => "Maildir (this machine)",
        "smtp" => "SMTP",
        "graph" => "Microsoft Graph",
        "sandbox" => "the demo's mailboxes",
        other => other,
    };
    let account = settings.and_then(|it| it.account.as_deref());
    let account = account.and_then(account::named);
    // Until the accounts are known nothing is said of them.
    let knows = state.cache.accounts.latest().is_some();
    let is_open = account
        .is_none_or(|(provider, email)| !knows || account::opens_mail(state, provider, email));
    let trouble = match (mail.delivers || mail.transport == "sandbox", is_open) {
        (false, _) => Some(" · nobody is emailed"),
        (true, false) => Some(" · not connected"),
        (true, true) => None,
    };
    let transport = match account {
        Some((provider, _)) if mail.transport == "smtp" => format!("{} by SMTP", provider.name()),
        _ => text::clean(transport),
    };
    let sign = if trouble.is_none() { " ✓" } else { "" };
    let mut words = vec![Span::raw(format!("{transport}{sign}"))];
    words.extend(trouble.map(|trouble| Span::styled(trouble, theme::WAIT)));
    let from = settings.and_then(|it| it.from.as_deref());
    let from = from.filter(|_| mail.delivers || trouble.is_none());
    words.extend(from.map(|from| Span::raw(format!(" · {}", text::clean(from)))));
    words
}

/// State, Zoom user and button; below them why, what to do, and what it may.
fn own_zoom(state: &State, sheet: &mut Sheet, zoom: &Connection) {
    let reading = zoom::reading_of(zoom);
    let button = match zoom.state {
        ConnectionState::Connected | ConnectionState::Retrying => "[ Disconnect ]",
        ConnectionState::ReconnectRequired => "[ Reconnect ]",
        ConnectionState::PreApprovalRequested => "[ Try again ]",
        _ => "[ Connect ]",
    };
    let stands = match zoom.state {
        ConnectionState::PreApprovalRequested => match since(state, zoom) {
            Some(since) => format!("{} · {since}", reading.words),
            None => reading.words.to_owned(),
        },
        _ => reading.words.to_owned(),
    };
    let used = text::width(&stands) + text::width(button) + 4;
    let room = sheet.room().checked_sub(used);
    let user = zoom::user(zoom);
    let beside = room.is_some_and(|room| text::width(&user) <= room);
    let mut rest = vec![Span::styled(stands, reading.style)];
    // Where it is too narrow for the button, the bottom line still says what Enter does.
    if let Some(room) = room {
        let between = text::left(if beside { &user } else { "" }, room);
        rest.push(Span::raw(format!("  {between}  ")));
        rest.push(Span::styled(button, theme::STRONG));
    }
    sheet.entry(Row::Zoom, "Zoom", rest);
    if !beside {
        sheet.note(&user, theme::PLAIN);
    }
    if let Some(why) = why(state, zoom) {
        sheet.note(&why, reading.style);
    }
    if let Some(hint) = &zoom.hint {
        sheet.note(hint, theme::PLAIN);
    }
    admin_reply(state, sheet, zoom.admin_reply.as_ref());
    if zoom.admin_reply.is_some()
        && let Some(key) = key_of(state, Command::Connect)
    {
        sheet.note(&format!("{key} to retry"), theme::PLAIN);
    }
    if let Some(words) = zoom::few_changes_left(zoom) {
        sheet.note(&words, theme::WAIT);
    }
    permissions(state, sheet, zoom);
    found(state, sheet);
}

/// What an admin there replied to the request.
pub(super) fn admin_reply(state: &State, sheet: &mut Sheet, reply: Option<&AdminReply>) {
    let Some(reply) = reply else {
        return;
    };
    let near = times::near(reply.at.timestamp(), &state.zone(), state.now);
    let words: Vec<_> = reply.text.split_whitespace().collect();
    let words = text::clean(&words.join(" "));
    let said: String = words.chars().take(MOST_REPLY).collect();
    let more = if said.len() < words.len() { "…" } else { "" };
    let from = text::clean(&reply.from);
    sheet.note(
        &format!("✉ {from} replied {near}: “{said}{more}”"),
        theme::WAIT,
    );
}

/// What differs at Zoom and what no booking needs there, where anything does.
fn found(state: &State, sheet: &mut Sheet) {
    let Some(report) = state.cache.drift.latest() else {
        return;
    };
    let differ = match report.interviews.len() {
        0 => None,
        1 => Some("1 meeting out of sync".to_owned()),
        many => Some(format!("{many} meetings out of sync")),
    };
    let strays = match report.orphans.len() {
        0 => None,
        1 => Some("1 unused Zoom meeting".to_owned()),
        many => Some(format!("{many} unused Zoom meetings")),
    };
    // A host that was never checked is no news: the first check comes in the night.
    let never = |open: &&Unchecked| {
        let mut hosts = report.hosts.iter();
        let host = hosts.find(|it| it.host.id == open.host.id);
        host.is_some_and(|it| it.checked_at.is_none() && it.reason.is_none())
    };
    let open = match report.unchecked.iter().filter(|it| !never(it)).count() {
        0 => None,
        1 => Some("1 meeting could not be checked".to_owned()),
        many => Some(format!("{many} meetings could not be checked")),
    };
    let words: Vec<_> = differ.into_iter().chain(strays).chain(open).collect();
    if words.is_empty() {
        return;
    }
    let key = key_of(state, Command::CheckMeetings);
    let key = key.map(|key| format!(": {key} to see"));
    let words = format!("⚠ {}{}", words.join(", "), key.unwrap_or_default());
    sheet.note(&words, theme::WAIT);
}

/// Why it stands so and since when, where a healthy one has nothing to say.
pub(crate) fn why(state: &State, zoom: &Connection) -> Option<String> {
    let reason = zoom.reason.as_deref()?;
    let lasts = [
        ConnectionState::ReconnectRequired,
        ConnectionState::Retrying,
    ];
    let since = since(state, zoom).filter(|_| lasts.contains(&zoom.state));
    Some(match since {
        Some(since) => format!("{reason} · {since}"),
        None => reason.to_owned(),
    })
}

fn since(state: &State, zoom: &Connection) -> Option<String> {
    let since = zoom.since?.timestamp();
    let when = times::near(since, &state.zone(), state.now);
    Some(format!("since {when}"))
}

fn permissions(state: &State, sheet: &mut Sheet, zoom: &Connection) {
    if !zoom.state.serves() {
        return;
    }
    let age = |at: greenroom_protocol::time::Instant| times::age(at.timestamp(), state.now);
    let refreshed = match zoom.last_refresh.map(age).as_deref() {
        Some("now") => " · checked just now".to_owned(),
        Some(age) => format!(" · checked {age} ago"),
        None => String::new(),
    };
    let may = zoom::granted(zoom);
    sheet.note(&format!("Permissions: {may}{refreshed}"), theme::DIM);
    let mut lacks = false;
    for (words, needed) in zoom::lacking(zoom) {
        let style = if needed { theme::WAIT } else { theme::DIM };
        sheet.note(&format!("Missing: {words}"), style);
        lacks = true;
    }
    if lacks {
        let way = "Add what is missing to the Zoom app, then press c to reconnect";
        sheet.note(way, theme::DIM);
    }
}
