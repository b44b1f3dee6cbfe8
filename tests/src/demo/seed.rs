//! Fills an empty daemon with the demo's workspace, by the same calls anybody else would make.

use std::path::Path;

use greenroom::client::Client;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::interview::{InterviewNew, MeetingType};
use greenroom_protocol::pipeline::{
    CandidateAdd, ImportPage, ImportRow, JobAdd, StageConfigure, StageInterviewChange,
};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{AccountPlan, MemberAdd, MemberEdit, Setup, WorkspaceEdit};
use jiff::civil::Weekday;
use jiff::{Timestamp, ToSpan, Zoned};

use super::people::{CANDIDATES, JOBS, MEMBERS, STAGES};
use super::{hours, scheduling, target};
use crate::harness::connect_zoom;
use crate::sandbox::{self, Account, http_client};

/// The zone the interviews are planned in: Dana's.
const ZONE: &str = "Europe/Berlin";

/// Hours between one application and the next.
const HOURS_APART: i64 = 7;

/// Colleagues whose Zoom is connected already, so that there is a host to choose; Dana's is for the
/// person to connect.
const CONNECTED: [&str; 2] = ["mina.okafor@acme.example", "sam.ito@acme.example"];

/// The stage of the first job whose interviews have Zoom's notes.
const NOTED: &str = "Onsite";

/// Makes the workspace.
pub(super) async fn seed(client: Client, socket: &Path) -> anyhow::Result<()> {
    let dana = &MEMBERS[0];
    let setup = Setup {
        workspace: "Acme".into(),
        name: dana.name.into(),
        email: dana.email.into(),
        zone: dana.zone.into(),
        zoom_client_id: None,
        zoom_client_secret: None,
    };
    client.setup(setup).await?;
    // A second hello binds the caller to the workspace that is there now.
    let client = Client::connect(&target(socket)).await?;
    let plan = Some(AccountPlan::Business);
    client
        .workspace_edit(WorkspaceEdit {
            plan,
            ..WorkspaceEdit::default()
        })
        .await?;
    members(&client).await?;
    jobs(&client).await?;
    notes(&client).await?;
    candidates(&client).await?;
    for email in CONNECTED {
        connect_zoom(&client, email).await?;
    }
    hours::set(&client, &working_day(5)?, &working_day(4)?).await?;
    interviews(&client).await?;
    scheduling::set(&client).await?;
    scheduling::begin(&client).await
}

/// From now on the Zoom account lets nobody connect before an admin has approved the app.
pub(super) async fn ask_for_approvals(zoom_url: &str) -> anyhow::Result<()> {
    let strict = Account {
        needs_approval: true,
        ..Account::new("acme", sandbox::Plan::Business)
    };
    let accounts = format!("{zoom_url}/sandbox/accounts");
    let request = http_client()?.post(accounts).json(&strict);
    request.send().await?.error_for_status()?;
    Ok(())
}

async fn members(client: &Client) -> anyhow::Result<()> {
    for member in MEMBERS.iter().skip(1) {
        let add = MemberAdd {
            name: member.name.into(),
            email: member.email.into(),
            zoom_email: None,
            zone: Some(member.zone.into()),
            roles: member.roles.to_vec(),
            hiring_jobs: Vec::new(),
        };
        client.member_add(add).await?;
    }
    Ok(())
}

async fn jobs(client: &Client) -> anyhow::Result<()> {
    for (title, manager) in JOBS {
        let stages = STAGES.map(str::to_owned).to_vec();
        client
            .job_add(JobAdd {
                title: title.into(),
                stages,
            })
            .await?;
        let hiring_jobs = Some(vec![title.to_owned()]);
        let edit = MemberEdit {
            member: manager.into(),
            hiring_jobs,
            ..MemberEdit::default()
        };
        client.member_edit(edit).await?;
    }
    // The caller may ask the assistant about both.
    let dana = MemberEdit {
        member: MEMBERS[0].email.into(),
        hiring_jobs: Some(JOBS.iter().map(|(title, _)| (*title).to_owned()).collect()),
        ..MemberEdit::default()
    };
    client.member_edit(dana).await?;
    Ok(())
}

/// One stage's interviews have Zoom's notes.
async fn notes(client: &Client) -> anyhow::Result<()> {
    let change = StageInterviewChange {
        zoom_notes: Edit::Set(true),
        ..StageInterviewChange::default()
    };
    let stage = StageConfigure {
        job: Some(JOBS[0].0.into()),
        stage: NOTED.into(),
        change: Some(change),
        ..StageConfigure::default()
    };
    client.stage_configure(stage).await?;
    Ok(())
}

async fn candidates(client: &Client) -> anyhow::Result<()> {
    let rows = CANDIDATES
        .iter()
        .zip(1_u32..)
        .map(|((name, local, zone, job, stage), line)| ImportRow {
            line: line.into(),
            candidate: CandidateAdd {
                name: (*name).into(),
                email: format!("{local}@example.com"),
                phone: None,
                zone: Some((*zone).into()),
                source: Some("Careers page".into()),
                job: Some(JOBS[*job].0.into()),
                stage: Some(STAGES[*stage].into()),
                applied_at: Some(Instant::now().plus_minutes(-60 * HOURS_APART * i64::from(line))),
                ..CandidateAdd::default()
            },
        });
    let report = client
        .candidate_import(ImportPage {
            rows: rows.collect(),
            dry_run: false,
        })
        .await?;
    anyhow::ensure!(
        report.errors.is_empty(),
        "import the candidates: {:?}",
        report.errors
    );
    Ok(())
}

/// The `nth` working day from tomorrow on.
fn working_day(nth: usize) -> anyhow::Result<Zoned> {
    let tomorrow = Timestamp::now()
        .in_tz(ZONE)?
        .checked_add(1.day())?
        .start_of_day()?;
    let mut day = tomorrow;
    let mut left = nth;
    loop {
        let working = !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        if working && left == 0 {
            return Ok(day);
        }
        left -= usize::from(working);
        day = day.checked_add(1.day())?;
    }
}

/// Candidate, working day, time, interviewers, how people join, confirmed.
type Plan<'a> = (&'a str, usize, &'a str, &'a [&'a str], MeetingType, bool);

async fn interviews(client: &Client) -> anyhow::Result<()> {
    let (mina, sam) = ("mina.okafor@acme.example", "sam.ito@acme.example");
    let (lena, kofi) = ("lena.bauer@acme.example", "kofi.mensah@acme.example");
    let plans: [Plan; 7] = [
        (
            "priya.nair",
            1,
            "15:30",
            &[sam, mina],
            MeetingType::Zoom,
            true,
        ),
        ("wen.zhang", 1, "11:00", &[lena], MeetingType::Zoom, true),
        (
            "noor.aziz",
            2,
            "11:30",
            &[kofi, mina],
            MeetingType::Zoom,
            true,
        ),
        ("jun.tanaka", 0, "09:00", &[lena], MeetingType::Phone, true),
        (
            "zoe.mueller",
            2,
            "14:00",
            &[lena, mina],
            MeetingType::Place,
            true,
        ),
        ("hana.suzuki", 3, "10:30", &[lena], MeetingType::Link, false),
        (
            "maya.goldberg",
            3,
            "16:00",
            &[sam, kofi],
            MeetingType::Zoom,
            false,
        ),
    ];
    for (candidate, day, time, with, kind, confirm) in plans {
        let day = working_day(day)?;
        let interview = InterviewNew {
            candidate: format!("{candidate}@example.com"),
            kind,
            start: format!("{} {time}", day.strftime("%Y-%m-%d")),
            zone: Some(ZONE.into()),
            duration_minutes: Some(45),
            with: with.iter().map(|email| (*email).to_owned()).collect(),
            zoom_user: (kind == MeetingType::Zoom).then(|| mina.to_owned()),
            url: (kind == MeetingType::Link).then(|| "https://meet.example/hana".to_owned()),
            details: match kind {
                MeetingType::Phone => Some("+49 30 5550 1234".into()),
                MeetingType::Place => Some("Acme, Torstraße 1, room Linde".into()),
                _ => None,
            },
            confirm,
            ..InterviewNew::default()
        };
        client.interview_new(interview).await?;
    }
    Ok(())
}
