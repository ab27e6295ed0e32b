"""Code -> sentence of why a file is not kept."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Final[dict[str, Promise]] = {
    "evidence.empty": _("The file is empty. Choose the file again."),
    "evidence.too_large": _("The file is larger than 10 MB. Reduce it, or divide it into several files."),
    "evidence.unknown_type": _(
        "The file is neither PDF nor PNG nor JPEG. Its content decides, not its name: export it as PDF."
    ),
    "evidence.wrong_extension": _(
        "The name of the file ends differently from what the file is. "
        "Rename it so that it ends in .pdf, .png, .jpg or .jpeg as its content is."
    ),
    "evidence.damaged": _("The file is not whole. Save or scan it again and choose the new file."),
    "evidence.two_in_one": _(
        "The file holds something besides its document or picture. Print it to a new PDF and choose that one."
    ),
    "evidence.active": _(
        "The PDF holds a program or an attached file. Print it to a new PDF without them and choose that one."
    ),
    "evidence.too_many_pixels": _("The picture has more than 100 million pixels. Scan it with a lower resolution."),
}


def sentence(code: str) -> str:
    """The sentence for a code of this app, in the present language; KeyError for an unknown code."""
    return str(SENTENCES[code])
