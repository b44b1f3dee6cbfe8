//! Owns the HTML a person sees: no JavaScript, every value escaped, SANDBOX always in sight.

/// The pages of one vendor, by its name.
pub(super) struct Page(pub(super) &'static str);

impl Page {
    /// A page that only says something.
    pub(super) fn plain(&self, title: &str, text: &str) -> String {
        let text = escaped(text);
        let body = format!("<h1>{}</h1>\n<p>{text}</p>", escaped(title));
        self.framed(title, &body)
    }

    /// A page around this HTML.
    pub(super) fn framed(&self, title: &str, body: &str) -> String {
        let (vendor, title) = (self.0, escaped(title));
        format!(
            "<!doctype html>\n<html lang=\"en\">\n\
             <head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
             <body>\n<p><strong>SANDBOX</strong>: this is not {vendor}.</p>\n{body}\n</body>\n\
             </html>\n"
        )
    }
}

pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// `dana.reyes@…` is called Dana Reyes.
pub(super) fn name_of(email: &str) -> String {
    let local = email.split('@').next().unwrap_or_default();
    let words = local.split(['.', '_', '-']).map(|word| {
        let mut letters = word.chars();
        let first = letters
            .next()
            .map(|letter| letter.to_uppercase().to_string());
        first.unwrap_or_default() + letters.as_str()
    });
    words.collect::<Vec<_>>().join(" ")
}
