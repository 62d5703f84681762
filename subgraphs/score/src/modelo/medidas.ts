import type { Data } from '@pessoa/domain/data';
import { idade } from './idade.ts';
import { diaDoInstante, diaPassado, mesesCompletos } from './legivel.ts';
import { patrimonioLiquidoCentavos } from './patrimonio-liquido.ts';
import type { PerfilPermitido } from './perfil-permitido.ts';
import { rendaAnualCentavos, rendaMensalCentavos } from './renda-mensal.ts';
import { type CodigoFator, modelo } from './tabela.ts';

/** What a factor measures of a profile, in the factor's unit. */
export interface Medida {
  readonly grupo?: string;
  readonly valor: bigint;
}

export const tiposDeBem: readonly string[] = [
  'IMOVEL',
  'VEICULO',
  'APLICACAO_FINANCEIRA',
  'PARTICIPACAO_SOCIETARIA',
  'MAQUINA_OU_EQUIPAMENTO',
  'BEM_RURAL',
  'OUTROS',
];

const medida = (valor: bigint | number | undefined, grupo?: string): Medida[] =>
  valor === undefined ? [] : [{ grupo, valor: BigInt(valor) }];

function estabilidade({ fontesDeRenda }: PerfilPermitido, hoje: Data): Medida[] {
  return fontesDeRenda.flatMap((fonte) => {
    const desde = diaPassado(fonte.desde, hoje);
    const anual = rendaAnualCentavos(fonte);
    if (!desde || anual === undefined || anual < modelo.rendaMinimaDaFonteCentavos * 12n) return [];
    return medida(mesesCompletos(desde, hoje), fonte.comprovada === true ? 'comprovada' : 'declarada');
  });
}

function endereco(
  { endereco: { temLogradouro, temNumero, temCep, atualizadoEm } }: PerfilPermitido,
  hoje: Data,
): Medida[] {
  const confirmado = diaDoInstante(atualizadoEm, hoje);
  if (!confirmado || !(temLogradouro || temNumero || temCep)) return [];
  return medida(mesesCompletos(confirmado, hoje), temLogradouro && temNumero && temCep ? 'completo' : 'incompleto');
}

function diversidadeDeBens({ bens }: PerfilPermitido): Medida[] {
  const tipos = new Set(bens.map((bem) => bem.tipo).filter((tipo) => tiposDeBem.includes(tipo)));
  return medida(tipos.size === 0 ? undefined : tipos.size);
}

/**
 * None is SEM_INFORMACAO. Several (one for each source of income) means that the one with the most points counts: were
 * it the source that pays most, a rise at a new job could lower the note.
 */
export const medidas: Record<CodigoFator, (perfil: PerfilPermitido, hoje: Data) => readonly Medida[]> = {
  RENDA_MENSAL: ({ fontesDeRenda }) => medida(rendaMensalCentavos(fontesDeRenda)),
  ESTABILIDADE: estabilidade,
  PATRIMONIO_LIQUIDO: ({ bens }) => medida(patrimonioLiquidoCentavos(bens)),
  DIVERSIDADE_DE_BENS: diversidadeDeBens,
  ENDERECO: endereco,
  IDADE: ({ nascimento }, hoje) => medida(idade(nascimento, hoje)),
};
