// One seed for all property tests, so that results are reproducible. FUZZ_SEED=random tests other cases; a failure
// prints the seed that repeats it.

import process from 'node:process';
import fc from 'fast-check';

const { FUZZ_SEED = '20261128' } = process.env;
fc.configureGlobal({ seed: FUZZ_SEED === 'random' ? Date.now() % 2 ** 31 : Number(FUZZ_SEED) });
