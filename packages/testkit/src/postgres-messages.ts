/** One message of PostgreSQL's protocol 3. The type is empty for a client's first message; the body is what follows the length. */
interface PostgresMessage {
  readonly type: string;
  readonly body: Buffer;
}

/**
 * Cuts one direction of a connection into messages.
 *
 * @param startsUntyped true for the client's direction: its first message has no type
 * @returns a function to call with each chunk
 */
export function messageReader(
  startsUntyped: boolean,
  onMessage: (message: PostgresMessage) => void,
): (chunk: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  let typeBytes = startsUntyped ? 0 : 1;
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= typeBytes + 4) {
      const end = typeBytes + pending.readInt32BE(typeBytes);
      if (pending.length < end) return;
      onMessage({ type: pending.toString('latin1', 0, typeBytes), body: pending.subarray(typeBytes + 4, end) });
      pending = pending.subarray(end);
      typeBytes = 1;
    }
  };
}

/** The first `count` texts of a body, each ended by a zero byte. */
export function textsOf(body: Buffer, count: number): string[] {
  const texts: string[] = [];
  for (let start = 0; texts.length < count;) {
    const end = body.indexOf(0, start);
    texts.push(body.toString('utf8', start, end));
    start = end + 1;
  }
  return texts;
}
