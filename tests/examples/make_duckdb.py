"""Writes duckdb.parquet and duckdb.csv: one table in the types in which DuckDB keeps sums, codes and dates.

    python tests/examples/make_duckdb.py        # with duckdb from PyPI
"""

import pathlib

import duckdb

folder = pathlib.Path(__file__).parent
duckdb.sql(
    """
    create type section as enum ('primary', 'junior');
    create table county as
    select 430503::integer as district_code, '大祥区' as district_name, date '2025-09-01' as year,
           (number + 21430503000000000000)::decimal(20, 0) as school_code, '第' || number || '小学' as school_name,
           '小学' as school_type, timestamp '1998-09-01 08:00:00' as built_year, 'primary'::section as section,
           (200 + 37 * number)::usmallint as students, (10 + number)::tinyint as teachers,
           6::utinyint as classes, (200 + number)::smallint as computers,
           (1234.5 + number / 4)::decimal(10, 2) as teaching_area, (18.7 * number)::decimal(4, 1) as gym_area,
           (1.2345 * number)::decimal(30, 4) as equipment_value, (5000 + number)::hugeint as books
    from range(1, 8) as numbers(number)
    """
)
duckdb.sql(f"copy county to '{folder / 'duckdb.parquet'}' (format parquet, compression zstd)")
duckdb.sql(f"copy county to '{folder / 'duckdb.csv'}' (header)")
