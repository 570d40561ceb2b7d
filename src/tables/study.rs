//! The tables of a study over many districts and years. Shares lie between 0 and 1; a number that does not exist (no
//! school, nothing to share, a single school) is null.

use super::definition::{of_district_year, table};

table! {
    /// One row per place, year, section, group and indicator. Quantiles, shares of pupils and all measures of inequality
    /// are weighted by pupils; ranks are among the rows of the same level, year, section, group and indicator.
    panel, "每个地区每年每学段每组每项指标一行；分位数、学生占比和不平等指数都按学生数加权，名次在同一层级、年份、学段、组和指标之内" {
        level: Text, "", "层级：district 县域、city 市、province 省、all 全部", "district, city, province or all";
        district_code: Text, "", "该层级的代码；全部为 `all`", "code of the place at that level; `all` for everything together";
        district_name: Text, "", "名称", "name of the place";
        year: Year, "", "统计年份", "statistical year";
        section: SectionId, "", "学段", "section";
        grouping: Option<Text>, "", "分组依据：location 城乡、ownership 公办民办、type 学校类型；不分组为空", "location, ownership or type; null where the schools are not grouped";
        group: Option<Text>, "", "组：城区等", "group of the grouping: 城区 …";
        indicator: Text, "", "指标编号", "id of the indicator";
        schools: Count, "", "有值且有学生的学校数", "school sections with a known value and pupils";
        missing: Count, "", "参评而没有值的学校数", "school sections in scope without a known value";
        students: Option<Number>, "人", "有值学校的在校生数", "pupils in those with a known value";
        mean: Option<Number>, "the indicator's unit", "平均值：总量 ÷ 总量", "total over total";
        sd: Option<Number>, "the indicator's unit", "标准差，总体形式", "standard deviation, population form";
        cv: Option<Number>, "", "差异系数：标准差 ÷ 平均值，未四舍五入", "sd / mean, not rounded";
        minimum: Option<Number>, "the indicator's unit", "最小值", "smallest value";
        p10: Option<Number>, "the indicator's unit", "第 10 百分位数", "10th percentile";
        p25: Option<Number>, "the indicator's unit", "第 25 百分位数", "25th percentile";
        median: Option<Number>, "the indicator's unit", "中位数", "median";
        p75: Option<Number>, "the indicator's unit", "第 75 百分位数", "75th percentile";
        p90: Option<Number>, "the indicator's unit", "第 90 百分位数", "90th percentile";
        maximum: Option<Number>, "the indicator's unit", "最大值", "largest value";
        range_ratio: Option<Number>, "", "极差率：最大值 ÷ 最小值；最小值为 0 时为空", "maximum / minimum; null where the minimum is 0";
        threshold: Option<Number>, "the indicator's unit", "达标值", "threshold";
        schools_at_threshold: Option<Number>, "", "达到达标值的学校占比（有值的学校）", "share of the schools with a known value that reach the threshold";
        students_at_threshold: Option<Number>, "", "其学生占比", "share of the pupils in them";
        schools_at_floor: Option<Number>, "", "不低于底线的学校占比", "share of the schools at the floor or above";
        students_at_floor: Option<Number>, "", "其学生占比", "share of the pupils in them";
        limit: Option<Number>, "", "差异系数上限", "limit of the CV";
        status: StatusId, "", "差异系数：met、unmet、missing、not_applicable", "of the CV: met, unmet, missing or not_applicable";
        met: Option<YesNo>, "", "是否达标，精确比较；缺数据或没有上限为空", "compared exactly; null where the CV is missing or has no limit";
        borderline: Option<YesNo>, "", "差异系数保留三位小数会得出相反结论", "the CV printed with three decimals would say otherwise";
        gini: Option<Number>, "", "基尼系数", "Gini coefficient";
        gini_corrected: Option<Number>, "", "修正的基尼系数：× n/(n − 1)", "Gini × n/(n − 1)";
        theil_t: Option<Number>, "", "泰尔指数 T", "Theil's T";
        theil_l: Option<Number>, "", "泰尔指数 L；有学校为 0 时为空", "Theil's L; null where a school has nothing";
        entropy_2: Option<Number>, "", "广义熵 GE(2)，等于 CV²/2", "GE(2) = CV²/2";
        atkinson: Option<Number>, "", "阿特金森指数（厌恶系数 0.5）", "Atkinson's index, aversion 0.5";
        palma: Option<Number>, "", "帕尔马比", "Palma ratio";
        ratio_90_10: Option<Number>, "", "第 90 与第 10 百分位数之比", "90th over 10th percentile";
        mcloone: Option<Number>, "", "麦克卢恩指数", "McLoone index";
        cv_error: Option<Number>, "", "差异系数的标准误（自助法）", "standard error of the CV, bootstrap";
        cv_error_jackknife: Option<Number>, "", "差异系数的标准误（刀切法）", "standard error of the CV, jackknife";
        cv_low: Option<Number>, "", "差异系数区间下限（BCa；没有 BCa 时为百分位法）", "lower end of the CV's interval: BCa; percentile where there is no BCa";
        cv_high: Option<Number>, "", "差异系数区间上限", "upper end of the CV's interval";
        cv_percentile_low: Option<Number>, "", "百分位法区间下限", "lower end of the percentile interval";
        cv_percentile_high: Option<Number>, "", "百分位法区间上限", "upper end of the percentile interval";
        above_limit: Option<Number>, "", "重复样本中超过上限的占比", "share of the replicates above the limit";
        certainty: Option<Text>, "", "met、unmet 或 open（上限在区间之内）；没有区间或上限为空", "met, unmet or open (the limit lies inside the interval); null without interval or limit";
        gini_error: Option<Number>, "", "基尼系数的标准误（自助法）", "standard error of the Gini, bootstrap";
        gini_error_jackknife: Option<Number>, "", "基尼系数的标准误（刀切法）", "standard error of the Gini, jackknife";
        gini_low: Option<Number>, "", "基尼系数区间下限", "lower end of the Gini's interval, as cv_low";
        gini_high: Option<Number>, "", "基尼系数区间上限", "upper end of the Gini's interval";
        gini_percentile_low: Option<Number>, "", "百分位法区间下限", "lower end of the percentile interval";
        gini_percentile_high: Option<Number>, "", "百分位法区间上限", "upper end of the percentile interval";
        mean_change: Option<Number>, "the indicator's unit", "平均值比上年的变化；没有上年为空", "change of the mean on the year before; null where that year is not there";
        cv_change: Option<Number>, "", "差异系数比上年的变化", "change of the CV on the year before";
        gini_change: Option<Number>, "", "基尼系数比上年的变化", "change of the Gini on the year before";
        schools_at_threshold_change: Option<Number>, "", "达标学校占比比上年的变化", "change of schools_at_threshold on the year before";
        rank: Option<Count>, "", "名次：差异系数最小的为 1，相同的并列", "1 for the smallest CV; equal ones share the better rank";
        ranked: Option<Count>, "", "有名次的个数", "how many have a rank";
        rank_change: Option<Count>, "", "名次减上年名次；负数为进步", "rank less the year before's; negative is better";
    }
}

table! {
    /// One row per place, year and section: what stands between it and passing, of what can be computed from the years'
    /// facts (the rule for a school, and the limits of the CVs).
    standings, "每个地区每年每学段一行：离通过还差什么（学校规则和差异系数上限）" {
        level: Text, "", "层级：district、city、province、all", "district, city, province or all";
        district_code: Text, "", "该层级的代码", "code of the place at that level";
        district_name: Text, "", "名称", "name of the place";
        year: Year, "", "统计年份", "statistical year";
        section: SectionId, "", "学段", "section";
        schools: Count, "", "参评的学校数", "school sections in scope";
        students: Number, "人", "在校生数", "pupils";
        schools_met: Option<Count>, "", "按标准的学校规则达标的学校数", "school sections that meet the standard's rule for a school";
        schools_unmet: Option<Count>, "", "未达标的学校数", "school sections that do not meet it";
        schools_missing: Option<Count>, "", "不能判断的学校数", "school sections that cannot be judged";
        students_met: Option<Number>, "人", "达标学校的在校生数", "pupils in schools_met";
        schools_at_floor: Option<Count>, "", "各项指标都不低于底线的学校数", "school sections whose every indicator is at its floor or above";
        limits: Count, "", "有上限的差异系数个数", "indicators with a limit";
        limits_met: Count, "", "达标的个数", "limits that are met";
        limits_missing: Count, "", "缺数据的个数", "limits that cannot be judged";
        worst_ratio: Option<Number>, "", "差异系数与上限之比的最大值", "the largest CV / limit";
        worst_indicator: Option<Text>, "", "其指标", "the indicator of it";
        passes: Option<YesNo>, "", "学校和差异系数是否全部达标；因缺数据不能回答的为空", "all schools and all limits are met; null where missing values hinder the answer";
    }
}

table! {
    /// Which district has which year and which fact: one row per district, year, section and fact that a standard reads;
    /// `fact` is null for the schools themselves. Facts that stand in for one another (`coalesce`) are all listed: whether
    /// a value is lacking is said by the column `missing` of `panel`.
    coverage, "每个县域每年每学段每个所需项目一行：有没有数据；`fact` 为空的是学校本身" {
        level: Text, "", "district", "district";
        district_code: Text, "", "县域代码", "code of the district";
        district_name: Text, "", "县域名称", "name of the district";
        year: Year, "", "统计年份", "statistical year";
        section: SectionId, "", "学段", "section";
        fact: Option<Text>, "", "字典中的项目代号；学校本身为空", "dictionary id; null: the schools themselves";
        known: Count, "", "有值的学校数", "school sections with a value";
        of: Count, "", "收存的学校数", "school sections that are kept";
        status: Text, "", "complete 齐全、partly 部分、none 没有", "complete, partly or none";
    }
}

table! {
    /// What the crosswalk joined or renamed: one row per old code, year and line of the crosswalk file.
    joined, "对照表合并或更名的县域：每个旧代码每年每行一行" {
        year: Year, "", "统计年份", "statistical year";
        from_code: Text, "", "收存时的代码", "code as kept";
        from_name: Text, "", "收存时的名称", "name as kept";
        to_code: Text, "", "研究所用的代码", "code as it is studied";
        to_name: Text, "", "研究所用的名称", "name as it is studied";
        schools: Count, "", "随之归入的学校数", "school sections that went there";
        line: Option<Count>, "", "对照表的行号；按名称归并而没有对照行的为空", "line of the crosswalk file; null where names were joined without one";
        kind: Text, "", "renamed 更名、merged 合并", "renamed or merged";
    }
}

table! {
    /// Lines that a crosswalk may want, in the form of a crosswalk file: codes that carry one name, and names that changed.
    suggested, "对照表可能需要的行，格式同对照表", file "crosswalk-suggested" {
        from_code: Text, "", "旧代码", "old code";
        from_name: Option<Text>, "", "旧名称；空为不论名称", "old name; null: whatever it is";
        to_code: Text, "", "新代码", "new code";
        to_name: Option<Text>, "", "新名称；空为不变", "new name; null: as before";
        from_year: Option<Year>, "", "起始年份", "first year";
        to_year: Option<Year>, "", "截止年份", "last year";
    }
}

table! {
    /// CV² and Theil's indices taken apart: parts add up to `total`. One row per place, year, section, indicator, measure,
    /// `by` and part.
    decomposition, "CV² 和泰尔指数的分解，各部分相加为 total：每个地区每年每学段每项指标每个指数每种分法每个部分一行" {
        level: Text, "", "层级：district、city、province、all", "district, city, province or all";
        district_code: Text, "", "该层级的代码", "code of the place at that level";
        district_name: Text, "", "名称", "name of the place";
        year: Year, "", "统计年份", "statistical year";
        section: SectionId, "", "学段", "section";
        indicator: Text, "", "指标编号", "id of the indicator";
        measure: Text, "", "cv_squared、theil_t、theil_l", "cv_squared, theil_t or theil_l";
        by: Text, "", "分法：location、ownership、type、district、city、province，或 region（逐级嵌套）", "location, ownership, type, district, city, province, or region (nested)";
        part: Text, "", "部分：total、between、within、group（一组对 within 的贡献）；嵌套时为 between_provinces、between_cities、between_districts、within_districts", "total, between, within, group (what one group adds to within); nested: between_provinces, between_cities, between_districts, within_districts";
        group: Option<Text>, "", "part 为 group 时的组", "the group, where part is group";
        value: Option<Number>, "", "数值", "the part";
        share: Option<Number>, "", "占 total 的比例；total 为 0 时为空", "share of the total; null where that is 0";
    }
}

table! {
    /// What each school adds to CV² and T, and how CV and Gini would change without it: one row per place, year, section,
    /// indicator and school.
    influence, "各校对 CV²、T 的贡献，以及去掉该校后差异系数和基尼系数的变化" {
        level: Text, "", "层级：district、city、province、all", "district, city, province or all";
        district_code: Text, "", "该层级的代码", "code of the place at that level";
        district_name: Text, "", "名称", "name of the place";
        year: Year, "", "统计年份", "statistical year";
        section: SectionId, "", "学段", "section";
        indicator: Text, "", "指标编号", "id of the indicator";
        school_code: Text, "", "学校代码", "code of the school";
        school_name: Text, "", "学校名称", "name of the school";
        location: Option<Text>, "", "城乡类型", "城区, 镇区 or 乡村";
        students: Option<Number>, "人", "在校生数", "pupils";
        value: Option<Number>, "the indicator's unit", "指标值", "value of the indicator";
        cv_squared_share: Option<Number>, "", "对 CV² 的贡献，合计为 1", "share of CV²; adds up to 1";
        theil_part: Option<Number>, "", "对 T 的贡献，合计为 T", "part of T; adds up to T";
        cv_without: Option<Number>, "", "去掉该校后差异系数的变化", "change of the CV without the school";
        gini_without: Option<Number>, "", "去掉该校后基尼系数的变化", "change of the Gini without the school";
    }
}

table! {
    /// Two groups of schools (城区 against 乡村) side by side: one row per place, year, section and indicator.
    comparison, "两组学校（城区与乡村）的对照：每个地区每年每学段每项指标一行" {
        level: Text, "", "层级：district、city、province、all", "district, city, province or all";
        district_code: Text, "", "该层级的代码", "code of the place at that level";
        district_name: Text, "", "名称", "name of the place";
        year: Year, "", "统计年份", "statistical year";
        section: SectionId, "", "学段", "section";
        indicator: Text, "", "指标编号", "id of the indicator";
        first: Text, "", "第一组：城区", "the first group: 城区";
        second: Text, "", "第二组：乡村", "the second group: 乡村";
        first_schools: Option<Count>, "", "第一组学校数", "schools of the first group";
        second_schools: Option<Count>, "", "第二组学校数", "schools of the second group";
        first_mean: Option<Number>, "the indicator's unit", "第一组平均值", "mean of the first group";
        second_mean: Option<Number>, "the indicator's unit", "第二组平均值", "mean of the second group";
        gap: Option<Number>, "the indicator's unit", "差：第一组减第二组", "first less second";
        ratio: Option<Number>, "", "比：第一组 ÷ 第二组", "first / second";
        p: Option<Number>, "", "置换检验的 p 值，双侧", "of the permutation test, two-sided";
        permutations: Option<Count>, "", "置换次数", "permutations";
    }
}

table! {
    /// σ-convergence, how far districts' means lie apart: one row per year, section and indicator.
    sigma, "σ 收敛：各县平均值的离散程度，每年每学段每项指标一行" {
        year: Year, "", "统计年份", "statistical year";
        section: SectionId, "", "学段", "section";
        indicator: Text, "", "指标编号", "id of the indicator";
        districts: Option<Count>, "", "平均值大于 0 的县域数", "districts with a mean above 0";
        sd_log: Option<Number>, "", "各县平均值对数的标准差（n − 1）", "standard deviation of ln(mean) over districts, n − 1";
        cv_between: Option<Number>, "", "各县平均值的差异系数，按学生数加权", "CV of districts' means, weighted by pupils";
    }
}

table! {
    /// Lines through years or districts: `sigma` (sd_log on the year), `beta` (growth on the logarithm of the first value).
    /// One row per section, indicator and kind.
    convergence, "收敛的回归线：sigma（sd_log 对年份）、beta（增长对初值的对数），每学段每项指标每种一行" {
        section: SectionId, "", "学段", "section";
        indicator: Text, "", "指标编号", "id of the indicator";
        kind: Text, "", "sigma、beta", "sigma or beta";
        from_year: Option<Year>, "", "起始年份", "first year";
        to_year: Option<Year>, "", "截止年份", "last year";
        points: Option<Count>, "", "年数或县域数", "years or districts";
        left_out: Option<Count>, "", "缺首年或末年、或为 0 的县域数", "districts without both years, or with 0";
        intercept: Option<Number>, "", "截距", "intercept";
        slope: Option<Number>, "", "斜率", "slope";
        error: Option<Number>, "", "斜率的标准误", "standard error of the slope";
        t: Option<Number>, "", "t 值", "t";
        p: Option<Number>, "", "p 值，双侧", "p, two-sided";
        r_squared: Option<Number>, "", "R²", "R²";
        speed: Option<Number>, "", "每年的收敛速度（仅 beta）", "speed per year; beta alone";
        half_life: Option<Number>, "年", "半衰期（仅 beta）", "half-life; beta alone";
        why_not: Option<Text>, "", "没有回归线的原因：no_spread 等", "why there is no line: no_spread …";
    }
}

table! {
    /// The points of the β line: one row per district, section and indicator.
    growth, "β 收敛的点：每个县域每学段每项指标一行" {
        district_code: Text, "", "县域代码", "code of the district";
        district_name: Text, "", "县域名称", "name of the district";
        section: SectionId, "", "学段", "section";
        indicator: Text, "", "指标编号", "id of the indicator";
        from_year: Option<Year>, "", "首年", "first year";
        to_year: Option<Year>, "", "末年", "last year";
        first: Option<Number>, "the indicator's unit", "首年平均值", "mean in the first year";
        last: Option<Number>, "the indicator's unit", "末年平均值", "mean in the last year";
        log_first: Option<Number>, "", "首年平均值的对数", "logarithm of the first mean";
        growth: Option<Number>, "", "对数的年均增长", "growth of the logarithm per year";
    }
}

table! {
    /// Corners of the Lorenz curves of everything together: one row per year, section, indicator and corner.
    lorenz, "全部学校洛伦兹曲线的折点：每年每学段每项指标每个折点一行" {
        year: Year, "", "统计年份", "statistical year";
        section: SectionId, "", "学段", "section";
        indicator: Text, "", "指标编号", "id of the indicator";
        students: Number, "", "学生累计占比，从最少的起", "share of the pupils, from those who have least";
        amount: Number, "", "资源累计占比", "share of what there is";
    }
}

table! {
    /// Classes by size: one row per place, year, section and bracket of the statistics.
    class_sizes, "班额分布：每个地区每年每学段每个统计档一行" {
        level: Text, "", "层级", "district, city, province or all";
        district_code: Text, "", "该层级的代码", "code of the place at that level";
        district_name: Text, "", "名称", "name of the place";
        year: Year, "", "统计年份", "statistical year";
        section: SectionId, "", "学段", "section";
        bracket: Text, "", "字典中的项目代号：classes_le25 …", "dictionary id: classes_le25 …";
        classes: Number, "个", "班级数", "classes";
        unknown: Count, "", "没有该项数据的学校数", "school sections that say nothing of it";
        over: Option<YesNo>, "", "超过规定班额；统计档跨在规定两侧的为空", "larger than the size allowed; null where the bracket lies on both sides of it";
    }
}

table! {
    /// Early warning: one row per district, section, indicator and projected quantity.
    outlook, "预警：每个县域每学段每项指标每个预测量一行" {
        level: Text, "", "district", "district";
        district_code: Text, "", "县域代码", "code of the district";
        district_name: Option<Text>, "", "县域名称", "name of the district";
        year: Option<Year>, "", "最近一年", "the last year there is";
        section: Option<SectionId>, "", "学段", "section";
        indicator: Text, "", "指标编号", "id of the indicator";
        of: Text, "", "预测量：cv、mean、schools_at_threshold", "cv, mean or schools_at_threshold";
        years: Count, "", "趋势所用的年数", "years in the trend";
        from_year: Option<Year>, "", "趋势的首年", "first year of the trend";
        last: Option<Number>, "", "最近一年的数值", "value in `year`";
        slope: Option<Number>, "", "每年的变化", "change per year";
        error: Option<Number>, "", "斜率的标准误", "standard error of the slope";
        p: Option<Number>, "", "p 值", "p of the slope";
        to_year: Year, "", "预测到的年份", "year of the projection";
        projected: Option<Number>, "", "趋势线在该年的数值", "the line at to_year";
        low: Option<Number>, "", "单个数值的预测区间下限", "lower end of the interval of a single value";
        high: Option<Number>, "", "单个数值的预测区间上限", "upper end of the interval of a single value";
        bound: Option<Number>, "", "上限或达标值", "limit or threshold";
        met_now: Option<YesNo>, "", "现在是否达标", "met now";
        met_then: Option<YesNo>, "", "按趋势线届时是否达标", "met then, by the line";
        certainty: Option<Text>, "", "met、unmet、open：区间与上限或达标值相比", "met, unmet or open: the interval against the bound";
        warning: Option<Text>, "", "crosses 越线、recovers 转好、stays_unmet 仍未达标；may_cross 区间触及界限，或趋势线终点在界限外而方向相反；none", "crosses, recovers, stays_unmet; may_cross: the interval reaches the bound, or the line ends beyond it while it leads away from it; none";
        crossing_year: Option<Year>, "", "越线的年份", "year of the crossing";
        why_not: Option<Text>, "", "不能预测的原因：no_value、too_few_years、not_in_last_year；gap 为中间缺年", "no_value, too_few_years, not_in_last_year where nothing is projected; gap where a year is missing";
    }
}

table! {
    /// Enrolment shocks, in which pupils change and resources stay: one row per district, section and indicator.
    shocks, "学生数变化而资源不变时的影响：每个县域每学段每项指标一行" {
        level: Text, "", "district", "district";
        district_code: Text, "", "县域代码", "code of the district";
        district_name: Option<Text>, "", "县域名称", "name of the district";
        year: Option<Year>, "", "现状的年份", "year of the state before";
        section: Option<SectionId>, "", "学段", "section";
        indicator: Option<Text>, "", "指标编号", "id of the indicator";
        to_year: Year, "", "变化到的年份", "year of the state after";
        students_before: Option<Number>, "人", "现在的学生数", "pupils before";
        students_after: Option<Number>, "人", "届时的学生数", "pupils after";
        mean_before: Option<Number>, "the indicator's unit", "现在的平均值", "mean before";
        mean_after: Option<Number>, "the indicator's unit", "届时的平均值", "mean after";
        cv_before: Option<Number>, "", "现在的差异系数", "CV before";
        cv_after: Option<Number>, "", "届时的差异系数", "CV after";
        schools: Option<Count>, "", "学校数", "schools";
        schools_met_before: Option<Count>, "", "现在达到达标值的学校数", "schools that reach the threshold before";
        schools_met_after: Option<Count>, "", "届时达到达标值的学校数", "schools that reach the threshold after";
        threshold: Option<Number>, "", "达标值", "threshold";
        limit: Option<Number>, "", "差异系数上限", "limit of the CV";
        warning: Option<Text>, "", "差异系数上限：crosses、recovers、stays_unmet、none", "of the CV's limit: crosses, recovers, stays_unmet or none";
        mean_warning: Option<Text>, "", "平均值的达标值：同上", "the same of the mean's threshold";
    }
}

of_district_year!(panel, standings, coverage, decomposition, influence, comparison, class_sizes);
