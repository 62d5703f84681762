-- CreateTable
CREATE TABLE "titular" (
    "cpf" CHAR(11) NOT NULL,

    CONSTRAINT "titular_pkey" PRIMARY KEY ("cpf")
);

-- CreateTable
CREATE TABLE "consulta" (
    "id" TEXT NOT NULL,
    "cpf" CHAR(11) NOT NULL,
    "consulente" TEXT NOT NULL,
    "cnpj_consulente" CHAR(14),
    "biro" TEXT,
    "data_hora" TIMESTAMPTZ(3) NOT NULL,
    "finalidade" TEXT NOT NULL,
    "produto" TEXT,
    "pelo_titular" BOOLEAN NOT NULL,

    CONSTRAINT "consulta_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "movimentacao" (
    "id" TEXT NOT NULL,
    "cpf" CHAR(11) NOT NULL,
    "data_hora" TIMESTAMPTZ(3) NOT NULL,
    "natureza" TEXT NOT NULL,
    "tipo" TEXT NOT NULL,
    "valor" DECIMAL(17,2) NOT NULL,
    "descricao" TEXT,
    "canal" TEXT,
    "instituicao_nome" TEXT,
    "instituicao_ispb" CHAR(8),
    "instituicao_compe" CHAR(3),
    "situacao" TEXT NOT NULL,
    "contraparte" TEXT,
    "saldo_apos" DECIMAL(17,2),
    "palavras" TEXT[],

    CONSTRAINT "movimentacao_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "compra_cartao" (
    "id" TEXT NOT NULL,
    "cpf" CHAR(11) NOT NULL,
    "data_hora" TIMESTAMPTZ(3) NOT NULL,
    "valor" DECIMAL(17,2) NOT NULL,
    "valor_moeda_origem" DECIMAL(17,2),
    "moeda_origem" CHAR(3),
    "estabelecimento" TEXT NOT NULL,
    "mcc" CHAR(4),
    "bandeira" TEXT NOT NULL,
    "final_cartao" CHAR(4) NOT NULL,
    "emissor_nome" TEXT,
    "emissor_ispb" CHAR(8),
    "emissor_compe" CHAR(3),
    "forma_pagamento" TEXT,
    "parcelas" INTEGER NOT NULL,
    "presencial" BOOLEAN,
    "aprovada" BOOLEAN NOT NULL,

    CONSTRAINT "compra_cartao_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "consulta_cpf_data_hora_id_idx" ON "consulta"("cpf", "data_hora" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "movimentacao_cpf_data_hora_id_idx" ON "movimentacao"("cpf", "data_hora" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "compra_cartao_cpf_data_hora_id_idx" ON "compra_cartao"("cpf", "data_hora" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "consulta" ADD CONSTRAINT "consulta_cpf_fkey" FOREIGN KEY ("cpf") REFERENCES "titular"("cpf") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "movimentacao" ADD CONSTRAINT "movimentacao_cpf_fkey" FOREIGN KEY ("cpf") REFERENCES "titular"("cpf") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "compra_cartao" ADD CONSTRAINT "compra_cartao_cpf_fkey" FOREIGN KEY ("cpf") REFERENCES "titular"("cpf") ON DELETE CASCADE ON UPDATE CASCADE;
