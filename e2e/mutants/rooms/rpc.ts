import type { Mutant } from '../mutant.ts';

export const rpc: readonly Mutant[] = [
  {
    id: 'messageerror-unheard',
    file: 'client.ts',
    find: `worker.addEventListener('messageerror', () => {
      this.#died('a message could not be read');
    });`,
    replace: '',
    breaks: 'A call whose answer cannot be read waits for ever.',
    isNamed: true,
  },
  {
    id: 'hello-waited-for',
    file: 'client.ts',
    find: `      this.#died('it did not start in time');`,
    replace: '',
    breaks: 'A worker that never says hello is waited for.',
    isNamed: true,
  },
  {
    id: 'unsendable-call-kept',
    file: 'client.ts',
    find: `      } catch (cause) {
        settle();
        reject(`,
    replace: `      } catch (cause) {
        reject(`,
    breaks: 'A call that cannot be cloned counts as running for ever: the worker is asked for signs of life.',
    isNamed: true,
  },
  {
    id: 'unsendable-result-unreported',
    file: 'server.ts',
    find: `      post({ kind: 'result', id, value }, buffers);
    } catch (error) {`,
    replace: `      setTimeout(() => post({ kind: 'result', id, value }, buffers));
    } catch (error) {`,
    breaks: 'A call whose result cannot be cloned is never answered.',
    isNamed: true,
  },
  {
    id: 'abort-listener-left',
    file: 'client.ts',
    find: `
        signal?.removeEventListener('abort', abort);`,
    replace: '',
    breaks: 'Every call leaves a listener on a signal that outlives it, and its abort reaches calls that have ended.',
  },
  {
    id: 'suspended-page-ends-worker',
    file: 'client.ts',
    find: `if (performance.now() - start > LATE * half) ask();
        else this.#died('it does not answer');`,
    replace: `this.#died('it does not answer');`,
    breaks: 'A page that was suspended ends a worker that had no chance to answer.',
  },
  {
    id: 'ended-call-abortable',
    file: 'server.ts',
    find: `    } finally {
      running.delete(id);
    }`,
    replace: `    }`,
    breaks: 'The worker keeps every call that it has answered.',
  },
  {
    id: 'progress-no-sign-of-life',
    file: 'client.ts',
    find: `  #receive(message: FromWorker): void {
    this.#wait();`,
    replace: `  #receive(message: FromWorker): void {`,
    breaks: 'A worker that answers pings and reports progress is ended because no call has ended.',
  },
  {
    id: 'shortest-patience',
    file: 'client.ts',
    find: `Math.max(...[...this.#pending.values()]`,
    replace: `Math.min(...[...this.#pending.values()]`,
    breaks: 'A call that may take long is ended by a short one beside it.',
  },
  {
    id: 'hello-timer-left',
    file: 'client.ts',
    find: `  async #greet(version: number, lock: string): Promise<void> {
    clearTimeout(this.#helloTimer);`,
    replace: `  async #greet(version: number, lock: string): Promise<void> {`,
    breaks: 'Every worker ends half a minute after its start.',
  },
  {
    id: 'newer-worker-accepted',
    file: 'client.ts',
    find: `if (version !== PROTOCOL_VERSION) {`,
    replace: `if (version < PROTOCOL_VERSION) {`,
    breaks: 'A page of an old release talks to a worker of a new one.',
  },
  {
    id: 'canary-not-taken-anew',
    file: 'storage-canary.ts',
    find: `
  held = undefined;
  await holdCanary();
  return true;`,
    replace: `
  return true;`,
    breaks: 'After storage was cleared once, a death is taken for a clearing.',
  },
];
