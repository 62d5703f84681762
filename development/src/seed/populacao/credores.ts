import type { CredorRow } from '@pessoa/bases/base-a';
import { bancos, condominio, empresa, energia, ensino, saneamento, telefonia, varejistas } from './empresas.ts';
import type { Empresa } from './empresas.ts';

type Faixa = readonly [fromReais: number, toReais: number];

/** A kind of debt: who claims it, as what, and between which amounts. */
export interface OrigemDeDivida {
  readonly modalidade: string;
  readonly naturezas: readonly (readonly [natureza: string, peso: number])[];
  readonly credores: readonly CredorRow[];
  readonly faixa: Faixa;
  readonly peso: number;
}

const bancario = [
  ['REFIN', 70],
  ['COBRANCA', 12],
  ['PROTESTO', 8],
  ['ACAO_JUDICIAL', 10],
] as const;
const comercial = [
  ['PEFIN', 82],
  ['COBRANCA', 10],
  ['PROTESTO', 8],
] as const;
const publico = [
  ['PROTESTO', 70],
  ['ACAO_JUDICIAL', 30],
] as const;

let count = 0;
const credor = ({ nome, cnpj }: Empresa): CredorRow => ({
  id: `cr${(count++).toString(36).padStart(4, '0')}`,
  nome,
  cnpj,
});

const deBancos = bancos.map(credor);
const deVarejo = varejistas.map(credor);
const deTelefonia = telefonia.map(credor);
const deTributos = [credor(empresa('Fazenda Fictícia do Estado')), credor(empresa('Município Imaginário de Exemplo'))];
const deCobranca = [
  credor(empresa('Recupera Faz de Conta Cobranças')),
  { id: 'crsemcnpj', nome: 'Credor Fictício sem CNPJ', cnpj: null },
];
const [deEnergia, deSaneamento, deEnsino, deCondominio] = [energia, saneamento, ensino, condominio].map(credor) as [
  CredorRow,
  CredorRow,
  CredorRow,
  CredorRow,
];

// prettier-ignore
export const origensDeDivida: readonly OrigemDeDivida[] = [
  { modalidade: 'CARTAO_CREDITO', naturezas: bancario, credores: deBancos, faixa: [180, 18_000], peso: 26 },
  { modalidade: 'CREDIARIO_VAREJO', naturezas: comercial, credores: deVarejo, faixa: [90, 4_500], peso: 17 },
  { modalidade: 'TELEFONIA', naturezas: comercial, credores: deTelefonia, faixa: [45, 900], peso: 13 },
  { modalidade: 'CREDITO_PESSOAL', naturezas: bancario, credores: deBancos, faixa: [500, 35_000], peso: 11 },
  { modalidade: 'CHEQUE_ESPECIAL', naturezas: [['REFIN', 60], ['CHEQUE_SEM_FUNDO', 40]], credores: deBancos, faixa: [150, 9_000], peso: 6 },
  { modalidade: 'ENERGIA', naturezas: comercial, credores: [deEnergia], faixa: [60, 1_800], peso: 6 },
  { modalidade: 'AGUA', naturezas: comercial, credores: [deSaneamento], faixa: [40, 900], peso: 4 },
  { modalidade: 'FINANCIAMENTO_VEICULO', naturezas: bancario, credores: deBancos, faixa: [4_000, 60_000], peso: 4 },
  { modalidade: 'CREDITO_CONSIGNADO', naturezas: bancario, credores: deBancos, faixa: [800, 30_000], peso: 3 },
  { modalidade: 'EDUCACAO', naturezas: comercial, credores: [deEnsino], faixa: [400, 14_000], peso: 3 },
  { modalidade: 'CONDOMINIO', naturezas: [['PROTESTO', 40], ['ACAO_JUDICIAL', 60]], credores: [deCondominio], faixa: [600, 22_000], peso: 2 },
  { modalidade: 'TRIBUTO', naturezas: publico, credores: deTributos, faixa: [300, 16_000], peso: 2 },
  { modalidade: 'FINANCIAMENTO_IMOVEL', naturezas: bancario, credores: deBancos, faixa: [6_000, 180_000], peso: 1 },
  { modalidade: 'OUTROS', naturezas: [['COBRANCA', 100]], credores: deCobranca, faixa: [70, 6_000], peso: 2 },
];

/** Every creditor, each once. */
export const credores: readonly CredorRow[] = [...new Set(origensDeDivida.flatMap((origem) => origem.credores))];
