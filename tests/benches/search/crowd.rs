//! A crowd of believable candidates, the same on every run: names of many places, addresses at few
//! shared and many own domains, twenty jobs. Everything of a person follows from their number, so
//! that nothing need be kept.

use greenroom_protocol::id::{ApplicationId, CandidateId, JobId, StageId, WorkspaceId};
use greenroom_protocol::time::Instant;
use greenroomd::records::pipeline::{ApplicationRecord, CandidateRecord, JobRecord, StageRecord};

const FIRST: &str = "Ana Priya Sam Mina Jun Wen Lena Kofi Bruno Sami Maria Marta Marco Martin José Zoë Łukasz Amara \
    Ahmed Fatima Omar Layla Yusuf Aisha Chen Mei Hiroshi Yuki Kenji Sakura Min-jun Seo-yeon Ivan Olga Dmitri Svetlana \
    Anders Ingrid Lars Freya Søren Astrid Pierre Chloé François Amélie Hans Greta Jürgen Käthe Giulia Luca Matteo \
    Chiara Sofía Diego Camila Mateo Valentina João Inês Tiago Beatriz Ayşe Mehmet Zeynep Emre Nikos Eleni Andrei \
    Ioana Zsófia Bence Jakub Zuzana Tomáš Petra Nikola Ante Katarina Olena Taras Noor Ravi Anjali Arjun Deepa Vikram \
    Kavya Thanh Linh Minh Siti Budi Putri Ngozi Chidi Wanjiru Otieno Thabo Naledi Kwame Abena Aroha Tane Emily Jack \
    Olivia Harry Grace Liam Emma Noah Ava Ethan Mia Hannah Johanna Susanna Joanna Rosanna Annika Banana-Lee 太郎 花子 \
    小明 丽 지훈 서연";

const LAST: &str = "Nair Costa Weber Haddad Zhang Tanaka Bauer Mensah Okafor Ito Reyes Ramanathan García Martínez \
    López Hernández González Pérez Sánchez Ramírez Torres Silva Santos Oliveira Souza Pereira Müller Schmidt \
    Schneider Fischer Wagner Becker Hoffmann Schäfer Koch Richter Rossi Ferrari Esposito Bianchi Romano Colombo \
    Ricci Marino Dubois Moreau Laurent Lefèvre Girard Bonnet Smith Johnson Williams Brown Jones Miller Davis Wilson \
    Anderson Taylor Thomas Moore Jackson White Harris Clark Lewis Walker O'Brien O'Connor Murphy Kelly Byrne Nielsen \
    Hansen Pedersen Jørgensen Andersson Karlsson Lindqvist Berg Haugen Kowalski Nowak Wiśniewski Zieliński Novák \
    Svoboda Horváth Nagy Kovács Popescu Ionescu Ivanov Petrov Sokolov Kuznetsov Shevchenko Kovalenko Yılmaz Kaya \
    Demir Şahin Papadopoulos Nikolaidis Khan Ahmed Hussain Sharma Patel Gupta Singh Kumar Reddy Iyer Banerjee Das \
    Nguyen Tran Le Pham Hoang Wang Li Liu Yang Huang Zhao Wu Zhou Sato Suzuki Takahashi Watanabe Yamamoto Nakamura \
    Kobayashi Kim Lee Park Choi Jung Kang Adeyemi Okonkwo Balogun Eze Mwangi Kamau Odhiambo Dlamini Nkosi Khumalo \
    Boateng Asante Santoso Wijaya Tan Lim Wong Ng 山田 佐藤 鈴木 王 李 张 김 이";

pub const JOBS: [&str; 20] = [
    "Backend Engineer",
    "Frontend Engineer",
    "Data Engineer",
    "Platform Engineer",
    "Mobile Engineer",
    "Engineering Manager",
    "Backend Lead",
    "Product Manager",
    "Product Designer",
    "UX Researcher",
    "Data Scientist",
    "Machine Learning Engineer",
    "Security Engineer",
    "Technical Writer",
    "Account Executive",
    "Customer Success Manager",
    "Recruiter",
    "Office Manager",
    "Finance Analyst",
    "Legal Counsel",
];

const STAGES: [&str; 5] = ["Applied", "Phone screen", "Onsite", "Decision", "Hired"];

/// Where most people have their mail.
const SHARED: [&str; 5] = [
    "mail.example",
    "post.example",
    "inbox.example",
    "correo.example",
    "webmail.example",
];

/// The candidates of one workspace.
pub struct Crowd {
    /// Where they are.
    pub workspace: WorkspaceId,
    pub candidates: Vec<CandidateId>,
    pub applications: Vec<ApplicationId>,
    pub jobs: Vec<JobId>,
    /// Job after job, each in its order.
    pub stages: Vec<StageId>,
    first: Vec<&'static str>,
    last: Vec<&'static str>,
}

impl Crowd {
    /// `count` candidates; every fifth applied twice.
    pub fn new(count: usize) -> Self {
        Self {
            workspace: WorkspaceId::new(),
            candidates: (0..count).map(|_| CandidateId::new()).collect(),
            applications: (0..count + count / 5)
                .map(|_| ApplicationId::new())
                .collect(),
            jobs: JOBS.iter().map(|_| JobId::new()).collect(),
            stages: (0..JOBS.len() * STAGES.len())
                .map(|_| StageId::new())
                .collect(),
            first: FIRST.split_whitespace().collect(),
            last: LAST.split_whitespace().collect(),
        }
    }

    pub fn count(&self) -> usize {
        self.candidates.len()
    }

    pub fn applications(&self) -> usize {
        self.applications.len()
    }

    pub fn candidate(&self, number: usize) -> CandidateRecord {
        let dice = scatter(number as u64);
        let first = self.first[dice as usize % self.first.len()];
        let last = self.last[(dice >> 16) as usize % self.last.len()];
        let local = match (dice >> 32) % 3 {
            0 => format!("{}.{}{}", ascii(first), ascii(last), number),
            1 => format!("{}{}{}", &ascii(first)[..1], ascii(last), number),
            _ => format!("{}_{}", ascii(last), number),
        };
        let domain = match (dice >> 36) % 10 {
            0..8 => SHARED[(dice >> 40) as usize % SHARED.len()].to_owned(),
            _ => format!("{}-{}.example", ascii(last), (dice >> 40) % 50),
        };
        CandidateRecord {
            name: format!("{first} {last}"),
            email: format!("{local}@{domain}"),
            phone: None,
            zone: Some("Europe/Lisbon".to_owned()),
            source: None,
            added_at: Instant::from_second(1_700_000_000),
            email_since: None,
        }
    }

    pub fn application(&self, number: usize) -> ApplicationRecord {
        let dice = scatter(!(number as u64));
        let job = dice as usize % JOBS.len();
        // Pipelines narrow: half of those who stay go on.
        let stage = (dice >> 32).trailing_ones() as usize % STAGES.len();
        ApplicationRecord {
            candidate: self.candidates[number % self.count()],
            job: self.jobs[job],
            stage: self.stages[job * STAGES.len() + stage],
            since: Instant::from_second(1_790_000_000 - number as i64),
            history: Vec::new(),
            states: Vec::new(),
            message: None,
            entry: 0,
        }
    }

    /// The titles of the job and the stage an application is in.
    pub fn place(&self, number: usize) -> (&'static str, &'static str) {
        let place = self.application(number);
        let stage = self.stages.iter().position(|stage| *stage == place.stage);
        let stage = stage.unwrap_or_default();
        (JOBS[stage / STAGES.len()], STAGES[stage % STAGES.len()])
    }

    pub fn job(&self, number: usize) -> JobRecord {
        let stages = &self.stages[number * STAGES.len()..][..STAGES.len()];
        JobRecord {
            title: JOBS[number].to_owned(),
            open: true,
            stages: stages.to_vec(),
            created_at: Instant::from_second(1_700_000_000),
            assistant: Default::default(),
        }
    }

    pub fn stage(&self, number: usize) -> StageRecord {
        StageRecord {
            job: self.jobs[number / STAGES.len()],
            name: STAGES[number % STAGES.len()].to_owned(),
            interview: Default::default(),
        }
    }

    /// A line for each candidate, as one would give it to a filter.
    pub fn lines(&self) -> String {
        let mut lines = String::new();
        for number in 0..self.count() {
            let person = self.candidate(number);
            let (job, stage) = self.place(number);
            lines += &format!("{}\t{}\t{job}\t{stage}\n", person.name, person.email);
        }
        lines
    }
}

/// What a mail system would make of a name.
fn ascii(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let letters: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    if letters.is_empty() {
        "user".to_owned()
    } else {
        letters
    }
}

/// Spreads a number over all 64 bits (SplitMix64, <https://prng.di.unimi.it/splitmix64.c>).
fn scatter(number: u64) -> u64 {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
