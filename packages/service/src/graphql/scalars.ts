import { readCnpj } from '@pessoa/domain/cnpj';
import { readCpf } from '@pessoa/domain/cpf';
import { readData } from '@pessoa/domain/data';
import { formatDinheiro, isDinheiroText, readDinheiro } from '@pessoa/domain/dinheiro';
import type { PublicErrorCode } from '@pessoa/domain/errors';
import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { publicGraphQLError } from './public-graphql-error.ts';

interface ScalarRules<Internal> {
  readonly name: string;
  /** @returns undefined for an input that is not a value of the scalar */
  readonly read: (input: unknown) => Internal | undefined;
  /** @returns undefined for a value that cannot be written */
  readonly write: (value: unknown) => string | undefined;
  readonly refusal: PublicErrorCode;
}

/** A scalar whose values are sent as text. Its errors never quote the value, which may be personal data. */
function textScalar<Internal>({
  name,
  read,
  write,
  refusal,
}: ScalarRules<Internal>): GraphQLScalarType<Internal, string> {
  const accept = (input: unknown, node?: ValueNode): Internal => {
    const value = read(input);
    if (value !== undefined) return value;
    const detail = refusal === 'BAD_USER_INPUT' ? { detail: `This is not a valid \`${name}\`.` } : {};
    throw publicGraphQLError(refusal, { nodes: node ?? null, ...detail });
  };
  return new GraphQLScalarType<Internal, string>({
    name,
    parseValue: (input) => accept(input),
    parseLiteral: (node) => accept(node.kind === Kind.STRING ? node.value : undefined, node),
    serialize: (value) => {
      const text = write(value);
      if (text === undefined) throw new TypeError(`a value of ${name} cannot be written`);
      return text;
    },
  });
}

const RFC_3339_UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;

function readInstant(input: unknown): Date | undefined {
  if (typeof input !== 'string' || !RFC_3339_UTC.test(input) || readData(input.slice(0, 10)) === undefined)
    return undefined;
  const instant = new Date(input);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

const isDate = (value: unknown): value is Date => Object.prototype.toString.call(value) === '[object Date]';

function writeDinheiro(value: unknown): string | undefined {
  const text = typeof value === 'bigint' ? formatDinheiro(value) : value;
  return isDinheiroText(text) ? text : undefined;
}

function writeInstant(value: unknown): string | undefined {
  const instant = isDate(value) ? value : readInstant(value);
  if (!instant || Number.isNaN(instant.getTime())) return undefined;
  // JavaScript can write years that RFC 3339 does not have: `+010000-01-01T02:59:59.000Z`.
  const text = instant.toISOString();
  return readData(text.slice(0, 10)) === undefined ? undefined : text;
}

/**
 * The scalars of the SDL. A resolver gets CPF, CNPJ and Data as text in canonical form, Dinheiro as centavos (bigint) and
 * DataHora as a Date. It may return the same types, and also the text of a Dinheiro or a DataHora, which the router gets
 * from subgraphs. Serializing any other value throws a TypeError.
 *
 * @throws GraphQLError for an invalid input, without its value: CPF_INVALIDO for CPF, BAD_USER_INPUT for the others
 */
export const scalarResolvers = {
  CPF: textScalar({ name: 'CPF', read: readCpf, write: readCpf, refusal: 'CPF_INVALIDO' }),
  CNPJ: textScalar({ name: 'CNPJ', read: readCnpj, write: readCnpj, refusal: 'BAD_USER_INPUT' }),
  Dinheiro: textScalar({ name: 'Dinheiro', read: readDinheiro, write: writeDinheiro, refusal: 'BAD_USER_INPUT' }),
  Data: textScalar({
    name: 'Data',
    read: readData,
    write: readData,
    refusal: 'BAD_USER_INPUT',
  }),
  DataHora: textScalar({ name: 'DataHora', read: readInstant, write: writeInstant, refusal: 'BAD_USER_INPUT' }),
} as const;
