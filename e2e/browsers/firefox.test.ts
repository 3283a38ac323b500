import { enginePlaces, findFirefox } from '../../src/node/setup/find-engines.mjs';
import { firefox } from './firefox.ts';
import { runFlows } from './flows.ts';

const program = findFirefox(enginePlaces());
if (program === null) throw new Error('Firefox was not found. npm run test:browsers says what it needs.');
runFlows(firefox(program));
