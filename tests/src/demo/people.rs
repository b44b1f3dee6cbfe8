//! The people of the demo's workspace. None of them exists.

use greenroom_protocol::workspace::Role;

/// A colleague.
pub(super) struct Colleague {
    pub name: &'static str,
    pub email: &'static str,
    pub zone: &'static str,
    pub roles: &'static [Role],
    /// Their Zoom user is Basic.
    pub basic: bool,
}

const fn colleague(
    name: &'static str,
    email: &'static str,
    zone: &'static str,
    roles: &'static [Role],
    basic: bool,
) -> Colleague {
    Colleague {
        name,
        email,
        zone,
        roles,
        basic,
    }
}

/// Everybody; the first one is the caller.
pub(super) const MEMBERS: [Colleague; 8] = [
    colleague(
        "Dana Reyes",
        crate::harness::DANA,
        "Europe/Berlin",
        &[
            Role::Admin,
            Role::Recruiter,
            Role::HiringManager,
            Role::Interviewer,
        ],
        true,
    ),
    colleague(
        "Mina Okafor",
        "mina.okafor@acme.example",
        "Europe/London",
        &[Role::Recruiter, Role::Interviewer],
        false,
    ),
    colleague(
        "Sam Ito",
        "sam.ito@acme.example",
        "America/New_York",
        &[Role::HiringManager, Role::Interviewer],
        false,
    ),
    colleague(
        "Lena Bauer",
        "lena.bauer@acme.example",
        "Europe/Berlin",
        &[Role::Interviewer],
        false,
    ),
    colleague(
        "Kofi Mensah",
        "kofi.mensah@acme.example",
        "Africa/Accra",
        &[Role::Interviewer],
        false,
    ),
    colleague(
        "Inês Duarte",
        "ines.duarte@acme.example",
        "Europe/Lisbon",
        &[Role::HiringManager, Role::Interviewer],
        false,
    ),
    colleague(
        "Tomás Herrera",
        "tomas.herrera@acme.example",
        "America/Bogota",
        &[Role::Interviewer],
        false,
    ),
    colleague(
        "Aoife Byrne",
        "aoife.byrne@acme.example",
        "Europe/Dublin",
        &[Role::Admin],
        false,
    ),
];

/// The openings, with the hiring manager of each.
pub(super) const JOBS: [(&str, &str); 2] = [
    ("Backend Engineer", "sam.ito@acme.example"),
    ("Product Designer", "ines.duarte@acme.example"),
];

/// The stages of each opening.
pub(super) const STAGES: [&str; 5] = ["Applied", "Phone screen", "Onsite", "Decision", "Hired"];

/// Sixty candidates: name, the part of the address before the at, zone, job, stage.
pub(super) const CANDIDATES: [(&str, &str, &str, usize, usize); 60] = [
    ("Priya Nair", "priya.nair", "Asia/Kolkata", 0, 2),
    ("Priya Ramanathan", "priya.ramanathan", "Asia/Kolkata", 0, 1),
    (
        "Cipriano Costa",
        "cipriano.costa",
        "America/Sao_Paulo",
        0,
        0,
    ),
    ("Ana Costa", "ana.costa", "Europe/Lisbon", 0, 0),
    ("Bruno Weber", "bruno.weber", "Europe/Zurich", 0, 0),
    ("Sami Haddad", "sami.haddad", "Asia/Beirut", 0, 1),
    ("Wen Zhang", "wen.zhang", "Asia/Shanghai", 0, 2),
    ("Jun Tanaka", "jun.tanaka", "Asia/Tokyo", 0, 3),
    ("王小明", "xiaoming.wang", "Asia/Shanghai", 0, 1),
    ("田中 美咲", "misaki.tanaka", "Asia/Tokyo", 1, 1),
    ("김민준", "minjun.kim", "Asia/Seoul", 0, 0),
    ("Łukasz Żak", "lukasz.zak", "Europe/Warsaw", 0, 0),
    ("Zoë Müller", "zoe.mueller", "Europe/Berlin", 1, 2),
    ("François Lefèvre", "francois.lefevre", "Europe/Paris", 1, 0),
    ("Siobhán O'Neill", "siobhan.oneill", "Europe/Dublin", 1, 0),
    ("Nguyễn Thị Hoa", "hoa.nguyen", "Asia/Ho_Chi_Minh", 0, 0),
    ("Amélie Dubois", "amelie.dubois", "Europe/Paris", 1, 1),
    ("Björn Åkesson", "bjorn.akesson", "Europe/Stockholm", 0, 1),
    ("Chidi Eze", "chidi.eze", "Africa/Lagos", 0, 0),
    (
        "Dilnoza Karimova",
        "dilnoza.karimova",
        "Asia/Tashkent",
        1,
        0,
    ),
    ("Elif Yılmaz", "elif.yilmaz", "Europe/Istanbul", 0, 1),
    ("Farah Rahimi", "farah.rahimi", "Asia/Tehran", 1, 0),
    (
        "Gabriel Santos",
        "gabriel.santos",
        "America/Sao_Paulo",
        0,
        0,
    ),
    ("Hana Suzuki", "hana.suzuki", "Asia/Tokyo", 1, 2),
    ("Ibrahim Diallo", "ibrahim.diallo", "Africa/Dakar", 0, 0),
    ("Jana Nováková", "jana.novakova", "Europe/Prague", 0, 1),
    ("Kasper Lind", "kasper.lind", "Europe/Copenhagen", 0, 0),
    ("Leila Ben Amor", "leila.benamor", "Africa/Tunis", 1, 0),
    ("Mateo Quispe", "mateo.quispe", "America/Lima", 0, 0),
    ("Noor Aziz", "noor.aziz", "Asia/Karachi", 0, 2),
    ("Oluwaseun Adeyemi", "seun.adeyemi", "Africa/Lagos", 0, 0),
    ("Paula Fernández", "paula.fernandez", "Europe/Madrid", 1, 1),
    ("Quentin Marsh", "quentin.marsh", "Europe/London", 0, 0),
    ("Rosa Giordano", "rosa.giordano", "Europe/Rome", 1, 0),
    ("Stefan Ionescu", "stefan.ionescu", "Europe/Bucharest", 0, 1),
    (
        "Thandiwe Ndlovu",
        "thandi.ndlovu",
        "Africa/Johannesburg",
        0,
        0,
    ),
    ("Uma Pillai", "uma.pillai", "Asia/Kolkata", 1, 0),
    ("Viktor Horvat", "viktor.horvat", "Europe/Zagreb", 0, 0),
    ("Wiremu Parata", "wiremu.parata", "Pacific/Auckland", 0, 2),
    ("Ximena Rojas", "ximena.rojas", "America/Santiago", 1, 1),
    ("Yara Haddad", "yara.haddad", "Asia/Beirut", 0, 0),
    ("Zain Malik", "zain.malik", "Asia/Karachi", 0, 0),
    ("Astrid Nilsen", "astrid.nilsen", "Europe/Oslo", 1, 0),
    ("Bilal Rahman", "bilal.rahman", "Asia/Dhaka", 0, 1),
    ("Carmen Vidal", "carmen.vidal", "Europe/Madrid", 0, 0),
    ("Dmitri Petrov", "dmitri.petrov", "Europe/Riga", 0, 3),
    ("Esi Owusu", "esi.owusu", "Africa/Accra", 1, 0),
    ("Finn Gallagher", "finn.gallagher", "Europe/Dublin", 0, 0),
    ("Greta Lindholm", "greta.lindholm", "Europe/Helsinki", 1, 3),
    ("Hugo Martins", "hugo.martins", "Europe/Lisbon", 0, 0),
    ("Isla McKenzie", "isla.mckenzie", "Australia/Sydney", 0, 1),
    ("Jomo Wanjiru", "jomo.wanjiru", "Africa/Nairobi", 0, 0),
    ("Katya Melnyk", "katya.melnyk", "Europe/Kyiv", 1, 0),
    ("Liam Tremblay", "liam.tremblay", "America/Toronto", 0, 0),
    (
        "Maya Goldberg",
        "maya.goldberg",
        "America/Los_Angeles",
        0,
        2,
    ),
    ("Nils Becker", "nils.becker", "Europe/Berlin", 1, 1),
    ("Olga Marković", "olga.markovic", "Europe/Belgrade", 0, 0),
    (
        "Pedro Álvarez",
        "pedro.alvarez",
        "America/Mexico_City",
        1,
        0,
    ),
    ("Rania Khoury", "rania.khoury", "Asia/Amman", 0, 1),
    ("Suresh Iyer", "suresh.iyer", "Asia/Kathmandu", 0, 0),
];
