//! In which order a country writes day and month.

use crate::schedule::reading::said::Order;

/// In which order day and month are written: by the locale's country, else by the zone's.
pub(in crate::schedule::reading) fn order(locale: Option<&str>, zone: &str) -> Order {
    let country = locale.and_then(|locale| {
        let name = locale.split(['.', '@']).next()?;
        let (_, country) = name.split_once(['_', '-'])?;
        Some(country.to_ascii_uppercase())
    });
    match country.as_deref() {
        Some("US" | "PR" | "GU" | "VI" | "AS" | "MP" | "UM" | "PH") => Order::MonthFirst,
        Some("CA") => Order::Both,
        Some(_) => Order::DayFirst,
        None => order_in(zone),
    }
}

fn order_in(zone: &str) -> Order {
    let city = zone.rsplit('/').next().unwrap_or(zone);
    if zone.starts_with("US/")
        || zone.starts_with("America/Indiana/")
        || zone.starts_with("America/Kentucky/")
        || zone.starts_with("America/North_Dakota/")
        || matches!(
            zone,
            "EST5EDT"
                | "CST6CDT"
                | "MST7MDT"
                | "PST8PDT"
                | "EST"
                | "MST"
                | "HST"
                | "Navajo"
                | "Asia/Manila"
        )
    {
        return Order::MonthFirst;
    }
    let american = zone.starts_with("America/") || zone.starts_with("Pacific/");
    let us = matches!(
        city,
        "New_York"
            | "Detroit"
            | "Chicago"
            | "Menominee"
            | "Denver"
            | "Boise"
            | "Phoenix"
            | "Los_Angeles"
            | "Anchorage"
            | "Juneau"
            | "Sitka"
            | "Metlakatla"
            | "Yakutat"
            | "Nome"
            | "Adak"
            | "Honolulu"
            | "Puerto_Rico"
            | "St_Thomas"
            | "Guam"
            | "Saipan"
            | "Pago_Pago"
            | "Midway"
            | "Wake"
            | "Johnston"
            | "Indianapolis"
            | "Louisville"
            | "Fort_Wayne"
            | "Shiprock"
            | "Knox_IN"
    );
    let canada = matches!(
        city,
        "Toronto"
            | "Vancouver"
            | "Montreal"
            | "Halifax"
            | "Winnipeg"
            | "Edmonton"
            | "Regina"
            | "St_Johns"
            | "Moncton"
            | "Glace_Bay"
            | "Goose_Bay"
            | "Iqaluit"
            | "Nipigon"
            | "Thunder_Bay"
            | "Rainy_River"
            | "Rankin_Inlet"
            | "Resolute"
            | "Swift_Current"
            | "Cambridge_Bay"
            | "Yellowknife"
            | "Inuvik"
            | "Dawson"
            | "Dawson_Creek"
            | "Fort_Nelson"
            | "Creston"
            | "Whitehorse"
            | "Atikokan"
            | "Blanc-Sablon"
            | "Pangnirtung"
    );
    match (
        american && us,
        zone.starts_with("Canada/") || (american && canada),
    ) {
        (true, _) => Order::MonthFirst,
        (_, true) => Order::Both,
        _ => Order::DayFirst,
    }
}
