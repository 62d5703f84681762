import { readCpf } from '@pessoa/domain/cpf';
import { readData } from '@pessoa/domain/data';
import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from '@pessoa/domain/paging';
import { z } from 'zod';

// Clients read `error`, so it is in our own words and never has the value that the client sent. Descriptions are for the
// OpenAPI document, in Portuguese like the SDL.

/** Reads eleven digits or `529.982.247-25`, after percent-decoding. The result is the eleven digits. */
export const cpf = z
  .string()
  .regex(/^(?:\d{11}|\d{3}\.\d{3}\.\d{3}-\d{2})$/)
  .refine((text) => readCpf(text) !== undefined)
  .overwrite((text) => readCpf(text) ?? text)
  .meta({ description: 'CPF, onze dígitos ou `529.982.247-25`. Dígitos verificadores conferidos.' });

const LIMITE_MESSAGE = `\`limite\` is a whole number from 1 to ${PAGE_SIZE_MAX}, given once.`;

const limite = z
  .string({ error: LIMITE_MESSAGE })
  .regex(/^(?:0|[1-9]\d*)$/, { error: LIMITE_MESSAGE })
  .transform(Number)
  .pipe(
    z
      .number({ error: LIMITE_MESSAGE })
      .int({ error: LIMITE_MESSAGE })
      .min(1, { error: LIMITE_MESSAGE })
      .max(PAGE_SIZE_MAX, { error: LIMITE_MESSAGE }),
  )
  .default(PAGE_SIZE_DEFAULT)
  .meta({ description: 'Itens por página.' });

const CURSOR_MESSAGE = '`cursor` must be a cursor from a `Link` header, given once.';

const cursor = z
  .string({ error: CURSOR_MESSAGE })
  .min(1, { error: CURSOR_MESSAGE })
  .optional()
  .meta({ description: 'Onde a página anterior terminou, como veio no cabeçalho `Link`.' });

/** The parameters of every list that has pages: `limite` (1 to 100, default 25) and `cursor`. */
export const pageParams = { limite, cursor };

const day = (name: string, description: string) => {
  const error = `\`${name}\` is a day \`AAAA-MM-DD\`, given once.`;
  return z
    .string({ error })
    .refine((text) => readData(text) !== undefined, { error })
    .optional()
    .meta({ description, format: 'date' });
};

/** The SDL's enum `NaturezaLancamento`. */
export const naturezas = ['CREDITO', 'DEBITO'] as const;

/** The SDL's enum `TipoMovimentacao`. */
export const tipos = [
  'PIX',
  'TED',
  'TRANSFERENCIA_MESMA_INSTITUICAO',
  'BOLETO',
  'CONVENIO_ARRECADACAO',
  'TARIFA_SERVICOS',
  'FOLHA_PAGAMENTO',
  'DEPOSITO',
  'SAQUE',
  'CARTAO',
  'ENCARGOS_JUROS_CHEQUE_ESPECIAL',
  'RENDIMENTO_APLIC_FINANCEIRA',
  'RESGATE_APLIC_FINANCEIRA',
  'OPERACAO_CREDITO',
  'PORTABILIDADE_SALARIO',
  'OUTROS',
] as const;

const TIPO_MESSAGE = '`tipo` is one or more of the values of TipoMovimentacao, repeated or separated by commas.';

/** The filter of postings: the members of the SDL's `FiltroMovimentacao`, with `tipo` for `tipos`. */
export const movimentacaoFilterParams = {
  de: day('de', 'Primeiro dia do período (São Paulo). O período tem no máximo 365 dias.'),
  ate: day('ate', 'Último dia do período, incluído. Sem período, os últimos 30 dias.'),
  natureza: z
    .enum(naturezas, { error: '`natureza` is CREDITO or DEBITO, given once.' })
    .optional()
    .meta({ description: 'Só créditos ou só débitos.' }),
  tipo: z
    .union([z.string(), z.array(z.string())], { error: TIPO_MESSAGE })
    .transform((value) => [value].flat().flatMap((list) => list.split(',')))
    .pipe(z.array(z.enum(tipos, { error: TIPO_MESSAGE })))
    .optional()
    .meta({ description: 'Tipos de lançamento: o parâmetro repetido, ou os valores separados por vírgula.' }),
  texto: z.string({ error: '`texto` is given once.' }).optional().meta({
    description:
      'Todas as palavras, sem distinção de acento ou caixa, na descrição e na contraparte; a última vale como prefixo. Um texto sem letra nem algarismo é recusado.',
  }),
};

/**
 * The parameter `campos`: the parts of the answer that the caller wants.
 *
 * @param names the members of the route's body, except `cpf`
 */
export function camposParam(names: readonly string[]) {
  const quoted = names.map((name) => `\`${name}\``).join(', ');
  const error = `\`campos\` is one or more of ${quoted}, each once, repeated or separated by commas; \`cpf\` always comes.`;
  return z
    .union([z.string(), z.array(z.string())], { error })
    .transform((value) => [value].flat().flatMap((list) => list.split(',')))
    .pipe(
      z
        .array(z.enum(names as [string, ...string[]], { error }))
        .min(1, { error })
        .refine((campos) => new Set(campos).size === campos.length, { error }),
    )
    .optional()
    .meta({
      uniqueItems: true,
      description:
        'As partes da resposta que se quer, sem repetição: o parâmetro repetido, ou os nomes separados por vírgula. Sem ele, todas. Só elas pedem escopo; `cpf` vem sempre.',
    });
}

/** The query of any route, once read. Each route accepts some of these parameters. */
export type RestQuery = Readonly<
  Partial<z.infer<z.ZodObject<typeof pageParams & typeof movimentacaoFilterParams>>> & {
    campos?: readonly string[] | undefined;
  }
>;
