//! Reading a folder by Microsoft Graph. It is looked at and left as it is.
//!
//! How far it was read is a record that moves on in the commit that handles a message, so each is
//! handled once: after a kill, and also where Graph lists everything again.

use super::crashes::Visit;
use super::receive::{Place, Reader, not_noted};
use crate::mail::graph::{Graph, Link, Listed, ReadTo};

/// Pages that are read in one look; the next goes on there.
const MOST_PAGES: usize = 100;

impl Reader {
    /// Reads what is new in a folder.
    pub(super) async fn look_at_graph(
        &self,
        place: &Place,
        graph: &Graph,
        folder: &str,
    ) -> Result<(), String> {
        for _ in 0..MOST_PAGES {
            if !self.visit_graph(place, graph, folder).await? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Reads a page, and says whether there is more.
    async fn visit_graph(
        &self,
        place: &Place,
        graph: &Graph,
        folder: &str,
    ) -> Result<bool, String> {
        let mut read_to = self.known::<ReadTo>(place).await?;
        let page = graph.page(folder, &read_to, self.now()).await;
        let Some(page) = page.map_err(|trouble| trouble.to_string())? else {
            tracing::info!(mailbox = %graph.name(), "Microsoft does not know how far was read; it is listed again");
            read_to.begin_again();
            self.note_at(place, &read_to).await?;
            return Ok(true);
        };
        if page.messages.iter().any(|it| !read_to.has_handled(it)) {
            let visit = self.begin(&place.inbox).await?;
            let read = self.read_page(&visit, place, graph, &mut read_to, &page.messages);
            let read = read.await;
            visit.end().await.map_err(not_noted)?;
            read?;
        }
        let more = matches!(page.link, Link::More(_));
        read_to.page_read(page.link);
        self.note_at(place, &read_to).await?;
        Ok(more)
    }

    async fn read_page(
        &self,
        visit: &Visit<'_>,
        place: &Place,
        graph: &Graph,
        read_to: &mut ReadTo,
        messages: &[Listed],
    ) -> Result<(), String> {
        for listed in messages {
            // A page may name one several times.
            if read_to.has_handled(listed) {
                continue;
            }
            let bytes = graph.message(listed).await;
            let bytes = bytes.map_err(|trouble| trouble.to_string())?;
            read_to.handled(listed);
            // One that was deleted meanwhile is no loss.
            let Some(bytes) = bytes else { continue };
            let email = format!("{} in the mailbox of {}", listed.id, graph.name());
            let read = self.read_one(visit, &email, bytes).await?;
            self.settle_at(place, &email, read, read_to).await?;
        }
        Ok(())
    }
}
