//! Words that every text is full of: they say nothing of what it is about.

/// Such words, without accents, in order.
const STOP: &str = "aan af al alleen alles als altijd andere ben bent bij daar daardoor daarna daarom dan dat de deze die dit \
    doe doen dus een eens eerst eigenlijk elk elke en er ergens even gaan gaat ge geen geweest haar had hadden heb hebben hebt \
    heeft hem hen het hier hij hoe hun iemand iets ik in is ja je jij kan kon konden kunnen maar me mee meer men met mij mijn \
    moest moet moeten mocht mogen na naar niemand niet niets nog nu of om omdat onder ons onze ook op over per s schijnt t te \
    tegen terwijl toch toe toen tot uit u uw van vaak veel via vindt volgens voor vooral waar waarbij waarin wanneer want was \
    waren wat we weer wel welke werd werden wie wij wil willen word worden wordt zal ze zei zelf zich zij zijn zo zoals zodat \
    zodra zou zouden mag";

/// Whether every text is full of it.
pub(super) fn is_stop(word: &str) -> bool {
    word.len() == 1 && !word.starts_with(|c: char| c.is_ascii_digit())
        || STOP.split_ascii_whitespace().any(|stop| stop == word)
}
