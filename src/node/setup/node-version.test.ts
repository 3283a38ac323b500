import { expect, test } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { MINIMUM_NODE, nodeVersionProblem } from './node-version.mjs';

test.each(['20.19.0', 'v20.19.5', '20.20.0', '22.0.0', '24.1.0-nightly2025', '100.0.0'])(
  'Node %s will do',
  (version) => {
    expect(nodeVersionProblem(version)).toBeNull();
  },
);

test.each(['20.18.3', 'v18.20.0', '9.99.99', '20.9.0', '0.12.18'])(
  'Node %s is refused with both versions named',
  (version) => {
    expect(nodeVersionProblem(version)).toContain(version);
    expect(nodeVersionProblem(version)).toContain(MINIMUM_NODE);
  },
);

test('the minimum is the one that package.json states', () => {
  expect(`>=${MINIMUM_NODE}`.startsWith(packageJson.engines.node)).toBe(true);
});
