import type { Cpf } from '@pessoa/domain/cpf';
import { addYears } from '@pessoa/domain/data';
import { wordsOf } from '@pessoa/domain/words';
import { dayText, instantText } from '../population/calendar.ts';
import type { DayNumber } from '../population/calendar.ts';
import { credores } from '../population/credores.ts';
import { bancos, biros, empregadores, varejistas } from '../population/empresas.ts';
import { formatCentavos } from '../population/format-centavos.ts';
import { rowId } from '../population/row-id.ts';
import type {
  BemRow,
  CompraCartaoRow,
  ConsultaRow,
  DividaRow,
  FonteDeRendaRow,
  MovimentacaoRow,
  FictitiousPerson,
} from '../population/rows.ts';

/** Days before `hoje`. */
type DaysAgo = number;

export interface DividaSpec extends Partial<Omit<DividaRow, 'vencimento' | 'dataInclusao' | 'dataComunicacao'>> {
  readonly centavos: number;
  readonly vencimento: DaysAgo;
  /** Default: 30 days after `vencimento`. */
  readonly inclusao?: DaysAgo;
  /** Default: 15 days before `inclusao`; null: nobody informed the consumer. */
  readonly comunicacao?: DaysAgo | null;
}

export interface BemSpec extends Partial<Omit<BemRow, 'valorEstimado' | 'saldoDevedor' | 'dataAvaliacao'>> {
  readonly centavos: number;
  readonly saldoDevedorCentavos?: number;
  /** Default: 200 days ago. */
  readonly avaliado?: DaysAgo;
}

export interface RendaSpec extends Partial<Omit<FonteDeRendaRow, 'valor' | 'desde'>> {
  readonly centavos: number;
  /** Default: 2,600 days ago. */
  readonly desde?: DaysAgo;
}

export interface PostingSpec {
  readonly dias: DaysAgo;
  readonly centavos: number;
  readonly natureza: 'CREDITO' | 'DEBITO';
  readonly tipo: string;
  readonly descricao: string;
  readonly contraparte: string;
  /** Default: noon. */
  readonly secondOfDay?: number;
}

/** The data of one person in the three bases. A list without a value is empty. */
export interface PersonSpec {
  readonly nome: string;
  readonly idade?: number;
  /** When both bases last confirmed the address; default: 40 days ago. */
  readonly endereco?: DaysAgo;
  readonly dividas?: readonly DividaSpec[];
  readonly bens?: readonly BemSpec[];
  readonly rendas?: readonly RendaSpec[];
  /** The days of a bank's inquiries. */
  readonly consultas?: readonly DaysAgo[];
  readonly postings?: readonly PostingSpec[];
  /** The days of card purchases of R$ 89,90 each. */
  readonly compras?: readonly DaysAgo[];
}

const NOON = 12 * 3600;
const [banco, outroBanco] = bancos as readonly [(typeof bancos)[number], (typeof bancos)[number]];
const [credor] = credores as readonly [(typeof credores)[number]];

/** Rows of one person. Each date is a number of days before `hoje`, and no value is random. */
export function personRows(
  { cpf, index }: { readonly cpf: Cpf; readonly index: number },
  hoje: DayNumber,
  spec: PersonSpec,
): FictitiousPerson {
  const { nome, idade = 41, endereco: addressAge = 40 } = spec;
  const id = (kind: string, ordinal: number): string => rowId(kind, index, ordinal);
  const endereco = {
    cpf,
    logradouro: 'Rua do Ipê Imaginário',
    numero: '120',
    complemento: null,
    bairro: 'Vila Fictícia',
    cidade: 'São Paulo',
    uf: 'SP',
    cep: '01310900',
    codigoIbge: '3550308',
    atualizadoEm: instantText(hoje - addressAge, NOON),
  };
  return {
    cpf,
    baseA: {
      pessoa: [{ cpf, nome, situacaoCadastral: 'REGULAR' }],
      endereco: [endereco],
      divida: (spec.dividas ?? []).map((divida, ordinal) => dividaRow(id('dv', ordinal), cpf, hoje, divida)),
    },
    baseB: {
      titular: [{ cpf, nascimento: addYears(dayText(hoje - 100), -idade) }],
      endereco: [endereco],
      bem: (spec.bens ?? []).map((bem, ordinal) => bemRow(id('bm', ordinal), cpf, hoje, bem)),
      fonteDeRenda: (spec.rendas ?? []).map((renda, ordinal) => rendaRow(id('fr', ordinal), cpf, hoje, renda)),
    },
    baseC: {
      titular: [{ cpf }],
      consulta: (spec.consultas ?? []).map((dias, ordinal) => consultaRow(id('cs', ordinal), cpf, hoje - dias)),
      movimentacao: (spec.postings ?? []).map((posting, ordinal) => postingRow(id('mv', ordinal), cpf, hoje, posting)),
      compraCartao: (spec.compras ?? []).map((dias, ordinal) => compraRow(id('cc', ordinal), cpf, hoje - dias)),
    },
  };
}

function dividaRow(id: string, cpf: Cpf, hoje: DayNumber, divida: DividaSpec): DividaRow {
  const { centavos, vencimento, inclusao = vencimento - 30, comunicacao = inclusao + 15, ...rest } = divida;
  return {
    id,
    cpf,
    credorId: credor.id,
    contrato: `9990001${id.slice(-4).padStart(4, '0')}`,
    modalidade: 'CARTAO_CREDITO',
    natureza: 'REFIN',
    situacao: 'EM_ABERTO',
    valorOriginal: formatCentavos(centavos),
    valorAtualizado: null,
    parcelasEmAtraso: null,
    principal: true,
    uf: 'SP',
    ...rest,
    vencimento: dayText(hoje - vencimento),
    dataInclusao: dayText(hoje - inclusao),
    dataComunicacao: comunicacao === null ? null : dayText(hoje - comunicacao),
  };
}

function bemRow(id: string, cpf: Cpf, hoje: DayNumber, bem: BemSpec): BemRow {
  const { centavos, saldoDevedorCentavos, avaliado = 200, ...rest } = bem;
  return {
    id,
    cpf,
    tipo: 'VEICULO',
    descricao: 'Automóvel Imaginário 1.0',
    valorEstimado: formatCentavos(centavos),
    dataAvaliacao: dayText(hoje - avaliado),
    onerado: saldoDevedorCentavos !== undefined,
    saldoDevedor: saldoDevedorCentavos === undefined ? null : formatCentavos(saldoDevedorCentavos),
    percentualPropriedade: 100,
    uf: 'SP',
    ...rest,
  };
}

function rendaRow(id: string, cpf: Cpf, hoje: DayNumber, renda: RendaSpec): FonteDeRendaRow {
  const { centavos, desde = 2_600, ...rest } = renda;
  const [empregador] = empregadores;
  return {
    id,
    cpf,
    tipo: 'SALARIO',
    pagador: empregador!.nome,
    cnpjPagador: empregador!.cnpj,
    ocupacao: 'Analista de exemplos',
    valor: formatCentavos(centavos),
    periodicidade: 'MENSAL',
    desde: dayText(hoje - desde),
    comprovada: true,
    ...rest,
  };
}

const consultaRow = (id: string, cpf: Cpf, day: DayNumber): ConsultaRow => ({
  id,
  cpf,
  consulente: outroBanco.nome,
  cnpjConsulente: outroBanco.cnpj,
  biro: biros[0]!,
  dataHora: instantText(day, NOON),
  finalidade: 'CONCESSAO_CREDITO',
  produto: 'Relatório de crédito',
  peloTitular: false,
});

function postingRow(id: string, cpf: Cpf, hoje: DayNumber, posting: PostingSpec): MovimentacaoRow {
  const { dias, centavos, natureza, tipo, descricao, contraparte, secondOfDay = NOON } = posting;
  return {
    id,
    cpf,
    dataHora: instantText(hoje - dias, secondOfDay),
    natureza,
    tipo,
    valor: formatCentavos(centavos),
    descricao,
    canal: 'APLICATIVO',
    instituicaoNome: banco.nome,
    instituicaoIspb: banco.ispb,
    instituicaoCompe: banco.compe,
    situacao: 'TRANSACAO_EFETIVADA',
    contraparte,
    saldoApos: null,
    palavras: wordsOf(`${descricao} ${contraparte}`),
  };
}

const compraRow = (id: string, cpf: Cpf, day: DayNumber): CompraCartaoRow => ({
  id,
  cpf,
  dataHora: instantText(day, NOON),
  valor: '89.90',
  valorMoedaOrigem: null,
  moedaOrigem: null,
  estabelecimento: varejistas[0]!.nome,
  mcc: '5311',
  bandeira: 'ELO',
  finalCartao: '0000',
  emissorNome: banco.nome,
  emissorIspb: banco.ispb,
  emissorCompe: banco.compe,
  formaPagamento: 'A_VISTA',
  parcelas: 1,
  presencial: true,
  aprovada: true,
});
