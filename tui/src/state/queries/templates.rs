//! What is asked about the words of emails.

use greenroom_protocol::Error;
use greenroom_protocol::page::{MOST, Page};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::template::{
    Template, TemplateBrief, TemplateListQuery, TemplateName, TemplateQuery,
};
use greenroom_protocol::time::Instant;

use crate::state::query::Query;

const TABLES: &[&str] = &["template", "stage", "job"];

/// The first protocol that knows templates.
pub(crate) const TEMPLATES_SINCE: u32 = 3;

/// Every template: the workspace's, and those of stages.
#[derive(Debug)]
pub(crate) struct Templates;

impl Query for Templates {
    type Key = ();
    type Answer = Page<TemplateBrief>;
    const TABLES: &'static [&'static str] = TABLES;
    const SINCE: u32 = TEMPLATES_SINCE;

    fn request(_: &(), _: Instant) -> Q {
        Q::TemplateList {
            query: TemplateListQuery {
                cursor: None,
                limit: Some(MOST),
            },
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::TemplateList(it) => Some(it),
            _ => None,
        }
    }
}

/// One template, whole: by its name and its stage's id.
#[derive(Debug)]
pub(crate) struct OneTemplate;

impl Query for OneTemplate {
    type Key = (TemplateName, Option<String>);
    type Answer = Template;
    const TABLES: &'static [&'static str] = TABLES;
    const SINCE: u32 = TEMPLATES_SINCE;

    fn request((name, stage): &Self::Key, _: Instant) -> Q {
        Q::TemplateShow {
            template: TemplateQuery {
                name: *name,
                stage: stage.clone(),
                job: None,
            },
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::TemplateShow(it) => Some(it),
            _ => None,
        }
    }
}
