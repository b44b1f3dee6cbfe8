//! How an email would read: for a candidate's next interview, or for an example.

use greenroom_protocol::Error;
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::template::{
    TemplateName, TemplatePreview, TemplatePreviewed, TemplateSource,
};

use super::{place, refused, stage};
use crate::access::RequestContext;
use crate::index::CandidateEntry;
use crate::interviews;
use crate::mail::message::template::{Example, Template};
use crate::mail::message::{Letter, Person};
use crate::mail::templates::{self, Chosen};
use crate::services::Services;

/// The job of an example, where the workspace has none.
const JOB: &str = "Backend Engineer";

/// An email in stored words, or in some that are not saved yet. Nothing is sent.
pub async fn preview(
    services: &Services,
    context: &RequestContext,
    request: TemplatePreview,
) -> Result<TemplatePreviewed, Error> {
    let name = request.template.name;
    let stage = stage(services, context, &request.template)?;
    let space = context.space();
    let (
        Chosen {
            template, source, ..
        },
        _,
    ) = services
        .store
        .transact(|tx| {
            let space = &space;
            async move { templates::chosen(&tx, space, name, stage).await }
        })
        .await?;
    let (template, source) = match (&request.subject, &request.text) {
        (None, None) => (template, source),
        (subject, text) => {
            let subject = subject.as_ref().unwrap_or(&template.words().subject);
            let text = text.as_ref().unwrap_or(&template.words().text);
            let own = Template::parse(name, subject, text).map_err(|it| refused(&it))?;
            let source = match stage {
                Some(_) => TemplateSource::Stage,
                None => TemplateSource::Workspace,
            };
            (own, source)
        }
    };
    let candidate = request.candidate.as_deref().map(|text| {
        let found = services.index.candidate_named(context, text);
        found.map_err(|error| Error::from(error).field("candidate"))
    });
    let candidate = candidate.transpose()?;
    let now = services.clock.now();
    let next = candidate
        .as_ref()
        .and_then(|it| services.index.next_interview(context.workspace, it.id, now))
        .filter(|id| interviews::sees(services, context, *id));
    let real = match next {
        Some(id) => of_interview(services, context, id, template.clone()).await?,
        None => None,
    };
    let (letter, example) = match real {
        Some(letter) => (letter, None),
        None => {
            let what = made_up(name, candidate.as_ref());
            let example = example(services, context, &request, candidate)?;
            (example.letter(template), Some(what))
        }
    };
    Ok(TemplatePreviewed {
        letter: interviews::written(services, context, &letter)?,
        source,
        example,
    })
}

async fn of_interview(
    services: &Services,
    context: &RequestContext,
    id: InterviewId,
    template: Template,
) -> Result<Option<Letter>, Error> {
    let (now, workspace) = (services.clock.now(), context.workspace);
    let (letter, _) = services
        .store
        .transact(|tx| {
            let template = template.clone();
            async move { interviews::in_words(&tx, workspace, id, template, now).await }
        })
        .await?;
    Ok(letter)
}

/// What of a preview is not real.
fn made_up(name: TemplateName, candidate: Option<&CandidateEntry>) -> String {
    let what = match name {
        TemplateName::Rejected | TemplateName::Withdrawn | TemplateName::OnHold => {
            return match candidate {
                Some(_) => "Nothing is sent".to_owned(),
                None => "The candidate is an example".to_owned(),
            };
        }
        TemplateName::Invitation
        | TemplateName::Update
        | TemplateName::Cancellation
        | TemplateName::Reminder
        | TemplateName::NoReplyReminder => "interview",
        _ => "times",
    };
    match (candidate, what) {
        (None, _) => "Shown with example data".to_owned(),
        (Some(it), "interview") => {
            format!(
                "{} has no upcoming interview: this one is an example",
                it.name
            )
        }
        (Some(_), _) => "The times are an example".to_owned(),
    }
}

fn example(
    services: &Services,
    context: &RequestContext,
    request: &TemplatePreview,
    candidate: Option<CandidateEntry>,
) -> Result<Example, Error> {
    let (index, workspace) = (&services.index, context.workspace);
    let stage = stage(services, context, &request.template)?;
    let stage = stage.and_then(|stage| place(services, context, stage));
    let of_theirs = candidate.as_ref().and_then(|it| it.applications.first());
    let of_theirs = of_theirs.and_then(|it| index.job(workspace, it.job));
    let any = || index.jobs(workspace).into_iter().find(|it| it.record.open);
    let job = match &stage {
        Some(stage) => stage.job_title.clone(),
        None => of_theirs
            .or_else(any)
            .map_or_else(|| JOB.to_owned(), |row| row.record.title.clone()),
    };
    let organizer = context.me().map(|me| Person {
        name: me.brief.name.clone(),
        address: me.brief.email.clone(),
    });
    let organizer = organizer.ok_or_else(|| Error::denied("Only a member can preview emails"))?;
    let here = index.workspace(workspace);
    Ok(Example {
        workspace: here.map(|row| row.record.name.clone()).unwrap_or_default(),
        job,
        stage: stage.map_or_else(|| "Onsite".to_owned(), |it| it.name),
        organizer,
        zone: context.me().map(|me| me.zone.clone()).unwrap_or_default(),
        candidate: candidate.map(|it| {
            let person = Person {
                name: it.name,
                address: it.email,
            };
            (person, it.zone.unwrap_or_else(|| "UTC".to_owned()))
        }),
        assistant: services.config.assistant.name.clone(),
        now: services.clock.now(),
    })
}
