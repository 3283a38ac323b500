// The process of build-collection.mjs. Stopped, or left alone by the process that started it, it clears up and ends.

import { constants, setPriority } from 'node:os';
import process from 'node:process';
import { loadNodeBuild } from './load-cli.mjs';
import { repositoryRoot } from './script.mjs';
import { messageOf } from './setup-error.mjs';

/** @type {unknown} */
const argument = JSON.parse(process.argv[2] ?? '');
const { docs, out, inBackground, cacheDir } = /** @type {import('./build-collection.mjs').CollectionJob} */ (argument);
const controller = new AbortController();
const stop = () => controller.abort(new Error('Stopped.'));
for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(name, stop);
process.on('disconnect', stop);

/** @param {import('./build-collection.mjs').ChildMessage} message */
const tell = (message) => {
  // Without the other process there is nobody to tell.
  if (process.connected) process.send?.(message, undefined, {}, () => undefined);
};

if (inBackground) {
  try {
    setPriority(constants.priority.PRIORITY_LOW); // the threads that compute are started later and have it, too
  } catch {
    // Where it is not allowed the build is as fast as it was.
  }
}
try {
  const { createIndex } = await loadNodeBuild(repositoryRoot);
  const index = await createIndex({
    modelFiles: false,
    forceLanguage: 'en', // of all demo corpora, which do not say so
    elementDir: null,
    cacheDir,
    signal: controller.signal,
    onProgress: ({ phase, done, total }) => {
      if (phase === 'embed' && total !== null) tell({ left: total - done });
    },
  });
  await index.addCorpus(docs);
  await index.write({ outputPath: out });
  index.close();
} catch (error) {
  process.exitCode = 1;
  const message = messageOf(error).replace(/[^.!?]$/, '$&.');
  tell({ problem: error instanceof Error && 'hint' in error ? `${message} ${String(error.hint)}` : message });
}
if (process.connected) process.disconnect(); // what was sent is on its way
