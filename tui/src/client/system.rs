//! Why a daemon that we do not start ourselves cannot be reached.
//!
//! Owns the words for it: the system's daemon is stopped, has failed or is starting, or this user
//! is not in its group, or is and has not logged in since; a socket that was named has nobody
//! behind it. Invariant: always exit 3, so that a script sees a daemon that is away and nothing
//! else. What systemd and the user database say is asked for only here, after a failure, and never
//! waited for long.

use std::process::Stdio;
use std::time::Duration;

use greenroom_protocol::{Error, ErrorKind, system};
use tokio::process::Command;
use tokio::time::timeout;

use super::{ConnectError, Target};

/// Who is in it may speak to the system's daemon.
const GROUP: &str = "greenroom";

/// How long `systemctl` and `id` may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a refusal means, with what to do.
pub(super) async fn explain(target: &Target, refused: ConnectError) -> Error {
    let away = refused.nobody_listens() || matches!(refused, ConnectError::Silent(_));
    match &refused {
        ConnectError::NotPermitted(_) if target.socket.system => no_entry().await,
        _ if target.socket.system && away => standing(&refused).await,
        _ if refused.nobody_listens() && system::sign().is_some() => {
            let message = format!("{refused}; none is started here because this machine has the system's daemon");
            Error::new(ErrorKind::Unreachable, message)
                .hint("leave out --socket and GREENROOM_SOCKET to use the system's")
        }
        _ if refused.nobody_listens() && target.daemon.is_none() => {
            Error::new(ErrorKind::Unreachable, refused.to_string()).hint(
                "a tunnel: open it again; a daemon of your own: greenroom daemon start (with the same --socket); \
                 a system service: systemctl start greenroomd",
            )
        }
        _ => refused.into(),
    }
}

/// The socket is there and not for this user.
async fn no_entry() -> Error {
    let (now, name) = tokio::join!(words("id", &["-Gn"]), words("id", &["-un"]));
    let name = name.first().cloned().unwrap_or_default();
    let recorded = match name.as_str() {
        "" => Vec::new(),
        name => words("id", &["-Gn", "--", name]).await,
    };
    entry(&name, &now, &recorded)
}

/// By the groups of this process and those the user database has for its user.
fn entry(name: &str, now: &[String], recorded: &[String]) -> Error {
    let within = |groups: &[String]| groups.iter().any(|group| group == GROUP);
    let (why, hint) = match (within(now), within(recorded)) {
        (false, true) => (
            format!(
                "you are in the group {GROUP} since your last login, and this session does not know it yet"
            ),
            "log out and in again (a tmux or screen that runs on counts as logged in)".to_owned(),
        ),
        (false, false) => {
            let who = if name.is_empty() { "NAME" } else { name };
            (
                format!("you are not in the group {GROUP}, which may use this machine's daemon"),
                format!("ask its administrator for: usermod -aG {GROUP} {who}; then log in again"),
            )
        }
        (true, _) => (
            format!("its socket is closed to the group {GROUP}"),
            "as root: systemctl restart greenroomd.socket greenroomd.service".to_owned(),
        ),
    };
    Error::new(
        ErrorKind::Unreachable,
        format!("the system's daemon cannot be reached: {why}"),
    )
    .hint(hint)
}

/// Nobody answers at the system's socket.
async fn standing(refused: &ConnectError) -> Error {
    let mut arguments = vec!["show", "--no-pager", "--property=Id,ActiveState,Result"];
    arguments.extend(system::UNITS);
    let said = output("systemctl", &arguments).await.unwrap_or_default();
    let silent = matches!(refused, ConnectError::Silent(_));
    by_standing(&states(&said), silent)
}

/// A unit's state and how it last ended, as `systemctl show` has them.
#[derive(Debug, Default, PartialEq, Eq)]
struct State {
    active: String,
    result: String,
}

/// A block a unit, divided by empty lines.
fn states(said: &str) -> Vec<State> {
    let blocks = said.split("\n\n").filter(|block| !block.trim().is_empty());
    let state = |block: &str| {
        let value = |name: &str| {
            let mut lines = block.lines().filter_map(|line| line.split_once('='));
            lines
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.to_owned())
        };
        State {
            active: value("ActiveState").unwrap_or_default(),
            result: value("Result").unwrap_or_default(),
        }
    };
    blocks.map(state).collect()
}

fn by_standing(states: &[State], silent: bool) -> Error {
    let failed = states
        .iter()
        .find(|state| state.active == "failed" || !matches!(state.result.as_str(), "" | "success"));
    let is = |active: &str| states.iter().any(|state| state.active == active);
    let (why, hint) = if let Some(failed) = failed {
        let how = match failed.result.as_str() {
            "" | "success" => String::new(),
            result => format!(" ({result})"),
        };
        (
            format!("it has failed{how}"),
            "as root: journalctl -u greenroomd says why; then systemctl restart greenroomd.socket greenroomd.service",
        )
    } else if is("activating") || is("reloading") {
        (
            "it is starting".to_owned(),
            "try again in a moment; as root: journalctl -u greenroomd -f",
        )
    } else if silent {
        (
            "it is running and did not answer within 2 s".to_owned(),
            "nothing acknowledged is lost by, as root: systemctl restart greenroomd",
        )
    } else if is("inactive") {
        (
            "it is stopped".to_owned(),
            "as root: systemctl start greenroomd.socket greenroomd.service",
        )
    } else {
        (
            "it is stopped or has failed".to_owned(),
            "as root: systemctl status greenroomd.socket greenroomd.service",
        )
    };
    Error::new(
        ErrorKind::Unreachable,
        format!(
            "the system's daemon, which everybody on this machine uses, cannot be reached: {why}"
        ),
    )
    .hint(hint)
}

async fn words(program: &str, arguments: &[&str]) -> Vec<String> {
    let said = output(program, arguments).await.unwrap_or_default();
    said.split_whitespace().map(str::to_owned).collect()
}

/// What a program prints; `None` where it is not there, fails or takes too long.
async fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let done = timeout(PATIENCE, command.output()).await.ok()?.ok()?;
    done.status
        .success()
        .then(|| String::from_utf8_lossy(&done.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(words: &str) -> Vec<String> {
        words.split(' ').map(str::to_owned).collect()
    }

    /// Case C3.
    #[test]
    fn who_may_not_enter_hears_whether_a_login_is_enough() {
        for (now, recorded, message, hint) in [
            (
                "sam",
                "sam",
                "not in the group greenroom",
                "usermod -aG greenroom sam",
            ),
            (
                "sam",
                "sam greenroom",
                "this session does not know it yet",
                "log out and in again",
            ),
            (
                "sam greenroom",
                "sam greenroom",
                "its socket is closed",
                "systemctl restart",
            ),
        ] {
            let error = entry("sam", &list(now), &list(recorded));
            assert_eq!(error.kind, ErrorKind::Unreachable);
            assert!(error.message.contains(message), "{error}");
            assert!(error.hint.unwrap().contains(hint));
        }
    }

    /// Case C3.
    #[test]
    fn a_daemon_of_the_systems_that_is_away_is_stopped_failed_or_starting() {
        let shown = |active: &str, result: &str| {
            format!(
                "Result=success\nId=greenroomd.socket\nActiveState=active\n\n\
                 Result={result}\nId=greenroomd.service\nActiveState={active}\n"
            )
        };
        for (said, silent, message) in [
            (
                shown("failed", "exit-code"),
                false,
                "it has failed (exit-code)",
            ),
            (
                shown("activating", "exit-code"),
                true,
                "it has failed (exit-code)",
            ),
            (shown("activating", "success"), true, "it is starting"),
            (
                shown("active", "success"),
                true,
                "did not answer within 2 s",
            ),
            (shown("inactive", "success"), false, "it is stopped"),
            (String::new(), false, "stopped or has failed"),
        ] {
            let error = by_standing(&states(&said), silent);
            assert_eq!(error.kind, ErrorKind::Unreachable);
            assert!(error.message.contains(message), "{said}: {error}");
            assert!(error.hint.is_some());
        }
    }
}
