-- Where each description of a document was found: a JSON array of the fields of Described, in order. Documents that were
-- read before are read again, as their reader's name differs.
ALTER TABLE documents ADD COLUMN described TEXT NOT NULL DEFAULT '[]';
