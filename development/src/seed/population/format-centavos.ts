/** Writes whole centavos as `1234.56`. Amounts here are far below 2^53: numbers are exact, and faster than bigint. */
export function formatCentavos(centavos: number): string {
  const reais = Math.trunc(centavos / 100);
  const cents = Math.abs(centavos - reais * 100);
  const sign = centavos < 0 && reais === 0 ? '-' : '';
  return `${sign}${reais}.${cents < 10 ? '0' : ''}${cents}`;
}
