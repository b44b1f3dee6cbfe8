//! The words of emails: built in, or the workspace's own for an invitation, or those of one stage.

use greenroom_protocol::page::Page;
use greenroom_protocol::template::{
    Template, TemplateBrief, TemplateEdit, TemplateName, TemplatePreviewed, TemplateQuery,
    TemplateSource, TemplateStage, TemplateVariable,
};

use super::records;

/// Own words of the invitation, if there are any, and those of one stage.
#[derive(Default)]
pub(super) struct Words(Option<(String, String)>, Option<Template>);

impl Words {
    pub(super) fn list(&self) -> Page<TemplateBrief> {
        let brief = |name: TemplateName| {
            let query = TemplateQuery {
                name,
                ..TemplateQuery::default()
            };
            let template = self.show(&query);
            TemplateBrief {
                name,
                stage: None,
                purpose: template.purpose,
                subject: template.subject,
                source: template.source,
                problem: None,
                revision: template.revision,
            }
        };
        let mut all: Vec<_> = TemplateName::ALL.into_iter().map(brief).collect();
        if let Some(own) = &self.1 {
            let of_stage = TemplateBrief {
                stage: own.stage.clone(),
                subject: own.subject.clone(),
                source: TemplateSource::Stage,
                ..all[0].clone()
            };
            all.insert(1, of_stage);
        }
        Page::whole(all)
    }

    pub(super) fn show(&self, query: &TemplateQuery) -> Template {
        let name = query.name;
        let of_stage = self.1.clone();
        let is_its = |it: &Template| it.stage.as_ref().map(|it| it.id.to_string()) == query.stage;
        if let Some(own) = of_stage.filter(is_its) {
            return own;
        }
        let own = self.0.clone().filter(|_| name == TemplateName::Invitation);
        let source = match own {
            Some(_) => TemplateSource::Workspace,
            None => TemplateSource::BuiltIn,
        };
        let revision = u64::from(own.is_some()) * 7;
        let (subject, text) = own.unwrap_or_else(|| {
            let subject = "Interview for {{job}} at {{workspace}}, {{when_short}}";
            (subject.into(), "{{greeting}}\n\n{{details}}".into())
        });
        let variables = ["greeting", "candidate", "job", "workspace", "details"];
        let variable = |name: &str| TemplateVariable {
            name: name.into(),
            meaning: String::new(),
            block: name == "details",
            required: false,
        };
        Template {
            name,
            stage: query.stage.as_deref().map(stage),
            purpose: name.purpose().into(),
            subject,
            text,
            source,
            variables: variables.into_iter().map(variable).collect(),
            problem: None,
            revision,
            changed_at: None,
        }
    }

    pub(super) fn edit(&mut self, edit: TemplateEdit) -> Template {
        let words = edit.subject.zip(edit.text);
        if edit.template.stage.is_none() {
            self.0 = words;
            return self.show(&edit.template);
        }
        self.1 = None;
        let before = self.show(&edit.template);
        self.1 = words.map(|(subject, text)| Template {
            subject,
            text,
            source: TemplateSource::Stage,
            revision: 9,
            ..before
        });
        self.show(&edit.template)
    }

    pub(super) fn preview(&self) -> TemplatePreviewed {
        TemplatePreviewed {
            letter: records::written(),
            source: TemplateSource::BuiltIn,
            example: Some("Shown with example data".into()),
        }
    }
}

fn stage(id: &str) -> TemplateStage {
    let jobs = records::jobs();
    let found = jobs.iter().find_map(|job| {
        let mut stages = job.stages.iter();
        let stage = stages.find(|it| it.id.to_string() == id)?;
        Some((job, stage))
    });
    let (job, stage) = found.unwrap();
    TemplateStage {
        id: stage.id,
        job: job.id,
        job_title: job.title.clone(),
        name: stage.name.clone(),
    }
}
