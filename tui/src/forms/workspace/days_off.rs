//! A list of days off: its days, what each is, and for whom.

use greenroom_protocol::Error;
use greenroom_protocol::availability::{self as wire, DaysOffAction, DaysOffEdit};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};

use crate::forms::fill::{line, members, needed, repick};
use crate::forms::sheet::{Entry, Field, Sheet};
use crate::forms::{About, Answered, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::state::undo::{SavedBack, Undo};
use crate::typed::hours;
use crate::widgets::MultiSelect;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    List,
    Days,
    Members,
}

#[derive(Debug)]
pub(crate) struct DaysOff {
    /// What it is about is known, and in the fields.
    loaded: bool,
    /// The list as it was when it was sent; `None`: there was none.
    before: Option<wire::DaysOff>,
}

impl FormType for DaysOff {
    type Name = Name;

    const DOING: &'static str = "saving the days off";

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let empty = Sheet::new(Vec::new());
        let mut form = Frame::new(
            subject,
            "New days off",
            "Save",
            empty,
            Self {
                loaded: false,
                before: None,
            },
        );
        if subject.is_empty() {
            form.sheet = Sheet::new(fields(state, None));
            form.own.loaded = true;
        }
        Self::refresh(&mut form, state);
        form
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        if let Some(known) = find(state, &form.subject).filter(|_| !form.own.loaded) {
            form.title.clone_from(&known.name);
            form.sheet = Sheet::new(fields(state, Some(known)));
            form.revision = Some(known.revision);
            form.own.loaded = true;
        }
        repick(&mut form.sheet, Name::Members, members(state, false));
    }

    fn about(_form: &Frame<Self>) -> About {
        About {
            days_off: true,
            ..About::default()
        }
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "days_off" => Name::List,
            "days" => Name::Days,
            "members" => Name::Members,
            _ => return None,
        })
    }

    fn send(form: &mut Frame<Self>, state: &State) -> Option<Send> {
        if !form.own.loaded {
            return None;
        }
        let is_new = form.subject.is_empty();
        let sheet = &mut form.sheet;
        let name = match is_new {
            true => needed(sheet, Name::List, "Enter a name"),
            false => Some(form.subject.clone()),
        };
        let days = hours::days_off(sheet.text(Name::Days));
        let days = days.map_err(|why| sheet.refuse(Name::Days, &why)).ok();
        if is_new && days.as_ref().is_some_and(Vec::is_empty) {
            sheet.refuse(Name::Days, "Enter at least one date");
            return None;
        }
        let (name, days) = (name?, days?);
        form.own.before = named(state, &name).cloned();
        let action = match (is_new, days.is_empty()) {
            // A list of this name that is there already grows.
            (true, _) => DaysOffAction::Add,
            (false, true) => DaysOffAction::Remove,
            (false, false) => DaysOffAction::Import,
        };
        let members = sheet.taken(Name::Members).to_vec();
        let members = Some(members).filter(|_| sheet.is_changed(Name::Members));
        let edit = DaysOffEdit {
            days_off: name,
            action,
            days,
            members,
            expected_revision: form.revision,
            dry_run: false,
        };
        Some(Send::Call(Box::new(Q::DaysOffEdit { edit })))
    }

    fn answered(form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::DaysOffEdit(done) = reply else {
            return Err(unexpected());
        };
        let edited = done?;
        let name = &edited.days_off.name;
        let words = match edited.gone {
            true => format!("{name} removed"),
            false => format!("{name} saved"),
        };
        let undo = Undo::Saved {
            name: name.clone(),
            call: Box::new(SavedBack::DaysOff(back(form.own.before.as_ref(), &edited))),
        };
        Ok(Answered::Undoable(words, undo))
    }
}

/// What makes a list as it was before, unless somebody changed it since: one that was not there is
/// removed, and one that was removed is made again.
fn back(before: Option<&wire::DaysOff>, edited: &wire::DaysOffEdited) -> DaysOffEdit {
    let now = &edited.days_off;
    let expected_revision = (!edited.gone).then_some(now.revision);
    let Some(before) = before else {
        return DaysOffEdit {
            days_off: now.id.clone(),
            action: DaysOffAction::Remove,
            days: Vec::new(),
            members: None,
            expected_revision,
            dry_run: false,
        };
    };
    let reference = match edited.gone {
        true => before.name.clone(),
        false => before.id.clone(),
    };
    let members = before.members.iter().map(|it| it.id.to_string());
    DaysOffEdit {
        days_off: reference,
        action: DaysOffAction::Import,
        days: before.days.clone(),
        members: Some(members.collect()),
        expected_revision,
        dry_run: false,
    }
}

fn fields(state: &State, known: Option<&wire::DaysOff>) -> Vec<(Name, Field)> {
    let shown = known.map(|it| hours::days_off_shown(&it.days));
    let days = Field::new("Days", Entry::area(&shown.unwrap_or_default()));
    let days = days.hint(match known {
        Some(_) => "A line each: 2026-12-25 Christmas Day. Without any, the list is removed",
        None => "A line each: 2026-12-25 Christmas Day, or 2026-12-24..2026-12-31",
    });
    let taken = known.into_iter().flat_map(|it| &it.members);
    let taken: Vec<_> = taken.map(|it| it.id.to_string()).collect();
    let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
    let whom = MultiSelect::new(members(state, false), &taken);
    let whom = Field::new("Only for", Entry::MultiSelect(whom)).hint("Leave empty for everyone");
    let mut fields = vec![(Name::Days, days), (Name::Members, whom)];
    if known.is_none() {
        let name = line("Name", "").hint("Such as Christmas break, or Holidays in Germany");
        fields.insert(0, (Name::List, name));
    }
    fields
}

/// The list of a name or an id.
fn named<'a>(state: &'a State, text: &str) -> Option<&'a wire::DaysOff> {
    let mut lists = state.cache.days_off.latest()?.iter();
    let is_it = |it: &&wire::DaysOff| it.id == text || it.name.eq_ignore_ascii_case(text);
    lists.find(is_it)
}

fn find<'a>(state: &'a State, subject: &str) -> Option<&'a wire::DaysOff> {
    let lists = state.cache.days_off.latest()?;
    lists.iter().find(|it| it.id == subject)
}
