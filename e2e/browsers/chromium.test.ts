import { chromiumCandidates, thisMachine } from '../../src/node/setup/find-chromium.mjs';
import { chromium } from './chromium.ts';
import { runFlows } from './flows.ts';

const [program] = chromiumCandidates(thisMachine());
if (program === undefined) throw new Error('Chromium was not found. npm run test:browsers installs one.');
runFlows(chromium(program));
