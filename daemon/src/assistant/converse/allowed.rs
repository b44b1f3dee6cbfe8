//! Who may ask the assistant.
//!
//! Owns the one rule: hiring managers of a job or more, each for their jobs. Others read who can.

use greenroom_protocol::Error;
use greenroom_protocol::id::JobId;
use greenroom_protocol::workspace::Role;

use crate::access::{Person, RequestContext};
use crate::services::Services;

/// The most hiring managers that are named.
const MOST_NAMED: usize = 10;

/// The caller, who is hiring manager of a job.
pub(super) fn hiring_manager<'a>(
    services: &Services,
    context: &'a RequestContext,
) -> Result<&'a Person, Error> {
    let me = context.member()?;
    match me.roles.contains(&Role::HiringManager) && !me.hiring_jobs.is_empty() {
        true => Ok(me),
        false => Err(refused(services, context, None)),
    }
}

/// Refuses unless the caller is hiring manager of this job.
pub(super) fn of_job(
    services: &Services,
    context: &RequestContext,
    job: JobId,
) -> Result<(), Error> {
    let me = context.member()?;
    match me.roles.contains(&Role::HiringManager) && me.hiring_jobs.contains(&job) {
        true => Ok(()),
        false => Err(refused(services, context, Some(job))),
    }
}

fn refused(services: &Services, context: &RequestContext, job: Option<JobId>) -> Error {
    let (index, ws) = (&services.index, context.workspace);
    let title = |job: &JobId| index.job(ws, *job).map(|row| row.record.title.clone());
    let why = match job.as_ref().and_then(title) {
        Some(title) => {
            format!("Only a hiring manager of {title} can ask the assistant about its candidates")
        }
        None => "Only a hiring manager of a job can ask the assistant".to_owned(),
    };
    let address = context.me().map_or("EMAIL", |me| me.brief.email.as_str());
    let hint = format!(
        "ask one of them, or have an admin run `greenroom member edit {address} --role hiring-manager --hiring-job JOB`"
    );
    let mut error = Error::denied(why).hint(hint);
    for row in index.members(ws) {
        let jobs = row.record.hiring_jobs.iter();
        let jobs = jobs.filter(|it| job.is_none_or(|job| job == **it));
        let jobs: Vec<String> = jobs.filter_map(title).collect();
        let can = row.record.roles.contains(&Role::HiringManager) && !jobs.is_empty();
        if can && error.matches.len() < MOST_NAMED {
            let line = format!(
                "{}, {}: {}",
                row.record.name,
                row.record.email,
                jobs.join(", ")
            );
            error.matches.push(line);
        }
    }
    error
}
