-- A leaf is of the tree, and has its nonce: a false one would stand for a record that the tree does not have. Whoever adds leaves changes
-- the tree first, in the same transaction.
-- The migration engine splits a script at every semicolon, even inside a body or a comment: \073 is one.
CREATE FUNCTION "transparency"."leaf_is_of_tree"() RETURNS trigger LANGUAGE plpgsql
  AS E'BEGIN
    IF EXISTS (SELECT FROM added a, transparency.tree t WHERE a.place >= t.size OR a.nonce IS NULL)
    THEN RAISE EXCEPTION \'a leaf is of the tree and has its nonce\'\073 END IF\073
    RETURN NULL\073
  END';
CREATE TRIGGER "leaf_is_of_tree" AFTER INSERT ON "transparency"."leaf"
  REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "transparency"."leaf_is_of_tree"();
ALTER TABLE "transparency"."leaf" ENABLE ALWAYS TRIGGER "leaf_is_of_tree";

-- What cannot be written as a record would wait for its place for ever, and all others behind it.
ALTER TABLE "public"."acesso"
  ADD CONSTRAINT "acesso_data_hora_check" CHECK ("data_hora" BETWEEN '2000-01-01 00:00:00+00' AND '9999-12-31 00:00:00+00') NOT VALID,
  ADD CONSTRAINT "acesso_campos_list_check" CHECK (coalesce(array_ndims("campos"), 1) = 1 AND array_position("campos", NULL) IS NULL) NOT VALID;
