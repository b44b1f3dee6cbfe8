//! Candidates from a CSV or JSON file: read, tried without writing, then imported.
//!
//! Owns the order of these steps. The file is read on this side and sent in pages; the daemon says
//! row by row what is wrong. Nothing is written before the dry run was seen.

use greenroom_protocol::Error;
use greenroom_protocol::pipeline::{ImportPage, ImportReport, ImportRow, RowError};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use ratatui::layout::Rect;

use crate::forms::fill::{line, needed};
use crate::forms::sheet::Sheet;
use crate::forms::{Answered, FormType, Frame, Send, unexpected};
use crate::import::Counted;
use crate::state::State;
use crate::theme;
use crate::typed::path::at_home;
use crate::widgets::{Canvas, below, row, rows, text};

/// Errors shown at once.
const SHOWN: usize = 8;

/// The button before the dry run.
const TRY: &str = "Check file";

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    File,
}

/// A file on its way.
#[derive(Debug, Default)]
pub(crate) struct Import {
    path: String,
    pages: Vec<Vec<ImportRow>>,
    /// Rows that could not be read at all.
    unread: Vec<RowError>,
    counted: Counted,
    sent: usize,
    /// The dry run is complete and may be carried out.
    tried: bool,
    report: ImportReport,
}

impl Import {
    /// Adds up what a page came to.
    fn take(&mut self, page: ImportReport) -> Answered {
        self.report.added += page.added;
        self.report.applied += page.applied;
        self.report.unchanged += page.unchanged;
        self.report.errors.extend(page.errors);
        if self.sent < self.pages.len() {
            return Answered::NextPage;
        }
        if page.dry_run {
            self.tried = true;
            return Answered::Tried;
        }
        Answered::Done(self.sum("added", "skipped"))
    }

    /// The next page to send. After the dry run was read: in earnest, from the beginning.
    fn next(&mut self) -> Option<Q> {
        if self.sent >= self.pages.len() && self.tried {
            self.sent = 0;
            self.report = of_unread(&self.unread);
        }
        let rows = self.pages.get(self.sent)?.clone();
        self.sent += 1;
        Some(Q::CandidateImport {
            page: ImportPage {
                rows,
                dry_run: !self.tried,
            },
        })
    }

    fn sum(&self, added: &str, left: &str) -> String {
        let report = &self.report;
        let counts = [
            (report.added, added),
            (report.applied, "added to another job"),
            (report.unchanged, "already known"),
            (report.errors.len() as u64, left),
        ];
        let told = counts.iter().filter(|(count, _)| *count > 0);
        let told: Vec<_> = told
            .map(|(count, words)| format!("{count} {words}"))
            .collect();
        if told.is_empty() {
            "Nothing to import".to_owned()
        } else {
            told.join(" · ")
        }
    }
}

impl FormType for Import {
    type Name = Name;

    const DOING: &'static str = "importing";

    fn open(_state: &State, subject: &str) -> Frame<Self> {
        let columns = "CSV or JSON with name and email; optional: phone, zone, source, job, stage";
        let sheet = Sheet::new(vec![(Name::File, line("File", "").hint(columns))]);
        Frame::new(subject, "Import candidates", TRY, sheet, Self::default())
    }

    fn refresh(form: &mut Frame<Self>, _state: &State) {
        // Another file is another import.
        if form.own.path != form.sheet.text(Name::File) {
            form.own = Self::default();
        }
        form.button = if form.own.tried { "Import" } else { TRY };
    }

    fn name(of_request: &str) -> Option<Name> {
        (of_request == "file").then_some(Name::File)
    }

    fn send(form: &mut Frame<Self>, _state: &State) -> Option<Send> {
        if form.own.pages.is_empty() {
            let why = "Enter the path of a CSV or JSON file";
            let path = needed(&mut form.sheet, Name::File, why)?;
            return Some(Send::ReadFile(at_home(&path)));
        }
        Some(Send::Call(Box::new(form.own.next()?)))
    }

    fn answered(form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::CandidateImport(report) = reply else {
            return Err(unexpected());
        };
        match report {
            Ok(report) => Ok(form.own.take(report)),
            Err(error) => {
                // A page was refused as a whole: begin again.
                form.own = Self::default();
                Err(error)
            }
        }
    }

    fn rows_below(&self, _cells: usize) -> u16 {
        if !self.tried {
            return 0;
        }
        let errors = u16::try_from(self.report.errors.len().min(SHOWN + 1)).unwrap_or(0);
        2 + errors
    }

    fn draw_below(form: &Frame<Self>, _state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        let import = &form.own;
        if !import.tried {
            return;
        }
        let sum = import.sum("to add", "to skip");
        canvas.text(row(area, 0), &sum, theme::STRONG);
        let rest = below(area, 1);
        for (place, error) in rows(rest).zip(import.report.errors.iter().take(SHOWN)) {
            let counted = import.counted;
            let (line, field, why) = (error.line, &error.field, &error.message);
            let words = format!("  {counted} {line:>4}  {field}: {why}");
            canvas.text(place, &words, theme::WAIT);
        }
        let hidden = import.report.errors.len().saturating_sub(SHOWN);
        if hidden > 0 {
            let place = row(rest, u16::try_from(SHOWN).unwrap_or(8));
            canvas.text(place, &format!("  and {hidden} more"), theme::DIM);
        }
    }
}

impl Frame<Import> {
    /// Takes what the file holds.
    ///
    /// # Errors
    ///
    /// Says so where it holds nothing.
    pub(crate) fn load(
        &mut self,
        pages: Vec<Vec<ImportRow>>,
        unread: Vec<RowError>,
        counted: Counted,
    ) -> Result<(), Error> {
        let path = self.sheet.text(Name::File);
        if pages.is_empty() && unread.is_empty() {
            let words = format!("{} has no candidates", text::clean(path));
            return Err(Error::usage(words).field("file"));
        }
        self.own = Import {
            path: path.to_owned(),
            pages,
            report: of_unread(&unread),
            unread,
            counted,
            ..Import::default()
        };
        Ok(())
    }
}

/// A report that begins with the rows that could not be read.
fn of_unread(unread: &[RowError]) -> ImportReport {
    ImportReport {
        errors: unread.to_vec(),
        ..ImportReport::default()
    }
}
