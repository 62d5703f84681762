/** What the index is made of, as `MovimentacaoLinha` names it. */
export const movimentacaoColumns = [
  'id', 'cpf', 'data_hora', 'natureza', 'tipo', 'valor', 'descricao', 'canal', 'instituicao_nome', 'instituicao_ispb',
  'instituicao_compe', 'situacao', 'contraparte', 'saldo_apos', 'palavras',
] as const; // prettier-ignore
