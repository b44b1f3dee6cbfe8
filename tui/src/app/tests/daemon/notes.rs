//! Notes on the first candidate, and emails to many.

use greenroom_protocol::Error;
use greenroom_protocol::interview::EMAILS_HAVE_GONE_OUT;
use greenroom_protocol::mail::{MailKind, MailUndo, MailUndone, MailUndoneItem};
use greenroom_protocol::pipeline::{
    CandidateEmailMany, CandidateNote, CandidateNoteRemove, ManyOutcome, Note,
};

use super::{Daemon, done, many, records};

impl Daemon {
    pub(super) fn save_note(&mut self, write: CandidateNote) -> Result<Note, Error> {
        let at = match write.note {
            Some(_) => self.place(&write.note, write.expected_edition)?,
            None => {
                self.notes
                    .push(records::note(self.notes.len() + 1, "", None));
                self.notes.len() - 1
            }
        };
        let note = &mut self.notes[at];
        note.edition += u32::from(write.note.is_some());
        if let Some(text) = write.text {
            note.text = text;
        }
        if let Some(link) = write.link {
            note.link = Some(link).filter(|it| !it.is_empty());
        }
        note.for_interviewers = write.for_interviewers.unwrap_or(note.for_interviewers);
        Ok(note.clone())
    }

    pub(super) fn remove_note(&mut self, remove: &CandidateNoteRemove) -> Result<Note, Error> {
        let note = Some(remove.note.clone());
        let at = self.place(&note, remove.expected_edition)?;
        Ok(self.notes.remove(at))
    }

    fn place(&self, note: &Option<String>, edition: Option<u32>) -> Result<usize, Error> {
        let named = |it: &Note| Some(it.id.to_string()) == *note;
        let at = self.notes.iter().position(named);
        let at = at.ok_or_else(|| Error::not_found("there is no such note on this candidate"))?;
        match edition.is_none_or(|it| it == self.notes[at].edition) {
            true => Ok(at),
            false => Err(Error::conflict("the note was changed by someone else")),
        }
    }

    /// A template reaches nobody whose name begins with P.
    /// Emails that wait are gone from the outbox; what left stays so.
    pub(super) fn undo_mails(&mut self, undo: MailUndo) -> MailUndone {
        let left = self.mail_left;
        let items = undo.mails.into_iter().map(|mail| MailUndoneItem {
            mail,
            error: left.then(|| Error::conflict(EMAILS_HAVE_GONE_OUT)),
        });
        let items: Vec<_> = items.collect();
        let is_undone = |id: &str| items.iter().any(|it| it.mail == id && it.error.is_none());
        self.mails.0.retain(|mail| !is_undone(&mail.id.to_string()));
        MailUndone {
            undone: items.iter().filter(|it| it.error.is_none()).count() as u64,
            items,
            dry_run: false,
        }
    }

    pub(super) fn email_many(&mut self, email: &CandidateEmailMany) -> ManyOutcome {
        let mut outcome = many(&email.candidates, |one| {
            let row = self.rows.iter().find(|row| {
                let own = row.application.as_ref().unwrap();
                own.id.to_string() == one.candidate
            });
            let row = row.unwrap();
            if row.name.starts_with('P') && email.template.is_some() {
                let why = format!("{} is active, not rejected", row.name);
                return Err(Error::conflict(why).field("template"));
            }
            let brief = row.application.as_ref().unwrap();
            Ok(done(brief, row.name.clone(), brief.stage, brief.state))
        });
        let sent = outcome.items.iter_mut().filter(|_| !email.dry_run);
        for (done, number) in sent.filter_map(|item| item.done.as_mut()).zip(30..) {
            let mut mail = records::mails().0.remove(0);
            mail.id = records::id("mal", number);
            mail.kind = MailKind::Message;
            mail.interview = None;
            mail.application = Some(done.application);
            mail.to = Some(done.name.clone());
            mail.not_before = records::at(records::NOW).plus_seconds(10);
            mail.alone = true;
            done.email = Some(mail.id);
            self.mails.0.push(mail);
        }
        outcome.dry_run = email.dry_run;
        outcome.preview = email.dry_run.then(records::written);
        let at = records::at(records::NOW).plus_seconds(10);
        outcome.emails_at = (!email.dry_run).then_some(at);
        outcome
    }
}
