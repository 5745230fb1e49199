-- Where each line of a source stands in its file, packed (qa/reading/regions.py); empty until it is read again.
ALTER TABLE sources ADD COLUMN regions BLOB NOT NULL DEFAULT x'';
