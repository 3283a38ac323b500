// How numbers and names are written.

import type { QueryPath, Stage } from '../../../index.ts';
import { signed } from '../../../page/numbers.ts';

export const PATHS: Readonly<Record<QueryPath, string>> = { local: 'Small model', remote: 'Query API', both: 'Both models' };
export const STAGES: Readonly<Record<Stage | 'none', string>> = { none: 'as it is', aligned: 'aligned', adapted: 'adapted' };

export const interval = ({ mean, low, high }: { readonly mean: number; readonly low: number; readonly high: number }): string => `${signed(mean)} (95 %: ${signed(low)} to ${signed(high)})`;
export const size = (bytes: number): string => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
export const ms = (value: number): string => (value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`);
