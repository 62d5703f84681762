/** A bank as Base C names it. */
export interface Instituicao {
  readonly nome: string;
  readonly ispb: string | null;
  readonly compe: string | null;
}

/** null without a name: then there is nothing to show. */
export const instituicaoOf = (nome: string | null, ispb: string | null, compe: string | null): Instituicao | null =>
  nome === null ? null : { nome, ispb, compe };
