"""The page in a real Chromium: links both ways, the filter, the keyboard, phone and laptop, light and dark, print.

The page is the snapshot of the html format, which tests/core/report keeps equal to what `render` gives.
"""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "core" / "report" / "snapshots" / "default.html"
TEACHERS_PAGE = PAGE.with_name("reveal.html")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LAPTOP, PHONE = (1366, 768), (360, 740)
# WCAG 2.2: contrast of text (1.4.3).
MIN_CONTRAST = 4.5

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser):
    contexts = []

    def opener(path=PAGE, size=LAPTOP, **options):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(path.as_uri())
        return page

    yield opener
    for context in contexts:
        context.close()


def is_in_view(page, selector):
    return page.eval_on_selector(
        selector,
        """one => { const box = one.getClientRects()[0];
                    const hit = document.elementFromPoint(box.left + Math.min(8, box.width / 2), box.top + 4);
                    return Boolean(hit) && (one.contains(hit) || hit.contains(one)); }""",
    )


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.dataset.refs || ''")


def run_of(page, words):
    return page.locator(".hl", has_text=words).first


# ---------------------------------------------------------------- links


def test_from_the_draft_to_the_feedback_and_back(open_page):
    page = open_page()
    run = run_of(page, "I shall judge it")
    run.click()
    number = run.get_attribute("data-refs")
    assert focused(page) == f"item-{number}"
    assert is_in_view(page, f"#item-{number}")
    assert page.locator(".item.is-current").count() == 1
    assert "is-current" in run.get_attribute("class")

    page.mouse.wheel(0, 4000)
    page.locator(".item .quotes a", has_text="Some say Aldo").click()
    run = run_of(page, "Some say Aldo")
    assert "is-current" in run.get_attribute("class")
    assert focused(page) == run.get_attribute("data-refs")
    assert is_in_view(page, '.hl[data-refs~="14"]')
    assert page.locator(".item.is-current").count() == 1


def test_words_of_two_items_lead_to_one_after_the_other(open_page):
    page = open_page()
    run = run_of(page, "Salt Guild")
    inner, outer = run.get_attribute("data-refs").split()[:2]
    run.click()
    assert page.locator(".item.is-current").get_attribute("data-part") == "evidence"
    assert focused(page) == f"item-{inner}"
    run.click()
    assert page.locator(".item.is-current").get_attribute("data-part") == "similarities"
    assert focused(page) == f"item-{outer}"


def test_a_quotation_in_a_message_leads_to_the_draft(open_page):
    page = open_page()
    page.locator(".steps .own").first.click()
    current = page.locator(".draft .is-current").all_inner_texts()
    assert "Ilse pledged the" in "".join(current)
    assert is_in_view(page, ".draft .is-current")


def test_every_mention_of_an_item_can_be_reached(open_page):
    page = open_page()
    for place in (1, 2, 3):
        page.locator(f'.item[data-part="evidence"] a[data-place="{place}"]').first.click()
        assert is_in_view(page, ".draft .is-current:focus")


def test_the_keyboard_does_it_all(open_page):
    page = open_page()
    page.locator("#draft").focus()
    page.keyboard.press("Tab")
    first = focused(page)
    assert page.evaluate("document.activeElement.matches('.hl')")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert focused(page) == f"item-{first}"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page) == first
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.quotes a')")
    assert page.locator(".is-current").count() == 0


def test_each_highlight_is_one_stop(open_page):
    page = open_page()
    stops = page.locator('.hl:not([tabindex="-1"])').count()
    # Fifteen items; the guild is mentioned three times and the judgement made twice.
    assert stops == 15 + 2 + 1


def test_the_skip_link(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page) == "feedback"


# ---------------------------------------------------------------- filter


def test_the_filter_shows_one_part(open_page):
    page = open_page()
    tile = page.locator('[data-filter="similarities"]')
    tile.click()
    assert tile.get_attribute("aria-pressed") == "true"
    assert page.locator(".part:visible h3").all_inner_texts() == ["Similarities 1 of 3"]
    assert {one.get_attribute("data-part") for one in page.locator(".said:visible").all()} == {"similarities"}
    assert page.locator("#live").inner_text() == "Showing Similarities only."
    seen = page.locator(".hl:not(.is-off)")
    assert {one.get_attribute("data-part") for one in seen.all()} == {"similarities"}
    assert "Salt Guild" in "".join(seen.all_inner_texts())

    run_of(page, "Long Council").click(force=True)
    assert page.locator(".item.is-current").count() == 0

    tile.click()
    assert page.locator(".part:visible").count() == 5
    assert page.locator(".hl.is-off").count() == 0
    assert run_of(page, "Salt Guild").get_attribute("data-part") == "evidence"


def test_a_part_without_praise_or_steps_has_no_empty_heading(open_page):
    page = open_page()
    page.locator('[data-filter="criteria"]').click()
    assert page.locator("section[data-group]:visible").count() == 0
    page.locator('[data-filter=""]').click()
    assert page.locator("section[data-group]:visible").count() == 2


# ---------------------------------------------------------------- sizes


@pytest.mark.parametrize("path", [PAGE, TEACHERS_PAGE], ids=["student", "teacher"])
@pytest.mark.parametrize("width", [320, 360, 600, 900, 1366])
def test_nothing_scrolls_sideways(open_page, width, path):
    page = open_page(path, size=(width, 740))
    for view in ("feedback", "draft"):
        button = page.locator(f'.tabs [data-view="{view}"]')
        if button.is_visible():
            button.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_phone_shows_one_column_at_a_time(open_page):
    page = open_page(size=PHONE, has_touch=True, is_mobile=True)
    assert page.locator("#feedback").is_visible()
    assert not page.locator("#draft").is_visible()
    page.locator('[data-view="draft"]').tap()
    assert page.locator("#draft").is_visible()
    run_of(page, "Some say Aldo").tap()
    assert page.locator("#feedback").is_visible()
    assert is_in_view(page, ".item.is-current")
    page.locator(".item.is-current .quotes a").tap()
    assert page.locator("#draft").is_visible()
    assert is_in_view(page, ".draft .is-current")


def test_a_laptop_shows_both_columns(open_page):
    page = open_page()
    draft, feedback = (page.locator(f"#{name}").bounding_box() for name in ("draft", "feedback"))
    assert draft["x"] + draft["width"] <= feedback["x"]
    assert not page.locator(".tabs").is_visible()


# ---------------------------------------------------------------- light, dark, print

COLOURS = """selector => {
  const channels = colour => colour.match(/[\\d.]+/g).map(Number);
  const ground = one => { for (; one; one = one.parentElement) {
    const [r, g, b, a = 1] = channels(getComputedStyle(one).backgroundColor);
    if (a > 0.5) return [r, g, b]; } return [255, 255, 255]; };
  return Array.from(document.querySelectorAll(selector)).filter(one => one.offsetParent)
    .map(one => [channels(getComputedStyle(one).color).slice(0, 3), ground(one)]); }"""


def luminance(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(open_page, scheme):
    page = open_page(TEACHERS_PAGE, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    pairs = page.evaluate(
        COLOURS, "h1, h2, h3, p, li, a, button, .name, .value, .summary, .num, .word, .tag, .id, dt, dd"
    )
    assert len(pairs) > 100
    assert min(contrast(*pair) for pair in pairs) >= MIN_CONTRAST


def test_dark_is_dark(open_page):
    grounds = {}
    for scheme in ("light", "dark"):
        page = open_page(color_scheme=scheme)
        grounds[scheme] = [luminance(ground) for _, ground in page.evaluate(COLOURS, "h1, .paper p, .tile")]
    assert max(grounds["dark"]) < 0.05 < 0.8 < min(grounds["light"])


def test_parts_differ_in_more_than_colour(open_page):
    page = open_page()
    looks = {
        part: page.eval_on_selector(
            f'.hl[data-part="{part}"][data-state="there"]',
            "one => { const s = getComputedStyle(one); return s.textDecorationStyle + s.textDecorationThickness; }",
        )
        for part in ("judgement", "criteria", "similarities", "differences", "evidence")
    }
    assert len(set(looks.values())) == 5


def test_print_shows_both_and_no_buttons(open_page):
    page = open_page(size=PHONE)
    page.emulate_media(media="print")
    assert page.locator("#draft").is_visible()
    assert page.locator("#feedback").is_visible()
    assert page.locator(".overview").is_visible()
    assert page.locator("button:visible").count() == 0
    assert len(page.pdf()) > 10_000


# ---------------------------------------------------------------- safety


def test_no_request_and_no_complaint(open_page):
    page = open_page()
    run_of(page, "Long Council").click()
    page.locator('[data-filter="evidence"]').click()
    assert [url for url in page.asked if not url.startswith("data:")] == [PAGE.as_uri()]
    assert page.said == []


def test_the_page_could_not_fetch_anything_if_it_tried(open_page):
    page = open_page()
    refused = page.evaluate(
        """() => new Promise(resolve => {
             const seen = [];
             document.addEventListener("securitypolicyviolation", event => {
               seen.push(event.effectiveDirective);
               if (seen.length === 3) resolve(seen.sort()); });
             const image = document.createElement("img"); image.src = "https://example.invalid/a.png";
             const script = document.createElement("script"); script.textContent = "window.broken = true";
             document.body.append(image, script);
             fetch("https://example.invalid/").catch(() => {});
             setTimeout(() => resolve(seen.sort()), 3000); })"""
    )
    assert refused == ["connect-src", "img-src", "script-src-elem"]
    assert page.evaluate("window.broken") is None


def test_markup_in_the_draft_is_text(open_page):
    page = open_page()
    assert "<b>no salt, no soldiers</b>" in page.locator(".paper").inner_text()


def test_without_scripts_everything_is_there_and_links_work(open_page):
    page = open_page(size=PHONE, java_script_enabled=False)
    assert page.locator("#draft").is_visible()
    assert page.locator("#feedback").is_visible()
    run_of(page, "Some say Aldo").click()
    assert page.url.endswith("#item-14")


def test_headings_go_down_one_step_at_a_time(open_page):
    page = open_page(TEACHERS_PAGE)
    levels = [int(tag[1]) for tag in page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(one => one.tagName)")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_everything_to_press_has_a_name(open_page):
    page = open_page(TEACHERS_PAGE)
    names = page.eval_on_selector_all("button, a, summary", "all => all.map(one => one.textContent.trim())")
    assert all(names)
    assert page.get_by_role("button", name="Similarities 1 of 3").count() == 1
    assert page.get_by_role("region", name="The draft").count() == 1
