// The Node API: re-exports only.

export { createIndex, type CreateIndexOptions, type HTMLFile, type SiteIndex } from './site/create-index.ts';
export type { CollectionRecord, RecordSection } from '../build/records.ts';
export type { OnProgress, Progress } from '../progress.ts';
export type { SiteSummary } from './site/write-site.ts';
export {
  openCollection,
  type CollectionSearchOptions,
  type OpenCollectionOptions,
  type OpenedCollection,
} from './open-collection.ts';
export type { CommandIo } from './command-io.ts';
export { runCli } from './run-cli.ts';
export { startServer } from './serve/server.ts';
