"""Mail, clippings, saved pages, subtitles and wire items are known by their content, whatever the file is called."""

import pytest

from briefings.ingest.formats.file_type import FileType, detect_file_type

MAIL = b"From: Jane Roe <a@e.example>\nTo: b@e.example\nSubject: Library\nDate: Thu, 30 Jun 2016 10:00:00 +0100\n"
RELATED = b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n'
SAVED_AS_TEXT = b"From:\tJane Roe\nSent:\t30 June 2016 10:00\nTo:\tDesk\nSubject:\tLibrary\n\nText"


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (MAIL + b"\nText", "a.eml", FileType.EMAIL),
        (MAIL + b"MIME-Version: 1.0\n\nText", "a", FileType.EMAIL),
        (b"Authentication-Results: e.example; spf=pass\n" + MAIL + b"Received: x\n\nText", "a.x", FileType.EMAIL),
        (SAVED_AS_TEXT, "a.txt", FileType.EMAIL),
        (b"From here on\nall was well.\n\nSubject: to change", "a.txt", FileType.TEXT),
        (b"Title: The count\nDate: 2016-06-30\n\nText", "a.txt", FileType.TEXT),
        (MAIL + RELATED, "a.eml", FileType.EMAIL),
        (b"Subject: x\n" + RELATED, "a.mht", FileType.MHTML),
        (b"From: <Saved by Blink>\nTo: x\n" + RELATED, "a", FileType.MHTML),
        (b"From a@e.example Thu Jun 30 10:00:00 2016\n" + MAIL, "a", FileType.MAILBOX),
        (b"\n\n     1 of 3 DOCUMENTS\n", "a.txt", FileType.NEXIS),
        (b"Dokument 1 von 3\n", "a.txt", FileType.NEXIS),
        (b"Library\nThe Tribune\nJune 29, 2016\n\nLength: 280 words\n\nBody\n\nText", "a.txt", FileType.NEXIS),
        (b"HD\tLibrary\nWC\t120 words\nPD\t30 June 2016\n", "a.txt", FileType.FACTIVA),
        (b"<html><head><title>Factiva</title>", "a.html", FileType.FACTIVA),
        (b'<html><body><div class="article deArticle">', "a.html", FileType.FACTIVA),
        (b'<html><body><div class="article featured-article">factiva.com', "a.html", FileType.HTML),
        (b"1\n00:00:01,000 --> 00:00:04,000\nText", "a.txt", FileType.SUBTITLES),
        (b"\xef\xbb\xbfWEBVTT\n", "a", FileType.SUBTITLES),
        (b'<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf.dtd"><nitf>', "a.xml", FileType.NITF),
        (b'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/">', "a.xml", FileType.NEWSML),
        (b"<?xml version='1.0'?>\n<!-- x -->\n<newsMessage>", "a", FileType.NEWSML),
        (b"<NewsML Version='1.2'>", "a.xml", FileType.NEWSML),
        (b"bplist00", "a.webarchive", FileType.WEBARCHIVE),
    ],
)
def test_a_file_is_known_by_its_content(head: bytes, name: str, expected: FileType) -> None:
    assert detect_file_type(head, name) is expected
