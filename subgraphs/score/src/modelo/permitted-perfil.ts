import type { Data } from '@pessoa/domain/data';

type Nullish<T> = T | null | undefined;

export interface RawEndereco {
  logradouro?: Nullish<string>;
  numero?: Nullish<string>;
  bairro?: Nullish<string>;
  cidade?: Nullish<string>;
  uf?: Nullish<string>;
  cep?: Nullish<string>;
  codigoIbge?: Nullish<string>;
  atualizadoEm?: Nullish<Date>;
}

export interface RawBem {
  /** TipoBem of the SDL. */
  tipo: string;
  valorEstimadoCentavos?: Nullish<bigint>;
  saldoDevedorCentavos?: Nullish<bigint>;
  /** 1 to 100; absent is 100. */
  percentualPropriedade?: Nullish<number>;
}

export interface RawFonteDeRenda {
  /** TipoRenda of the SDL. */
  tipo: string;
  valorCentavos: bigint;
  /** Periodicidade of the SDL. */
  periodicidade: string;
  desde?: Nullish<Data>;
  comprovada: boolean;
}

/** A profile as Base B has it. Some of its fields may not count: see {@link toPermittedPerfil}. */
export interface RawPerfil {
  nascimento?: Nullish<Data>;
  endereco?: Nullish<RawEndereco>;
  bens: readonly RawBem[];
  fontesDeRenda: readonly RawFonteDeRenda[];
}

/**
 * The allow-list: every field of a profile that a version of the model reads (Lei 12.414 art. 7-A). Of `logradouro`, `numero` and
 * `cep` it reads only whether they are filled. It leaves out bairro, cidade, UF and IBGE code, because they stand in
 * for origin; and the type of income, because benefits and pensions tell of health and age. Base B does not even hold
 * name, sex and inquiries.
 */
export const permittedFields = {
  titular: ['nascimento', 'endereco', 'bens', 'fontesDeRenda'],
  endereco: ['logradouro', 'numero', 'cep', 'atualizadoEm'],
  bem: ['tipo', 'valorEstimadoCentavos', 'saldoDevedorCentavos', 'percentualPropriedade'],
  fonteDeRenda: ['valorCentavos', 'periodicidade', 'desde', 'comprovada'],
} as const;

export interface PermittedPerfil {
  nascimento: RawPerfil['nascimento'];
  endereco: {
    hasLogradouro: boolean;
    hasNumero: boolean;
    hasCep: boolean;
    atualizadoEm: RawEndereco['atualizadoEm'];
  };
  bens: Pick<RawBem, (typeof permittedFields.bem)[number]>[];
  fontesDeRenda: Pick<RawFonteDeRenda, (typeof permittedFields.fonteDeRenda)[number]>[];
}

const CEP = /^\d{8}$/;

const isFilled = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

/** Anything but an object counts as an object without fields: a damaged profile is a profile with missing data. */
const toObject = <T extends object>(value: Nullish<T>): Partial<T> =>
  typeof value === 'object' && value !== null ? value : {};

const toObjects = <T extends object>(value: readonly T[]): Partial<T>[] =>
  Array.isArray(value) ? value.map(toObject) : [];

const pick = <T extends object, K extends keyof T>(value: Partial<T>, fields: readonly K[]): Pick<T, K> =>
  Object.fromEntries(fields.map((field) => [field, value[field]])) as Pick<T, K>;

/** Copies the permitted fields and drops all others: so no other field can reach a factor. */
export function toPermittedPerfil(raw: RawPerfil): PermittedPerfil {
  const perfil = pick(toObject(raw), permittedFields.titular);
  const endereco = pick(toObject(perfil.endereco), permittedFields.endereco);
  return {
    nascimento: perfil.nascimento,
    endereco: {
      hasLogradouro: isFilled(endereco.logradouro),
      hasNumero: isFilled(endereco.numero),
      hasCep: typeof endereco.cep === 'string' && CEP.test(endereco.cep),
      atualizadoEm: endereco.atualizadoEm,
    },
    bens: toObjects(perfil.bens).map((bem) => pick(bem, permittedFields.bem)),
    fontesDeRenda: toObjects(perfil.fontesDeRenda).map((renda) => pick(renda, permittedFields.fonteDeRenda)),
  };
}
