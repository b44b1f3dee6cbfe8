//! What the daemon of values answers in conversations.

use std::collections::VecDeque;

use greenroom_protocol::Error;
use greenroom_protocol::conversation::{
    AnswerKind, Conversation, ConversationAnswer, ConversationOpen, ConversationSay,
    ConversationTurn,
};
use greenroom_protocol::page::Page;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};

use super::super::records::{self, at, id};

/// Conversations, and what is answered next.
#[derive(Default)]
pub(crate) struct Conversations {
    pub(crate) all: Vec<Conversation>,
    pub(crate) answers: VecDeque<ConversationAnswer>,
    /// The person is no hiring manager.
    pub(crate) refused: bool,
    /// Seconds since the story began, one for each thing said.
    seconds: i64,
}

impl Conversations {
    pub(super) fn look(&self, request: &Q) -> Option<R> {
        let Q::ConversationList { .. } = request else {
            return None;
        };
        Some(R::ConversationList(match self.refused {
            true => Err(refusal()),
            false => Ok(Page::whole(self.all.clone())),
        }))
    }

    pub(super) fn act(&mut self, request: &Q) -> Option<R> {
        let Q::ConversationSay { say } = request else {
            return None;
        };
        Some(R::ConversationSay(self.says(say)))
    }

    /// What is answered to somebody who says this, wherever they do.
    pub(crate) fn says(&mut self, say: &ConversationSay) -> Result<ConversationAnswer, Error> {
        let place = match &say.conversation {
            Some(named) => self.all.iter().position(|it| it.id.to_string() == *named),
            None => None,
        };
        let now = place.map(|at| self.all[at].revision);
        if say.expected_revision.is_some() && say.expected_revision != now {
            let why = "This conversation has gone on since you read it";
            return Err(Error::conflict(why).hint("read it, then say it again"));
        }
        let mut answer = self.answers.pop_front().expect("an answer");
        self.seconds += 1;
        let moment = at(records::NOW).plus_seconds(self.seconds);
        let place = place.unwrap_or_else(|| {
            let number = 1 + self.all.len();
            self.all
                .insert(0, records::conversation(number, Vec::new()));
            0
        });
        let conversation = &mut self.all[place];
        conversation.revision += 1;
        conversation.at = moment;
        conversation.turns.push(ConversationTurn {
            at: moment,
            understood: answer.understood.clone(),
            kind: answer.kind,
        });
        let opens = matches!(answer.kind, AnswerKind::Slots | AnswerKind::Confirm);
        conversation.open = opens.then(|| ConversationOpen {
            until: moment.plus_minutes(10),
            act: answer.form.act,
            slots: answer.slots.clone(),
            best: answer.best,
        });
        answer.conversation = Some(conversation.id);
        answer.revision = Some(conversation.revision);
        answer.at = Some(moment);
        answer.until = conversation.open.as_ref().map(|it| it.until);
        Ok(answer)
    }
}

/// As the daemon refuses who is no hiring manager.
fn refusal() -> Error {
    let why = "Only a hiring manager of a job can ask the assistant";
    let mut error = Error::denied(why).hint(
        "ask one of them, or have an admin run `greenroom member edit dana@acme.example --role hiring-manager --hiring-job JOB`",
    );
    error
        .matches
        .push("Jonas Lind, jonas@acme.example: Backend Engineer".into());
    error
}

/// The id of the conversation that the first words begin.
pub(crate) fn first() -> greenroom_protocol::id::ConversationId {
    id("cnv", 1)
}
