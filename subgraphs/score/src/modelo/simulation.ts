import { PublicError } from '@pessoa/domain/errors';
import type { MudancasNoPerfil } from '../generated/resolvers.ts';
import { type Measure, tiposDeBem } from './measures.ts';
import type { PerfilMeasures } from './score-perfil.ts';

/** The ranges of the whole numbers. 1,200 months are a hundred years. */
export const ranges = {
  tiposDeBem: { from: 1, to: tiposDeBem.length },
  mesesNaFonteDeRenda: { from: 0, to: 1_200 },
  mesesDesdeConfirmacaoDoEndereco: { from: 0, to: 1_200 },
} as const satisfies Partial<Record<keyof MudancasNoPerfil, { from: number; to: number }>>;

/**
 * What a profile would measure after some changes. Factors that no change names keep their measures. A changed factor has no other measure
 * than the stated one: so a simulation tells nothing of the profile that the factors of the score do not tell. The age cannot be
 * changed: nobody can act on it.
 *
 * @throws PublicError BAD_USER_INPUT for a value outside its range, and for months or a quality without the other
 */
export function changedMeasures(measures: PerfilMeasures, mudancas: MudancasNoPerfil): PerfilMeasures {
  const { rendaMensal, patrimonioLiquido, tiposDeBem: tipos } = mudancas;
  if (rendaMensal != null && rendaMensal < 0n) throw badInput('`rendaMensal` is not negative.');
  for (const [name, { from, to }] of Object.entries(ranges)) {
    const value = mudancas[name as keyof typeof ranges];
    if (value != null && (value < from || value > to)) throw badInput(`\`${name}\` is from ${from} to ${to}.`);
  }
  return {
    ...measures,
    ...(rendaMensal != null && { RENDA_MENSAL: [{ valor: rendaMensal }] }),
    ...(patrimonioLiquido != null && { PATRIMONIO_LIQUIDO: [{ valor: patrimonioLiquido }] }),
    ...(tipos != null && { DIVERSIDADE_DE_BENS: [{ valor: BigInt(tipos) }] }),
    ESTABILIDADE: statedTime(mudancas, 'mesesNaFonteDeRenda', 'rendaComprovada', ['comprovada', 'declarada']) ?? measures.ESTABILIDADE, // prettier-ignore
    ENDERECO: statedTime(mudancas, 'mesesDesdeConfirmacaoDoEndereco', 'enderecoCompleto', ['completo', 'incompleto']) ?? measures.ENDERECO, // prettier-ignore
  };
}

type Months = 'mesesNaFonteDeRenda' | 'mesesDesdeConfirmacaoDoEndereco';
type Quality = 'rendaComprovada' | 'enderecoCompleto';

/** The measure of a factor with months and a quality; undefined when the changes name neither. */
function statedTime(
  mudancas: MudancasNoPerfil,
  months: Months,
  quality: Quality,
  [better, worse]: readonly [string, string],
): readonly Measure[] | undefined {
  const { [months]: meses, [quality]: isBetter } = mudancas;
  if (meses == null && isBetter == null) return undefined;
  if (meses == null || isBetter == null) throw badInput(`\`${months}\` and \`${quality}\` go together.`);
  return [{ group: isBetter ? better : worse, valor: BigInt(meses) }];
}

const badInput = (detail: string): PublicError => new PublicError('BAD_USER_INPUT', { detail });
