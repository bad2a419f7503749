"""Tell what a name in a `From` header is: an organisation, a person, or the account of a program.

Rule: when unclear it is neither. A post ("Press Officer") and general words ("News", "Service Desk") name no
organisation. Two words that start with a forename ("Tom Echo") may be a person, so they are no organisation.
"""

import re

from briefings.text.words import load_table

#: words for bodies that are hardly ever surnames
_BODY = (
    r"council|ministry|minist[eè]re|ministerium|department|dept|government|gov|parliament|senate|congress|assembly"
    r"|cabinet|commission|committee|agency|authority|bureau|police|university|institute|institut|nhs|association"
    r"|federation|foundation|society|corporation|ltd|limited|inc|plc|gmbh|llc|airport|alliance|coalition|initiative"
    r"|embassy|nations|international|presseamt|pressestelle|verlag|mairie|ayuntamiento|company|hospital|watch|rights"
)
#: words for bodies and outlets that are also surnames, places or parts of a sentence
_WEAK_BODY = (
    r"board|court|college|school|trust|party|union|club|centre|center|group|bank|newspaper|newswire|daily|weekly"
    r"|times|post|herald|tribune|gazette|guardian|telegraph|journal|chronicle|courier|observer|mirror|standard|echo"
    r"|argus|mercury|review|magazine|radio|television|tv|campaign|network|european|city|county|borough|district|state"
    r"|region|rathaus|stadt|zeitung|museum|church|diocese|chamber|theatre|regional"
)
#: words for parts of any body, which name none by themselves
_GENERAL = (
    r"press|presse|media|medien|news|newsroom|newsletter|newsdesk|office|offices|desk|team|services?|communications?|comms"
    r"|relations|pr|public|alerts?|updates?|bulletin|briefing|digest|releases?|affairs|external|corporate|department"
    r"|dept|group|company|agency|bureau|centre|center|unit|board|committee|network|club|union|party|school|college"
    r"|daily|weekly|monthly|magazine|review|radio|television|tv|court|bank|city|state|region|regional|district|county"
    r"|campaign|government|the|our|your|and|of|for|de|du|des|la|le|internal|international|european|limited|ltd|inc"
)
_ORGANISATION = re.compile(rf"\b(?:{_BODY}|{_WEAK_BODY}|{_GENERAL})\b", re.IGNORECASE)
#: the general words that show an organisation when a name stands with them: "Easton Press Office"
_SIGN = re.compile(
    rf"\b(?:{_BODY}|{_WEAK_BODY}|press|presse|media|news|newsroom|newsletter|newsdesk|office|desk|team|services?"
    r"|communications?|comms|relations|pr|alerts?|updates?|bulletin|briefing|digest)\b",
    re.IGNORECASE,
)
#: words for a body, and forms, that no surname is
_CLEAR_SIGN = re.compile(
    rf"\b(?:{_BODY}|(?:press|media|communications?) (?:office|team|desk))\b|\b(?:of|for)\b|^the\b", re.IGNORECASE
)
_GENERAL_NAME = re.compile(rf"(?:(?:{_GENERAL})\W*)+", re.IGNORECASE)
#: general names that press offices use
_PRESS_OFFICE = re.compile(
    r"(?:the )?(?:(?:central )?(?:press|media|news|communications?|comms|pr|public relations|media relations)"
    r"(?: and (?:press|media|communications?))? (?:office|team|desk|department|dept|services?|relations|centre|center"
    r"|bureau|unit)|press(?:estelle|eamt|ebüro)|(?:service|bureau) (?:de )?presse|public relations)",
    re.IGNORECASE,
)
#: posts that people have
_POST = re.compile(
    r"\b(?:\w*officer|manager(?:in)?|secretary|director|directeur|directrice|direktor(?:in)?|editor|redakteur(?:in)?"
    r"|spokes(?:man|woman|person)|\w*sprecher(?:in)?|porte[- ]parole|portavoz|portavoce|head|chief|leader|leiter(?:in)?"
    r"|responsable|attachée?|advis[eo]r|assistant|coordinator|correspondent|reporter|journalist(?:in)?|columnist"
    r"|executive|president|minister|mayor|councill?or|chair(?:man|woman|person)?|ceo|cfo|coo|vp|consultant|specialist"
    r"|lead|intern|producer|analyst|strategist|associate|representative|rep|liaison|contact|expert|writer"
    r"|photographer|professor|lecturer|researcher|clerk|commissioner|inspector|sergeant|constable|superintendent"
    r"|treasurer|trustee|partner|owner|founder|volunteer|administrator|engineer|planner|contractor|freelancer?)\b",
    re.IGNORECASE,
)
#: a body around a post: "Office of the Mayor", "Mayor's Office", "Association of Chief Officers"
_BODY_OF_POST = re.compile(
    rf"(?:.*\b(?:office|{_BODY})\s(?:of|for)\s.*|(?!.*\b(?:of|for|at)\b).*(?:['’]s? |s )(?:office|{_BODY}))",
    re.IGNORECASE,
)
#: forms that no person's name has: "The Lighthouse", "Friends of Easton"
_TITLE_OF_BODY = re.compile(
    r"The (?!.*\b(?:[Ff]amily|[Tt]eam|[Dd]esk)$)[A-Z].*"
    r"|(?:.* )?(?i:friends|citizens|people|doctors|nurses|teachers|parents"
    r"|women|men|mothers|workers|students|lawyers|architects|scientists|veterans|tenants|residents|neighbours|neighbors"
    r"|voices?|houses?|church|bank|city|town|county|state|republic|diocese|chamber|league|order|guild|museum|academy"
    r"|school|college|borough|village|port|save) (?:of|for) (?:the )?[A-Z].*|Save the [A-Z].*|\S+ [Ww]ithout [A-Z].*"
)
_NOBODY = re.compile(
    r"(?:do[\s-]?not[\s-]?reply|no[\s-]?reply|mailer[\s-]?daemon|postmaster|mail delivery|notifications?|info|admin"
    r"|webmaster|root|nobody|unknown|undisclosed)\b.*",
    re.IGNORECASE,
)
#: words of programs, devices and desks for customers or staff
_ACCOUNT = re.compile(
    r"\b(?:microsoft|outlook|exchange|sharepoint|onedrive|google|gmail|yahoo|icloud|apple|dropbox|zoom|webex|mailchimp"
    r"|wetransfer|docusign|linkedin|facebook|twitter|instagram|paypal|amazon|github|jira|trello|eventbrite"
    r"|scan(?:s|ner)?|scan[- ]?to[- ]?\w+|copier|photocopier|printer|fax|voicemail|xerox|ricoh|konica|kyocera|hp"
    r"|support|help ?desk|service ?desk|it desk|it services?|it support|it team|customer (?:services?|care)|billing"
    r"|invoices?|sales|accounts? (?:team|department|payable)|payroll|human resources|hr|recruitment|reception|mailbox"
    r"|mailing list|listserv|mailman|daemon|server|systems? (?:admin|alert|notification)\w*|no[- ]?reply"
    r"|do[- ]?not[- ]?reply"
    r"|auto[- ]?reply|notifications?|calendar|reminders?|robot|bot|quarantine|spam|backup|alerts service|test$"
    r"|user|guest|shared|inbox|out of office)\b",
    re.IGNORECASE,
)
_HONORIFIC = re.compile(
    r"(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|lord|lady|rev|cllr|councillor|frau|herr)\.?", re.IGNORECASE
)
_NAME_WORD = re.compile(r"(?!(?:and|for|the|of|und|et)\b)[^\W\d_][\w.'’-]*")
#: number of words in the name of a person
_MIN_NAME_WORDS, _MAX_NAME_WORDS = 2, 5
#: number of words in each part of "Roe, Jane"
_MAX_PART_WORDS = 3
#: words that follow a surname as they follow a place: "Jane Post" may be a person
_SURNAME = re.compile(
    r"\S+ (?:post|court|mercury|standard|bank|state|school|club|guardian|city|union|church)", re.IGNORECASE
)


def is_account(name: str) -> bool:
    """Tell whether a name is that of a program, a device or a desk for customers or staff."""
    return _NOBODY.fullmatch(name) is not None or _ACCOUNT.search(name) is not None


def is_organisation(name: str) -> bool:
    """Tell whether a name is clearly that of an organisation or outlet."""
    if _PRESS_OFFICE.fullmatch(name):
        return True
    words = name.split()
    if len(words) < _MIN_NAME_WORDS or is_account(name) or _GENERAL_NAME.fullmatch(name):
        return False
    if _POST.search(name) and not _BODY_OF_POST.fullmatch(name):
        return False
    if may_be_person(name):
        return False
    return _SIGN.search(name) is not None or _TITLE_OF_BODY.fullmatch(name) is not None


def may_be_person(name: str) -> bool:
    """Tell whether a name with a word for a body may be that of a person: "Tom Echo", "Jane Post", "Jane"."""
    words = name.split()
    if not 1 <= len(words) <= _MAX_PART_WORDS or _CLEAR_SIGN.search(name):
        return False
    is_name_start = _is_forename(words[0]) or _HONORIFIC.fullmatch(words[0]) is not None
    return is_name_start or _SURNAME.fullmatch(name) is not None


def is_person(name: str) -> bool:
    """Tell whether a name can be that of a person: two to five words without one for a body, a post or a program."""
    words = name.split()
    if not _MIN_NAME_WORDS <= len(words) <= _MAX_NAME_WORDS or _ORGANISATION.search(_drop_particles(name)):
        return False
    if is_account(name) or _POST.search(words[-1]) or _TITLE_OF_BODY.fullmatch(name):
        return False
    return words[0][:1].isupper() and words[-1][:1].isupper() and all(_NAME_WORD.fullmatch(word) for word in words)


def has_post(text: str) -> bool:
    """Tell whether a text names a post that people have ("Press Officer")."""
    return _POST.search(text) is not None


def has_forename(name: str) -> bool:
    """Tell whether a person's name has a forename that we know, an initial or a form of address."""
    words = name.replace(",", " ").split()
    is_marked = _HONORIFIC.fullmatch(words[0]) is not None or any(re.fullmatch(r"[^\W\d_]\.", word) for word in words)
    return (
        is_marked
        or any(_is_forename(part) for word in words[:-1] for part in word.split("-"))
        or ("," in name and _is_forename(words[-1]))
    )


def is_surname_first(surname: str, forenames: str) -> bool:
    """Tell whether the two parts around a comma are a person's surname and forenames."""
    parts = (surname, forenames)
    if any(not 1 <= len(part.split()) <= _MAX_PART_WORDS or _POST.search(part) for part in parts):
        return False
    is_two_words = len(surname.split()) > 1
    return is_person(f"{forenames} {surname}") and (not is_two_words or _is_forename(forenames.split()[0]))


def _drop_particles(name: str) -> str:
    """Drop the words inside a name that surnames start with: "Ana de la Roe"."""
    return re.sub(r"(?<=\s)(?:de|du|des|la|le)(?=\s)", "", name)


def _is_forename(word: str) -> bool:
    lowercase = word.lower()
    return lowercase in load_table("first_names") or lowercase in load_table("given_names")
