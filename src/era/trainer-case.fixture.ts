// ERA's case for the contract of trainers, with a recipe short enough to run many times. Tests only.

import type { LinearAdapter } from '../adapter/adapter.ts';
import type { TrainerCase } from '../adapter/trainer.contract.ts';
import { adamReach } from './adam-reach.fixture.ts';
import type { TrainingBackend } from './backend.ts';
import { eraTrainer } from './trainer.ts';

const [ALIGN_EPOCHS, ADAPT_EPOCHS, LEARNING_RATE] = [60, 20, 1e-2];

export function eraCase(open: () => Promise<TrainingBackend>): TrainerCase<LinearAdapter> {
  let opened: Promise<TrainingBackend> | undefined;
  const recipe = {
    align: { epochs: ALIGN_EPOCHS, learningRate: LEARNING_RATE },
    adapt: { epochs: ADAPT_EPOCHS, learningRate: LEARNING_RATE },
  };
  return {
    trainer: () => Promise.resolve(eraTrainer(() => (opened ??= open()), recipe)),
    bound: {
      // A random start of a linear layer is within ±1/√dIn; one batch per epoch.
      align: 1 + adamReach(LEARNING_RATE, ALIGN_EPOCHS),
      adapt: (largest) => largest + adamReach(LEARNING_RATE, ADAPT_EPOCHS),
      because: 'Adam moves a weight by no more than a few learning rates a step',
    },
    chooses: false,
  };
}
