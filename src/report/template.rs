//! The workbook to fill in. // replaced at merge
