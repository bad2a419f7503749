"""Sentence shapes for the generated news.

The slots N, V, A and O are a noun, a verb, an adjective and a place; S is a stock phrase.
"""

#: stock phrases, the most frequent first
STOCK = (
    "at the end of the day", "the people of this country", "in the coming days and weeks", "as a matter of urgency",
    "in the best interests of everyone", "for the first time in years", "one way or the other", "on the other hand",
    "time and time again", "to the best of my knowledge", "in the middle of the night", "sooner rather than later",
    "with all due respect", "as far as we know", "for better or for worse", "in no uncertain terms",
    "at this moment in time",
    "as soon as we can", "in the first half of the year", "from one end to the other", "at the top of the list",
    "when all is said and done", "in light of what we know", "on both sides of the house", "more often than not",
    "at the heart of the matter", "for a very long time", "by the end of next year", "in the face of it all",
    "up and down the country", "over the last few months", "until the very end", "in one form or another",
    "at the same time", "once and for all", "little by little", "against all the odds", "in the long run",
    "before it is too late", "whatever happens next",
)  # fmt: skip

#: clauses of quotes
CLAUSES = (
    "we are going to V the A N of the N", "I do not think that the N of O will V the N",
    "we have to V the A N , S", "there is no N for the A N in O", "they told us that the N would V the A N",
    "it is a A N and it will V every N in O", "nobody in O has ever V the A N like this", "S we will V the N",
    "I want to V the N of the A N", "the N is A and the N is not", "we will not V the N until the A N has been V",
    "if you V the N you V the A N", "this is about the A N of O , not about the N", "you cannot V a N with a A N",
    "we have been V by the N for the A N", "what we need is a A N and a N that can V", "S the N has to V",
    "it was the A N that V us all", "people in O are A of the N", "my N was V in front of the A N of O",
    "all of us want to see the N of the A N V", "I have never seen a N so A in my life", "let us V the N first",
    "the A N has V more than the N of O", "they should be A of the N they have V",
    "I said it then and I say it now , S",
    "the N and the N must V together", "we took the A N because the N did not V", "no A N can V the N of our O",
    "it would be A to V the N before the N", "S nobody will V the A N of O", "our N is with the A N and the N",
)  # fmt: skip

#: sentences between the quotes
NARRATION = (
    "the N of O will V the A N on Tuesday", "A A N was V near the N of O", "the N said on Monday that the A N would V",
    "more than a dozen N in O have V the N since the A N", "officials in O expect the N to V the A N next week",
    "the A N , which was V in O , had been a N for years", "a spokesman for the A N of O declined to V the N",
    "the N is the A of its kind in O", "it comes after the N of the A N V the N", "the A N was not V by the N of O",
    "the N has been A since the N in O", "a report by the N found that the A N had V", "the N V the A N at noon",
)  # fmt: skip
