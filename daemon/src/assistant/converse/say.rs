//! What is said, and what is answered.
//!
//! Owns the turn: what was asked before is carried on, a yes is for what was shown, and what came of
//! it is kept. Must not decide how an act is done.

use greenroom_protocol::Error;
use greenroom_protocol::conversation::{
    AnswerKind, ConversationAnswer, ConversationSay, NamedKind, NamedMatch, RequestAct, RequestForm,
};
use greenroom_protocol::id::{CandidateId, ConversationId};
use greenroom_protocol::time::Instant;

use super::change::changed;
use super::directory::{Directory, named, stripped};
use super::{allowed, interview, keep, tell, words};
use crate::access::RequestContext;
use crate::records::conversation::{ConversationRecord, Done, KeptTurn, OpenCard};
use crate::requests::{Asker, LONGEST, read};
use crate::schedule::reading::Frame;
use crate::schedule::time;
use crate::services::Services;
use crate::store::Via;

/// So long a yes counts, in minutes.
const YES_MINUTES: i64 = 10;

/// What came of a turn.
pub(super) struct Turn {
    pub answer: ConversationAnswer,
    /// What a yes would do from now on.
    pub open: Option<OpenCard>,
    /// What was done.
    pub done: Option<Done>,
}

impl Turn {
    /// An answer that leaves nothing open.
    pub(super) fn of(form: &RequestForm, kind: AnswerKind, text: impl Into<String>) -> Self {
        Self {
            answer: ConversationAnswer {
                conversation: None,
                revision: None,
                at: None,
                form: form.clone(),
                kind,
                text: text.into(),
                understood: words::understood(form),
                slots: Vec::new(),
                best: None,
                unmet: Vec::new(),
                unplaced: form.unplaced.clone(),
                matches: Vec::new(),
                until: None,
                interview: None,
                interviews: Vec::new(),
                outreach: None,
                none_because: Vec::new(),
                findings: Vec::new(),
            },
            open: None,
            done: None,
        }
    }

    /// The same, with what was asked kept, so that the next words can say the rest.
    pub(super) fn asks(form: &RequestForm, now: Instant, text: impl Into<String>) -> Self {
        let mut turn = Self::of(form, AnswerKind::Asks, text);
        turn.open = Some(OpenCard {
            at: now,
            form: form.clone(),
            slots: Vec::new(),
            best: None,
            interview: None,
        });
        turn
    }
}

/// Says something to the assistant.
pub async fn say(
    services: &Services,
    context: &RequestContext,
    request: ConversationSay,
) -> Result<ConversationAnswer, Error> {
    let me = allowed::hiring_manager(services, context)?.clone();
    let text = request.text.trim();
    if text.is_empty() || text.len() > LONGEST {
        let why = format!("Say what you want in 1 to {LONGEST} bytes");
        return Err(Error::usage(why).field("text"));
    }
    let now = services.clock.now();
    let (id, record) = match &request.conversation {
        Some(text) => {
            let found = keep::find(services, context, me.brief.id, text).await?;
            found.unless_it_went_on(request.expected_revision)?
        }
        None => {
            let (created_at, at) = (now, now);
            let (turns, open, done) = (Vec::new(), None, None);
            let record = ConversationRecord {
                created_at,
                at,
                turns,
                open,
                done,
            };
            (ConversationId::new(), record)
        }
    };
    let within = RequestContext {
        via: Via::Conversation(id.to_string()),
        ..context.clone()
    };
    let form = understood(services, &within, text, now)?;
    let open = record.open.clone().map(|mut open| {
        open.form = named(services, &within, &open.form);
        open
    });
    let last = record.turns.last().map(|it| it.kind);
    let said = Said {
        services,
        context: &within,
        now,
        dry_run: request.dry_run,
        open: open.as_ref(),
        asked: last == Some(AnswerKind::Asks),
        done: record.done,
    };
    let mut turn = said.answer(form).await?;
    let may = turn.answer.kind == AnswerKind::Confirm
        || turn.answer.kind == AnswerKind::Slots && turn.answer.best.is_some();
    // A yes with anything unread is none.
    if request.yes && !request.dry_run && may && turn.answer.unplaced.is_empty() {
        let shown = turn.answer.form.clone();
        if let Some(open) = turn.open.take() {
            turn = said.carry_out(&shown, &open, open.best).await?;
        }
    }
    if request.dry_run {
        return Ok(turn.answer);
    }
    let mut record = record;
    record.at = now;
    record.turns.push(KeptTurn {
        at: now,
        form: stripped(&turn.answer.form),
        kind: turn.answer.kind,
    });
    record.open = turn.open.map(|open| OpenCard {
        form: stripped(&open.form),
        ..open
    });
    record.done = turn.done.or(record.done);
    let revision = keep::write(services, &within, (me.brief.id, id), &record).await?;
    turn.answer.conversation = Some(id);
    turn.answer.revision = Some(revision);
    turn.answer.at = Some(now);
    Ok(turn.answer)
}

/// The form of a text, read by the caller's clock.
fn understood(
    services: &Services,
    context: &RequestContext,
    text: &str,
    now: Instant,
) -> Result<RequestForm, Error> {
    let me = context.member()?;
    let zone = me.zone.as_str();
    let directory = Directory::new(services, context);
    let time_zone = time::zone(zone)?;
    let read_as = |theirs: Option<&str>| {
        let frame = Frame::new(now, zone, theirs, None)?;
        let me = NamedMatch {
            kind: NamedKind::Member,
            id: me.brief.id.to_string(),
            name: me.brief.name.clone(),
        };
        let asker = Asker {
            frame: &frame,
            zone,
            time_zone: &time_zone,
            me: Some(me),
            names: &directory,
        };
        Ok::<_, Error>(read(text, &asker))
    };
    let form = read_as(None)?;
    // "Their time" is known once it is known who they are.
    let candidate = form.candidate.as_ref().and_then(|it| it.only());
    let candidate = candidate.and_then(|it| it.id.parse::<CandidateId>().ok());
    let candidate = candidate.and_then(|id| services.index.candidate(context.workspace, id));
    match candidate
        .and_then(|it| it.zone)
        .filter(|_| text.to_lowercase().contains(" time"))
    {
        Some(theirs) => read_as(Some(&theirs)),
        None => Ok(form),
    }
}

/// Something that was said, with what it is about.
pub(super) struct Said<'a> {
    pub services: &'a Services,
    pub context: &'a RequestContext,
    pub now: Instant,
    pub dry_run: bool,
    /// What was shown before.
    pub open: Option<&'a OpenCard>,
    /// The last answer was a question.
    pub asked: bool,
    pub done: Option<Done>,
}

impl Said<'_> {
    async fn answer(&self, form: RequestForm) -> Result<Turn, Error> {
        let form = match self.open {
            Some(open) if self.goes_on(&form) => changed(&open.form, form),
            _ => form,
        };
        if let Some(asks) = self.doubts(&form) {
            return Ok(asks);
        }
        match form.act {
            RequestAct::Schedule => interview::schedule(self, &form).await,
            RequestAct::Reschedule => interview::reschedule(self, &form).await,
            RequestAct::Cancel => interview::cancel(self, &form).await,
            RequestAct::Move => interview::move_to(self, &form).await,
            RequestAct::Yes => self.yes(&form).await,
            RequestAct::AskCandidate => interview::ask_candidate(self, &form).await,
            RequestAct::Undo => interview::undo(self, &form).await,
            RequestAct::Free => tell::free(self, &form).await,
            RequestAct::Agenda => tell::agenda(self, &form).await,
            RequestAct::Why => tell::why(self, &form).await,
            RequestAct::Waiting => tell::waiting(self, &form),
            RequestAct::Never => Ok(Turn::of(&form, AnswerKind::Tells, "Nothing was changed.")),
            RequestAct::Change => {
                let why = "I don't know what to change. Say with whom you want a meeting, such as \u{201c}30 min with Priya Nair on Tuesday\u{201d}.";
                Ok(Turn::of(&form, AnswerKind::Asks, why))
            }
            RequestAct::Help | RequestAct::Other => {
                let text = match form.unplaced.is_empty() {
                    true => words::HELP.to_owned(),
                    false => format!(
                        "I didn't understand \u{201c}{}\u{201d}.\n{}",
                        form.unplaced.join("\u{201d}, \u{201c}"),
                        words::HELP
                    ),
                };
                Ok(Turn::of(&form, AnswerKind::Tells, text))
            }
        }
    }

    /// Whether words go on with what was asked before.
    fn goes_on(&self, form: &RequestForm) -> bool {
        let names_only = form.times.is_empty() && form.minutes.is_none();
        match form.act {
            RequestAct::Change => true,
            // The answer to "which Priya?".
            RequestAct::Schedule | RequestAct::Help => self.asked && names_only,
            // "An hour later".
            RequestAct::Reschedule => form.candidate.is_none(),
            RequestAct::Why => form.candidate.is_none(),
            _ => false,
        }
    }

    /// What has to be said more exactly first.
    fn doubts(&self, form: &RequestForm) -> Option<Turn> {
        let people = form.people.iter().chain(&form.without).chain(&form.host);
        let several = form
            .candidate
            .iter()
            .chain(people)
            .find(|it| it.matches.len() > 1);
        if let Some(named) = several {
            let names: Vec<String> = named.matches.iter().map(|it| it.name.clone()).collect();
            let text = format!("Which {} do you mean: {}?", named.words, names.join(", "));
            let mut turn = Turn::asks(form, self.now, text);
            turn.answer.matches.clone_from(&named.matches);
            return Some(turn);
        }
        if let Some(doubtful) = form.doubtful.first() {
            let why = match doubtful.why.as_str() {
                "weekday-differs" => "is on another weekday",
                _ => "can mean several times",
            };
            let text = format!(
                "\u{201c}{}\u{201d} {why}. Which time do you mean?",
                doubtful.words
            );
            let mut form = form.clone();
            form.doubtful.clear();
            let mut turn = Turn::asks(&form, self.now, text);
            turn.answer.form.doubtful.push(doubtful.clone());
            return Some(turn);
        }
        if let Some(other) = form.others.first() {
            let text = format!(
                "A meeting is with one candidate. Which one: {}?",
                other.words
            );
            return Some(Turn::asks(form, self.now, text));
        }
        None
    }

    async fn yes(&self, form: &RequestForm) -> Result<Turn, Error> {
        let Some(open) = self.open.filter(|_| !self.asked) else {
            let text = "There is nothing to say yes to. Say what you want first.";
            return Ok(Turn::of(form, AnswerKind::Asks, text));
        };
        if self.now.second() - open.at.second() > YES_MINUTES * 60 {
            // It is shown again as it is now.
            let mut again = Box::pin(self.answer(open.form.clone())).await?;
            again.answer.text = format!(
                "That was more than {YES_MINUTES} minutes ago.\n{}",
                again.answer.text
            );
            return Ok(again);
        }
        let option = form.option.or(open.best);
        self.carry_out(&open.form, open, option).await
    }

    /// Does what was shown.
    async fn carry_out(
        &self,
        form: &RequestForm,
        open: &OpenCard,
        option: Option<u8>,
    ) -> Result<Turn, Error> {
        let slot = option.and_then(|it| open.slots.get(usize::from(it).checked_sub(1)?));
        if slot.is_none() && !open.slots.is_empty() {
            let mut turn = Turn::of(form, AnswerKind::Asks, "Which one? Say its letter.");
            turn.open = Some(open.clone());
            turn.answer.kind = AnswerKind::Slots;
            turn.answer.until = Some(until(open.at));
            return Ok(turn);
        }
        interview::carry_out(self, form, open, slot).await
    }

    /// Until when a yes to what is shown now counts.
    pub(super) fn until(&self) -> Instant {
        until(self.now)
    }
}

/// Until when a yes to what was shown at that moment counts.
pub(super) fn until(shown: Instant) -> Instant {
    shown.plus_minutes(YES_MINUTES)
}
