//! Facts → indicator values and dispersion; apportionment of combined schools; the SQL. Knows no files.
