// What costs the owner of the proxy money: requests of hostile clients, and the limit for each of them.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { good } from '../../../e2e/support/faulty-server.ts';
import { rawRequest } from '../serve/serve-for-test.ts';
import { clientOf, failureOf, MODEL, one, ORIGIN, startBefore, type Proxy } from './proxy-for-test.ts';

describe('what costs the owner money', () => {
  test('is checked before it goes upstream', async () => {
    const { upstream, ...proxy } = await startBefore([good()], { PER_MINUTE: '1000' });
    const refused: [unknown, number][] = [
      ['{"model":', 400],
      ['', 400],
      ['null', 400],
      [[], 400],
      [{ model: MODEL }, 400],
      [{ ...one, input: [] }, 400],
      [{ ...one, input: ' \n' }, 400],
      [{ ...one, input: ['x', 7] }, 400],
      [{ ...one, input: [[1, 2]] }, 400],
      [{ ...one, model: 'gpt-expensive' }, 404],
      [{ ...one, input: 'x'.repeat(2001) }, 413],
      [{ ...one, input: Array(9).fill('x') }, 413],
      [{ ...one, pad: 'x'.repeat(8192) }, 413],
      ['x'.repeat(20_000_000), 413],
    ];
    for (const [body, expected] of refused) {
      const { response, text } = await proxy.post(body);
      expect([body?.toString().slice(0, 40), response.status]).toEqual([body?.toString().slice(0, 40), expected]);
      expect(JSON.parse(text)).toMatchObject({
        error: { type: 'invalid_request_error', message: expect.stringMatching(/./) as string },
      });
    }
    for (const [method, path, expected] of [
      ['GET', '/embeddings', 405],
      ['DELETE', '/embeddings', 405],
      ['POST', '/chat/completions', 404],
      ['POST', '/embeddings/../models', 404],
    ] as const) {
      expect((await fetch(proxy.baseUrl + path, { method, headers: { origin: ORIGIN } })).status).toBe(expected);
    }
    expect(upstream.calls).toHaveLength(0);
    expect((await proxy.post({ ...one, input: Array(8).fill('x') })).response.status).toBe(200);
  });

  test('is limited for each client: a burst passes, then it says when', async () => {
    const { upstream, ...proxy } = await startBefore([good()], { PER_MINUTE: '6' });
    const codes = await Promise.all(Array.from({ length: 30 }, async () => (await proxy.post(one)).response.status));
    expect(codes.filter((code) => code === 200)).toHaveLength(6);
    expect(codes.filter((code) => code === 429)).toHaveLength(24);
    expect(upstream.calls).toHaveLength(6);
    const { code, details } = await failureOf(clientOf(proxy).encode(['one'], 'query'));
    expect(code).toBe('rate-limited');
    expect(details['retryAfterMs']).toBeGreaterThan(5000);
    expect(details['retryAfterMs']).toBeLessThanOrEqual(10_000);
  });

  test('refills with time: the client waits for it by itself', async () => {
    const proxy = await startBefore([good()], { PER_MINUTE: '30' });
    const sent = await Promise.all(Array.from({ length: 40 }, () => proxy.post(one)));
    const waits = sent
      .filter(({ response }) => response.status === 429)
      .map(({ response }) => Number(response.headers.get('retry-after-ms')));
    expect(waits.length).toBeGreaterThan(0);
    expect(Math.max(...waits)).toBeLessThanOrEqual(2000);
    expect(await clientOf(proxy, { maxRetries: 1 }).encode(['one'], 'query')).toHaveLength(4);
  });

  test('cannot be bypassed by a header, unless the owner trusts it; an IPv6 network is one client', async () => {
    const from = (proxy: Proxy, address: string): Promise<number> =>
      proxy.post(one, { headers: { 'x-forwarded-for': address } }).then(({ response }) => response.status);
    const plain = await startBefore([good()], { PER_MINUTE: '1' });
    expect([await from(plain, '1.1.1.1'), await from(plain, '2.2.2.2')]).toEqual([200, 429]);
    const trusting = await startBefore([good()], { PER_MINUTE: '1', TRUST_FORWARDED_FOR: '1' });
    const codes = [];
    for (const address of [
      '1.1.1.1',
      '2.2.2.2',
      'spoofed, 1.1.1.1',
      '::ffff:2.2.2.2',
      '2001:db8:1:2::1',
      '2001:db8:1:2:ffff::9',
      '2001:db8:1:3::1',
      '2001:db8::1',
      '2001:db8::1:2:3:4',
    ])
      codes.push(await from(trusting, address));
    expect(codes).toEqual([200, 200, 429, 429, 200, 429, 200, 200, 429]);
  });

  test('is limited by network: however an address is spelt, with whatever port', async () => {
    const proxy = await startBefore([good()], { PER_MINUTE: '1', TRUST_FORWARDED_FOR: '1' });
    let networks = 0;
    const from = (address: string): Promise<number> =>
      proxy.post(one, { headers: { 'x-forwarded-for': address } }).then(({ response }) => response.status);
    const group = fc.integer({ min: 0, max: 0xffff });
    const port = fc.integer({ min: 1, max: 65_535 });
    const interfaceIds = fc.array(fc.array(group, { minLength: 4, maxLength: 4 }), { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(group, group, interfaceIds, port, async (third, fourth, ids, at) => {
        const [v4, network] = [++networks, [0x2001, networks, third, fourth]];
        const ipv4 = `10.${v4 >> 16}.${(v4 >> 8) & 255}.${v4 & 255}`;
        const hex = `${(0x0a00 + (v4 >> 16)).toString(16)}:${(v4 & 0xffff).toString(16)}`;
        const spelt4 = [ipv4, `${ipv4}:${at}`, `::ffff:${ipv4}`, `::FFFF:${hex}`, `[::ffff:${ipv4}]:${at}`];
        const spelt6 = ids.flatMap((id) => {
          const groups = [...network, ...id].map((value) => value.toString(16));
          const long = groups.map((value) => value.padStart(4, '0')).join(':');
          const short = new URL(`http://[${long}]`).hostname;
          const bare = short.slice(1, -1);
          return [
            bare,
            short,
            `${short}:${at}`,
            `"${short}:${at}"`,
            long,
            long.toUpperCase(),
            `${bare}%eth${at % 10}`,
            `[${long}%1]:${at}`,
          ];
        });
        for (const spelt of [spelt4, spelt6]) {
          const codes = [];
          for (const address of spelt) codes.push(await from(`192.0.2.${at % 250}, ${address}`));
          expect([spelt, codes]).toEqual([spelt, spelt.map((_, i) => (i === 0 ? 200 : 429))]);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('counts what is no address as one client', async () => {
    const proxy = await startBefore([good()], { PER_MINUTE: '1', TRUST_FORWARDED_FOR: '1' });
    const codes = [];
    for (const address of ['unknown', '_hidden', '1.2.3', '01.2.3.4', 'x:80', '[::1', '1:2', '999.1.1.1:7'])
      codes.push((await proxy.post(one, { headers: { 'x-forwarded-for': address } })).response.status);
    expect(codes).toEqual([200, ...Array<number>(7).fill(429)]);
  });

  test.each([
    ['0', ['9.9.9.9', '8.8.8.8'], [200, 429]],
    ['1', ['1.1.1.1, 9.9.9.9', '2.2.2.2, 9.9.9.9:41', '9.9.9.9, 2.2.2.2'], [200, 429, 200]],
    ['2', ['1.1.1.1, 5.5.5.5, 9.9.9.9', '2.2.2.2, 5.5.5.5, 8.8.8.8', '5.5.5.5, 6.6.6.6, 9.9.9.9'], [200, 429, 200]],
    ['2', ['5.5.5.5', '1.1.1.1, 5.5.5.5, 9.9.9.9', ''], [200, 429, 200]],
  ])('behind %s proxies of the owner counts the client that these name', async (count, chains, expected) => {
    const proxy = await startBefore([good()], { PER_MINUTE: '1', TRUST_FORWARDED_FOR: count });
    const codes = [];
    for (const chain of chains)
      codes.push((await proxy.post(one, { headers: { 'x-forwarded-for': chain } })).response.status);
    expect(codes).toEqual(expected);
  });

  test('is not held up by a client that sends slowly', async () => {
    const { upstream, ...proxy } = await startBefore([good()], { CLIENT_TIMEOUT_MS: '500' });
    const { received, ended } = await rawRequest(
      proxy.port,
      `POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nOrigin: ${ORIGIN}\r\nContent-Length: 100\r\n\r\n{"model":`,
    );
    await ended;
    expect(received()).toMatch(/^HTTP\/1\.1 408 /);
    expect(upstream.calls).toHaveLength(0);
  });
});
