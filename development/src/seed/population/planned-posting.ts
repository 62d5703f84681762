import { wordsOf } from '@pessoa/domain/words';
import type { DayNumber } from './calendar.ts';

/** A text with its words, split only once: the same few texts are in every person's postings. */
export interface SplitText {
  readonly text: string;
  readonly words: readonly string[];
}

export const splitText = (text: string): SplitText => ({ text, words: wordsOf(text) });

/** A posting without its day and amount. */
export interface PostingKind {
  readonly tipo: string;
  readonly descricao: SplitText;
  readonly contraparte: SplitText | null;
  readonly canal: string | null;
}

/** A posting before the balance is known. Positive centavos are a credit, negative ones a debit. */
export interface PlannedPosting extends PostingKind {
  readonly day: DayNumber;
  readonly secondOfDay: number;
  readonly centavos: number;
  /** True: the posting does not happen when it would exceed the overdraft limit. False: it always happens. */
  readonly isPostponable: boolean;
}

const postingKind =
  (tipo: string, canal: string | null, descricao: string) =>
  (contraparte: SplitText | null): PostingKind => ({ tipo, descricao: sharedText(descricao), contraparte, canal });

const sharedText = (() => {
  const textByContent = new Map<string, SplitText>();
  return (text: string): SplitText =>
    textByContent.get(text) ?? (textByContent.set(text, splitText(text)).get(text) as SplitText);
})();

export const postingKinds = {
  pixEnviado: postingKind('PIX', 'APLICATIVO', 'PIX enviado'),
  pixRecebido: postingKind('PIX', 'APLICATIVO', 'PIX recebido'),
  salario: postingKind('FOLHA_PAGAMENTO', null, 'Crédito de salário'),
  portabilidade: postingKind('PORTABILIDADE_SALARIO', null, 'Portabilidade de salário'),
  beneficio: postingKind('FOLHA_PAGAMENTO', null, 'Crédito de benefício'),
  proLabore: postingKind('TED', 'INTERNET_BANKING', 'Pró-labore'),
  contaDeLuz: postingKind('CONVENIO_ARRECADACAO', 'APLICATIVO', 'Conta de luz'),
  contaDeAgua: postingKind('CONVENIO_ARRECADACAO', 'APLICATIVO', 'Conta de água'),
  contaDeTelefone: postingKind('CONVENIO_ARRECADACAO', 'APLICATIVO', 'Conta de telefone e internet'),
  condominio: postingKind('BOLETO', 'INTERNET_BANKING', 'Boleto de condomínio'),
  aluguel: postingKind('BOLETO', 'APLICATIVO', 'Boleto de aluguel'),
  mensalidade: postingKind('BOLETO', 'APLICATIVO', 'Mensalidade da faculdade'),
  fatura: postingKind('CARTAO', 'APLICATIVO', 'Pagamento da fatura do cartão'),
  compraNoDebito: postingKind('CARTAO', 'MAQUININHA', 'Compra no débito'),
  saque: postingKind('SAQUE', 'CAIXA_ELETRONICO', 'Saque em dinheiro'),
  deposito: postingKind('DEPOSITO', 'AGENCIA', 'Depósito em dinheiro'),
  ted: postingKind('TED', 'INTERNET_BANKING', 'TED enviada'),
  transferencia: postingKind('TRANSFERENCIA_MESMA_INSTITUICAO', 'APLICATIVO', 'Transferência entre contas'),
  tarifa: postingKind('TARIFA_SERVICOS', null, 'Tarifa do pacote de serviços'),
  jurosDoLimite: postingKind('ENCARGOS_JUROS_CHEQUE_ESPECIAL', null, 'Juros do cheque especial'),
  rendimento: postingKind('RENDIMENTO_APLIC_FINANCEIRA', null, 'Rendimento da aplicação'),
  resgate: postingKind('RESGATE_APLIC_FINANCEIRA', 'APLICATIVO', 'Resgate da aplicação'),
  emprestimo: postingKind('OPERACAO_CREDITO', 'CORRESPONDENTE', 'Crédito de empréstimo pessoal'),
};
