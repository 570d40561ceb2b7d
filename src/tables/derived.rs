//! What the annual report counts and compares over the tables of a study, so that every number of a sentence is one cell
//! of one table.

use super::definition::table;

table! {
    /// One row per year and section (and one for both together, section `all`): districts, schools, pupils, and how many
    /// are up to standard.
    overview, "每年每学段一行（另有两学段合计，学段为 all）：县域、学校、学生数，以及达标多少" {
        year: Year, "", "统计年份", "statistical year";
        section: Text, "", "学段；合计为 all", "section; all for both together";
        districts: Count, "", "县域数", "districts";
        districts_change: Option<Count>, "", "县域数比上年的变化", "change of districts on the year before";
        schools: Count, "", "学校数", "school sections in scope";
        schools_change: Option<Count>, "", "学校数比上年的变化", "change of schools on the year before";
        same_districts: Option<YesNo>, "", "县域是否与上年相同", "whether the districts are those of the year before";
        districts_same: Option<Count>, "", "两年都有的县域数", "districts that have both years";
        schools_change_same: Option<Count>, "", "这些县域学校数的变化", "change of schools in those districts";
        students_change_same: Option<Number>, "人", "这些县域学生数的变化", "change of pupils in those districts";
        students: Number, "人", "在校生数", "pupils";
        students_change: Option<Number>, "人", "在校生数比上年的变化", "change of pupils on the year before";
        schools_met: Count, "", "达标的学校数", "school sections that meet the rule for a school";
        schools_unmet: Count, "", "未达标的学校数", "school sections that do not meet it";
        schools_missing: Count, "", "不能判断的学校数", "school sections that cannot be judged";
        met_share: Option<Number>, "", "达标学校占比", "share of the school sections that meet it";
        met_share_change: Option<Number>, "", "达标学校占比比上年的变化", "change of met_share on the year before";
        districts_passing: Count, "", "通过的县域数", "districts that pass";
        districts_passing_change: Option<Count>, "", "通过的县域数比上年的变化", "change of districts_passing on the year before";
        districts_failing: Count, "", "未通过的县域数", "districts that fail";
        districts_undetermined: Count, "", "不能判断的县域数", "districts that cannot be judged";
    }
}

table! {
    /// One row per year and section: how many of the CVs of everything together keep their limits.
    limits, "每年每学段一行：全部学校合计的差异系数有几项在上限之内" {
        year: Year, "", "统计年份", "statistical year";
        section: SectionId, "", "学段", "section";
        limits: Count, "", "有上限的差异系数个数", "CVs with a limit";
        met: Count, "", "确定在上限之内", "certainly within";
        unmet: Count, "", "确定超过上限", "certainly over";
        open: Count, "", "上限在区间之内", "whose interval holds the limit";
        missing: Count, "", "缺数据", "that cannot be judged";
    }
}

table! {
    /// One row per district of the report's year, the one nearest to passing first.
    ranking, "报告年度每个县域一行，最接近通过的在前" {
        rank: Option<Count>, "", "名次：差异系数与上限之比最小的为 1", "1 for the smallest ratio of a CV to its limit; equal ones share the better rank";
        rank_change: Option<Count>, "", "名次比上年的变化", "change of the rank on the year before";
        district_code: Text, "", "县域代码", "code of the district";
        district_name: Option<Text>, "", "县域名称", "name of the district";
        city_name: Option<Text>, "", "所属市", "city, where it is known";
        ratio: Option<Number>, "", "差异系数与上限之比的最大值", "the largest CV / limit";
        section: Option<SectionId>, "", "其学段", "section of it";
        indicator: Option<Text>, "", "其指标", "indicator of it";
        cv: Option<Number>, "", "其差异系数", "the CV";
        cv_low: Option<Number>, "", "区间下限", "lower end of its interval";
        cv_high: Option<Number>, "", "区间上限", "upper end of its interval";
        limit: Option<Number>, "", "其上限", "its limit";
        limits: Count, "", "有上限的差异系数个数", "CVs with a limit";
        limits_met: Count, "", "在上限之内的个数", "CVs within their limits";
        limits_open: Count, "", "上限在区间之内的个数", "CVs whose interval holds the limit";
        schools: Count, "", "学校数", "school sections in scope";
        schools_met: Count, "", "达标的学校数", "school sections that meet the rule for a school";
        schools_missing: Count, "", "不能判断的学校数", "school sections that cannot be judged";
        students: Number, "人", "在校生数", "pupils";
        passes: Option<YesNo>, "", "是否通过；不能判断的为空", "whether the district passes; null where it cannot be judged";
    }
}

table! {
    /// Districts that pass now and did not the year before, or the other way round: one row per thing that turned.
    changes, "今年通过而上年未通过（或相反）的县域：每个转变的方面一行" {
        change: Text, "", "newly_passes 新通过、newly_fails 新未通过", "newly_passes or newly_fails";
        district_code: Text, "", "县域代码", "code of the district";
        district_name: Text, "", "县域名称", "name of the district";
        certain: YesNo, "", "没有一项差异系数的区间包含上限", "no interval of a CV holds its limit";
        section: SectionId, "", "学段", "section";
        indicator: Option<Text>, "", "指标；学校规则为空", "indicator; null for the rule for a school";
        before: Option<Number>, "", "上年的数值", "value in the year before";
        now: Option<Number>, "", "今年的数值", "value now";
        bound: Option<Number>, "", "上限，或学校数", "limit, or the number of schools";
    }
}

table! {
    /// One row per section and fact of the report's year.
    facts_missing, "报告年度每学段每个项目一行：数据是否齐全" {
        year: Year, "", "统计年份", "statistical year";
        section: SectionId, "", "学段", "section";
        fact: Text, "", "字典中的项目代号", "dictionary id";
        known: Count, "", "有值的学校数", "school sections with a value";
        of: Count, "", "收存的学校数", "school sections that are kept";
        missing: Count, "", "没有值的学校数", "school sections without a value";
        districts_complete: Count, "", "数据齐全的县域数", "districts in which it is complete";
        districts_without: Count, "", "没有该项数据的县域数", "districts without it";
        status: Text, "", "complete 齐全、partly 部分、none 没有", "complete, partly or none";
    }
}

table! {
    /// One row per year, section and indicator: the two groups of schools that the comparison compares.
    location_gap, "每年每学段每项指标一行：对照的两组学校" {
        year: Year, "", "统计年份", "statistical year";
        section: SectionId, "", "学段", "section";
        indicator: Text, "", "指标编号", "id of the indicator";
        first: Text, "", "第一组", "the first group";
        second: Text, "", "第二组", "the second group";
        first_mean: Option<Number>, "the indicator's unit", "第一组平均值", "mean of the first group";
        second_mean: Option<Number>, "the indicator's unit", "第二组平均值", "mean of the second group";
        gap: Option<Number>, "the indicator's unit", "差：第一组减第二组", "first less second";
        ratio: Option<Number>, "", "比：第一组 ÷ 第二组", "first / second";
    }
}

table! {
    /// Classes by size, one row per year and section.
    classes, "班额：每年每学段一行" {
        year: Year, "", "统计年份", "statistical year";
        section: SectionId, "", "学段", "section";
        classes: Number, "个", "班级数", "classes";
        over: Number, "个", "超过规定班额的班级数", "classes over the size allowed";
        either: Number, "个", "统计档跨在规定两侧的班级数", "classes of brackets that lie on both sides of it";
        over_share: Option<Number>, "", "超额班级占比", "share of the classes over the size";
        over_share_change: Option<Number>, "", "超额班级占比比上年的变化", "change of over_share on the year before";
        unknown: Count, "", "没有该项数据的学校数", "school sections that say nothing of it";
    }
}

table! {
    /// Counts that sentences of the annual report name: one row per kind of thing counted.
    counts, "年度报告句中的计数：每类一行" {
        what: Text, "", "计数的代号：newly_passes、location.primary", "what is counted: newly_passes, location.primary";
        count: Count, "", "个数", "how many";
        rows: Text, "", "数的是哪张表的哪些行", "the table, and which of its rows";
    }
}
