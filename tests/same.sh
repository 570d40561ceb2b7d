#!/usr/bin/env bash
# Does a new program write what an old one wrote? Runs two programs on the same inputs and compares every file,
# everything on the screen and every exit code.
#
#   tests/same.sh OLD NEW                     everything; code 1 and a list where something differs
#   tests/same.sh --only scores,words OLD NEW one or several parts (see below)
#   tests/same.sh --keep DIR OLD NEW          leaves the results in DIR/old and DIR/new, the list in DIR/report.txt
#   tests/same.sh --all OLD NEW               every difference of a file, not only the first three
#   tests/same.sh DIR/old NEW                 a folder of earlier results in the place of a program: half the time
#   tests/same.sh --self-check PROGRAM        shows that one changed digit is found in every kind of file
#
# OLD and NEW are programs (target/debug/junheng) or folders that --keep left.
#
# Parts: words (help, errors, standards, templates, calendars, checks, made counties) · scores (a scoring run for
# each scoring standard) · years (eight made districts over seven years, their store, studies and annual report) ·
# sheet-zh sheet-en exports-zh exports-en forms-zh forms-en (the demonstration county by the national rules and by
# daxiang, with all documents) · again (the other standards, a ledger carried on, pipelines, single tables, explain).
# `county` stands for the last seven. Two parts run at a time.
#
# What is compared, and the little that must differ and is left out, stands at the head of tests/same.py.
set -euo pipefail

project="$(cd "$(dirname "$0")/.." && pwd)"
county="sheet-zh sheet-en exports-zh exports-en forms-zh forms-en again"
every="years $county scores words"
# The day of every run, where a command takes one.
day=2026-01-15

usage() {
    sed -n '2,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "$0"
    exit 2
}

only="$every" keep="" checking="" most=3
while [ "$#" -gt 0 ]; do
    case "$1" in
    --only) only="${2//,/ }" && shift 2 ;;
    --keep) keep="$2" && shift 2 ;;
    --all) most=1000000 && shift ;;
    --self-check) checking=yes && shift ;;
    --*) usage ;;
    *) break ;;
    esac
done
only="${only//county/$county}"
for part in $only; do
    [[ " $every " == *" $part "* ]] || { echo "no such part: $part (parts: $every)" >&2 && exit 2; }
done

target="${CARGO_TARGET_DIR:-$project/target}"
python="${JUNHENG_PYTHON:-$target/python/bin/python}"
if ! "$python" -c "import duckdb, openpyxl" 2>/dev/null; then
    python="$target/python/bin/python"
    python3 -m venv "$target/python"
    "$python" -m pip install --quiet --disable-pip-version-check duckdb openpyxl python-docx icalendar numpy
fi
command -v pdftotext >/dev/null || { echo "pdftotext is missing (poppler-utils)" >&2 && exit 2; }

# Runs the program with the arguments that follow NAME; its screen and exit code go to NAME.screen.
run() {
    local name="$1" code=0
    shift
    "$program" "$@" >"$name.out" 2>"$name.err" || code=$?
    { echo "$ junheng $*" && cat "$name.out" && echo "--- stderr" && cat "$name.err" && echo "--- code $code"; } \
        >"$name.screen"
    rm "$name.out" "$name.err"
}

# The demonstration county from the inputs given: all documents, two standards.
demonstration() {
    run assess assess "${@:2}" --lang "$1" --standard quality-balance-2017 --standard daxiang --date $day --out result
}

part_sheet-zh() { demonstration zh data/demo/大祥区.xlsx; }
part_sheet-en() { demonstration en data/demo/大祥区.xlsx; }
part_exports-zh() { demonstration zh data/demo/exports; }
part_exports-en() { demonstration en data/demo/exports; }
part_forms-zh() { demonstration zh data/demo/forms; }
part_forms-en() { demonstration en data/demo/forms; }

part_again() {
    local sheet=data/demo/大祥区.xlsx lang
    run others assess $sheet --standard basic-balance-2012 --standard shenyang --no-pdf --no-charts --date $day --out others
    run first assess $sheet --standard daxiang --no-pdf --no-charts --no-html --date $day --out first
    run ledger assess data/demo/exports data/demo/forms/区县填报表.xlsx --standard daxiang --reliefs \
        --ledger first/gaps.xlsx --no-pdf --no-charts --no-html --date 2026-03-01 --out second
    run over assess $sheet --standard daxiang --set rooms=together --no-documents --date $day --out first
    run facts assess first/facts.parquet --no-documents --json --out facts
    run stream assess facts/facts.parquet --tables districts,dispersion --fail-unless-ready --out stream
    run both assess $sheet data/demo/exports data/demo/forms --no-documents --out both
    run pipeline run pipelines/demo.toml --no-pdf --no-charts --date $day --out pipeline
    run flawed synth --flaws --out flawed
    for lang in zh en; do
        run flawed-$lang assess flawed/大祥区.xlsx flawed/forms --lang $lang --no-pdf --no-charts --date $day \
            --out flawed-$lang
        for asked in "红旗路小学 L5" "红旗路小学 L5 --section primary" "滨江学校 L4" "- G11" "红旗路小学 G5" \
            "没有的学校 L1" "红旗路小学 L99" "- 4"; do
            # shellcheck disable=SC2086
            run "explain-$lang-${asked// /-}" explain both $asked --lang $lang
        done
        run explain-$lang-daxiang explain first 红旗路小学 5 --lang $lang
        run explain-$lang-others explain others - CV --lang $lang --standard basic-balance-2012
    done
}

part_scores() {
    local standard lang file unit
    local -A asked=([bayannur-2020]="临河区 27" [taobei-2023]="实验学校 C1" [akqi-2021]="县教育和科学技术局 1"
        [inner-mongolia]="呼和浩特市 1")
    printf '名称,代码\n实验学校,1\n第二中学,2\n第三小学,3\n' >units-taobei-2023.csv
    printf '名称,代码\n呼和浩特市,1501\n包头市,1502\n乌海市,1503\n' >units-inner-mongolia.csv
    for standard in bayannur-2020 taobei-2023 akqi-2021 inner-mongolia; do
        file=units-$standard.csv unit=()
        [ ! -f $file ] || unit=(--units $file)
        for lang in zh en; do
            run synth-$standard-$lang synth --standard $standard "${unit[@]}" --lang $lang --seed 3 --out made-$standard-$lang
            run score-$standard-$lang score made-$standard-$lang --standard $standard --lang $lang --date $day \
                --out scores-$standard-$lang
            # shellcheck disable=SC2086
            run explain-$standard-$lang explain scores-$standard-$lang ${asked[$standard]} --lang $lang
        done
        run synth-$standard-next synth --standard $standard "${unit[@]}" --seed 4 --year 2026 --out next-$standard
        run score-$standard-next score next-$standard --standard $standard --last-year scores-$standard-zh --date $day \
            --no-documents --json --out scores-$standard-next
    done
    run score-with-data score made-bayannur-2020-zh data/demo/大祥区.xlsx --standard bayannur-2020 --no-documents --out data-too
}

part_years() {
    local places=(--crosswalk made/crosswalk.csv --regions made/regions.csv) lang
    run synth synth --years 2018..2024 --districts 8 --schools 20 --out made
    run add store add made/years --store store
    run add-again store add made/years --store store --lang en
    for lang in zh en; do
        run panel-$lang panel --store store "${places[@]}" --group location --group city --lang $lang --out panel-$lang
        run equity-$lang equity --store store "${places[@]}" --lang $lang --out equity-$lang
        run outlook-$lang outlook --store store "${places[@]}" --to 2028 --rate -0.03 --lang $lang --out outlook-$lang
        run annual-$lang annual --year 2024 --store store "${places[@]}" --lang $lang --date $day --out annual-$lang
    done
    run alone panel --store store --years 2022..2024 --districts 430502 --out alone
    run synth-other synth --years 2023..2024 --districts 8 --schools 20 --seed 2 --out other
    run corrected store add other/years --store store
    run as-of panel --store store --as-of 1 "${places[@]}" --replicates 50 --no-xlsx --out as-of
    run equity-of equity --store store "${places[@]}" --of all --of province --replicates 50 --out equity-of
    for lang in zh en; do
        run log-$lang store log --store store --lang $lang
        run diff-$lang store diff 430502 2024 --store store --lang $lang --out difference-$lang.csv
        run verify-$lang store verify --store store --lang $lang
    done
    run log-json store log --store store --json --district 430502
    run verify-json store verify --store store --json
    run nothing annual --year 2030 --store store --out nothing
    run assess assess made/years/2024.csv --no-documents --out assessed
}

# The help of a command, and of those that it lists.
helps() {
    local inner words="${*:2}"
    run "help-$1-${words// /-}" "${@:2}" --help --lang "$1"
    for inner in $("$program" "${@:2}" --help --lang en | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p'); do
        helps "$@" "$inner"
    done
}

part_words() {
    local lang standard
    for lang in zh en; do
        helps $lang
        run list-$lang standards list --lang $lang
        for standard in "$project"/data/standards/*.toml; do
            standard="$(basename "$standard" .toml)"
            run show-$lang-$standard standards show $standard --lang $lang
            run check-$lang-$standard standards check $standard --lang $lang
            run template-$lang-$standard template --standard $standard --lang $lang --out template-$lang-$standard.xlsx
            run offices-$lang-$standard template --standard $standard --units members --year 2026 --lang $lang \
                --out offices-$lang-$standard.xlsx
            run calendar-$lang-$standard calendar --standard $standard --year 2026 --lang $lang --out $lang-$standard.ics
            run sql-$lang-$standard explain --sql --standard $standard --lang $lang
        done
        # Wrong usage and bad input.
        run wrong-$lang-1 ases x --lang $lang
        run wrong-$lang-2 assess --lang $lang
        run wrong-$lang-3 assess x --yeer 2024 --lang $lang
        run wrong-$lang-4 assess x --tables facts,dispersions --lang $lang
        run wrong-$lang-5 assess data/demo/大祥区.xlsx --set rounding=x --lang $lang
        run wrong-$lang-6 assess data/demo/大祥区.xlsx --standard shenyan --lang $lang
        run wrong-$lang-7 assess nothing.xlsx --lang $lang
        run wrong-$lang-8 explain . 一小 L4 --lang $lang
        run wrong-$lang-9 panel --store nothing --lang $lang
        run wrong-$lang-10 score data/demo --standard daxiang --lang $lang
        run wrong-$lang-11 check README.md --lang $lang
        run check-$lang-sheet check data/demo/大祥区.xlsx --lang $lang
        run check-$lang-exports check data/demo/exports --lang $lang --strict
        run flaws-$lang synth --flaws --lang $lang --seed 5 --out flawed-$lang
        run check-$lang-flaws check flawed-$lang/forms --lang $lang
        run check-$lang-annotated check flawed-$lang/大祥区.xlsx --lang $lang --out annotated-$lang
        run check-$lang-json check flawed-$lang/exports --lang $lang --json
    done
    run show-json standards show daxiang --json
    run schema standards schema
    run each template --standard akqi-2021 --units members --year 2026 --each --out each
    run county synth --seed 7 --schools 12 --out county
    run version --version
}

# Runs a part with the program $1 in the folder $2/PART.
part() {
    program="$1"
    mkdir -p "$2/$3"
    cd "$2/$3"
    # Copies, named by relative paths: messages do not name this machine's folders.
    mkdir data && cp -r "$project/data/demo" data/ && cp -r "$project/pipelines" .
    cp "$project/README.md" .
    "part_$3"
    touch finished
}

# In braces: read whole before it starts, so that the script may be edited while it runs.
{
[ -n "$keep" ] || { keep="$(mktemp -d)" && trap 'rm -rf "$keep"' EXIT; }
mkdir -p "$keep"
keep="$(realpath "$keep")"

if [ -n "$checking" ]; then
    [ "$#" = 1 ] || usage
    program="$(realpath "$1")" && rm -rf "$keep/checked" && mkdir "$keep/checked" && cd "$keep/checked"
    run assess assess "$project/data/demo/大祥区.xlsx" --date $day --out result
    run calendar calendar --standard akqi-2021 --year 2026 --out dates.ics
    "$python" "$project/tests/same.py" --self-check "$keep/checked"
    exit
fi

[ "$#" = 2 ] || usage
begun=$SECONDS
jobs=()
for which in old new; do
    given="$(realpath "$1")" && shift
    if [ -d "$given" ]; then
        declare "folder_$which=$given"
    else
        [ -x "$given" ] || { echo "neither a program nor a folder: $given" >&2 && exit 2; }
        declare "folder_$which=$keep/$which"
        rm -rf "${keep:?}/$which" && mkdir "$keep/$which"
        # A copy: what is built anew meanwhile does not change the comparison.
        cp "$given" "$keep/$which.program"
        jobs+=("$which")
    fi
done
for name in $only; do
    for which in "${jobs[@]}"; do
        while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n || true; done
        echo "$((SECONDS - begun)) s: $name, $which" >&2
        (part "$keep/$which.program" "$keep/$which" "$name") &
    done
done
wait
rm -f "$keep"/*.program
ran=$((SECONDS - begun))
code=0
# shellcheck disable=SC2154
"$python" "$project/tests/same.py" "$folder_old" "$folder_new" --most "$most" --parts "${only// /,}" \
    >"$keep/report.txt" || code=$?
cat "$keep/report.txt"
echo "$ran s to run, $((SECONDS - begun - ran)) s to compare"
exit "$code"
}
