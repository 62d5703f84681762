/** A body has more bytes than its reader takes. */
export class BodyTooLargeError extends Error {}

/**
 * Reads the body of an answer.
 *
 * @param maxBytes the most that it may have
 * @throws BodyTooLargeError for a longer one, which is not read to its end
 */
export async function readBounded(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new BodyTooLargeError(`the answer has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
