//! The manuals in `tests/stories` tell the truth.

use std::path::Path;

use tests::story;

#[track_caller]
fn play(name: &str) {
    story::play(
        &Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("stories")
            .join(name)
            .with_extension("md"),
    );
}

#[test]
fn two_gemeenten_from_init_to_seeing_each_others_record() {
    play("eerste-record");
}

#[test]
fn every_user_error_is_one_clear_message() {
    play("fouten");
}

#[test]
fn a_server_that_burned_down_comes_back() {
    play("afgebrand");
}

#[test]
fn an_analyst_asks_ten_questions_of_the_practice_federation() {
    play("tien-vragen");
}

#[test]
fn gemeenten_merge() {
    play("herindeling");
}

#[test]
fn a_member_is_put_on_hold_and_goes_on_with_a_clean_node() {
    play("schorsen");
}

#[test]
fn a_member_votes_and_goes() {
    play("vertrekken");
}

#[test]
fn what_is_withdrawn_is_gone_at_everybody() {
    play("intrekken");
}

#[test]
fn a_stolen_key_is_replaced_and_nothing_is_lost() {
    play("sleutel-gestolen");
}

#[test]
fn a_gemeente_is_invited_and_let_in_by_the_members() {
    play("toetreden");
}

#[test]
fn two_teams_of_one_gemeente_find_each_other_without_a_federation() {
    play("terugkeer");
}

#[test]
fn a_knelpunt_comes_back_until_a_rule_changes() {
    play("leerlus");
}

#[test]
fn gemeenten_learn_in_a_kring_and_one_leaves_with_all_it_shared() {
    play("kring");
}

#[test]
fn a_request_to_look_along_reaches_who_it_is_about() {
    play("meekijken");
}
