//! Reading the configuration again, on SIGHUP.
//!
//! Owns the configuration in force, and what a change of a key takes: nothing more, the rooms
//! opened again in this process (callers wait in the line of the socket meanwhile), or another
//! process. Invariant: a configuration that cannot be used changes nothing, and the log says why;
//! what needs another process stays as it is until then, and is named each time.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::config::{Config, Loaded};
use crate::options::Options;
use crate::rpc::Shutdown;
use crate::{log, mail, store, systemd, zoom_settings};

/// The configuration in force. Clones are one.
#[derive(Clone)]
pub(crate) struct InForce {
    options: Options,
    state: Arc<Mutex<State>>,
}

struct State {
    loaded: Loaded,
    /// How often it was read again.
    reloads: u64,
    /// What came of it the last time.
    answer: Option<Result<String, String>>,
}

/// What a change of a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Takes {
    /// Nothing more.
    Nothing,
    /// Every room opened again.
    Opening,
    /// Another process: the store's place and its key are what this one holds.
    Restart,
}

fn takes(key: &str) -> Takes {
    match key {
        "log.level" => Takes::Nothing,
        "store.url" => Takes::Restart,
        key if key.starts_with("secrets.") => Takes::Restart,
        _ => Takes::Opening,
    }
}

/// What a reload does.
#[derive(Debug, Default, PartialEq, Eq)]
struct Effect {
    takes_effect: Vec<String>,
    needs_restart: Vec<String>,
    opening: bool,
}

impl Effect {
    fn of(keys: Vec<String>) -> Self {
        let mut effect = Self::default();
        for key in keys {
            match takes(&key) {
                Takes::Restart => effect.needs_restart.push(key),
                how => {
                    effect.opening |= how == Takes::Opening;
                    effect.takes_effect.push(key);
                }
            }
        }
        effect
    }

    fn text(&self) -> String {
        let list = |keys: &[String]| match keys {
            [] => "nothing".to_owned(),
            keys => keys.join(", "),
        };
        match (&self.takes_effect[..], &self.needs_restart[..]) {
            ([], []) => "configuration read again: nothing changed".to_owned(),
            (done, []) => format!("configuration read again: {} took effect", list(done)),
            (done, waits) => format!(
                "configuration read again: {} took effect; after a restart: {}",
                list(done),
                list(waits)
            ),
        }
    }
}

/// The new configuration without what needs another process, and what the rest does.
fn next(now: &Loaded, new: Loaded) -> (Loaded, Effect) {
    let effect = Effect::of(now.differing(&new));
    let mut next = new;
    next.config.store.url.clone_from(&now.config.store.url);
    next.config.secrets.clone_from(&now.config.secrets);
    for key in &effect.needs_restart {
        match now.set.get(key) {
            Some(value) => drop(next.set.insert(key.clone(), value.clone())),
            None => drop(next.set.remove(key)),
        }
    }
    (next, effect)
}

impl InForce {
    /// Reads it for the first time.
    pub(crate) fn read(options: &Options) -> anyhow::Result<Self> {
        let loaded = options.load()?;
        log::set_level(&loaded.config.log.level);
        let state = State {
            loaded,
            reloads: 0,
            answer: None,
        };
        Ok(Self {
            options: options.clone(),
            state: Arc::new(Mutex::new(state)),
        })
    }

    /// What the administrator decided.
    pub(crate) fn config(&self) -> Arc<Config> {
        Arc::new(self.state().loaded.config.clone())
    }

    /// Writes down what came of the last reload, for `greenroomd reload`. A life that begins writes
    /// it anew: its lock is a new one.
    pub(crate) fn answer(&self) {
        let (reloads, answer) = {
            let state = self.state();
            (state.reloads, state.answer.clone())
        };
        let config = self.config();
        if let Some(answer) = answer {
            store::answer_reload(&self.options.store_directory(&config), reloads, &answer);
        }
    }

    /// Reads it again, and tries what can be tried before it is in force.
    async fn again(&self) -> anyhow::Result<Effect> {
        let new = self.options.load()?;
        let now = self.state().loaded.clone();
        let (next, effect) = next(&now, new);
        if effect.opening {
            zoom_settings(&next.config).await?;
            let directory = self.options.mail_directory(&next.config);
            mail::try_default(&next.config.mail, &directory)?;
        }
        log::set_level(&next.config.log.level);
        self.state().loaded = next;
        Ok(effect)
    }

    /// No more is done under this lock than a copy.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// SIGHUPs as they come. They are heard from here on, and do not end the process any more.
pub(crate) struct Hangups {
    signals: tokio::sync::Mutex<Signal>,
    /// Whether somebody sits at the terminal this was started from.
    terminal: bool,
}

impl Hangups {
    pub(crate) fn listen() -> anyhow::Result<Arc<Self>> {
        let signals = signal(SignalKind::hangup()).context("listen for SIGHUP")?;
        Ok(Arc::new(Self {
            signals: tokio::sync::Mutex::new(signals),
            terminal: rustix::termios::isatty(io::stdin()),
        }))
    }

    /// Whether the terminal was closed: then SIGHUP says so, and nobody wants a reload.
    fn terminal_is_gone(&self) -> bool {
        self.terminal && rustix::termios::tcgetattr(io::stdin()).is_err()
    }
}

/// Reads the configuration again whenever it is asked to, for as long as `life` lasts.
pub(crate) async fn follow(in_force: InForce, hangups: Arc<Hangups>, life: Shutdown) {
    let mut signals = tokio::select! {
        signals = hangups.signals.lock() => signals,
        () = life.begun() => return,
    };
    loop {
        tokio::select! {
            heard = signals.recv() => if heard.is_none() { return },
            () = life.begun() => return,
        }
        if hangups.terminal_is_gone() {
            tracing::info!("the terminal was closed");
            return life.begin();
        }
        systemd::reloading();
        let read = in_force.again().await;
        let opening = read.as_ref().is_ok_and(|effect| effect.opening);
        let answer = match read {
            Ok(effect) => Ok(effect.text()),
            Err(error) => Err(format!("{error:#}")),
        };
        match &answer {
            Ok(text) => tracing::info!("{text}"),
            Err(why) => {
                tracing::error!(
                    "the new configuration is refused, the former one stays in force: {why}"
                );
            }
        }
        {
            let mut state = in_force.state();
            state.reloads += 1;
            state.answer = Some(answer);
        }
        if opening {
            // The next life says that it is there, to systemd and to who asked.
            return life.begin_again();
        }
        in_force.answer();
        systemd::reloaded();
    }
}

/// The environment as the configuration reads it.
pub(crate) fn environment() -> BTreeMap<String, String> {
    // A name or value that is no text is none of ours.
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loaded(text: &str) -> Loaded {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        Config::load_keys(&path, &BTreeMap::new()).unwrap()
    }

    /// Case C7.
    #[test]
    fn each_key_says_what_its_change_takes() {
        let now = loaded("[log]\nlevel = 'info'\n[store]\nurl = 'sled:/a'\nbackup_keep = 3\n");
        let new = loaded(
            "[log]\nlevel = 'debug'\n[store]\nurl = 'sled:/b'\nbackup_keep = 4\n[secrets]\nkey = 'file'\n",
        );
        let (after, effect) = next(&now, new.clone());
        assert_eq!(effect.takes_effect, ["log.level", "store.backup_keep"]);
        assert_eq!(effect.needs_restart, ["secrets.key", "store.url"]);
        assert!(effect.opening);
        assert_eq!(
            effect.text(),
            "configuration read again: log.level, store.backup_keep took effect; after a restart: secrets.key, store.url"
        );
        assert_eq!(after.config.store.url, "sled:/a");
        assert_eq!(after.config.secrets, now.config.secrets);
        assert_eq!(after.config.store.backup_keep, 4);
        assert_eq!(after.config.log.level, "debug");

        // What waits for a restart is named again, and only that.
        let (_, effect) = next(&after, new);
        assert_eq!(effect.needs_restart, ["secrets.key", "store.url"]);
        assert!(effect.takes_effect.is_empty() && !effect.opening);

        let (_, effect) = next(
            &now,
            loaded("[log]\nlevel = 'warn'\n[store]\nurl = 'sled:/a'\nbackup_keep = 3\n"),
        );
        assert!(!effect.opening, "a level needs no opening");
        let (_, effect) = next(&now, now.clone());
        assert_eq!(effect.text(), "configuration read again: nothing changed");
    }
}
