//! What a record becomes through those around it, whatever came first.

use super::*;

fn bericht(over: RecordId, form: &str) -> Value {
    json!({"soort": "bericht", "week": "2026-W08", "over": over.to_string(), "vorm": form,
        "tekst": "Bij ons staat het anders in de verordening."})
}

#[test]
fn a_record_of_many_is_what_the_records_around_it_make_of_it_whatever_came_first() {
    let scratch = Scratch::new("view-around");
    let target = RecordId([1; 20]);
    let (rule, doubt) = (RecordId([6; 20]), RecordId([7; 20]));
    let duiding = json!({"soort": "duiding", "week": "2026-W08", "op": [target.to_string()], "oordeel": "kan",
        "uitleg": "Het mag gewoon.", "bron": [{"type": "wet", "verwijzing": "Een artikel"}]});
    let mut all = changes();
    all.extend([
        founded(6, 9902, &duiding),
        founded(7, 9903, &bericht(rule, "tegenspraak")),
        founded(8, 9905, &bericht(doubt, "antwoord")),
    ]);
    let withdrawn = Change {
        content: Content::Withdrawn,
        ..all[0].clone()
    };
    let heirs = [(gemeente(9902), gemeente(9905))];
    let mut rng = Seeded::new(2);
    let mut seen = std::collections::BTreeSet::new();
    for round in 0..8 {
        rng.shuffle(&mut all);
        let mut batches: Vec<Batch> = all.chunks(2).map(|part| batch(part, false)).collect();
        batches.push(Batch {
            heirs: heirs.into(),
            ..batch(std::slice::from_ref(&withdrawn), true)
        });
        let view = filled(&scratch, &round.to_string(), &batches);
        seen.insert(json!(listed(&view, &Filter::default())).to_string());
    }
    assert_eq!(seen.len(), 1);
    let one: Vec<Value> = serde_json::from_str(seen.first().unwrap()).unwrap();
    let of = |record: RecordId| one.iter().find(|shown| shown["id"] == record.to_string()).unwrap();
    // Answered by the gemeente that the owner went on as.
    assert_eq!(
        (&of(rule)["staat"], &of(doubt)["antwoord"]),
        (&json!("vastgesteld"), &json!("beantwoord"))
    );
    // Another wrote part of the knelpunt, which stays; it is not withdrawn.
    assert_eq!(of(target)["bijdragen"], json!(["GM9902"]));
    assert!(of(rule).get("verwijzingen").is_none());
    let gone = all.iter().find(|change| change.document.0[0] == 2).unwrap();
    let gone = Change {
        content: Content::Withdrawn,
        ..gone.clone()
    };
    let view = filled(&scratch, "gone", &[batch(&all, false), batch(&[withdrawn, gone], true)]);
    let shown = listed(&view, &Filter::default());
    let rule = shown.iter().find(|shown| shown["id"] == rule.to_string()).unwrap();
    // Without the merger a third answered: the contradiction is open.
    assert_eq!(rule["staat"], "betwist");
    assert_eq!(rule["verwijzingen"], json!({ target.to_string(): "ingetrokken" }));
}
