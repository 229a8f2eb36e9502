//! Characters that are invisible, or look like others.

/// True unless the character is invisible or a control character.
pub fn is_visible(character: char) -> bool {
    !character.is_control() && !is_invisible(character)
}

/// Characters that are invisible or reorder text: bidirectional and zero-width characters, tags, variation selectors and
/// fillers.
/// Source: Unicode Standard Annex #9 (bidirectional controls) and the `Default_Ignorable_Code_Point` property.
pub fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// The ASCII character that looks the same.
pub(super) fn look_alike(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{00A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{3000}' => " ",
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FF0D}' => "-",
        '\u{2018}' | '\u{2019}' | '\u{02BC}' => "'",
        '\u{2192}' | '\u{21D2}' => "->",
        '\u{FF1A}' | '\u{2236}' => ":",
        '\u{FF0C}' => ",",
        '\u{FF0F}' | '\u{2044}' | '\u{2215}' => "/",
        '\u{FF1D}' => "=",
        '\u{0430}' | '\u{03B1}' => "a",
        '\u{0441}' | '\u{03F2}' => "c",
        '\u{0435}' => "e",
        '\u{0456}' | '\u{0131}' => "i",
        '\u{0458}' => "j",
        '\u{043E}' | '\u{03BF}' => "o",
        '\u{0440}' | '\u{03C1}' => "p",
        '\u{0455}' => "s",
        '\u{0445}' => "x",
        '\u{0443}' => "y",
        '\u{0410}' | '\u{0391}' => "A",
        '\u{0412}' | '\u{0392}' => "B",
        '\u{0421}' => "C",
        '\u{0415}' | '\u{0395}' => "E",
        '\u{041D}' | '\u{0397}' => "H",
        '\u{041A}' | '\u{039A}' => "K",
        '\u{041C}' | '\u{039C}' => "M",
        '\u{041E}' | '\u{039F}' => "O",
        '\u{0420}' | '\u{03A1}' => "P",
        '\u{0422}' | '\u{03A4}' => "T",
        '\u{0425}' | '\u{03A7}' => "X",
        _ => return None,
    })
}
