//! The names of zones: abbreviations, cities and countries.
//!
//! Owns the vocabulary. Must not decide whether a word is meant as a zone.

use std::collections::HashMap;
use std::sync::OnceLock;

/// What an abbreviation means: a place, and the offset it literally says, in minutes.
pub(super) const SHORT: &[(&str, &str, i32)] = &[
    ("est", "America/New_York", -300),
    ("edt", "America/New_York", -240),
    ("et", "America/New_York", i32::MAX),
    ("cdt", "America/Chicago", -300),
    ("ct", "America/Chicago", i32::MAX),
    ("mst", "America/Denver", -420),
    ("mdt", "America/Denver", -360),
    ("mt", "America/Denver", i32::MAX),
    ("pst", "America/Los_Angeles", -480),
    ("pdt", "America/Los_Angeles", -420),
    ("pt", "America/Los_Angeles", i32::MAX),
    ("akst", "America/Anchorage", -540),
    ("akdt", "America/Anchorage", -480),
    ("hst", "Pacific/Honolulu", -600),
    ("adt", "America/Halifax", -180),
    ("nst", "America/St_Johns", -210),
    ("brt", "America/Sao_Paulo", -180),
    ("art", "America/Argentina/Buenos_Aires", -180),
    ("gmt", "Europe/London", 0),
    ("wet", "Europe/Lisbon", 0),
    ("west", "Europe/Lisbon", 60),
    ("cet", "Europe/Berlin", 60),
    ("cest", "Europe/Berlin", 120),
    ("mez", "Europe/Berlin", 60),
    ("mesz", "Europe/Berlin", 120),
    ("met", "Europe/Berlin", 60),
    ("eet", "Europe/Helsinki", 120),
    ("eest", "Europe/Helsinki", 180),
    ("msk", "Europe/Moscow", 180),
    ("trt", "Europe/Istanbul", 180),
    ("sast", "Africa/Johannesburg", 120),
    ("eat", "Africa/Nairobi", 180),
    ("wat", "Africa/Lagos", 60),
    ("cat", "Africa/Maputo", 120),
    ("gst", "Asia/Dubai", 240),
    ("idt", "Asia/Jerusalem", 180),
    ("pkt", "Asia/Karachi", 300),
    ("npt", "Asia/Kathmandu", 345),
    ("ict", "Asia/Bangkok", 420),
    ("wib", "Asia/Jakarta", 420),
    ("sgt", "Asia/Singapore", 480),
    ("myt", "Asia/Kuala_Lumpur", 480),
    ("hkt", "Asia/Hong_Kong", 480),
    ("pht", "Asia/Manila", 480),
    ("awst", "Australia/Perth", 480),
    ("jst", "Asia/Tokyo", 540),
    ("kst", "Asia/Seoul", 540),
    ("acst", "Australia/Adelaide", 570),
    ("acdt", "Australia/Adelaide", 630),
    ("aest", "Australia/Sydney", 600),
    ("aedt", "Australia/Sydney", 660),
    ("nzst", "Pacific/Auckland", 720),
    ("nzdt", "Pacific/Auckland", 780),
];

/// Abbreviations of several countries: who means which.
pub(super) const SHARED: &[(&str, &[(&str, i32)])] = &[
    (
        "ist",
        &[
            ("Asia/Kolkata", 330),
            ("Asia/Jerusalem", 120),
            ("Europe/Dublin", 60),
        ],
    ),
    (
        "cst",
        &[
            ("America/Chicago", -360),
            ("Asia/Shanghai", 480),
            ("America/Havana", -300),
        ],
    ),
    ("bst", &[("Europe/London", 60), ("Asia/Dhaka", 360)]),
    ("ast", &[("America/Halifax", -240), ("Asia/Riyadh", 180)]),
];

/// Abbreviations that are words, or too short to stand alone.
pub(super) fn doubtful(low: &str) -> bool {
    matches!(
        low,
        "et" | "ct"
            | "mt"
            | "pt"
            | "eat"
            | "cat"
            | "wat"
            | "met"
            | "west"
            | "art"
            | "wet"
            | "ict"
            | "nst"
            | "adt"
            | "brt"
            | "pht"
            | "ast"
            | "bst"
            | "mst"
            | "idt"
    )
}
/// Cities and countries beside those that zones are named after, each with one zone.
const PLACES: &[(&str, &str)] = &[
    ("amman", "Asia/Amman"),
    ("argentina", "America/Argentina/Buenos_Aires"),
    ("atlanta", "America/New_York"),
    ("austin", "America/Chicago"),
    ("austria", "Europe/Vienna"),
    ("bangalore", "Asia/Kolkata"),
    ("bangladesh", "Asia/Dhaka"),
    ("barcelona", "Europe/Madrid"),
    ("beijing", "Asia/Shanghai"),
    ("belgium", "Europe/Brussels"),
    ("bengaluru", "Asia/Kolkata"),
    ("boston", "America/New_York"),
    ("british", "Europe/London"),
    ("bulgaria", "Europe/Sofia"),
    ("cape town", "Africa/Johannesburg"),
    ("chennai", "Asia/Kolkata"),
    ("china", "Asia/Shanghai"),
    ("colombia", "America/Bogota"),
    ("cologne", "Europe/Berlin"),
    ("croatia", "Europe/Zagreb"),
    ("czech", "Europe/Prague"),
    ("dallas", "America/Chicago"),
    ("delhi", "Asia/Kolkata"),
    ("denmark", "Europe/Copenhagen"),
    ("dusseldorf", "Europe/Berlin"),
    ("edinburgh", "Europe/London"),
    ("egypt", "Africa/Cairo"),
    ("england", "Europe/London"),
    ("estonia", "Europe/Tallinn"),
    ("finland", "Europe/Helsinki"),
    ("france", "Europe/Paris"),
    ("frankfurt", "Europe/Berlin"),
    ("french", "Europe/Paris"),
    ("geneva", "Europe/Zurich"),
    ("german", "Europe/Berlin"),
    ("germany", "Europe/Berlin"),
    ("greece", "Europe/Athens"),
    ("hamburg", "Europe/Berlin"),
    ("hanoi", "Asia/Ho_Chi_Minh"),
    ("hong kong", "Asia/Hong_Kong"),
    ("houston", "America/Chicago"),
    ("hungary", "Europe/Budapest"),
    ("hyderabad", "Asia/Kolkata"),
    ("india", "Asia/Kolkata"),
    ("indian", "Asia/Kolkata"),
    ("ireland", "Europe/Dublin"),
    ("irish", "Europe/Dublin"),
    ("israel", "Asia/Jerusalem"),
    ("israeli", "Asia/Jerusalem"),
    ("italy", "Europe/Rome"),
    ("japan", "Asia/Tokyo"),
    ("kenya", "Africa/Nairobi"),
    ("korea", "Asia/Seoul"),
    ("krakow", "Europe/Warsaw"),
    ("kyiv", "Europe/Kyiv"),
    ("la", "America/Los_Angeles"),
    ("latvia", "Europe/Riga"),
    ("lithuania", "Europe/Vilnius"),
    ("lyon", "Europe/Paris"),
    ("manchester", "Europe/London"),
    ("miami", "America/New_York"),
    ("milan", "Europe/Rome"),
    ("montreal", "America/Toronto"),
    ("mumbai", "Asia/Kolkata"),
    ("munich", "Europe/Berlin"),
    ("netherlands", "Europe/Amsterdam"),
    ("new delhi", "Asia/Kolkata"),
    ("new york", "America/New_York"),
    ("new york city", "America/New_York"),
    ("nigeria", "Africa/Lagos"),
    ("norway", "Europe/Oslo"),
    ("ny", "America/New_York"),
    ("nyc", "America/New_York"),
    ("osaka", "Asia/Tokyo"),
    ("ottawa", "America/Toronto"),
    ("pakistan", "Asia/Karachi"),
    ("peru", "America/Lima"),
    ("philadelphia", "America/New_York"),
    ("philippines", "Asia/Manila"),
    ("poland", "Europe/Warsaw"),
    ("porto", "Europe/Lisbon"),
    ("pune", "Asia/Kolkata"),
    ("rio", "America/Sao_Paulo"),
    ("romania", "Europe/Bucharest"),
    ("san diego", "America/Los_Angeles"),
    ("san francisco", "America/Los_Angeles"),
    ("saudi arabia", "Asia/Riyadh"),
    ("scotland", "Europe/London"),
    ("seattle", "America/Los_Angeles"),
    ("serbia", "Europe/Belgrade"),
    ("sf", "America/Los_Angeles"),
    ("shenzhen", "Asia/Shanghai"),
    ("singapore", "Asia/Singapore"),
    ("slovakia", "Europe/Bratislava"),
    ("slovenia", "Europe/Ljubljana"),
    ("south africa", "Africa/Johannesburg"),
    ("south korea", "Asia/Seoul"),
    ("spain", "Europe/Madrid"),
    ("stuttgart", "Europe/Berlin"),
    ("sweden", "Europe/Stockholm"),
    ("swiss", "Europe/Zurich"),
    ("switzerland", "Europe/Zurich"),
    ("taiwan", "Asia/Taipei"),
    ("tel aviv", "Asia/Jerusalem"),
    ("thailand", "Asia/Bangkok"),
    ("turkey", "Europe/Istanbul"),
    ("uae", "Asia/Dubai"),
    ("uk", "Europe/London"),
    ("ukraine", "Europe/Kyiv"),
    ("united kingdom", "Europe/London"),
    ("vietnam", "Asia/Ho_Chi_Minh"),
    ("washington", "America/New_York"),
    ("são paulo", "America/Sao_Paulo"),
    ("bogotá", "America/Bogota"),
    ("zürich", "Europe/Zurich"),
    ("münchen", "Europe/Berlin"),
    ("köln", "Europe/Berlin"),
    ("düsseldorf", "Europe/Berlin"),
    ("malmö", "Europe/Stockholm"),
];

/// Names of zones' cities that are common words too.
fn common_word(name: &str) -> bool {
    matches!(
        name,
        "east"
            | "west"
            | "north"
            | "south"
            | "central"
            | "mountain"
            | "pacific"
            | "general"
            | "eastern"
            | "center"
            | "wake"
            | "easter"
            | "resolute"
            | "rome time"
            | "easterisland"
            | "nome"
            | "guam time"
            | "troll"
            | "vostok"
            | "mawson"
            | "casey"
            | "davis"
            | "gaza"
            | "marengo"
            | "vincennes"
            | "knox"
            | "winnipeg time"
            | "universal"
            | "zulu"
            | "greenwich"
            | "aleutian"
            | "arizona time"
            | "bering"
            | "midway"
            | "jan mayen"
            | "act"
            | "lhi"
            | "nsw"
            | "acre"
            | "thunder bay"
            | "michigan time"
            | "prc"
            | "roc"
            | "rok"
            | "navajo"
            | "eire"
            | "factory"
            | "la"
            | "nauru time"
            | "truk"
            | "yap"
            | "johnston"
    )
}

/// IANA names by what people call their cities.
pub(super) fn cities() -> &'static HashMap<String, String> {
    static CITIES: OnceLock<HashMap<String, String>> = OnceLock::new();
    CITIES.get_or_init(|| {
        let mut cities = HashMap::new();
        for name in jiff::tz::db().available() {
            let name = name.as_str();
            let Some((area, city)) = name.rsplit_once('/') else {
                continue;
            };
            if matches!(
                area,
                "Etc"
                    | "SystemV"
                    | "posix"
                    | "right"
                    | "US"
                    | "Canada"
                    | "Mexico"
                    | "Brazil"
                    | "Chile"
            ) {
                continue;
            }
            let city = city.replace('_', " ").to_lowercase();
            if !common_word(&city) {
                cities.entry(city).or_insert_with(|| name.to_owned());
            }
        }
        for (place, zone) in PLACES {
            cities.insert((*place).to_owned(), (*zone).to_owned());
        }
        cities
    })
}
