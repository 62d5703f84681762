/**
 * The columns of a record, of `public.acesso a`. Instants and lists are read as text that does not depend on the settings of the
 * session.
 */
export const RECORD_COLUMNS = `a.id, a.cpf_hash, a.client_id, a.sujeito, array_to_json(a.campos)::text AS campos,
  a.finalidade, a.consentimento, a.ordem_judicial, a.pelo_titular, a.resultado,
  extract(epoch FROM a.data_hora)::text AS segundos, a.interacao, a.operacao, a.servico, a.cpf_cifrado,
  a.sigilo_referencia, extract(epoch FROM a.sigilo_ate)::text AS sigilo_ate`;

/** A row of `RECORD_COLUMNS`. `camposOf` and `readEpoch` read some of its texts. */
export interface RecordRow {
  readonly id: string;
  readonly cpf_hash: string;
  readonly client_id: string;
  readonly sujeito: string;
  readonly campos: string;
  readonly finalidade: string;
  readonly consentimento: string | null;
  readonly ordem_judicial: string | null;
  readonly pelo_titular: boolean;
  readonly resultado: string;
  readonly segundos: string;
  readonly interacao: string;
  readonly operacao: string;
  readonly servico: string;
  /** Not part of the record: the log must not change when it is erased. */
  readonly cpf_cifrado: Buffer | null;
  /** Null, as is the end, in a record without a seal. */
  readonly sigilo_referencia: string | null;
  /** Read by `readEpoch`. */
  readonly sigilo_ate: string | null;
}

export const camposOf = ({ campos }: Pick<RecordRow, 'campos'>): string[] => JSON.parse(campos) as string[];
