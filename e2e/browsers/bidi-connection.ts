// Commands and their answers of WebDriver BiDi over a WebSocket.

import { WebSocket } from 'undici';

interface Answer {
  readonly id?: number;
  readonly type: 'success' | 'error' | 'event';
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
}

export class BidiConnection {
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(String(data)) as Answer));
    socket.addEventListener('close', () => {
      for (const { reject } of this.#pending.values()) reject(new Error('The browser has closed the connection.'));
      this.#pending.clear();
    });
  }

  static async open(address: string): Promise<BidiConnection> {
    const socket = new WebSocket(address);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', ({ message }) => reject(new Error(`${address}: ${message}`)));
    });
    return new BidiConnection(socket);
  }

  async send<Result>(method: string, params: object): Promise<Result> {
    if (this.#socket.readyState !== WebSocket.OPEN) throw new Error('The connection to the browser is closed.');
    const id = ++this.#last;
    const answer = new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    this.#socket.send(JSON.stringify({ id, method, params }));
    return (await answer) as Result;
  }

  #receive({ id, type, result, error, message }: Answer): void {
    const call = id === undefined ? undefined : this.#pending.get(id);
    if (id === undefined || !call) return;
    this.#pending.delete(id);
    if (type === 'success') call.resolve(result);
    else call.reject(new Error(`${error ?? 'error'}: ${message ?? ''}`));
  }
}
