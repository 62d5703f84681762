import { cachedParts } from '@pessoa/subgraph/cache/cache-key';
import { type CopyCodec, copyCodec, instantCodec, uncheckedText } from '@pessoa/subgraph/cache/cached-copy';
import { z } from 'zod';
import type { Compra } from './compra.ts';

const nullableText = z.string().nullable();

const compra = z.object({
  id: z.string(),
  dataHora: instantCodec,
  valor: z.string(),
  valorMoedaOrigem: nullableText,
  moedaOrigem: nullableText,
  estabelecimento: z.string(),
  mcc: nullableText,
  bandeira: uncheckedText<Compra['bandeira']>(),
  finalCartao: z.string(),
  emissor: z.object({ nome: z.string(), ispb: nullableText, compe: nullableText }).nullable(),
  formaPagamento: uncheckedText<NonNullable<Compra['formaPagamento']>>().nullable(),
  parcelas: z.number(),
  presencial: z.boolean().nullable(),
  aprovada: z.boolean(),
});

/** null: the person has made no purchase. */
export const ultimaCompraCodec: CopyCodec<Compra | null> = copyCodec<Compra | null>(
  cachedParts.ultimaCompra.version,
  compra.nullable(),
);
