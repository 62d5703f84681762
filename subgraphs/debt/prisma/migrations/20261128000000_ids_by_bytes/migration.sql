-- Debts of one day go by the bytes of their ids, whatever the database's collation: so does the index on them.
ALTER TABLE "divida" ALTER COLUMN "id" TYPE TEXT COLLATE "C";
