"""Writes small PDF files: text in Helvetica at given places, enough for tests and benchmarks of reading them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of text with the place of its first letter in points, from the left and from the bottom."""

    text: str
    x: float = 72
    y: float = 700
    size: float = 11
    #: name of the font: F1 (Helvetica), F2 (without a table of letters)
    font: str = "F1"


def place_lines(text: str, x: float = 72, y: float = 700, size: float = 11, leading: float = 13.2) -> list[Placed]:
    """Place the lines of a text below each other; an empty line is a gap."""
    return [Placed(line, x, y - number * leading, size) for number, line in enumerate(text.split("\n")) if line.strip()]


def write_pdf(
    pages: Sequence[Sequence[Placed]],
    info: Mapping[str, str] | None = None,
    *,
    has_picture: bool = False,
    trailer: str = "",
) -> bytes:
    """Return the bytes of a PDF file with these pages. `trailer` is added to its trailer dictionary."""
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Odd /Encoding << /Differences [32 " + b" /g1" * 90 + b"] >> >>",
        b"<< " + b" ".join(f"/{k} ({v})".encode("cp1252") for k, v in (info or {}).items()) + b" >>",
    ]
    for number, page in enumerate(pages):
        content = b"\n".join(_draw(item) for item in page)
        if has_picture:
            content += b"\n0 0 612 792 re f"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {7 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>".encode(),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        ]
    data = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    end = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 5 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n"
    return bytes(data) + end.encode()


def _draw(item: Placed) -> bytes:
    text = item.text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return f"BT /{item.font} {item.size} Tf {item.x} {item.y} Td (".encode() + text + b") Tj ET"
