-- Past its term, a record's content and its nonce go, and its leaf stays (docs/audit.md). That is the only way past the append-only
-- triggers, and each use of it is a record of the audit itself: operacao Eliminacao, with the class and the day in `campos`.
ALTER TABLE "transparency"."leaf" ALTER COLUMN "nonce" DROP NOT NULL;
ALTER TABLE "transparency"."leaf" ADD COLUMN "erased_by" UUID;
ALTER TABLE "transparency"."leaf"
  ADD CONSTRAINT "leaf_erased_by_check" CHECK (("nonce" IS NULL) = ("erased_by" IS NOT NULL)) NOT VALID;
ALTER TABLE "transparency"."leaf" VALIDATE CONSTRAINT "leaf_erased_by_check";
CREATE INDEX CONCURRENTLY "leaf_erased_by_place_idx" ON "transparency"."leaf" ("erased_by", "place") WHERE "erased_by" IS NOT NULL;
CREATE INDEX CONCURRENTLY "checkpoint_published_at_idx" ON "transparency"."checkpoint" ("published_at");

-- Authorisations are kept for fifteen years (Decreto 9.936 art. 10). A record of an erasure has no term.
CREATE FUNCTION "transparency"."retention_class"("kept" "public"."acesso") RETURNS text LANGUAGE sql IMMUTABLE
  AS $$ SELECT CASE
    WHEN kept.servico = 'auditoria' AND kept.operacao = 'Eliminacao' THEN NULL
    WHEN kept.consentimento IS NULL AND kept.ordem_judicial IS NULL THEN 'CONSULTA'
    ELSE 'AUTORIZACAO' END $$;

-- Whether a record is that of an erasure whose day is past the term of its class. Days are those of UTC.
CREATE FUNCTION "transparency"."is_erasure"("kept" "public"."acesso") RETURNS boolean LANGUAGE sql STABLE
  AS $$ SELECT CASE
    WHEN kept.servico = 'auditoria' AND kept.operacao = 'Eliminacao' AND kept.resultado = 'ATENDIDO'
      AND kept.campos[1] IN ('AUTORIZACAO', 'CONSULTA') AND kept.campos[2] ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
    THEN kept.campos[2]::date <= (least(kept.data_hora, now()) AT TIME ZONE 'UTC')::date
      - CASE kept.campos[1] WHEN 'AUTORIZACAO' THEN interval '15 years' ELSE interval '6 months' END
    ELSE false END $$;

-- Only the owner erases, whatever rights other roles were given.
-- The migration engine splits a script at every semicolon, even inside a body or a comment: \073 is one.
CREATE FUNCTION "transparency"."leaf_erases"() RETURNS trigger LANGUAGE plpgsql
  AS E'BEGIN
    IF TG_OP = \'DELETE\' THEN RAISE EXCEPTION \'leaf is append-only\'\073 END IF\073
    IF OLD.nonce IS NULL OR NEW.nonce IS NOT NULL
      OR NOT pg_has_role(current_user, (SELECT c.relowner FROM pg_catalog.pg_class c WHERE c.oid = TG_RELID), \'USAGE\')
      OR to_jsonb(NEW) - \'nonce\' - \'erased_by\' <> to_jsonb(OLD) - \'nonce\' - \'erased_by\'
      OR NOT EXISTS (
        SELECT FROM public.acesso erased, public.acesso erasure
        WHERE erased.id = OLD.acesso_id AND erasure.id = NEW.erased_by AND transparency.is_erasure(erasure)
          AND erasure.campos[1] = transparency.retention_class(erased)
          AND erased.data_hora < (erasure.campos[2] || \'T00:00:00Z\')::timestamptz)
    THEN RAISE EXCEPTION \'leaf is append-only\'\073 END IF\073
    RETURN NEW\073
  END';
CREATE FUNCTION "transparency"."acesso_erases"() RETURNS trigger LANGUAGE plpgsql
  AS E'BEGIN
    IF TG_OP = \'UPDATE\'
      OR NOT EXISTS (SELECT FROM transparency.leaf l WHERE l.acesso_id = OLD.id AND l.erased_by IS NOT NULL)
    THEN RAISE EXCEPTION \'acesso is append-only\'\073 END IF\073
    RETURN OLD\073
  END';

-- The new triggers come before the old ones go, because each statement commits by itself.
CREATE TRIGGER "leaf_erases" BEFORE UPDATE OR DELETE ON "transparency"."leaf"
  FOR EACH ROW EXECUTE FUNCTION "transparency"."leaf_erases"();
CREATE TRIGGER "leaf_stays" BEFORE TRUNCATE ON "transparency"."leaf"
  FOR EACH STATEMENT EXECUTE FUNCTION "transparency"."append_only"();
CREATE TRIGGER "acesso_erases" BEFORE UPDATE OR DELETE ON "public"."acesso"
  FOR EACH ROW EXECUTE FUNCTION "transparency"."acesso_erases"();
CREATE TRIGGER "acesso_stays" BEFORE TRUNCATE ON "public"."acesso"
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."acesso_append_only"();
ALTER TABLE "transparency"."leaf" ENABLE ALWAYS TRIGGER "leaf_erases";
ALTER TABLE "transparency"."leaf" ENABLE ALWAYS TRIGGER "leaf_stays";
ALTER TABLE "public"."acesso" ENABLE ALWAYS TRIGGER "acesso_erases";
ALTER TABLE "public"."acesso" ENABLE ALWAYS TRIGGER "acesso_stays";
DROP TRIGGER "leaf_append_only" ON "transparency"."leaf";
DROP TRIGGER "acesso_append_only" ON "public"."acesso";
ALTER TRIGGER "leaf_erases" ON "transparency"."leaf" RENAME TO "leaf_append_only";
ALTER TRIGGER "acesso_erases" ON "public"."acesso" RENAME TO "acesso_append_only";
