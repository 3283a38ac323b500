import process from 'node:process';
import { BUILDS } from './builds.ts';
import { openWorkshop } from './workshop.ts';
const only = process.argv[2]!.split(',');
const w = openWorkshop(process.argv[3]!);
for (const b of BUILDS.filter((b) => only.includes(b.name))) {
  try { console.log(b.name, await b.build(w)); } catch (e) { console.log(b.name, 'FAILED', (e as Error).message); }
}
