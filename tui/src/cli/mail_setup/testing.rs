//! A test of the workspace's email: an email to its own address, read back.

use std::time::Duration;

use clap::Args;
use greenroom_protocol::mail_settings::{MailTest, MailTestQuery, MailTestResult, MailTestStep};
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::{Error, ErrorKind};
use tokio::time::{Instant, timeout_at};

use crate::cli::session::Session;
use crate::cli::words::here;
use crate::client::Client;
use crate::output::{Failure, Lines, Stop};

/// One long poll, at most; a short one notices a daemon that went away.
const POLL: Duration = Duration::from_secs(20);

/// How long a test may take: the email has two minutes to come back.
const TEST_PATIENCE: Duration = Duration::from_secs(180);

#[derive(Debug, Args)]
pub(crate) struct MailTesting {
    /// Only show the latest test
    #[arg(long)]
    show: bool,
    /// Only show what would happen
    #[arg(long)]
    dry_run: bool,
}

impl MailTesting {
    pub(in crate::cli) async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        if self.dry_run {
            session.output.note(
                "dry run: an email to the workspace's own address would be sent and read back",
            );
        }
        run_test(session, client, !self.show && !self.dry_run).await
    }
}

pub(super) async fn run_test(session: &Session, client: &Client, start: bool) -> Result<(), Stop> {
    let mut before = client.hello().revision;
    let query = |start| MailTestQuery {
        start,
        dry_run: false,
    };
    let mut test = client.mail_test(query(start)).await?;
    let end = Instant::now() + session.patience_or(TEST_PATIENCE);
    while test.running && start && !session.no_wait {
        match timeout_at(end, client.changes(before, POLL)).await {
            Err(_) => break,
            Ok(changes) => before = changes?.revision,
        }
        test = client.mail_test(query(false)).await?;
    }
    let Some(error) = failure(&test).filter(|_| start && !session.no_wait) else {
        return session.output.record(&test, || test_lines(&test));
    };
    if !session.output.is_json() {
        session.output.record(&test, || test_lines(&test))?;
    }
    Err(Failure::with(error, "test", &test).into())
}

/// What the shell hears of a test that did not go well.
fn failure(test: &MailTest) -> Option<Error> {
    if test.running {
        let error = Error::new(ErrorKind::Pending, "The email test is still running");
        return Some(error.hint("it continues; see: greenroom mail test --show"));
    }
    let mut steps = test.steps.iter();
    let wrong = steps.find(|step| step.result == CheckResult::Wrong)?;
    let error = Error::new(
        ErrorKind::Upstream,
        format!("{}: {}", step_name(wrong.step), wrong.message),
    );
    Some(match &wrong.hint {
        Some(hint) => error.hint(hint.clone()),
        None => error,
    })
}

fn test_lines(test: &MailTest) -> Lines {
    let outcome = match (test.running, test.started_at, test.result) {
        (true, ..) => "in progress",
        (false, None, _) => "never tested",
        (false, _, Some(CheckResult::Ok)) => "email works",
        (false, _, Some(CheckResult::Warning)) => "email works, with the warnings above",
        (false, _, _) => "email does not work yet",
    };
    Lines::new()
        .maybe("started", test.started_at.map(here))
        .each("steps", test.steps.iter().map(step))
        .line("result", outcome)
}

fn step(step: &MailTestResult) -> String {
    let sign = match step.result {
        CheckResult::Ok => "ok     ",
        CheckResult::Warning => "warning",
        CheckResult::Wrong => "failed ",
    };
    let hint = step.hint.as_ref().map(|hint| format!(" ({hint})"));
    let name = step_name(step.step);
    format!(
        "{sign} {name}: {}{}",
        step.message,
        hint.unwrap_or_default()
    )
}

fn step_name(step: MailTestStep) -> &'static str {
    match step {
        MailTestStep::LogIn => "log in to send",
        MailTestStep::Send => "send",
        MailTestStep::LogInToRead => "log in to read",
        MailTestStep::Read => "read",
    }
}
