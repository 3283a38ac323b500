import { createRequire } from 'node:module';
import { describe } from 'vitest';
import { describeTrainer } from '../../adapter/trainer.contract.ts';
import { adamReach } from '../../era/adam-reach.fixture.ts';
import { openTrainingBackend, type TrainingBackend } from '../../era/backend.ts';
import { ALIGN_BASELINES, alignBaseline, type AlignBaseline } from './align-trainers.ts';
import { LABEL_BASELINES, labelBaseline, type LabelBaseline } from './label-trainers.ts';
import { isNonlinear, type LearnedMap } from './nonlinear-map.ts';

const wasmFile = createRequire(import.meta.url).resolve(
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
);
let opened: Promise<TrainingBackend> | undefined;
const open = (): Promise<TrainingBackend> => (opened ??= openTrainingBackend({ device: 'wasm', wasmFile }));

const numbersOf = (map: LearnedMap): readonly Float32Array[] =>
  isNonlinear(map) ? map.parameters : [map.weight, map.bias];
const map = async (learned: LearnedMap, x: Float32Array): Promise<Float32Array> =>
  isNonlinear(learned) ? learned.mapQueries(x) : new Float32Array();

/** Dimensions of the contract's site. */
const [D_IN, D_OUT] = [12, 8];
const [EPOCHS, RANK, HIDDEN] = [120, 8, 12];

/**
 * A ridge of at least 0.003 of the mean variance v, which is about 1/d for unit vectors of d dimensions: ‖A‖ ≤ 1 /
 * (2√(0.003 v)).
 */
const whitened = {
  bound: 1 + 1 / (2 * Math.sqrt((0.003 * 0.5) / D_IN)),
  because: 'ridge: at most 1 over twice its root',
};
const rotation = { bound: 2, because: 'a rotation has no number above 1, and it moves means of unit vectors' };
// Drift-Adapter starts within ±1, its factors at 1, and has one batch per epoch.
const reach = 1 + adamReach(1e-3, EPOCHS);
const ALIGN_BOUNDS: Readonly<Record<AlignBaseline, { readonly bound: number; readonly because: string }>> = {
  'align-ridge': whitened,
  'align-whitened': whitened,
  'align-scores': whitened,
  'align-procrustes': rotation,
  'drift-procrustes': rotation,
  'drift-low-rank': {
    bound: RANK * reach ** 3,
    because: 'the product of two factors and a scaling that Adam moved by steps of its learning rate',
  },
  'drift-mlp': { bound: reach, because: 'Adam moves a parameter by no more than a few learning rates a step' },
};

describe.each(ALIGN_BASELINES)('%s', (name) => {
  const { bound, because } = ALIGN_BOUNDS[name];
  describeTrainer<LearnedMap>({
    trainer: () => Promise.resolve(alignBaseline(name, open, { epochs: EPOCHS, rank: RANK, hidden: HIDDEN })),
    numbersOf,
    map,
    bound: { align: bound, because },
    chooses: false,
  });
});

/** Adam's learning rate of each baseline, and the steps that the recipes below allow. */
const ADAM: Readonly<Record<LabelBaseline, { readonly rate: number; readonly steps: number }>> = {
  'search-adaptor': { rate: 1e-2, steps: 60 },
  'chroma-triplet': { rate: 3e-3, steps: 5 * Math.ceil((60 * 5) / 256) },
  'chroma-mse': { rate: 3e-3, steps: 5 * Math.ceil((60 * 6) / 256) },
  'anchored-infonce': { rate: 3e-4, steps: 40 },
};

describe.each(LABEL_BASELINES)('%s', (name) => {
  const { rate, steps } = ADAM[name];
  const recipes = {
    searchAdaptor: { grid: [{ alpha: 0, beta: 0 }], steps: 60, learningRate: rate },
    chroma: { epochs: 5 },
    anchored: { epochs: 40 },
  };
  describeTrainer<LearnedMap>({
    trainer: () => Promise.resolve(labelBaseline(name, open, recipes)),
    numbersOf,
    map,
    // Random starts of a layer with at least D_OUT inputs are within ±1/√8; the start of an anchored map is the one in
    // use, scaled to outputs of length 1.
    bound: {
      adapt: (largest) => 2 * largest + adamReach(rate, steps),
      because: `Adam moves a parameter by no more than a few learning rates a step, in ${String(D_OUT)} dimensions as in any`,
    },
    path: name === 'anchored-infonce' ? 'remote' : 'local',
    // Search-Adaptor validates too, but takes any improvement.
    chooses: name === 'anchored-infonce',
  });
});
