// Connections that are safe from DNS rebinding: a name is resolved once, all its addresses are checked, and the
// connection goes to one of them. There is no second look-up that could give another address.

import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Agent } from 'undici';
import { LeftOut } from './left-out.ts';
import { admits } from './named-hosts.ts';

/** All addresses of a name, IPv4 or IPv6, in the order of preference. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

export const resolveBySystem: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/** Addresses in place of names never reach the look-up: `NamedHosts.check` judges those. */
export function createCheckedAgent(resolve: Resolve, mayBePrivate: boolean): Agent {
  const find = async (hostname: string): Promise<{ address: string; family: number }[]> => {
    const addresses = await resolve(hostname);
    if (addresses.length === 0) throw new LeftOut('network', `${hostname} has no address`);
    const refused = addresses.find((address) => !admits(address, mayBePrivate));
    if (refused !== undefined) throw new LeftOut('blocked-address', `${hostname} is ${refused}, not a public address`);
    return addresses.map((address) => ({ address, family: isIP(address) }));
  };
  const checkedLookup: LookupFunction = (hostname, { all }, callback) => {
    find(hostname).then(
      (found) => {
        if (all) callback(null, found);
        else callback(null, found[0]!.address, found[0]!.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, ''),
    );
  };
  return new Agent({ connect: { lookup: checkedLookup }, connections: 1, keepAliveTimeout: 2000 });
}
