"""Names of time zones as people type them: countries, cities without a zone of their own, and abbreviations. Pure data.

Rule: a name is listed only if it means one zone to (nearly) everyone who types it. AMBIGUOUS lists names that do not,
with the zones to choose from.
"""

_EASTERN, _CENTRAL, _MOUNTAIN, _PACIFIC = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
)
_LONDON, _INDIA, _CENTRAL_EUROPE = "Europe/London", "Asia/Kolkata", "Europe/Paris"

#: IANA names by the other name, in lower case, without "time" at its end
ALIASES = {
    "utc": "UTC",
    "gmt": "UTC",
    "etc/utc": "UTC",
    "coordinated universal": "UTC",
    "greenwich mean": "UTC",
    # the United States
    **dict.fromkeys(("et", "eastern", "us eastern", "us/eastern", "us east coast", "east coast"), _EASTERN),
    **dict.fromkeys(("nyc", "ny", "new york city", "manhattan", "brooklyn"), _EASTERN),
    **dict.fromkeys(("boston", "washington dc", "washington d.c.", "dc", "miami", "atlanta", "philadelphia"), _EASTERN),
    **dict.fromkeys(("ct", "central", "us central", "houston", "dallas", "austin", "new orleans"), _CENTRAL),
    **dict.fromkeys(("mt", "mountain", "us mountain", "salt lake city"), _MOUNTAIN),
    **dict.fromkeys(("pt", "pacific", "us pacific", "us west coast", "west coast"), _PACIFIC),
    **dict.fromkeys(("la", "sf", "san francisco", "seattle", "san diego", "las vegas", "silicon valley"), _PACIFIC),
    "hst": "Pacific/Honolulu",
    "hawaii": "Pacific/Honolulu",
    "alaska": "America/Anchorage",
    "arizona": "America/Phoenix",
    # Canada
    **dict.fromkeys(("ottawa", "montreal", "quebec"), "America/Toronto"),
    "calgary": "America/Edmonton",
    "newfoundland": "America/St_Johns",
    # the United Kingdom and Ireland; BST is also the time of Bangladesh, but its users write Dhaka
    **dict.fromkeys(("uk", "u.k.", "gb", "britain", "great britain", "united kingdom", "british", "england"), _LONDON),
    **dict.fromkeys(("scotland", "wales", "northern ireland", "edinburgh", "glasgow", "cardiff", "belfast"), _LONDON),
    **dict.fromkeys(("manchester", "liverpool", "leeds", "westminster", "bst", "british summer"), _LONDON),
    "ireland": "Europe/Dublin",
    "irish": "Europe/Dublin",
    # the continent of Europe
    **dict.fromkeys(("cet", "cest", "central european", "central european summer", "france"), _CENTRAL_EUROPE),
    **dict.fromkeys(("lyon", "marseille", "strasbourg", "french"), _CENTRAL_EUROPE),
    **dict.fromkeys(("germany", "german", "munich", "hamburg", "frankfurt", "cologne", "bonn"), "Europe/Berlin"),
    **dict.fromkeys(("italy", "milan", "naples", "turin"), "Europe/Rome"),
    **dict.fromkeys(("switzerland", "geneva", "bern", "basel"), "Europe/Zurich"),
    **dict.fromkeys(("netherlands", "the hague", "hague", "rotterdam"), "Europe/Amsterdam"),
    **dict.fromkeys(("belgium",), "Europe/Brussels"),
    **dict.fromkeys(("austria",), "Europe/Vienna"),
    **dict.fromkeys(("barcelona", "seville"), "Europe/Madrid"),
    **dict.fromkeys(("sweden", "gothenburg"), "Europe/Stockholm"),
    **dict.fromkeys(("norway",), "Europe/Oslo"),
    **dict.fromkeys(("finland",), "Europe/Helsinki"),
    **dict.fromkeys(("greece",), "Europe/Athens"),
    **dict.fromkeys(("czechia", "czech republic"), "Europe/Prague"),
    **dict.fromkeys(("hungary",), "Europe/Budapest"),
    **dict.fromkeys(("romania",), "Europe/Bucharest"),
    **dict.fromkeys(("ukraine", "kyiv", "kiev"), "Europe/Kiev"),
    **dict.fromkeys(("krakow", "gdansk"), "Europe/Warsaw"),
    **dict.fromkeys(("ankara",), "Europe/Istanbul"),
    **dict.fromkeys(("msk", "saint petersburg", "st petersburg", "st. petersburg"), "Europe/Moscow"),
    # Asia
    **dict.fromkeys(("india", "indian", "delhi", "new delhi", "mumbai", "bombay", "bangalore", "bengaluru"), _INDIA),
    **dict.fromkeys(("chennai", "madras", "hyderabad", "pune", "ahmedabad"), _INDIA),
    **dict.fromkeys(("pakistan", "islamabad", "lahore", "pkt"), "Asia/Karachi"),
    **dict.fromkeys(("bangladesh",), "Asia/Dhaka"),
    **dict.fromkeys(("nepal",), "Asia/Kathmandu"),
    **dict.fromkeys(("sri lanka",), "Asia/Colombo"),
    **dict.fromkeys(("uae", "abu dhabi"), "Asia/Dubai"),
    **dict.fromkeys(("saudi arabia", "jeddah", "mecca"), "Asia/Riyadh"),
    **dict.fromkeys(("tel aviv",), "Asia/Jerusalem"),
    **dict.fromkeys(("china", "beijing", "shenzhen", "guangzhou"), "Asia/Shanghai"),
    **dict.fromkeys(("hkt",), "Asia/Hong_Kong"),
    **dict.fromkeys(("taiwan",), "Asia/Taipei"),
    **dict.fromkeys(("jst", "osaka", "kyoto"), "Asia/Tokyo"),
    **dict.fromkeys(("kst", "south korea", "korea"), "Asia/Seoul"),
    **dict.fromkeys(("sgt",), "Asia/Singapore"),
    **dict.fromkeys(("vietnam", "hanoi"), "Asia/Ho_Chi_Minh"),
    **dict.fromkeys(("thailand",), "Asia/Bangkok"),
    **dict.fromkeys(("philippines",), "Asia/Manila"),
    # Africa
    **dict.fromkeys(("south africa", "cape town", "pretoria", "durban", "sast"), "Africa/Johannesburg"),
    **dict.fromkeys(("kenya", "eat"), "Africa/Nairobi"),
    **dict.fromkeys(("nigeria", "abuja", "wat"), "Africa/Lagos"),
    # Latin America
    **dict.fromkeys(("rio", "rio de janeiro", "brasilia", "brt"), "America/Sao_Paulo"),
    **dict.fromkeys(("argentina",), "America/Argentina/Buenos_Aires"),
    **dict.fromkeys(("colombia",), "America/Bogota"),
    **dict.fromkeys(("peru",), "America/Lima"),
    # Australia and New Zealand
    **dict.fromkeys(("canberra",), "Australia/Sydney"),
    **dict.fromkeys(("new zealand", "wellington", "nzst", "nzdt", "nzt"), "Pacific/Auckland"),
}

#: names that mean several zones, with the zones to choose from
AMBIGUOUS = {
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "cst": ("America/Chicago", "Asia/Shanghai", "America/Havana"),
    "ast": ("America/Halifax", "Asia/Riyadh"),
    "gst": ("Asia/Dubai", "Atlantic/South_Georgia"),
    "aet": ("Australia/Sydney", "Australia/Brisbane"),
    "aest": ("Australia/Sydney", "Australia/Brisbane"),
    "eet": ("Europe/Athens", "Europe/Helsinki", "Africa/Cairo"),
    "eest": ("Europe/Athens", "Europe/Helsinki", "Africa/Cairo"),
    "us": ("America/New_York", "America/Chicago", "America/Los_Angeles"),
    "usa": ("America/New_York", "America/Chicago", "America/Los_Angeles"),
    "canada": ("America/Toronto", "America/Winnipeg", "America/Vancouver"),
    "australia": ("Australia/Sydney", "Australia/Brisbane", "Australia/Perth"),
    "brazil": ("America/Sao_Paulo", "America/Manaus"),
    "mexico": ("America/Mexico_City", "America/Tijuana"),
    "russia": ("Europe/Moscow", "Asia/Vladivostok"),
    "indonesia": ("Asia/Jakarta", "Asia/Makassar"),
    "spain": ("Europe/Madrid", "Atlantic/Canary"),
    "washington": ("America/New_York", "America/Los_Angeles"),
    "europe": ("Europe/London", "Europe/Paris", "Europe/Athens"),
}

#: standard and summer abbreviations of one half of the year, with the name that is right all year
HALF_YEAR = {
    **dict.fromkeys(("est", "edt"), "ET"),
    "cdt": "CT",
    **dict.fromkeys(("mst", "mdt"), "MT"),
    **dict.fromkeys(("pst", "pdt"), "PT"),
}
#: how a user names the zone of their own profile, without "time" at its end
OWN_ZONE_NAMES = frozenset({"my", "my own", "our", "local", "my local", "here", "own", "slack", "my slack"})
