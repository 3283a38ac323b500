// Progress of loading the small model: the bytes of all files that are fetched in one count, since some arrive side by
// side, then the phases that have no bytes.

import type { LoadPhase, LoadProgress } from '../encode/encoder.ts';
import { ProgressMeter, type OnProgress } from '../progress.ts';

/** A listener of the encoder that tells the progress by phase. A device that is refused lets the phases begin again. */
export function loadMeter(tell: OnProgress): (load: LoadProgress) => void {
  const files = new Map<string, LoadProgress>();
  let phase: LoadPhase | undefined;
  let meter: ProgressMeter;
  return (load) => {
    if (load.phase !== phase) {
      phase = load.phase;
      files.clear();
      meter = new ProgressMeter(tell, { phase, unit: phase === 'fetch' ? 'bytes' : 'steps' });
    }
    files.set(load.file, load);
    const all = [...files.values()];
    const isKnown = all.every(({ totalBytes }) => totalBytes > 0);
    meter.at(
      all.reduce((sum, { loadedBytes }) => sum + loadedBytes, 0),
      isKnown ? all.reduce((sum, { totalBytes }) => sum + totalBytes, 0) : null,
    );
  };
}
