import type { Cpf } from '@pessoa/domain/cpf';
import { z } from 'zod';

/** A value that a base returned for a person, and when. */
export interface CachedCopy<Value> {
  readonly value: Value;
  /** Milliseconds since 1970, by the clock of the process that read the base. */
  readonly readAt: number;
}

/** Encodes and decodes the cached copy of one part. */
export interface CopyCodec<Value> {
  /** @returns undefined for a value that the schema cannot encode; it is then not cached */
  encode(cpf: Cpf, copy: CachedCopy<Value>): Uint8Array | undefined;
  /** @returns undefined for bytes that are not a copy of this person in this version */
  decode(cpf: Cpf, bytes: Uint8Array): CachedCopy<Value> | undefined;
}

/** @param schema a zod codec between the value and plain JSON */
export function copyCodec<Value>(version: number, schema: z.ZodType<Value, unknown>): CopyCodec<Value> {
  const envelope = z.object({ versao: z.literal(version), cpf: z.string(), lidoEm: z.number(), valor: schema });
  return {
    encode(cpf, { value, readAt }) {
      const encoded = z.safeEncode(envelope, { versao: version, cpf, lidoEm: readAt, valor: value });
      return encoded.success ? Buffer.from(JSON.stringify(encoded.data)) : undefined;
    },
    decode(cpf, bytes) {
      const parsed = z.safeDecode(envelope, readJson(bytes) as z.input<typeof envelope>);
      // The key is a hash; only the value can name its person.
      if (!parsed.success || parsed.data.cpf !== cpf) return undefined;
      return { value: parsed.data.valor, readAt: parsed.data.lidoEm };
    },
  };
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  } catch {
    return undefined;
  }
}

/** A text of a closed list or format. Neither the reader of the base nor the cache checks it: the field that shows it does. */
export const uncheckedText = <Text extends string>() => z.custom<Text>((value) => typeof value === 'string');

/** Whole centavos as text, because JSON numbers lose digits. */
export const centavosCodec = z.codec(z.string().regex(/^-?\d{1,20}$/), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (centavos) => String(centavos),
});

export const instantCodec = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (instant) => instant.toISOString(),
});
