//! What is said of a question that cannot be answered.

use protocol::api::Lang;

use super::room;

/// A question, and what is said of it.
const WRONG: &[(&str, &str)] = &[
    (
        "",
        "er staat geen vraag in; bijvoorbeeld: SELECT count(*) FROM signalen",
    ),
    (
        "-- niets",
        "er staat geen vraag in; bijvoorbeeld: SELECT count(*) FROM signalen",
    ),
    (
        "SELECT 1; SELECT 2",
        "een vraag tegelijk; laat weg wat achter de eerste puntkomma staat",
    ),
    ("SELEC 1", "dit is geen SQL vanaf \"SELEC\" (1:1)"),
    (
        "SELECT id,\n  'één', FROM signalen",
        "dit is geen SQL vanaf \"FROM\" (2:10)",
    ),
    ("SELECT (", "de vraag houdt te vroeg op"),
    ("SELECT * FROM signaal", "er is geen tabel signaal; bedoelt u signalen?"),
    (
        "SELECT * FROM intern",
        "er is geen tabel intern; leerkring tables toont de tabellen",
    ),
    (
        "SELECT tema FROM signalen",
        "er is geen kolom tema (1:8); bedoelt u thema?",
    ),
    (
        "SELECT s.titel FROM signalen s",
        "er is geen kolom s.titel (1:8); leerkring tables NAAM toont de kolommen; een tekst staat tussen enkele aanhalingstekens",
    ),
    (
        "SELECT id FROM signalen WHERE thema = \"wonen\"",
        "er is geen kolom wonen (1:39); leerkring tables NAAM toont de kolommen; een tekst staat tussen enkele aanhalingstekens",
    ),
    (
        "SELECT id FROM signalen, knelpunten",
        "meer dan een tabel heeft een kolom id (1:8); zet de naam van de tabel ervoor: tabel.id",
    ),
    (
        "SELECT lenght(id) FROM signalen",
        "er is geen functie lenght; bedoelt u length?",
    ),
    (
        "SELECT length() FROM signalen",
        "de functie length vraagt een ander aantal waarden",
    ),
    (
        "DELETE FROM signalen",
        "hier kan alleen worden gelezen; begin met SELECT of WITH",
    ),
    (
        "PRAGMA table_info(x)",
        "PRAGMA table_info kan hier niet; leerkring tables toont de tabellen en kolommen",
    ),
    (
        "SELECT json_extract('{', '$')",
        "SQLite begrijpt de vraag niet: malformed JSON",
    ),
];

#[test]
fn what_is_wrong_is_told_with_its_place_and_what_was_meant() {
    let room = room();
    let told = |sql: &str| {
        let fault = room.fault(sql);
        let place = fault
            .place()
            .map_or(String::new(), |at| format!(" ({}:{})", at.line, at.column));
        let hint = fault
            .hint()
            .map_or(String::new(), |hint| format!("; {}", hint.text(Lang::Nl)));
        format!("{}{place}{hint}", fault.message().text(Lang::Nl))
    };
    for (sql, expected) in WRONG {
        assert_eq!(told(sql), *expected, "{sql}");
    }
}
