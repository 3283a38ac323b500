import { enginePlaces, findWebKit } from '../../src/node/setup/find-engines.mjs';
import { runFlows } from './flows.ts';
import { webkit } from './webkit.ts';

const found = findWebKit(enginePlaces());
if ('missing' in found) throw new Error(`WebKitGTK needs ${found.missing.join(', ')}, not found here.`);
runFlows(webkit(found.programs));
