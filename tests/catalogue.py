"""Every sentence for people has a Japanese one, and none is left over. Run as a script by `make check`."""

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests import parts

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("portal", "whitelist", "verifier", "testenv")
KEYWORDS = (
    "gettext_lazy",
    "gettext_noop",
    "_",
    "ngettext:1,2",
    "ngettext_lazy:1,2",
    "pgettext:1c,2",
    "pgettext_lazy:1c,2",
    "npgettext:1c,2,3",
    "npgettext_lazy:1c,2,3",
)


def used_messages() -> set[tuple[str, str]]:
    """(context, msgid) of every translatable text in modules and templates, found by xgettext."""
    from django.utils.translation.template import templatize

    xgettext = parts.find("xgettext")
    if xgettext is None:
        sys.exit("xgettext (package gettext) is missing on this machine")
    with tempfile.TemporaryDirectory() as folder:
        files = [str(path) for source in SOURCES for path in (ROOT / source).rglob("*.py")]
        for number, template in enumerate(path for s in SOURCES for path in (ROOT / s).rglob("*.html")):
            target = Path(folder) / f"{number}.py"
            target.write_text(templatize(template.read_text(encoding="utf-8")), encoding="utf-8")
            files.append(str(target))
        for number, template in enumerate(path for s in SOURCES for path in (ROOT / s).rglob("*.txt")):
            target = Path(folder) / f"text{number}.py"
            target.write_text(templatize(template.read_text(encoding="utf-8")), encoding="utf-8")
            files.append(str(target))
        output = Path(folder) / "found.po"
        options = ["-L", "Python", "--from-code=UTF-8", "--no-wrap", "-o", str(output)]
        keywords = [f"--keyword={keyword}" for keyword in KEYWORDS]
        subprocess.run([xgettext, *options, *keywords, *files], check=True, capture_output=True)
        return _keys(output)


def _keys(path: Path) -> set[tuple[str, str]]:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('msgstr ""\n', 'msgstr "-"\n').replace('msgstr[0] ""', 'msgstr[0] "-"'), "utf-8")
    return {key for key in compile_module().read(path) if key[1]}


def compile_module():
    """portal/locale/compile.py as a module: it lies outside every package."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("catalogue_compile", ROOT / "portal/locale/compile.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> int:
    used = used_messages()
    translated = {key for key in compile_module().catalogue("ja") if key[1]}
    missing, unused = sorted(used - translated), sorted(translated - used)
    for context, msgid in missing:
        print(f"no Japanese for: {context + ': ' if context else ''}{msgid!r}")
    for context, msgid in unused:
        print(f"translated but not used: {context + ': ' if context else ''}{msgid!r}")
    print(f"{len(used)} messages, {len(missing)} without Japanese, {len(unused)} not used")
    return 1 if missing or unused else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
