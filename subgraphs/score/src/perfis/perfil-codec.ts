import type { Data } from '@pessoa/domain/data';
import { cachedParts } from '@pessoa/subgraph/cache/cache-key';
import {
  centavosCodec,
  type CopyCodec,
  copyCodec,
  instantCodec,
  uncheckedText,
} from '@pessoa/subgraph/cache/cached-copy';
import { z } from 'zod';
import type { Bem, Endereco, FonteDeRenda, Perfil } from './perfil.ts';

const nullableText = z.string().nullable();
const data = uncheckedText<Data>().nullable();

const endereco = z.object({
  logradouro: nullableText,
  numero: nullableText,
  complemento: nullableText,
  bairro: nullableText,
  cidade: nullableText,
  uf: uncheckedText<NonNullable<Endereco['uf']>>().nullable(),
  cep: nullableText,
  codigoIbge: nullableText,
  atualizadoEm: instantCodec.nullable(),
});

const bem = z.object({
  id: z.string(),
  tipo: uncheckedText<Bem['tipo']>(),
  descricao: z.string(),
  valorEstimadoCentavos: centavosCodec.nullable(),
  dataAvaliacao: data,
  onerado: z.boolean(),
  saldoDevedorCentavos: centavosCodec.nullable(),
  percentualPropriedade: z.number().nullable(),
  uf: uncheckedText<NonNullable<Bem['uf']>>().nullable(),
});

const fonteDeRenda = z.object({
  id: z.string(),
  tipo: uncheckedText<FonteDeRenda['tipo']>(),
  pagador: nullableText,
  cnpjPagador: nullableText,
  ocupacao: nullableText,
  valorCentavos: centavosCodec,
  periodicidade: uncheckedText<FonteDeRenda['periodicidade']>(),
  desde: data,
  comprovada: z.boolean(),
});

const perfil = z.object({
  nascimento: data,
  endereco: endereco.nullable(),
  bens: z.array(bem),
  fontesDeRenda: z.array(fonteDeRenda),
  desatualizado: z.boolean().refine((isStale) => !isStale),
});

/**
 * Refuses a profile with NULL where Base B promises a value: Score asks Base B until the value is there. Also refuses a
 * stale profile, which a replica gave that is behind: the cache would show it as current for an hour.
 */
export const perfilCodec: CopyCodec<Perfil> = copyCodec<Perfil>(cachedParts.perfil.version, perfil);
