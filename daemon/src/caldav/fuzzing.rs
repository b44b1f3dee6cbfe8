//! What the fuzz target of CalDAV reaches into this room for.

use super::answer;

/// Reads an answer in each of the ways it may be read; the texts of entries in it.
#[must_use]
pub fn entries(text: &str) -> Vec<String> {
    let _ = answer::places(text);
    let _ = answer::answered(text);
    let given = answer::entries(text).unwrap_or_default();
    let texts = given.into_iter().map(|it| match it {
        answer::Given::Text(text) => text,
        answer::Given::Not(_) => String::new(),
    });
    texts.collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Pieces that answers are made of, in an order that none of them has.
    const PIECES: &[&str] = &[
        "<d:multistatus xmlns:d='DAV:' xmlns:c='urn:ietf:params:xml:ns:caldav'>",
        "</d:multistatus>",
        "<d:response>",
        "</d:response>",
        "<d:propstat><d:prop>",
        "</d:prop></d:propstat>",
        "<c:calendar-data>",
        "</c:calendar-data>",
        "<d:status>HTTP/1.1 507 X</d:status>",
        "<x xmlns='DAV:' name='\u{fc}'/>",
        "<![CDATA[",
        "]]>",
        "&#x10FFFF;",
        "&#xD800;",
        "&amp;",
        "<!-- - -->",
        "<?x?>",
        "<",
        "\u{1f600}",
    ];

    proptest! {
        #[test]
        fn whatever_a_server_writes_is_read_in_its_own_size(
            picks in prop::collection::vec((0..PIECES.len(), any::<Option<char>>()), 0..60),
        ) {
            let mut text = String::new();
            for (n, odd) in picks {
                text.push_str(PIECES[n]);
                text.extend(odd);
            }
            let texts = entries(&text);
            prop_assert!(texts.iter().map(String::len).sum::<usize>() <= text.len());
        }
    }
}
