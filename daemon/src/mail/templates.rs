//! Whose words an email has: the stage's own, else the workspace's, else the built-in ones.
//!
//! Invariant: there are always words. What is stored was checked when it was saved; where a later
//! version reads it as no template any more, the built-in words stand in and the reason is kept for
//! those who look after it.

use greenroom_protocol::id::StageId;
use greenroom_protocol::template::{TemplateName, TemplateSource};

use super::message::template::{Flaw, Template};
use crate::records::template::TemplateRecord;
use crate::store::{StoreError, Tx};

/// The words of an email, and where they come from.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// The words.
    pub template: Template,
    /// Whose they are.
    pub source: TemplateSource,
    /// Why what is stored is not used.
    pub flaw: Option<Flaw>,
}

/// The words of an email as it leaves, read in the transaction that writes it.
///
/// # Errors
/// The store can't be read.
pub async fn words(
    tx: &Tx,
    space: &str,
    name: TemplateName,
    stage: Option<StageId>,
) -> Result<Template, StoreError> {
    let Chosen { template, flaw, .. } = chosen(tx, space, name, stage).await?;
    if let Some(flaw) = flaw {
        tracing::warn!(workspace = space, template = %name, "the built-in words are used: {flaw}");
    }
    Ok(template)
}

/// The words of an email, for a stage or for all that have none of their own.
///
/// # Errors
/// The store can't be read.
pub async fn chosen(
    tx: &Tx,
    space: &str,
    name: TemplateName,
    stage: Option<StageId>,
) -> Result<Chosen, StoreError> {
    if let Some(stage) = stage
        && let Some(record) = TemplateRecord::read(tx, space, name, Some(stage)).await?
    {
        return Ok(of(name, &record, TemplateSource::Stage));
    }
    let record = TemplateRecord::read(tx, space, name, None).await?;
    Ok(match record {
        Some(record) => of(name, &record, TemplateSource::Workspace),
        None => Chosen {
            template: Template::built_in(name),
            source: TemplateSource::BuiltIn,
            flaw: None,
        },
    })
}

/// What is stored, or why it is no template and what stands in.
#[must_use]
pub fn of(name: TemplateName, record: &TemplateRecord, source: TemplateSource) -> Chosen {
    match Template::parse(name, &record.subject, &record.text) {
        Ok(template) => Chosen {
            template,
            source,
            flaw: None,
        },
        Err(flaw) => Chosen {
            template: Template::built_in(name),
            source: TemplateSource::BuiltIn,
            flaw: Some(flaw),
        },
    }
}
