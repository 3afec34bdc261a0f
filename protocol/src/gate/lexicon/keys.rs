//! Keys beside each other, and letters that are taken for each other.

/// What may have been meant when this letter was typed.
pub(super) fn beside(letter: char) -> &'static str {
    match letter {
        'a' => "qwsze",
        'b' => "vghnp",
        'c' => "xdfvsk",
        'd' => "serfcxt",
        'e' => "wsdria",
        'f' => "drtgcv",
        'g' => "ftyhbvc",
        'h' => "gyujnb",
        'i' => "ujkoey",
        'j' => "huikmny",
        'k' => "jiolmc",
        'l' => "kop",
        'm' => "njk",
        'n' => "bhjm",
        'o' => "iklpu",
        'p' => "olb",
        'q' => "wa",
        'r' => "edft",
        's' => "awedxzc",
        't' => "rfgyd",
        'u' => "yhjio",
        'v' => "cfgbw",
        'w' => "qaesv",
        'x' => "zsdc",
        'y' => "tghuij",
        'z' => "asx",
        _ => "",
    }
}
