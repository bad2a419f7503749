"""Describe a file of the old Microsoft Office formats, which are not read, and say what to do with it.

Rule: the names of its streams decide. They are often beyond the first bytes; then the extension decides.
"""

#: first bytes of every such file (OLE compound file)
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_WORD = "an old Word file (.doc), which can't be read. Open it in Word or LibreOffice and save it as .docx."
_EXCEL = "an old Excel file (.xls), which can't be read. Open it in Excel or LibreOffice and save it as .xlsx."
_POWERPOINT = (
    "an old PowerPoint file (.ppt), which can't be read. Open it in PowerPoint or LibreOffice and export it as PDF."
)
_OUTLOOK = "an Outlook message (.msg), which can't be read. Open it in Outlook and save it as .eml or text."
_PROTECTED = "protected with a password, so it can't be read. Save it without the password."
_OTHER = "an old Microsoft Office file, which can't be read. Open it and save it as .docx, .xlsx or PDF."
#: names of streams, the most telling first: a message can contain a document
_STREAMS = (
    ("EncryptedPackage", _PROTECTED),
    ("EncryptionInfo", _PROTECTED),
    ("__properties_version1.0", _OUTLOOK),
    ("__nameid_version1.0", _OUTLOOK),
    ("PowerPoint Document", _POWERPOINT),
    ("WordDocument", _WORD),
    ("Workbook", _EXCEL),
)
_EXTENSIONS = {
    "doc": _WORD,
    "dot": _WORD,
    "xls": _EXCEL,
    "xlt": _EXCEL,
    "ppt": _POWERPOINT,
    "pps": _POWERPOINT,
    "msg": _OUTLOOK,
    # the new formats are ZIP files unless a password protects them
    "docx": _PROTECTED,
    "docm": _PROTECTED,
    "xlsx": _PROTECTED,
    "xlsm": _PROTECTED,
    "pptx": _PROTECTED,
    "pptm": _PROTECTED,
}


def describe_old_office(head: bytes, name: str) -> str:
    """Return what a file with `OLE_SIGNATURE` is and what to do; it completes the sentence "NAME is"."""
    for stream, description in _STREAMS:
        if stream.encode("utf-16-le") in head:
            return description
    return _EXTENSIONS.get(name.rpartition(".")[2].lower(), _OTHER)
