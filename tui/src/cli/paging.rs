//! `--limit`, `--all`, `--cursor`: from a list of any length to the rows that were asked for.

use clap::Args;
use greenroom_protocol::Error;
use greenroom_protocol::page::{DEFAULT_LIMIT, MOST, Page};

/// How much of a list.
#[derive(Debug, Clone, Args)]
pub(crate) struct Paging {
    /// Maximum number of rows
    #[arg(long, value_name = "N", default_value_t = DEFAULT_LIMIT, conflicts_with = "all",
          value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// List everything
    #[arg(long)]
    all: bool,
    /// Continue after the last page: its `next` value
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
}

impl Paging {
    /// The whole of a list.
    pub(crate) fn everything() -> Self {
        Self {
            limit: DEFAULT_LIMIT,
            all: true,
            cursor: None,
        }
    }

    /// Fetches pages until there are as many rows as wanted.
    pub(crate) async fn fetch<T>(
        self,
        mut page: impl AsyncFnMut(Option<String>, u32) -> Result<Page<T>, Error>,
    ) -> Result<Page<T>, Error> {
        let mut wanted = if self.all { u32::MAX } else { self.limit };
        let mut rows = page(self.cursor, wanted.min(MOST)).await?;
        loop {
            let have = u32::try_from(rows.items.len()).unwrap_or(u32::MAX);
            if have >= wanted || rows.next.is_none() {
                return Ok(rows);
            }
            let more = page(rows.next.take(), (wanted - have).min(MOST)).await?;
            if more.items.is_empty() {
                // A list that shrinks while it is read ends here.
                wanted = 0;
            }
            rows.items.extend(more.items);
            (rows.total, rows.next) = (more.total, more.next);
        }
    }

    /// The part asked for of a list that comes whole; its cursor is a number of rows.
    pub(crate) fn part<T>(self, whole: Page<T>) -> Result<Page<T>, Error> {
        let cursor = self.cursor.as_deref().unwrap_or("0");
        let skip: usize = cursor
            .parse()
            .map_err(|_| Error::usage("--cursor is not from this list").field("cursor"))?;
        let limit = if self.all {
            usize::MAX
        } else {
            self.limit as usize
        };
        let end = skip.saturating_add(limit);
        let next = (end < whole.items.len()).then(|| end.to_string());
        Ok(Page {
            items: whole.items.into_iter().skip(skip).take(limit).collect(),
            total: whole.total,
            next,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paging(limit: u32, all: bool, cursor: Option<&str>) -> Paging {
        let cursor = cursor.map(str::to_owned);
        Paging { limit, all, cursor }
    }

    /// A daemon with 1 234 rows that never gives more than it may.
    async fn daemon(cursor: Option<String>, limit: u32) -> Result<Page<u32>, Error> {
        assert!((1..=MOST).contains(&limit));
        let first: u32 = cursor.map_or(0, |cursor| cursor.parse().unwrap());
        let end = (first + limit).min(1234);
        Ok(Page {
            items: (first..end).collect(),
            total: 1234,
            next: (end < 1234).then(|| end.to_string()),
        })
    }

    #[tokio::test]
    async fn as_many_pages_as_needed_are_fetched() {
        for (limit, all, cursor, rows, next) in [
            (100, false, None, 0..100, Some("100")),
            (700, false, None, 0..700, Some("700")),
            (700, false, Some("700"), 700..1234, None),
            (100, true, None, 0..1234, None),
            (9999, false, None, 0..1234, None),
        ] {
            let page = paging(limit, all, cursor).fetch(daemon).await.unwrap();
            assert_eq!(page.items, rows.collect::<Vec<_>>());
            assert_eq!(page.next.as_deref(), next);
            assert_eq!(page.total, 1234);
        }
    }

    #[test]
    fn lists_that_come_whole_are_cut_here() {
        let whole = || Page::whole(vec![1, 2, 3]);
        let page = paging(2, false, None).part(whole()).unwrap();
        assert_eq!((page.items, page.next.as_deref()), (vec![1, 2], Some("2")));
        let page = paging(2, false, Some("2")).part(whole()).unwrap();
        assert_eq!((page.items, page.next.as_deref()), (vec![3], None));
        assert!(paging(2, false, Some("x")).part(whole()).is_err());
    }
}
