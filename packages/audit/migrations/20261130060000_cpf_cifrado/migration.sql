-- The CPF of the person, encrypted (packages/domain/src/cpf-cipher.ts), for the auditor: the index of a person in the map comes from
-- the CPF. Null in rows from before, and in an auditor's question about a person whose rows are all from before.
ALTER TABLE "acesso"
  ADD COLUMN "cpf_cifrado" BYTEA,
  ADD CONSTRAINT "acesso_cpf_cifrado_check" CHECK (octet_length("cpf_cifrado") = 16) NOT VALID;
