//! The tables of what was read besides `facts`: the place of each value, the answers that users entered, and the
//! problems found.

use super::definition::{of_district_year, table};

table! {
    /// One row per fact of a district: its value and the cell it was read from.
    district_facts, "每个区县级原始数据一行：数值及其单元格" {
        district_code: Text, "", "县域代码", "code of the district";
        year: Year, "", "统计年份", "statistical year";
        fact: Text, "", "字典中的项目代号", "dictionary id";
        value: Option<Number>, "the fact's unit", "数值", "the value";
        source_id: Option<Position>, "", "`sources` 中的编号", "id of a row of `sources`";
        cell: Option<Text>, "", "该表中的单元格", "address in that sheet";
    }
}

table! {
    /// One row per sheet that was read.
    sources, "读入的每张工作表一行" {
        source_id: Position, "", "编号", "id of the sheet within the run";
        file: Text, "", "文件名", "name of the file";
        sha256: Text, "", "文件的 SHA-256", "SHA-256 of the file";
        sheet: Text, "", "工作表名；csv 和 Parquet 为空", "name of the sheet; empty for csv and Parquet";
    }
}

table! {
    /// The place of every fact in a source: one row per source, section and fact. Sheets with one school per row have
    /// a column for each fact (`row` is null: the record's `source_row` gives it); forms have one cell (`row` is given).
    columns, "每个来源、学段、项目一行：项目所在的列（表）或单元格（填报表）" {
        source_id: Position, "", "`sources` 中的编号", "id of a row of `sources`";
        section: Option<SectionId>, "", "该列所说的学段；全校性项目和单一学段的表为空", "the section that the column speaks of; null for facts of the whole school and for sheets of one section";
        fact: Text, "", "字典中的项目代号", "dictionary id";
        column: Text, "", "列号，A 为第一列", "letters, A for the first column";
        row: Option<Position>, "", "行号，从 1 起；由记录给出的为空", "row number from 1; null where the record gives it";
    }
}

table! {
    /// One row per further row of a source that a record of `facts` was put together from: a second export, or a site
    /// that was added to its parent.
    record_sources, "拼成一条记录的其余来源行（第二张导出表、并入本部的校点）一行" {
        district_code: Option<Text>, "", "县域代码", "code of the district";
        year: Option<Year>, "", "统计年份", "statistical year";
        school_code: Option<Text>, "", "学校代码", "code of the school";
        section: Option<SectionId>, "", "学段", "section; null for all sections of the school";
        source_id: Option<Position>, "", "`sources` 中的编号", "id of a row of `sources`";
        source_row: Option<Position>, "", "表中行号，从 1 起；填报表为空", "row number in the sheet from 1; null in a form";
        role: Option<Text>, "", "`also`：补充第一个来源没有的数据；`site`：并入本部", "`also`: gives facts that the first row lacks; `site`: was added to the parent";
    }
}

table! {
    /// What people answered in the sheet 佐证与评分: one row per item or scored point.
    answers, "“佐证与评分”表的填写：每个指标项或计分点一行" {
        district_code: Text, "", "县域代码", "code of the district";
        year: Year, "", "统计年份", "statistical year";
        item: Text, "", "指标项或计分点的编号：8 或 8.1", "id of the item, or of its point: 8 or 8.1";
        met: Option<YesNo>, "", "填写的结论", "the conclusion, where one is given";
        score: Option<Number>, "分", "填写的得分", "the score, where one is given";
        document: Option<Text>, "", "佐证材料", "the evidence that is named";
        date: Option<Text>, "", "日期，照原样", "the date as written";
        who: Option<Text>, "", "填写人，照原样", "the person as written";
        source_id: Option<Position>, "", "`sources` 中的编号", "id of a row of `sources`";
        cell: Option<Text>, "", "该表中的单元格", "address in that sheet";
    }
}

table! {
    /// One row per problem that was found in the data.
    findings, "每个数据问题一行" {
        level: Text, "", "提示 note、警告 warning、错误 error", "note, warning or error";
        code: Text, "", "问题代号", "code of the problem";
        file: Option<Text>, "", "文件名", "name of the file";
        sheet: Option<Text>, "", "工作表名", "name of the sheet";
        cell: Option<Text>, "", "单元格", "address of the cell";
        school_code: Option<Text>, "", "学校代码", "code of the school";
        fact: Option<Text>, "", "字典中的项目代号", "dictionary id";
        message: Text, "", "说明", "the message, in the run's language";
    }
}

table! {
    /// One row per difference between two versions of a district's year.
    version_changes, "同一县域同一年份两个版本之间的差别，每处一行" {
        kind: Text, "", "came 新增的学校、went 不再有的学校、fact 学校数据、district_fact 县级数据、cv 差异系数、met 差异系数的结论、school 学校是否达标", "came or went: a school; fact or district_fact: what was read; cv or met: the dispersion; school: whether a school is up to standard";
        school_code: Text, "", "学校代码；属于县域的为空", "code of the school; empty where the change is the district's";
        school_name: Text, "", "学校名称", "name of the school";
        section: Text, "", "学段；不分学段的为空", "section; empty where the change is of none";
        of: Text, "", "原始数据、指标或指标项的编号", "id of the fact, indicator or item";
        old: Text, "", "旧版本的内容；没有的为空", "what the older version has; empty where it has nothing";
        new: Text, "", "新版本的内容；没有的为空", "what the newer version has; empty where it has nothing";
    }
}

of_district_year!(district_facts, answers);
