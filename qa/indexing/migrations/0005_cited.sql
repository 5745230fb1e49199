-- What a reference needs: the title of the compilation that a document is part of, and the address that a page gives as
-- its own. Documents that were read before are read again, as their reader's name differs.
ALTER TABLE documents ADD COLUMN compilation TEXT;
ALTER TABLE documents ADD COLUMN url TEXT;

-- Where a document stood whose file was since replaced: links to it lead to what the file holds now.
CREATE TABLE IF NOT EXISTS former (
    document_id TEXT PRIMARY KEY,
    origin TEXT NOT NULL,
    path TEXT NOT NULL,
    part INTEGER NOT NULL
) WITHOUT ROWID;
