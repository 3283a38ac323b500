// For tests only: writes file after file under one name until it is killed, and reports each. See
// indexed-db.browser.test.ts.

import { openIndexedDbStore } from './indexed-db.ts';
import { pattern } from './store.contract.ts';

self.addEventListener(
  'message',
  ({ data }: MessageEvent<{ databaseName: string; chunkBytes: number; fileBytes: number; version: number }>) => {
    void (async () => {
      const store = await openIndexedDbStore(data);
      for (let version = data.version; ; version++) {
        await store.write('x', pattern(data.fileBytes, version), { version: String(version) });
        self.postMessage(version);
      }
    })();
  },
);
