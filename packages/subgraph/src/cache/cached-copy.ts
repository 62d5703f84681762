import type { Cpf } from '@pessoa/domain/cpf';
import { z } from 'zod';

/** What a base said of a person, and when. */
export interface CachedCopy<Value> {
  readonly value: Value;
  /** Milliseconds of the epoch, by the clock of whoever read it. */
  readonly readAt: number;
}

/** Writes and reads the bytes of one kept part. */
export interface CopyCodec<Value> {
  /** @returns undefined for a value that the schema cannot tell apart from another, which is then not kept */
  encode(cpf: Cpf, copy: CachedCopy<Value>): Uint8Array | undefined;
  /** @returns undefined for anything but such a copy of this person and this version */
  decode(cpf: Cpf, bytes: Uint8Array): CachedCopy<Value> | undefined;
}

/** @param schema a two-way zod schema, between the value and plain JSON */
export function copyCodec<Value>(version: number, schema: z.ZodType<Value, unknown>): CopyCodec<Value> {
  const envelope = z.object({ versao: z.literal(version), cpf: z.string(), lidoEm: z.number(), valor: schema });
  return {
    encode(cpf, { value, readAt }) {
      const encoded = z.safeEncode(envelope, { versao: version, cpf, lidoEm: readAt, valor: value });
      return encoded.success ? Buffer.from(JSON.stringify(encoded.data)) : undefined;
    },
    decode(cpf, bytes) {
      const parsed = z.safeDecode(envelope, readJson(bytes) as z.input<typeof envelope>);
      // The key is a hash: only the value can say whose it is.
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

/** A text of a closed list or form that whoever reads the base checks, not the cache. */
export const textOf = <Text extends string>() => z.custom<Text>((value) => typeof value === 'string');

/** Whole centavos, as the digits that JSON's numbers would lose. */
export const centavosCodec = z.codec(z.string().regex(/^-?\d{1,20}$/), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (centavos) => String(centavos),
});

export const instantCodec = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (instant) => instant.toISOString(),
});
