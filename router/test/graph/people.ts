import { cpfFromBase } from '@pessoa/domain/cpf';

/** Gives the n-th valid CPF of a series. */
export const cpfNumber = (n: number) => cpfFromBase(String(100_000_000 + n));

export const ANA = cpfNumber(1);
export const BIA = cpfNumber(2);

/** `529.982.247-25` */
export const punctuated = (cpf: string): string => cpf.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4');
