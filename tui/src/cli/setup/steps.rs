//! The steps after the workspace: each is asked for while it is open, and skipped with an empty
//! answer.

use std::path::Path;

use greenroom_protocol::Error;
use greenroom_protocol::availability::{MemberHoursQuery, MemberHoursSet};
use greenroom_protocol::edit::Edit;
use greenroom_protocol::pipeline::{JobAdd, Window};
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::setting_up::{AppGuideQuery, AppKind, SetupSkip, SetupStep};
use greenroom_protocol::workspace::WorkspaceEdit;

use crate::cli::ask::{self, Answer};
use crate::cli::guide;
use crate::cli::hours::Week;
use crate::cli::import::read_in;
use crate::cli::mail_setup::{self, Given};
use crate::cli::session::Session;
use crate::client::Client;
use crate::output::{Output, Stop};
use crate::typed::hours;
use crate::typed::path::at_home;

/// Asks for every step that is open, in order; the end of input ends the questions.
pub(super) async fn ask(session: &Session, client: &Client) -> Result<(), Stop> {
    let output = session.output;
    loop {
        let Some(step) = client.setup_progress().await?.next else {
            return Ok(());
        };
        let place = SetupStep::ALL.iter().position(|it| *it == step);
        let heading = format!(
            "\n{} of {}: {}",
            place.unwrap_or(0) + 1,
            SetupStep::ALL.len(),
            super::name(step)
        );
        output.note("");
        output.note(heading.trim_start());
        let question = match step {
            SetupStep::Workspace => return Ok(()),
            SetupStep::ZoomApp => {
                guide::show(output, &guide::of(client, AppKind::Zoom).await?);
                "Client ID, or the email of somebody who creates the app (empty: skip)"
            }
            SetupStep::Email => {
                output.note(
                    "Until it is set up, emails are written to a folder and nobody receives them.",
                );
                "Address that invitations come from (empty: skip)"
            }
            SetupStep::Job => "Title of the first job (empty: skip)",
            SetupStep::Candidates => "CSV or JSON file with candidates (empty: skip)",
            SetupStep::Hours => {
                output.note("Interviews are proposed within these hours, by your own clock.");
                "Your hours, such as mon-thu 9-12,13-17; fri 9-13 (y: mon-fri 9-17, empty: skip)"
            }
        };
        match ask::optional(question)? {
            Answer::Text(answer) => take(session, client, step, answer).await?,
            Answer::Empty => skip(client, step).await?,
            Answer::End => return Ok(()),
        }
    }
}

/// Carries a step out. What is refused is said, and asked for again.
async fn take(
    session: &Session,
    client: &Client,
    step: SetupStep,
    answer: String,
) -> Result<(), Stop> {
    let output = session.output;
    let done = match step {
        SetupStep::ZoomApp if answer.contains('@') => {
            let asked = email_zoom_steps(output, client, answer).await;
            // It goes on without the app until somebody has made it.
            match asked {
                Ok(()) => skip(client, step).await,
                refused => refused,
            }
        }
        SetupStep::ZoomApp => set_zoom_app(output, client, answer, None).await,
        SetupStep::Job => add_job(output, client, answer).await,
        SetupStep::Candidates => import(session, &at_home(&answer)).await,
        SetupStep::Email => set_up_email(session, client, answer).await,
        SetupStep::Hours => take_hours(output, client, &answer).await,
        SetupStep::Workspace => Ok(()),
    };
    match done {
        Err(Stop::Failed(failure)) => {
            output.failure(&failure);
            Ok(())
        }
        done => done,
    }
}

/// Everything else about the address is asked for, and an email is sent to it and read back.
async fn set_up_email(session: &Session, client: &Client, from: String) -> Result<(), Stop> {
    let given = Given {
        from: Some(from),
        ..Given::default()
    };
    let done = mail_setup::set_up(session, client, given).await;
    if done.is_err() {
        let words = "To correct it later: greenroom mail setup";
        session.output.note(words);
    }
    done
}

/// Uses an app of the company's own.
pub(super) async fn set_zoom_app(
    output: Output,
    client: &Client,
    id: String,
    secret: Option<Opaque>,
) -> Result<(), Stop> {
    if let Some(advice) = AppKind::Zoom.client_id_advice(&id) {
        output.warn(advice);
    }
    let edit = WorkspaceEdit {
        zoom_client_id: Some(id),
        zoom_client_secret: secret,
        ..WorkspaceEdit::default()
    };
    client.workspace_edit(edit).await?;
    output.note("Zoom app saved; `greenroom zoom test` shows whether it works once connected");
    Ok(())
}

/// Has somebody else asked to make the app.
pub(super) async fn email_zoom_steps(
    output: Output,
    client: &Client,
    to: String,
) -> Result<(), Stop> {
    let query = AppGuideQuery {
        app: AppKind::Zoom,
        email_to: Some(to.clone()),
        dry_run: false,
    };
    let guide = client.app_guide(query).await?;
    match guide.sent {
        true => output.note(&format!("Steps emailed to {to}")),
        false => {
            output.note(&format!("Email isn't set up: send this to {to} yourself"));
            output.note("");
            output.note(&format!("Subject: {}", guide.subject));
            output.note("");
            for line in guide.text.lines() {
                output.note(line);
            }
        }
    }
    Ok(())
}

pub(super) async fn add_job(output: Output, client: &Client, title: String) -> Result<(), Stop> {
    let job = JobAdd {
        title,
        stages: Vec::new(),
    };
    let job = client.job_add(job).await?;
    let stages: Vec<&str> = job.stages.iter().map(|it| it.name.as_str()).collect();
    output.note(&format!("{} is open: {}", job.title, stages.join(", ")));
    Ok(())
}

pub(super) async fn import(session: &Session, file: &Path) -> Result<(), Stop> {
    let (report, counted) = read_in(session, file, false, None).await?;
    for error in report.errors.iter().take(10) {
        let (line, field, why) = (error.line, &error.field, &error.message);
        session
            .output
            .warn(&format!("{counted} {line}: {field}: {why}"));
    }
    let (added, skipped) = (report.added, report.errors.len());
    let words = format!("{added} candidates added, {skipped} skipped");
    session.output.note(&words);
    Ok(())
}

/// Hours as they were typed, or those that are assumed.
async fn take_hours(output: Output, client: &Client, answer: &str) -> Result<(), Stop> {
    let week = match answer.trim() {
        "y" | "Y" | "yes" => {
            let mine = client.member_hours(MemberHoursQuery::default()).await?;
            Edit::Set(mine.hours)
        }
        typed => {
            let Week(week) = typed.parse().map_err(Error::usage)?;
            week
        }
    };
    set_hours(output, client, week).await
}

/// Sets when the caller works.
pub(super) async fn set_hours(
    output: Output,
    client: &Client,
    hours: Edit<Vec<Window>>,
) -> Result<(), Stop> {
    let set = MemberHoursSet {
        hours,
        ..MemberHoursSet::default()
    };
    let set = client.member_hours_set(set).await?;
    let week = match hours::week_shown(&set.hours) {
        week if week.is_empty() => "none in any week".to_owned(),
        week => week,
    };
    output.note(&format!("Your hours: {week}, in {}", set.zone));
    Ok(())
}

pub(super) async fn skip(client: &Client, step: SetupStep) -> Result<(), Stop> {
    client.setup_skip(SetupSkip { step, undo: false }).await?;
    Ok(())
}
