"""More odd texts for the cost benchmark: endless sentences, dates, tables, scripts, markup. All are invented."""

from collections.abc import Iterator

_UNITS = {
    "endless_sentence": "and the bridge that the mayor whom the nurse who said it met had seen ",
    "quotation_only": "“we wait and we wait and ” ",
    "nested_quotes": "“she said ‘he said “they said ‘no’ then” again’ and left” ",
    "straight_quotes": "\" ' \" ' ",
    "apostrophes": "the Roes' and Doe's 'n' O'Roe's ",
    "one_token": "x",
    "one_token_marks": "x-y_z/",
    "dates": "on 5 May 2016, on Monday, 06/05/2016, last week, in June, a day later, ",
    "money": "$1.5bn or £3m, 40,000 people, 12 per cent, 3.5 miles, ",
    "said_said": "said said said told says ",
    "transcript_labels": "Q. Why?\nA. No.\nTHE COURT: Go on.\nMr. ROE: Yes.\n",
    "pipe_table": "| Roe | 12 | “yes” |\n",
    "tab_table": "Roe\t12\tyes\n",
    "arabic": "قال العمدة إن الجسر سيفتح قريبا. ",
    "hebrew_quotes": "ראש העיר אמר: „הגשר ייפתח בקרוב”. ",
    "chinese": "市长说：“大桥即将开放。”",
    "combining": "e\u0301\u0302\u0303 a\u0308\u0301 ",
    "zero_width": "a\u200bb\u200dc\ufeff d\u00ad ",
    "emoji": "👩‍👩‍👧 said 🙂 ",
    "blank_lines": "\n \n\t\n",
    "bullets": "* “No,” Roe says\n- Doe: “Yes”\n",
    "ellipses": "… and … then … ",
    "links": "https://paper.example/a?b=c,d. www.paper.example ",
    "addresses": "jane@paper.example, @roe #easton ",
    "abbreviations": "Mr. Roe, Dr. Doe, Sen. Roe (R-Easton), U.S. Rep. J. Doe Jr. said. ",
    "questions": "Who said? Did she? Will he? ",
    "headers": "From: Jane Roe\nDate: Monday\nSubject: Bridge\n\n",
    "deep_html": "<div>",
    "deep_inline_html": "<p><b><i>",
    "many_paragraphs_html": "<p>Yes.</p>",
    "attributes_html": '<p class="a b c" id="d" data-e="f">Roe said no.</p>',
    "link_list_html": '<li><a href="/a">Roe said</a></li>',
    "table_html": "<table><tr><td>Roe</td><td>12</td></tr></table>",
    "entities_html": "<p>&ldquo;Yes&rdquo; &amp;amp; &#8220;no&#8221;</p>",
    "comments_html": "<!-- a --><p>Roe</p><!--",
    "quotes_html": "<blockquote><p>We wait.</p><cite>Jane Roe</cite></blockquote><q>no</q>",
    "scripts_html": '<script>var a="<p>";</script><style>p{}</style>',
    "json_ld_html": '<script type="application/ld+json">{"@type":"NewsArticle","author":[{"name":"Roe"}]}</script>',
    "meta_html": '<meta property="og:title" content="Bridge"><meta name="author" content="Jane Roe">',
    "headings_html": "<h2>Roe</h2><p>said</p>",
}


def build_odd_texts(size: int) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each kind, with `size` characters. Those of a name with "html" are markup."""
    for name, unit in _UNITS.items():
        yield name, (unit * (size // len(unit) + 1))[:size]
