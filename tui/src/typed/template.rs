//! A template as one text, for an editor or a file: its subject on the first line, a blank line, and
//! what it says.
//!
//! Pure. Invariant: what is written is read as the same; a text that does not begin with a subject
//! has none.

/// What stands before the subject.
const SUBJECT: &str = "Subject:";

/// Subject and text as one.
pub(crate) fn sheet(subject: &str, text: &str) -> String {
    format!("{SUBJECT} {subject}\n\n{text}\n")
}

/// The subject, where there is one, and the text.
pub(crate) fn read(sheet: &str) -> (Option<String>, String) {
    let sheet = sheet.strip_prefix('\u{feff}').unwrap_or(sheet);
    let sheet = sheet.replace("\r\n", "\n");
    let (first, rest) = sheet.split_once('\n').unwrap_or((&sheet, ""));
    let Some(subject) = first.strip_prefix(SUBJECT) else {
        return (None, sheet.trim_end().to_owned());
    };
    let text = rest.trim_matches('\n').trim_end();
    (Some(subject.trim().to_owned()), text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_read_as_it_is_written() {
        let text = "Hello,\n\n  1  now\n\nBye";
        let whole = sheet("About {{job}}", text);
        assert_eq!(read(&whole), (Some("About {{job}}".into()), text.into()));
        let foreign = format!("\u{feff}{}", whole.replace('\n', "\r\n"));
        assert_eq!(read(&foreign), (Some("About {{job}}".into()), text.into()));
    }

    #[test]
    fn a_text_without_a_subject_keeps_the_subject_there_is() {
        assert_eq!(read("Hello,\nbye\n"), (None, "Hello,\nbye".into()));
        assert_eq!(read("Subject: only"), (Some("only".into()), String::new()));
    }
}
