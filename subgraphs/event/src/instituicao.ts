/** A bank as Base C names it. */
export interface Instituicao {
  readonly nome: string;
  readonly ispb: string | null;
  readonly compe: string | null;
}

/** Without its name there is nothing to show of it. */
export const instituicaoOf = (nome: string | null, ispb: string | null, compe: string | null): Instituicao | null =>
  nome === null ? null : { nome, ispb, compe };
