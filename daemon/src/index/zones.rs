//! Owns the time zones candidates are in, each with a number, and which of them a person means by
//! `Asia`, `Kolkata` or `America/New_York`.

use std::collections::HashMap;
use std::sync::Arc;

use super::fold::fold;

/// All zones of a workspace's candidates. Never shrinks: there are only so many in the world.
#[derive(Default)]
pub(super) struct Zones {
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

impl Zones {
    /// The number of an IANA zone.
    pub(super) fn number(&mut self, zone: &str) -> u32 {
        if let Some(number) = self.numbers.get(zone) {
            return *number;
        }
        let name: Arc<str> = zone.into();
        self.names.push(name.clone());
        let number = self.names.len() as u32 - 1;
        self.numbers.insert(name, number);
        number
    }

    pub(super) fn name(&self, number: u32) -> Option<&str> {
        self.names.get(number as usize).map(|name| &**name)
    }

    /// By number, which are meant by one of `texts`: a whole zone, or some of the parts that stand
    /// between its slashes, in any case and with spaces for underscores.
    pub(super) fn wanted(&self, texts: &[String]) -> Vec<bool> {
        let plain = |text: &str| fold(&text.replace('_', " "));
        let texts: Vec<_> = texts.iter().map(|text| plain(text)).collect();
        let meant = |name: &Arc<str>| {
            let name = plain(name);
            let names = |text: &String| {
                name == *text
                    || name.split('/').any(|part| part == text)
                    || name.starts_with(&format!("{text}/"))
            };
            texts.iter().any(names)
        };
        self.names.iter().map(meant).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_meant_by_its_name_its_area_and_its_city() {
        let mut zones = Zones::default();
        for name in ["Asia/Kolkata", "America/New_York", "America/Indiana/Knox"] {
            zones.number(name);
        }
        assert_eq!(zones.number("Asia/Kolkata"), 0);
        let wanted = |text: &str| zones.wanted(&[text.to_owned()]);
        assert_eq!(wanted("asia"), [true, false, false]);
        assert_eq!(wanted("new york"), [false, true, false]);
        assert_eq!(wanted("America"), [false, true, true]);
        assert_eq!(wanted("america/indiana"), [false, false, true]);
        assert_eq!(wanted("Asia/Kolkata"), [true, false, false]);
        assert_eq!(wanted("Kol"), [false; 3]);
    }
}
