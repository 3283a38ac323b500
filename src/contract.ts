/**
 * The lists of tests that every analyzer, encoder, retriever and trainer runs, for those who write one: each is called
 * in a test file of vitest's. Re-exports only.
 * @module
 */

export { describeAnalyzer } from './analysis/analyzer.contract.ts';
export { describeEncoder, type EncoderCase } from './encode/encoder.contract.ts';
export { describeRetriever, type RetrieverCase } from './search/retriever.contract.ts';
export { describeTrainer, type TrainerCase } from './adapter/trainer.contract.ts';
