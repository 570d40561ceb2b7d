//! The statistician's measures: mathematics alone, no frames, no files. All are weighted by pupils, so that they
//! describe the same distribution as the CV (教督〔2017〕6号).
