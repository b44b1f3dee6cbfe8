//! A stage to play on: the state, the daemon of values, and a frame to look at.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crossterm::event::KeyEvent;
use greenroom_protocol::Error;
use greenroom_protocol::change::{Changed, Changes};
use greenroom_protocol::zoom::Connection;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::daemon::Daemon;
use super::records;
use crate::app::draw;
use crate::app::update::update;
use crate::callback::Loopback;
use crate::import::calendar::parts;
use crate::keys::{Chord, Keymap};
use crate::notify::Notice;
use crate::panes;
use crate::state::event::{Action, Done, Event, Task};
use crate::state::{Screen, State};
use crate::theme::Look;
use crate::widgets::Canvas;

/// A client in a play.
pub(crate) struct Stage {
    pub(crate) state: State,
    pub(crate) daemon: Daemon,
    /// What left the client towards the person: copied texts and opened addresses.
    pub(crate) sent: Vec<String>,
    /// Why the next greeting is refused.
    pub(crate) closed: Option<Error>,
    /// What the desktop was asked to show.
    pub(crate) noticed: Vec<Notice>,
    /// What the editor began from, each time, and what it ends with.
    pub(crate) edited: Vec<String>,
    pub(crate) writes: Option<String>,
    pub(crate) quit: bool,
    /// Calendars on this side, by path.
    pub(crate) files: BTreeMap<PathBuf, String>,
}

impl Stage {
    /// A client that has just connected, on the candidates.
    pub(crate) fn open(columns: u16, rows: u16) -> Self {
        Self::with(Daemon::new(), columns, rows)
    }

    pub(crate) fn with(daemon: Daemon, columns: u16, rows: u16) -> Self {
        let mut stage = Self::before(daemon, columns, rows);
        stage.state.screen = Screen::Candidates;
        stage.play(Event::Linked(Box::new(records::hello())));
        stage
    }

    /// A client that has not spoken to the daemon yet.
    pub(crate) fn before(daemon: Daemon, columns: u16, rows: u16) -> Self {
        let now = records::NOW.parse().unwrap();
        let keymap = Keymap::new(&BTreeMap::new()).unwrap();
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let state = State::new(
            (columns, rows),
            now,
            zone,
            Look::FULL,
            keymap,
            &panes::ABOVE,
        );
        Self {
            state,
            daemon,
            sent: Vec::new(),
            closed: None,
            noticed: Vec::new(),
            edited: Vec::new(),
            writes: None,
            quit: false,
            files: BTreeMap::new(),
        }
    }

    /// Plays an event and everything that follows from it.
    pub(crate) fn play(&mut self, event: Event) {
        let mut waiting = vec![event];
        let mut played = 0;
        while let Some(event) = waiting.pop() {
            played += 1;
            assert!(played < 1_000, "question and answer never come to rest");
            for action in update(&mut self.state, event) {
                waiting.extend(self.carry_out(action));
            }
        }
    }

    fn carry_out(&mut self, action: Action) -> Option<Event> {
        let (ticket, task) = match action {
            Action::Do(ticket, task) => (ticket, task),
            Action::Quit => {
                self.quit = true;
                return None;
            }
            Action::Rebind(to) => {
                let other = records::workspaces().remove(1).id.to_string();
                self.daemon.elsewhere = to == Some(other);
                let closed = std::mem::take(&mut self.closed);
                return Some(match closed {
                    Some(error) => Event::Lost(error, self.state.now),
                    None => Event::Linked(Box::new(self.daemon.hello())),
                });
            }
            Action::Compose(ticket, text) => {
                self.edited.push(text);
                let written = self.writes.take().map(Done::Written);
                let failed = || Error::failed("vi ended with an error; nothing was changed");
                return Some(Event::Done(ticket, written.ok_or_else(failed)));
            }
            Action::StopListening | Action::Suspend => return None,
        };
        let done = match task {
            Task::Call(_) if self.daemon.silent => return None,
            Task::Call(request) => Ok(Done::Reply(Box::new(self.daemon.answer(*request)))),
            Task::Listen(Loopback::Address) => {
                Ok(Done::Listening("http://127.0.0.1:41999/callback".into()))
            }
            Task::Listen(Loopback::Localhost) => {
                Ok(Done::Listening("http://localhost:41999/callback".into()))
            }
            // The browser stays away until the play says otherwise.
            Task::Await(_) => return None,
            Task::Copy(text) | Task::Browse(text) => {
                self.sent.push(text);
                Ok(Done::Sent)
            }
            Task::SandboxAnswer(..) => {
                let came_back = "http://127.0.0.1:41999/callback?code=c&state=b64Zt9Qk2";
                Ok(Done::CameBack(
                    crate::callback::read_redirect(came_back).unwrap(),
                ))
            }
            Task::Notify(notice) => {
                self.noticed.push(notice);
                Ok(Done::Sent)
            }
            Task::Save(path, text) => {
                self.sent.push(format!("{}: {text}", path.display()));
                match path.starts_with("/there") {
                    true => Err(Error::failed("write /there: it already exists").field("file")),
                    false => Ok(Done::Sent),
                }
            }
            Task::Keep(error, text) => {
                self.sent.push(text);
                Err(error.hint("what you wrote is in /kept/notes.md"))
            }
            Task::ReadCalendar(path) => match self.files.get(&path) {
                Some(text) => Ok(Done::Calendar(parts(text))),
                None => Err(Error::usage("Couldn't read the file: there is none").field("file")),
            },
            Task::ReadCsv(_) => Err(Error::usage("read the file: there is none")),
        };
        Some(Event::Done(ticket, done))
    }

    /// Presses keys, named as the configuration names them, with blanks between.
    pub(crate) fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split_whitespace() {
            let chord: Chord = key.parse().unwrap();
            let mut event = KeyEvent::from(chord.code);
            if chord.ctrl {
                event.modifiers |= crossterm::event::KeyModifiers::CONTROL;
            }
            self.play(Event::Key(event));
        }
        self
    }

    /// Types a text, letter by letter.
    pub(crate) fn write(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            self.play(Event::Key(KeyEvent::from(crossterm::event::KeyCode::Char(
                letter,
            ))));
        }
        self
    }

    /// Lets somebody's Zoom stand otherwise from now on, and everybody know.
    pub(crate) fn zoom(&mut self, whose: usize, stands: impl FnOnce(&mut Connection)) -> &mut Self {
        stands(&mut self.daemon.zoom[whose]);
        self.daemon.zoom[whose].revision += 1;
        self.changed("connection")
    }

    /// Tells that a record of this table changed.
    pub(crate) fn changed(&mut self, table: &str) -> &mut Self {
        let changed = Changed {
            table: table.into(),
            id: String::new(),
            revision: 101,
        };
        self.play(Event::Changed(Changes {
            revision: 101,
            reset: false,
            changed: vec![changed],
        }));
        self
    }

    /// Lets time pass.
    pub(crate) fn wait(&mut self, seconds: i64) -> &mut Self {
        self.state.now += jiff::SignedDuration::from_secs(seconds);
        self.play(Event::Tick);
        self
    }

    /// How long until something on the screen changes without an event.
    pub(crate) fn next_change(&self) -> std::time::Duration {
        draw::next_change(&self.state)
    }

    /// The frame as text, without the blanks at the ends of its lines.
    pub(crate) fn frame(&self) -> String {
        lines(&self.buffer())
    }

    /// Where the terminal's cursor is.
    pub(crate) fn cursor(&self) -> Option<Position> {
        let (width, height) = self.state.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let mut canvas = Canvas::new(&mut buffer);
        draw::draw(&self.state, &mut canvas);
        canvas.cursor()
    }

    /// The frame with its colours.
    pub(crate) fn buffer(&self) -> Buffer {
        let (width, height) = self.state.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let mut canvas = Canvas::new(&mut buffer);
        draw::draw(&self.state, &mut canvas);
        self.state.look.finish(&mut buffer);
        buffer
    }
}

fn lines(buffer: &Buffer) -> String {
    let mut shown = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut skip = 0_usize;
        for x in 0..buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            if skip == 0 {
                line.push_str(symbol);
            }
            skip = skip
                .max(crate::widgets::text::width(symbol))
                .saturating_sub(1);
        }
        shown.push_str(line.trim_end());
        shown.push('\n');
    }
    shown
}
