import { wordsOf } from '@pessoa/domain/words';
import type { DayNumber } from './calendario.ts';

/** A text with its words, split once where it is made: the same few texts are in every person's postings. */
export interface Texto {
  readonly texto: string;
  readonly palavras: readonly string[];
}

export const texto = (text: string): Texto => ({ texto: text, palavras: wordsOf(text) });

/** What a posting is, apart from its day and amount. */
export interface Operacao {
  readonly tipo: string;
  readonly descricao: Texto;
  readonly contraparte: Texto | null;
  readonly canal: string | null;
}

/** A posting to the account, before the balance is known. Positive centavos come in, negative ones go out. */
export interface Lancamento extends Operacao {
  readonly day: DayNumber;
  readonly secondOfDay: number;
  readonly centavos: number;
  /** Left out when the account cannot pay for it; what is not postponable goes into the overdraft. */
  readonly adiavel: boolean;
}

const operacao =
  (tipo: string, canal: string | null, descricao: string) =>
  (contraparte: Texto | null): Operacao => ({ tipo, descricao: described(descricao), contraparte, canal });

const described = (() => {
  const known = new Map<string, Texto>();
  return (text: string): Texto => known.get(text) ?? (known.set(text, texto(text)).get(text) as Texto);
})();

export const operacoes = {
  pixEnviado: operacao('PIX', 'APLICATIVO', 'PIX enviado'),
  pixRecebido: operacao('PIX', 'APLICATIVO', 'PIX recebido'),
  salario: operacao('FOLHA_PAGAMENTO', null, 'Crédito de salário'),
  portabilidade: operacao('PORTABILIDADE_SALARIO', null, 'Portabilidade de salário'),
  beneficio: operacao('FOLHA_PAGAMENTO', null, 'Crédito de benefício'),
  proLabore: operacao('TED', 'INTERNET_BANKING', 'Pró-labore'),
  contaDeLuz: operacao('CONVENIO_ARRECADACAO', 'APLICATIVO', 'Conta de luz'),
  contaDeAgua: operacao('CONVENIO_ARRECADACAO', 'APLICATIVO', 'Conta de água'),
  contaDeTelefone: operacao('CONVENIO_ARRECADACAO', 'APLICATIVO', 'Conta de telefone e internet'),
  condominio: operacao('BOLETO', 'INTERNET_BANKING', 'Boleto de condomínio'),
  aluguel: operacao('BOLETO', 'APLICATIVO', 'Boleto de aluguel'),
  mensalidade: operacao('BOLETO', 'APLICATIVO', 'Mensalidade da faculdade'),
  fatura: operacao('CARTAO', 'APLICATIVO', 'Pagamento da fatura do cartão'),
  compraNoDebito: operacao('CARTAO', 'MAQUININHA', 'Compra no débito'),
  saque: operacao('SAQUE', 'CAIXA_ELETRONICO', 'Saque em dinheiro'),
  deposito: operacao('DEPOSITO', 'AGENCIA', 'Depósito em dinheiro'),
  ted: operacao('TED', 'INTERNET_BANKING', 'TED enviada'),
  transferencia: operacao('TRANSFERENCIA_MESMA_INSTITUICAO', 'APLICATIVO', 'Transferência entre contas'),
  tarifa: operacao('TARIFA_SERVICOS', null, 'Tarifa do pacote de serviços'),
  jurosDoLimite: operacao('ENCARGOS_JUROS_CHEQUE_ESPECIAL', null, 'Juros do cheque especial'),
  rendimento: operacao('RENDIMENTO_APLIC_FINANCEIRA', null, 'Rendimento da aplicação'),
  resgate: operacao('RESGATE_APLIC_FINANCEIRA', 'APLICATIVO', 'Resgate da aplicação'),
  emprestimo: operacao('OPERACAO_CREDITO', 'CORRESPONDENTE', 'Crédito de empréstimo pessoal'),
};
