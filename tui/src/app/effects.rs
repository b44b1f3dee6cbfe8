//! Carrying actions out in the world: the daemon, the loopback port, files, clipboard, browser,
//! desktop.
//!
//! Invariant: a task sends exactly one [`Event::Done`], also when it fails or is cancelled. Never
//! changes the state and never blocks the loop.

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crossterm::event::{Event as Input, EventStream, KeyEventKind};
use futures::StreamExt as _;
use greenroom_protocol::Error;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{oneshot, watch};
use tokio::task::{AbortHandle, JoinSet};

use super::backend::Backend;
use crate::callback::{Callback, Doorway, Loopback, expected_state, sandbox_consent};
use crate::clipboard;
use crate::editor::with_kept;
use crate::import::calendar;
use crate::import::{Sheet, pages};
use crate::notify::Desktop;
use crate::state::event::{Done, Event, Task};
use crate::state::work::Ticket;

/// The largest file of candidates that is read, in bytes.
const LARGEST_FILE: u64 = 64 << 20;

/// What actions need to be carried out.
pub(super) struct World {
    pub(super) backend: Arc<dyn Backend>,
    pub(super) events: UnboundedSender<Event>,
    pub(super) workspace: watch::Sender<Option<String>>,
    /// Everything under way: a panic in one of them must end the client.
    pub(super) tasks: JoinSet<()>,
    /// Whether somebody else has the terminal.
    pub(super) lent: Arc<AtomicBool>,
    reading: Option<AbortHandle>,
    redirect_port: u16,
    desktop: Desktop,
    stop: Option<oneshot::Sender<()>>,
    opened: Option<oneshot::Receiver<Callback>>,
    /// Where addresses for the browser's command line are made, while the port waits.
    doorway: Option<Doorway>,
}

impl World {
    pub(super) fn new(
        backend: Arc<dyn Backend>,
        events: UnboundedSender<Event>,
        workspace: watch::Sender<Option<String>>,
        redirect_port: u16,
        desktop: Desktop,
    ) -> Self {
        let tasks = JoinSet::new();
        Self {
            backend,
            events,
            workspace,
            tasks,
            lent: Arc::default(),
            reading: None,
            redirect_port,
            desktop,
            stop: None,
            opened: None,
            doorway: None,
        }
    }

    /// Passes the terminal's input on from now.
    pub(super) fn read_terminal(&mut self) {
        let reading = self.tasks.spawn(read_terminal(self.events.clone()));
        self.reading = Some(reading);
    }

    /// Leaves the terminal's input to others; once this returns nothing of ours reads it.
    pub(super) async fn stop_reading(&mut self) {
        let Some(reading) = self.reading.take() else {
            return;
        };
        reading.abort();
        while !reading.is_finished() {
            tokio::task::yield_now().await;
        }
    }

    /// Begins a task.
    pub(super) fn begin(&mut self, ticket: Ticket, task: Task) {
        let events = self.events.clone();
        let done = move |result: Result<Done, Error>| {
            // A closed channel means that the client is ending.
            let _ = events.send(Event::Done(ticket, result));
        };
        match task {
            Task::Call(request) => {
                let backend = Arc::clone(&self.backend);
                self.tasks.spawn(async move {
                    let reply = backend.call(*request).await;
                    done(reply.map(|reply| Done::Reply(Box::new(reply))));
                });
            }
            Task::Listen(loopback) => self.listen(loopback, done),
            Task::Await(address) => self.wait(&address, done),
            Task::SandboxAnswer(address, user) => {
                self.tasks.spawn(async move {
                    let redirect = sandbox_consent(&address, &user).await;
                    done(
                        redirect
                            .map(Done::CameBack)
                            .map_err(|it| Error::failed(it.to_string())),
                    );
                });
            }
            Task::ReadCsv(path) => {
                self.tasks
                    .spawn(async move { done(read_candidates(path).await) });
            }
            Task::ReadCalendar(path) => {
                self.tasks
                    .spawn(async move { done(read_calendar(path).await) });
            }
            Task::Save(path, text) => {
                self.tasks
                    .spawn(async move { done(save(path, text).await) });
            }
            Task::Keep(error, text) => {
                self.tasks
                    .spawn_blocking(move || done(Err(with_kept(error, &text))));
            }
            Task::Copy(text) => {
                let copied = clipboard::copy(&text);
                done(copied.map(|()| Done::Sent).map_err(|error| {
                    Error::failed(format!("Couldn't copy to the clipboard: {error}"))
                }));
            }
            Task::Notify(notice) => {
                let told = self.desktop.tell(notice);
                done(told.map(|()| Done::Sent).map_err(|error| {
                    Error::failed(format!("Couldn't send a desktop notification: {error}"))
                }));
            }
            Task::Browse(address) => {
                done(self.browse(&address).map(|()| Done::Sent));
            }
        }
    }

    /// Opens the browser by an address that says nothing: every user of a machine sees its command
    /// line.
    fn browse(&self, address: &str) -> Result<(), Error> {
        let doorway = self.doorway.as_ref();
        let doorway = doorway
            .ok_or_else(|| Error::failed("Couldn't open the browser: the port is closed"))?;
        let door = doorway
            .to(address)
            .map_err(|error| Error::failed(format!("Couldn't open the browser: {error}")))?;
        clipboard::browse(&door).map_err(|error| Error::failed(error.to_string()))
    }

    /// Closes the loopback port.
    pub(super) fn stop_listening(&mut self) {
        self.opened = None;
        self.doorway = None;
        // Dropping the sender ends the wait.
        self.stop = None;
    }

    fn listen(
        &mut self,
        loopback: Loopback,
        done: impl FnOnce(Result<Done, Error>) + Send + 'static,
    ) {
        self.stop_listening();
        let port = self.redirect_port;
        let (hand_over, opened) = oneshot::channel();
        self.opened = Some(opened);
        self.tasks.spawn(async move {
            match Callback::bind(port, loopback).await {
                Ok(port) => {
                    let address = port.redirect_uri().to_owned();
                    // Given back to nobody when the connect was left meanwhile: the port closes.
                    let _ = hand_over.send(port);
                    done(Ok(Done::Listening(address)));
                }
                Err(error) => done(Err(Error::failed(format!(
                    "Couldn't open a port for the browser to return to: {error}"
                )))),
            }
        });
    }

    fn wait(&mut self, address: &str, done: impl FnOnce(Result<Done, Error>) + Send + 'static) {
        let port = self
            .opened
            .take()
            .and_then(|mut opened| opened.try_recv().ok());
        let (Some(port), Some(state)) = (port, expected_state(address)) else {
            return done(Err(Error::failed(
                "The port that the browser returns to is closed",
            )));
        };
        let (stop, stopped) = oneshot::channel::<()>();
        self.stop = Some(stop);
        self.doorway = Some(port.doorway());
        self.tasks.spawn(async move {
            tokio::select! {
                redirect = port.wait(state) => done(redirect.map(Done::CameBack).map_err(|error| {
                    Error::failed(format!("Couldn't wait for the browser: {error}"))
                })),
                _ = stopped => done(Err(Error::failed("Waiting for the browser was cancelled"))),
            }
        });
    }
}

/// Passes the terminal's input on; its end is the end of the client.
async fn read_terminal(events: UnboundedSender<Event>) {
    let mut input = EventStream::new();
    loop {
        let event = match input.next().await {
            Some(Ok(Input::Key(key))) if key.kind == KeyEventKind::Press => Event::Key(key),
            Some(Ok(Input::Paste(text))) => Event::Paste(text),
            Some(Ok(Input::Mouse(mouse))) => Event::Mouse(mouse),
            Some(Ok(Input::Resize(columns, rows))) => Event::Resize(columns, rows),
            Some(Ok(_)) => continue,
            // The error is lost in crossterm 0.29; either way the terminal is gone.
            Some(Err(_)) | None => Event::Gone,
        };
        let last = matches!(event, Event::Gone);
        if events.send(event).is_err() || last {
            return;
        }
    }
}

/// Writes a new file; one that is there already stays as it is.
async fn save(path: PathBuf, text: String) -> Result<Done, Error> {
    let write = move || {
        let refuse = |error: std::io::Error| {
            let why = match error.kind() {
                std::io::ErrorKind::AlreadyExists => "it already exists".to_owned(),
                _ => error.to_string(),
            };
            Error::failed(format!("Couldn't write {}: {why}", path.display())).field("file")
        };
        let mut file = File::create_new(&path).map_err(refuse)?;
        file.write_all(text.as_bytes()).map_err(refuse)?;
        Ok(Done::Sent)
    };
    let written = tokio::task::spawn_blocking(write).await;
    written.map_err(|error| Error::failed(format!("Couldn't write the file: {error}")))?
}

async fn read_calendar(path: PathBuf) -> Result<Done, Error> {
    let read = move || {
        let text = calendar::contents(&path)?;
        Ok(Done::Calendar(calendar::parts(&text)))
    };
    let read = tokio::task::spawn_blocking(read).await;
    read.map_err(|error| Error::failed(format!("Couldn't read the file: {error}")))?
}

async fn read_candidates(path: PathBuf) -> Result<Done, Error> {
    let read = move || {
        let refuse = |error: std::io::Error| {
            Error::usage(format!("Couldn't read {}: {error}", path.display())).field("file")
        };
        let file = File::open(&path).map_err(refuse)?;
        if file.metadata().map_err(refuse)?.len() > LARGEST_FILE {
            return Err(Error::usage(format!(
                "{} is larger than 64 MiB",
                path.display()
            )));
        }
        let sheet = Sheet::read(BufReader::new(file), None)?;
        Ok(Done::Rows {
            pages: pages(sheet.rows),
            errors: sheet.errors,
            counted: sheet.counted,
        })
    };
    let read = tokio::task::spawn_blocking(read).await;
    read.map_err(|error| Error::failed(format!("Couldn't read the file: {error}")))?
}
