-- CreateTable
CREATE TABLE "titular" (
    "cpf" CHAR(11) NOT NULL,
    "nascimento" DATE,

    CONSTRAINT "titular_pkey" PRIMARY KEY ("cpf")
);

-- CreateTable
CREATE TABLE "endereco" (
    "cpf" CHAR(11) NOT NULL,
    "logradouro" TEXT,
    "numero" TEXT,
    "complemento" TEXT,
    "bairro" TEXT,
    "cidade" TEXT,
    "uf" CHAR(2),
    "cep" CHAR(8),
    "codigo_ibge" CHAR(7),
    "atualizado_em" TIMESTAMPTZ(3),

    CONSTRAINT "endereco_pkey" PRIMARY KEY ("cpf")
);

-- CreateTable
CREATE TABLE "bem" (
    "id" TEXT NOT NULL,
    "cpf" CHAR(11) NOT NULL,
    "tipo" TEXT NOT NULL,
    "descricao" TEXT NOT NULL,
    "valor_estimado" DECIMAL(17,2),
    "data_avaliacao" DATE,
    "onerado" BOOLEAN NOT NULL,
    "saldo_devedor" DECIMAL(17,2),
    "percentual_propriedade" INTEGER,
    "uf" CHAR(2),

    CONSTRAINT "bem_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fonte_de_renda" (
    "id" TEXT NOT NULL,
    "cpf" CHAR(11) NOT NULL,
    "tipo" TEXT NOT NULL,
    "pagador" TEXT,
    "cnpj_pagador" CHAR(14),
    "ocupacao" TEXT,
    "valor" DECIMAL(17,2) NOT NULL,
    "periodicidade" TEXT NOT NULL,
    "desde" DATE,
    "comprovada" BOOLEAN NOT NULL,

    CONSTRAINT "fonte_de_renda_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "bem_cpf_id_idx" ON "bem"("cpf", "id");

-- CreateIndex
CREATE INDEX "fonte_de_renda_cpf_id_idx" ON "fonte_de_renda"("cpf", "id");

-- AddForeignKey
ALTER TABLE "endereco" ADD CONSTRAINT "endereco_cpf_fkey" FOREIGN KEY ("cpf") REFERENCES "titular"("cpf") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bem" ADD CONSTRAINT "bem_cpf_fkey" FOREIGN KEY ("cpf") REFERENCES "titular"("cpf") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fonte_de_renda" ADD CONSTRAINT "fonte_de_renda_cpf_fkey" FOREIGN KEY ("cpf") REFERENCES "titular"("cpf") ON DELETE CASCADE ON UPDATE CASCADE;
