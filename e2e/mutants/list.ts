// All mutants by room.

import { adapter } from './rooms/adapter.ts';
import { math } from './rooms/math.ts';
import { query } from './rooms/query.ts';
import { rpc } from './rooms/rpc.ts';
import { scan } from './rooms/scan.ts';
import { store } from './rooms/store.ts';
import { transfer } from './rooms/transfer.ts';
import { widget } from './rooms/widget.ts';
import type { Mutant, Room } from './mutant.ts';

export const MUTANTS: Readonly<Record<Room, readonly Mutant[]>> = {
  math,
  store,
  rpc,
  transfer,
  scan,
  query,
  adapter,
  widget,
};
