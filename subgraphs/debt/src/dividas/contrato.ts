const SHOWN = 4;

/** All but the last four positions hidden; a shorter number is hidden whole. */
export const maskContrato = (contrato: string): string =>
  contrato.length <= SHOWN ? '*'.repeat(contrato.length) : '*'.repeat(contrato.length - SHOWN) + contrato.slice(-SHOWN);
