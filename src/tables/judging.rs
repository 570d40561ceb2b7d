//! The tables of one standard's verdict, from the value of an indicator to the gap.

use super::definition::{of_district_year, table};

table! {
    /// One row per school, section and indicator.
    measures, "每校每学段每项指标一行" {
        district_code: Text, "", "县域代码", "code of the district";
        district_name: Text, "", "县域名称", "name of the district";
        year: Year, "", "统计年份", "statistical year";
        school_code: Text, "", "学校代码；来源没有代码的为学校全称", "code of the school; its full name where the source has no code";
        school_name: Text, "", "学校名称", "name of the school";
        section: SectionId, "", "学段", "section";
        indicator: Text, "", "指标编号：L1 …", "id of the indicator: L1 …";
        numerator: Option<Number>, "", "分子：拆分之后、乘系数之前", "numerator after apportionment and before the factor";
        denominator: Option<Number>, "", "分母", "denominator";
        value: Option<Number>, "the indicator's unit", "指标值：系数 × 分子 ÷ 分母，未四舍五入", "factor × numerator / denominator, not rounded";
        threshold: Option<Number>, "the indicator's unit", "达标值", "threshold";
        floor: Option<Number>, "the indicator's unit", "底线：达标值 × 标准规定的比例（国家标准为 85%）", "floor: the threshold times the standard's share (0.85 in the national standard)";
        status: StatusId, "", "达标 met、未达标 unmet、缺数据 missing、不适用 not_applicable", "met, unmet, missing or not_applicable";
        met: Option<YesNo>, "", "是否达标，精确比较；缺数据为空", "compared exactly; null where the value is missing";
        floor_met: Option<YesNo>, "", "是否达到底线", "whether the value reaches the floor";
        borderline: Option<YesNo>, "", "按表格保留位数会得出相反结论", "the printed value would say otherwise";
        shortfall: Option<Number>, "shortfall_unit", "达到达标值还要增加多少；已达标为 0", "what has to be added to reach the threshold; 0 where it is met";
        shortfall_unit: Text, "", "缺口的单位", "unit of the shortfall";
    }
}

table! {
    /// One row per school and section.
    schools, "每校每学段一行" {
        district_code: Text, "", "县域代码", "code of the district";
        year: Year, "", "统计年份", "statistical year";
        school_code: Text, "", "学校代码", "code of the school";
        school_name: Text, "", "学校名称", "name of the school";
        section: SectionId, "", "学段", "section";
        indicators_judged: Count, "", "有值的指标数", "indicators with a known value";
        indicators_met: Count, "", "达标的指标数", "indicators that are met";
        met: Option<YesNo>, "", "按标准的学校规则是否达标；不能判断的为空", "by the standard's rule for a school; null where it cannot be judged";
        reason: Text, "", "理由", "why, in the run's language";
    }
}

table! {
    /// One row per district, year and section.
    districts, "每个县域每年每学段一行" {
        district_code: Text, "", "县域代码", "code of the district";
        year: Year, "", "统计年份", "statistical year";
        section: SectionId, "", "学段", "section";
        schools: Count, "", "参评的学校（学段部）数", "school sections in scope";
        students: Number, "人", "在校生数", "pupils";
        schools_met: Count, "", "按标准的学校规则达标的学校数", "schools that meet the standard's rule for a school";
        schools_at_floor: Count, "", "各项指标都不低于底线的学校数", "schools whose every indicator is at its floor or above";
    }
}

table! {
    /// One row per district, year, section and indicator.
    dispersion, "每个县域每年每学段每项指标一行：校际差异" {
        district_code: Text, "", "县域代码", "code of the district";
        year: Year, "", "统计年份", "statistical year";
        section: SectionId, "", "学段", "section";
        indicator: Text, "", "指标编号；或以几项差异系数的平均值为数值的指标项（没有平均值和标准差）", "id of the indicator, or of an item whose value is the mean of several CVs: such a row has no mean and sd";
        schools: Count, "", "有值且有学生的学校数", "school sections with a known value and pupils";
        students: Number, "人", "其在校生数", "pupils in them";
        mean: Option<Number>, "the indicator's unit", "全县平均值：总量 ÷ 总量", "total over total";
        sd: Option<Number>, "the indicator's unit", "标准差：按学生数加权，总体形式", "standard deviation, weighted by pupils, population form";
        cv: Option<Number>, "", "差异系数：标准差 ÷ 平均值，未四舍五入", "sd / mean, not rounded";
        limit: Option<Number>, "", "差异系数上限", "limit of the CV";
        status: StatusId, "", "达标 met、未达标 unmet、缺数据 missing、不适用 not_applicable", "met, unmet, missing or not_applicable";
        met: Option<YesNo>, "", "是否达标，精确比较", "compared exactly";
        borderline: Option<YesNo>, "", "差异系数保留三位小数会得出相反结论", "the CV printed with three decimals would say otherwise";
    }
}

table! {
    /// One row per district, year and item.
    items, "每个县域每年每个指标项一行" {
        district_code: Text, "", "县域代码", "code of the district";
        year: Year, "", "统计年份", "statistical year";
        item: Text, "", "指标项编号", "id of the item";
        kind: Text, "", "种类：indicator、check、composite、evidence、scored、veto", "indicator, check, composite, evidence, scored or veto";
        value: Option<Number>, "", "起决定作用的数值", "the deciding value, where there is one";
        threshold: Option<Number>, "", "应当达到的数值", "what it was compared with";
        points: Option<Number>, "分", "分值", "points";
        score: Option<Number>, "分", "得分", "score";
        status: StatusId, "", "达标 met、未达标 unmet、缺资料 missing、不适用 not_applicable", "met, unmet, missing or not_applicable";
        detail: Text, "", "结论的依据", "what decided, in the run's language";
    }
}

table! {
    /// One row per gap: what a school or the district lacks.
    gaps, "每个缺口一行：学校或县域缺什么、缺多少、归谁办" {
        district_code: Text, "", "县域代码", "code of the district";
        year: Year, "", "统计年份", "statistical year";
        item: Text, "", "指标项编号", "id of the item";
        school_code: Option<Text>, "", "学校代码；属于县域的为空", "code of the school; null where the gap is the district's";
        school_name: Option<Text>, "", "学校名称", "name of the school, or what of the district's the gap is of";
        section: Option<SectionId>, "", "学段", "section; null where the gap is of no section";
        current: Option<Number>, "", "现状", "the value now";
        required: Option<Number>, "", "应当达到", "the value that is required";
        shortfall: Option<Number>, "unit", "还要增加多少；差异系数平均值的为超出上限多少", "what has to be added; of a mean of CVs, what it is over its limit by";
        unit: Text, "", "缺口的单位", "unit of the shortfall";
        departments: Text, "", "责任单位，以“、”相连", "departments in charge, joined by 、";
        measures: Text, "", "标准所写的推进措施，一行一条", "measures named by the standard, one per line";
        due: Option<Text>, "", "标准所写的完成时限", "date by which the standard wants it done, where it names one";
    }
}

table! {
    /// Each school's share of CV² (they add up to 1): one row per school for every dispersion over its limit.
    shares, "超过上限的每项差异系数中，每校一行：对 CV² 的贡献（合计为 1）" {
        district_code: Text, "", "县域代码", "code of the district";
        year: Year, "", "统计年份", "statistical year";
        section: SectionId, "", "学段", "section";
        indicator: Text, "", "指标编号", "id of the indicator";
        school_code: Text, "", "学校代码", "code of the school";
        school_name: Text, "", "学校名称", "name of the school";
        value: Option<Number>, "the indicator's unit", "指标值", "value of the indicator";
        share: Option<Number>, "", "贡献：(P_i/P_N)(X_i − X̄)²/X̄² ÷ CV²", "(P_i/P_N)(X_i − X̄)²/X̄² over CV²";
        amount: Option<Number>, "shortfall_unit", "使差异系数降到上限的最小增量中该校所得", "what this school gets in the smallest total that brings the CV to its limit";
    }
}

of_district_year!(measures, schools, districts, dispersion, items, gaps, shares);
