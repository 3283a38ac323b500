/**
 * The index and the search in Node: `createIndex` makes what a site publishes, `openCollection` searches it.
 * @module
 */

export { createIndex, type CreateIndexOptions, type HTMLFile, type SiteIndex } from './site/create-index.ts';
export type { CollectionRecord, RecordSection } from '../build/records.ts';
export type { Answer, Answers } from '../answer.ts';
export type { Curation, CurationReport } from '../format/curation.ts';
export type { EncodeOptions, EncodeProgress, Encoder, EncoderDevice } from '../encode/encoder.ts';
export type { ModelChoice, ModelOptions } from '../encode/model-choice.ts';
export { EraError, isEraError, type ErrorCode, type ErrorCodes } from '../errors.ts';
export type { SearchMode } from '../search/query.ts';
export type { OnProgress, Progress } from '../progress.ts';
export type { QueryModelOptions } from './site/align-queries.ts';
export type { RemovedText } from './site/boilerplate.ts';
export type { LeftOut } from './site/collect-site.ts';
export type { Resolve } from './site/crawl/checked-agent.ts';
export type { CrawlPlan } from './site/crawl/crawl-plan.ts';
export type { CrawlOptions, CrawlProgress } from './site/crawl/crawl.ts';
export type { CrawlWait } from './site/crawl/host-waits.ts';
export type { SiteSummary } from './site/write-site.ts';
export {
  openCollection,
  type CollectionSearchOptions,
  type OpenCollectionOptions,
  type OpenedCollection,
} from './open-collection.ts';
export type { CommandIo } from './command-io.ts';
export { runCli } from './run-cli.ts';
export type { CollectionMaker, CollectionState } from './serve/collection-states.ts';
export { startServer, type RunningServer, type ServerOptions } from './serve/server.ts';
export type { StaticDir } from './serve/static-files.ts';
