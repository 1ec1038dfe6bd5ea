//! Language codes that directories accept: ISO 639-1, with a region if one is meant.

/// ISO 639-1.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de \
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it \
    iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd \
    ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su \
    sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// English names of the languages that people write out.
const NAMES: &[(&str, &str)] = &[
    ("english", "en"),
    ("german", "de"),
    ("deutsch", "de"),
    ("french", "fr"),
    ("français", "fr"),
    ("spanish", "es"),
    ("español", "es"),
    ("italian", "it"),
    ("portuguese", "pt"),
    ("dutch", "nl"),
    ("polish", "pl"),
    ("russian", "ru"),
    ("ukrainian", "uk"),
    ("japanese", "ja"),
    ("chinese", "zh"),
    ("korean", "ko"),
    ("arabic", "ar"),
    ("hindi", "hi"),
    ("swedish", "sv"),
    ("danish", "da"),
    ("norwegian", "no"),
    ("finnish", "fi"),
    ("turkish", "tr"),
];

/// What is wrong with a language code, as what to write instead; `None` where directories accept it.
pub(super) fn fault(code: &str) -> Option<String> {
    if is_accepted(code) {
        return None;
    }
    Some(match instead(code) {
        Some(instead) => format!("Write: language = \"{instead}\""),
        None => "Write two letters, and a region if one is meant: language = \"en-CA\"".to_owned(),
    })
}

/// The code that was most likely meant.
pub(super) fn instead(code: &str) -> Option<String> {
    NAMES
        .iter()
        .find(|(name, _)| *name == code.to_lowercase())
        .map(|(_, code)| (*code).to_owned())
        .or_else(|| Some(code.replace('_', "-")).filter(|c| is_accepted(c)))
        .or_else(|| code.get(..2).filter(|c| is_accepted(c)).map(str::to_owned))
}

/// True for a code that directories accept.
pub(super) fn is_accepted(code: &str) -> bool {
    let Ok(tag) = oxilangtag::LanguageTag::parse(code) else { return false };
    let primary = tag.primary_language().to_lowercase();
    let known = primary.len() == 2 && LANGUAGES.split_ascii_whitespace().any(|l| l == primary);
    let plain = tag.extended_language().is_none()
        && tag.variant().is_none()
        && tag.extension().is_none()
        && tag.private_use().is_none();
    known && plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_directories_pass_and_others_say_what_to_write() {
        for good in ["en", "en-CA", "pt-br", "zh-Hant", "zh-Hans-CN", "es-419", "NB"] {
            assert_eq!(fault(good), None, "{good}");
        }
        let check = |code: &str, help: &str| assert_eq!(fault(code).as_deref(), Some(help), "{code}");
        check("English", "Write: language = \"en\"");
        check("en_US", "Write: language = \"en-US\"");
        check("eng", "Write: language = \"en\"");
        check("x", "Write two letters, and a region if one is meant: language = \"en-CA\"");
        check("qq", "Write two letters, and a region if one is meant: language = \"en-CA\"");
    }
}
