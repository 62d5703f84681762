/** A text of base64 in its only spelling. @param {unknown} text @returns {Uint8Array<ArrayBuffer> | undefined} undefined for anything else */
export function decodeBase64(text) {
  if (typeof text !== 'string') return undefined;
  try {
    const characters = atob(text);
    return btoa(characters) === text ? Uint8Array.from(characters, (one) => one.charCodeAt(0)) : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} text */
export const utf8 = (text) => new TextEncoder().encode(text);

/** @param {...Uint8Array} parts @returns {Promise<Uint8Array<ArrayBuffer>>} SHA-256 over the parts, one after the other */
export async function sha256(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
}

/** @param {Uint8Array} one @param {Uint8Array} other */
export const isSameBytes = (one, other) =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);
