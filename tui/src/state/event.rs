//! What can happen to the client, and what it can ask of the world.
//!
//! Two closed enums and a promise between them: every [`Action`] ends in exactly one
//! [`Event::Done`] with its ticket, failure included (suspending and leaving excepted, which are
//! seen at once).

use std::path::PathBuf;

use crossterm::event::{KeyEvent, MouseEvent};
use greenroom_protocol::Error;
use greenroom_protocol::change::Changes;
use greenroom_protocol::hello::ServerHello;
use greenroom_protocol::pipeline::{ImportRow, RowError};
use greenroom_protocol::service::{GreenroomRequest, GreenroomResponse};
use jiff::Timestamp;

use super::work::Ticket;
use crate::callback::{Loopback, Redirect};
use crate::import::Counted;
use crate::notify::Notice;

/// Something that happened.
pub(crate) enum Event {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The mouse was used; only when it is switched on.
    Mouse(MouseEvent),
    /// The terminal has another size now.
    Resize(u16, u16),
    /// Time passed that something on the screen shows.
    Tick,
    /// A conversation with the daemon began.
    Linked(Box<ServerHello>),
    /// The daemon is gone, or refuses to talk; the next try is at that time.
    Lost(Error, Timestamp),
    /// Records changed.
    Changed(Changes),
    /// An action ended.
    Done(Ticket, Result<Done, Error>),
    /// The shell or the system wants us stopped for a moment.
    Stop,
    /// The terminal is gone, or the system ends us.
    Gone,
}

/// What an action brought.
pub(crate) enum Done {
    /// The daemon answered.
    Reply(Box<GreenroomResponse>),
    /// The loopback port is open; the browser may come back to this address.
    Listening(String),
    /// Zoom's answer came back with the browser.
    CameBack(Redirect),
    /// A file's rows in pages that fit a call, and those that cannot be read.
    Rows {
        pages: Vec<Vec<ImportRow>>,
        errors: Vec<RowError>,
        counted: Counted,
    },
    /// A calendar's text in parts that fit a call.
    Calendar(Vec<String>),
    /// What the person wrote in their editor.
    Written(String),
    /// It was sent off.
    Sent,
}

/// Something to be done outside the state.
pub(crate) enum Action {
    /// Something that ends in an event with that ticket.
    Do(Ticket, Task),
    /// Say hello again, for another workspace.
    Rebind(Option<String>),
    /// Close the loopback port; a wait on it ends.
    StopListening,
    /// Lend the terminal to the person's editor with this text. It ends as [`Action::Do`] does.
    Compose(Ticket, String),
    /// Give the terminal back until the shell continues us.
    Suspend,
    /// Leave.
    Quit,
}

/// A piece of work outside the state.
pub(crate) enum Task {
    /// Call the daemon.
    Call(Box<GreenroomRequest>),
    /// Open a loopback port for the browser to come back to.
    Listen(Loopback),
    /// Wait on that port for the answer to this address.
    Await(String),
    /// Put a text on the person's clipboard.
    Copy(String),
    /// Open an address in the person's browser.
    Browse(String),
    /// Let the sandbox Zoom agree at that address, as that Zoom user.
    SandboxAnswer(String, String),
    /// Tell it on the person's desktop.
    Notify(Notice),
    /// Write a text to a new file.
    Save(PathBuf, String),
    /// Keep a text that could not be used, and fail as it did, with the file named.
    Keep(Error, String),
    /// Read a file of candidates.
    ReadCsv(PathBuf),
    /// Read the file of a calendar.
    ReadCalendar(PathBuf),
}
