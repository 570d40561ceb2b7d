//! The calendar of a standard, as it is written to csv.

use super::definition::table;

table! {
    /// One row per step of the calendar. Dates are `YYYY-MM-DD`.
    calendar, "工作日程：每个环节一行；日期写作 YYYY-MM-DD" {
        step: Text, "", "环节编号", "id of the step";
        title: Text, "", "环节名称", "title of the step, in the run's language";
        kind: Text, "", "环节类别，即标准中的 kind；未写为空", "kind of the step as in the standard; empty where it has none";
        state: Text, "", "deadline 截止日期、period 起止日期、open 日期未定、not_due 本年不办、unknown 文件未规定日期", "deadline, period, open, not_due (in this year) or unknown";
        every: Text, "", "多久办理一次；每年一次的为空", "how often it is done; empty if once a year";
        from: Option<Text>, "", "开始日期；仅起止日期有", "first day; of a period alone";
        until: Option<Text>, "", "截止日期或最后一日", "the deadline, or the last day of a period";
        latest: Option<Text>, "", "日期未定的环节最迟到哪一日", "last possible day of a step whose own date is not known";
        ended: Option<Text>, "", "实际完成日期；未填为空", "day on which the step ended, where it was given";
        when: Text, "", "日期的完整说明", "the date as a sentence, with what it depends on";
        actor: Text, "", "由谁办理", "who does it";
        due: Text, "", "应交的材料", "what is due";
        said: Text, "", "文件原文", "the document's own words";
        clause: Text, "", "条款", "clause of the document";
        note: Text, "", "标准的说明", "what the standard notes";
    }
}
