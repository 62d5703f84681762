-- A record that only grows is no place for a text as long as a caller likes. What claims and headers bring is checked at
-- the door, and here once more. NOT VALID: rows that are there already are as they are.
ALTER TABLE "acesso"
  ADD CONSTRAINT "acesso_cpf_hash_check" CHECK ("cpf_hash" ~ '^[0-9a-f]{32}$') NOT VALID,
  ADD CONSTRAINT "acesso_client_id_check" CHECK (char_length("client_id") BETWEEN 1 AND 255 AND "client_id" !~ '[\x01-\x1f\x7f]') NOT VALID,
  ADD CONSTRAINT "acesso_sujeito_check" CHECK (char_length("sujeito") BETWEEN 1 AND 255 AND "sujeito" !~ '[\x01-\x1f\x7f]') NOT VALID,
  ADD CONSTRAINT "acesso_consentimento_check" CHECK (char_length("consentimento") BETWEEN 1 AND 255 AND "consentimento" !~ '[\x01-\x1f\x7f]') NOT VALID,
  ADD CONSTRAINT "acesso_ordem_judicial_check" CHECK (char_length("ordem_judicial") BETWEEN 1 AND 255 AND "ordem_judicial" !~ '[\x01-\x1f\x7f]') NOT VALID,
  ADD CONSTRAINT "acesso_campos_check" CHECK (cardinality("campos") <= 200 AND char_length(array_to_string("campos", ' ')) <= 8000 AND array_to_string("campos", ' ') ~ '^[A-Za-z0-9_. -]*$') NOT VALID,
  ADD CONSTRAINT "acesso_finalidade_check" CHECK ("finalidade" ~ '^[A-Z_]{1,32}$') NOT VALID,
  ADD CONSTRAINT "acesso_operacao_check" CHECK ("operacao" ~ '^(?:[A-Za-z]{1,64}|\(anônima\)(?: [0-9a-f]{16})?)$') NOT VALID,
  ADD CONSTRAINT "acesso_servico_check" CHECK ("servico" ~ '^[a-z]{1,16}$') NOT VALID;
