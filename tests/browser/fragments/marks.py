"""Tell which characters of a page Chromium marks for a text fragment.

Rule: the marked range is not readable by scripts. The page draws marked words as blocks of one colour, and the
screenshot's pixel at the centre of every character tells whether it is in such a block.
"""

import base64

from playwright.async_api import Page

_STYLE = "<meta charset='utf-8'><style>::target-text { background: #f0f; color: #f0f }</style>"
#: non-blank characters of the page in order, each with its centre, or null if it is not drawn
_FIND_CHARACTERS = """() => {
  const characters = [], range = document.createRange();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();)
    for (let index = 0; index < node.data.length; index++) {
      if (!node.data[index].trim()) continue;
      range.setStart(node, index); range.setEnd(node, index + 1);
      const box = range.getBoundingClientRect();
      characters.push(box.width && box.height
        ? [Math.floor(box.x + box.width / 2 + scrollX), Math.floor(box.y + box.height / 2 + scrollY)] : null);
    }
  return characters;
}"""
_READ_PIXELS = """async ([png, points]) => {
  const image = new Image();
  image.src = "data:image/png;base64," + png;
  await image.decode();
  const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, image.width, image.height).data;
  return points.map(point => {
    const start = point && (point[1] * image.width + point[0]) * 4;
    return point !== null && pixels[start] > 200 && pixels[start + 1] < 60 && pixels[start + 2] > 200;
  });
}"""


class MarkReader:
    """Opens pages in one tab, and reads their screenshots in another."""

    def __init__(self, page: Page, pixel_page: Page) -> None:
        self._page = page
        self._pixel_page = pixel_page

    async def find_marked(self, html: str, link: str) -> list[bool]:
        """Open `html` at `link`, and return for each of its non-blank characters whether it is marked."""
        await self._page.goto("about:blank")  # the same address with another fragment would not load the page again
        await self._page.route("**/*", lambda route: route.fulfill(content_type="text/html", body=f"{_STYLE}{html}"))
        await self._page.goto(link)
        png = base64.b64encode(await self._page.screenshot(full_page=True)).decode()
        characters = await self._page.evaluate(_FIND_CHARACTERS)
        await self._page.unroute_all()
        marked: list[bool] = await self._pixel_page.evaluate(_READ_PIXELS, [png, characters])
        return marked
