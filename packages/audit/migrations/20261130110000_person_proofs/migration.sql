-- Repeatable: each statement may run again.
-- The proof of the VRF that a person's index is that of their CPF, encrypted with a key that the auditor has (docs/decisions/0048). It may be
-- missing, and is computed then.
CREATE TABLE IF NOT EXISTS "transparency"."person_proof" (
    "person_index" BYTEA NOT NULL CHECK (octet_length("person_index") = 32),
    "proof" BYTEA NOT NULL CHECK (octet_length("proof") = 96),

    CONSTRAINT "person_proof_pkey" PRIMARY KEY ("person_index")
);

-- Who may read and store the indices of people may do the same with their proofs.
-- The migration engine splits a script at every semicolon, even inside a body or a comment: \073 is one.
DO LANGUAGE plpgsql E'DECLARE item record\073
  BEGIN
    FOR item IN SELECT a.privilege_type, coalesce(quote_ident(r.rolname), \'PUBLIC\') AS role
      FROM pg_class c CROSS JOIN aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
      WHERE c.oid = \'transparency.person\'::regclass AND a.grantee <> c.relowner AND a.privilege_type IN (\'SELECT\', \'INSERT\') LOOP
      EXECUTE format(\'GRANT %s ON transparency.person_proof TO %s\', item.privilege_type, item.role)\073
    END LOOP\073
  END';
