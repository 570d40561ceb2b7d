//! What the program does for the sentences of a document, as it is written to csv.

use super::definition::table;

table! {
    /// One row per sentence of a standard's document, in its order.
    sentences, "文件逐句对照：文件的每一句一行，按原文次序" {
        number: Count, "", "在文件中的次序", "position in the document";
        clause: Text, "", "所在的项、条或标题", "item, article or heading that it stands under";
        text: Text, "", "文件原文", "as in the document";
        does: Text, "", "computed 计算、asked 要求填报、reminded 列入日程、printed 印出、context 不作要求、none 没有对应的功能", "computed, asked, reminded, printed, context (asks nobody for anything) or none";
        by: Text, "", "标准文件中与之对应的编号，用空格隔开", "what carries it in the standard file, separated by blanks";
        how: Text, "", "程序的处理", "what the program does for it, in the run's language";
    }
}
