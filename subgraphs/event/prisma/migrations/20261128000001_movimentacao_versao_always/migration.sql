-- Whoever writes, with whatever search path, and also what a subscription brings draws its number.
-- The migration engine splits a script at every semicolon, even inside a body or a comment: \073 is one.
CREATE OR REPLACE FUNCTION "movimentacao_versao"() RETURNS trigger LANGUAGE plpgsql
  AS E'BEGIN PERFORM pg_current_xact_id()\073 NEW.versao := nextval(\'public.movimentacao_versao_seq\')\073 RETURN NEW\073 END';

ALTER TABLE "movimentacao" ENABLE ALWAYS TRIGGER "movimentacao_versao";
