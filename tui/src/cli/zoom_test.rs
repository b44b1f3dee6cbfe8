//! `greenroom zoom test`: a real meeting, made and deleted again, and what was learned from it.

use std::time::Duration;

use clap::Args;
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::zoom_test::{ZoomTest, ZoomTestQuery, ZoomTestResult, ZoomTestStep};
use greenroom_protocol::{Error, ErrorKind};
use tokio::time::{Instant, timeout_at};

use super::session::Session;
use super::words::{here, person, word};
use crate::output::{Failure, Lines, Stop};

/// One long poll, at most; a short one notices a daemon that went away.
const POLL: Duration = Duration::from_secs(20);

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Whose: email, name or ID [default: yours]
    #[arg(long, value_name = "EMAIL")]
    member: Option<String>,
    /// Only show what would happen
    #[arg(long)]
    dry_run: bool,
}

impl Test {
    pub(super) async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        let query = ZoomTestQuery {
            member: self.member,
            dry_run: self.dry_run,
        };
        let mut before = client.hello().revision;
        let mut test = client.zoom_test(query.clone()).await?;
        if self.dry_run {
            session.output.note(
                "dry run: a 30-minute meeting for tomorrow would be created, read, found, moved and deleted",
            );
            return session.output.record(&test, || lines(&test));
        }
        let end = Instant::now() + session.patience();
        while test.running && !session.no_wait {
            match timeout_at(end, client.changes(before, POLL)).await {
                Err(_) => break,
                Ok(changes) => before = changes?.revision,
            }
            test = client.zoom_test_show(query.clone()).await?;
        }
        if let Some(number) = &test.left_over
            && !test.running
        {
            session.output.warn(&format!(
                "meeting {number} is still in Zoom; delete it there"
            ));
        }
        let Some(error) = failure(&test).filter(|_| !session.no_wait) else {
            return session.output.record(&test, || lines(&test));
        };
        if !session.output.is_json() {
            session.output.record(&test, || lines(&test))?;
        }
        Err(Failure::with(error, "test", &test).into())
    }
}

/// What the shell hears of a test that did not go well.
fn failure(test: &ZoomTest) -> Option<Error> {
    if test.running {
        let error = Error::new(ErrorKind::Pending, "The Zoom test is still running");
        return Some(error.hint("it continues, and deletes its meeting; see: greenroom zoom test"));
    }
    let mut steps = test.steps.iter();
    let wrong = steps.find(|step| step.result == CheckResult::Wrong)?;
    let kind = match wrong.step {
        ZoomTestStep::Connection | ZoomTestStep::Permissions => ErrorKind::Zoom,
        _ => ErrorKind::Upstream,
    };
    let error = Error::new(kind, format!("{}: {}", word(wrong.step), wrong.message));
    Some(match &wrong.hint {
        Some(hint) => error.hint(hint.clone()),
        None => error,
    })
}

fn lines(test: &ZoomTest) -> Lines {
    let missing = test.missing.iter().map(|it| {
        let optional = if it.optional { " (optional)" } else { "" };
        format!("{}{optional}: {}, {}", it.scope, it.title, it.reason)
    });
    let where_to = test.sandbox.as_deref().unwrap_or("the real Zoom");
    Lines::new()
        .line("member", person(&test.member.name, &test.member.email))
        .line("zoom", where_to)
        .maybe("started", test.started_at.map(here))
        .each("steps", test.steps.iter().map(step))
        .each("changed by Zoom", test.changes.iter().cloned())
        .each("not granted", missing)
        .line("result", outcome(test))
}

fn step(step: &ZoomTestResult) -> String {
    let sign = match step.result {
        CheckResult::Ok => "ok     ",
        CheckResult::Warning => "warning",
        CheckResult::Wrong => "failed ",
    };
    let hint = step.hint.as_ref().map(|hint| format!(" ({hint})"));
    let name = word(step.step);
    format!(
        "{sign} {name}: {}{}",
        step.message,
        hint.unwrap_or_default()
    )
}

fn outcome(test: &ZoomTest) -> &'static str {
    match (test.running, test.started_at, test.result) {
        (true, ..) => "in progress",
        (false, None, _) => "never tested",
        (false, _, Some(CheckResult::Ok)) => "Zoom works as Greenroom needs it",
        (false, _, Some(CheckResult::Warning)) => "Zoom works, with the warnings above",
        (false, _, _) => "Zoom does not work yet",
    }
}
