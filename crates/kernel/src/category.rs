//! The national association's member categories (日本医師会 会員区分).

crate::wire_codes! {
    /// 会員区分 of the national association. The label varies from paper to paper (`A①`, `Ａ１`); the code is stored.
    MemberCategory {
        /// A①会員: founder or administrator of a hospital or clinic.
        A1 => "A1",
        /// A②(B)会員: neither of those nor a resident, insured.
        A2B => "A2B",
        /// A②(C)会員: clinical resident under the Medical Practitioners' Act, insured.
        A2C => "A2C",
        /// B会員: would be A②(B) but opted out of the liability insurance.
        B => "B",
        /// C会員: would be A②(C) but opted out of the liability insurance.
        C => "C",
    }
}

impl MemberCategory {
    /// The category before the choice about the insurance: `B` rests on `A2B`, `C` on `A2C` (CAT-1).
    #[must_use]
    pub const fn base_category(self) -> Self {
        match self {
            Self::A1 => Self::A1,
            Self::A2B | Self::B => Self::A2B,
            Self::A2C | Self::C => Self::A2C,
        }
    }

    /// Whether the member opted out of the liability insurance (CAT-1).
    #[must_use]
    pub const fn insurance_excluded(self) -> bool {
        match self {
            Self::B | Self::C => true,
            Self::A1 | Self::A2B | Self::A2C => false,
        }
    }

    /// The category after opting out of the insurance; `None` for A①, who cannot opt out (CAT-2).
    #[must_use]
    pub const fn without_insurance(self) -> Option<Self> {
        match self {
            Self::A1 => None,
            Self::A2B | Self::B => Some(Self::B),
            Self::A2C | Self::C => Some(Self::C),
        }
    }

    /// The label on Japanese screens and paper.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::A1 => "A①会員",
            Self::A2B => "A②(B)会員",
            Self::A2C => "A②(C)会員",
            Self::B => "B会員",
            Self::C => "C会員",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cat_1_b_and_c_are_opt_outs_of_the_insurance() {
        for (category, base, excluded) in [
            (MemberCategory::A1, MemberCategory::A1, false),
            (MemberCategory::A2B, MemberCategory::A2B, false),
            (MemberCategory::A2C, MemberCategory::A2C, false),
            (MemberCategory::B, MemberCategory::A2B, true),
            (MemberCategory::C, MemberCategory::A2C, true),
        ] {
            assert_eq!((category.base_category(), category.insurance_excluded()), (base, excluded));
        }
    }

    #[test]
    fn cat_2_founders_cannot_opt_out() {
        assert_eq!(MemberCategory::A1.without_insurance(), None);
        assert_eq!(MemberCategory::A2B.without_insurance(), Some(MemberCategory::B));
        assert_eq!(MemberCategory::A2C.without_insurance(), Some(MemberCategory::C));
    }

    #[test]
    fn every_category_reads_back_from_its_code() {
        for category in MemberCategory::ALL {
            assert_eq!(category.as_str().parse(), Ok(*category));
        }
    }
}
