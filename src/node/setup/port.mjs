// Checks whether the port is free before minutes of preparation.

import { createServer } from 'node:net';
import { SetupError } from './setup-error.mjs';

/**
 * @param {number} port 0 lets the system choose
 * @param {string} host
 * @throws SetupError `port-busy`, with another port to use
 */
export async function requireFreePort(port, host) {
  const problem = await listenProblem(port, host);
  if (problem === null) return;
  if (problem === 'EADDRINUSE') {
    const other = await freePortAfter(port, host);
    throw new SetupError(
      'port-busy',
      `Port ${port} is in use by another program (perhaps an earlier npm start). Stop that program, or choose another port:\n\n  npm start -- --port ${other}`,
    );
  }
  throw new SetupError(
    'port-busy',
    `Cannot listen on ${host}, port ${port} (${problem}). Choose another:\n\n  npm start -- --port 4173 --host 127.0.0.1`,
  );
}

/**
 * @param {number} port
 * @param {string} host
 */
async function freePortAfter(port, host) {
  for (let candidate = port + 1; candidate < Math.min(port + 50, 65536); candidate++) {
    if ((await listenProblem(candidate, host)) === null) return candidate;
  }
  return 0;
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<string | null>} the system's error code
 */
function listenProblem(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => resolve(error.code ?? error.message));
    server.listen({ port, host }, () => void server.close(() => resolve(null)));
  });
}
