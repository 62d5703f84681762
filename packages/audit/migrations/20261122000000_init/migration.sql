-- Who read what of whom, and why. The person is a keyed hash. Nothing here is ever changed or removed by the API.
CREATE TABLE "acesso" (
    "id" UUID NOT NULL,
    "cpf_hash" CHAR(32) NOT NULL,
    "client_id" TEXT NOT NULL,
    "sujeito" TEXT NOT NULL,
    "campos" TEXT[] NOT NULL,
    "finalidade" TEXT NOT NULL,
    "consentimento" TEXT,
    "ordem_judicial" TEXT,
    "pelo_titular" BOOLEAN NOT NULL,
    "resultado" TEXT NOT NULL CHECK ("resultado" IN ('ATENDIDO', 'PARCIAL', 'NEGADO', 'FALHA')),
    "data_hora" TIMESTAMPTZ(3) NOT NULL,
    "interacao" UUID NOT NULL,
    "operacao" TEXT NOT NULL,
    "servico" TEXT NOT NULL,

    CONSTRAINT "acesso_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "acesso_cpf_hash_data_hora_id_idx" ON "acesso" ("cpf_hash", "data_hora" DESC, "id" DESC);
CREATE INDEX "acesso_interacao_idx" ON "acesso" ("interacao");

-- Append-only for everyone, its owner included.
-- The migration engine splits a script at every semicolon, even inside a body or a comment: \073 is one.
CREATE FUNCTION "acesso_append_only"() RETURNS trigger LANGUAGE plpgsql
  AS E'BEGIN RAISE EXCEPTION \'acesso is append-only\'\073 END';

CREATE TRIGGER "acesso_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "acesso"
  FOR EACH STATEMENT EXECUTE FUNCTION "acesso_append_only"();
