//! The calendars that others keep of one member: what each says, how old that is, and what is wrong.
//!
//! Owns the list, and removing and reading one again. Invariant: what a calendar said before stands
//! until it is removed, and is never shown without its age. Must not read a calendar itself: a file
//! is its form's.

mod draw;
#[cfg(test)]
mod tests;

use greenroom_protocol::Error;
use greenroom_protocol::calendar::{Feed, FeedKind, FeedRefresh, FeedRemove};
use greenroom_protocol::id::MemberId;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use ratatui::layout::Rect;

use crate::forms::{self, Kind, calendar_subject};
use crate::keys::{Command, Context, Places};
use crate::panes::confirm::Confirm;
use crate::panes::failure::fail;
use crate::state::State;
use crate::state::event::Action;
use crate::state::pane::{Dispatch, Pane};
use crate::state::queries::{CALENDARS_SINCE, Need};
use crate::state::subject::{Hint, Subject};
use crate::state::work::{Errand, answer};
use crate::widgets::{Canvas, List, text};
use crate::wording;

pub(super) static SUBJECT: Subject = Subject {
    changes: &[
        Command::AddCalendar,
        Command::ReadCalendar,
        Command::RemoveCalendar,
    ],
    views: &[],
    disabled_reason,
    dispatch: |state, command| match command {
        Command::RemoveCalendar => ask_to_remove(state),
        Command::ReadCalendar => read_now(state),
        _ => add(state),
    },
    ..Subject::NONE
};

/// The list of one member's.
#[derive(Debug)]
pub(crate) struct Calendars {
    member: MemberId,
    list: List,
}

/// Shows a member's calendars.
pub(crate) fn open(state: &mut State, member: MemberId) {
    let list = List::default();
    state.panes.push(Calendars { member, list });
}

/// Why this person does not see a member's calendars; `None`: they do.
pub(crate) fn cannot_see(state: &State, member: MemberId) -> Option<&'static str> {
    let hello = state.link.hello();
    if hello.is_some_and(|hello| hello.protocol < CALENDARS_SINCE) {
        return Some("the daemon is too old; update it");
    }
    let may = state.is_me(member) || state.sets_up();
    (!may).then_some("only an admin can see the calendars of others")
}

impl Calendars {
    fn all<'a>(&self, state: &'a State) -> Option<&'a [Feed]> {
        state.cache.feeds.get(&self.member).map(Vec::as_slice)
    }

    fn selected<'a>(&self, state: &'a State) -> Option<&'a Feed> {
        let all = self.all(state)?;
        all.get(self.list.selected(all.len())?)
    }
}

impl Pane for Calendars {
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::MemberCalendars)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        draw::draw(self, state, canvas, area);
    }

    fn subscriptions(&self, _: &State) -> Vec<Need> {
        vec![Need::Feeds(self.member)]
    }

    fn dispatch(&self) -> Dispatch {
        |state, command| {
            if command == Command::Enter {
                return Some(change(state));
            }
            let pane = state.panes.top_as::<Self>()?;
            let len = pane.all(state).map_or(0, <[_]>::len);
            let pane = state.panes.top_as_mut::<Self>()?;
            pane.list.go(command, len).then(Vec::new)
        }
    }

    fn disabled_reason(&self, state: &State, command: Command) -> Option<&'static str> {
        if command != Command::Enter {
            return None;
        }
        match self.selected(state).map(|feed| feed.kind) {
            None => Some("select a calendar first"),
            Some(FeedKind::File | FeedKind::Url | FeedKind::CalDav) => None,
            Some(FeedKind::Google | FeedKind::Microsoft) => Some(FOR_EVERYBODY),
            Some(_) => Some("remove it, and add it again"),
        }
    }

    fn hint(&self, state: &State, command: Command) -> Option<Hint> {
        let kind = self.selected(state).map(|feed| feed.kind);
        let words = match kind {
            Some(FeedKind::Url) => "change the address",
            Some(FeedKind::CalDav) => "change the account",
            _ => "replace the file",
        };
        (command == Command::Enter).then_some(Hint::Words(words))
    }
}

/// Why nothing is done here about a calendar that one account reads with all others.
const FOR_EVERYBODY: &str = "it is read for everybody with one account";

fn disabled_reason(state: &State, command: Command) -> Option<&'static str> {
    let Some(pane) = state.panes.below_help_as::<Calendars>() else {
        return Some("open a member's calendars first");
    };
    match (command, pane.selected(state).map(|feed| feed.kind)) {
        (Command::AddCalendar, _) => None,
        (_, None) => Some("select a calendar first"),
        (_, Some(FeedKind::Google | FeedKind::Microsoft)) => Some(FOR_EVERYBODY),
        (Command::ReadCalendar, Some(FeedKind::File)) => {
            Some("a file is read once; enter replaces it")
        }
        _ => None,
    }
}

/// Asks for another calendar.
fn add(state: &mut State) -> Vec<Action> {
    if let Some(pane) = state.panes.top_as::<Calendars>() {
        let subject = calendar_subject(pane.member, None);
        forms::open(state, Kind::Calendar, subject);
    }
    Vec::new()
}

/// Asks for a file or an address in the place of the selected one.
fn change(state: &mut State) -> Vec<Action> {
    let pane = state.panes.top_as::<Calendars>();
    let selected = pane.and_then(|pane| Some((pane.member, pane.selected(state)?)));
    if let Some((member, feed)) = selected {
        let subject = calendar_subject(member, Some(feed));
        forms::open(state, Kind::Calendar, subject);
    }
    Vec::new()
}

/// Has the selected one read now.
fn read_now(state: &mut State) -> Vec<Action> {
    let pane = state.panes.top_as::<Calendars>();
    let Some(feed) = pane.and_then(|pane| pane.selected(state)) else {
        return Vec::new();
    };
    let id = feed.id;
    if state.work.is_under_way_about("read-calendar", id) {
        return Vec::new();
    }
    let refresh = FeedRefresh {
        member: Some(feed.member.id.to_string()),
        feed: Some(id.to_string()),
    };
    let words = format!("reading {}…", text::clean(&feed.name));
    let errand = Errand::call("read-calendar", was_read)
        .about(id)
        .says(words);
    vec![state.call(errand, Q::FeedRefresh { feed: refresh })]
}

fn was_read(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    state.cache.invalidate("feed");
    let page = match answer!(reply, FeedRefresh) {
        Err(error) => return fail(state, error),
        Ok(page) => page,
    };
    for feed in page.items {
        let name = text::clean(&feed.name);
        let works = !wording::calendar::needs_somebody(&feed);
        let words = match (works, &feed.reason) {
            (true, _) => format!("{name} read: {}", wording::calendar::entries(&feed)),
            (false, Some(reason)) => format!("{name}: {}", text::clean(reason)),
            (false, None) => format!("{name} could not be read"),
        };
        state.toast(words, works);
    }
    Vec::new()
}

fn ask_to_remove(state: &mut State) -> Vec<Action> {
    let pane = state.panes.top_as::<Calendars>();
    let Some(feed) = pane.and_then(|pane| pane.selected(state)) else {
        return Vec::new();
    };
    let name = text::clean(&feed.name);
    let who = match state.is_me(feed.member.id) {
        true => "you",
        false => wording::first(&feed.member.name),
    };
    let words = format!(
        "Its busy times ({}) no longer count: {who} can be booked then. The calendar itself isn't affected.",
        wording::calendar::entries(feed)
    );
    let remove = FeedRemove {
        member: Some(feed.member.id.to_string()),
        feed: feed.id.to_string(),
        dry_run: false,
    };
    let confirmed = |state: &mut State| {
        let errand = Errand::call("remove-calendar", removed).says("removing the calendar…");
        vec![state.call(errand.changes(), Q::FeedRemove { feed: remove })]
    };
    let question = Confirm::new(
        format!("Remove the calendar {name}"),
        vec![words],
        "Remove",
        confirmed,
    );
    state.panes.push(question);
    Vec::new()
}

fn removed(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    state.cache.invalidate("feed");
    match answer!(reply, FeedRemove) {
        Err(error) => return fail(state, error),
        Ok(feed) => {
            let words = format!("{} removed", text::clean(&feed.name));
            state.toast(words, true);
        }
    }
    Vec::new()
}
