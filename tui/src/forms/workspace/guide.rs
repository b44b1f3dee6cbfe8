//! Fields with which somebody makes an app elsewhere: what to open, what to copy, and what to do with
//! it, each step beside what it has to do with.

use greenroom_protocol::setting_up::{AppGuide, GuideField};

use crate::forms::sheet::{Entry, Field, Note, Sheet};
use crate::widgets::Copied;

/// A field whose value is copied, empty until the guide is known.
pub(super) fn copied(label: &'static str) -> Field {
    let mut field = Field::new(label, Entry::Copied(Copied::text("")));
    field.shown = false;
    field
}

/// Fills a field from the guide and says its steps beside it; what was refused there stays.
pub(super) fn fill<N: Copy + PartialEq>(
    sheet: &mut Sheet<N>,
    name: N,
    guide: &AppGuide,
    about: GuideField,
    also: Option<Note>,
) {
    let value = value(guide, about);
    let shown = value.is_some() || !is_copied(about);
    let scopes = (about == GuideField::Scopes).then(|| guide.scopes.join(", "));
    let hints = steps(guide, about).into_iter().chain(scopes);
    let hints = hints.map(Note::Hint);
    let Some(field) = sheet.field_mut(name) else {
        return;
    };
    if let Some(value) = value {
        field.entry = Entry::Copied(value);
    }
    let refused = field.notes.drain(..).filter(|note| !note.is_no_error());
    let notes: Vec<Note> = refused.chain(also).chain(hints).collect();
    field.notes = notes;
    sheet.show(name, shown);
}

fn is_copied(about: GuideField) -> bool {
    matches!(
        about,
        GuideField::Link | GuideField::RedirectUri | GuideField::Scopes
    )
}

fn value(guide: &AppGuide, about: GuideField) -> Option<Copied> {
    match about {
        GuideField::Link => Some(Copied::address(&guide.link)),
        GuideField::RedirectUri => guide.redirect_uri.as_deref().map(Copied::text),
        GuideField::Scopes => Some(Copied::all(&guide.scopes, "scopes")),
        GuideField::ClientId | GuideField::ClientSecret | GuideField::Tenant => None,
    }
}

/// The steps that have to do with a field, numbered: its own, and those after it that have to do with
/// none.
fn steps(guide: &AppGuide, about: GuideField) -> Vec<String> {
    let mut its = Vec::new();
    let mut last = None;
    for (number, step) in (1..).zip(&guide.steps) {
        last = step.about.or(last);
        if last == Some(about) {
            its.push(format!("{number}. {}", step.text));
        }
    }
    its
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::setting_up::{AppKind, GuideStep};

    use super::*;

    #[test]
    fn every_step_stands_beside_one_field() {
        let step = |text: &str, about| GuideStep {
            text: text.to_owned(),
            about,
        };
        let guide = AppGuide {
            app: AppKind::Zoom,
            link: "https://zoom.example/".into(),
            steps: vec![
                step("Open it.", Some(GuideField::Link)),
                step("Turn it on.", None),
                step("Copy it.", Some(GuideField::ClientId)),
            ],
            redirect_uri: None,
            scopes: Vec::new(),
            client_id: None,
            from_configuration: false,
            subject: String::new(),
            text: String::new(),
            sent: false,
            dry_run: true,
        };
        let of = |about| steps(&guide, about);
        assert_eq!(of(GuideField::Link), ["1. Open it.", "2. Turn it on."]);
        assert_eq!(of(GuideField::ClientId), ["3. Copy it."]);
        assert_eq!(of(GuideField::Tenant), [""; 0]);
    }
}
