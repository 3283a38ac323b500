// Every block of IANA's registries that is not globally reachable, services of clouds that hold credentials, and all of
// them inside IPv6.

import ipaddr from 'ipaddr.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reachOf } from './address-reach.ts';
import { admits } from './named-hosts.ts';

/** IANA IPv4 Special-Purpose Address Registry (RFC 6890 and updates), with multicast. */
const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '255.255.255.255/32',
];
/** IANA IPv6 Special-Purpose Address Registry, with multicast and what is not assigned at all. */
const SPECIAL_IPV6 = [
  '::/128',
  '::1/128',
  '::/96',
  '::ffff:0:0:0/96',
  '64:ff9b:1::/48',
  '100::/64',
  '100:0:0:1::/64',
  '2001:1::1/128',
  '2001:1::2/128',
  '2001:1::3/128',
  '2001:2::/48',
  '2001:3::/32',
  '2001:4:112::/48',
  '2001:10::/28',
  '2001:20::/28',
  '2001:30::/28',
  '2001:db8::/32',
  '2620:4f:8000::/48',
  '3fff::/20',
  '4000::/2',
  '5f00::/16',
  '8000::/2',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];
const METADATA = ['169.254.169.254', '169.254.170.2', '168.63.129.16', '100.100.100.200', '192.0.0.192'];
const METADATA_IPV6 = ['fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254', 'fd00:42::42', 'fd00:a9fe:a9fe::1'];

/** Any address of a block. */
function within(block: string): fc.Arbitrary<string> {
  const [start, bits] = ipaddr.parseCIDR(block);
  const first = start.toByteArray();
  return fc.uint8Array({ minLength: first.length, maxLength: first.length }).map((random) => {
    const bytes = first.map((byte, i) => {
      const free = Math.min(8, Math.max(0, 8 * (i + 1) - bits));
      return byte | (random[i]! & ((1 << free) - 1));
    });
    return ipaddr.fromByteArray(bytes).toString();
  });
}

/** An IPv4 address inside IPv6: mapped, NAT64, 6to4, Teredo's server, Teredo's client. */
function insideIPv6(ipv4: string): Record<string, string> {
  const groups = (bytes: readonly number[]): string =>
    [0, 2].map((i) => ((bytes[i]! << 8) | bytes[i + 1]!).toString(16)).join(':');
  const bytes = ipaddr.IPv4.parse(ipv4).toByteArray();
  return {
    mapped: `::ffff:${groups(bytes)}`,
    dotted: `::ffff:${ipv4}`,
    nat64: `64:ff9b::${groups(bytes)}`,
    '6to4': `2002:${groups(bytes)}:1::1`,
    server: `2001:0:${groups(bytes)}::f7f7:f7f7`,
    client: `2001:0:808:808:0:0:${groups(bytes.map((byte) => byte ^ 0xff))}`,
  };
}

describe('no address is public', () => {
  test.each([...SPECIAL_IPV4, ...SPECIAL_IPV6])('of %s', (block) => {
    fc.assert(
      fc.property(within(block), (address) => {
        expect([address, reachOf(address)]).not.toEqual([address, 'public']);
      }),
    );
  });

  test('of IPv4 that is not, inside IPv6', () => {
    const addresses = fc.oneof(...SPECIAL_IPV4.map(within), fc.constantFrom(...METADATA));
    fc.assert(
      fc.property(addresses, (address) => {
        const reaches = Object.entries(insideIPv6(address)).map(([form, inside]) => [form, reachOf(inside)]);
        expect([address, reaches.filter(([, reach]) => reach === 'public')]).toEqual([address, []]);
      }),
      { numRuns: 1000 },
    );
  });
});

test.each([...METADATA, ...METADATA_IPV6, ...METADATA.flatMap((address) => Object.values(insideIPv6(address)))])(
  '%s is never reached, though it is allowed by name',
  (address) => {
    expect([reachOf(address), admits(address, true)]).toEqual(['never', false]);
  },
);

test('the neighbours of these blocks are public', () => {
  const addresses = ['168.63.129.15', '168.63.129.17', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0'];
  const more = ['172.15.255.255', '172.32.0.0', '192.0.1.0', '192.167.255.255', '198.20.0.0', '223.255.255.255'];
  const ipv6 = ['2001:200::1', '2001:db7:ffff::', '2001:db9::', '2003::', '2620:4f:7fff::', '3ffe:ffff::'];
  expect([...addresses, ...more, ...ipv6].filter((address) => reachOf(address) !== 'public')).toEqual([]);
});
