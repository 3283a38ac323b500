import { expect, test } from 'vitest';
import { ProgressMeter, type Progress } from './progress.ts';

function metered(): { told: Progress[]; meter: ProgressMeter; clock: { ms: number } } {
  const told: Progress[] = [];
  const clock = { ms: 0 };
  return {
    told,
    clock,
    meter: new ProgressMeter(
      (progress) => told.push(progress),
      { phase: 'embed', unit: 'texts', model: 'local' },
      () => clock.ms,
    ),
  };
}

test('the remaining time is estimated from the speed so far, once there is one', () => {
  const { told, meter, clock } = metered();
  meter.at(0, 100);
  clock.ms = 900;
  meter.at(10, 100);
  clock.ms = 2000;
  meter.at(20, 100);
  clock.ms = 9000;
  meter.at(100, 100);
  expect(told.map(({ done, secondsLeft }) => [done, secondsLeft])).toEqual([
    [0, null],
    [10, null],
    [20, 8],
    [100, 0],
  ]);
  expect(told[0]).toEqual({ phase: 'embed', unit: 'texts', model: 'local', done: 0, total: 100, secondsLeft: null });
});

test('an unknown total is null, and no remaining time is estimated', () => {
  const { told, meter, clock } = metered();
  clock.ms = 5000;
  meter.at(7, 0);
  meter.at(8, null, { loss: 0.5 });
  expect(told.map(({ total, secondsLeft, loss }) => [total, secondsLeft, loss])).toEqual([
    [null, null, undefined],
    [null, null, 0.5],
  ]);
});
