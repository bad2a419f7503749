"""The steps whose cost depends on what a stranger wrote: parsing an article, analysing it, parsing a draft.

Rule: a step depends on its argument only, so it can run in any process.
"""

from typing import TYPE_CHECKING

from briefings import compose
from briefings.article import parse_article
from briefings.model import Article

if TYPE_CHECKING:
    from briefings.attribution.analysis import Analysis
    from briefings.compose.draft_check.draft_parser import ParsedDraft


class Steps:
    """The steps, run in this process. A subclass runs them elsewhere."""

    def parse_article(self, raw_article: Article) -> Article:
        """Return the article with the metadata and the boilerplate of its text."""
        return parse_article(raw_article)

    def analyse(self, article: Article) -> "Analysis":
        """Return the quotes and names of a parsed article."""
        from briefings.attribution.analysis import analyse  # slow to import, and answers do not need it

        return analyse(article)

    def parse_draft(self, draft: str) -> "ParsedDraft":
        """Return the quotations of a draft, and what is not one. Raises BadInput."""
        return compose.parse_draft(draft)


def run_step(name: str, argument: object) -> object:
    """Run the step with a name; the function of the processes of `processes`."""
    step = getattr(Steps(), name)
    return step(argument)
