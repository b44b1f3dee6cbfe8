//! Places that guidance may name: continents, and countries with their zones.
//!
//! Source: zone.tab of the time zone database, 2026a, and former names that machines still have.

/// A continent, by the names people give it and the first parts of its zones.
pub(super) const CONTINENTS: [(&str, &[&str], &[&str]); 5] = [
    ("Africa", &["africa", "african"], &["Africa/"]),
    (
        "the Americas",
        &["america", "americas"],
        &["America/", "US/", "Canada/"],
    ),
    ("Asia", &["asia", "asian"], &["Asia/"]),
    (
        "Australia and the Pacific",
        &["oceania"],
        &["Australia/", "Pacific/"],
    ),
    ("Europe", &["europe", "european"], &["Europe/"]),
];

/// A country: as it is shown, by the names people give it, and its zones.
#[rustfmt::skip]
pub(super) const COUNTRIES: &[(&str, &[&str], &[&str])] = &[
    ("India", &["india", "indian"], &["Asia/Kolkata", "Asia/Calcutta"]),
    ("Germany", &["germany", "german"], &["Europe/Berlin", "Europe/Busingen"]),
    ("the UK", &["uk", "britain", "british", "england", "united kingdom", "great britain"], &["Europe/London"]),
    ("the US", &["usa", "united states"], &["America/New_York", "America/Detroit", "America/Kentucky/Louisville", "America/Kentucky/Monticello", "America/Indiana/Indianapolis", "America/Indiana/Vincennes", "America/Indiana/Winamac", "America/Indiana/Marengo", "America/Indiana/Petersburg", "America/Indiana/Vevay", "America/Chicago", "America/Indiana/Tell_City", "America/Indiana/Knox", "America/Menominee", "America/North_Dakota/Center", "America/North_Dakota/New_Salem", "America/North_Dakota/Beulah", "America/Denver", "America/Boise", "America/Phoenix", "America/Los_Angeles", "America/Anchorage", "America/Juneau", "America/Sitka", "America/Metlakatla", "America/Yakutat", "America/Nome", "America/Adak", "Pacific/Honolulu"]),
    ("Canada", &["canada", "canadian"], &["America/St_Johns", "America/Halifax", "America/Glace_Bay", "America/Moncton", "America/Goose_Bay", "America/Blanc-Sablon", "America/Toronto", "America/Iqaluit", "America/Atikokan", "America/Winnipeg", "America/Resolute", "America/Rankin_Inlet", "America/Regina", "America/Swift_Current", "America/Edmonton", "America/Cambridge_Bay", "America/Inuvik", "America/Creston", "America/Dawson_Creek", "America/Fort_Nelson", "America/Whitehorse", "America/Dawson", "America/Vancouver"]),
    ("France", &["france", "french"], &["Europe/Paris"]),
    ("Spain", &["spain", "spanish"], &["Europe/Madrid", "Africa/Ceuta", "Atlantic/Canary"]),
    ("Portugal", &["portugal", "portuguese"], &["Europe/Lisbon", "Atlantic/Madeira", "Atlantic/Azores"]),
    ("Italy", &["italy", "italian"], &["Europe/Rome"]),
    ("the Netherlands", &["netherlands", "dutch"], &["Europe/Amsterdam"]),
    ("Belgium", &["belgium", "belgian"], &["Europe/Brussels"]),
    ("Switzerland", &["switzerland", "swiss"], &["Europe/Zurich"]),
    ("Austria", &["austria", "austrian"], &["Europe/Vienna"]),
    ("Poland", &["poland", "polish"], &["Europe/Warsaw"]),
    ("Czechia", &["czechia", "czech republic", "czech"], &["Europe/Prague"]),
    ("Sweden", &["sweden", "swedish"], &["Europe/Stockholm"]),
    ("Norway", &["norway", "norwegian"], &["Europe/Oslo"]),
    ("Denmark", &["denmark", "danish"], &["Europe/Copenhagen"]),
    ("Finland", &["finland", "finnish"], &["Europe/Helsinki"]),
    ("Ireland", &["ireland", "irish"], &["Europe/Dublin"]),
    ("Romania", &["romania", "romanian"], &["Europe/Bucharest"]),
    ("Ukraine", &["ukraine", "ukrainian"], &["Europe/Simferopol", "Europe/Kyiv", "Europe/Kiev"]),
    ("Turkey", &["turkey", "turkish"], &["Europe/Istanbul"]),
    ("Greece", &["greece", "greek"], &["Europe/Athens"]),
    ("Hungary", &["hungary", "hungarian"], &["Europe/Budapest"]),
    ("Brazil", &["brazil", "brazilian"], &["America/Noronha", "America/Belem", "America/Fortaleza", "America/Recife", "America/Araguaina", "America/Maceio", "America/Bahia", "America/Sao_Paulo", "America/Campo_Grande", "America/Cuiaba", "America/Santarem", "America/Porto_Velho", "America/Boa_Vista", "America/Manaus", "America/Eirunepe", "America/Rio_Branco"]),
    ("Mexico", &["mexico", "mexican"], &["America/Mexico_City", "America/Cancun", "America/Merida", "America/Monterrey", "America/Matamoros", "America/Chihuahua", "America/Ciudad_Juarez", "America/Ojinaga", "America/Mazatlan", "America/Bahia_Banderas", "America/Hermosillo", "America/Tijuana"]),
    ("Argentina", &["argentina", "argentinian"], &["America/Argentina/Buenos_Aires", "America/Argentina/Cordoba", "America/Argentina/Salta", "America/Argentina/Jujuy", "America/Argentina/Tucuman", "America/Argentina/Catamarca", "America/Argentina/La_Rioja", "America/Argentina/San_Juan", "America/Argentina/Mendoza", "America/Argentina/San_Luis", "America/Argentina/Rio_Gallegos", "America/Argentina/Ushuaia", "America/Buenos_Aires"]),
    ("Colombia", &["colombia", "colombian"], &["America/Bogota"]),
    ("Chile", &["chile", "chilean"], &["America/Santiago", "America/Coyhaique", "America/Punta_Arenas", "Pacific/Easter"]),
    ("Japan", &["japan", "japanese"], &["Asia/Tokyo"]),
    ("China", &["china", "chinese"], &["Asia/Shanghai", "Asia/Urumqi"]),
    ("South Korea", &["korea", "korean", "south korea"], &["Asia/Seoul"]),
    ("Singapore", &["singapore"], &["Asia/Singapore"]),
    ("Australia", &["australia", "australian"], &["Australia/Lord_Howe", "Antarctica/Macquarie", "Australia/Hobart", "Australia/Melbourne", "Australia/Sydney", "Australia/Broken_Hill", "Australia/Brisbane", "Australia/Lindeman", "Australia/Adelaide", "Australia/Darwin", "Australia/Perth", "Australia/Eucla"]),
    ("New Zealand", &["new zealand"], &["Pacific/Auckland", "Pacific/Chatham"]),
    ("South Africa", &["south africa"], &["Africa/Johannesburg"]),
    ("Nigeria", &["nigeria", "nigerian"], &["Africa/Lagos"]),
    ("Kenya", &["kenya", "kenyan"], &["Africa/Nairobi"]),
    ("Egypt", &["egypt", "egyptian"], &["Africa/Cairo"]),
    ("Israel", &["israel", "israeli"], &["Asia/Jerusalem"]),
    ("the UAE", &["emirates", "uae"], &["Asia/Dubai"]),
    ("Pakistan", &["pakistan", "pakistani"], &["Asia/Karachi"]),
    ("Bangladesh", &["bangladesh"], &["Asia/Dhaka"]),
    ("Indonesia", &["indonesia", "indonesian"], &["Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"]),
    ("the Philippines", &["philippines", "filipino"], &["Asia/Manila"]),
    ("Vietnam", &["vietnam", "vietnamese"], &["Asia/Ho_Chi_Minh", "Asia/Saigon"]),
    ("Thailand", &["thailand", "thai"], &["Asia/Bangkok"]),
    ("Malaysia", &["malaysia", "malaysian"], &["Asia/Kuala_Lumpur", "Asia/Kuching"]),
];
