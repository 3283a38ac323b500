// The Node API: re-exports only.

export { buildIndex, type BuildIndexOptions } from './index-command/build-index.ts';
export { createIndex, type CreateIndexOptions, type HTMLFile, type SiteIndex } from './site/create-index.ts';
export type { CollectionRecord, RecordSection } from '../build/records.ts';
export type { IndexProgress, SiteSummary } from './site/write-site.ts';
export { openCollection, type CollectionSearchOptions, type OpenCollectionOptions, type OpenedCollection } from './open-collection.ts';
export type { CommandIo } from './command-io.ts';
export { runCli } from './run-cli.ts';
export { startServer } from './serve/server.ts';
