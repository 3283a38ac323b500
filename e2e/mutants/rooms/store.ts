import type { Mutant } from '../mutant.ts';

export const store: readonly Mutant[] = [
  {
    id: 'flip-relaxed',
    file: 'indexed-db.ts',
    find: `connection.transact(['meta', 'chunks'], 'readwrite', 'strict', async (transaction) => {`,
    replace: `connection.transact(['meta', 'chunks'], 'readwrite', 'relaxed', async (transaction) => {`,
    breaks: 'A write resolves before the new file is on the disk.',
    isNamed: true,
  },
  {
    id: 'remove-relaxed',
    file: 'indexed-db.ts',
    find: `connection.transact(['meta'], 'readwrite', 'strict', async (transaction) => {`,
    replace: `connection.transact(['meta'], 'readwrite', 'relaxed', async (transaction) => {`,
    breaks: 'A removal resolves before the disk has forgotten the name, whose chunks are then deleted.',
    isNamed: true,
  },
  {
    id: 'durability-not-passed',
    file: 'connection.ts',
    find: `    try {
      return database.transaction(stores, mode, { durability });`,
    replace: `    try {
      return database.transaction(stores, mode);`,
    breaks: 'Every transaction has the durability that the browser chooses.',
    isNamed: true,
  },
  {
    id: 'terminated-unheard',
    file: 'connection.ts',
    find: `
    terminated: onLost,`,
    replace: '',
    breaks: 'A connection that the browser has ended is used on.',
    isNamed: true,
  },
  {
    id: 'hash-not-checked',
    file: 'indexed-db.ts',
    find: `isWhole: chunkSha256.every((hash, i) => hash === hashes[i])`,
    replace: `isWhole: true`,
    breaks: 'A file whose bytes changed on the disk is returned.',
  },
  {
    id: 'damaged-kept',
    file: 'indexed-db.ts',
    find: `
      await drop(name, entry?.generation ?? null).catch(() => undefined);`,
    replace: '',
    breaks: 'A damaged file stays, and stat goes on to say that it is there.',
  },
  {
    id: 'failed-write-left',
    file: 'indexed-db.ts',
    find: `
        await Promise.all(generations.map((generation) => deleteGeneration(connection, generation)));`,
    replace: '',
    breaks: 'The chunks of a write that failed stay on the disk.',
  },
  {
    id: 'used-generation-deleted',
    file: 'generations.ts',
    find: `
      if (entries.some((entry) => isSound(entry) && entry.generation === generation)) return;`,
    replace: '',
    breaks: 'A transaction that seemed to fail and did not loses the chunks of the file that it wrote.',
  },
  {
    id: 'newer-release-blocked',
    file: 'connection.ts',
    find: `
    blocking: onLost,`,
    replace: '',
    breaks: 'An open tab keeps a newer release from opening the database.',
  },
  {
    id: 'writers-exclude-each-other',
    file: 'write-lock.ts',
    find: `{ ...options, mode: 'shared' }`,
    replace: `{ ...options }`,
    breaks: 'Writers of different files wait for each other.',
  },
  {
    id: 'failures-not-in-a-row',
    file: 'steady-store.ts',
    find: `
      if (asked === database) failures = 0;`,
    replace: '',
    breaks: 'Three failures in a whole visit give up the database, however much worked between them.',
  },
  {
    id: 'silence-not-restarted',
    file: 'silence.ts',
    find: `
        clearTimeout(timer);
        timer = setTimeout(giveUp, limitMs);`,
    replace: `
        timer ??= setTimeout(giveUp, limitMs);`,
    breaks: 'A long transaction that answers all the time is ended as silent.',
  },
  {
    id: 'open-retried-without-limit',
    file: 'open-store.ts',
    find: `if (attempt === MAX_ATTEMPTS || performance.now()`,
    replace: `if (performance.now()`,
    breaks: 'A database that cannot be opened is tried again and again for three seconds.',
  },
];
