//! The tables of a scoring: the results of every unit for every item, part and heading, the entries made, and the
//! entries missing.
//!
//! `unit_standings` lacks the columns of a standard's own components (`component_…`), which follow `percent` in the
//! file.

use super::definition::table;

table! {
    /// One row per unit and item.
    item_scores, "每个单位每个指标项一行：得分", file "scores" {
        unit_code: Option<Text>, "", "单位代码", "code of the unit";
        unit: Text, "", "单位名称", "name of the unit";
        item: Text, "", "指标项编号", "id of the item";
        title: Text, "", "指标项名称", "title of the item, in the run's language";
        group: Option<Text>, "", "所属标题的编号", "id of the heading above it";
        state: Text, "", "scored 已得分、unmarked 未填、not_concerned 与该单位无关、not_assessed 不评估", "scored, unmarked, not_concerned or not_assessed";
        points: Option<Number>, "分", "分值", "points";
        score: Option<Number>, "分", "得分；未填齐的为空", "score; null while anything is unmarked";
        lost: Option<Number>, "分", "失分", "points that were lost";
        first_score: Option<Number>, "分", "整改前的得分；没有复评的为空", "score before rectification; null where nothing was marked again";
        rounds: Option<Text>, "", "各次评分的得分", "scores of the rounds that were combined";
        arithmetic: Option<Text>, "", "算式", "how parts and adjustments make the score";
        unmarked: Option<Text>, "", "尚未填写的编号", "ids of the entries that are still to be made";
        above: YesNo, "", "得分超过分值", "whether the score is above the points";
        marked_by: Option<Text>, "", "评分科室和评分人", "who marked it";
    }
}

table! {
    /// One row per unit and part of an item; then its adjustments, whose score is what they took off, below 0.
    part_scores, "每个单位每个计分点一行；其后是扣分项，得分为负", file "parts" {
        unit_code: Option<Text>, "", "单位代码", "code of the unit";
        unit: Text, "", "单位名称", "name of the unit";
        item: Text, "", "指标项编号", "id of the item";
        title: Text, "", "指标项名称", "title of the item, in the run's language";
        part: Option<Text>, "", "计分点编号", "id of the part";
        part_title: Option<Text>, "", "计分点名称", "title of the part";
        adjustment: YesNo, "", "是否扣分项", "whether it is an adjustment";
        points: Option<Number>, "分", "分值", "points";
        score: Option<Number>, "分", "得分", "score";
        arithmetic: Option<Text>, "", "算式", "the rule's arithmetic";
        unmarked: Option<Text>, "", "尚未填写的编号", "ids of the entries that are still to be made";
        above: YesNo, "", "得分超过分值", "whether the score is above the points";
        office: Option<Text>, "", "评分科室", "office that marked it";
        marker: Option<Text>, "", "评分人", "person who marked it";
        file: Option<Text>, "", "文件名", "name of the file";
        sheet: Option<Text>, "", "工作表名", "name of the sheet";
        cell: Option<Text>, "", "单元格", "address of the cell";
    }
}

table! {
    /// One row per unit and heading.
    heading_totals, "每个单位每个标题一行：合计", file "totals" {
        unit_code: Option<Text>, "", "单位代码", "code of the unit";
        unit: Text, "", "单位名称", "name of the unit";
        group: Text, "", "标题的编号", "id of the heading";
        label: Text, "", "文件中的序号", "its number in the document";
        title: Text, "", "标题", "title of the heading, in the run's language";
        within: Option<Text>, "", "上一级标题的编号；最高一级为空", "id of the heading above it; null at the top";
        level: Position, "", "级次，从 1 起", "depth, from 1";
        bonus: YesNo, "", "是否加分", "whether it is a bonus";
        headed_points: Option<Number>, "分", "文件所写的分值", "points as the document prints them";
        points: Option<Number>, "分", "与该单位有关的指标项的分值合计", "points of the items that concern the unit";
        score: Number, "分", "已有得分合计", "sum of what is scored so far";
        share: Option<Number>, "", "得分率", "score over points";
        complete: YesNo, "", "是否全部填齐", "whether nothing under it is unmarked";
    }
}

table! {
    /// One row per unit: its total, rank and grade.
    unit_standings, "每个单位一行：总分、名次、等级", file "standings" {
        unit_code: Option<Text>, "", "单位代码", "code of the unit";
        unit: Text, "", "单位名称", "name of the unit";
        points: Option<Number>, "分", "分值，不含加分", "points, without the bonus";
        score: Number, "分", "已有得分，不含加分", "score so far, without the bonus";
        bonus: Number, "分", "加分", "bonus";
        total: Option<Number>, "分", "总分；未填齐的为空", "score and bonus; null while anything is unmarked";
        percent: Option<Number>, "%", "总分占分值的百分比", "total in percent of the points";
        result: Option<Number>, "", "排名所用的结果", "what is ranked";
        arithmetic: Option<Text>, "", "结果的算式", "how components make the result";
        first_result: Option<Number>, "", "整改前的结果；没有复评的为空", "result before rectification; null where nothing was marked again";
        first_grade: Option<Text>, "", "整改前的等级", "grade before rectification";
        rank: Option<Position>, "", "名次，从 1 起", "rank, from 1";
        last_rank: Option<Position>, "", "上次名次", "rank of the time before";
        last_result: Option<Number>, "", "上次结果", "result of the time before";
        grade: Option<Text>, "", "等级", "grade, in the run's language";
        condition: Option<Text>, "", "等级的条件", "what the grade depends on besides the result";
        condition_confirmed: Option<YesNo>, "", "条件是否具备；未填为空", "whether it holds; null where nobody has said";
        between_grades: YesNo, "", "文件没有规定该分数的等级", "whether the document leaves the result between two grades";
        vetoed: Option<Text>, "", "一票否决的指标项", "items whose veto fell";
        unmarked: Position, "", "未填的个数", "how many entries are unmarked";
        aliases: Option<Text>, "", "别名", "other names of the unit";
    }
}

table! {
    /// One row per mark that was entered.
    marks_entered, "每个已填的评分一行", file "marks" {
        unit_code: Option<Text>, "", "单位代码", "code of the unit";
        unit: Text, "", "单位名称", "name of the unit";
        item: Option<Text>, "", "指标项编号", "id of the item";
        title: Option<Text>, "", "指标项名称", "title of the item, in the run's language";
        entry: Text, "", "填写项的编号", "id of the entry";
        what: Text, "", "填写项的名称", "what was to be entered";
        entered: Text, "", "所填内容", "what was entered";
        value: Option<Number>, "", "所填内容的数值", "what was entered, as a number";
        office: Option<Text>, "", "评分科室", "office that marked it";
        marker: Option<Text>, "", "评分人", "person who marked it";
        file: Option<Text>, "", "文件名", "name of the file";
        sheet: Option<Text>, "", "工作表名", "name of the sheet";
        cell: Option<Text>, "", "单元格", "address of the cell";
    }
}

table! {
    /// One row per unit and check of an item: the value that data gave, or that was entered because there are no data.
    evidence, "每个单位每项核对一行：数据算出的数值，或没有数据时填写的数值" {
        unit_code: Option<Text>, "", "单位代码", "code of the unit";
        unit: Text, "", "单位名称", "name of the unit";
        item: Text, "", "指标项编号", "id of the item";
        title: Text, "", "指标项名称", "title of the item, in the run's language";
        check: Option<Text>, "", "核对项编号", "id of the check";
        check_title: Option<Text>, "", "核对项名称", "title of the check";
        value: Option<Number>, "unit_of_value", "数值", "the value";
        required: Option<Number>, "unit_of_value", "应当达到的数值", "the value that is required";
        unit_of_value: Option<Text>, "", "数值的单位", "unit of the value";
        counts_rows: Option<YesNo>, "", "数值是否为学校（学段部）的个数", "whether the value says how many schools or sections meet it";
        met: Option<YesNo>, "", "是否达到；不能判断的为空", "whether it is met; null where it cannot be told";
        computed: YesNo, "", "由数据算出；否则为人工填写", "from data files; otherwise entered by hand";
        missing: Option<Text>, "", "缺少的项目", "facts that were looked for and not found";
        cells: Option<Text>, "", "数据所在的单元格", "cells that it comes from";
    }
}

table! {
    /// The register of papers: one row per unit and paper. Dates are `YYYY-MM-DD`.
    papers_received, "材料登记：每个单位每份材料一行；日期写作 YYYY-MM-DD", file "papers" {
        unit_code: Option<Text>, "", "单位代码", "code of the unit";
        unit: Text, "", "单位名称", "name of the unit";
        paper: Text, "", "材料编号", "id of the paper";
        title: Text, "", "材料名称", "title of the paper, in the run's language";
        due: Option<Text>, "", "截止日期；文件和登记表都没有的为空", "the last day on which it is in time; null where neither the document nor the register gives one";
        received: Option<Text>, "", "收到日期；未收到为空", "the day on which it was received; null where it was not";
        state: Text, "", "in_time 按时、late 迟报、received 已收到而无截止日期、not_received 未收到", "in_time, late, received (no due date is known) or not_received";
        days_late: Option<Position>, "天", "迟报天数；按时为 0", "days after the due date; 0 in time";
        complete: Option<YesNo>, "", "是否齐全；未填为空", "whether it is complete; null where it was not said";
        offices: Option<Text>, "", "接收科室", "offices that receive it";
        clause: Option<Text>, "", "条款", "clause of the document";
    }
}

table! {
    /// The register of what follows: one row per unit and consequence that it falls under. People decide.
    consequences, "结果运用登记：每个单位每种情形一行；程序只列名单，由人决定" {
        unit_code: Option<Text>, "", "单位代码", "code of the unit";
        unit: Text, "", "单位名称", "name of the unit";
        consequence: Text, "", "编号", "id of the consequence";
        title: Text, "", "处理方式", "the consequence, in the run's language";
        because: Text, "", "符合的情形", "the fact that brings the unit here";
        clause: Option<Text>, "", "条款", "clause that asks for it";
        decision: Option<Text>, "", "决定；由人填写", "what was decided; for people to fill in";
        date: Option<Text>, "", "决定日期；由人填写", "day of the decision; for people to fill in";
    }
}

table! {
    /// One row per unit and entry that is still to be made.
    entries_unmarked, "每个单位每个未填项一行", file "unmarked" {
        unit_code: Option<Text>, "", "单位代码", "code of the unit";
        unit: Text, "", "单位名称", "name of the unit";
        item: Option<Text>, "", "指标项编号", "id of the item";
        title: Option<Text>, "", "指标项名称", "title of the item, in the run's language";
        entry: Text, "", "填写项的编号", "id of the entry";
        what: Text, "", "填写项的名称", "what is to be entered";
        offices: Option<Text>, "", "应当填写的科室", "offices that are asked for it";
    }
}

table! {
    /// One row per score above its points, of a part or (without a part) of a whole item.
    scores_above, "得分超过分值的计分点或指标项，每个一行", file "above" {
        unit_code: Option<Text>, "", "单位代码", "code of the unit";
        unit: Text, "", "单位名称", "name of the unit";
        item: Text, "", "指标项编号", "id of the item";
        title: Text, "", "指标项名称", "title of the item, in the run's language";
        part: Option<Text>, "", "计分点编号；整个指标项的为空", "id of the part; null for the whole item";
        part_title: Option<Text>, "", "计分点名称", "title of the part";
        points: Option<Number>, "分", "分值", "points";
        score: Option<Number>, "分", "得分", "score";
        arithmetic: Option<Text>, "", "算式", "how the score was calculated";
    }
}

table! {
    /// One row per part of the items of each unit that handed in a self-assessment: its own mark beside the score. The
    /// file is there if any unit handed one in.
    self_assessments, "每个交了自评的单位每个计分点一行：自评分与评定的得分", file "self_assessment" {
        unit_code: Option<Text>, "", "单位代码", "code of the unit";
        unit: Text, "", "单位名称", "name of the unit";
        item: Text, "", "指标项编号", "id of the item";
        title: Text, "", "指标项名称", "title of the item, in the run's language";
        part: Text, "", "计分点编号", "id of the part";
        part_title: Option<Text>, "", "计分点名称", "title of the part";
        points: Option<Number>, "分", "分值", "points";
        self_mark: Option<Number>, "分", "自评分；未填为空", "the unit's own mark; null where it gave none";
        score: Option<Number>, "分", "评定的得分；未评为空", "the score given; null while it is not marked";
        difference: Option<Number>, "分", "自评分减得分：正数为自评偏高", "own mark minus score: above 0 where the unit marked itself higher";
        fact: Option<Text>, "", "事实", "what was done, in the unit's words";
        evidence: Option<Text>, "", "佐证材料", "evidence named by the unit";
        reason: Option<Text>, "", "失分原因", "why points were lost, in the unit's words";
        file: Option<Text>, "", "文件名", "name of the file";
        sheet: Option<Text>, "", "工作表名", "name of the sheet";
        cell: Option<Text>, "", "单元格", "address of the cell";
    }
}

table! {
    /// One row per unit and loss of points with each of its facts, then reasons that took no points off. A loss that a
    /// mark decided and nobody explained has no fact.
    reasons, "每个单位每处失分的每条事由一行；没有失分而写了事由的在后" {
        unit_code: Option<Text>, "", "单位代码", "code of the unit";
        unit: Text, "", "单位名称", "name of the unit";
        item: Text, "", "指标项编号", "id of the item";
        title: Text, "", "指标项名称", "title of the item, in the run's language";
        number: Text, "", "评分表上的编号", "number on the sheets of the scorebook";
        part_title: Option<Text>, "", "计分点或扣分项名称", "title of the part or the adjustment";
        lost: Option<Number>, "分", "失分；没有失分的为空", "points that were lost; null where none were";
        rule: Option<Text>, "", "计分规则", "how the standard scores it";
        arithmetic: Option<Text>, "", "算式", "the rule's arithmetic";
        unexplained: YesNo, "", "由评分决定而事由未填", "whether a mark decided it and nobody wrote a fact";
        fact: Option<Text>, "", "事实", "what was seen";
        evidence: Option<Text>, "", "佐证材料", "the document that proves it";
        document: Option<Text>, "", "文号", "number of that document";
        date: Option<Text>, "", "日期，照原样", "date of that document, as written";
        required: Option<Text>, "", "整改要求", "what is required of the unit";
        office: Option<Text>, "", "评分科室", "office that marked it or wrote the reason";
        file: Option<Text>, "", "文件名", "name of the file";
        sheet: Option<Text>, "", "工作表名", "name of the sheet";
        cell: Option<Text>, "", "单元格", "address of the cell";
    }
}

table! {
    /// What one unit lost: one row per item, the most points first. A file per unit, named after it.
    items_lost, "一个单位的失分：每个失分的指标项一行，失分多的在前" {
        item: Text, "", "指标项编号", "id of the item";
        title: Text, "", "指标项名称", "title of the item, in the run's language";
        heading: Option<Text>, "", "所属标题", "heading above it";
        points: Option<Number>, "分", "分值", "points";
        score: Option<Number>, "分", "得分", "score";
        lost: Option<Number>, "分", "失分", "points that were lost";
        arithmetic: Option<Text>, "", "算式", "how the score was calculated";
        facts: Option<Text>, "", "评分科室写明的事实", "the facts that offices wrote";
        proofs: Option<Text>, "", "佐证材料、文号、日期", "their evidence, with number and date";
        demanded: Option<Text>, "", "整改要求", "what is required of the unit";
        requirements: Option<Text>, "", "要求", "what the item asks for";
        marked_by: Option<Text>, "", "评分科室和评分人", "who marked it";
        cells: Option<Text>, "", "数据所在的单元格", "cells that it comes from";
    }
}

table! {
    /// The ledger of rectification: one row per loss of points, kept from run to run, and rows that people added.
    rectification, "整改台账：每处失分一行，逐次延续；以及人工添加的行" {
        number: Position, "", "序号，一经编定不变", "its number, which never changes";
        unit_code: Option<Text>, "", "单位代码；没有代码的为名称", "code of the unit, or its name if it has none";
        unit: Option<Text>, "", "单位名称", "name of the unit";
        item: Option<Text>, "", "指标项编号；人工添加的为空", "id of the item; null for a row that people added";
        title: Option<Text>, "", "指标项名称", "title of the item, in the run's language";
        part: Option<Text>, "", "计分点或扣分项编号", "id of the part or the adjustment";
        part_title: Option<Text>, "", "计分点或扣分项名称", "title of the part or the adjustment";
        problem: Option<Text>, "", "问题：事实和算式", "the facts, with the arithmetic";
        required: Option<Text>, "", "整改要求", "what is required of the unit";
        lost: Option<Number>, "分", "失分", "points that were lost";
        first: Option<Number>, "分", "初次得分", "score when the problem was found";
        score: Option<Number>, "分", "本次得分；复评解决的为复评得分", "score of this run; after rectification, the new one";
        offices: Option<Text>, "", "评分科室", "offices that marked it";
        due: Option<Text>, "", "完成期限", "when it is due";
        state: Text, "", "open 在办、overdue 逾期、back 反复、back_overdue 反复逾期、closed 已销号", "open, overdue, back, back_overdue or closed";
        state_in_words: Text, "", "状态的名称", "the state in the run's language";
        progress: Option<Text>, "", "进展", "progress, as people wrote it";
        evidence: Option<Text>, "", "销号的佐证材料", "evidence for the closing";
        found: Option<Text>, "", "发现日期", "day on which it was found";
        closed: Option<Text>, "", "销号日期", "day on which it was closed";
        earlier: Option<Text>, "", "前次销号日期", "earlier days of closing";
    }
}
