//! Candidates from a CSV or JSON file: read, tried without writing, then imported.
//!
//! Owns the order of these steps. The file is read on this side and sent in pages; the daemon says
//! row by row what is wrong. Nothing is written before the dry run was seen.

use std::path::PathBuf;

use greenroom_protocol::pipeline::{ImportPage, ImportReport, ImportRow, RowError};
use greenroom_protocol::service::GreenroomRequest as Q;
use ratatui::layout::Rect;

use super::super::fill::{at_home, line, needed};
use super::super::{Extra, Form, FormKey, Name};
use crate::cli::import::Counted;
use crate::forms::sheet::Sheet;
use crate::theme;
use crate::widgets::{Canvas, below, row, rows, text};

/// Errors shown at once.
const SHOWN: usize = 8;

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

/// What comes after an answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Another page.
    Page,
    /// The dry run is there to be read.
    Read,
    /// Everything is imported; the words for it.
    Done(String),
}

impl Import {
    /// Takes what a file holds.
    pub(crate) fn load(
        &mut self,
        path: &str,
        pages: Vec<Vec<ImportRow>>,
        unread: Vec<RowError>,
        counted: Counted,
    ) {
        let report = ImportReport {
            errors: unread.clone(),
            ..ImportReport::default()
        };
        *self = Self {
            path: path.to_owned(),
            pages,
            unread,
            counted,
            report,
            ..Self::default()
        };
    }

    /// Adds up what a page came to.
    pub(crate) fn take(&mut self, page: ImportReport) -> Next {
        self.report.added += page.added;
        self.report.applied += page.applied;
        self.report.unchanged += page.unchanged;
        self.report.errors.extend(page.errors);
        if self.sent < self.pages.len() {
            return Next::Page;
        }
        if page.dry_run {
            self.tried = true;
            return Next::Read;
        }
        Next::Done(self.sum("added", "left out"))
    }

    /// A page was refused as a whole: begin again.
    pub(crate) fn restart(&mut self) {
        *self = Self::default();
    }

    pub(in super::super) fn height(&self) -> u16 {
        if !self.tried {
            return 0;
        }
        let errors = u16::try_from(self.report.errors.len().min(SHOWN + 1)).unwrap_or(0);
        2 + errors
    }

    pub(in super::super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if !self.tried {
            return;
        }
        canvas.text(
            row(area, 0),
            &self.sum("to add", "to leave out"),
            theme::STRONG,
        );
        let rest = below(area, 1);
        for (place, error) in rows(rest).zip(self.report.errors.iter().take(SHOWN)) {
            let words = format!(
                "  {} {:>4}  {}: {}",
                self.counted, error.line, error.field, error.message
            );
            canvas.text(place, &words, theme::WAIT);
        }
        let hidden = self.report.errors.len().saturating_sub(SHOWN);
        if hidden > 0 {
            let place = row(rest, u16::try_from(SHOWN).unwrap_or(8));
            canvas.text(place, &format!("  and {hidden} more"), theme::DIM);
        }
    }

    fn sum(&self, added: &str, left: &str) -> String {
        let report = &self.report;
        let counts = [
            (report.added, added),
            (report.applied, "for another job"),
            (report.unchanged, "known already"),
            (report.errors.len() as u64, left),
        ];
        let told = counts.iter().filter(|(count, _)| *count > 0);
        let told: Vec<_> = told
            .map(|(count, words)| format!("{count} {words}"))
            .collect();
        if told.is_empty() {
            "nothing to import".to_owned()
        } else {
            told.join(" · ")
        }
    }
}

pub(in super::super) fn form(key: FormKey) -> Form {
    let columns = "CSV or JSON: name, email; phone, zone, source, job, stage";
    let sheet = Sheet::new(vec![line(Name::File, "File", "").hint(columns)]);
    let mut form = Form::new(key, "Import candidates", "Try it", sheet);
    form.extra = Extra::Import(Import::default());
    form
}

pub(in super::super) fn refresh(form: &mut Form) {
    let path = form.sheet.text(Name::File).to_owned();
    let Extra::Import(import) = &mut form.extra else {
        return;
    };
    if import.path != path {
        import.restart();
    }
    form.button = if import.tried { "Import" } else { "Try it" };
}

/// The file to read first, if it was not read yet.
pub(crate) fn file(form: &mut Form) -> Option<PathBuf> {
    let Extra::Import(import) = &form.extra else {
        return None;
    };
    if !import.pages.is_empty() {
        return None;
    }
    let path = needed(
        &mut form.sheet,
        Name::File,
        "the path of a CSV or JSON file",
    )?;
    Some(at_home(&path))
}

pub(in super::super) fn request(form: &mut Form) -> Option<Q> {
    let Extra::Import(import) = &mut form.extra else {
        return None;
    };
    if import.sent >= import.pages.len() && import.tried {
        // The dry run was read: now in earnest, from the beginning.
        import.sent = 0;
        import.report = ImportReport {
            errors: import.unread.clone(),
            ..ImportReport::default()
        };
    }
    let rows = import.pages.get(import.sent)?.clone();
    import.sent += 1;
    Some(Q::CandidateImport {
        page: ImportPage {
            rows,
            dry_run: !import.tried,
        },
    })
}

/// What to say of a file that holds nothing.
pub(crate) fn nothing_in(path: &str) -> String {
    format!("{} holds no candidates", text::clean(path))
}
