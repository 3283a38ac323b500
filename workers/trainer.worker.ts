// The trainer worker: learning in its own worker, so that search never waits for it.

import { serve } from '../src/rpc/server.ts';
import type { TrainerApi } from '../src/rpc/protocol.ts';
import { TrainingSession } from './training-session.ts';

const session = new TrainingSession();

serve<TrainerApi>(self, {
  async load(args) {
    await session.load(args);
    return null;
  },
  align: (args, { signal, progress }) => session.align(args, signal, progress),
  adapt: (args, { signal, progress }) => session.adapt(args, signal, progress),
  chooseKeywordFactor: (args) => session.chooseKeywordFactor(args),
  learningCurve: (args, { signal, progress }) => session.learningCurve(args, signal, progress),
  evaluate: (args) => session.evaluate(args),
});
