//! Names of ordinary words, told by how they are written, and what stands beside a name and is none. Nobody in them exists.

use super::classes::{gone, gone_as_written, stay};

#[test]
fn the_word_for_a_house_goes_with_its_name() {
    gone_as_written(&[
        ("Aangemeld door basisschool Het Vlierpad.", &["basisschool", "vlierpad"]),
        ("zij slaapt in hotel krabbendijk", &["hotel", "krabbendijk"]),
        ("hij zit elke dag in de bieb wezenbeek", &["bieb", "wezenbeek"]),
        ("rechtbank overijssel doet uitspraak", &["rechtbank", "overijssel"]),
        ("komt maandag vrij uit pi kuinderzand", &["pi", "kuinderzand"]),
    ]);
    stay(&[
        "het hotel was vol en de bieb is dicht",
        "de rechtbank doet morgen uitspraak",
        "hij komt vrij uit pi en zoekt een woning",
    ]);
}

#[test]
fn a_house_of_ordinary_words_goes_wherever_it_stands() {
    gone(&[
        ("verder zodra stichting samen sterk start", &["samen", "sterk"]),
        ("inzet van stichting thuis in de straat", &["thuis", "straat"]),
        ("zij zingt bij koor blijde stemmen", &["blijde", "stemmen"]),
        ("respijt in logeerhuis zon en maan", &["zon", "maan"]),
        ("dagbesteding zorgboerderij \"de dikke eik\" is vol", &["dikke", "eik"]),
        ("cl werkt bij bloemisterij groen & zn", &["bloemisterij", "groen", "zn"]),
        ("voetbaltrainer (vv altijd vooruit) belt", &["vv", "altijd", "vooruit"]),
        ("kerkdienst in de oude kerk", &["oude kerk"]),
        ("aangeboden door (de dobber)", &["dobber"]),
        ("maatje belt parnassia over de wachttijd", &["parnassia"]),
    ]);
    stay(&[
        "de stichting helpt met de aanvraag",
        "het koor oefent op zondag",
        "de auto staat bij garage, auto opgehaald",
        "bij garage auto opgehaald",
        "vragen over wonen & zorg",
        "\"ik wil geen hulp\" zegt zij",
    ]);
}

#[test]
fn a_person_goes_behind_whatever_they_are() {
    gone(&[
        ("stagebegeleider visser belt terug", &["visser"]),
        ("de budgetcoach korenhorst belt", &["korenhorst"]),
        ("aangifte bij zedenrechercheur kuiper", &["kuiper"]),
        ("baas visser sr. is tevreden", &["visser", "sr"]),
        ("achternaam: appel", &["appel"]),
        ("zegt winter te heten", &["winter"]),
        ("aanwezig haverkotte, mulder (2e keer)", &["mulder"]),
        ("13:40 visser belt terug", &["visser"]),
        ("vriendelijke groet, b. bakker", &["b.", "bakker"]),
        ("(naam bekend, q.d.)", &["q.d."]),
        ("dhr. hemel: geen gehoor", &["hemel"]),
        ("van uw moeder hu xiulan", &["hu", "xiulan"]),
    ]);
    gone_as_written(&[
        ("Contact bij de politie: Van Leusden.", &["van", "leusden"]),
        ("Ton jr. woont elders.", &["ton", "jr"]),
    ]);
    stay(&[
        "de stagebegeleider belt terug",
        "de begeleider vraagt extra tijd",
        "mag cl. extra leefgeld?",
        "achternaam onbekend",
        "vriendelijke groet, de balie",
        "de winter is lang en zij heeft het koud",
    ]);
}

#[test]
fn a_part_of_town_goes_behind_where() {
    gone(&[
        ("overlast in de kwikstaartbuurt", &["kwikstaartbuurt"]),
        ("moeder woont in nadur.", &["nadur"]),
    ]);
    stay(&["overlast in de achterstandswijk", "zij woont in een nieuwbouwwijk"]);
}

#[test]
fn a_name_at_a_register_and_a_box_go_whole() {
    gone(&[
        ("inlognaam qpronk1958 klopt niet", &["qpronk1958"]),
        ("post via postbus 2250", &["postbus", "2250"]),
        ("verhuurder zolder1 belt", &["zolder1"]),
    ]);
    stay(&["het huis is van 1958", "bus 2250 rijdt niet"]);
}

#[test]
fn what_stands_beside_a_name_stays() {
    for (text, stays) in [
        ("Het gaat beter. Baas Wezenbeek weet ervan.", "Baas"),
        ("Hij lag op de trap. Buurman Ahmed hielp.", "Buurman"),
        ("De kleurplaat van Wezenbeek ligt klaar.", "van"),
        ("Gezien bij de Jumbo aan de Molenweg.", "aan de"),
        ("De advocaat van mw. Wezenbeek weet ervan.", "van"),
        ("Beoordeling door dokter Wezenbeek van Parnassia.", "van"),
        ("Restaurant De Gouden Draak in Oss is dicht.", " in "),
        ("Open tot 21 u. Logopedie stopt.", "Logopedie"),
        ("Overleg met gedragswet. Wezenbeek.", "gedragswet."),
        ("Overleg met HV over het plan.", "HV"),
        ("Schuld bij Wehkamp 1.890 euro.", "890"),
    ] {
        assert!(super::masked(text).contains(stays), "{}", super::masked(text));
    }
}
