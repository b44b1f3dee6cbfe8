//! The names by which answers find what they answer: the Message-ID of a letter, the UID of an
//! interview. Pure.
//!
//! Both carry the record's id and its workspace, so an answer is looked up and never searched for.
//! Knowing one is not enough to change anything: the answer must also come from somebody it was
//! sent to.

use greenroom_protocol::id::{InterviewId, MailId, OutreachId, WorkspaceId};

/// What stands behind the `@` of a UID. It names no host: a UID outlives the address that sent it.
const HOME: &str = "greenroom";

/// The Message-ID of a letter, without brackets. `from` is the sender's address, whose domain it
/// carries.
pub fn message_id(mail: MailId, workspace: WorkspaceId, from: &str) -> String {
    let domain = from.rsplit_once('@').map_or(HOME, |(_, domain)| domain);
    format!("{}@{domain}", local_part(mail, workspace))
}

/// The part of a letter's Message-ID that stands before the `@`.
pub fn local_part(mail: MailId, workspace: WorkspaceId) -> String {
    format!("{mail}.{workspace}")
}

/// Which letter a Message-ID names, if it is one of ours.
pub fn read_message_id(text: &str) -> Option<(WorkspaceId, MailId)> {
    let (local, _) = text.trim_matches(['<', '>', ' ']).rsplit_once('@')?;
    let (mail, workspace) = local.split_once('.')?;
    Some((workspace.parse().ok()?, mail.parse().ok()?))
}

/// The UID of an interview.
pub fn uid(interview: InterviewId, workspace: WorkspaceId) -> String {
    format!("{interview}.{workspace}@{HOME}")
}

/// Which interview a UID names, if it is one of ours.
pub fn read_uid(text: &str) -> Option<(WorkspaceId, InterviewId)> {
    let local = text.trim().strip_suffix(HOME)?.strip_suffix('@')?;
    let (interview, workspace) = local.split_once('.')?;
    Some((workspace.parse().ok()?, interview.parse().ok()?))
}

/// Which outreach a subject names, if it has one of ours: `[otr_…]`, as links to choose a time have
/// it. The last, where it has several: what people write before it they may have copied.
pub fn read_outreach(subject: &str) -> Option<OutreachId> {
    let (_, from) = subject.rsplit_once("[otr_")?;
    let (id, _) = from.split_once(']')?;
    format!("otr_{id}").parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_read_back_and_others_do_not() {
        let (mail, interview, workspace) = (MailId::new(), InterviewId::new(), WorkspaceId::new());
        let id = message_id(mail, workspace, "interviews@acme.example");
        assert!(id.ends_with("@acme.example"));
        assert_eq!(read_message_id(&id), Some((workspace, mail)));
        assert_eq!(read_message_id(&format!("<{id}>")), Some((workspace, mail)));
        let uid = uid(interview, workspace);
        assert_eq!(read_uid(&uid), Some((workspace, interview)));
        assert_eq!(read_message_id(&uid), None);
        assert_eq!(read_uid(&id), None);
        assert_eq!(read_uid(&uid.replace("@greenroom", "@elsewhere")), None);
        let outreach = OutreachId::new();
        let subject = format!("Re: Option 2 [{outreach}] from my phone");
        assert_eq!(read_outreach(&subject), Some(outreach));
        assert_eq!(read_outreach("Option 2 [otr_]"), None);
        assert_eq!(read_outreach(&format!("[{outreach}")), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_not(text in ".{0,120}") {
            let _ = (read_message_id(&text), read_uid(&text), read_outreach(&text));
        }
    }
}
