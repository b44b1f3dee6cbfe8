//! Paths of files.

use std::path::PathBuf;

/// A path as it was typed; `~/` is the person's home.
pub(crate) fn at_home(typed: &str) -> PathBuf {
    let home = std::env::home_dir();
    let from_home = typed.strip_prefix("~/").zip(home);
    from_home.map_or_else(|| PathBuf::from(typed), |(path, home)| home.join(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_tilde_and_a_slash_at_the_beginning_are_the_home() {
        let home = std::env::home_dir().unwrap();
        assert_eq!(at_home("~/a.csv"), home.join("a.csv"));
        for typed in ["a.csv", "~dana/a.csv", "/tmp/~/a.csv"] {
            assert_eq!(at_home(typed), PathBuf::from(typed));
        }
    }
}
