//! What is answered about local records.

use super::room::{Room, problem};

#[test]
fn local_records_come_as_a_page_or_as_lines() {
    let room = Room::open();
    let page = super::json(&room.get("/v1/lokale-records?aantal=1").body);
    assert_eq!(
        (&page["totaal"], page["records"].as_array().unwrap().len()),
        (&2.into(), 1)
    );
    let lines = room.send("GET", "/v1/lokale-records", &[("Accept", "application/jsonl")], b"");
    assert_eq!(lines.body.lines().count(), 2);
    assert_eq!(room.get("/v1/lokale-records/s-1").status, 200);
    assert_eq!(problem(&room.get("/v1/lokale-records/s-9")).status, 404);
    assert_eq!(problem(&room.get("/v1/lokale-records?zin=1")).status, 400);
}

#[test]
fn what_is_learned_looks_as_described() {
    let room = Room::open();
    let all = super::described::description();
    let link = r#"{"signalen":["s-1"],"knelpunt":"k-1"}"#;
    let sessie = |id: &str| {
        let wat = r#"[{"wat":"Bellen","laag":"beleid","klaar":"2026-Q2","leidt_tot":"k-1"}]"#;
        format!(r#"{{"id":"{id}","kwartaal":"2026-Q1","aanwezig":["beleid"],"besproken":["k-1"],"afspraken":{wat}}}"#)
    };
    for (method, path, body) in [
        ("GET", "/lokale-records/{id}/overgangen?afspraak=1", ""),
        ("POST", "/lokale-records/{id}/overgangen", r#"{"staat":"afgerond"}"#),
        ("POST", "/koppelingen", link),
        ("POST", "/ontkoppelingen", r#"{"signalen":["s-1"]}"#),
        ("GET", "/koppelvoorstellen", ""),
        ("GET", "/agenda?kwartaal=2026-Q1", ""),
        ("GET", "/knelpunten?terug=true&thema=wonen", ""),
        ("GET", "/vragen?netwerk=true", ""),
        ("POST", "/sessies", &sessie("q-1")),
        (
            "POST",
            "/lidmaatschappen",
            r#"{"kring":"k-1","lid":true,"week":"2026-W02"}"#,
        ),
        ("GET", "/postvak", ""),
        ("GET", "/verantwoording?kring=k-1&kwartaal=2026-Q1", ""),
        ("GET", "/terugkoppelingen?team=Noord&sinds=2026-W01", ""),
    ] {
        let json = [("Content-Type", "application/json")];
        let answer = room.send(
            method,
            &format!("/v1{}", path.replace("{id}", "s-1")),
            &json,
            body.as_bytes(),
        );
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        let path = path.split('?').next().unwrap();
        let operation = &all["paths"][path][method.to_lowercase()];
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        super::described::check(&super::json(&answer.body), schema, &all, path);
    }
    let noted = room.fake.noted();
    assert_eq!(
        noted,
        [
            "api opgenomen s-1",
            "api opgenomen s-1",
            "api opgenomen s-1",
            "api opgenomen q-1",
            "api opgenomen kring-lid"
        ]
    );
    let again = room.post("/v1/sessies", "application/json", sessie("gesloten").as_bytes());
    assert_eq!(problem(&again).status, 409);
}

#[test]
fn what_nobody_can_read_or_do_is_told() {
    let room = Room::open();
    for (path, status) in [
        ("/v1/agenda", 400),
        ("/v1/knelpunten?terug=ja", 400),
        ("/v1/vragen?thema=wonen", 400),
        ("/v1/agenda?kwartaal=2026-Q5", 400),
        ("/v1/verantwoording?kring=k-1", 400),
        ("/v1/terugkoppelingen?sinds=gisteren", 400),
    ] {
        assert_eq!(problem(&room.get(path)).status, status, "{path}");
    }
    let state = room.post(
        "/v1/lokale-records/q-1/overgangen",
        "application/json",
        br#"{"staat":"open"}"#,
    );
    assert_eq!(problem(&state).status, 409);
    assert_eq!(
        problem(&room.get("/v1/lokale-records/q-1/overgangen?afspraak=een")).status,
        400
    );
}

#[test]
fn full_text_takes_words_and_filters() {
    let room = Room::open();
    let found = super::json(&room.get("/v1/zoeken?q=briefadres&thema=wonen&vanaf=2026-W01").body);
    assert_eq!(
        (&found["alle_woorden"], &found["treffers"][0]["team"]),
        (&true.into(), &"wijkteam Noord".into())
    );
    assert_eq!(problem(&room.get("/v1/zoeken")).status, 400);
    assert_eq!(problem(&room.get("/v1/zoeken?q=a&pagina=2")).status, 400);
}
