//! The assistant in conversation: what is asked of it, and what it answers.

mod form;
mod say;

pub use self::form::{
    Doubtful, Named, NamedKind, NamedMatch, RequestAct, RequestForm, RequestPick, Stated,
    StatedWhen,
};
pub use self::say::{
    AnswerKind, AnswerSlot, Conversation, ConversationAnswer, ConversationOpen, ConversationQuery,
    ConversationSay, ConversationTurn,
};
