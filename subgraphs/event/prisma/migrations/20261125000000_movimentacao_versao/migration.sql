-- Which change of which posting came last: what an index of them is kept up to date by (docs/bases.md).
-- One number at a time, whoever draws it: a session that took several ahead would use low ones late.
CREATE SEQUENCE "movimentacao_versao_seq" CACHE 1;

-- Postings that are there get their numbers now, those to come from the trigger alone.
ALTER TABLE "movimentacao" ADD COLUMN "versao" BIGINT NOT NULL DEFAULT nextval('movimentacao_versao_seq');
ALTER TABLE "movimentacao" ALTER COLUMN "versao" DROP DEFAULT;
ALTER SEQUENCE "movimentacao_versao_seq" OWNED BY "movimentacao"."versao";

CREATE INDEX "movimentacao_versao_idx" ON "movimentacao" ("versao");

-- The transaction gets its own number before it draws one, so that whoever reads can see that it is still under way.
-- The migration engine splits a script at every semicolon, even inside a body or a comment: \073 is one.
CREATE FUNCTION "movimentacao_versao"() RETURNS trigger LANGUAGE plpgsql
  AS E'BEGIN PERFORM pg_current_xact_id()\073 NEW.versao := nextval(\'movimentacao_versao_seq\')\073 RETURN NEW\073 END';

CREATE TRIGGER "movimentacao_versao" BEFORE INSERT OR UPDATE ON "movimentacao"
  FOR EACH ROW EXECUTE FUNCTION "movimentacao_versao"();
