// The index and the scan in a worker of their own.

import { serve } from '../src/rpc/server.ts';
import type { SearchApi } from '../src/rpc/protocol.ts';
import { parsePassages } from '../src/text/parse-passages.ts';
import { SearchSession } from './search-session.ts';
import { SiteSession } from './site-session.ts';

const session = new SearchSession();
const site = new SiteSession(session);

serve<SearchApi>(self, {
  configure({ store, scan }) {
    session.configure(store, scan);
    return null;
  },
  open: ({ name, url }, { signal, progress }) => session.open(name, url, { signal, onProgress: progress }),
  build: (args, { signal, progress }) => session.build(args, { signal, onProgress: progress }),
  setAdapter({ id, adapter }) {
    session.setAdapter(id, adapter);
    return null;
  },
  search: (args) => session.search(args),
  openSite: (args, { signal }) => site.open(args, signal),
  searchSite: (query, { signal }) => site.search(query, signal),
  completeSite: (_, { signal, progress }) => site.complete({ signal, onProgress: progress }),
  async siteFile({ file }, { transfer }) {
    const bytes = await site.file(file);
    transfer(bytes.buffer);
    return bytes;
  },
  parsePassages: ({ text }) => parsePassages(text),
  passages: ({ rows }) => session.passages(rows),
  rows: ({ ids }) => session.rows(ids),
  vectors({ rows }, { transfer }) {
    const vectors = session.vectors(rows);
    transfer(vectors.buffer);
    return vectors;
  },
  snapshot(_, { transfer }) {
    const vectors = session.snapshot();
    transfer(vectors.codes.buffer, vectors.scales.buffer);
    return vectors;
  },
  exportFile(_, { transfer }) {
    const bytes = session.exportFile();
    transfer(bytes.buffer);
    return bytes;
  },
  readFile: ({ name }) => session.file(name),
  async writeFile({ name, bytes }) {
    await session.writeFile(name, bytes);
    return null;
  },
  async removeFile({ name }) {
    await session.removeFile(name);
    return null;
  },
});
