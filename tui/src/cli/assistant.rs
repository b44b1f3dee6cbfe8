//! `greenroom assistant …`.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use greenroom_protocol::Error;
use greenroom_protocol::reply::{AssistantEval, EvalFigures, EvalMiss, EvalReport};

use super::session::Session;
use crate::output::{Stop, Table};

/// The longest set that the daemon reads, and one byte more to see that it is longer.
const LONGEST: u64 = (768 << 10) + 1;

#[derive(Debug, Subcommand)]
pub(crate) enum Assistant {
    /// Measure how well labelled replies are read: clear answers right without a person, intents,
    /// replies handed to a person without need, and every wrong act
    Eval(Eval),
}

#[derive(Debug, Args)]
pub(crate) struct Eval {
    /// The set: frames in brackets, and lines of `text | act option | intents`; `-` for standard
    /// input
    file: PathBuf,
    /// List the replies that were read in another way without harm, too
    #[arg(long)]
    missed: bool,
}

impl Assistant {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        match self {
            Self::Eval(eval) => eval.run(session).await,
        }
    }
}

impl Eval {
    async fn run(self, session: &Session) -> Result<(), Stop> {
        let set = contents(&self.file)?;
        let client = session.client().await?;
        let report = client.assistant_eval(AssistantEval { set }).await?;
        if session.output.is_json() {
            return session.output.json(&report);
        }
        session.output.table(&table(&report))?;
        for set in &report.sets {
            for miss in &set.wrong {
                session.output.print(&line("wrong", &set.name, miss))?;
            }
            for miss in set.missed.iter().filter(|_| self.missed) {
                session.output.print(&line("missed", &set.name, miss))?;
            }
        }
        Ok(())
    }
}

fn line(what: &str, set: &str, miss: &EvalMiss) -> String {
    let EvalMiss {
        line,
        text,
        expected,
        found,
    } = miss;
    format!("{what} · {set} line {line}: {text}\n  expected {expected}\n  found {found}\n")
}

fn table(report: &EvalReport) -> Table {
    let mut table = Table::new([
        "set",
        "replies",
        "clear, right",
        "intents",
        "needless",
        "wrong",
    ]);
    for set in &report.sets {
        let mut row = |name: &str, figures: &EvalFigures| {
            table.row([
                name.to_owned(),
                figures.replies.to_string(),
                share(figures.clear_right, figures.clear),
                share(figures.intents_right, figures.replies),
                share(figures.needless, figures.without_person),
                figures.wrong.to_string(),
            ]);
        };
        row(&set.name, &set.figures);
        row("  every unread clause stops", &set.without_hinges);
    }
    table
}

fn share(part: u32, whole: u32) -> String {
    let percent = f64::from(part) * 100.0 / f64::from(whole.max(1));
    format!("{percent:.1}% ({part} of {whole})")
}

fn contents(file: &Path) -> Result<String, Error> {
    let failed = |error: io::Error| {
        let why = format!("Couldn't read {}: {error}", file.display());
        Error::usage(why).field("file")
    };
    let mut text = String::new();
    let read = match file == Path::new("-") {
        true => io::stdin().take(LONGEST).read_to_string(&mut text),
        false => {
            let file = File::open(file).map_err(failed)?;
            file.take(LONGEST).read_to_string(&mut text)
        }
    };
    read.map_err(failed)?;
    if text.len() as u64 >= LONGEST {
        return Err(Error::usage("The set is larger than 768 kB").field("file"));
    }
    Ok(text)
}
