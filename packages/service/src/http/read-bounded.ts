/** A body is longer than its reader allows. */
export class BodyTooLongError extends Error {
  constructor(maxBytes: number) {
    super(`the body has more than ${maxBytes} bytes`);
  }
}

/**
 * Reads a whole body, such as that of an answer. It stops reading, and ends the body, as soon as it is too long.
 *
 * @throws BodyTooLongError
 */
export async function readBounded(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new BodyTooLongError(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
