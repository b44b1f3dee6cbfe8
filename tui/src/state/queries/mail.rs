//! What is asked about email: what leaves and what came in.

use greenroom_protocol::Error;
use greenroom_protocol::id::{CandidateId, InterviewId, MailId, TurnId};
use greenroom_protocol::mail::{InviteQuery, Mail, MailPreview, MailQuery, Written};
use greenroom_protocol::page::{MOST, Page};
use greenroom_protocol::received::{ReceivedMail, ReceivedQuery};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;

use super::ROWS;
use crate::state::query::Query;

const MAIL: &[&str] = &["interview", "mail"];
const RECEIVED: &[&str] = &["received"];

/// The first protocol that lists what is about to leave.
const LEAVING_SINCE: u32 = 3;

/// The first protocol that knows of emails that came in.
const RECEIVED_SINCE: u32 = 2;

/// An interview's emails that wait or were refused.
#[derive(Debug)]
pub(crate) struct MailWaiting;

impl Query for MailWaiting {
    type Key = InterviewId;
    type Answer = Page<Mail>;
    const TABLES: &'static [&'static str] = MAIL;

    fn request(id: &InterviewId, _: Instant) -> Q {
        Q::MailList {
            query: mail_of(*id, false, None),
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        listed(reply)
    }
}

/// The emails that leave within seconds, no matter who caused them.
#[derive(Debug)]
pub(crate) struct Leaving;

impl Query for Leaving {
    type Key = ();
    type Answer = Page<Mail>;
    const TABLES: &'static [&'static str] = MAIL;
    const SINCE: u32 = LEAVING_SINCE;

    fn request(_: &(), _: Instant) -> Q {
        Q::MailList {
            query: MailQuery {
                leaving: true,
                limit: Some(ROWS),
                ..MailQuery::default()
            },
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        listed(reply)
    }
}

/// An interview's emails that left.
#[derive(Debug)]
pub(crate) struct MailPast;

impl Query for MailPast {
    type Key = InterviewId;
    type Answer = Page<Mail>;
    const TABLES: &'static [&'static str] = MAIL;

    fn request(id: &InterviewId, _: Instant) -> Q {
        Q::MailList {
            query: mail_of(*id, true, None),
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        listed(reply)
    }
}

/// An email that leaves or left, with its text.
#[derive(Debug)]
pub(crate) struct Preview;

impl Query for Preview {
    type Key = MailId;
    type Answer = MailPreview;
    const TABLES: &'static [&'static str] = MAIL;

    fn request(id: &MailId, _: Instant) -> Q {
        Q::MailGet {
            mail: Reference::to(id.to_string()),
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::MailGet(it) => Some(it),
            _ => None,
        }
    }
}

/// The candidate's invitation as it would be written now.
#[derive(Debug)]
pub(crate) struct Invitation;

impl Query for Invitation {
    type Key = InterviewId;
    type Answer = Written;
    const TABLES: &'static [&'static str] = MAIL;

    fn request(id: &InterviewId, _: Instant) -> Q {
        Q::InterviewInvite {
            query: InviteQuery {
                interview: id.to_string(),
                to: None,
            },
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::InterviewInvite(it) => Some(it),
            _ => None,
        }
    }
}

/// The emails of a candidate that came in.
#[derive(Debug)]
pub(crate) struct Received;

impl Query for Received {
    type Key = CandidateId;
    type Answer = Page<ReceivedMail>;
    const TABLES: &'static [&'static str] = RECEIVED;
    const SINCE: u32 = RECEIVED_SINCE;

    fn request(candidate: &CandidateId, _: Instant) -> Q {
        Q::MailReceived {
            query: ReceivedQuery {
                candidate: Some(candidate.to_string()),
                limit: Some(ROWS),
                ..ReceivedQuery::default()
            },
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        received(reply)
    }
}

/// The emails that nobody has read.
#[derive(Debug)]
pub(crate) struct Unread;

impl Query for Unread {
    type Key = ();
    type Answer = Page<ReceivedMail>;
    const TABLES: &'static [&'static str] = RECEIVED;
    const SINCE: u32 = RECEIVED_SINCE;

    fn request(_: &(), _: Instant) -> Q {
        Q::MailReceived {
            query: ReceivedQuery {
                unread: true,
                limit: Some(MOST),
                ..ReceivedQuery::default()
            },
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        received(reply)
    }
}

/// An email that came in, with its text.
#[derive(Debug)]
pub(crate) struct Email;

impl Query for Email {
    type Key = TurnId;
    type Answer = greenroom_protocol::received::Received;
    const TABLES: &'static [&'static str] = RECEIVED;
    const SINCE: u32 = RECEIVED_SINCE;

    fn request(id: &TurnId, _: Instant) -> Q {
        Q::MailReceivedGet {
            mail: Reference::to(id.to_string()),
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::MailReceivedGet(it) => Some(it),
            _ => None,
        }
    }
}

/// The emails about an interview, from a cursor on.
pub(crate) fn mail_of(interview: InterviewId, past: bool, cursor: Option<String>) -> MailQuery {
    MailQuery {
        past,
        interview: Some(interview.to_string()),
        leaving: false,
        cursor,
        limit: Some(ROWS),
    }
}

fn listed(reply: R) -> Option<Result<Page<Mail>, Error>> {
    match reply {
        R::MailList(it) => Some(it),
        _ => None,
    }
}

fn received(reply: R) -> Option<Result<Page<ReceivedMail>, Error>> {
    match reply {
        R::MailReceived(it) => Some(it),
        _ => None,
    }
}
