import type { Cpf } from '@pessoa/domain/cpf';

/** Rows as the tables of the three bases have them, columns in camelCase; amounts as `1234.56`, days and instants as text. */
export interface PessoaRow {
  readonly cpf: Cpf;
  readonly nome: string;
  readonly situacaoCadastral: string;
}

export interface EnderecoRow {
  readonly cpf: Cpf;
  readonly logradouro: string | null;
  readonly numero: string | null;
  readonly complemento: string | null;
  readonly bairro: string | null;
  readonly cidade: string;
  readonly uf: string;
  readonly cep: string | null;
  readonly codigoIbge: string;
  readonly atualizadoEm: string | null;
}

export interface CredorRow {
  readonly id: string;
  readonly nome: string;
  readonly cnpj: string | null;
}

export interface DividaRow {
  readonly id: string;
  readonly cpf: Cpf;
  readonly credorId: string;
  readonly contrato: string;
  readonly modalidade: string;
  readonly natureza: string;
  readonly situacao: string;
  readonly valorOriginal: string;
  readonly valorAtualizado: string | null;
  readonly vencimento: string;
  readonly dataInclusao: string;
  readonly dataComunicacao: string | null;
  readonly parcelasEmAtraso: number | null;
  readonly principal: boolean;
  readonly uf: string | null;
}

export interface TitularBaseBRow {
  readonly cpf: Cpf;
  readonly nascimento: string | null;
}

export interface BemRow {
  readonly id: string;
  readonly cpf: Cpf;
  readonly tipo: string;
  readonly descricao: string;
  readonly valorEstimado: string | null;
  readonly dataAvaliacao: string | null;
  readonly onerado: boolean;
  readonly saldoDevedor: string | null;
  readonly percentualPropriedade: number | null;
  readonly uf: string | null;
}

export interface FonteDeRendaRow {
  readonly id: string;
  readonly cpf: Cpf;
  readonly tipo: string;
  readonly pagador: string | null;
  readonly cnpjPagador: string | null;
  readonly ocupacao: string | null;
  readonly valor: string;
  readonly periodicidade: string;
  readonly desde: string | null;
  readonly comprovada: boolean;
}

export interface TitularBaseCRow {
  readonly cpf: Cpf;
}

export interface ConsultaRow {
  readonly id: string;
  readonly cpf: Cpf;
  readonly consulente: string;
  readonly cnpjConsulente: string | null;
  readonly biro: string | null;
  readonly dataHora: string;
  readonly finalidade: string;
  readonly produto: string | null;
  readonly peloTitular: boolean;
}

export interface MovimentacaoRow {
  readonly id: string;
  readonly cpf: Cpf;
  readonly dataHora: string;
  readonly natureza: string;
  readonly tipo: string;
  readonly valor: string;
  readonly descricao: string | null;
  readonly canal: string | null;
  readonly instituicaoNome: string | null;
  readonly instituicaoIspb: string | null;
  readonly instituicaoCompe: string | null;
  readonly situacao: string;
  readonly contraparte: string | null;
  readonly saldoApos: string | null;
  readonly palavras: readonly string[];
}

export interface CompraCartaoRow {
  readonly id: string;
  readonly cpf: Cpf;
  readonly dataHora: string;
  readonly valor: string;
  readonly valorMoedaOrigem: string | null;
  readonly moedaOrigem: string | null;
  readonly estabelecimento: string;
  readonly mcc: string | null;
  readonly bandeira: string;
  readonly finalCartao: string;
  readonly emissorNome: string | null;
  readonly emissorIspb: string | null;
  readonly emissorCompe: string | null;
  readonly formaPagamento: string;
  readonly parcelas: number;
  readonly presencial: boolean | null;
  readonly aprovada: boolean;
}

/** One fictitious person, as each base knows them. */
export interface PessoaFicticia {
  readonly cpf: Cpf;
  readonly baseA: {
    readonly pessoa: readonly [PessoaRow];
    readonly endereco: readonly EnderecoRow[];
    readonly divida: readonly DividaRow[];
  };
  readonly baseB: {
    readonly titular: readonly [TitularBaseBRow];
    readonly endereco: readonly EnderecoRow[];
    readonly bem: readonly BemRow[];
    readonly fonteDeRenda: readonly FonteDeRendaRow[];
  };
  readonly baseC: {
    readonly titular: readonly [TitularBaseCRow];
    readonly consulta: readonly ConsultaRow[];
    readonly movimentacao: readonly MovimentacaoRow[];
    readonly compraCartao: readonly CompraCartaoRow[];
  };
}
