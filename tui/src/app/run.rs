//! The loop: events in, frames out.
//!
//! Owns the terminal, the clock and the channel. Draws when something changed, at most sixty times
//! a second, and sleeps in between; a terminal that is gone, a signal, or a panic in any task ends
//! it with the terminal restored.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use super::backend::Backend;
use super::compose::compose;
use super::daemon::Daemon;
use super::effects::World;
use super::update::update;
use super::{draw, link};
use crate::client::Target;
use crate::keys::{Keymap, KeysError};
use crate::notify::Desktop;
use crate::panes;
use crate::settings::Options;
use crate::state::State;
use crate::state::event::{Action, Event};
use crate::terminal::Guard;
use crate::theme::Look;
use crate::widgets::Canvas;

/// The least time between two frames.
const FRAME: Duration = Duration::from_millis(16);

/// How long to wait for the shell's word after stopping, where nobody can continue us.
const STOPPED: Duration = Duration::from_millis(300);

/// Opens the client on this terminal, for the daemon of a target.
///
/// # Errors
/// As [`run`], and when no thread can be started.
pub(crate) fn open(options: Options, target: Target) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let ended = runtime.block_on(run(options, Arc::new(Daemon::new(target))));
    // A thread may still wait for a key that is never pressed.
    runtime.shutdown_background();
    ended
}

/// Runs the client until the person leaves.
///
/// # Errors
/// When keys are configured wrong, or the terminal cannot be used. A daemon that is away is no
/// error: it is said, and waited for.
pub async fn run(options: Options, backend: Arc<dyn Backend>) -> anyhow::Result<()> {
    let keymap = keymap(&options)?;
    let look = Look::of(options.plain, options.is_light, |name| {
        std::env::var(name).ok()
    });
    // Otherwise the terminal's own colours are named, too.
    crossterm::style::force_color_output(look.has_colours());
    let mut guard = Guard::take(options.mouse)?;
    let size = guard.size()?;
    let zone = TimeZone::system();
    let mut state = State::new(size, Timestamp::now(), zone, look, keymap, &panes::ABOVE);
    state.locale = locale(|name| std::env::var(name).ok());

    let (events, mut inbox) = unbounded_channel();
    let (workspace, wanted) = watch::channel(options.workspace);
    let mut world = World::new(
        Arc::clone(&backend),
        events.clone(),
        workspace,
        options.redirect_port,
        Desktop::of(options.plain, |name| std::env::var(name).ok()),
    );
    world
        .tasks
        .spawn(link::keep(backend, events.clone(), wanted));
    world.read_terminal();
    world
        .tasks
        .spawn(watch_signals(events, Arc::clone(&world.lent))?);

    let ended = turn(&mut state, &mut guard, &mut world, &mut inbox).await;
    world.tasks.abort_all();
    drop(guard);
    ended
}

/// How the person's country writes dates, where the environment says.
fn locale(environment: impl Fn(&str) -> Option<String>) -> Option<String> {
    let set = |name: &&str| environment(name).filter(|value| !value.is_empty());
    let named = ["LC_ALL", "LC_TIME", "LANG"].iter().find_map(set)?;
    // These name no country.
    let (language, _) = named.split_once('.').unwrap_or((&named, ""));
    (!matches!(language, "C" | "POSIX")).then_some(named)
}

fn keymap(options: &Options) -> Result<Keymap, KeysError> {
    Keymap::new(&options.keys)
}

async fn turn(
    state: &mut State,
    guard: &mut Guard,
    world: &mut World,
    inbox: &mut UnboundedReceiver<Event>,
) -> anyhow::Result<()> {
    loop {
        show(state, guard)?;
        let drawn = Instant::now();
        let next = tokio::select! {
            event = inbox.recv() => event.unwrap_or(Event::Gone),
            () = sleep(draw::next_change(state)) => Event::Tick,
            Some(ended) = world.tasks.join_next() => {
                if let Err(error) = ended && error.is_panic() {
                    std::panic::resume_unwind(error.into_panic());
                }
                continue;
            }
        };
        let mut next = Some(next);
        // Whatever arrives before the next frame is due is taken into it.
        while let Some(event) = next {
            state.now = Timestamp::now();
            for action in update(state, event) {
                if carry_out(action, guard, world).await? {
                    return Ok(());
                }
            }
            next = tokio::select! {
                biased;
                event = inbox.recv() => event,
                () = sleep_until(drawn + FRAME) => None,
            };
        }
    }
}

/// Carries out an action; true when it was to leave.
async fn carry_out(action: Action, guard: &mut Guard, world: &mut World) -> anyhow::Result<bool> {
    match action {
        Action::Do(ticket, task) => world.begin(ticket, task),
        Action::Rebind(workspace) => {
            world.workspace.send_replace(workspace);
        }
        Action::StopListening => world.stop_listening(),
        Action::Compose(ticket, text) => {
            world.lent.store(true, Ordering::SeqCst);
            let written = compose(&text, guard, world).await;
            world.lent.store(false, Ordering::SeqCst);
            // A closed channel means that the client is ending.
            let _ = world.events.send(Event::Done(ticket, written?));
        }
        Action::Suspend => suspend(guard).await?,
        Action::Quit => return Ok(true),
    }
    Ok(false)
}

async fn suspend(guard: &mut Guard) -> anyhow::Result<()> {
    let mut continued = signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?;
    guard.suspend()?;
    tokio::select! {
        _ = continued.recv() => {}
        () = sleep(STOPPED) => {}
    }
    guard.resume()?;
    Ok(())
}

fn show(state: &State, guard: &mut Guard) -> std::io::Result<()> {
    guard.title(&draw::title(state))?;
    guard.draw(|frame| {
        let mut canvas = Canvas::new(frame.buffer_mut());
        draw::draw(state, &mut canvas);
        let cursor = canvas.cursor();
        state.look.finish(frame.buffer_mut());
        if let Some(cursor) = cursor {
            frame.set_cursor_position(cursor);
        }
    })?;
    Ok(())
}

/// Passes signals on: ended by the system, or stopped by somebody else's `SIGTSTP`. While the
/// terminal is lent, what it sends to all of its programs is for the one that has it.
fn watch_signals(
    events: UnboundedSender<Event>,
    lent: Arc<AtomicBool>,
) -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut stop = signal(SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw()))?;
    Ok(async move {
        loop {
            let event = tokio::select! {
                _ = terminate.recv() => Event::Gone,
                _ = hangup.recv() => Event::Gone,
                _ = interrupt.recv() => match lent.load(Ordering::SeqCst) {
                    true => continue,
                    false => Event::Gone,
                },
                _ = stop.recv() => match lent.load(Ordering::SeqCst) {
                    true => continue,
                    false => Event::Stop,
                },
            };
            if events.send(event).is_err() {
                return;
            }
        }
    })
}
