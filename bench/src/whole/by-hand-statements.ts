import { baseB } from '@pessoa/bases/base-b';
import { selectList } from '@pessoa/subgraph/base/select-list';

/** A prepared statement. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

const statement = (name: string, text: string): Statement => ({ name, text });

/** $1 CPF, $2 shown situations, $3 oldest and $4 newest day, $5 most debts. */
export const dividas: Statement = statement(
  'dividas',
  `SELECT p.nome, d.id, d.credor, d.valor FROM pessoa p LEFT JOIN LATERAL (
     SELECT d.id, d.vencimento, c.nome AS credor, d.valor_original::text AS valor
     FROM divida d JOIN credor c ON c.id = d.credor_id
     WHERE d.cpf = p.cpf AND d.situacao = ANY ($2) AND d.vencimento BETWEEN $3::date AND $4::date
       AND d.data_comunicacao <= d.data_inclusao AND d.data_inclusao <= $4::date
     ORDER BY d.vencimento DESC, d.id COLLATE "C" DESC LIMIT $5) d ON true
   WHERE p.cpf = $1::bpchar ORDER BY d.vencimento DESC, d.id COLLATE "C" DESC`,
);

type PerfilTable = 'titular' | 'endereco' | 'bem' | 'fonte_de_renda';
const ofPerson = (table: PerfilTable): Statement =>
  statement(table, `SELECT ${selectList(baseB, table)} FROM ${table} WHERE cpf = $1::bpchar`);
export const titulares: Statement = ofPerson('titular');
export const enderecos: Statement = ofPerson('endereco');
export const bens: Statement = ofPerson('bem');
export const fontesDeRenda: Statement = ofPerson('fonte_de_renda');

export const titularesDeEventos: Statement = statement('titulares', 'SELECT FROM titular WHERE cpf = $1::bpchar');
/** $1 CPF, $2 the instant of tomorrow. */
export const consultas: Statement = statement(
  'consultas',
  `SELECT extract(epoch FROM data_hora)::text AS segundos FROM consulta
   WHERE cpf = $1::bpchar AND (data_hora >= $2::timestamptz) IS NOT TRUE AND pelo_titular IS NOT TRUE
   ORDER BY data_hora DESC, id COLLATE "C" DESC LIMIT 1`,
);
/** $1 hash of the CPF, $2 the instant of tomorrow. */
export const acessos: Statement = statement(
  'acessos',
  `SELECT extract(epoch FROM data_hora)::text AS segundos FROM acesso
   WHERE cpf_hash = $1::bpchar AND resultado IN ('ATENDIDO', 'PARCIAL') AND data_hora < $2::timestamptz AND NOT pelo_titular
   ORDER BY data_hora DESC, id DESC LIMIT 1`,
);
/** $1 CPF, $2 first and $3 last instant, exclusive; $4 most postings. */
export const movimentacoes: Statement = statement(
  'movimentacoes',
  `SELECT valor::text AS valor FROM movimentacao
   WHERE cpf = $1::bpchar AND data_hora >= $2::timestamptz AND data_hora < $3::timestamptz
   ORDER BY data_hora DESC, id COLLATE "C" DESC LIMIT $4`,
);
/** $1 CPF, $2 the instant of tomorrow. */
export const compras: Statement = statement(
  'compras',
  `SELECT valor::text AS valor FROM compra_cartao WHERE cpf = $1::bpchar AND (data_hora >= $2::timestamptz) IS NOT TRUE
   ORDER BY data_hora DESC, id COLLATE "C" DESC LIMIT 1`,
);

// Those of a list of people. $1 is the list of CPFs, or of their hashes; the others are as above.

export const dividasDePessoas: Statement = statement(
  'dividas_pessoas',
  `SELECT p.cpf, p.nome, d.id, d.credor, d.valor FROM pessoa p LEFT JOIN LATERAL (
     SELECT d.id, d.vencimento, c.nome AS credor, d.valor_original::text AS valor
     FROM divida d JOIN credor c ON c.id = d.credor_id
     WHERE d.cpf = p.cpf AND d.situacao = ANY ($2) AND d.vencimento BETWEEN $3::date AND $4::date
       AND d.data_comunicacao <= d.data_inclusao AND d.data_inclusao <= $4::date
     ORDER BY d.vencimento DESC, d.id COLLATE "C" DESC LIMIT $5) d ON true
   WHERE p.cpf = ANY ($1::bpchar[]) ORDER BY d.vencimento DESC, d.id COLLATE "C" DESC`,
);
/** The statement of a table of Base B. */
export const perfisDePessoas = (table: PerfilTable): Statement =>
  statement(`${table}_pessoas`, `SELECT ${selectList(baseB, table)} FROM ${table} WHERE cpf = ANY ($1::bpchar[])`);
export const titularesDeEventosDePessoas: Statement = statement(
  'titulares_pessoas',
  'SELECT cpf FROM titular WHERE cpf = ANY ($1::bpchar[])',
);
export const consultasDePessoas: Statement = statement(
  'consultas_pessoas',
  `SELECT requested.cpf AS pessoa, c.segundos FROM unnest($1::bpchar[]) AS requested (cpf) CROSS JOIN LATERAL (
     SELECT extract(epoch FROM data_hora)::text AS segundos FROM consulta
     WHERE cpf = requested.cpf AND (data_hora >= $2::timestamptz) IS NOT TRUE AND pelo_titular IS NOT TRUE
     ORDER BY data_hora DESC, id COLLATE "C" DESC LIMIT 1) c`,
);
export const acessosDePessoas: Statement = statement(
  'acessos_pessoas',
  `SELECT requested.hash AS pessoa, a.segundos FROM unnest($1::bpchar[]) AS requested (hash) CROSS JOIN LATERAL (
     SELECT extract(epoch FROM data_hora)::text AS segundos FROM acesso
     WHERE cpf_hash = requested.hash AND resultado IN ('ATENDIDO', 'PARCIAL') AND data_hora < $2::timestamptz AND NOT pelo_titular
     ORDER BY data_hora DESC, id DESC LIMIT 1) a`,
);
