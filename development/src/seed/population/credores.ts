import type { CredorRow } from '@pessoa/bases/base-a';
import { bancos, condominio, empresa, energia, ensino, saneamento, telefonia, varejistas } from './empresas.ts';
import type { Empresa } from './empresas.ts';

type Faixa = readonly [fromReais: number, toReais: number];

/** A kind of debt: its creditors, its `natureza`, and the range of its amount in reais. */
export interface DebtOrigin {
  readonly modalidade: string;
  readonly naturezas: readonly (readonly [natureza: string, peso: number])[];
  readonly credores: readonly CredorRow[];
  readonly faixa: Faixa;
  readonly peso: number;
}

const bankKinds = [
  ['REFIN', 70],
  ['COBRANCA', 12],
  ['PROTESTO', 8],
  ['ACAO_JUDICIAL', 10],
] as const;
const commercialKinds = [
  ['PEFIN', 82],
  ['COBRANCA', 10],
  ['PROTESTO', 8],
] as const;
const publicKinds = [
  ['PROTESTO', 70],
  ['ACAO_JUDICIAL', 30],
] as const;

let creditorCount = 0;
const creditorOf = ({ nome, cnpj }: Empresa): CredorRow => ({
  id: `cr${(creditorCount++).toString(36).padStart(4, '0')}`,
  nome,
  cnpj,
});

const bankCreditors = bancos.map(creditorOf);
const retailCreditors = varejistas.map(creditorOf);
const phoneCreditors = telefonia.map(creditorOf);
const taxCreditors = [
  creditorOf(empresa('Fazenda Fictícia do Estado')),
  creditorOf(empresa('Município Imaginário de Exemplo')),
];
const collectionCreditors = [
  creditorOf(empresa('Recupera Faz de Conta Cobranças')),
  { id: 'crsemcnpj', nome: 'Credor Fictício sem CNPJ', cnpj: null },
];
const [powerCreditor, waterCreditor, collegeCreditor, condominiumCreditor] = [
  energia,
  saneamento,
  ensino,
  condominio,
].map(creditorOf) as [CredorRow, CredorRow, CredorRow, CredorRow];

// prettier-ignore
export const debtOrigins: readonly DebtOrigin[] = [
  { modalidade: 'CARTAO_CREDITO', naturezas: bankKinds, credores: bankCreditors, faixa: [180, 18_000], peso: 26 },
  { modalidade: 'CREDIARIO_VAREJO', naturezas: commercialKinds, credores: retailCreditors, faixa: [90, 4_500], peso: 17 },
  { modalidade: 'TELEFONIA', naturezas: commercialKinds, credores: phoneCreditors, faixa: [45, 900], peso: 13 },
  { modalidade: 'CREDITO_PESSOAL', naturezas: bankKinds, credores: bankCreditors, faixa: [500, 35_000], peso: 11 },
  { modalidade: 'CHEQUE_ESPECIAL', naturezas: [['REFIN', 60], ['CHEQUE_SEM_FUNDO', 40]], credores: bankCreditors, faixa: [150, 9_000], peso: 6 },
  { modalidade: 'ENERGIA', naturezas: commercialKinds, credores: [powerCreditor], faixa: [60, 1_800], peso: 6 },
  { modalidade: 'AGUA', naturezas: commercialKinds, credores: [waterCreditor], faixa: [40, 900], peso: 4 },
  { modalidade: 'FINANCIAMENTO_VEICULO', naturezas: bankKinds, credores: bankCreditors, faixa: [4_000, 60_000], peso: 4 },
  { modalidade: 'CREDITO_CONSIGNADO', naturezas: bankKinds, credores: bankCreditors, faixa: [800, 30_000], peso: 3 },
  { modalidade: 'EDUCACAO', naturezas: commercialKinds, credores: [collegeCreditor], faixa: [400, 14_000], peso: 3 },
  { modalidade: 'CONDOMINIO', naturezas: [['PROTESTO', 40], ['ACAO_JUDICIAL', 60]], credores: [condominiumCreditor], faixa: [600, 22_000], peso: 2 },
  { modalidade: 'TRIBUTO', naturezas: publicKinds, credores: taxCreditors, faixa: [300, 16_000], peso: 2 },
  { modalidade: 'FINANCIAMENTO_IMOVEL', naturezas: bankKinds, credores: bankCreditors, faixa: [6_000, 180_000], peso: 1 },
  { modalidade: 'OUTROS', naturezas: [['COBRANCA', 100]], credores: collectionCreditors, faixa: [70, 6_000], peso: 2 },
];

export const credores: readonly CredorRow[] = [...new Set(debtOrigins.flatMap((origem) => origem.credores))];
