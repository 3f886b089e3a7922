use mamis_kernel::{BusinessType, MemberCategory};

/// The facts from which a category follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CategoryFacts {
    /// What the physician does at the main workplace.
    pub business_type: BusinessType,
    /// Whether the physician is the facility's administrator.
    pub is_administrator: bool,
    /// Whether this is a clinical resident.
    pub is_clinical_resident: bool,
    /// The wish to be left out of the liability insurance.
    pub insurance_excluded: bool,
}

/// A category an association has, in its own codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryOption {
    /// The association's code.
    pub code: String,
    /// As people read it.
    pub label: String,
    /// The national categories that lead to it.
    pub jma_category_hints: Vec<MemberCategory>,
}

/// A proposed national category and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal {
    /// What.
    pub category: MemberCategory,
    /// The rule that decided.
    pub rule: &'static str,
    /// The wish to leave the insurance was not followed (CAT-2).
    pub insurance_kept: bool,
}

/// Proposes the national category.
///
/// Rules CAT-8 (the category follows the facts; clerks confirm), CAT-1 (B and C are opt-outs of A②(B) and A②(C)) and CAT-2
/// (A① cannot opt out); source: docs/rules/workflow.md#cat-8.
#[must_use]
pub const fn propose(facts: &CategoryFacts) -> Proposal {
    let base = if facts.is_administrator || facts.business_type.is_founder() {
        MemberCategory::A1
    } else if facts.is_clinical_resident {
        MemberCategory::A2C
    } else {
        MemberCategory::A2B
    };
    if !facts.insurance_excluded {
        return Proposal { category: base, rule: "CAT-8", insurance_kept: false };
    }
    match base.without_insurance() {
        Some(category) => Proposal { category, rule: "CAT-1", insurance_kept: false },
        None => Proposal { category: base, rule: "CAT-2", insurance_kept: true },
    }
}

impl Proposal {
    /// What an association calls such a member: the first of its categories that this one leads to (M-11: every tier has
    /// its own labels).
    #[must_use]
    pub fn option_in<'a>(&self, options: &'a [CategoryOption]) -> Option<&'a CategoryOption> {
        options.iter().find(|option| option.jma_category_hints.contains(&self.category))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(business_type: BusinessType, resident: bool, excluded: bool) -> CategoryFacts {
        CategoryFacts {
            business_type,
            is_administrator: false,
            is_clinical_resident: resident,
            insurance_excluded: excluded,
        }
    }

    #[test]
    fn cat_8_the_category_follows_the_facts() {
        use BusinessType as T;
        for (business_type, resident, expected) in [
            (T::ClinicFounder, false, MemberCategory::A1),
            (T::HospitalFounder, false, MemberCategory::A1),
            (T::HospitalEmployee, false, MemberCategory::A2B),
            (T::HospitalEmployee, true, MemberCategory::A2C),
            (T::NotWorking, false, MemberCategory::A2B),
        ] {
            let proposal = propose(&facts(business_type, resident, false));
            assert_eq!((proposal.category, proposal.rule), (expected, "CAT-8"), "{business_type:?} {resident}");
        }
        let administrator = CategoryFacts { is_administrator: true, ..facts(T::ClinicEmployee, false, false) };
        assert_eq!(propose(&administrator).category, MemberCategory::A1);
    }

    #[test]
    fn cat_1_opting_out_leads_to_b_and_c() {
        assert_eq!(propose(&facts(BusinessType::HospitalEmployee, false, true)).category, MemberCategory::B);
        assert_eq!(propose(&facts(BusinessType::HospitalEmployee, true, true)).category, MemberCategory::C);
    }

    #[test]
    fn cat_2_a_founder_stays_insured() {
        let proposal = propose(&facts(BusinessType::ClinicFounder, false, true));
        assert_eq!(proposal, Proposal { category: MemberCategory::A1, rule: "CAT-2", insurance_kept: true });
    }

    #[test]
    fn m_11_each_association_has_its_own_word_for_a_member() {
        let option = |code: &str, hints: &[MemberCategory]| CategoryOption {
            code: code.into(),
            label: code.into(),
            jma_category_hints: hints.to_vec(),
        };
        let yamaguchi = [option("1", &[MemberCategory::A1]), option("2", &[MemberCategory::A2B, MemberCategory::B])];
        let employed = propose(&facts(BusinessType::HospitalEmployee, false, true));
        assert_eq!(employed.option_in(&yamaguchi).map(|o| o.code.as_str()), Some("2"));
        let resident = propose(&facts(BusinessType::HospitalEmployee, true, false));
        assert_eq!(resident.option_in(&yamaguchi), None);
    }
}
