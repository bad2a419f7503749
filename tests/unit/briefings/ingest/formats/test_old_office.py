"""Files of the old Office formats are refused by name, with what to do."""

import pytest

from briefings.errors import BadInput
from briefings.ingest.formats.file_type import detect_file_type
from briefings.ingest.formats.old_office import OLE_SIGNATURE


@pytest.mark.parametrize(
    ("name", "stream", "message"),
    [
        ("a.doc", "", "a.doc is an old Word file (.doc), which can't be read. Open it in Word or LibreOffice"),
        ("a.DOT", "", "an old Word file"),
        ("a.bin", "WordDocument", "an old Word file"),
        ("a.xls", "", "an old Excel file"),
        ("a.doc", "Workbook", "an old Excel file"),
        ("a.ppt", "", "an old PowerPoint file"),
        ("a.bin", "PowerPoint Document", "an old PowerPoint file"),
        ("a.msg", "", "an Outlook message (.msg), which can't be read. Open it in Outlook and save it as .eml"),
        ("a.bin", "__properties_version1.0", "an Outlook message"),
        ("a.docx", "", "a.docx is protected with a password, so it can't be read. Save it without the password."),
        ("a.bin", "EncryptedPackage", "protected with a password"),
        ("a.bin", "", "an old Microsoft Office file"),
    ],
)
def test_old_office_file_is_refused_with_what_to_do(name: str, stream: str, message: str) -> None:
    with pytest.raises(BadInput) as error:
        detect_file_type(OLE_SIGNATURE + bytes(600) + stream.encode("utf-16-le"), name)
    assert message in str(error.value)
