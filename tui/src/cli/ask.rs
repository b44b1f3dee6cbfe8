//! Questions, which only a person at a terminal is asked.

use std::io::{self, BufRead, Write};

use clap::ValueEnum;
use greenroom_protocol::Error;
use greenroom_protocol::secret::Opaque;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use super::session::Session;
use crate::output::is_interactive;
use crate::widgets::text::clean;

/// Asks before something that cannot be undone. Without a terminal `--yes` is the only yes.
pub(crate) fn confirm(session: &Session, question: &str) -> Result<(), Error> {
    if session.yes {
        return Ok(());
    }
    if !is_interactive() {
        return Err(
            Error::usage(format!("{question}? There is no terminal to ask on"))
                .hint("to answer yes: --yes"),
        );
    }
    match line(&format!("{question}? [y/N] "))?
        .to_lowercase()
        .as_str()
    {
        "y" | "yes" => Ok(()),
        _ => Err(Error::failed("Cancelled: nothing was changed")),
    }
}

/// A question with two answers, of which neither is the usual one.
pub(crate) fn yes_or_no(question: &str) -> Result<bool, Error> {
    loop {
        let answer = line(&format!("{question}? [y/n] "))?.to_lowercase();
        match answer.as_str() {
            "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => {}
        }
    }
}

/// The value of an option, or a person's answer in its place; an empty answer is `usual`.
pub(crate) fn value(
    given: Option<String>,
    option: &str,
    question: &str,
    usual: Option<&str>,
) -> Result<String, Error> {
    if let Some(given) = given {
        return Ok(given);
    }
    if !is_interactive() {
        let missing = || Error::usage(format!("{option} is missing")).hint("see: greenroom help");
        return usual.map(str::to_owned).ok_or_else(missing);
    }
    let prompt = match usual {
        Some(usual) if !usual.is_empty() => format!("{question} [{usual}]: "),
        _ => format!("{question}: "),
    };
    loop {
        let answer = line(&prompt)?;
        match (answer.is_empty(), usual) {
            (false, _) => return Ok(answer),
            (true, Some(usual)) => return Ok(usual.to_owned()),
            (true, None) => {}
        }
    }
}

/// What a person answers where they may also answer nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// This.
    Text(String),
    /// Nothing.
    Empty,
    /// Nothing, nor anything any more: the input has ended.
    End,
}

/// A person's answer, which may be empty.
pub(crate) fn optional(question: &str) -> Result<Answer, Error> {
    Ok(match read(&format!("{question}: "))? {
        None => Answer::End,
        Some(answer) if answer.is_empty() => Answer::Empty,
        Some(answer) => Answer::Text(answer),
    })
}

/// One of the words of a choice, as a person types it.
pub(crate) fn choice<T: ValueEnum>(question: &str, usual: &str) -> Result<T, Error> {
    loop {
        let answer = value(None, "--system", question, Some(usual))?;
        match T::from_str(&answer, true) {
            Ok(choice) => return Ok(choice),
            Err(_) if is_interactive() => {}
            Err(why) => return Err(Error::usage(why)),
        }
    }
}

/// A password, typed without being shown.
pub(crate) fn secret(prompt: &str) -> Result<Opaque, Error> {
    secret_or(
        prompt,
        "A password is needed",
        "put it in a file: --password-file FILE",
    )
}

/// A secret, typed without being shown; without a terminal that it is needed, and what to do.
pub(crate) fn secret_or(prompt: &str, needed: &str, hint: &str) -> Result<Opaque, Error> {
    if !is_interactive() {
        let missing = Error::usage(format!("{needed}, and there is no terminal to ask on"));
        return Err(missing.hint(hint));
    }
    let shown = Unshown::begin()?;
    let typed = line(prompt);
    drop(shown);
    // The line's end was not shown either.
    let _ = writeln!(io::stderr());
    typed.map(Opaque::new)
}

/// A terminal that shows nothing of what is typed, until dropped.
struct Unshown(Termios);

impl Unshown {
    fn begin() -> Result<Self, Error> {
        let failed = |error| Error::failed(format!("Couldn't ask: {error}"));
        let before = tcgetattr(io::stdin()).map_err(failed)?;
        let mut unshown = before.clone();
        unshown.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &unshown).map_err(failed)?;
        Ok(Self(before))
    }
}

impl Drop for Unshown {
    fn drop(&mut self) {
        // Without a terminal nothing has to be shown again.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}

fn line(prompt: &str) -> Result<String, Error> {
    read(prompt)?.ok_or_else(|| Error::failed("No answer was given"))
}

/// A line of the input; `None` at its end.
fn read(prompt: &str) -> Result<Option<String>, Error> {
    let failed = |error: io::Error| Error::failed(format!("Couldn't ask: {error}"));
    let mut errors = io::stderr();
    write!(errors, "{}", clean(prompt))
        .and_then(|()| errors.flush())
        .map_err(failed)?;
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer).map_err(failed)?;
    Ok((read > 0).then(|| answer.trim().to_owned()))
}
