//! How Zoom connections read: the same sign, words and way out wherever one is shown.
//!
//! Owns what a person sees of a connection's state, and which member's Zoom hosts nothing now. Must
//! not choose another Zoom in its place: a broken one is said, never worked around.

use greenroom_protocol::id::MemberId;
use greenroom_protocol::workspace::{Member, Role};
use greenroom_protocol::zoom::{CallsToday, Connection, ConnectionState, PERMISSIONS, ZoomPlan};
use ratatui::style::Style;

use crate::keys::Chord;
use crate::state::State;
use crate::theme;

/// How a state reads.
pub(crate) struct Reading {
    /// One cell, different for every state; each has an ASCII twin.
    pub(crate) sign: &'static str,
    /// Beside the sign in the top line, where there is room.
    pub(crate) brief: &'static str,
    /// In a list.
    pub(crate) words: &'static str,
    pub(crate) style: Style,
}

/// How a connection in this state reads.
pub(crate) fn reading(state: ConnectionState) -> Reading {
    let (sign, brief, words, style) = match state {
        ConnectionState::Connected => ("✓", "", "Connected ✓", theme::GOOD),
        ConnectionState::Retrying => ("⚠", "is unreachable", "Zoom unreachable", theme::WAIT),
        ConnectionState::Authorizing => (
            "…",
            "in the browser",
            "waiting for the browser",
            theme::WAIT,
        ),
        ConnectionState::PreApprovalRequested => (
            "?",
            "approval requested",
            "Pre-approval requested",
            theme::WAIT,
        ),
        ConnectionState::ReconnectRequired => {
            ("✗", "reconnect", "must be reconnected ✗", theme::BAD)
        }
        ConnectionState::Disconnected => ("–", "not connected", "not connected", theme::DIM),
    };
    Reading {
        sign,
        brief,
        words,
        style,
    }
}

/// How a connection reads; one that waited for the app's approval and has it calls for connecting.
pub(crate) fn reading_of(connection: &Connection) -> Reading {
    match is_approved(connection) {
        true => Reading {
            sign: "●",
            brief: "approved",
            words: "approved: connect now",
            style: theme::GOOD,
        },
        false => reading(connection.state),
    }
}

/// Whether the app it waited for is approved, and it has not connected since.
pub(crate) fn is_approved(connection: &Connection) -> bool {
    let approval = connection.approval.as_ref();
    let approved = approval.is_some_and(|approval| approval.approved_at.is_some());
    approved && !connection.state.serves()
}

/// Whether it should be connected now: it broke, or what it waited for is there.
pub(crate) fn is_urgent(connection: &Connection) -> bool {
    is_approved(connection) || connection.state == ConnectionState::ReconnectRequired
}

/// The person's own connection. The status has it newest: it is fetched wherever one is.
pub(crate) fn my_zoom(state: &State) -> Option<&Connection> {
    state.cache.status.latest()?.connection.as_ref()
}

/// A member's connection, as far as it was asked for.
pub(crate) fn connection_of(state: &State, member: MemberId) -> Option<&Connection> {
    if let Some(mine) = my_zoom(state).filter(|mine| mine.member.id == member) {
        return Some(mine);
    }
    let mut known = state.cache.connections.latest().into_iter().flatten();
    known.find(|connection| connection.member.id == member)
}

/// How a member's connection stands, as far as that is known.
pub(crate) fn stands(state: &State, member: MemberId) -> Option<ConnectionState> {
    let known = connection_of(state, member).map(|connection| connection.state);
    known.or_else(|| Some(state.cache.member(member)?.zoom))
}

/// A connection's Zoom user: `Dana Reyes <dana@acme.example> · Basic`.
pub(crate) fn user(connection: &Connection) -> String {
    let Some(user) = &connection.zoom_user else {
        return String::new();
    };
    let plan = match user.plan {
        ZoomPlan::Basic => "Basic",
        ZoomPlan::Licensed => "Licensed",
    };
    format!("{} <{}> · {plan}", user.name, user.email)
}

/// What was granted, in few words: `view, create meetings; view user`.
pub(crate) fn granted(connection: &Connection) -> String {
    const OF_MEETINGS: [(&str, &str); 5] = [
        ("meeting:read:meeting", "view"),
        ("meeting:write:meeting", "create"),
        ("meeting:update:meeting", "update"),
        ("meeting:delete:meeting", "delete"),
        ("meeting:read:list_meetings", "list"),
    ];
    const OTHERS: [(&str, &str); 2] = [
        ("user:read:user", "profile"),
        ("meeting:read:summary", "summaries"),
    ];
    let lacks = |scope: &str| connection.missing_scopes.iter().any(|it| it == scope);
    let has = |all: &[(&str, &'static str)]| -> Vec<&'static str> {
        let mut words = Vec::new();
        words.extend(all.iter().filter(|(scope, _)| !lacks(scope)).map(|it| it.1));
        words
    };
    let meetings = has(&OF_MEETINGS).join(", ");
    let meetings = (!meetings.is_empty()).then(|| format!("meetings ({meetings})"));
    let words: Vec<String> = meetings
        .into_iter()
        .chain(has(&OTHERS).into_iter().map(str::to_owned))
        .collect();
    words.join(", ")
}

/// What was not granted and what it is for, a line each; whether the main job needs it.
pub(crate) fn lacking(connection: &Connection) -> impl Iterator<Item = (String, bool)> {
    let lacks = |scope: &str| connection.missing_scopes.iter().any(|it| it == scope);
    PERMISSIONS
        .iter()
        .filter(move |permission| lacks(permission.scope))
        .map(|it| {
            let title = it.title.to_lowercase();
            (format!("{title} ({})", it.reason), !it.optional)
        })
}

/// That Zoom takes few more changes for a host today, once that is so.
pub(crate) fn few_changes_left(connection: &Connection) -> Option<String> {
    let calls = connection.calls_today.filter(CallsToday::few_left)?;
    let CallsToday { sent, most } = calls;
    Some(format!(
        "⚠ {sent} of Zoom's {most} changes per day used; resets at 00:00 UTC"
    ))
}

/// A member whose Zoom hosts nothing now.
pub(crate) struct Stuck<'a> {
    pub(crate) member: &'a Member,
    pub(crate) connection: Option<&'a Connection>,
}

/// Whether this member's Zoom hosts nothing now; one that Zoom only keeps waiting is no such one.
pub(crate) fn stuck(state: &State, member: MemberId) -> Option<Stuck<'_>> {
    let member = state.cache.member(member)?;
    (!member.zoom.serves()).then(|| Stuck {
        member,
        connection: connection_of(state, member.id),
    })
}

impl Stuck<'_> {
    /// `Mina Okafor's Zoom` or `your Zoom`.
    pub(crate) fn whose(&self) -> String {
        match self.member.you {
            true => "your Zoom".to_owned(),
            false => format!("{}'s Zoom", self.member.name),
        }
    }

    /// `must be reconnected`, or what else it waits for.
    pub(crate) fn stands(&self) -> &'static str {
        match self.member.zoom {
            ConnectionState::ReconnectRequired => "must be reconnected",
            ConnectionState::PreApprovalRequested => "is waiting for a Zoom admin's approval",
            ConnectionState::Authorizing => "is being connected in a browser",
            _ => "is not connected",
        }
    }

    /// `Mina Okafor's Zoom must be reconnected`
    pub(crate) fn words(&self) -> String {
        format!("{} {}", self.whose(), self.stands())
    }

    /// Why, where that is known and not said by the state alone.
    pub(crate) fn reason(&self) -> Option<&str> {
        self.connection?.reason.as_deref()
    }

    /// The key that connects it, or who else can; `key` is the one that works where it is said.
    pub(crate) fn way_out(&self, state: &State, key: Option<Chord>) -> String {
        let verb = match self.member.zoom {
            ConnectionState::ReconnectRequired => "reconnect",
            _ => "connect",
        };
        match (may_connect(state, self.member.id), key) {
            (true, Some(key)) => format!("{key} to {verb}"),
            (true, None) => format!("{verb} it in Settings"),
            (false, _) => format!("{} or an admin can {verb} it", self.member.name),
        }
    }
}

/// Whether the person may connect this member's Zoom: their own, or as an admin.
pub(crate) fn may_connect(state: &State, member: MemberId) -> bool {
    let Some(hello) = state.link.hello() else {
        return false;
    };
    let caller = hello.caller.as_ref();
    let admin = caller.is_some_and(|caller| caller.roles.contains(&Role::Admin));
    admin || hello.operator || caller.is_some_and(|caller| caller.member.id == member)
}
