// Forms of addresses that a crawler must not reach: the host in a URL, and the answer of a resolver. Tests only.

export interface AddressForm {
  /** As the host of a URL. */
  readonly host: string;
  /** As the answer of a resolver. */
  readonly address: string;
}

const same = (...addresses: readonly string[]): AddressForm[] =>
  addresses.map((address) => ({ host: address.includes(':') ? `[${address}]` : address, address }));
const spelt = (address: string, ...hosts: readonly string[]): AddressForm[] => hosts.map((host) => ({ host, address }));

export const ADDRESS_FORMS: readonly AddressForm[] = [
  // IPv4: this machine, private networks, metadata service, carrier, reserved, documentation, multicast
  ...same(
    '127.0.0.1',
    '127.0.0.2',
    '127.255.255.254',
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.255',
  ),
  ...same(
    '192.168.0.1',
    '192.168.255.255',
    '169.254.169.254',
    '169.254.0.1',
    '100.64.0.1',
    '100.100.100.200',
    '192.0.0.1',
    '192.0.2.1',
  ),
  ...same('198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'),
  // Other spellings of IPv4
  ...spelt(
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '017700000001',
    '0x7f.1',
    '127.1',
    '0177.0.0.1',
    '127.0.0.1.',
    '①②⑦.⓪.⓪.①',
  ),
  ...spelt('169.254.169.254', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376'),
  // IPv6: this machine, link, site, multicast, discard, documentation, translation
  ...same(
    '::1',
    '::',
    'fe80::1',
    'febf::1',
    'fc00::1',
    'fd00:ec2::254',
    'fec0::1',
    'ff02::1',
    '100::1',
    '2001:db8::1',
    '3fff::1',
    '5f00::1',
    '4000::1',
  ),
  // IPv4 inside IPv6: mapped, compatible, translated, NAT64, 6to4, Teredo
  ...same(
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:169.254.169.254',
    '::ffff:10.0.0.1',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
  ),
  ...same(
    '64:ff9b::7f00:1',
    '64:ff9b::169.254.169.254',
    '64:ff9b:1::7f00:1',
    '2002:7f00:1::',
    '2002:a9fe:a9fe::1',
    '2001:0:0808:0808::80ff:fffe',
  ),
  // Services of clouds that tell a machine its credentials
  ...same('168.63.129.16', 'fd00:ec2::23', 'fd20:ce::254', 'fd00:42::42', 'fd00:a9fe:a9fe::1', 'fe80::a9fe:a9fe'),
  ...same('::ffff:168.63.129.16', '64:ff9b::a83f:8110', '2002:a83f:8110::1', '2001:0:a83f:8110::f7f7:f7f7'),
  ...same('::ffff:100.100.100.200', '2001:0:0808:0808::57c0:7eef'),
  ...spelt('168.63.129.16', '2822734096', '0xa83f8110'),
];
