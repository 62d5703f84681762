const SHOWN_CHARACTERS = 4;

/** Masks all but the last four characters. A number of up to four characters is masked completely. */
export const maskContrato = (contrato: string): string =>
  contrato.length <= SHOWN_CHARACTERS
    ? '*'.repeat(contrato.length)
    : '*'.repeat(contrato.length - SHOWN_CHARACTERS) + contrato.slice(-SHOWN_CHARACTERS);
