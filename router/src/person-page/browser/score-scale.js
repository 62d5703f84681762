/** The bands of the score's scale, each from its lowest score. A test compares them with the model's. */
export const BANDS = [
  { faixa: 'BAIXO', from: 0 },
  { faixa: 'REGULAR', from: 301 },
  { faixa: 'BOM', from: 501 },
  { faixa: 'EXCELENTE', from: 701 },
];
export const SCORE_MAX = 1_000;

/** The changes that the operation of the page simulates, the smallest of a factor first, in words. */
export const CHANGES = {
  RENDA_MENSAL: [
    ['renda5000', 'Com renda mensal de R$ 5.000,00'],
    ['renda8000', 'Com renda mensal de R$ 8.000,00'],
    ['renda12000', 'Com renda mensal de R$ 12.000,00'],
    ['renda20000', 'Com renda mensal de R$ 20.000,00'],
  ],
  ESTABILIDADE: [
    ['fonte60', 'Com a renda comprovada e a mesma fonte há 5 anos'],
    ['fonte120', 'Com a renda comprovada e a mesma fonte há 10 anos'],
  ],
  PATRIMONIO_LIQUIDO: [
    ['patrimonio50000', 'Com patrimônio líquido de R$ 50.000,00'],
    ['patrimonio200000', 'Com patrimônio líquido de R$ 200.000,00'],
    ['patrimonio500000', 'Com patrimônio líquido de R$ 500.000,00'],
  ],
  DIVERSIDADE_DE_BENS: [
    ['tipos2', 'Com bens de 2 tipos'],
    ['tipos3', 'Com bens de 3 tipos'],
    ['tipos4', 'Com bens de 4 tipos'],
  ],
  ENDERECO: [['endereco0', 'Com o endereço completo e confirmado hoje']],
};

/**
 * The smallest of the simulated changes of a factor that raises the score.
 *
 * @param {any} score
 * @param {string} codigo
 * @returns {{ words: string, valor: number, diferenca: number } | undefined}
 */
export function smallestChange(score, codigo) {
  for (const [alias, words] of /** @type {Record<string, string[][]>} */ (CHANGES)[codigo] ?? []) {
    const simulated = score[/** @type {string} */ (alias)];
    if (simulated && simulated.diferenca > 0) return { words: /** @type {string} */ (words), ...simulated };
  }
  return undefined;
}
