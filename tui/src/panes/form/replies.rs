//! Replies to forms: sent, asked, read from a file.

use greenroom_protocol::Error;
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::mail_settings::{MailSettings, MailSource};
use greenroom_protocol::service::GreenroomResponse as R;

use crate::forms::{
    self, Answered, Delivery, Form, FormKey, Kind, Question, ThenConnect, whose_approval,
};
use crate::panes::candidate;
use crate::panes::connect;
use crate::panes::connect::target::AccountTarget;
use crate::panes::desktop::copy;
use crate::panes::failure::fail;
use crate::panes::interview::{self, Interview};
use crate::panes::mail_test;
use crate::panes::pipeline;
use crate::panes::setting_up;
use crate::state::State;
use crate::state::event::{Action, Done, Task};
use crate::state::turns::{Turn, Turns};
use crate::state::undo::{asked_for_emails, undo_key};
use crate::state::work::Errand;
use crate::wording::account;

/// The form of a key, wherever in the stack it lies.
pub(super) fn open_form<'a>(state: &'a mut State, key: &FormKey) -> Option<&'a mut Form> {
    state.panes.find_mut::<Form>(|form| form.key() == *key)
}

/// What was sent is answered. A form that was put aside meanwhile is still told, and so is the
/// person.
pub(super) fn sent(state: &mut State, key: &FormKey, reply: Result<R, Error>) -> Vec<Action> {
    let is_open = open_form(state, key).is_some();
    let form = match is_open {
        true => open_form(state, key),
        false => state.panes.aside::<Form>(|form| form.key() == *key),
    };
    let Some(form) = form else {
        return Vec::new();
    };
    match reply.and_then(|reply| form.answered(reply)) {
        Ok(answered) => took(state, key, answered, is_open),
        Err(error) if is_open => {
            form.refuse(error);
            Vec::new()
        }
        Err(error) => fail(state, error),
    }
}

fn took(state: &mut State, key: &FormKey, answered: Answered, is_open: bool) -> Vec<Action> {
    match answered {
        Answered::NextPage if is_open => return super::send(state),
        Answered::NextPage | Answered::Tried => {}
        Answered::Goes(words) => state.toast(words, true),
        Answered::Done(words) => done(state, key, words),
        Answered::Begins(words, start) => {
            done(state, key, words);
            return pipeline::begin(state, *start);
        }
        Answered::Undoable(words, undo) => {
            state.undo.push(undo);
            let how = undo_key(state).map(|key| format!(" · {key} to undo"));
            done(state, key, words + &how.unwrap_or_default());
        }
        Answered::SetUp(words) => {
            done(state, key, words);
            setting_up::open(state, None);
            return vec![Action::Rebind(None)];
        }
        Answered::WorkspaceAdded(words) => {
            state.cache.workspaces.invalidate();
            done(state, key, words);
        }
        Answered::Saved(wanted, words) => {
            state.cache.views.invalidate();
            done(state, key, words);
            state.candidates.show(*wanted);
        }
        Answered::Changed(outcome) => {
            close(state, key);
            interview::made(state, &outcome);
        }
        Answered::States(outcome, action) => {
            close(state, key);
            return candidate::states_changed(state, &outcome, action);
        }
        Answered::Emailed(outcome) => {
            close(state, key);
            return candidate::emailed(state, &outcome);
        }
        Answered::Booked(outcome) => {
            close(state, key);
            interview::booked(state, &outcome);
            return goes_on(state, key, Some(outcome.interview.id), is_open);
        }
        Answered::Asked(mut delivery, mail) => {
            let mut actions = connect::asked_admin(state);
            let mails = mail.into_iter().collect();
            let request = format!("{} approval request", whose_approval(&key.subject));
            let undo = asked_for_emails(state, &request, mails);
            if let Delivery::Emailed { said } = &mut delivery {
                said.push_str(&undo);
            }
            actions.extend(handed(state, key, delivery));
            return actions;
        }
        Answered::MailSaved(settings) => return mail_saved(state, key, *settings),
        Answered::AppSaved(words, then) => return app_saved(state, key, words, then),
        Answered::Handed(delivery) => return handed(state, key, delivery),
    }
    Vec::new()
}

/// Email is set up: what it needs is connected first, then it is tested.
fn mail_saved(state: &mut State, key: &FormKey, settings: MailSettings) -> Vec<Action> {
    close(state, key);
    let is_own = settings.source == MailSource::Workspace;
    let account = settings.account.as_deref().and_then(account::named);
    let account = account.map(|(provider, email)| (provider, email.to_owned()));
    state.cache.mail_settings.learn((), settings);
    if !is_own {
        state.toast("Email is as the daemon's configuration sets it", true);
        return Vec::new();
    }
    let Some((provider, email)) = account else {
        return mail_test::start(state);
    };
    if account::opens_mail(state, provider, &email) {
        return mail_test::start(state);
    }
    let target = AccountTarget {
        provider,
        for_workspace: true,
        email: Some(email),
    };
    connect::open_account(state, target);
    Vec::new()
}

/// The app that connecting began with is there.
fn app_saved(
    state: &mut State,
    key: &FormKey,
    words: String,
    then: Option<ThenConnect>,
) -> Vec<Action> {
    close(state, key);
    state.toast(words, true);
    if let Some(then) = then {
        let target = AccountTarget {
            provider: then.provider,
            for_workspace: then.for_workspace,
            email: then.email,
        };
        connect::show_permissions(state, target);
    }
    Vec::new()
}

/// After a booking, or a proposal, comes the next of several who are scheduled in turn, else what was
/// booked.
pub(super) fn goes_on(
    state: &mut State,
    key: &FormKey,
    booked: Option<InterviewId>,
    is_open: bool,
) -> Vec<Action> {
    let turns = state.turns.as_ref();
    if let Some(turns) = turns.filter(|it| it.place(&key.subject).is_some()) {
        state.unmark(turns.now());
    }
    match Turns::booked(&mut state.turns, &key.subject) {
        Turn::Next(next) => forms::open(state, Kind::Interview, next.to_string()),
        Turn::Single => {
            if let Some(id) = booked.filter(|_| is_open) {
                state.panes.push(Interview::new(id));
            }
        }
        Turn::Last => {}
    }
    Vec::new()
}

fn done(state: &mut State, key: &FormKey, words: String) {
    close(state, key);
    state.toast(words, true);
}

pub(super) fn close(state: &mut State, key: &FormKey) {
    state.panes.remove::<Form>(|form| form.key() == *key);
    state.panes.bring_back::<Form>(|form| form.key() == *key);
}

/// The daemon emails a request where it can; a copy may be wanted here, too.
fn handed(state: &mut State, key: &FormKey, delivery: Delivery) -> Vec<Action> {
    let mut actions = Vec::new();
    match delivery {
        Delivery::Emailed { said } => done(state, key, said),
        Delivery::Copy { said, text } => {
            close(state, key);
            actions.push(copy(state, said, text));
        }
        Delivery::Save { said, path, text } => {
            let key = key.clone();
            let errand = Errand::task("save", move |state, done| saved(state, &key, said, done));
            let errand = errand.says("writing the file…");
            actions.push(state.begin(errand, Task::Save(path, text)));
        }
    }
    actions
}

fn saved(
    state: &mut State,
    key: &FormKey,
    said: String,
    written: Result<Done, Error>,
) -> Vec<Action> {
    match (written, open_form(state, key)) {
        (Ok(_), _) => done(state, key, said),
        (Err(error), Some(form)) => form.refuse(error.field("file")),
        (Err(error), None) => return fail(state, error),
    }
    Vec::new()
}

pub(super) fn file_read(
    state: &mut State,
    key: &FormKey,
    read: Result<Done, Error>,
) -> Vec<Action> {
    let Some(Form::Import(form)) = open_form(state, key) else {
        return Vec::new();
    };
    let loaded = match read {
        Ok(Done::Rows {
            pages,
            errors,
            counted,
        }) => form.load(pages, errors, counted),
        Ok(_) => return Vec::new(),
        Err(error) => Err(error.field("file")),
    };
    match (loaded, open_form(state, key)) {
        (Ok(()), _) => super::send(state),
        (Err(error), Some(form)) => {
            form.refuse(error);
            Vec::new()
        }
        (Err(_), None) => Vec::new(),
    }
}

pub(super) fn calendar_read(
    state: &mut State,
    key: &FormKey,
    read: Result<Done, Error>,
) -> Vec<Action> {
    let Some(form) = open_form(state, key) else {
        return Vec::new();
    };
    match (form, read) {
        (Form::Calendar(form), Ok(Done::Calendar(parts))) => form.load(parts),
        (form, Err(error)) => {
            form.refuse(error.field("file"));
            return Vec::new();
        }
        _ => return Vec::new(),
    }
    super::send(state)
}

/// What a form asked while it is filled in is answered; a form that sending waited for it sends.
pub(super) fn told(
    state: &mut State,
    key: &FormKey,
    question: Question,
    reply: Result<R, Error>,
) -> Vec<Action> {
    let sends = open_form(state, key).is_some_and(|form| form.told(question, reply));
    let on_top = state.panes.top_as::<Form>();
    match sends && on_top.is_some_and(|form| form.key() == *key) {
        true => super::send(state),
        false => Vec::new(),
    }
}
