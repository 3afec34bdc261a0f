//! Names of nobody: in no list of the gate, also an ordinary word, or well known.

/// First names that no list has.
pub(super) const FIRST_UNLISTED: [&str; 40] = [
    "Tjibbelien",
    "Wobbina",
    "Aukjelina",
    "Roelfien",
    "Zeynur",
    "Mehmetcan",
    "Nguyetlan",
    "Abdoelkarim",
    "Fatoumatou",
    "Yordanosh",
    "Mehretab",
    "Tsegazeab",
    "Selamawit",
    "Habtom",
    "Rozhgar",
    "Shwan",
    "Narimanoush",
    "Ozlemnur",
    "Gulbahar",
    "Kwabenah",
    "Adwoah",
    "Oluwaseyi",
    "Chidimmah",
    "Jaydenley",
    "Shanicia",
    "Rayvano",
    "Djenairo",
    "Quintarah",
    "Sjoukelien",
    "Hylkje",
    "Grietsje",
    "Jitskelien",
    "Meinderdina",
    "Wubbechien",
    "Przemyslava",
    "Bozhidara",
    "Tsvetomir",
    "Krystianek",
    "Ludmilka",
    "Ioanella",
];

/// First names that are well known.
pub(super) const FIRST_KNOWN: [&str; 24] = [
    "Sanne", "Mohamed", "Fatima", "Kees", "Ahmed", "Linda", "Johan", "Anna", "Pieter", "Emma", "Ali", "Marieke",
    "Willem", "Esra", "Jeroen", "Ingrid", "Hassan", "Samira", "Thomas", "Yusuf", "Karin", "Dennis", "Aisha", "Daan",
];

/// First names that are also a word.
pub(super) const FIRST_WORDS: [&str; 10] = [
    "Mark", "Roos", "Floor", "Bas", "Job", "Rob", "Wolf", "Iris", "Mees", "Bo",
];

/// Surnames that no list has.
pub(super) const LAST_UNLISTED: [&str; 40] = [
    "Haverkotte",
    "Brunsveldink",
    "Tuijnstraat",
    "Oosterwegelink",
    "Kwakkelaar",
    "Zijdelinck",
    "Wiegerdink",
    "Pruimboomsma",
    "Terpstrasma",
    "Rietveldsma",
    "Hoitinkstra",
    "Bouaziziani",
    "El Khattouti",
    "Yildirimoglu",
    "Karadaghli",
    "Tesfamichiel",
    "Weldegebriel",
    "Habtemaryam",
    "Ghebremeskal",
    "Abdulrahmani",
    "Mohamoudi",
    "Warsamegeedi",
    "Nguyenphan",
    "Kowalczykiewicz",
    "Wojciechowskaja",
    "Dimitrovska",
    "Petkovova",
    "Ogunbanjola",
    "Asantewaah",
    "Boatengson",
    "Pinasrama",
    "Wijdenboschi",
    "Kartodikrom",
    "Soerodimedja",
    "Ramkhelawanie",
    "Baldewsinghi",
    "Manichandra",
    "Akkersveen",
    "Lutjeboerink",
    "Siepermanns",
];

/// Surnames that are well known.
pub(super) const LAST_KNOWN: [&str; 16] = [
    "Jansen",
    "de Vries",
    "van den Berg",
    "Yilmaz",
    "Hendriks",
    "Mulder",
    "van Dijk",
    "Janssen",
    "El Idrissi",
    "Özturk",
    "Peeters",
    "van der Heijden",
    "Dijkstra",
    "Hoekstra",
    "Willems",
    "Kaya",
];

/// Surnames that are also a word.
pub(super) const LAST_WORDS: [&str; 20] = [
    "Bakker",
    "Zomer",
    "de Wit",
    "Visser",
    "de Boer",
    "Kok",
    "van der Linden",
    "Bos",
    "Vos",
    "Smit",
    "de Jong",
    "Prins",
    "de Graaf",
    "Kuipers",
    "van de Ven",
    "Schouten",
    "Post",
    "Brouwer",
    "Koning",
    "de Groot",
];

/// Streets, with and without an ending that says so.
pub(super) const STREETS: [&str; 20] = [
    "Kerkstraat",
    "Lindelaan",
    "Molenweg",
    "Dorpsplein",
    "Brink",
    "Burgemeester Haverkottestraat",
    "Jan van Galenstraat",
    "Hof van Delft",
    "Oude Singel",
    "Nieuwe Gracht",
    "Laan van Meerdervoort",
    "Prins Bernhardlaan",
    "Zandpad",
    "Korte Akkers",
    "Van der Madeweg",
    "Coolsingel",
    "De Ruijterkade",
    "'t Zand",
    "Wilhelminapark",
    "Achter de Hoven",
];

/// Places.
pub(super) const PLACES: [&str; 16] = [
    "Assen",
    "Hoogeveen",
    "Den Haag",
    "Bergen op Zoom",
    "Tiel",
    "Almere",
    "Ommen",
    "Alphen aan den Rijn",
    "Borne",
    "Zwolle",
    "Leiden",
    "Nes",
    "Heerde",
    "Boxtel",
    "Gouda",
    "Emmen",
];

/// Words that houses are called.
pub(super) const HOUSE_WORDS: [&str; 10] = [
    "regenboog",
    "wegwijzer",
    "zandloper",
    "tuimelaar",
    "grashof",
    "pollepel",
    "haverkamp",
    "klimtoren",
    "roeispaan",
    "koekoek",
];

/// The same, with the other article.
pub(super) const HOUSE_THINGS: [&str; 6] = ["kompas", "speelbos", "zwanennest", "baken", "weidehek", "hofje"];

/// Houses and firms that stand in no list.
pub(super) const HOUSES_UNLISTED: [&str; 6] = [
    "Brandersteyn",
    "Oelemari",
    "Vredelicht",
    "Ravenoord",
    "Sjalomhof",
    "Kwiekstaete",
];
pub(super) const FIRMS: [&str; 8] = [
    "Hollemans",
    "Vanderstaak",
    "Groenrijk",
    "Snelstart",
    "Ketelaarsmit",
    "Pronkvis",
    "Broekzand",
    "Zuidstaal",
];
