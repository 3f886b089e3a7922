//! Background work: outbox, audit sealer.
