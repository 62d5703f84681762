import type { Data } from '@pessoa/domain/data';

type Talvez<T> = T | null | undefined;

export interface EnderecoBruto {
  logradouro?: Talvez<string>;
  numero?: Talvez<string>;
  bairro?: Talvez<string>;
  cidade?: Talvez<string>;
  uf?: Talvez<string>;
  cep?: Talvez<string>;
  codigoIbge?: Talvez<string>;
  atualizadoEm?: Talvez<Date>;
}

export interface BemBruto {
  /** TipoBem of the SDL. */
  tipo: string;
  valorEstimadoCentavos?: Talvez<bigint>;
  saldoDevedorCentavos?: Talvez<bigint>;
  /** 1 to 100; absent is 100. */
  percentualPropriedade?: Talvez<number>;
}

export interface FonteDeRendaBruta {
  /** TipoRenda of the SDL. */
  tipo: string;
  valorCentavos: bigint;
  /** Periodicidade of the SDL. */
  periodicidade: string;
  desde?: Talvez<Data>;
  comprovada: boolean;
}

/** A profile as Base B has it. Not all of it may count: see {@link perfilPermitido}. */
export interface PerfilBruto {
  nascimento?: Talvez<Data>;
  endereco?: Talvez<EnderecoBruto>;
  bens: readonly BemBruto[];
  fontesDeRenda: readonly FonteDeRendaBruta[];
}

/**
 * The allow-list: every field of a profile that the model reads. Of `logradouro`, `numero` and `cep` only whether they
 * are there. Left out on purpose: bairro, cidade, UF and IBGE code (they stand in for origin), the type of income
 * (benefits and pensions tell of health and age), and all that Base B does not hold (name, sex, consultations).
 * Lei 12.414 art. 7-A.
 */
export const camposPermitidos = {
  titular: ['nascimento', 'endereco', 'bens', 'fontesDeRenda'],
  endereco: ['logradouro', 'numero', 'cep', 'atualizadoEm'],
  bem: ['tipo', 'valorEstimadoCentavos', 'saldoDevedorCentavos', 'percentualPropriedade'],
  fonteDeRenda: ['valorCentavos', 'periodicidade', 'desde', 'comprovada'],
} as const;

export interface PerfilPermitido {
  nascimento: PerfilBruto['nascimento'];
  endereco: {
    temLogradouro: boolean;
    temNumero: boolean;
    temCep: boolean;
    atualizadoEm: EnderecoBruto['atualizadoEm'];
  };
  bens: Pick<BemBruto, (typeof camposPermitidos.bem)[number]>[];
  fontesDeRenda: Pick<FonteDeRendaBruta, (typeof camposPermitidos.fonteDeRenda)[number]>[];
}

const CEP = /^\d{8}$/;

const estaPreenchido = (texto: unknown): boolean => typeof texto === 'string' && texto.trim() !== '';

/** Anything but an object counts as one without fields: a damaged profile is a profile with missing data. */
const objeto = <T extends object>(value: Talvez<T>): Partial<T> =>
  typeof value === 'object' && value !== null ? value : {};

const lista = <T extends object>(value: readonly T[]): Partial<T>[] => (Array.isArray(value) ? value.map(objeto) : []);

const somente = <T extends object, K extends keyof T>(value: Partial<T>, campos: readonly K[]): Pick<T, K> =>
  Object.fromEntries(campos.map((campo) => [campo, value[campo]])) as Pick<T, K>;

/** Copies what the model may read and drops everything else, so that nothing else can reach a factor. */
export function perfilPermitido(bruto: PerfilBruto): PerfilPermitido {
  const perfil = somente(objeto(bruto), camposPermitidos.titular);
  const endereco = somente(objeto(perfil.endereco), camposPermitidos.endereco);
  return {
    nascimento: perfil.nascimento,
    endereco: {
      temLogradouro: estaPreenchido(endereco.logradouro),
      temNumero: estaPreenchido(endereco.numero),
      temCep: typeof endereco.cep === 'string' && CEP.test(endereco.cep),
      atualizadoEm: endereco.atualizadoEm,
    },
    bens: lista(perfil.bens).map((bem) => somente(bem, camposPermitidos.bem)),
    fontesDeRenda: lista(perfil.fontesDeRenda).map((fonte) => somente(fonte, camposPermitidos.fonteDeRenda)),
  };
}
