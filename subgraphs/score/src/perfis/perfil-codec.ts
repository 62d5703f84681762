import type { Data } from '@pessoa/domain/data';
import { cachedParts } from '@pessoa/subgraph/cache/cache-key';
import { centavosCodec, type CopyCodec, copyCodec, instantCodec, textOf } from '@pessoa/subgraph/cache/cached-copy';
import { z } from 'zod';
import type { Bem, Endereco, FonteDeRenda, Perfil } from './perfil.ts';

const text = z.string().nullable();
const data = textOf<Data>().nullable();

const endereco = z.object({
  logradouro: text,
  numero: text,
  complemento: text,
  bairro: text,
  cidade: text,
  uf: textOf<NonNullable<Endereco['uf']>>().nullable(),
  cep: text,
  codigoIbge: text,
  atualizadoEm: instantCodec.nullable(),
});

const bem = z.object({
  id: z.string(),
  tipo: textOf<Bem['tipo']>(),
  descricao: z.string(),
  valorEstimadoCentavos: centavosCodec.nullable(),
  dataAvaliacao: data,
  onerado: z.boolean(),
  saldoDevedorCentavos: centavosCodec.nullable(),
  percentualPropriedade: z.number().nullable(),
  uf: textOf<NonNullable<Bem['uf']>>().nullable(),
});

const fonteDeRenda = z.object({
  id: z.string(),
  tipo: textOf<FonteDeRenda['tipo']>(),
  pagador: text,
  cnpjPagador: text,
  ocupacao: text,
  valorCentavos: centavosCodec,
  periodicidade: textOf<FonteDeRenda['periodicidade']>(),
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
 * A profile with NULL where the base promises a value is not kept: the base is asked until it is right. Nor is one that a
 * replica gave which is behind: it would be as good as new for an hour.
 */
export const perfilCodec: CopyCodec<Perfil> = copyCodec<Perfil>(cachedParts.perfil.version, perfil);
