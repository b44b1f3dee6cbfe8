//! What the assistant answers: slots for a request with wishes, and what came of one.

use greenroom_protocol::conversation::{
    AnswerKind, AnswerSlot, Conversation, ConversationAnswer, ConversationTurn, Named, NamedKind,
    NamedMatch, RequestAct, RequestForm,
};
use greenroom_protocol::schedule::{FindingWho, LaneKind, SlotReason, SlotReasonCode};

use super::{at, brief, candidate_row, days_ago, id, interviews};

/// A conversation of Dana's with these turns, a day old.
pub(crate) fn conversation(number: usize, turns: Vec<ConversationTurn>) -> Conversation {
    Conversation {
        id: id("cnv", number),
        revision: 10,
        member: brief(0).id,
        created_at: days_ago(1),
        at: days_ago(1),
        turns,
        open: None,
    }
}

/// One that was held before this client began.
pub(crate) fn of_yesterday(number: usize, understood: &str, kind: AnswerKind) -> Conversation {
    let turn = ConversationTurn {
        at: days_ago(1),
        understood: understood.into(),
        kind,
    };
    conversation(number, vec![turn])
}

/// An answer in words.
pub(crate) fn told(act: RequestAct, kind: AnswerKind, text: &str) -> ConversationAnswer {
    let row = candidate_row(0);
    let priya = Named {
        words: "Priya Nair".into(),
        matches: vec![NamedMatch {
            kind: NamedKind::Candidate,
            id: row.id.to_string(),
            name: row.name,
        }],
        optional: false,
    };
    ConversationAnswer {
        conversation: None,
        revision: None,
        at: None,
        form: RequestForm {
            act,
            candidate: Some(priya),
            zone: "Europe/Berlin".into(),
            ..RequestForm::default()
        },
        kind,
        text: text.into(),
        understood: String::new(),
        slots: Vec::new(),
        best: None,
        unmet: Vec::new(),
        unplaced: Vec::new(),
        matches: Vec::new(),
        until: None,
        interview: None,
        interviews: Vec::new(),
        outreach: None,
        none_because: Vec::new(),
        findings: Vec::new(),
    }
}

/// Three slots for Priya with Sam and Mina, with what they do not meet and what was not read.
pub(crate) fn proposed(act: RequestAct) -> ConversationAnswer {
    let people = vec![brief(6), brief(5)];
    let slot = |letter, start: &str, unmet: &[&str], why: Vec<SlotReason>| {
        let start = at(start);
        AnswerSlot {
            letter,
            start,
            end: start.plus_minutes(45),
            text: format!("{start}, Europe/Berlin"),
            interviewers: people.clone(),
            score: 0,
            why,
            unmet: unmet.iter().map(|it| (*it).to_owned()).collect(),
        }
    };
    let next = SlotReason {
        code: SlotReasonCode::NextToAnother,
        points: 4,
        amount: None,
        who: vec![FindingWho {
            kind: LaneKind::Member,
            id: brief(5).id.to_string(),
            name: Some(brief(5).name),
        }],
    };
    ConversationAnswer {
        understood: "Schedule · Priya Nair · with Sam Ito, Mina Okafor · 45 min · Wed or Thu · in the morning if possible".into(),
        slots: vec![
            slot('a', "2026-11-25T09:00:00Z", &[], vec![next]),
            slot('b', "2026-11-25T13:15:00Z", &["in the morning"], Vec::new()),
            slot('c', "2026-11-26T08:45:00Z", &[], Vec::new()),
        ],
        unplaced: vec!["before Sam's standup\u{1b}[2J".into()],
        unmet: vec!["with cake".into()],
        ..told(act, AnswerKind::Slots, "")
    }
}

/// Done: with this interview of Priya's as it is now.
pub(crate) fn done(act: RequestAct, text: &str) -> ConversationAnswer {
    let mut interview = interviews()[3].clone();
    (interview.change, interview.changes) = (0, Vec::new());
    ConversationAnswer {
        interview: Some(Box::new(interview)),
        ..told(act, AnswerKind::Done, text)
    }
}
