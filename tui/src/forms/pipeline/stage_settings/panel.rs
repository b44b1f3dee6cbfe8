//! The panel of a stage as fields: a field for each group, in which its rule and its people are
//! changed in place.
//!
//! Invariant: a group nobody changed is sent as it is stored, people who left included.

use greenroom_protocol::pipeline::{PanelGroup, PanelRule, StageInterview};

use super::Name;
use crate::forms::fill::{members, repick};
use crate::forms::sheet::{Entry, Field, Sheet};
use crate::state::State;
use crate::widgets::MultiSelect;

/// The rules a group can have, with their labels. Each has a field to make a group of it, too.
const RULES: [(PanelRule, &str); 3] = [
    (PanelRule::AllOf, "All of"),
    (PanelRule::AnyOf, "One of"),
    (PanelRule::Optional, "Optional"),
];

/// Said beside the group that has the focus.
const TURNS: &str = "←→ all of, one of, optional";

/// Where the fields of new groups begin; those of the stored panel come before.
const NEW: u8 = 200;

/// A field for each group of the panel, in its order, and one for a new group of each rule. A rule
/// whose only new group would say the same as one that is there has none.
pub(super) fn fields(state: &State, plan: &StageInterview) -> Vec<(Name, Field)> {
    let field = |number: u8, rule: PanelRule, ids: Vec<String>| {
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let place = RULES.iter().position(|(it, _)| *it == rule);
        let place = place.unwrap_or_default();
        let members = MultiSelect::new(members(state, false), &ids);
        let members = members.in_way(place, RULES.len());
        let field = Field::new(RULES[place].1, Entry::MultiSelect(members));
        (Name::Group(number), field)
    };
    let stored = plan.panel.iter().zip(0..NEW).map(|(group, number)| {
        let ids = group.members.iter().map(ToString::to_string);
        field(number, group.rule, ids.collect())
    });
    let mut fields: Vec<_> = stored.collect();
    for (number, (rule, _)) in (NEW..).zip(RULES) {
        let is_there = plan.panel.iter().any(|group| group.rule == rule);
        if rule == PanelRule::AnyOf || !is_there {
            fields.push(field(number, rule, Vec::new()));
        }
    }
    fields
}

/// Brings the people to choose from up to date, and what each group is called.
pub(super) fn refresh(sheet: &mut Sheet<Name>, state: &State) {
    for name in sheet.names().to_vec() {
        if !matches!(name, Name::Group(_)) {
            continue;
        }
        repick(sheet, name, members(state, false));
        let (_, label) = rule(sheet, name);
        let is_here = sheet.is_on(name) && !sheet.is_open();
        if let Some(field) = sheet.field_mut(name) {
            field.label = label;
            field.aside = is_here.then(|| TURNS.to_owned());
        }
    }
}

/// The rule of a group as it stands in its field, with its label.
fn rule(sheet: &Sheet<Name>, name: Name) -> (PanelRule, &'static str) {
    RULES[sheet.way(name).unwrap_or_default().min(RULES.len() - 1)]
}

/// The panel: a stored group as it is, unless it was changed; emptied ones go, new ones come last.
pub(super) fn panel(sheet: &Sheet<Name>, stored: &StageInterview) -> Vec<PanelGroup> {
    let typed = |name: Name| {
        let ids = sheet.taken(name).iter();
        PanelGroup {
            rule: rule(sheet, name).0,
            members: ids.filter_map(|id| id.parse().ok()).collect(),
        }
    };
    let mut panel = Vec::new();
    for (group, number) in stored.panel.iter().zip(0..NEW) {
        let name = Name::Group(number);
        let changed = sheet.is_changed(name).then(|| typed(name));
        match changed {
            None => panel.push(group.clone()),
            Some(changed) if changed.members.is_empty() => {}
            Some(changed) => panel.push(changed),
        }
    }
    // More groups than have a field are stored as they are.
    panel.extend(stored.panel.iter().skip(usize::from(NEW)).cloned());
    for (number, _) in (NEW..).zip(RULES) {
        let new = typed(Name::Group(number));
        if !new.members.is_empty() {
            panel.push(new);
        }
    }
    panel
}
