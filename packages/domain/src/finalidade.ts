/** The purposes for which data may be read (Lei 12.414 art. 7): the values of the SDL's enum `Finalidade`. */
export const finalidades = [
  'CONCESSAO_CREDITO',
  'REVISAO_LIMITE',
  'VENDA_A_PRAZO',
  'LOCACAO',
  'PREVENCAO_FRAUDE',
  'COBRANCA',
  'CONSULTA_DO_TITULAR',
  'ORDEM_JUDICIAL',
] as const;

export type Finalidade = (typeof finalidades)[number];

export const isFinalidade = (value: unknown): value is Finalidade =>
  typeof value === 'string' && (finalidades as readonly string[]).includes(value);
