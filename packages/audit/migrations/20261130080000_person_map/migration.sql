-- The chain of each person's records, and the map from people to their chains (docs/audit.md). A checkpoint commits to the map.

-- The place of a record in the chain of its person, and the link of the chain after it. Null in all three: it is in no chain.
ALTER TABLE "transparency"."leaf"
  ADD COLUMN "person_index" BYTEA,
  ADD COLUMN "number" BIGINT,
  ADD COLUMN "link" BYTEA,
  ADD CONSTRAINT "leaf_chain_check" CHECK (
    CASE WHEN "person_index" IS NULL THEN "number" IS NULL AND "link" IS NULL
    ELSE coalesce(octet_length("person_index") = 32 AND "number" > 0 AND octet_length("link") = 32, false) END) NOT VALID;
-- CONCURRENTLY, because records wait for their places while an index is made otherwise.
CREATE UNIQUE INDEX CONCURRENTLY "leaf_person_index_number_key" ON "transparency"."leaf" ("person_index", "number")
  WHERE "number" IS NOT NULL;

-- The index of each person in the map, which a verifiable random function makes from the CPF.
CREATE TABLE "transparency"."person" (
    "cpf_hash" CHAR(32) NOT NULL,
    "person_index" BYTEA NOT NULL CHECK (octet_length("person_index") = 32),

    CONSTRAINT "person_pkey" PRIMARY KEY ("cpf_hash"),
    CONSTRAINT "person_person_index_key" UNIQUE ("person_index")
);

-- The nodes of the map, each under the first digits of the indices below it. A version is the size of the tree with which it came.
CREATE TABLE "transparency"."map_node" (
    "path" TEXT NOT NULL CHECK ("path" ~ '^[0-9a-f]{0,63}$'),
    "version" BIGINT NOT NULL CHECK ("version" > 0),
    "children" BYTEA NOT NULL,

    CONSTRAINT "map_node_pkey" PRIMARY KEY ("path", "version")
);

-- Nodes that a newer version has replaced, and the size of the tree with which that came.
CREATE TABLE "transparency"."stale_map_node" (
    "since" BIGINT NOT NULL,
    "path" TEXT NOT NULL,
    "version" BIGINT NOT NULL,

    CONSTRAINT "stale_map_node_pkey" PRIMARY KEY ("since", "path")
);

-- The root of an empty map is 32 zero bytes.
ALTER TABLE "transparency"."tree"
  ADD COLUMN "map_root" BYTEA NOT NULL DEFAULT decode(repeat('00', 32), 'hex') CHECK (octet_length("map_root") = 32);

CREATE TRIGGER "person_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "transparency"."person"
  FOR EACH STATEMENT EXECUTE FUNCTION "transparency"."append_only"();
CREATE TRIGGER "map_node_append_only" BEFORE UPDATE OR TRUNCATE ON "transparency"."map_node"
  FOR EACH STATEMENT EXECUTE FUNCTION "transparency"."append_only"();
CREATE TRIGGER "stale_map_node_append_only" BEFORE UPDATE OR TRUNCATE ON "transparency"."stale_map_node"
  FOR EACH STATEMENT EXECUTE FUNCTION "transparency"."append_only"();

-- The migration engine splits a script at every semicolon, even inside a body or a comment: \073 is one.
CREATE FUNCTION "transparency"."map_node_is_stale"() RETURNS trigger LANGUAGE plpgsql
  AS E'BEGIN
    IF NOT EXISTS (SELECT FROM transparency.map_node n WHERE n.path = OLD.path AND n.version > OLD.version)
    THEN RAISE EXCEPTION \'the newest node of the map stays: map_node is append-only\'\073 END IF\073
    RETURN OLD\073
  END';
CREATE TRIGGER "map_node_is_stale" BEFORE DELETE ON "transparency"."map_node"
  FOR EACH ROW EXECUTE FUNCTION "transparency"."map_node_is_stale"();

ALTER TABLE "transparency"."person" ENABLE ALWAYS TRIGGER "person_append_only";
ALTER TABLE "transparency"."map_node" ENABLE ALWAYS TRIGGER "map_node_append_only";
ALTER TABLE "transparency"."map_node" ENABLE ALWAYS TRIGGER "map_node_is_stale";
ALTER TABLE "transparency"."stale_map_node" ENABLE ALWAYS TRIGGER "stale_map_node_append_only";
