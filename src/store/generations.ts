// Removes chunks that no name points to: of files that were replaced or removed, and of writes that a crash or an error
// interrupted.

import type { Connection } from './connection.ts';
import { isSound } from './meta-entry.ts';

/**
 * Deletes the chunks of a generation, unless a name points to it: a transaction that seemed to fail may have succeeded.
 * A failure is not reported, since the next open finds what is left.
 */
export async function deleteGeneration(connection: Connection, generation: string): Promise<void> {
  try {
    await connection.transact(['meta', 'chunks'], 'readwrite', 'relaxed', async (transaction) => {
      const entries = await transaction.objectStore('meta').getAll();
      if (entries.some((entry) => isSound(entry) && entry.generation === generation)) return;
      await transaction.objectStore('chunks').delete(IDBKeyRange.bound([generation, 0], [generation, Infinity]));
    });
  } catch {
    // See above.
  }
}

/**
 * Deletes all chunks that no name points to. Where there are none it only reads, so that it does not wait for other
 * readers.
 * @throws the database's error
 */
export async function sweepLeftovers(connection: Connection): Promise<void> {
  const leftovers = await connection.transact(['meta', 'chunks'], 'readonly', 'relaxed', async (transaction, heard) => {
    const entries = await transaction.objectStore('meta').getAll();
    const used = new Set(entries.filter(isSound).map(({ generation }) => generation));
    const unused: string[] = [];
    // Jumps from one generation to the next: reading every chunk is slow where they are large.
    let cursor = await transaction.objectStore('chunks').openKeyCursor();
    while (cursor) {
      heard();
      const [generation] = cursor.key;
      if (!used.has(generation)) unused.push(generation);
      cursor = await cursor.continue([generation, Infinity]);
    }
    return unused;
  });
  for (const generation of leftovers) await deleteGeneration(connection, generation);
}
