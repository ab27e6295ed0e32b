"""What strangers add to a PDF that its holder signed, or prepare in it before: updates for `made.updated_pdf`."""

from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.sign.fields import SigFieldSpec, append_signature_field, enumerate_sig_fields

PAGE = (0, 0, 595, 842)


def dictionary(**values: Any) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(f"/{name}"): value for name, value in values.items()})


def numbers(*values: int) -> generic.ArrayObject:
    return generic.ArrayObject([generic.NumberObject(each) for each in values])


def picture(text: str = "ten times as much") -> generic.StreamObject:
    """A white sheet with a line of text, as large as the page."""
    form = dictionary(Type=pdf_name("/XObject"), Subtype=pdf_name("/Form"), BBox=numbers(*PAGE))
    shown = f"1 g 0 0 595 842 re f 0 g BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
    return generic.StreamObject(dict_data=dict(form), stream_data=shown.encode())


def a_box(writer: Any, name: str = "Box", box: tuple[int, int, int, int] | None = PAGE) -> None:
    """An empty signature field as large as the page."""
    append_signature_field(writer, SigFieldSpec(name, on_page=0, box=box))


def a_covering_box(writer: Any) -> None:
    """And what it shows lies over the page."""
    a_box(writer)
    painted(writer)


def painted(writer: Any) -> None:
    """The box gets its picture."""
    _shown_by(writer, writer.add_object(picture()))


def _shown_by(writer: Any, shown: Any, **values: Any) -> None:
    ((_, _, field),) = enumerate_sig_fields(writer, with_name="Box")
    for name, value in {"AP": dictionary(N=shown), **values}.items():
        field.get_object()[pdf_name(f"/{name}")] = value
    writer.update_container(field.get_object())


def hidden_sheet(writer: Any) -> None:
    """A picture that nothing shows, and the corners of the page, kept for later."""
    writer.root[pdf_name("/PieceInfo")] = dictionary(
        Sheet=writer.add_object(picture()),
        Corners=generic.ArrayObject([writer.add_object(each) for each in numbers(*PAGE)]),
    )
    writer.update_root()


def a_box_with_the_hidden_sheet(writer: Any) -> None:
    """Its corners are named by reference, so that a careless reader sees none."""
    a_box(writer, box=(0, 0, 1, 1))
    kept = writer.root["/PieceInfo"]
    _shown_by(writer, kept.raw_get("/Sheet"), Rect=kept["/Corners"])


def a_text_field(writer: Any) -> None:
    """It holds 1000 and shows 100."""
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    field = dictionary(
        FT=pdf_name("/Tx"),
        T=generic.TextStringObject("Amount"),
        Type=pdf_name("/Annot"),
        Subtype=pdf_name("/Widget"),
        Rect=numbers(70, 700, 300, 740),
        V=generic.TextStringObject("1000"),
        AP=dictionary(N=writer.add_object(picture("100"))),
    )
    reference = writer.add_object(field)
    page[pdf_name("/Annots")] = generic.ArrayObject([reference])
    writer.update_container(page)
    writer.root[pdf_name("/AcroForm")] = dictionary(Fields=generic.ArrayObject([reference]))
    writer.update_root()


def in_the_form(name: str, value: Any) -> Any:
    """An entry of the form is set."""

    def update(writer: Any) -> None:
        form = writer.root["/AcroForm"]
        form[pdf_name(f"/{name}")] = value
        writer.update_container(form)

    return update


def in_the_catalog(name: str, value: Any) -> Any:
    """An entry of the document's catalog is set."""

    def update(writer: Any) -> None:
        writer.root[pdf_name(f"/{name}")] = value
        writer.update_root()

    return update


def a_script() -> generic.DictionaryObject:
    return dictionary(S=pdf_name("/JavaScript"), JS=generic.TextStringObject("app.alert(1)"))


def text_filled_in(writer: Any) -> None:
    field = writer.root["/AcroForm"]["/Fields"][0]
    field[pdf_name("/V")] = generic.TextStringObject("9000")
    writer.update_container(field)


def validation_data(writer: Any) -> None:
    """A document security store (ETSI EN 319 142-1 clause 5.4.2)."""
    evidence = generic.ArrayObject([writer.add_object(generic.StreamObject(stream_data=b"a certificate"))])
    writer.root[pdf_name("/DSS")] = writer.add_object(dictionary(Certs=evidence))
    writer.update_root()


def a_field_with_the_same_signature(writer: Any) -> None:
    """The signature's dictionary once more, in a field of its own."""
    form = writer.root["/AcroForm"]
    copied = generic.DictionaryObject(form["/Fields"][0]["/V"])
    field = dictionary(FT=pdf_name("/Sig"), T=generic.TextStringObject("Again"), V=writer.add_object(copied))
    form["/Fields"].append(writer.add_object(field))
    writer.update_container(form["/Fields"])


def no_fields(writer: Any) -> None:
    """The form forgets what was signed."""
    in_the_form("Fields", generic.ArrayObject())(writer)
