//! The codes themselves. Adding one raises `WORDS_VERSION`; removing one is never allowed.

use super::{List, Word};

/// Every list that has codes of its own.
#[cfg(test)]
pub(super) const ALL: [List; 23] = [
    List::Laag,
    List::Thema,
    List::Regeling,
    List::SoortKnelpunt,
    List::Belemmering,
    List::Niveau,
    List::Oordeel,
    List::Vorm,
    List::Opzet,
    List::UitkomstOordeel,
    List::NBand,
    List::Effectmaat,
    List::Onderdrukt,
    List::OvernameUitkomst,
    List::SessieAard,
    List::BronType,
    List::SignaalAard,
    List::GeldtVoor,
    List::Bereik,
    List::AantalBand,
    List::Teams,
    List::BerichtVorm,
    List::Ritme,
];

pub(super) fn words(list: List) -> &'static [Word] {
    match list {
        List::Laag => LAAG,
        List::Thema => THEMA,
        List::Regeling => REGELING,
        List::SoortKnelpunt => SOORT_KNELPUNT,
        List::Belemmering => BELEMMERING,
        List::Niveau => NIVEAU,
        List::Oordeel => OORDEEL,
        List::Vorm => VORM,
        List::Opzet => OPZET,
        List::UitkomstOordeel => UITKOMST_OORDEEL,
        List::NBand => N_BAND,
        List::Effectmaat => EFFECTMAAT,
        List::Onderdrukt => ONDERDRUKT,
        List::OvernameUitkomst => OVERNAME_UITKOMST,
        List::SessieAard => SESSIE_AARD,
        List::BronType => BRON_TYPE,
        List::SignaalAard => SIGNAAL_AARD,
        List::GeldtVoor => GELDT_VOOR,
        List::Bereik => BEREIK,
        List::AantalBand => AANTAL_BAND,
        List::Teams => TEAMS,
        List::BerichtVorm => BERICHT_VORM,
        List::Ritme => RITME,
        List::Open => &[],
    }
}

const fn word(code: &'static str, nl: &'static str, en: &'static str) -> Word {
    Word { code, nl, en }
}

const LAAG: &[Word] = &[
    word("uitvoering", "Uitvoering", "Front-line work"),
    word("backoffice", "Backoffice", "Back office"),
    word("financien_inkoop", "Financiën en inkoop", "Finance and procurement"),
    word("beleid", "Beleid", "Policy"),
    word("management", "Management", "Management"),
    word("bestuur", "Bestuur", "Executive board"),
    word("partner", "Partner", "Partner organisation"),
    word("adviesraad", "Adviesraad", "Advisory council"),
];

const THEMA: &[Word] = &[
    word("bestaanszekerheid", "Bestaanszekerheid", "Secure livelihood"),
    word("schulden", "Schulden", "Debts"),
    word("wonen", "Wonen", "Housing"),
    word("jeugd", "Jeugd", "Youth"),
    word("ondersteuning_thuis", "Ondersteuning thuis", "Support at home"),
    word("participatie", "Participatie", "Participation"),
    word("onderwijs", "Onderwijs", "Education"),
    word(
        "ggz_onbegrepen_gedrag",
        "Ggz en onbegrepen gedrag",
        "Mental health and misunderstood behaviour",
    ),
    word("eenzaamheid", "Eenzaamheid", "Loneliness"),
    word("toegang", "Toegang", "Access"),
    word("inkoop_contract", "Inkoop en contract", "Procurement and contract"),
    word("gegevensdeling", "Gegevensdeling", "Data sharing"),
    word("samenwerking", "Samenwerking", "Cooperation"),
    word("anders", "Anders", "Other"),
];

const REGELING: &[Word] = &[
    word("wmo-2015", "Wmo 2015", "Social Support Act 2015"),
    word("jeugdwet", "Jeugdwet", "Youth Act"),
    word("participatiewet", "Participatiewet", "Participation Act"),
    word(
        "wgs",
        "Wet gemeentelijke schuldhulpverlening",
        "Municipal Debt Assistance Act",
    ),
    word(
        "wams",
        "Wet aanpak meervoudige problematiek sociaal domein",
        "Multiple Problems in the Social Domain Act",
    ),
    word("passend-onderwijs", "Passend onderwijs", "Inclusive education"),
    word("leerplichtwet", "Leerplichtwet", "Compulsory Education Act"),
    word("wvggz", "Wet verplichte ggz", "Compulsory Mental Health Care Act"),
    word("wzd", "Wet zorg en dwang", "Care and Coercion Act"),
    word("wlz", "Wet langdurige zorg", "Long-term Care Act"),
    word("zvw", "Zorgverzekeringswet", "Health Insurance Act"),
    word("awb", "Algemene wet bestuursrecht", "General Administrative Law Act"),
    word("avg", "AVG", "GDPR"),
    word("inburgering", "Inburgering", "Civic integration"),
    word("wonen", "Wonen", "Housing law"),
    word("lokaal", "Lokale regels", "Local rules"),
    word("contract", "Contract", "Contract"),
    word("overig", "Overig", "Other"),
];

const SOORT_KNELPUNT: &[Word] = &[
    word("regel", "Regel", "Rule"),
    word("regeluitleg", "Uitleg van een regel", "Reading of a rule"),
    word("werkproces", "Werkproces", "Work process"),
    word("samenwerking", "Samenwerking", "Cooperation"),
    word("mandaat", "Mandaat", "Mandate"),
    word("financiering", "Financiering", "Funding"),
    word("inkoop", "Inkoop", "Procurement"),
    word("capaciteit", "Capaciteit", "Capacity"),
    word("informatie", "Informatie", "Information"),
    word("kennis", "Kennis", "Knowledge"),
    word("ontbrekend_aanbod", "Ontbrekend aanbod", "Missing provision"),
];

const BELEMMERING: &[Word] = &[
    word("willen", "Willen", "Willing"),
    word("weten", "Weten", "Knowing"),
    word("doen", "Doen", "Doing"),
];

const NIVEAU: &[Word] = &[
    word("casus", "Casus", "Single case"),
    word("werkproces", "Werkproces", "Work process"),
    word("regel", "Regel", "Rule"),
    word(
        "samenwerkingsafspraak",
        "Samenwerkingsafspraak",
        "Cooperation agreement",
    ),
    word("structuur", "Structuur", "Structure"),
    word("kader", "Kader", "Framework"),
];

const OORDEEL: &[Word] = &[
    word("kan", "Kan", "Possible"),
    word(
        "kan_onder_voorwaarden",
        "Kan onder voorwaarden",
        "Possible on conditions",
    ),
    word("kan_niet", "Kan niet", "Not possible"),
    word("onbekend", "Onbekend", "Unknown"),
];

const VORM: &[Word] = &[
    word("pilot", "Pilot", "Pilot"),
    word("proeftuin", "Proeftuin", "Living lab"),
    word("experiment", "Experiment", "Experiment"),
    word("simulatie", "Simulatie", "Simulation"),
];

const OPZET: &[Word] = &[
    word("A_geloot", "A: geloot", "A: randomised"),
    word(
        "B_parallelle_vergelijking",
        "B: parallelle vergelijking",
        "B: parallel comparison",
    ),
    word("C_voor_na", "C: voor en na", "C: before and after"),
    word("D_beschrijvend", "D: beschrijvend", "D: descriptive"),
];

const UITKOMST_OORDEEL: &[Word] = &[
    word("gelukt", "Gelukt", "Succeeded"),
    word("gelukt_deels", "Deels gelukt", "Partly succeeded"),
    word("onbeslist", "Onbeslist", "Undecided"),
    word("mislukt", "Mislukt", "Failed"),
    word("gestopt", "Gestopt", "Stopped"),
];

const N_BAND: &[Word] = &[
    word("<20", "minder dan 20", "fewer than 20"),
    word("20-49", "20 tot 49", "20 to 49"),
    word("50-99", "50 tot 99", "50 to 99"),
    word("100-249", "100 tot 249", "100 to 249"),
    word("250+", "250 of meer", "250 or more"),
];

const EFFECTMAAT: &[Word] = &[
    word("logRR", "Logaritme van het relatieve risico", "Log risk ratio"),
    word("hedges_g", "Hedges' g", "Hedges' g"),
];

const ONDERDRUKT: &[Word] = &[word("cel<5", "een cel onder 5", "a cell below 5")];

const OVERNAME_UITKOMST: &[Word] = &[
    word("werkt", "Werkt", "Works"),
    word("werkt_met_aanpassing", "Werkt met aanpassing", "Works when adapted"),
    word("werkt_niet", "Werkt niet", "Does not work"),
    word("te_vroeg", "Te vroeg om te zeggen", "Too early to say"),
];

const SESSIE_AARD: &[Word] = &[
    word("kwartaalgesprek", "Kwartaalgesprek", "Quarterly session"),
    word("casuistiekreflectie", "Casuïstiekreflectie", "Reflection on a case"),
    word("kringbijeenkomst", "Kringbijeenkomst", "Meeting of a circle"),
];

const BRON_TYPE: &[Word] = &[
    word("wet", "Wet", "Law"),
    word("jurisprudentie", "Jurisprudentie", "Case law"),
    word("lokale_verordening", "Lokale verordening", "Local by-law"),
    word("eigen_werkafspraak", "Eigen werkafspraak", "Own working agreement"),
    word("handreiking", "Handreiking", "Guidance"),
    word("advies", "Advies", "Advice"),
];

const SIGNAAL_AARD: &[Word] = &[
    word("knelpunt", "Knelpunt", "Bottleneck"),
    word("vraag", "Vraag", "Question"),
    word("kans", "Kans", "Opportunity"),
];

const GELDT_VOOR: &[Word] = &[
    word("eigen", "Eigen gemeente", "Own municipality"),
    word("vergelijkbaar", "Vergelijkbare gemeenten", "Comparable municipalities"),
    word("landelijk", "Landelijk", "Nationwide"),
];

const BEREIK: &[Word] = &[
    word("individueel", "Individueel", "Individual"),
    word("collectief", "Collectief", "Collective"),
];

const AANTAL_BAND: &[Word] = &[
    word("<5", "minder dan 5", "fewer than 5"),
    word("5-9", "5 tot 9", "5 to 9"),
    word("10-19", "10 tot 19", "10 to 19"),
    word("20+", "20 of meer", "20 or more"),
];

const TEAMS: &[Word] = &[
    word("1", "één team", "one team"),
    word("2", "twee teams", "two teams"),
    word("3+", "drie of meer teams", "three or more teams"),
];

const BERICHT_VORM: &[Word] = &[
    word("vraag", "Vraag", "Question"),
    word("antwoord", "Antwoord", "Answer"),
    word("aanvulling", "Aanvulling", "Addition"),
    word("tegenspraak", "Tegenspraak", "Contradiction"),
    word("herkenning", "Herkenning", "Recognition"),
    word("meekijken", "Vraag om mee te kijken", "Request to look along"),
];

const RITME: &[Word] = &[
    word("maand", "Elke maand", "Every month"),
    word("kwartaal", "Elk kwartaal", "Every quarter"),
    word("halfjaar", "Elk halfjaar", "Every half year"),
    word("jaar", "Elk jaar", "Every year"),
];
