-- Postings of one instant go by the bytes of their ids: this database's index has them in that order.
ALTER TABLE "movimentacao" ALTER COLUMN "id" TYPE TEXT COLLATE "C";
