//! What is thrown away counts for nothing any more.

use protocol::api::{Lang, VerwijderingGevraagd};
use serde_json::{Value, json};

use super::asked::{by, link, shown, told, two_teams, type_in};
use crate::http::{Backend as _, Learning as _};
use crate::runtime::local::tests::knelpunt;
use crate::runtime::running::tests::with_answers;

#[test]
fn a_signal_that_is_thrown_away_no_longer_counts_in_what_its_knelpunt_states() {
    with_answers("learning-discards", |answers| {
        type_in(answers, &json!([knelpunt(Some("k-1")), two_teams()[0], two_teams()[1]]));
        answers.link(&link(&["s-1", "s-2"], "k-1"), &by(), Lang::Nl).unwrap();
        assert_eq!(shown(answers, "k-1")["teams"]["GM9901"], "2");
        let asked = VerwijderingGevraagd::default();
        answers.discard("s-2", asked, &by(), Lang::Nl).unwrap();
        assert_eq!(
            (
                shown(answers, "k-1")["teams"]["GM9901"].as_str(),
                shown(answers, "k-1")["staat"].as_str()
            ),
            (Some("1"), Some("incident"))
        );
        answers.discard("s-1", asked, &by(), Lang::Nl).unwrap();
        assert_eq!(
            shown(answers, "k-1")["teams"],
            Value::Null,
            "nobody signalled it any more"
        );
        assert_eq!(told(answers.discard("s-1", asked, &by(), Lang::Nl)).status, 404);
    });
}
