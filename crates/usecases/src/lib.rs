//! One function per thing a user or a job can do: transaction, policy, rules.
