import { cpfFromBase } from '@pessoa/domain/cpf';

export const ANA = cpfFromBase('123456780');

/** Debts as a spreadsheet of a back office has them. */
export const HEADER =
  'ID;CPF;Credor Nome;Contrato;Modalidade;Natureza;Situação;Valor Original;Vencimento;Data Inclusão;Principal';
export interface Line {
  readonly id?: string;
  readonly cpf?: string;
  readonly credor?: string;
  readonly valor?: string;
  readonly vencimento?: string;
  readonly inclusao?: string;
  readonly principal?: string;
}
let ids = 0;
export const nextId = (): string => `e${String(++ids).padStart(4, '0')}`;
export const line = ({ id = nextId(), cpf = ANA, credor = 'Loja São João', valor = '1.234,56', vencimento = '31/01/2026', inclusao = '28/02/2026', principal = 'Sim' }: Line = {}): string =>
  [id, cpf, credor, '77', 'Outros', 'Cobrança', 'Em aberto', valor, vencimento, inclusao, principal].join(';'); // prettier-ignore
export const sheet = (...lines: string[]): string => [HEADER, ...lines, ''].join('\r\n');
