//! Ten thousand candidates who enter one stage at once: how long it takes until each has times or says
//! what it waits for, what that weighs, how many were looked at, and how many a freed time wakes.
//!
//! Goals: the last of them says so within ten minutes; one freed time has at most two of those who are
//! alike looked at in vain.
//!
//! `cargo bench -p greenroom-tests --bench line`

use std::time::{Duration, Instant as Watch};

use anyhow::{Context as _, Result};
use greenroom_protocol::edit::Edit;
use greenroom_protocol::interview::{InterviewNew, MeetingType};
use greenroom_protocol::outreach::{OutreachQuery, OutreachStart, OutreachState};
use greenroom_protocol::pipeline::{
    Approval, CandidateAdd, ImportPage, ImportRow, PanelGroup, PanelRule, StageConfigure,
    StageInterviewChange,
};
use greenroom_protocol::workspace::{MemberAdd, Reference};
use greenroom_tests::figures::{resident, verdict};
use greenroom_tests::harness::DANA;
use greenroom_tests::test_daemon::{Story, TestDaemon};
use greenroomd::outreach::looked_at;
use tokio::runtime::Runtime;

const CANDIDATES: usize = 10_000;

/// Rows of one import.
const PAGE: usize = 500;

const SAM: &str = "sam.ito@acme.example";
const STAGE: &str = "Phone screen";

/// Until everybody says so.
const GOAL: Duration = Duration::from_secs(600);

fn main() -> Result<()> {
    Runtime::new()?.block_on(line())
}

async fn line() -> Result<()> {
    let story = office().await?;
    let before = resident(std::process::id())?;
    for first in (0..CANDIDATES).step_by(PAGE) {
        let rows = (first..first + PAGE).map(row).collect();
        let dry_run = false;
        let page = ImportPage { rows, dry_run };
        story.dana.candidate_import(page).await?;
    }
    let filled = resident(std::process::id())?;
    let begun = Watch::now();
    let start = OutreachStart {
        stage: Some(STAGE.to_owned()),
        ..OutreachStart::default()
    };
    loop {
        let started = story.dana.outreach_start(start.clone()).await?;
        if started.left == 0 {
            break;
        }
    }
    let started = begun.elapsed();
    while settling(&story).await? > 0 {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let told = begun.elapsed();
    story.daemon.rests().await?;
    let (rested, looked) = (begun.elapsed(), looked_at());
    let after = resident(std::process::id())?;
    let megabytes = |bytes: u64| bytes / 1_000_000;
    println!("{CANDIDATES} candidates enter a stage of one interviewer");
    println!("  started           {started:?}");
    println!(
        "  each says so     {told:?}  goal {GOAL:?}: {}",
        verdict(told <= GOAL)
    );
    println!("  nothing is left   {rested:?}");
    println!("  looked at         {looked}");
    println!(
        "  memory            {} MB before, {} MB with the candidates, {} MB in line",
        megabytes(before),
        megabytes(filled),
        megabytes(after)
    );
    freed(&story).await
}

/// A time of Sam's is taken and freed again.
async fn freed(story: &Story) -> Result<()> {
    let booked = story
        .dana
        .interview_new(InterviewNew {
            candidate: "c0@mail.example".into(),
            with: vec![SAM.into()],
            kind: MeetingType::Phone,
            details: Some("+49 30 5550 1234".into()),
            start: "2026-12-05T10:00:00Z".into(),
            duration_minutes: Some(30),
            zone: Some("UTC".into()),
            confirm: true,
            ..InterviewNew::default()
        })
        .await?;
    story.daemon.rests().await?;
    let (looked, begun) = (looked_at(), Watch::now());
    let cancel = Reference::to(booked.interview.id.to_string());
    story.dana.interview_cancel(cancel.into()).await?;
    let deadline = begun + Duration::from_secs(30);
    while looked_at() == looked && Watch::now() < deadline {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    story.daemon.rests().await?;
    let woken = looked_at() - looked;
    println!(
        "one freed time has {woken} looked at, after {:?}  goal 2: {}",
        begun.elapsed(),
        verdict(woken <= 2)
    );
    Ok(())
}

/// How many say nothing yet.
async fn settling(story: &Story) -> Result<u64> {
    let mut query = OutreachQuery {
        limit: Some(1000),
        ..OutreachQuery::default()
    };
    let mut settling = 0;
    loop {
        let page = story.dana.outreach_list(query.clone()).await?;
        let is_settling = |state| state == OutreachState::Settling;
        let count = page.items.iter().filter(|it| is_settling(it.state)).count();
        settling += count as u64;
        match page.next {
            Some(next) => query.cursor = Some(next),
            None => return Ok(settling),
        }
    }
}

async fn office() -> Result<Story> {
    let sam = MemberAdd {
        name: "Sam Ito".into(),
        email: SAM.into(),
        zoom_email: None,
        zone: Some("UTC".into()),
        roles: Vec::new(),
        hiring_jobs: Vec::new(),
    };
    let builder = TestDaemon::builder().transport("sandbox").colleague(sam);
    let story = builder.job("Designer").connected(DANA).open().await?;
    story.daemon.hears_answers().await?;
    let members = story.dana.member_list().await?.items;
    let id = |email: &str| members.iter().find(|it| it.email == email).map(|it| it.id);
    let panel = PanelGroup {
        rule: PanelRule::AllOf,
        members: vec![id(SAM).context("no Sam")?],
    };
    let change = StageInterviewChange {
        ai: Edit::Set(true),
        approval: Edit::Set(Approval::Auto),
        zoom_user: Edit::Set(id(DANA).context("no Dana")?),
        duration_minutes: Edit::Set(30),
        panel: Edit::Set(vec![panel]),
        ..StageInterviewChange::default()
    };
    let configure = StageConfigure {
        stage: STAGE.into(),
        job: Some("Designer".into()),
        change: Some(change),
        ..StageConfigure::default()
    };
    story.dana.stage_configure(configure).await?;
    Ok(story)
}

fn row(number: usize) -> ImportRow {
    ImportRow {
        line: number as u64 + 1,
        candidate: CandidateAdd {
            name: format!("Candidate {number}"),
            email: format!("c{number}@mail.example"),
            zone: Some("Europe/Berlin".into()),
            job: Some("Designer".into()),
            stage: Some(STAGE.into()),
            ..CandidateAdd::default()
        },
    }
}
