//! `greenroom stage …`.

use clap::{Args, Subcommand};
use greenroom_protocol::Error;
use greenroom_protocol::id::{JobId, MemberId};
use greenroom_protocol::outreach::ShadowFigures;
use greenroom_protocol::page::Page;
use greenroom_protocol::pipeline::{self as wire, GuidanceRead, StageAdd, StageConfigure};
use greenroom_protocol::workspace::Member;

use super::host::described;
use super::paging::Paging;
use super::plan::Plan;
use super::session::Session;
use super::slots::{For, Search};
use crate::client::Client;
use crate::output::{Lines, Stop, Table};
use crate::typed::duration::written;
use crate::typed::{TypedNight, ask_for};
use crate::wording;

#[derive(Debug, Subcommand)]
pub(crate) enum Stage {
    /// List a job's stages in order
    List {
        /// Which job: title or ID
        #[arg(long)]
        job: String,
        #[command(flatten)]
        paging: Paging,
    },
    /// Add a stage to a job
    Add {
        /// Which job: title or ID
        job: String,
        /// The stage's name
        name: String,
        /// Its position, from 0 [default: last]
        #[arg(long, value_name = "N")]
        position: Option<u32>,
    },
    /// Show how a stage's interviews are scheduled
    Show {
        /// Which job: title or ID
        job: String,
        /// Which stage: name or ID
        stage: String,
    },
    /// List the times that suit a stage's panel, or explain one
    Preview(Box<Preview>),
    /// Rename a stage, or change how its interviews are scheduled; options not given stay unchanged
    #[command(visible_alias = "edit")]
    Configure(Box<Configure>),
}

#[derive(Debug, Args)]
pub(crate) struct Configure {
    /// Which job: title or ID
    job: String,
    /// Which stage: name or ID
    stage: String,
    /// Its new name
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    plan: Plan,
}

#[derive(Debug, Args)]
pub(crate) struct Preview {
    /// Which job: title or ID
    job: String,
    /// Which stage: name or ID
    stage: String,
    /// For this candidate: email, name or ID [default: anyone who enters the stage]
    #[arg(long)]
    candidate: Option<String>,
    #[command(flatten)]
    search: Search,
}

impl Stage {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        let stage = match self {
            Self::List { job, paging } => {
                let job = find_job(&client, &job).await?;
                let page = paging.part(Page::whole(job.stages))?;
                return session.output.list(&page, table);
            }
            Self::Add {
                job,
                name,
                position,
            } => {
                let add = StageAdd {
                    job,
                    name,
                    position,
                };
                client.stage_add(add).await?
            }
            Self::Show { job, stage } => {
                let (_, stage) = find(&client, &job, &stage).await?;
                let members = client.member_list().await?.items;
                let shown = lines(&stage).each("interviewers", panel(&stage, &members));
                return session.output.record(&stage, || shown);
            }
            Self::Preview(preview) => {
                let Preview {
                    job,
                    stage,
                    candidate,
                    search,
                } = *preview;
                let whom = For {
                    candidate,
                    job: Some(job),
                    stage: Some(stage),
                    interview: None,
                    guided: true,
                };
                return search.run(session, &client, whom).await;
            }
            Self::Configure(configure) => configure.run(&client).await?,
        };
        session.output.record(&stage, || lines(&stage))
    }
}

impl Configure {
    /// The changes are made to the plan that is there, and only if it still is.
    async fn run(self, client: &Client) -> Result<wire::Stage, Error> {
        if self.plan.is_empty() {
            let rename = StageConfigure {
                job: Some(self.job),
                stage: self.stage,
                name: self.name,
                ..StageConfigure::default()
            };
            return client.stage_configure(rename).await;
        }
        let (job, stage) = find(client, &self.job, &self.stage).await?;
        let members = client.member_list().await?.items;
        let request = StageConfigure {
            job: Some(job.to_string()),
            stage: stage.id.to_string(),
            name: self.name,
            expected_revision: Some(stage.revision),
            ..StageConfigure::default()
        };
        let wanted = self.plan.applied_to(stage.interview.clone(), &members)?;
        let protocol = client.hello().protocol;
        let request = ask_for(request, &stage.interview, wanted, protocol);
        client.stage_configure(request).await
    }
}

/// A job and one of its stages.
async fn find(client: &Client, job: &str, stage: &str) -> Result<(JobId, wire::Stage), Error> {
    let job = find_job(client, job).await?;
    let stage = pick("stage", stage, job.stages, |stage| {
        (stage.id.to_string(), &stage.name)
    })?;
    Ok((job.id, stage))
}

async fn find_job(client: &Client, job: &str) -> Result<wire::Job, Error> {
    let jobs = client.job_list().await?.items;
    pick("job", job, jobs, |job| (job.id.to_string(), &job.title))
}

/// The one record that `reference` means: its id or an ending of six characters of it, or its name.
pub(super) fn pick<T>(
    what: &str,
    reference: &str,
    records: Vec<T>,
    names: impl Fn(&T) -> (String, &str),
) -> Result<T, Error> {
    let wanted = reference.to_lowercase();
    let long_enough = wanted.len() >= greenroom_protocol::id::SHORTEST_ENDING;
    let mut matching: Vec<T> = records
        .into_iter()
        .filter(|record| {
            let (id, name) = names(record);
            name.to_lowercase() == wanted || id == wanted || (long_enough && id.ends_with(&wanted))
        })
        .collect();
    if matching.len() > 1 {
        let mut error = Error::not_found(format!("Several {what}s match `{reference}`"));
        let line = |record| {
            let (id, name) = names(record);
            format!("{name} ({id})")
        };
        error.matches = matching.iter().map(line).collect();
        return Err(error.hint("use its ID"));
    }
    matching
        .pop()
        .ok_or_else(|| Error::not_found(format!("There is no {what} `{reference}`")))
}

fn ai(stage: &wire::Stage) -> &'static str {
    if stage.interview.ai { "on" } else { "off" }
}

/// How the assistant's emails are sent.
fn approval(plan: &wire::StageInterview) -> &'static str {
    match (plan.approval_chosen, plan.approval) {
        (Some(false), _) => "not chosen",
        (_, wire::Approval::Auto) => "automatically",
        (_, wire::Approval::Draft) => "after approval",
        (_, wire::Approval::Shadow) => "watch only",
    }
}

/// What watching has shown, and what follows.
fn watched(figures: ShadowFigures) -> String {
    let words = wording::outreach::watched(figures);
    match wording::outreach::speaks_for_auto(figures) {
        true => format!("{words}; to send emails automatically: --approval auto"),
        false => words,
    }
}

/// The groups of the panel, a line each.
fn panel(stage: &wire::Stage, members: &[Member]) -> Vec<String> {
    let name = |id: &MemberId| {
        let found = members.iter().find(|member| member.id == *id);
        found.map_or_else(|| id.to_string(), |member| member.name.clone())
    };
    let group = |group: &wire::PanelGroup| {
        let rule = match group.rule {
            wire::PanelRule::AllOf => "all of",
            wire::PanelRule::AnyOf => "one of",
            wire::PanelRule::Optional => "optional",
        };
        let names: Vec<_> = group.members.iter().map(name).collect();
        format!("{rule} {}", names.join(", "))
    };
    stage.interview.panel.iter().map(group).collect()
}

fn table(stages: &[wire::Stage]) -> Table {
    let mut table = Table::new([
        "STAGE",
        "CANDIDATES",
        "DURATION",
        "AI",
        "ZOOM USER",
        "WARNINGS",
        "ID",
    ]);
    for stage in stages {
        table.row([
            stage.name.as_str(),
            &stage.candidates.to_string(),
            &written(stage.interview.duration_minutes),
            ai(stage),
            stage.host.as_ref().map_or("", |host| host.name.as_str()),
            &stage.warnings.join("; "),
            &stage.id.to_string(),
        ]);
    }
    table
}

fn lines(stage: &wire::Stage) -> Lines {
    let plan = &stage.interview;
    let guidance = |part: fn(&GuidanceRead) -> &Vec<String>| {
        let read = stage.guidance.as_ref().map(part);
        read.cloned().unwrap_or_default()
    };
    Lines::new()
        .line("stage", &stage.name)
        .line("candidates", stage.candidates.to_string())
        .line("AI scheduling", ai(stage))
        .maybe("emails", plan.ai.then(|| approval(plan)))
        .maybe("watched", stage.shadow.map(watched))
        .each("guidance", guidance(|it| &it.chips))
        .each("note only", guidance(|it| &it.notes))
        .line("duration", written(plan.duration_minutes))
        .line("panel", format!("{} groups", plan.panel.len()))
        .maybe("starts", plan.step_minutes.map(|step| starts(plan, step)))
        .maybe("night", plan.night.map(|it| TypedNight(it).to_string()))
        .maybe("per day", limit(Some(plan.daily_cap)))
        .maybe("per week", limit(plan.weekly_cap))
        .maybe("Zoom user", stage.host.as_ref().map(described))
        .each("warnings", stage.warnings.iter().cloned())
        .line("id", stage.id.to_string())
}

/// On which grid starts are offered.
fn starts(plan: &wire::StageInterview, step: u32) -> String {
    let zone = plan.zone.as_deref().unwrap_or("the workspace's time zone");
    format!("every {step} min, {zone}")
}

/// A limit of each interviewer, where there is one.
fn limit(most: Option<u32>) -> Option<String> {
    let most = most.filter(|most| *most > 0)?;
    Some(format!("at most {most} for each interviewer"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_mean_one_record_or_say_why_not() {
        let records = || {
            vec![
                ("job_01jd0abcdef", "Rust Engineer"),
                ("job_01jd0abcxyz", "Designer"),
            ]
        };
        let pick = |text| pick("job", text, records(), |job| (job.0.to_owned(), job.1));
        assert_eq!(pick("designer").unwrap().1, "Designer");
        assert_eq!(pick("abcdef").unwrap().1, "Rust Engineer");
        assert_eq!(pick("xyz").unwrap_err().message, "There is no job `xyz`");
        let twins = vec![("job_1", "Designer"), ("job_2", "designer")];
        let error = super::pick("job", "Designer", twins, |job| (job.0.to_owned(), job.1));
        assert_eq!(error.unwrap_err().matches.len(), 2);
    }
}
