//! Codes of letters with temporary log-ins, and of the way from a letter to a log-in.

use crate::wire_codes;

wire_codes! {
    /// What letters are for.
    LetterPurpose {
        /// The first log-in of a member without an account.
        Enrolment => "enrolment",
        /// A new password for a member who has an account and lost the way into it.
        Recovery => "recovery",
    }
}

wire_codes! {
    /// Where a batch of letters stands.
    LetterBatchState {
        /// Being printed.
        Waiting => "waiting",
        /// Its file can be fetched.
        Ready => "ready",
        /// A clerk said that it was printed; the file is gone.
        Printed => "printed",
        /// Nobody said so in time; the file is gone.
        Expired => "expired",
    }
}

wire_codes! {
    /// What comes next on the way from a letter to a log-in, in this order.
    EnrolmentStep {
        /// To show who one is: registration number and date, birth date.
        Identity => "identity",
        /// An address for mail, confirmed by a code, or to say that one has none.
        Email => "email",
        /// To choose a password, and a login id if one wants another.
        Password => "password",
        /// To accept the terms and finish.
        Finish => "finish",
    }
}
