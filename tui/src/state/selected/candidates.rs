//! Who is selected among the candidates, and what is searched for.

use greenroom_protocol::pipeline::{CandidatePage, CandidateRow, CandidateSort, CandidateView};

use super::filters::{Filters, Wanted};
use super::marks::Marks;
use crate::keys::Command;
use crate::widgets::{List, TextInput};

/// Where a person is among the candidates.
#[derive(Debug, Default)]
pub(crate) struct CandidatesView {
    pub(crate) query: TextInput,
    typing: bool,
    open: bool,
    pub(crate) list: List,
    /// Who is marked, so that a key acts on all of them.
    pub(crate) marks: Marks,
    /// Which candidates it shows.
    pub(crate) filters: Filters,
    /// The saved view that was chosen last, by name; the list may show something else since.
    view: Option<String>,
    /// What the list is sorted by.
    pub(crate) sort: CandidateSort,
    /// Whether it shows those who are not active.
    pub(crate) archived: bool,
    /// What was typed is not answered yet.
    searching: bool,
}

impl CandidatesView {
    /// What is searched for.
    pub(crate) fn search(&self) -> &str {
        self.query.value()
    }

    pub(crate) fn is_typing(&self) -> bool {
        self.typing
    }

    /// Whether the preview fills the screen, where there is no room for both.
    pub(crate) fn is_open(&self) -> bool {
        self.open
    }

    pub(crate) fn start_typing(&mut self) {
        self.typing = true;
        self.open = false;
    }

    pub(crate) fn stop_typing(&mut self) {
        self.typing = false;
    }

    pub(crate) fn set_open(&mut self, open: bool) {
        self.open = open;
    }

    /// What was typed changed: the best match is the first row again.
    pub(crate) fn searched(&mut self) {
        self.list.select(0);
        self.searching = true;
    }

    /// Whether the list that arrives now is of the same search as the one before.
    pub(crate) fn is_same_search(&self) -> bool {
        !self.searching
    }

    /// The list of what was typed is there.
    pub(crate) fn answered(&mut self) {
        self.searching = false;
    }

    pub(crate) fn selected<'a>(&self, page: &'a CandidatePage) -> Option<&'a CandidateRow> {
        page.items.get(self.list.selected(page.items.len())?)
    }

    /// Everyone who is marked, in the order of the list.
    pub(crate) fn marked<'a>(&self, page: &'a CandidatePage) -> Vec<&'a CandidateRow> {
        let selected = self.list.selected(page.items.len());
        let marked = self.marks.among(&page.items, selected).into_iter();
        marked.map(|at| &page.items[at]).collect()
    }

    /// Marks who is selected, a range from there, or everyone shown.
    pub(crate) fn mark(&mut self, command: Command, page: &CandidatePage) {
        self.marks.mark(command, &page.items, &mut self.list);
    }

    /// Ends a range: who is in it stays marked, wherever the selection goes.
    pub(crate) fn settle_marks(&mut self, page: Option<&CandidatePage>) {
        if let Some(page) = page {
            let selected = self.list.selected(page.items.len());
            self.marks.end(&page.items, selected);
        }
    }

    /// Sorts the list by something else; it begins at its first row again.
    pub(crate) fn sort_next(&mut self) {
        self.sort = match self.sort {
            CandidateSort::Name => CandidateSort::Stage,
            CandidateSort::Stage => CandidateSort::Since,
            CandidateSort::Since => CandidateSort::Added,
            CandidateSort::Added => CandidateSort::Name,
        };
        self.searched();
    }

    /// Shows everybody again.
    pub(crate) fn clear_filters(&mut self) {
        self.show(Wanted {
            filters: Filters::default(),
            view: None,
            ..self.wanted()
        });
    }

    /// Shows just this.
    pub(crate) fn show(&mut self, wanted: Wanted) {
        if wanted.text != self.search() {
            self.query.set(&wanted.text);
        }
        self.filters = wanted.filters;
        self.sort = wanted.sort;
        self.archived = wanted.archived;
        self.view = wanted.view;
        self.marks.clear();
        self.searched();
    }

    /// What it shows.
    pub(crate) fn wanted(&self) -> Wanted {
        Wanted {
            filters: self.filters.clone(),
            text: self.search().to_owned(),
            sort: self.sort,
            archived: self.archived,
            view: self.view.clone(),
        }
    }

    /// The saved view of `views` that it shows, unless something was changed since it was chosen.
    pub(crate) fn view<'a>(&self, views: &'a [CandidateView]) -> Option<&'a CandidateView> {
        let name = self.view.as_deref()?;
        let view = views.iter().find(|view| view.name == name)?;
        self.wanted().is(view).then_some(view)
    }

    /// Shows those who are not active, or those who are.
    pub(crate) fn turn_archived(&mut self) {
        self.archived = !self.archived;
        self.marks.clear();
        self.searched();
    }

    pub(crate) fn go(&mut self, command: Command, len: usize) -> bool {
        let mut moved = false;
        for _ in 0..self.marks.take_count() {
            moved = self.list.go(command, len);
        }
        moved
    }

    /// Keeps the same person selected when the list is another one.
    pub(crate) fn follow(&mut self, before: Option<&CandidateRow>, page: &CandidatePage) {
        let Some(before) = before else { return };
        if let Some(at) = page.items.iter().position(|row| row.id == before.id) {
            self.list.select(at);
        }
    }

    /// Whether the selection is so near the end that more rows should be asked for.
    pub(crate) fn is_near_end(&self, len: usize) -> bool {
        self.list.selected(len).is_some_and(|at| at + 50 > len)
    }
}
