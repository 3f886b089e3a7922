//! Derived keys for comparing names and readings (N-2). They are stored beside a name, never instead of it, and never shown.

/// A reading folded for comparison: any form of kana → full-width katakana, small → large, `ヰヱヂヅヲ` → `イエジズオ`,
/// `ヴ` → `ブ`; without `ー`, `・` and spaces. Characters that are not kana are dropped.
///
/// Two family registers may write one reading with `ッ` and with `ツ`; both give one key. Rule KANA-2, docs/rules/registry.md.
pub fn kana_key(reading: &str) -> String {
    let wide = super::kana::widen_half_width(reading).unwrap_or_else(|_| reading.to_owned());
    wide.chars().filter_map(|c| fold_kana(super::kana::to_katakana(c))).collect()
}

fn fold_kana(c: char) -> Option<char> {
    Some(match c {
        'ァ' => 'ア',
        'ィ' | 'ヰ' => 'イ',
        'ゥ' => 'ウ',
        'ェ' | 'ヱ' => 'エ',
        'ォ' | 'ヲ' => 'オ',
        'ッ' => 'ツ',
        'ャ' => 'ヤ',
        'ュ' => 'ユ',
        'ョ' => 'ヨ',
        'ヮ' => 'ワ',
        'ヵ' => 'カ',
        'ヶ' => 'ケ',
        'ヂ' => 'ジ',
        'ヅ' => 'ズ',
        'ヴ' => 'ブ',
        'ヷ' => 'バ',
        'ヸ' => 'ビ',
        'ヹ' => 'ベ',
        'ヺ' => 'ボ',
        kana @ 'ア'..='ン' => kana,
        _ => return None,
    })
}

#[cfg(feature = "search")]
pub use names::{fold_variant, name_key};

#[cfg(feature = "search")]
mod names {
    use std::collections::HashMap;
    use std::sync::LazyLock;

    use unicode_normalization::UnicodeNormalization;

    /// A name folded for comparison: NFKC, without variation selectors, variants folded, upper case, without spaces
    /// and middle dots (N-2). Identity is never decided by it alone (N-3).
    pub fn name_key(name: &str) -> String {
        let mut key = String::with_capacity(name.len());
        for c in name.nfkc() {
            match c {
                '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => {}
                '・' | '·' | '•' | '‧' => {}
                c if c.is_whitespace() => {}
                c => key.extend(fold_variant(c).to_uppercase()),
            }
        }
        key
    }

    /// The form a variant is compared as: 髙 → 高, 﨑 → 崎. Any other character as it is.
    pub fn fold_variant(c: char) -> char {
        // Nothing below the ideographs is folded, and most text asked about is kana or ASCII.
        if c < '\u{3400}' {
            return c;
        }
        FORM_OF.get(&c).copied().unwrap_or(c)
    }

    /// [`VARIANTS`] turned round, because imports look up every character of every name.
    static FORM_OF: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
        VARIANTS.iter().flat_map(|(form, variants)| variants.chars().map(move |variant| (variant, *form))).collect()
    });

    /// Variants common in Japanese names, by the form they are compared as. A form is never itself a variant.
    ///
    /// Old and new forms of one character (舊字體), and regional forms kept by family registers. Characters that
    /// merely look alike, or that make another surname (畑/畠, 萩/荻), are not folded; 斉 and 斎, which registers do mix, are.
    const VARIANTS: &[(char, &str)] = &[
        ('高', "髙"),
        ('崎', "﨑碕嵜"),
        ('辺', "邊邉"),
        ('斉', "齊斎齋"),
        ('沢', "澤"),
        ('浜', "濵濱"),
        ('徳', "德"),
        ('吉', "𠮷"),
        ('広', "廣"),
        ('国', "國圀"),
        ('桜', "櫻"),
        ('竜', "龍"),
        ('滝', "瀧"),
        ('嶋', "嶌"),
        ('富', "冨"),
        ('館', "舘"),
        ('柳', "栁桺"),
        ('恵', "惠"),
        ('真', "眞"),
        ('関', "關"),
        ('曽', "曾"),
        ('槙', "槇"),
        ('遥', "遙"),
        ('尭', "堯"),
        ('瑶', "瑤"),
        ('条', "條"),
        ('実', "實"),
        ('寿', "壽"),
        ('栄', "榮"),
        ('栃', "杤"),
        ('礼', "禮"),
        ('来', "來"),
        ('万', "萬"),
        ('与', "與"),
        ('児', "兒"),
        ('円', "圓"),
        ('団', "團"),
        ('会', "會"),
        ('伝', "傳"),
        ('仏', "佛"),
        ('価', "價"),
        ('倹', "儉"),
        ('剣', "劍劒"),
        ('区', "區"),
        ('単', "單"),
        ('厳', "嚴"),
        ('台', "臺"),
        ('号', "號"),
        ('増', "增"),
        ('壌', "壤"),
        ('学', "學"),
        ('宝', "寶寳"),
        ('寛', "寬"),
        ('将', "將"),
        ('専', "專"),
        ('峰', "峯"),
        ('峡', "峽"),
        ('巌', "巖"),
        ('巣', "巢"),
        ('庁', "廳"),
        ('応', "應"),
        ('弁', "辨辯"),
        ('弥', "彌"),
        ('従', "從"),
        ('恒', "恆"),
        ('悦', "悅"),
        ('戸', "戶户"),
        ('払', "拂"),
        ('拡', "擴"),
        ('昇', "曻"),
        ('晃', "晄"),
        ('晋', "晉"),
        ('暁', "曉"),
        ('桧', "檜"),
        ('楽', "樂"),
        ('横', "橫"),
        ('歩', "步"),
        ('歳', "歲"),
        ('気', "氣"),
        ('沖', "冲"),
        ('清', "淸"),
        ('渋', "澁"),
        ('渓', "溪"),
        ('満', "滿"),
        ('瀬', "瀨"),
        ('灯', "燈"),
        ('為', "爲"),
        ('亀', "龜"),
        ('淵', "渕渊"),
        ('当', "當"),
        ('県', "縣"),
        ('秋', "穐"),
        ('穂', "穗"),
        ('稲', "稻"),
        ('穣', "穰"),
        ('竪', "豎"),
        ('篠', "筱"),
        ('糸', "絲"),
        ('経', "經"),
        ('総', "總"),
        ('緑', "綠"),
        ('縄', "繩"),
        ('聡', "聰"),
        ('声', "聲"),
        ('芦', "蘆"),
        ('芸', "藝"),
        ('荘', "莊"),
        ('蔵', "藏"),
        ('薫', "薰"),
        ('薮', "藪"),
        ('蛍', "螢"),
        ('覚', "覺"),
        ('誉', "譽"),
        ('豊', "豐"),
        ('頼', "賴"),
        ('転', "轉"),
        ('郷', "鄕"),
        ('郎', "郞"),
        ('鉄', "鐵銕"),
        ('鎌', "鐮"),
        ('闘', "鬪"),
        ('陥', "陷"),
        ('隣', "鄰"),
        ('霊', "靈"),
        ('静', "靜"),
        ('駅', "驛"),
        ('桑', "桒"),
        ('鶴', "靏靎"),
        ('鴎', "鷗"),
        ('黄', "黃"),
        ('黒', "黑"),
        ('弐', "貳"),
        ('壱', "壹"),
        ('杉', "杦"),
        ('松', "枩梥"),
        ('船', "舩舡"),
        ('兎', "兔"),
        ('数', "數"),
        ('予', "豫"),
        ('余', "餘"),
        ('処', "處"),
        ('証', "證"),
        ('湾', "灣"),
        ('蛮', "蠻"),
        ('恋', "戀"),
        ('変', "變"),
    ];

    #[cfg(test)]
    mod tests {
        use proptest::prelude::*;

        use super::*;

        #[test]
        fn n_2_variants_width_case_and_spaces_do_not_matter() {
            for (one, other) in [
                ("髙橋　﨑子", "高橋 崎子"),
                ("渡邊", "渡辺"),
                ("渡邉", "渡辺"),
                ("齋藤", "斉藤"),
                ("斎藤", "齊藤"),
                ("濵田　澤", "浜田沢"),
                ("德永", "徳永"),
                ("𠮷田", "吉田"),
                ("葛\u{E0100}城", "葛城"),
                ("\u{FA19}田", "神田"),
                ("ジョン・スミス", "ｼﾞｮﾝ ｽﾐｽ"),
                ("Ｓｍｉｔｈ", "smith"),
                ("㈱大津", "(株)大津"),
                ("嵜山碕", "崎山崎"),
            ] {
                assert_eq!(name_key(one), name_key(other), "{one} / {other}");
            }
        }

        #[test]
        fn different_names_keep_different_keys() {
            assert_ne!(name_key("大田"), name_key("太田"));
            assert_ne!(name_key("萩原"), name_key("荻原"));
            assert_ne!(name_key("河合"), name_key("川合"));
        }

        #[test]
        fn the_variant_table_is_large_enough_and_consistent() {
            let mut seen = std::collections::HashSet::new();
            let mut pairs = 0;
            for (form, variants) in VARIANTS {
                assert!(!variants.is_empty(), "{form} has no variant");
                assert_eq!(fold_variant(*form), *form, "{form} is itself a variant");
                for variant in variants.chars() {
                    assert_ne!(variant, *form, "{form} is its own variant");
                    assert!(seen.insert(variant), "{variant} stands twice");
                    assert_eq!(variant.nfkc().next(), Some(variant), "NFKC already folds {variant}");
                    pairs += 1;
                }
            }
            assert!(pairs >= 60, "{pairs}");
        }

        proptest! {
            #[test]
            fn a_key_is_its_own_key(name in "[一-龠ァ-ヺｦ-ﾟA-Za-zＡ-ｚ・ 　\u{fa0e}-\u{fa2d}]{0,12}") {
                let key = name_key(&name);
                prop_assert_eq!(name_key(&key), key);
            }

            #[test]
            fn no_name_makes_it_panic(name in any::<String>()) {
                let _ = (name_key(&name), super::super::kana_key(&name));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_compare_in_spite_of_their_spelling() {
        for (one, other) in [
            ("オッタ", "オツタ"),
            ("ヰヱヂヅヲ", "イエジズオ"),
            ("ヴィクター", "ブイクタ"),
            ("ｼﾞｮｰﾝ･ｽﾐｽ", "じょんすみす"),
            ("フクシマ ジョン", "フクシマ　ジヨン"),
        ] {
            assert_eq!(kana_key(one), kana_key(other), "{one} / {other}");
        }
        assert_ne!(kana_key("カトウ"), kana_key("ガトウ"));
    }

    #[test]
    fn what_is_not_kana_leaves_no_trace() {
        assert_eq!(kana_key("山田 A1ﾞ"), "");
    }
}
