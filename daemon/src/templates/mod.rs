//! A workspace's own words for its emails: listed, shown, changed and previewed.
//!
//! Invariant: nothing is stored that is not a template; what is stored takes effect with the next
//! email that is written, because an email is written as it leaves. Forgetting a stage's words
//! brings back the workspace's, and forgetting those the built-in ones. Must not write an email
//! itself: [`crate::mail::message::template`] has the words and what stands in them.

mod preview;

use greenroom_protocol::Error;
use greenroom_protocol::id::StageId;
use greenroom_protocol::page::{DEFAULT_LIMIT, MOST, Page};
use greenroom_protocol::status::FlawedTemplate;
use greenroom_protocol::template::{
    Template as Wire, TemplateBrief, TemplateEdit, TemplateListQuery, TemplateName, TemplateQuery,
    TemplateSource, TemplateStage,
};

pub use self::preview::preview;
use crate::access::RequestContext;
use crate::mail::message::template::{Flaw, Template, Variable};
use crate::mail::templates::{self, Chosen};
use crate::records::template::TemplateRecord;
use crate::services::Services;
use crate::store::{Stored, Tx};

/// Records read at a time.
const STRIDE: usize = 200;

/// Stored words, and for which email and stage.
struct Kept {
    name: TemplateName,
    stage: Option<StageId>,
    revision: u64,
    record: TemplateRecord,
}

/// Every template: the workspace's, built in or not, and below each those of stages.
pub async fn list(
    services: &Services,
    context: &RequestContext,
    query: TemplateListQuery,
) -> Result<Page<TemplateBrief>, Error> {
    let mut all = Vec::new();
    let kept = kept(services, context).await?;
    for name in TemplateName::ALL {
        let of_all = kept.iter().find(|it| it.name == name && it.stage.is_none());
        all.push((TemplateRecord::id(name, None), brief(name, None, of_all)));
        let mut of_stages: Vec<_> = kept
            .iter()
            .filter(|it| it.name == name)
            .filter_map(|it| Some((place(services, context, it.stage?)?, it)))
            .collect();
        of_stages.sort_by(|(a, _), (b, _)| (&a.job_title, &a.name).cmp(&(&b.job_title, &b.name)));
        for (stage, it) in of_stages {
            let id = TemplateRecord::id(name, it.stage);
            all.push((id, brief(name, Some(stage), Some(it))));
        }
    }
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MOST) as usize;
    let total = all.len() as u64;
    let from = match &query.cursor {
        None => 0,
        Some(cursor) => {
            let last = all.iter().position(|(id, _)| id == cursor);
            let unknown = || Error::usage("The cursor is not from this list").field("cursor");
            last.ok_or_else(unknown)? + 1
        }
    };
    let more = all.len() > from + limit;
    let items: Vec<_> = all.into_iter().skip(from).take(limit).collect();
    let next = items.last().filter(|_| more).map(|(id, _)| id.clone());
    Ok(Page {
        items: items.into_iter().map(|(_, brief)| brief).collect(),
        total,
        next,
    })
}

/// One template, as emails have it.
pub async fn show(
    services: &Services,
    context: &RequestContext,
    query: TemplateQuery,
) -> Result<Wire, Error> {
    let stage = stage(services, context, &query)?;
    let (space, name) = (context.space(), query.name);
    let ((chosen, kept), _) = services
        .store
        .transact(|tx| {
            let space = &space;
            async move {
                let id = TemplateRecord::id(name, stage);
                let revision = tx.revision_of::<TemplateRecord>(space, &id).await?;
                let record = TemplateRecord::read(&tx, space, name, stage).await?;
                let chosen = templates::chosen(&tx, space, name, stage).await?;
                Ok::<_, Error>((chosen, revision.zip(record)))
            }
        })
        .await?;
    let Chosen {
        template,
        source,
        flaw,
    } = chosen;
    Ok(Wire {
        name,
        stage: stage.and_then(|stage| place(services, context, stage)),
        purpose: name.purpose().to_owned(),
        subject: template.words().subject.clone(),
        text: template.words().text.clone(),
        source,
        variables: Variable::of(name).iter().map(|it| it.shown(name)).collect(),
        problem: flaw.map(|flaw| flaw.to_string()),
        revision: kept.as_ref().map_or(0, |(revision, _)| revision.0),
        changed_at: kept.map(|(_, record)| record.changed_at),
    })
}

/// Gives an email other words, or forgets the workspace's or a stage's own.
pub async fn edit(
    services: &Services,
    context: &RequestContext,
    request: TemplateEdit,
) -> Result<Wire, Error> {
    if request.reset == (request.subject.is_some() || request.text.is_some()) {
        let why = "Give a subject or a text, or reset both";
        return Err(Error::usage(why).field("text"));
    }
    let stage = stage(services, context, &request.template)?;
    let name = request.template.name;
    let (space, id) = (context.space(), TemplateRecord::id(name, stage));
    services
        .store
        .transact(|tx| {
            let (space, id, request) = (&space, &id, &request);
            async move {
                expected(&tx, space, id, request.expected_revision).await?;
                let stored = tx.get::<TemplateRecord>(space, id).await?;
                let now = services.clock.now();
                if request.reset {
                    if stored.is_none() || request.dry_run {
                        return Ok(());
                    }
                    tx.delete::<TemplateRecord>(space, id)?;
                    context.audit(&tx, now, id, &["reset"], &[])?;
                    return Ok(());
                }
                let before = templates::chosen(&tx, space, name, stage).await?.template;
                let subject = request.subject.as_ref().unwrap_or(&before.words().subject);
                let text = request.text.as_ref().unwrap_or(&before.words().text);
                let template = Template::parse(name, subject, text).map_err(|it| refused(&it))?;
                // Saved as they are already: no revision, and nothing to tell anybody.
                if template.words() == before.words() || request.dry_run {
                    return Ok(());
                }
                let fields = [
                    (
                        "subject",
                        template.words().subject != before.words().subject,
                    ),
                    ("text", template.words().text != before.words().text),
                ];
                let fields = fields.iter().filter(|(_, changed)| *changed);
                let fields: Vec<_> = fields.map(|(field, _)| *field).collect();
                let record = TemplateRecord {
                    subject: template.words().subject.clone(),
                    text: template.words().text.clone(),
                    changed_at: now,
                    changed_by: context.actor(),
                };
                tx.put(space, id, &record)?;
                context.audit(&tx, now, id, &fields, &[])?;
                Ok::<_, Error>(())
            }
        })
        .await?;
    show(services, context, request.template).await
}

/// Stored words that are no template for this version, each with why: the built-in ones stand in.
///
/// # Errors
/// The store can't be read.
pub async fn flawed(
    services: &Services,
    context: &RequestContext,
) -> Result<Vec<FlawedTemplate>, Error> {
    let kept = kept(services, context).await?.into_iter();
    let flaw = |it: Kept| {
        let flaw = templates::of(it.name, &it.record, TemplateSource::Workspace).flaw?;
        Some(FlawedTemplate {
            name: it.name,
            stage: it.stage,
            why: flaw.to_string(),
        })
    };
    Ok(kept.filter_map(flaw).collect())
}

/// Everything stored, in the order of its ids.
async fn kept(services: &Services, context: &RequestContext) -> Result<Vec<Kept>, Error> {
    let (space, mut after) = (context.space(), None);
    let mut all = Vec::new();
    loop {
        let page = services
            .store
            .scan::<TemplateRecord>(&space, after.as_deref(), STRIDE)
            .await?;
        after = page.rows.last().map(|(id, _)| id.clone());
        let read = |(id, stored): (String, Stored<TemplateRecord>)| {
            let (name, stage) = TemplateRecord::parts(&id)?;
            Some(Kept {
                name,
                stage,
                revision: stored.revision.0,
                record: stored.record,
            })
        };
        all.extend(page.rows.into_iter().filter_map(read));
        if !page.more {
            return Ok(all);
        }
    }
}

fn brief(name: TemplateName, stage: Option<TemplateStage>, kept: Option<&Kept>) -> TemplateBrief {
    let source = match stage {
        Some(_) => TemplateSource::Stage,
        None => TemplateSource::Workspace,
    };
    let Chosen {
        template,
        source,
        flaw,
    } = match kept {
        Some(kept) => templates::of(name, &kept.record, source),
        None => Chosen {
            template: Template::built_in(name),
            source: TemplateSource::BuiltIn,
            flaw: None,
        },
    };
    TemplateBrief {
        name,
        stage,
        purpose: name.purpose().to_owned(),
        subject: template.words().subject.clone(),
        source,
        problem: flaw.map(|flaw| flaw.to_string()),
        revision: kept.map_or(0, |it| it.revision),
    }
}

/// A stage by name; `None` where it is gone, and its words with it.
fn place(services: &Services, context: &RequestContext, id: StageId) -> Option<TemplateStage> {
    let stage = services.index.stage(context.workspace, id)?.record;
    let job = services.index.job(context.workspace, stage.job)?.record;
    Some(TemplateStage {
        id,
        name: stage.name.clone(),
        job: stage.job,
        job_title: job.title.clone(),
    })
}

fn stage(
    services: &Services,
    context: &RequestContext,
    query: &TemplateQuery,
) -> Result<Option<StageId>, Error> {
    let Some(stage) = &query.stage else {
        return match &query.job {
            Some(_) => Err(Error::usage("Name the stage too").field("stage")),
            None => Ok(None),
        };
    };
    let job = query.job.as_deref().map(|text| {
        let found = services.index.find_job(context.workspace, text);
        found.map_err(|error| Error::from(error).field("job"))
    });
    let found = services
        .index
        .find_stage(context.workspace, job.transpose()?, stage);
    Ok(Some(
        found.map_err(|error| Error::from(error).field("stage"))?,
    ))
}

/// Refuses words that somebody else changed since; 0 expects none to be stored.
async fn expected(tx: &Tx, space: &str, id: &str, expected: Option<u64>) -> Result<(), Error> {
    let Some(expected) = expected else {
        return Ok(());
    };
    let revision = tx.revision_of::<TemplateRecord>(space, id).await?;
    match revision.map_or(0, |revision| revision.0) == expected {
        true => Ok(()),
        false => Err(Error::conflict("The template was changed by someone else")
            .hint("look at it again, then decide")),
    }
}

fn refused(flaw: &Flaw) -> Error {
    let error = Error::usage(flaw.to_string()).field(flaw.part().field());
    match flaw.hint() {
        Some(hint) => error.hint(hint),
        None => error,
    }
}
