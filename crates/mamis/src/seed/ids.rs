//! Ids from the seed: they grow, as those of real life do, so that indexes fill at their end.

use rand::RngCore;
use rand_chacha::ChaCha12Rng;
use uuid::{Builder, Uuid};

pub(super) struct Ids {
    rng: ChaCha12Rng,
    made: u64,
}

impl Ids {
    /// 2026-11-01 in milliseconds; every thousandth id is a millisecond later.
    const FIRST: u64 = 1_793_491_200_000;

    pub(super) const fn new(rng: ChaCha12Rng) -> Self {
        Self { rng, made: 0 }
    }

    pub(super) fn next(&mut self) -> Uuid {
        let mut random = [0_u8; 10];
        self.rng.fill_bytes(&mut random);
        self.made += 1;
        Builder::from_unix_timestamp_millis(Self::FIRST + self.made / 1_000, &random).into_uuid()
    }
}
