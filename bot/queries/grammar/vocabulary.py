"""The words that the grammar knows: prepositions, titles, words without meaning for a search, everyday surnames."""


def _list_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: words before a name that belong to no name
TITLES = _list_words(
    """mr mrs ms miss mx dr sir dame lord lady baron baroness senator sen president pm minister mp rep representative
    congressman congresswoman prof professor gov governor mayor chancellor secretary councillor cllr judge justice
    king queen prince princess pope prime deputy vice former"""
)
SPEECH_WORDS = frozenset(["told", "tells"]) | _list_words(
    "said says say saying spoken uttered stated states claimed claims claiming quoted quote quotes"
)
#: words that narrow nothing next to a phrase in quotation marks
FILLERS = SPEECH_WORDS | _list_words(
    """a an the who was is are did does do has have had been ever really actually please pls plz thanks thx cheers
    and or by of to it that this those these any all some with words word phrase find search show me us for
    what when where which from in on at about hi hello hey anyone just only also
    mention mentioned mentions containing contains attributed according as per first
    i think heard true whose source origin"""
)
COURTESIES = _list_words("please pls plz thanks thx")
#: what follows or precedes a speaker in text without marks: "Roe said that", "Roe's quotes", "according to Roe"
AFTER_SPEAKER = _list_words(
    "said says say saying stated claimed quotes quote quotations statements words mp mps msp mep mla phd md kc qc jr sr"
)
#: words that exclude what follows, which no search can
NEGATIONS = _list_words("not except excluding without but nor")
BEFORE_SPEAKER = (("according", "to"), ("attributed", "to"), ("spoken", "by"), ("said", "by"), ("quoted", "by"))
BEFORE_SPEAKER_WORDS = _list_words("said says quotes quote quotations statements")
#: words of a request for a briefing, before or after its topic
REQUEST_WORDS = _list_words(
    """briefing brief update updates news latest summary overview story the a an any on about of please re me us
    short full"""
)
SINCE_WORDS, UNTIL_WORDS = ("since", "from"), ("until", "till", "til", "through")
DURING_WORDS = ("on", "in", "during", "over", "within", "for", "at", "around")
SUBJECT_WORDS = ("about", "on", "regarding", "re", "concerning", "over", "of")
#: before an outlet that someone speaks to: "told the Tribune"
OUTLET_VERBS = ("told", "tell", "telling", "tells", "to")
OUTLET_WORDS = ("in", "from", "at", "via", "on")
ARTICLES = ("the", "this", "that", "our")
RANGE_WORDS = ("to", "until", "till", "and", "through", "-", "–", "—")
#: single words that are days without a preposition, wherever they are
RELATIVE_DAYS = _list_words("today yesterday tonight")
#: surnames that are everyday words; in lower case they are these words
WORDY_NAMES = _list_words(
    """price may will brown green white black young king long short hunt rose hart law page field bush rice power powers
    cash best bird bell ball banks bond brand burns carter church cook day dean fish ford fox gold good grant gray
    grey hall hill hope house hunter judge lamb land lane love major march marsh mason mayor miller moon moor
    noble park parks pope post prince reed rich rivers root sharp small smith speaker spring stone street summers
    swift taylor turner wall ward waters way wells west winter wise wolf wood woods wright said says"""
)
