//! What is asked of the assistant in conversation.

mod form;

pub use self::form::{
    Doubtful, Named, NamedKind, NamedMatch, RequestAct, RequestForm, RequestPick, Stated,
    StatedWhen,
};
