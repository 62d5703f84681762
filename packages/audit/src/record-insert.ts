import type { Acesso } from './audit-log.ts';

// Without a conflict target: a target needs the right to select, which the writer does not have.
/** Stores records. Its values are those of `insertValues`. */
export const INSERT_RECORDS = `
  INSERT INTO public.acesso (id, cpf_hash, client_id, sujeito, campos, finalidade, consentimento, ordem_judicial, pelo_titular,
                      resultado, data_hora, interacao, operacao, servico, cpf_cifrado, sigilo_referencia, sigilo_ate)
  SELECT a.id, a.cpf_hash, a.client_id, a.sujeito, string_to_array(a.campos, ' '), a.finalidade, nullif(a.consentimento, ''),
         nullif(a.ordem_judicial, ''), a.pelo_titular, a.resultado, a.data_hora, a.interacao, a.operacao, a.servico,
         decode(nullif(a.cpf_cifrado, ''), 'hex'), nullif(a.sigilo_referencia, ''), nullif(a.sigilo_ate, '')::timestamptz
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::boolean[],
              $10::text[], $11::timestamptz[], $12::uuid[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[])
       AS a (id, cpf_hash, client_id, sujeito, campos, finalidade, consentimento, ordem_judicial, pelo_titular, resultado,
             data_hora, interacao, operacao, servico, cpf_cifrado, sigilo_referencia, sigilo_ate)
  ON CONFLICT DO NOTHING`;

/** The values of a row, in the order of the statement. With `array_nulls` off, PostgreSQL would read a null in a list as the text NULL. */
const valuesOf: readonly ((acesso: Acesso) => unknown)[] = [
  ({ id }) => id,
  ({ cpfHash }) => cpfHash,
  ({ clientId }) => clientId,
  ({ sujeito }) => sujeito,
  ({ campos }) => campos.join(' '),
  ({ finalidade }) => finalidade,
  ({ consentimento = '' }) => consentimento,
  ({ ordemJudicial = '' }) => ordemJudicial,
  ({ peloTitular }) => peloTitular,
  ({ resultado }) => resultado,
  ({ dataHora }) => dataHora.toISOString(),
  ({ interacao }) => interacao,
  ({ operacao }) => operacao,
  ({ servico }) => servico,
  ({ cpfCifrado = '' }) => cpfCifrado,
  ({ sigilo }) => sigilo?.referencia ?? '',
  ({ sigilo }) => sigilo?.ate.toISOString() ?? '',
];

export const insertValues = (acessos: readonly Acesso[]): unknown[][] =>
  valuesOf.map((valueOf) => acessos.map(valueOf));
