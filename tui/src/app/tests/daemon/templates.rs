//! The words of emails: built in, or the workspace's own for an invitation.

use greenroom_protocol::page::Page;
use greenroom_protocol::template::{
    Template, TemplateBrief, TemplateEdit, TemplateName, TemplatePreviewed, TemplateQuery,
    TemplateSource, TemplateVariable,
};

use super::records;

/// Own words of the invitation, if there are any.
#[derive(Default)]
pub(super) struct Words(Option<(String, String)>);

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
        Page::whole(TemplateName::ALL.into_iter().map(brief).collect())
    }

    pub(super) fn show(&self, query: &TemplateQuery) -> Template {
        let name = query.name;
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
            stage: None,
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
        self.0 = edit.subject.zip(edit.text);
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
