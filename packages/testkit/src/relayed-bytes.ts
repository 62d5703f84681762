import { Transform, type TransformCallback } from 'node:stream';

/** What a relay does to all of its connections. */
export interface RelayState {
  readonly delayMillis: number;
  readonly isGarbled: boolean;
}

/** One connection of a relay. Its two directions share it. */
export interface RelayedConnection {
  readonly number: number;
  isDamaged: boolean;
  /** Ends the connection in both directions. */
  end(): void;
}

/** Flips four bits of each byte, so that a text is no text any more and a length is far too large. */
const NOISE = 0xa5;

/** One direction of a connection through a relay. Passes the bytes on, late or damaged when the relay is to. */
export class RelayedBytes extends Transform {
  readonly #state: RelayState;
  readonly #connection: RelayedConnection;
  readonly #isAnswer: boolean;
  /** Bytes on their way, in their order. */
  readonly #delayed: { readonly dueAt: number; readonly bytes: Buffer }[] = [];
  #whenEmpty: TransformCallback | undefined;

  /** @param isAnswer whether the bytes come from the server */
  constructor(state: RelayState, connection: RelayedConnection, isAnswer: boolean) {
    super();
    this.#state = state;
    this.#isAnswer = isAnswer;
    this.#connection = connection;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const bytes = this.#damaged(chunk);
    const { delayMillis } = this.#state;
    if (delayMillis === 0 && this.#delayed.length === 0) return done(null, bytes);
    this.#delayed.push({ dueAt: performance.now() + delayMillis, bytes });
    if (this.#delayed.length === 1) this.#passLater();
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.#delayed.length === 0) return done();
    this.#whenEmpty = done;
  }

  #passLater(): void {
    const [first] = this.#delayed;
    if (!first) return this.#whenEmpty?.();
    setTimeout(
      () => {
        this.#delayed.shift();
        this.push(first.bytes);
        this.#passLater();
      },
      Math.max(0, first.dueAt - performance.now()),
    );
  }

  #damaged(bytes: Buffer): Buffer {
    const connection = this.#connection;
    if (connection.number % 4 >= 2 && !this.#isAnswer) return bytes;
    const isWhole = !connection.isDamaged;
    if (isWhole && !this.#state.isGarbled) return bytes;
    connection.isDamaged = true;
    const from = isWhole ? (connection.number * 37) % bytes.length : 0;
    if (connection.number % 2 === 0) return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from).map((byte) => byte ^ NOISE)]); // prettier-ignore
    setImmediate(connection.end);
    return bytes.subarray(0, from);
  }
}
