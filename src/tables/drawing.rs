//! A draw by lot, as it is recorded in a file.

use super::definition::table;

table! {
    /// One row per entry of the list that was drawn from, in its order; the record of the draw is the same in every row.
    draw, "抽取结果：名单中每个名字一行，按名单次序；抽取的记录每行相同" {
        name: Text, "", "名称或姓名", "name";
        code: Option<Text>, "", "代码", "code";
        group: Option<Text>, "", "所在的组；按组抽取（--by）时有", "its group, where the draw is by groups (--by)";
        drawn: YesNo, "", "是否抽中", "whether it was drawn";
        order: Option<Position>, "", "第几个抽中", "its place in the order drawn";
        excluded: YesNo, "", "是否回避（--avoid），回避的不参加抽取", "whether it was kept out of the draw (--avoid)";
        count: Position, "", "抽取数", "how many were to be drawn";
        seed: Text, "", "随机种子；用同一名单和种子可重复抽取", "the seed, with which the same list gives the same draw again";
        date: Text, "", "抽取日期", "day of the draw, YYYY-MM-DD";
        list: Text, "", "名单的文件名", "name of the list's file";
        list_sha256: Text, "", "名单文件的 SHA-256", "SHA-256 of the list's file";
        options: Text, "", "抽取的条件：--by、--avoid", "conditions of the draw: --by, --avoid";
        program: Text, "", "程序和版本", "program and version";
    }
}
