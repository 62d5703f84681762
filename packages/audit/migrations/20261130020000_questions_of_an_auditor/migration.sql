-- For `npm run audit`: the reads by a client, and the reads of a period. CONCURRENTLY, because reads wait for the commit of
-- their record while an index is made otherwise.
CREATE INDEX CONCURRENTLY "acesso_client_id_data_hora_id_idx" ON "acesso" ("client_id", "data_hora", "id");
CREATE INDEX CONCURRENTLY "acesso_data_hora_id_idx" ON "acesso" ("data_hora", "id");
