//! The form in which words are looked up: small letters without accents.

/// Among the letters that were left out of a word: none, this is the word itself.
pub(crate) const WHOLE: u64 = 1 << 60;

/// The small letter, without its accent.
pub(crate) fn fold(c: char) -> char {
    match c {
        'a'..='z' => c,
        '`' => '\'',
        '\u{0}'..='\u{7f}' => c.to_ascii_lowercase(),
        'à'..='å' | 'À'..='Å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'Ç' | 'ć' | 'č' | 'Č' | 'Ć' => 'c',
        'è'..='ë' | 'È'..='Ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'Ì'..='Ï' | 'ī' | 'ı' | 'İ' => 'i',
        'ñ' | 'Ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'Ò'..='Ö' | 'ø' | 'Ø' | 'ō' | 'ő' => 'o',
        'ù'..='ü' | 'Ù'..='Ü' | 'ū' | 'ů' => 'u',
        'ý' | 'ÿ' | 'Ý' => 'y',
        'ş' | 'Ş' | 'š' | 'Š' | 'ś' | 'Ś' => 's',
        'ž' | 'Ž' | 'ź' | 'ż' | 'Ż' => 'z',
        'ğ' | 'Ğ' => 'g',
        'ł' | 'Ł' => 'l',
        'ř' => 'r',
        '’' | '‘' | 'ʼ' | '´' => '\'',
        _ => {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(single), None) => single,
                _ => c,
            }
        }
    }
}

/// The whole text in that form.
#[allow(dead_code, reason = "the gate folds letter by letter; the build script whole words")]
pub(crate) fn folded(text: &str) -> String {
    text.trim().chars().map(fold).collect()
}
