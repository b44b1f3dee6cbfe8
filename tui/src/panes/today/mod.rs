//! The screen of today: what is next, what needs the person, and who waits.
//!
//! Owns what Enter does on a row and which keys a row names. What a key does to an interview, an
//! email or a connection is that subject's own: from here the same panes and forms open as from
//! anywhere else, and leaving them leads back to the row.

mod draw;
mod first_steps;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::id::{MemberId, OutreachId, TurnId};
use greenroom_protocol::today::{NeedAction, NeedKind, NeedsMe};
use ratatui::layout::Rect;

use crate::keys::{Command, Context, Places};
use crate::notify::Notice;
use crate::panes::connect::target::AccountTarget;
use crate::panes::interview::Interview;
use crate::panes::screens::go;
use crate::panes::{assistant, calendars, connect, insights, mail};
use crate::state::event::{Action, Task};
use crate::state::pane::{ConnectHint, Dispatch, Pane};
use crate::state::queries::Need;
use crate::state::selected::TodayRow;
use crate::state::subject::{Hint, Subject, Then};
use crate::state::work::Errand;
use crate::state::{Screen, State};
use crate::widgets::Canvas;

/// How often what depends on the time alone is asked for anew, in seconds.
const ANEW: i64 = 5 * 60;

pub(super) static SUBJECT: Subject = Subject {
    on_answer,
    on_tick: |state| {
        if state.now.as_second().rem_euclid(ANEW) == 0 {
            state.cache.today.invalidate();
        }
        Vec::new()
    },
    ..Subject::NONE
};

/// The screen.
#[derive(Debug)]
pub(crate) struct Today;

impl Pane for Today {
    fn places(&self, _: &State) -> Places {
        Places::on_screen(Context::Today)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        draw::draw(state, canvas, area);
    }

    fn subscriptions(&self, state: &State) -> Vec<Need> {
        // Whose Zoom hosts nothing now is said beside the interview.
        let mut needs = vec![Need::Connections(()), Need::Members(())];
        // Whether there is an app decides what connecting an account begins with.
        let about_account = state.today.selected(state).and_then(|row| row.account());
        needs.extend(about_account.map(|_| Need::Accounts(())));
        let selected = state.today.selected(state);
        let interview = selected.and_then(|row| row.interview());
        needs.extend(interview.map(Need::Interview));
        needs.extend(state.sandbox().map(|_| Need::Coming(())));
        needs.extend(state.sets_up().then_some(Need::SetupProgress(())));
        needs
    }

    fn dispatch(&self) -> Dispatch {
        in_screen
    }

    fn disabled_reason(&self, state: &State, command: Command) -> Option<&'static str> {
        match command {
            Command::Enter => match state.today.selected(state) {
                None => Some("nothing selected"),
                Some(row) => on_enter(state, row).is_none().then_some("nothing to open"),
            },
            Command::Back => Some("already at the top level"),
            _ => None,
        }
    }

    fn hint(&self, state: &State, command: Command) -> Option<Hint> {
        let selected = state.today.selected(state)?;
        (command == Command::Enter).then(|| match on_enter(state, selected) {
            Some(enter) => Hint::Words(enter.words()),
            None => Hint::Hidden,
        })
    }

    fn hints_at_connect(&self, _: &State) -> ConnectHint {
        ConnectHint::Urgent
    }

    fn host(&self, state: &State) -> Option<MemberId> {
        let whose = state.today.selected(state).and_then(|row| row.member());
        whose.or_else(|| state.host_of_selected())
    }
}

/// What Enter does on a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OnEnter {
    Open,
    ReadEmail,
    ReadInsight,
    Connect,
    ConnectAccount(AccountProvider, bool),
    Calendars(MemberId),
    Outreach(OutreachId),
    Settings,
    Board,
}

impl OnEnter {
    fn words(self) -> &'static str {
        match self {
            Self::Open | Self::Outreach(_) => "open",
            Self::ReadEmail | Self::ReadInsight => "read",
            Self::Connect | Self::ConnectAccount(..) => "connect",
            Self::Calendars(_) => "see calendars",
            Self::Settings => "see in settings",
            Self::Board => "see the board",
        }
    }
}

fn on_enter(state: &State, row: TodayRow<'_>) -> Option<OnEnter> {
    match row {
        TodayRow::Next(_) => Some(OnEnter::Open),
        TodayRow::Waits(_) => Some(OnEnter::Board),
        TodayRow::Needs(need) => match need.kind {
            NeedKind::ProposedSlots => need.outreach.map(OnEnter::Outreach),
            _ if need.email.is_some() => Some(OnEnter::ReadEmail),
            NeedKind::NewInsight => Some(OnEnter::ReadInsight),
            NeedKind::Reconnect | NeedKind::Approved => {
                let mine = need.member.is_some_and(|member| state.is_me(member));
                Some(if mine {
                    OnEnter::Connect
                } else {
                    OnEnter::Settings
                })
            }
            // Those that one account reads of many members are no single member's.
            NeedKind::Calendar => Some(need.member.map_or(OnEnter::Settings, OnEnter::Calendars)),
            // Who reads of one that is no member's looks after the workspace's.
            NeedKind::ReconnectAccount | NeedKind::AccountApproved => {
                let for_workspace = need.member.is_none();
                let provider = need.account?;
                Some(OnEnter::ConnectAccount(provider, for_workspace))
            }
            _ => need.interview.map(|_| OnEnter::Open),
        },
    }
}

fn in_screen(state: &mut State, command: Command) -> Option<Vec<Action>> {
    if command == Command::Enter {
        return Some(enter(state));
    }
    let moved = state.today.after(state, command)?;
    state.today.select(moved);
    Some(Vec::new())
}

fn enter(state: &mut State) -> Vec<Action> {
    let Some(row) = state.today.selected(state) else {
        return Vec::new();
    };
    let Some(enter) = on_enter(state, row) else {
        return Vec::new();
    };
    let interview = row.interview();
    let candidate = match row {
        TodayRow::Needs(need) => need.candidate,
        TodayRow::Next(_) | TodayRow::Waits(_) => None,
    };
    match (enter, row) {
        (
            OnEnter::ReadEmail,
            TodayRow::Needs(NeedsMe {
                email: Some(id), ..
            }),
        ) => {
            let id = *id;
            return mail::read_new(state, id);
        }
        (OnEnter::ReadInsight, TodayRow::Needs(need)) => {
            if let (Some(candidate), Some(interview)) = (need.candidate, interview) {
                insights::open_at(state, candidate, interview);
            }
        }
        (OnEnter::Board, TodayRow::Waits(waiting)) => {
            let (job, stage) = (waiting.job, waiting.stage);
            if let Some(job) = state.cache.job(job).cloned() {
                state.pipeline.show_stage(&job, stage);
            }
            return go(state, Screen::Pipeline);
        }
        (OnEnter::Connect, _) => connect::open(state),
        (OnEnter::ConnectAccount(provider, for_workspace), _) => {
            let target = AccountTarget {
                provider,
                for_workspace,
                email: None,
            };
            connect::open_account(state, target);
        }
        (OnEnter::Outreach(id), _) => return assistant::show(state, id, candidate),
        (OnEnter::Calendars(member), _) => calendars::open(state, member),
        (OnEnter::Settings, _) => return go(state, Screen::Settings),
        _ => {
            if let Some(id) = interview {
                state.panes.push(Interview::new(id));
            }
        }
    }
    Vec::new()
}

/// The keys a row names, with their words, the first thing to do first.
fn keys_of(state: &State, row: TodayRow<'_>) -> Vec<(Command, &'static str)> {
    let enter = on_enter(state, row).map(|enter| (Command::Enter, enter.words()));
    let first = match row {
        TodayRow::Next(upcoming) if upcoming.interview.meeting.join_url.is_some() => {
            return vec![
                (Command::OpenLink, "join"),
                (Command::CopyLink, "copy link"),
            ];
        }
        TodayRow::Next(_) | TodayRow::Waits(_) => None,
        TodayRow::Needs(need) if need.kind == NeedKind::NoReply => {
            let mut keys = vec![(Command::Remind, "remind"), (Command::Replace, "replace")];
            keys.extend(enter);
            return keys;
        }
        TodayRow::Needs(need) if need.kind == NeedKind::Declined && need.member.is_some() => {
            Some((Command::Replace, "replace"))
        }
        TodayRow::Needs(need) => match need.action {
            NeedAction::Reschedule => Some((Command::Reschedule, "reschedule")),
            NeedAction::Cancel => Some((Command::CancelInterview, "cancel")),
            NeedAction::Confirm => Some((Command::ConfirmInterview, "confirm")),
            NeedAction::Edit => Some((Command::EditInterview, "edit")),
            NeedAction::Repair => Some((Command::Repair, "fix")),
            NeedAction::Remind => Some((Command::Remind, "remind")),
            NeedAction::Read | NeedAction::ReadInsight | NeedAction::Open => None,
            NeedAction::Connect | NeedAction::ConnectAccount => None,
        },
    };
    first.into_iter().chain(enter).collect()
}

/// Nothing moves that the person did not move: what was selected stays so when rows come and go. What
/// a candidate writes shortly before an interview is shown wherever the person looks.
fn on_answer(state: &State, need: &Need) -> Option<Then> {
    if !matches!(need, Need::Today(())) {
        return None;
    }
    let before = state.today.settled(state);
    let known = urgent_emails(state);
    Some(Box::new(move |state| {
        if let Some(before) = before {
            state.today.select(before);
        }
        if let Some(stays) = state.today.settled(state) {
            state.today.select(stays);
        }
        notify(state, known).into_iter().collect()
    }))
}

/// The emails that concern an interview within a day; `None` before the day is known.
fn urgent_emails(state: &State) -> Option<HashSet<TurnId>> {
    let needs = state.cache.today.latest()?.needs_me.iter();
    let urgent = needs.filter(|it| it.urgent);
    Some(urgent.filter_map(|it| it.email).collect())
}

/// Says once of each that it is there. Those that were there when the person came stand before them.
fn notify(state: &mut State, known: Option<HashSet<TurnId>>) -> Option<Action> {
    let (known, now) = (known?, urgent_emails(state)?);
    if now.is_subset(&known) {
        return None;
    }
    state.toast(Notice::Urgent.words(), false);
    let errand = Errand::task("notify", |_, _| Vec::new());
    Some(state.begin(errand, Task::Notify(Notice::Urgent)))
}
