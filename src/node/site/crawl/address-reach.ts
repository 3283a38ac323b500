// Classifies an IP address: public, private (this machine or network), or never to be reached. An address that contains
// an IPv4 address is judged by that one too. Names are resolved first, in checked-agent.ts.

import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * `private` may be allowed by name; `never` (link-local with its metadata services, multicast, reserved, unspecified)
 * may not.
 */
export type Reach = 'public' | 'private' | 'never';

/** Loopback, networks behind a router, and addresses of VPNs. */
const PRIVATE_RANGES = ['loopback', 'private', 'uniqueLocal', 'carrierGradeNat'];
/**
 * Addresses at which clouds tell a machine its credentials and settings, besides the link-local 169.254.0.0/16 and
 * fe80::/10. Those in private ranges may not be allowed by name either. Source: the clouds' documents, read 2026-11;
 * to be looked at again when a cloud is added.
 */
const METADATA_SERVICES = [
  '168.63.129.16/32', // Azure; looks public
  '100.100.100.200/32', // Alibaba
  'fd00:ec2::/32', // AWS, with its DNS, time and credentials of containers
  'fd20:ce::254/128', // Google
  'fd00:42::42/128', // Scaleway
  'fd00:a9fe:a9fe::1/128', // Akamai
].map((block) => ipaddr.parseCIDR(block));

/** All global unicast addresses are assigned from here (RFC 4291, 2.4; IANA's registry). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
/** The one NAT64 prefix that is the same everywhere (RFC 6052, 2.1). */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** @param address in the usual notation; anything else, zone ids included, is `never` */
export function reachOf(address: string): Reach {
  const version = isIP(address);
  if (version === 0 || address.includes('%')) return 'never';
  return version === 4 ? reachOfIPv4(ipaddr.IPv4.parse(address)) : reachOfIPv6(ipaddr.IPv6.parse(address));
}

function reachOfIPv4(address: ipaddr.IPv4): Reach {
  const range = address.range();
  if (isMetadataService(address)) return 'never';
  if (range === 'unicast') return 'public';
  return PRIVATE_RANGES.includes(range) ? 'private' : 'never';
}

function reachOfIPv6(address: ipaddr.IPv6): Reach {
  const range = address.range();
  const bytes = address.toByteArray();
  if (isMetadataService(address)) return 'never';
  if (range === 'ipv4Mapped') return reachOfBytes(bytes.slice(12));
  if (address.match(NAT64)) return tunnelReach([bytes.slice(12)]);
  if (range === '6to4') return tunnelReach([bytes.slice(2, 6)]);
  // Teredo contains its server, and the client with every bit inverted (RFC 4380, 4).
  if (range === 'teredo') return tunnelReach([bytes.slice(4, 8), bytes.slice(12).map((byte) => byte ^ 0xff)]);
  if (range === 'unicast') return address.match(GLOBAL_UNICAST) ? 'public' : 'never';
  return PRIVATE_RANGES.includes(range) ? 'private' : 'never';
}

function isMetadataService(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return METADATA_SERVICES.some((block) => block[0].kind() === address.kind() && address.match(block));
}

/** `never` for a tunnel to a private address, which no site needs. */
function tunnelReach(inside: readonly number[][]): Reach {
  return inside.every((bytes) => reachOfBytes(bytes) === 'public') ? 'public' : 'never';
}

function reachOfBytes(bytes: number[]): Reach {
  return reachOfIPv4(new ipaddr.IPv4(bytes));
}
