/** The `1234.56` of whole centavos. Amounts made here are far below 2^53, so that numbers are exact, and faster than bigint. */
export function dinheiro(centavos: number): string {
  const reais = Math.trunc(centavos / 100);
  const rest = Math.abs(centavos - reais * 100);
  const sign = centavos < 0 && reais === 0 ? '-' : '';
  return `${sign}${reais}.${rest < 10 ? '0' : ''}${rest}`;
}
