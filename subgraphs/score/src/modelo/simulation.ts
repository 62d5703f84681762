import { PublicError } from '@pessoa/domain/errors';
import type { MudancasNoPerfil } from '../generated/resolvers.ts';
import { type Measure, tiposDeBem } from './measures.ts';
import type { PerfilMeasures } from './score-perfil.ts';

/** A hundred years. */
const MESES_MAX = 1_200;

/**
 * What a profile would measure after some changes. Factors that no change names keep their measures. The age cannot be changed: nobody
 * can act on it.
 *
 * @throws PublicError BAD_USER_INPUT for a value outside its range
 */
export function changedMeasures(measures: PerfilMeasures, mudancas: MudancasNoPerfil): PerfilMeasures {
  const { rendaMensal, patrimonioLiquido, tiposDeBem: tipos } = mudancas;
  if (rendaMensal != null && rendaMensal < 0n) throw outOfRange('rendaMensal', 'is not negative');
  checkRange('tiposDeBem', tipos, 1, tiposDeBem.length);
  checkRange('mesesNaFonteDeRenda', mudancas.mesesNaFonteDeRenda, 0, MESES_MAX);
  checkRange('mesesDesdeConfirmacaoDoEndereco', mudancas.mesesDesdeConfirmacaoDoEndereco, 0, MESES_MAX);
  return {
    ...measures,
    ...(rendaMensal != null && { RENDA_MENSAL: [{ valor: rendaMensal }] }),
    ...(patrimonioLiquido != null && { PATRIMONIO_LIQUIDO: [{ valor: patrimonioLiquido }] }),
    ...(tipos != null && { DIVERSIDADE_DE_BENS: [{ valor: BigInt(tipos) }] }),
    ESTABILIDADE: changedTimes(measures.ESTABILIDADE, mudancas.mesesNaFonteDeRenda, mudancas.rendaComprovada, {
      yes: 'comprovada',
      no: 'declarada',
    }),
    ENDERECO: changedTimes(measures.ENDERECO, mudancas.mesesDesdeConfirmacaoDoEndereco, mudancas.enderecoCompleto, {
      yes: 'completo',
      no: 'incompleto',
    }),
  };
}

/** Changes the months or the group of each measure. Without a measure, months give one; without months nothing can be measured. */
function changedTimes(
  measures: readonly Measure[],
  meses: number | null | undefined,
  isBetter: boolean | null | undefined,
  groups: { readonly yes: string; readonly no: string },
): readonly Measure[] {
  const known = measures.length === 0 && meses != null ? [{ group: groups.no, valor: BigInt(meses) }] : measures;
  return known.map(({ group, valor }) => ({
    group: isBetter == null ? group : groups[isBetter ? 'yes' : 'no'],
    valor: meses == null ? valor : BigInt(meses),
  }));
}

function checkRange(name: string, value: number | null | undefined, from: number, to: number): void {
  if (value != null && (value < from || value > to)) throw outOfRange(name, `is from ${from} to ${to}`);
}

const outOfRange = (name: string, rule: string): PublicError =>
  new PublicError('BAD_USER_INPUT', { detail: `\`${name}\` ${rule}.` });
