-- For the proofs of an interaction, a page of its records at a time. CONCURRENTLY, because reads wait for the commit of their
-- record while an index is made otherwise.
CREATE INDEX CONCURRENTLY "acesso_interacao_id_idx" ON "acesso" ("interacao", "id");
DROP INDEX CONCURRENTLY "acesso_interacao_idx";
