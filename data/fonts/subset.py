#!/usr/bin/env python3
"""Makes NotoSansSC-Regular.otf, the font of charts and PDFs, from Noto Sans CJK.

    apt-get install fonts-noto-cjk && pip install fonttools==4.* && python3 data/fonts/subset.py

Kept: every character of GBK (21,886), so that rare names show, every ideograph of the supplementary planes
that the font has (the four-byte characters of names), and Latin with its accents. Dropped: hinting, vertical
writing, the other languages' forms. Noto Sans CJK is under the SIL Open Font License 1.1 (OFL.txt).
"""

import hashlib
import sys
from pathlib import Path

from fontTools import subset

SOURCE = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
SIMPLIFIED_CHINESE = 2  # its number in the collection
FAMILY = "Noto Sans SC"


def characters() -> set[int]:
    found = set(range(0x20, 0x7F)) | set(range(0xA0, 0x180)) | set(range(0x20000, 0x33480))
    found |= {ord(c) for c in "㎡‑–—…≤≥≈−×·✓✗"}
    for high in range(0x81, 0xFF):
        for low in range(0x40, 0xFF):
            try:
                found.update(map(ord, bytes([high, low]).decode("gbk")))
            except UnicodeDecodeError:
                pass
    return found


def main() -> None:
    source = sys.argv[1] if len(sys.argv) > 1 else SOURCE
    out = Path(__file__).parent / "NotoSansSC-Regular.otf"
    options = subset.Options(hinting=False, font_number=SIMPLIFIED_CHINESE, layout_features=["kern"])
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "GSUB"]
    options.name_IDs = ["*"]
    font = subset.load_font(source, options)
    assert font["name"].getDebugName(1) == "Noto Sans CJK SC", font["name"].getDebugName(1)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    for record in list(font["name"].names):
        text = record.toUnicode()
        if "Noto Sans CJK SC" in text or "NotoSansCJKsc" in text:
            text = text.replace("Noto Sans CJK SC", FAMILY).replace("NotoSansCJKsc", "NotoSansSC")
            font["name"].setName(text, record.nameID, record.platformID, record.platEncID, record.langID)
    # The CFF table carries the name as well.
    cff = font["CFF "].cff
    cff.fontNames = ["NotoSansSC-Regular"]
    cff.topDictIndex[0].FullName, cff.topDictIndex[0].FamilyName = f"{FAMILY} Regular", FAMILY
    font["head"].modified = font["head"].created  # the same bytes every time
    font.recalcTimestamp = False
    subset.save_font(font, str(out), options)
    content = out.read_bytes()
    print(f"{out.name}: {len(content):,} bytes, sha256 {hashlib.sha256(content).hexdigest()}")


main()
