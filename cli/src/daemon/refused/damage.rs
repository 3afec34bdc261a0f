//! What is wrong with a store that is damaged.

use node::store::Damage;
use protocol::api::Message;

/// What a person is told; what an engine or a check below it said stands behind a colon, as it is.
pub(in crate::daemon) fn of_damage(damage: &Damage) -> Message {
    match damage {
        Damage::Lost { writes } => Message::with(
            format!("wat het laatst bewaard was, is weg: {writes} keer schrijven"),
            format!("what was kept last is gone: {writes} writes"),
        ),
        Damage::Format => Message::new("er staat niet in welke vorm zij heeft", "it does not say its format"),
        Damage::Keys { .. } => Message::new(
            "de sleutels van de documenten zijn niet heel",
            "the keys of the documents are not whole",
        ),
        Damage::Content { .. } => Message::new(
            "iets wat erin staat is niet wat er geschreven is",
            "something in it is not what was written",
        ),
        Damage::Engine { detail } => Message::with(format!("sled zegt: {detail}"), format!("sled says: {detail}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_damage_is_told_in_dutch_and_in_english() {
        let detail = || "a text of below".to_owned();
        let all = [
            Damage::Lost { writes: 3 },
            Damage::Format,
            Damage::Keys { detail: detail() },
            Damage::Content { detail: detail() },
        ];
        for damage in all {
            let said = of_damage(&damage);
            assert_ne!(said.nl, said.en, "{damage:?}");
            assert!(!said.nl.contains("text of below"), "{}", said.nl);
        }
        let engine = of_damage(&Damage::Engine { detail: detail() });
        assert_eq!(engine.nl, "sled zegt: a text of below");
    }
}
