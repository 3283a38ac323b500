// Two small tasks in real language, as a folder on disk: questions about capitals and about animals. Tests only.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const CAPITALS: readonly (readonly [string, string])[] = [
  ['France', 'Paris'],
  ['Italy', 'Rome'],
  ['Japan', 'Tokyo'],
  ['Egypt', 'Cairo'],
  ['Kenya', 'Nairobi'],
  ['Peru', 'Lima'],
  ['Canada', 'Ottawa'],
  ['Norway', 'Oslo'],
  ['Spain', 'Madrid'],
  ['Poland', 'Warsaw'],
  ['Greece', 'Athens'],
  ['India', 'New Delhi'],
  ['Cuba', 'Havana'],
  ['Chile', 'Santiago'],
  ['Austria', 'Vienna'],
  ['Hungary', 'Budapest'],
  ['Portugal', 'Lisbon'],
  ['Ireland', 'Dublin'],
  ['Thailand', 'Bangkok'],
  ['Vietnam', 'Hanoi'],
];
const SOUNDS: readonly (readonly [string, string])[] = [
  ['dog', 'barks'],
  ['cat', 'meows'],
  ['cow', 'moos'],
  ['horse', 'neighs'],
  ['sheep', 'bleats'],
  ['lion', 'roars'],
  ['snake', 'hisses'],
  ['owl', 'hoots'],
  ['duck', 'quacks'],
  ['frog', 'croaks'],
  ['bee', 'buzzes'],
  ['wolf', 'howls'],
  ['pig', 'grunts'],
  ['crow', 'caws'],
  ['mouse', 'squeaks'],
  ['elephant', 'trumpets'],
  ['rooster', 'crows at dawn'],
  ['donkey', 'brays'],
  ['turkey', 'gobbles'],
  ['cricket', 'chirps'],
];

interface Row {
  readonly id: string;
  readonly passage: string;
  readonly question: string;
}

export const TEST_TASKS: Readonly<Record<string, readonly Row[]>> = {
  Animals: SOUNDS.map(([animal, sound]) => ({
    id: animal,
    passage: `When it is excited, the ${animal} ${sound}.`,
    question: `What noise does a ${animal} make?`,
  })),
  Capitals: CAPITALS.map(([country, city]) => ({
    id: city,
    passage: `${city} is where the government of ${country} sits.`,
    question: `Name the capital city of ${country}.`,
  })),
};

export async function writeTestTasks(folder: string): Promise<void> {
  for (const [name, rows] of Object.entries(TEST_TASKS)) {
    const lines = (values: readonly object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'docs.jsonl'), lines(rows.map(({ id, passage }) => ({ id, doc: passage }))));
    const queries = rows.map(({ id, question }, i) => ({
      qid: `q${i}`,
      instruction: 'Find the passage with the answer.',
      query: question,
      labels: [{ id, score: 1 }],
    }));
    await writeFile(join(folder, name, 'queries.jsonl'), lines(queries));
  }
}
