//! What is filled in: names, numbers and addresses in the forms in which people write them.

use super::Seeded;
use super::names::{
    FIRMS, FIRST_KNOWN, FIRST_UNLISTED, FIRST_WORDS, HOUSE_THINGS, HOUSE_WORDS, HOUSES_UNLISTED, LAST_KNOWN,
    LAST_UNLISTED, LAST_WORDS, PLACES, STREETS,
};

/// The text for a slot, and what it is; nothing for what gives nobody away.
pub(super) fn filled(seeded: &mut Seeded, slot: &str) -> (String, &'static str) {
    match slot {
        "voornaam" => (first(seeded), "PERSON"),
        "achternaam" => (last(seeded), "PERSON"),
        "naam" => (format!("{} {}", first(seeded), last(seeded)), "PERSON"),
        "initialen" => (initials(seeded), "PERSON"),
        "adres" => (address(seeded), "ADDRESS"),
        "plaats" => (seeded.pick(&PLACES).to_owned(), "PLACE"),
        "postcode" => (postcode(seeded), "POSTCODE"),
        "bsn" => (bsn(seeded), "BSN"),
        "iban" => (iban(seeded), "IBAN"),
        "telefoon" => (phone(seeded), "PHONE"),
        "mail" => (format!("{}@voorbeeld.nl", first(seeded).to_lowercase()), "EMAIL"),
        "kenteken" => (plate(seeded), "PLATE"),
        "zaak" => (format!("20{}/{}", 20 + seeded.below(6), seeded.digits(6)), "CASE"),
        "geboren" => (date(seeded), "BIRTHDATE"),
        "zesling" => (six_digits(seeded), "BIRTHDATE"),
        "huis" => (house(seeded), "HOUSE"),
        "bedrijf" => (seeded.pick(&FIRMS).to_owned(), "HOUSE"),
        "tijd" => (time(seeded), "TIME"),
        "kamer" => ((10 + seeded.below(390)).to_string(), "NUMBER"),
        "toestel" => ((1000 + seeded.below(9000)).to_string(), "NUMBER"),
        "klant" => (format!("{} {}", seeded.digits(4), seeded.digits(4)), "NUMBER"),
        "rol" => (roll(seeded), "CASE"),
        "mailwoord" => (spelled_mail(seeded), "EMAIL"),
        "tussen" => (seeded.pick(&["ter", "van der", "ten", "van"]).to_owned(), "PERSON"),
        other => unreachable!("no slot is called {other}"),
    }
}

/// A name for a house: an article and a word, or a name that no list has.
fn house(seeded: &mut Seeded) -> String {
    match seeded.below(3) {
        0 => format!("{} {}", seeded.pick(&["de", "De"]), seeded.pick(&HOUSE_WORDS)),
        1 => format!("het {}", seeded.pick(&HOUSE_THINGS)),
        _ => seeded.pick(&HOUSES_UNLISTED).to_owned(),
    }
}

/// A time as notes write it.
fn time(seeded: &mut Seeded) -> String {
    let (hour, minute) = (8 + seeded.below(12), 5 * seeded.below(12));
    match seeded.below(5) {
        0 => format!("{hour:02}:{minute:02}"),
        1 => format!("{hour:02}.{minute:02}"),
        2 => format!("{hour}u{minute:02}"),
        3 => format!("half {}", seeded.pick(&["drie", "vier", "5", "elf"])),
        _ => format!("kwart over {}", seeded.pick(&["twee", "vier", "11"])),
    }
}

/// What a court calls a case.
fn roll(seeded: &mut Seeded) -> String {
    let (year, number) = (21 + seeded.below(5), seeded.digits(4));
    let register = seeded.pick(&["FA RK", "JE RK", "OV VERZ"]);
    format!("{register} {year}-{number}")
}

/// A birth date without anything between its parts.
fn six_digits(seeded: &mut Seeded) -> String {
    format!(
        "{:02}{:02}{:02}",
        1 + seeded.below(28),
        1 + seeded.below(12),
        seeded.below(24)
    )
}

/// An address as it is told on the telephone.
fn spelled_mail(seeded: &mut Seeded) -> String {
    let name = first(seeded).to_lowercase();
    let at = seeded.pick(&["apenstaart", "(at)", "apestaartje"]);
    format!("{name} {at} voorbeeld punt nl")
}

fn first(seeded: &mut Seeded) -> String {
    let list: &[&str] = match seeded.below(6) {
        0..3 => &FIRST_UNLISTED,
        3 | 4 => &FIRST_KNOWN,
        _ => &FIRST_WORDS,
    };
    seeded.pick(list).to_owned()
}

fn last(seeded: &mut Seeded) -> String {
    let list: &[&str] = match seeded.below(6) {
        0..3 => &LAST_UNLISTED,
        3 | 4 => &LAST_KNOWN,
        _ => &LAST_WORDS,
    };
    seeded.pick(list).to_owned()
}

fn initials(seeded: &mut Seeded) -> String {
    let letters = seeded.pick(&["J.", "A.B.", "M.", "J.M.P.", "H.", "S.K."]).to_owned();
    format!("{letters} {}", last(seeded))
}

fn address(seeded: &mut Seeded) -> String {
    let added = seeded.pick(&["", "", "", "a", "-2", " bis"]);
    format!("{} {}{added}", seeded.pick(&STREETS), 1 + seeded.below(180))
}

fn postcode(seeded: &mut Seeded) -> String {
    let space = seeded.pick(&["", " "]);
    let letters = seeded.pick(&["AB", "XZ", "KL", "GT", "RV", "HP"]);
    format!("{}{}{space}{letters}", 1 + seeded.below(9), seeded.digits(3))
}

/// Nine digits of which the weighted sum is a multiple of eleven.
fn bsn(seeded: &mut Seeded) -> String {
    loop {
        let digits = format!("{}{}", 1 + seeded.below(9), seeded.digits(8));
        let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
        let sum: i64 = digits
            .bytes()
            .zip(weights)
            .map(|(digit, weight)| i64::from(digit - b'0') * weight)
            .sum();
        if sum % 11 == 0 {
            let divided = format!("{}.{}.{}", &digits[..4], &digits[4..6], &digits[6..]);
            return seeded.pick(&[&digits, &divided]).to_owned();
        }
    }
}

/// A Dutch account with check digits that hold.
fn iban(seeded: &mut Seeded) -> String {
    let bank = seeded.pick(&["ABNA", "RABO", "INGB"]);
    let account = format!("0{}", seeded.digits(9));
    let letters = format!("{bank}{account}NL00");
    let rest = letters.bytes().fold(0_u32, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    let whole = format!("NL{:02}{bank}{account}", 98 - rest);
    let groups: Vec<&str> = (0..whole.len())
        .step_by(4)
        .map(|at| &whole[at..(at + 4).min(whole.len())])
        .collect();
    let divided = groups.join(" ");
    seeded.pick(&[&whole, &divided]).to_owned()
}

fn phone(seeded: &mut Seeded) -> String {
    let (area, number, mobile) = (seeded.digits(2), seeded.digits(6), seeded.digits(8));
    match seeded.below(5) {
        0 => format!("06-{mobile}"),
        1 => format!(
            "06 {} {} {} {}",
            &mobile[..2],
            &mobile[2..4],
            &mobile[4..6],
            &mobile[6..]
        ),
        2 => format!("+31 6 {mobile}"),
        3 => format!("05{area}-{number}"),
        _ => format!("06{mobile}"),
    }
}

fn plate(seeded: &mut Seeded) -> String {
    let (two, one) = (seeded.digits(2), seeded.digits(1));
    match seeded.below(3) {
        0 => format!("KL-{two}-ZX"),
        1 => format!("{two}-RVX-{one}"),
        _ => format!("G-{two}{one}-TV"),
    }
}

fn date(seeded: &mut Seeded) -> String {
    let (day, month, year) = (1 + seeded.below(28), 1 + seeded.below(12), 1940 + seeded.below(75));
    let written = seeded.pick(&["januari", "maart", "mei", "augustus", "oktober", "december"]);
    match seeded.below(4) {
        0 => format!("{day:02}-{month:02}-{year}"),
        1 => format!("{day}.{month}.{year}"),
        2 => format!("{day}/{month}/{:02}", year % 100),
        _ => format!("{day} {written} {year}"),
    }
}
