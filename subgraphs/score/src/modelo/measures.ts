import type { Data } from '@pessoa/domain/data';
import type { TipoBem } from '../generated/resolvers.ts';
import type { CodigoFator } from './modelo.ts';
import { patrimonioLiquidoCentavos } from './patrimonio-liquido.ts';
import type { PermittedPerfil } from './permitted-perfil.ts';
import { completedMonths, idadeOn, readableDayOf, readablePastDay } from './readable-values.ts';
import { rendaAnualCentavos, rendaMensalCentavos } from './renda-mensal.ts';

/** A measure that a factor takes of a profile, in the factor's unit. */
export interface Measure {
  readonly group?: string;
  readonly valor: bigint;
}

// A record, so that the compiler names a value of the SDL that is missing here.
const isTipoDeBem: Record<TipoBem, true> = {
  IMOVEL: true,
  VEICULO: true,
  APLICACAO_FINANCEIRA: true,
  PARTICIPACAO_SOCIETARIA: true,
  MAQUINA_OU_EQUIPAMENTO: true,
  BEM_RURAL: true,
  OUTROS: true,
};

/** An income of less does not count for ESTABILIDADE: nobody lives on an old account that yields cents. */
export const INCOME_MIN_CENTAVOS_A_MONTH = 100_00n;

export const tiposDeBem: readonly string[] = Object.keys(isTipoDeBem);

const measure = (valor: bigint | number | undefined, group?: string): Measure[] =>
  valor === undefined ? [] : [{ group, valor: BigInt(valor) }];

function estabilidade({ fontesDeRenda }: PermittedPerfil, hoje: Data): Measure[] {
  return fontesDeRenda.flatMap((renda) => {
    const desde = readablePastDay(renda.desde, hoje);
    const centavosAYear = rendaAnualCentavos(renda);
    if (!desde || centavosAYear === undefined || centavosAYear < INCOME_MIN_CENTAVOS_A_MONTH * 12n) return [];
    return measure(completedMonths(desde, hoje), renda.comprovada === true ? 'comprovada' : 'declarada');
  });
}

function endereco(
  { endereco: { hasLogradouro, hasNumero, hasCep, atualizadoEm } }: PermittedPerfil,
  hoje: Data,
): Measure[] {
  const confirmedOn = readableDayOf(atualizadoEm, hoje);
  if (!confirmedOn || !(hasLogradouro || hasNumero || hasCep)) return [];
  return measure(completedMonths(confirmedOn, hoje), hasLogradouro && hasNumero && hasCep ? 'completo' : 'incompleto');
}

function diversidadeDeBens({ bens }: PermittedPerfil): Measure[] {
  const tipos = new Set(bens.map((bem) => bem.tipo).filter((tipo) => tiposDeBem.includes(tipo)));
  return measure(tipos.size === 0 ? undefined : tipos.size);
}

/**
 * The measures that each factor takes of a profile. Without any, its bin is SEM_INFORMACAO. Of several (ESTABILIDADE
 * measures each income), the one with the most points counts: if the largest income counted, a raise in a new job could
 * lower the score.
 */
export const measures: Record<CodigoFator, (perfil: PermittedPerfil, hoje: Data) => readonly Measure[]> = {
  RENDA_MENSAL: ({ fontesDeRenda }) => measure(rendaMensalCentavos(fontesDeRenda)),
  ESTABILIDADE: estabilidade,
  PATRIMONIO_LIQUIDO: ({ bens }) => measure(patrimonioLiquidoCentavos(bens)),
  DIVERSIDADE_DE_BENS: diversidadeDeBens,
  ENDERECO: endereco,
  IDADE: ({ nascimento }, hoje) => measure(idadeOn(nascimento, hoje)),
};
