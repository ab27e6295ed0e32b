"""One document is taken apart in a process of its own:  python -m verifier.readers pdf|xml  <document  >findings.json

The bytes come from strangers and go through two large libraries.  So the process gives up whatever it does not need
before it looks at the first of them: memory and time are bounded, no file and no connection can be opened, nothing can
be started.  It proves nothing: whoever asked judges the signatures and compares what is told here with the bytes.
"""

import json
import resource
import sys
from collections.abc import Callable
from typing import Any

from verifier.readers.refusal import Refused

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 4
# Ten signatures, each of which fills a PDF's usual room many times over.
OUTPUT_BYTES = 16 * 1024 * 1024


def main(kind: str) -> None:
    """Read the document from standard input, write what was found or why nothing was."""
    read = _reader(kind)
    _give_up_everything_else()
    try:
        found = read(sys.stdin.buffer.read())
    except Refused as refused:
        found = {"refused": refused.code, "detail": refused.detail}
    except (MemoryError, RecursionError):
        found = {"refused": "document.too_much_work", "detail": ""}
    sys.stdout.write(json.dumps(found))


def _reader(kind: str) -> Callable[[bytes], dict[str, Any]]:
    """The library is loaded only where it is needed, and as long as files can be opened."""
    if kind == "pdf":
        from verifier.readers import pdf_signatures

        return pdf_signatures.read
    from verifier.readers import xml_signatures

    xml_signatures.load_schemas()
    return xml_signatures.read


def _give_up_everything_else() -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_FSIZE, OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


if __name__ == "__main__":
    main(sys.argv[1])
