-- Reads under seal (docs/audit.md). A read is sealed when it is made, until an instant at the latest. A decision ends the seal earlier or
-- prolongs it. Until then neither the holder nor a third party sees what the read was.

-- The reference of a lawsuit or of an investigation, and the end. A year is 366 days at the most, and the last day counts whole.
ALTER TABLE "public"."acesso"
  ADD COLUMN "sigilo_referencia" TEXT,
  ADD COLUMN "sigilo_ate" TIMESTAMPTZ(3),
  ADD CONSTRAINT "acesso_sigilo_check" CHECK (
    CASE WHEN "sigilo_referencia" IS NULL THEN "sigilo_ate" IS NULL
    ELSE coalesce("sigilo_referencia" ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' AND "sigilo_ate" <= "data_hora" + interval '8808 hours'
      AND "finalidade" IN ('ORDEM_JUDICIAL', 'PREVENCAO_FRAUDE') AND NOT "pelo_titular", false) END) NOT VALID;

-- What was decided about the reads of a client under a reference that were made before: when their seal ends.
CREATE TABLE "transparency"."seal_decision" (
    "position" BIGINT GENERATED ALWAYS AS IDENTITY,
    "acesso_id" UUID NOT NULL,
    "client_id" TEXT NOT NULL CHECK (char_length("client_id") BETWEEN 1 AND 255),
    "reference" TEXT NOT NULL CHECK ("reference" ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
    "decided_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "seal_decision_pkey" PRIMARY KEY ("position"),
    CONSTRAINT "seal_decision_acesso_id_key" UNIQUE ("acesso_id"),
    CONSTRAINT "seal_decision_ends_at_check" CHECK ("ends_at" BETWEEN "decided_at" AND "decided_at" + interval '8808 hours')
);
CREATE INDEX "seal_decision_client_id_reference_idx" ON "transparency"."seal_decision" ("client_id", "reference", "decided_at");

-- Each decision is a record of the audit too, committed with it: operacao Sigilo, with reference, end and client in `campos`. Only the owner
-- decides, whatever rights other roles were given.
-- The migration engine splits a script at every semicolon, even inside a body or a comment: \073 is one.
CREATE FUNCTION "transparency"."seal_is_decided"() RETURNS trigger LANGUAGE plpgsql
  AS E'BEGIN
    IF NOT pg_has_role(current_user, (SELECT c.relowner FROM pg_catalog.pg_class c WHERE c.oid = TG_RELID), \'USAGE\')
      OR NOT EXISTS (
        SELECT FROM public.acesso a
        WHERE a.id = NEW.acesso_id AND a.servico = \'auditoria\' AND a.operacao = \'Sigilo\' AND a.resultado = \'ATENDIDO\'
          AND a.data_hora = NEW.decided_at
          AND a.campos = ARRAY[NEW.reference, to_char(NEW.ends_at AT TIME ZONE \'UTC\', \'YYYYMMDD"T"HH24MISS.MS"Z"\'),
            encode(convert_to(NEW.client_id, \'UTF8\'), \'hex\')])
    THEN RAISE EXCEPTION \'a decision on a seal has a record of the audit\'\073 END IF\073
    RETURN NEW\073
  END';
CREATE TRIGGER "seal_is_decided" BEFORE INSERT ON "transparency"."seal_decision"
  FOR EACH ROW EXECUTE FUNCTION "transparency"."seal_is_decided"();
CREATE TRIGGER "seal_decision_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "transparency"."seal_decision"
  FOR EACH STATEMENT EXECUTE FUNCTION "transparency"."append_only"();
ALTER TABLE "transparency"."seal_decision" ENABLE ALWAYS TRIGGER "seal_is_decided";
ALTER TABLE "transparency"."seal_decision" ENABLE ALWAYS TRIGGER "seal_decision_append_only";

-- The end of the seal of a record, as it was decided. A decision is about the records from before it, and what has ended stays so: what was
-- shown is not hidden again. It runs with the rights of the owner, because readers of `acesso` have none in `transparency`. Its COST is that of
-- the usual row, which has no seal: with the default of 100 the planner would sort all reads of a person for one page.
CREATE FUNCTION "public"."fim_do_sigilo"("cliente" text, "referencia" text, "ate" timestamptz, "data_hora" timestamptz)
  RETURNS timestamptz LANGUAGE plpgsql STABLE COST 1 SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS E'DECLARE
    fim timestamptz := ate\073
    decisao record\073
  BEGIN
    FOR decisao IN
      SELECT d.decided_at, d.ends_at FROM transparency.seal_decision d
      WHERE d.client_id = cliente AND d.reference = referencia AND d.decided_at >= fim_do_sigilo.data_hora
      ORDER BY d.decided_at, d.position
    LOOP
      EXIT WHEN decisao.decided_at >= fim\073
      fim := decisao.ends_at\073
    END LOOP\073
    RETURN fim\073
  END';

-- As the record of an erasure, that of a decision on a seal has no term: the decision has its place in the log as long as it counts.
CREATE OR REPLACE FUNCTION "transparency"."retention_class"("kept" "public"."acesso") RETURNS text LANGUAGE sql IMMUTABLE
  AS $$ SELECT CASE
    WHEN kept.servico = 'auditoria' AND kept.operacao IN ('Eliminacao', 'Sigilo') THEN NULL
    WHEN kept.consentimento IS NULL AND kept.ordem_judicial IS NULL THEN 'CONSULTA'
    ELSE 'AUTORIZACAO' END $$;
